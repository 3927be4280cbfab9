"""Processes beside this one: Prefect's server, Great Expectations."""
