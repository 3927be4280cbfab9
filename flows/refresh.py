"""The main job as a Prefect flow: land, read, judge, build, check, assemble, publish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from flows import cache, candidates, lock, steps
from flows.home import Home
from flows.steps import Run

_task = {"cache_policy": NO_CACHE, "log_prints": False, "persist_result": False}


@task(name="read", task_run_name="read {count} documents", **_task)
def read_documents(run: Run, count: int) -> None:
    """Read every document that the cache does not have."""
    if not run.results:
        steps.read_ahead(run)
    with run.timed("read"):
        cache.sweep(run.home, {cache.key(d.sha256, d.declared, run.reading) for d in run.documents})


@task(name="judge", **_task)
def judge_cells(run: Run) -> None:
    """Identities, plausibility, corrections, quarantine."""
    steps.judge_cells(run)


@task(name="build", **_task)
def build_marts(run: Run) -> None:
    """The marts, in memory, from sql/."""
    steps.build(run)


@task(name="check", **_task)
def check_marts(run: Run) -> None:
    """Great Expectations on every mart."""
    steps.check(run)


@task(name="assemble", **_task)
def assemble_candidate(run: Run) -> None:
    """Parquet, database, report, change notes."""
    steps.assemble(run)


@task(name="publish", **_task)
def publish_candidate(run: Run) -> None:
    """Publish, hold or reject."""
    steps.publish(run)


@flow(name="highlands-refresh", validate_parameters=False)
def refresh_run(run: Run) -> dict[str, Any]:
    """Everything after landing, for a run that holds the home's lock."""
    read_documents(run, len(run.documents))
    judge_cells(run)
    build_marts(run)
    check_marts(run)
    assemble_candidate(run)
    publish_candidate(run)
    said = steps.summary(run)
    create_markdown_artifact(markdown(said), key="refresh", description="What a refresh did")
    return said


@flow(name="highlands", log_prints=False)
def refresh(
    home: str, paths: list[str] | None = None, raw: bool = True, inbox: bool = True,
    table: str | None = None, year: int | None = None, wait: float = 600,
) -> dict[str, Any]:
    """The whole job for a schedule: the same steps, started by a Prefect deployment."""
    run = Run(Home(home))
    with lock.exclusive(run.home, wait):
        candidates.sweep(run.home)
        declared = {"table": table, "year": year} if table else None
        steps.land(run, steps.sources([Path(p) for p in paths or []], raw, inbox), declared)
        return steps.summary(run) if steps.is_unchanged(run) else refresh_run(run)


def markdown(said: dict[str, Any]) -> str:
    """The summary as an artifact shows it."""
    lines = [f"# {said['outcome']}", "", f"release `{said['release']}` candidate `{said['candidate']}`", ""]
    lines += [f"- {reason}" for reason in said["reasons"]]
    lines += ["", "| | |", "|---|---|"]
    for group in ("documents", "findings", "changes", "seconds"):
        lines += [f"| {group} {name} | {number} |" for name, number in said[group].items()]
    return "\n".join(lines)
