"""A refresh from the command line: what has to happen before Prefect is needed, and everything slow side by side.

Prefect's server and Great Expectations start in processes of their own, and the documents are read meanwhile;
"nothing new" is answered before any of them starts.
"""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from flows import beginning
from flows.documents import given
from flows.home import candidates, lock, releases
from flows.home.folder import Home
from flows.processes.collector import uncollected
from flows.processes.server import Server, server
from flows.run import Run
from flows.showing import show
from flows.summary import summary
from flows.validation import checking

IMPORTED_LATE = ("prefect.flow_engine", "prefect.task_engine", "graphviz")
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
    *,
    raw: bool,
    inbox: bool,
    wait: float,
    table: str | None = None,
    year: int | None = None,
    quiet: bool = False,
) -> dict[str, Any]:
    """Land, and unless nothing is new, run the flow. Returns the summary of flows.summary.summary. Raises before
    anything is touched: FileNotFoundError when a path is not there, DeclarationError when `table` and `year` say
    nothing of the paths; Busy when the home stays held."""
    given.require(paths)
    said = beginning.declared(paths, table, year)
    run = Run(home)
    with lock.exclusive(home, wait), ExitStack() as stack:
        candidates.sweep(home)
        # the first release of a home is made of whatever there is: its server can start at once
        first = stack.enter_context(_prepared_server(home)) if releases.current(home) is None else None
        beginning.land(run, paths, said, beginning.usual(raw, inbox and not paths))
        if beginning.is_unchanged(run):
            return summary(run)
        with show.progress(run, quiet):
            return _flow(run, first or stack.enter_context(_prepared_server(home)))


def _prepared_server(home: Home) -> AbstractContextManager[Server]:
    prepare(home)
    return server(home)


def _flow(run: Run, api: Server) -> dict[str, Any]:
    run.starting = int(api.process is not None)
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
        with _without_heartbeats() if api.process else nullcontext():
            return refresh_run(run)
    finally:
        run.close()


@contextmanager
def _without_heartbeats() -> Iterator[None]:
    """Nobody asks a server of our own whether a run is alive; and Prefect waits for up to a second at the end of a flow
    until the thread that would tell looks up."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


def prepare(home: Home) -> None:
    """Prefect's settings, before its first import: its files inside the home, quiet, no telemetry."""
    defaults = {"PREFECT_HOME": str(home.prefect), **SETTINGS}
    os.environ.update({key: value for key, value in defaults.items() if key not in os.environ})
    for name in ("prefect", "great_expectations"):
        logging.getLogger(name).setLevel(logging.ERROR)
