"""Running unattended: deployments, schedule, inbox watch, approvals and messages in Prefect."""
