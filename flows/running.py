"""A refresh from the command line: what has to happen before Prefect is needed, and everything slow side by side.

Prefect's server and Great Expectations start in processes of their own, and the documents are read meanwhile;
"nothing new" is answered before any of them starts.
"""

from __future__ import annotations

import importlib
import logging
import os
from pathlib import Path
from typing import Any

from flows import beginning
from flows.home import candidates, lock
from flows.home.folder import Home
from flows.processes.collector import uncollected
from flows.processes.server import server
from flows.run import Run
from flows.showing import show
from flows.summary import summary
from flows.validation import checking

IMPORTED_LATE = ("prefect.flow_engine", "prefect.task_engine", "fastapi.encoders", "graphviz")
"""What Prefect imports when a flow begins; the time until its server answers is free."""
SETTINGS = {
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_ROOT_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_CLI_PROMPT": "false",
    "DO_NOT_TRACK": "1",
}


def run_refresh(
    home: Home,
    paths: list[Path],
    declared: dict[str, Any] | None,
    *,
    raw: bool,
    inbox: bool,
    wait: float,
    quiet: bool = False,
) -> dict[str, Any]:
    """Land, and unless nothing is new, run the flow. Returns the summary of flows.summary.summary. Raises
    FileNotFoundError before anything is touched when a path is not there; Busy when the home stays held."""
    found = beginning.sources(paths, raw, inbox)
    missing = [path for path in found if not os.path.lexists(path)]
    if missing:
        raise FileNotFoundError(f"no such file or folder: {missing[0]}")
    run = Run(home)
    with lock.exclusive(home, wait):
        candidates.sweep(home)
        beginning.land(run, found, declared)
        if beginning.is_unchanged(run):
            return summary(run)
        with show.progress(run, quiet):
            return _flow(run)


def _flow(run: Run) -> dict[str, Any]:
    prepare(run.home)
    with server(run.home) as api:
        with uncollected():
            from flows import steps

        if not os.environ.get("HIGHLANDS_TASK_RUNNER"):
            steps.read_ahead(run)  # otherwise it is the task runner's work: flows/documents/spread.py
        checking.start()
        with run.timed("start"):
            with uncollected():
                from flows.refresh import refresh_run

                for late in IMPORTED_LATE:
                    importlib.import_module(late)
            api.ready()
        try:
            return refresh_run(run)
        finally:
            run.close()


def prepare(home: Home) -> None:
    """Prefect's settings, before its first import: its files inside the home, quiet, no telemetry."""
    defaults = {"PREFECT_HOME": str(home.prefect), **SETTINGS}
    os.environ.update({key: value for key, value in defaults.items() if key not in os.environ})
    for name in ("prefect", "great_expectations"):
        logging.getLogger(name).setLevel(logging.ERROR)
