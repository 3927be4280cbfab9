"""One refresh at a time for a home.

The lock is the operating system's, so a holder's death releases it; beside it lies a note for people on who holds
it. A note that is still there when the lock is free was left by a holder who died.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from flows.home import durable, remote, store
from flows.home.folder import Home, user


@dataclass(frozen=True)
class Holder:
    """Who holds a home: process, machine, person, since when (UTC), by which command."""

    pid: int
    host: str
    user: str
    since: str
    command: str

    @property
    def is_gone(self) -> bool:
        """Whether the process is known to have died: on this machine no other has its number."""
        if self.host != socket.gethostname():
            return False
        try:
            os.kill(self.pid, 0)
        except OSError as error:
            return isinstance(error, ProcessLookupError)
        return False

    def __str__(self) -> str:
        return f"process {self.pid} of {self.user} on {self.host} since {self.since} ({self.command})"


class Busy(Exception):
    """Somebody else is changing the home. The message, for people, says who."""


_held: set[str] = set()


@contextmanager
def exclusive(home: Home, wait_seconds: float = 0) -> Iterator[Holder | None]:
    """Holds the home for the block, waiting up to `wait_seconds`. Raises Busy, or HomeError.

    Yields the holder who died without letting go, if one did: whatever it left half done is to be swept.
    """
    from filelock import FileLock, Timeout

    home.make(home.path)
    lock = FileLock(home.lock, timeout=wait_seconds, poll_interval=0.1, thread_local=False)
    try:
        with durable.guarded("Locking the home", home.path):
            lock.acquire()
            dead = holder(home)
            durable.write(home.holder, json.dumps(asdict(_this_process())).encode())
        _held.add(str(home.path))
        try:
            with _shared(home, wait_seconds):
                yield dead
        finally:
            _held.discard(str(home.path))
            with suppress(OSError):
                home.holder.unlink()
    except Timeout:
        who = holder(home) or "another process, which has not said who it is"
        raise Busy(f"{home.path} is being changed by {who}. Try again when it is done.") from None
    finally:
        lock.release()


@contextmanager
def _shared(home: Home, wait_seconds: float) -> Iterator[None]:
    """Holds the store that the home shares with other machines, too, if there is one."""
    if not store.is_configured():
        yield
        return
    from flows.home.lease import Taken

    try:
        with remote.shared(home, wait_seconds, asdict(_this_process())):
            yield
    except Taken as taken:
        who = Holder(*(taken.note[key] for key in Holder.__annotations__))
        raise Busy(f"{os.environ[store.VARIABLE]} is being changed by {who}. Try again when it is done.") from None


def require(home: Home) -> None:
    """Raises RuntimeError unless this process holds the home: a caller forgot `exclusive`."""
    if str(home.path) not in _held:
        raise RuntimeError(f"{home} must be held (flows.home.lock.exclusive) before it is changed")


def holder(home: Home) -> Holder | None:
    """Who says they hold the home; None when nobody does. Only a waiter knows whether they are still alive."""
    try:
        return Holder(**json.loads(home.holder.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _this_process() -> Holder:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    command = shlex.join([os.path.basename(sys.argv[0]), *sys.argv[1:]])  # noqa: PTH119
    return Holder(os.getpid(), socket.gethostname(), user(), since, command)
