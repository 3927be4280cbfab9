"""Folders kept by content: each is made once, under a name that follows from all that decides it, and used again for as
long as its files are those that were put there."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from flows.home import durable
from flows.home.manifest import hash_file

SEAL = "sha256.json"


def name(*told: str) -> str:
    """The name that follows from all that decides what a folder holds."""
    return hashlib.sha256("\n".join(told).encode("utf-8", "surrogatepass")).hexdigest()


def is_whole(folder: Path) -> bool:
    """Whether a kept folder is there, and has what was put there."""
    return whole(folder) is not None


def whole(folder: Path) -> dict[str, str] | None:
    """The hashes of what was put into a kept folder, {path: sha256}; None unless it is all there, and as it was."""
    try:
        found = _hashes(folder)
        return found if json.loads((folder / SEAL).read_bytes()) == found else None
    except (OSError, ValueError):
        return None


def fill(folder: Path, write: Callable[[Path], None]) -> None:
    """Keep what `write` puts into the folder that it is given: all of it or nothing. Raises HomeError."""
    with durable.guarded("Keeping what was made", folder):
        aside = durable.temporary(folder.parent)
        aside.mkdir(parents=True)
        write(aside)
        (aside / SEAL).write_text(json.dumps(_hashes(aside)), "utf-8")
        try:
            if folder.exists() and not is_whole(folder):
                durable.remove(folder)
            aside.rename(folder)
        except OSError:
            shutil.rmtree(aside, ignore_errors=True)
            if not is_whole(folder):  # which another process may have made meanwhile: its name says that it is the same
                raise


def sweep(shelf: Path, keep: Collection[str]) -> None:
    """Drop everything that lies on a shelf but some folders."""
    for path in list(shelf.glob("*")):
        if path.name not in keep:
            with suppress(OSError):
                durable.remove(path)


def _hashes(folder: Path) -> dict[str, str]:
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SEAL)
    return {path.relative_to(folder).as_posix(): hash_file(path) for path in found}
