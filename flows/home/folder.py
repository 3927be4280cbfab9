"""A home: the folder in which highlands keeps what it was given, what it made of it, and what it did.

Only this module and its neighbours landing, releases, candidates and lock know how a home looks on disk.
"""

from __future__ import annotations

import errno
import getpass
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.home.durable import guarded, sync


class Home:
    """The paths of a home. Nothing is created until something is written, so that looking leaves no trace."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the user's own links
        self.landing = self.path / "landing"
        self.cache = self.path / "cache"
        self.candidates = self.path / "candidates"
        self.releases = self.path / "releases"
        self.approvals = self.path / "approvals"
        self.current = self.path / "current"
        self.lock = self.path / "lock"
        self.holder = self.path / "lock.json"
        self.prefect = self.path / "prefect"
        self.journal_file = self.path / "journal.jsonl"

    def __repr__(self) -> str:
        return f"Home({str(self.path)!r})"

    def make(self, folder: Path) -> Path:
        """Creates `folder`, one of the home's, durably and only if need be. Raises HomeError."""
        with guarded("Creating a folder", folder):
            if not folder.is_dir():
                folder.mkdir(parents=True, exist_ok=True)
                sync([folder.parent])
        return folder

    def journal(self, event: dict[str, Any]) -> dict[str, Any]:
        """Appends one event with the time (UTC) and the user, durably, and returns it as written.

        `event` has at least "event", what happened. The journal is the only place where a home notes time.
        """
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "user": user(), **event}
        self.make(self.path)
        text = json.dumps(line, ensure_ascii=False) + "\n"
        with guarded("Writing the journal", self.journal_file):
            _append(self.journal_file, text.encode("utf-8", "backslashreplace"))
        return line

    def events(self) -> list[dict[str, Any]]:
        """Every event of the journal, oldest first. A line that a dying process left unfinished is passed over."""
        with guarded("Reading the journal", self.journal_file):
            try:
                text = self.journal_file.read_text("utf-8", "replace")
            except FileNotFoundError:
                return []
        events = []
        for line in text.split("\n"):
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict) and "event" in event:
                events.append(event)
        return events


def _append(file: Path, line: bytes) -> None:
    """Adds a line durably, on a line of its own even if the last writer died within one."""
    with file.open("ab+", buffering=0) as stream:
        end = stream.seek(0, os.SEEK_END)
        stream.seek(max(end - 1, 0))
        if stream.read(1) not in (b"", b"\n"):
            line = b"\n" + line
        if stream.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(stream.fileno())


def user() -> str:
    """Who runs this process; the number of the account where it has no name (as in many containers)."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
