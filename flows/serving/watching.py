"""An inbox: which files in it are complete, and whether they are news."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from flows.documents.given import is_hidden

UNFINISHED = (".part", ".crdownload", ".download", ".tmp", ".filepart", ".!qb")
"""Endings that browsers and copying programs use until a file is complete."""


@dataclass(frozen=True)
class Seen:
    """What one look at an inbox found: size and time of change by path; what is still being written is apart."""

    complete: dict[Path, tuple[int, int]]
    growing: tuple[Path, ...]

    @property
    def key(self) -> str:
        """A name for exactly these complete files in this state; empty when there are none."""
        if not self.complete:
            return ""
        lines = sorted(f"{path} {size} {changed}" for path, (size, changed) in self.complete.items())
        return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def look(folder: Path, settle_seconds: float) -> Seen:
    """The files under `folder`. One counts as complete when it has not changed for `settle_seconds` and its name
    does not say that it is still being written. A folder that is not there is empty."""
    complete, growing = {}, []
    now = time.time()
    for path in _files(folder):
        try:
            said = path.stat()
        except OSError:  # gone, or a link to nothing: the next look will tell
            continue
        changed = max(said.st_mtime, said.st_ctime)
        if path.name.lower().endswith(UNFINISHED) or abs(now - changed) < settle_seconds:
            growing.append(path)
        else:
            complete[path] = (said.st_size, said.st_mtime_ns)
    return Seen(complete, tuple(growing))


def settled(folder: Path, settle_seconds: float, patience_seconds: float) -> list[Path]:
    """The complete files under `folder`, once nothing there is being written any more or patience has run out."""
    until = time.monotonic() + patience_seconds
    while (seen := look(folder, settle_seconds)).growing and time.monotonic() < until:
        time.sleep(min(1.0, settle_seconds))
    return sorted(seen.complete)


def _files(folder: Path) -> list[Path]:
    found = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        found += [Path(root, name) for name in sorted(names) if not is_hidden(name)]
    return found
