"""Runs whose process died are begun again.

Every run holds a lock of its own while its process lives. A run that Prefect believes to be running although nobody
holds its lock has died: killed, out of memory, its machine gone. That is the operating system's word, not the guess
of a timer, and it does not depend on events that may get lost.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from filelock import FileLock, Timeout
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import AwaitingRetry, Crashed

from flows.home.folder import Home

FLOWS = ["highlands", "highlands-approval"]
GRACE = 60
"""Seconds that a run without a process may need to begin, or to say how it ended."""
TAKEN = 300
"""Seconds that a run may be pending after a worker took it."""
RECENT = timedelta(days=1)
"""Runs that crashed longer ago are left alone: what they were to do was done by others since."""


@contextmanager
def alive(home: Home, run_id: str | None) -> Iterator[None]:
    """Holds the lock of a run while the block runs; nothing to hold outside of a run."""
    if not run_id:
        yield
        return
    lock = FileLock(home.make(home.path / "runs") / run_id)
    with lock:
        try:
            yield
        finally:
            with suppress(OSError):
                (home.path / "runs" / run_id).unlink()


def is_alive(home: Home, run_id: str) -> bool:
    """Whether a process holds the lock of this run."""
    path = home.path / "runs" / run_id
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


class Reviver:
    """Looks for dead runs and lets each be begun again, at most `most` times."""

    def __init__(self, home: Home, most: int) -> None:
        self.home = home
        self.most = most
        self.begun: Counter[str] = Counter()
        self.lifeless: dict[str, float] = {}

    def look(self, client: SyncPrefectClient) -> list[str]:
        """One look; returns the names of the runs that are begun again."""
        runs = {str(run.id): run for run in _unfinished(client)}
        self.lifeless = {name: since for name, since in self.lifeless.items() if name in runs}
        dead = {name: why for name, run in runs.items() if (why := self._why_dead(name, run))}
        return [runs[name].name for name, why in dead.items() if self._revive(client, runs[name], why)]

    def _why_dead(self, name: str, run: FlowRun) -> str | None:
        assert run.state
        if run.state.is_crashed():
            recent = run.end_time is None or datetime.now(UTC) - run.end_time < RECENT
            return "it crashed" if recent else None
        age = (datetime.now(UTC) - run.state.timestamp).total_seconds()
        if run.state.is_pending():
            return "a worker took it and it never began" if age > TAKEN else None
        if is_alive(self.home, name):
            self.lifeless.pop(name, None)
            return None
        since = self.lifeless.setdefault(name, time.monotonic())
        return "its process is gone" if time.monotonic() - since > GRACE else None

    def _revive(self, client: SyncPrefectClient, run: FlowRun, why: str) -> bool:
        """Crashed first, for those who are told of it; then due again, under the same name."""
        name = str(run.id)
        if not (run.state and run.state.is_crashed()):
            client.set_flow_run_state(run.id, Crashed(message=why), force=True)
        self.lifeless.pop(name, None)
        if max(self.begun[name] + 1, run.run_count) >= self.most:
            return False
        self.begun[name] += 1
        client.set_flow_run_state(run.id, AwaitingRetry(message=f"{why}: it is begun again"), force=True)
        return True


def _unfinished(client: SyncPrefectClient) -> list[FlowRun]:
    states = [StateType.RUNNING, StateType.PENDING, StateType.CRASHED]
    return client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=FLOWS)),
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states))),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
    )
