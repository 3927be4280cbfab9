"""Folders kept by content: each is made once, under a name that follows from all that decides it, and used again for as
long as its files are those that were put there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection
from pathlib import Path

from flows.home import durable
from flows.home.manifest import hash_file

SEAL = "sha256.json"


def is_whole(folder: Path) -> bool:
    """Whether a kept folder is there, and has what was put there."""
    try:
        return bool(json.loads((folder / SEAL).read_bytes()) == _hashes(folder))
    except (OSError, ValueError):
        return False


def fill(folder: Path, write: Callable[[Path], None]) -> None:
    """Keep what `write` puts into the folder that it is given: all of it or nothing. Raises HomeError."""
    with durable.guarded("Keeping what was made", folder):
        aside = durable.temporary(folder.parent)
        aside.mkdir(parents=True)
        write(aside)
        (aside / SEAL).write_text(json.dumps(_hashes(aside)), "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)


def sweep(shelf: Path, keep: Collection[str]) -> None:
    """Drop all folders of a shelf but some."""
    for folder in list(shelf.glob("*")):
        if folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def _hashes(folder: Path) -> dict[str, str]:
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SEAL)
    return {path.relative_to(folder).as_posix(): hash_file(path) for path in found}
