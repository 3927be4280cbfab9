"""The main job as a Prefect flow: land, read, judge, build, check, assemble, publish."""

from __future__ import annotations

from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from flows import steps
from flows.documents import cache, spread
from flows.steps import Run

_task: dict[str, Any] = {"cache_policy": NO_CACHE, "log_prints": False, "persist_result": False}


@task(name="read", task_run_name="read {count} documents", **_task)
def read_documents(run: Run, count: int) -> None:
    """Read every document that the cache does not have."""
    if not run.results:
        steps.read_ahead(run)
    with run.timed("read"):
        cache.sweep(run.home, {cache.key(d, run.reading) for d in run.documents})


@task(name="judge", **_task)
def judge_cells(run: Run) -> None:
    """Identities, plausibility, corrections, quarantine."""
    steps.judge_cells(run)


@task(name="build", **_task)
def build_marts(run: Run) -> None:
    """The marts from sql/, as Parquet and into the database."""
    steps.build(run)


@task(name="check", **_task)
def check_marts(run: Run) -> None:
    """What Great Expectations says of every mart."""
    steps.check(run)


@task(name="assemble", **_task)
def assemble_candidate(run: Run) -> None:
    """Findings, manifest, report, change notes, database."""
    steps.assemble(run)


@task(name="publish", **_task)
def publish_candidate(run: Run) -> None:
    """Publish, hold or reject."""
    steps.publish(run)


def refresh_run(run: Run) -> dict[str, Any]:
    """Everything after landing as a flow, for a run that holds the home's lock. The flow has no parameters: Prefect
    sends them to its server, which refuses those of some hundred documents as too large."""

    @flow(name="highlands-refresh")
    def refresh() -> dict[str, Any]:
        return run_tasks(run)

    return refresh()


def run_tasks(run: Run) -> dict[str, Any]:
    """Everything after landing, inside whatever flow is under way."""
    if spread.configured():
        spread.read(run)
    read_documents(run, len(run.documents))
    if spread.configured():
        spread.judge(run)
    judge_cells(run)
    build_marts(run)
    check_marts(run)
    assemble_candidate(run)
    publish_candidate(run)
    said = steps.summary(run)
    create_markdown_artifact(markdown(said), key="refresh", description="What a refresh did")
    return said


def markdown(said: dict[str, Any]) -> str:
    """The summary as an artifact shows it."""
    lines = [f"# {said['outcome']}", "", f"release `{said['release']}` candidate `{said['candidate']}`", ""]
    lines += [f"- {reason}" for reason in said["reasons"]]
    lines += ["", "| | |", "|---|---|"]
    for group in ("documents", "findings", "changes", "seconds"):
        lines += [f"| {group} {name} | {number} |" for name, number in said[group].items()]
    return "\n".join(lines)
