"""A progress bar over a refresh, for a person at a terminal: which stage runs, how many documents are read."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from flows.steps import Run

STAGES = {
    "read": ("reading", 40),
    "start": ("starting Prefect", 10),
    "judge": ("judging every number", 10),
    "build": ("building the marts", 15),
    "check": ("checking the marts", 5),
    "assemble": ("writing the candidate", 5),
    "write": ("writing the database", 5),
    "publish": ("publishing", 10),
}
"""Each stage after landing: what it is called and its share of the time, in percent."""


@contextmanager
def progress(run: Run, quiet: bool) -> Iterator[None]:
    """Follows `run` on standard error while the block runs, and leaves no trace; silent without a terminal."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    done = threading.Event()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        follower = threading.Thread(
            target=_follow, args=(run, bar, bar.add_task("", total=100), done), daemon=True
        )
        follower.start()
        try:
            yield
        finally:
            done.set()
            follower.join()


def _follow(run: Run, bar: Progress, task: TaskID, done: threading.Event) -> None:
    while not done.wait(0.1):
        description, percent = position(run)
        bar.update(task, description=description, completed=percent)


def position(run: Run) -> tuple[str, float]:
    """What a run is doing and how far it is, in percent: the stage after the last one that has ended."""
    stages = list(STAGES)
    ended = max((n for n, stage in enumerate(stages, 1) if stage in run.seconds), default=0)
    passed = float(sum(share for _, share in list(STAGES.values())[:ended]))
    if ended == 0:
        said, share = STAGES["read"]
        total = len(run.documents)
        return f"{said} {run.done} of {total} documents", share * min(run.done / max(total, 1), 1)
    return ("done" if ended == len(stages) else STAGES[stages[ended]][0]), passed
