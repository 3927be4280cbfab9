"""Marts built from sql/, written as Parquet, DuckDB, SDMX and a data package."""
