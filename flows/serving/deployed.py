"""The refresh that Prefect starts by itself: on its schedule, for an inbox, or from a form in the UI.

Its final state says the outcome: Published, Unchanged and Held are completed runs, Rejected is a failed one.
Failures of the machine are tried again, and a run that died is begun again from landing; the home's lock and its
releases, named for their content, see to it that nothing is published twice.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import deployment, flow_run
from prefect.states import Completed, Failed, State

from flows import beginning, steps
from flows.home import candidates, lock
from flows.home.durable import HomeError
from flows.home.folder import Home
from flows.refresh import markdown, run_tasks
from flows.serving import announcing, reviving, schedule, surroundings, watching
from flows.serving.telling import bullets, links
from flows.steps import Run

MACHINE = (HomeError, lock.Busy, OSError, MemoryError)
"""What may go away by itself. A path that is not there, a damaged release or an error in the code will not."""
STATES = {"published": "Published", "unchanged": "Unchanged", "held": "Held", "rejected": "Rejected"}
DECLARED = schedule.declared()
PATIENCE = 20
"""How many settling times a run waits for files that are still being written."""


def is_machine(error: Any) -> bool:
    """Whether an exception is one that trying again may cure."""
    return isinstance(error, MACHINE) and not isinstance(error, FileNotFoundError)


def _may_retry(task: Any, run: Any, state: State[Any]) -> bool:
    return is_machine(state.data) or is_machine(getattr(state.data, "result", None))


def _name() -> str:
    """A run by what started it and when it was due: `scheduled 2026-01-05 06:30`."""
    due = flow_run.scheduled_start_time
    return f"{deployment.name or 'refresh'} {due:%Y-%m-%d %H:%M}" if due else "refresh"


@flow(name="highlands", flow_run_name=_name, timeout_seconds=4 * 3600)
def refresh(
    paths: list[str] | None = None,
    raw: bool = True,
    inbox: bool = True,
    table: str | None = None,
    year: int | None = None,
    home: str | None = None,
) -> State[Any]:
    """Land what is there, and unless nothing is new: read, judge, build, check, assemble, publish.

    Args:
        paths: Files or folders to read besides; on the worker's machine.
        raw: Also read the committed data/raw.
        inbox: Also read the complete files of the inbox.
        table: The table that the given files are, where they don't say so.
        year: The data year that the given files are of.
        home: The home to work on; that of the worker when left out.
    """
    where = surroundings.home(home)
    most = DECLARED["retries"]["begun_at_most"]
    if (flow_run.run_count or 1) > most:
        return Failed(message=f"given up: this run was begun {most} times and its process died each time")
    found = [Path(path) for path in paths or []]
    with reviving.alive(where, flow_run.id):
        try:
            announcing.begin(where)
            said = beginning.declared(found, table, year)
            more = [*beginning.usual(raw, inbox=False), *(_inbox() if inbox else [])]
            did = attempt(where, found, said, more)
            _artifacts(where, did)
            announcing.announce(where)
        except Exception as error:
            announcing.failed(where, error)
            raise
    return outcome(did)


def _inbox() -> list[Path]:
    settle = DECLARED["watch"]["settle_seconds"]
    return watching.settled(surroundings.inbox(), settle, PATIENCE * settle)


@task(
    name="refresh",
    retries=len(DECLARED["retries"]["delays_seconds"]),
    retry_delay_seconds=DECLARED["retries"]["delays_seconds"],
    retry_condition_fn=_may_retry,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def attempt(home: Home, found: list[Path], said: dict[str, Any] | None, usual: list[Path]) -> dict[str, Any]:
    """One try, from landing to publishing. Returns the summary of flows.steps.summary."""
    run = Run(home)
    log = get_run_logger()
    with lock.exclusive(home, 600):
        for done in candidates.sweep(home):
            log.info("after a run that died: %s", done)
        beginning.land(run, found, said, usual)
        new = sum(document.new for document in run.given)
        log.info("%s documents, %s of them new to this home", len(run.documents), new)
        if steps.is_unchanged(run):
            return steps.summary(run)
        try:
            return run_tasks(run)
        finally:
            run.close()


def outcome(said: dict[str, Any]) -> State[Any]:
    """The final state of a run: named for the outcome, with the reasons."""
    name = STATES[said["outcome"]]
    made = f"{said['release'] or said['candidate'] or 'no release'}"
    message = "\n".join([made, bullets(said["reasons"])]).strip()
    if said["outcome"] == "rejected":
        return Failed(name=name, message=message)
    return Completed(name=name, message=message)


def _artifacts(home: Home, said: dict[str, Any]) -> None:
    """The run's table and links, on its page and under Artifacts."""
    where = {
        "held": home.candidates / str(said["candidate"]),
        "rejected": home.path / "rejected",
    }.get(said["outcome"], home.releases / str(said["release"]))
    found = links(home, where)
    lines = [f"- {name}: {address}" for name, address in found.items()]
    table = "\n".join([markdown(said), "", *lines])
    create_markdown_artifact(markdown=table, key="summary", description=f"{said['outcome']}: what a refresh did")
    for name, address in found.items():
        create_link_artifact(address, link_text=name, key=name.replace("_", "-"), description="of the last refresh")
