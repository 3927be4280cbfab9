"""highlands without Prefect, for the sides that time it: land and all steps, in this process and its helpers."""

from __future__ import annotations

import os
import time
from pathlib import Path

os.environ.update({"GX_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"})

from flows import steps
from flows.home import candidates, lock
from flows.home.folder import Home
from flows.run import Run
from flows.validation import checking


def ready() -> None:
    """Great Expectations imported in its process, which is not part of what is timed."""
    checking.start()
    checking.wait()


def refresh(home: Home, paths: list[Path]) -> tuple[float, Run]:
    """One refresh: seconds and the run."""
    began = time.perf_counter()
    run = Run(home)
    with lock.exclusive(home, 60):
        candidates.sweep(home)
        steps.land(run, paths, None)
        if not steps.is_unchanged(run):
            steps.everything(run)
    return time.perf_counter() - began, run
