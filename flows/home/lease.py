"""The lock of a home that several machines share: one object in the store, taken and kept by conditional writes.

Its holder writes it anew every few seconds. Whoever waits compares no clocks: a note that has not changed for LEASE
seconds by the waiter's own is a dead holder's, and the waiter takes its place, again by a conditional write, so that
only one does. A holder that was suspended so long finds out at its next write and changes nothing any more.
"""

from __future__ import annotations

import json
import time
from threading import Event, Thread
from typing import Any

from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError

LOCK = "lock.json"
LEASE = 60.0
"""Seconds after which an unchanged note is a dead holder's."""
POLL = 0.5


class Taken(Exception):
    """Somebody else holds the store, as its note says."""

    def __init__(self, note: dict[str, Any]) -> None:
        super().__init__(str(note))
        self.note = note


class Lease:
    """A hold on a store. `note` says who holds it; `home` in it tells whether that was here."""

    def __init__(self, store: Any, note: dict[str, Any]) -> None:
        self._store, self._note = store, note
        self._etag: str | None = None
        self._beat = 0
        self._written = 0.0
        self._ended = Event()
        self._renewing = Thread(target=self._renew, daemon=True)

    def acquire(self, wait_seconds: float) -> dict[str, Any] | None:
        """Takes the store, waiting if need be; the note of the holder who died without letting go, if one did.
        Raises Taken."""
        began = time.monotonic()
        seen, since = None, began
        while True:
            etag, note = self._look()
            if etag != seen:
                seen, since = etag, time.monotonic()
            dead = bool(note) and (self._was_here(note) or time.monotonic() - since > LEASE)
            if (not note or dead) and self._write(etag):
                self._renewing.start()
                return note or None
            if time.monotonic() - began >= wait_seconds:
                raise Taken(note)
            time.sleep(POLL)

    def is_held(self) -> bool:
        """Whether nobody can have taken it in the meantime."""
        return self._etag is not None and time.monotonic() - self._written < LEASE

    def release(self) -> None:
        """Lets go: the note is empty, which everybody may replace. Does nothing when it is another's by now."""
        self._ended.set()
        self._renewing.join()
        if self._etag is not None:
            self._write(self._etag, free=True)
            self._etag = None

    def _was_here(self, note: dict[str, Any]) -> bool:
        """The holder was a process of this home, whose own lock this process has: it lives no more."""
        return bool(note.get("home") == self._note["home"])

    def _look(self) -> tuple[str | None, dict[str, Any]]:
        try:
            got = self._store.get(LOCK)
            return got.meta["e_tag"], json.loads(bytes(got.bytes()))
        except FileNotFoundError:
            return None, {}

    def _write(self, etag: str | None, free: bool = False) -> bool:
        """Writes the note in place of the one with that tag (None: where there is none); whether it was there."""
        self._beat += 1
        began = time.monotonic()
        note = {} if free else {**self._note, "beat": self._beat}
        try:
            mode: Any = "create" if etag is None else {"e_tag": etag}
            put = self._store.put(LOCK, json.dumps(note).encode(), mode=mode)
        except (AlreadyExistsError, PreconditionError):
            return False
        self._etag, self._written = put["e_tag"], began
        return True

    def _renew(self) -> None:
        while not self._ended.wait(LEASE / 6):
            try:
                if not self._write(self._etag):
                    self._etag = None
                    return
            except (BaseError, OSError):  # the store cannot be reached just now: `is_held` knows how long that may last
                continue
