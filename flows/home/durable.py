"""File operations that survive a crash, and the one error that tells people why a home cannot be used.

Everything a home must not lose goes through here: bytes are written aside, synced, and renamed into place, so
that at any moment a name shows either the old content or the new one. Unfinished work carries a name that
begins with `TEMPORARY` or `TRASH`; readers pass over such names and `candidates.sweep` removes them.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

TEMPORARY = ".tmp-"
TRASH = ".trash-"

_REASONS = {
    errno.ENOSPC: ("the disk is full", "Free some space, or choose another place with --home."),
    errno.EDQUOT: ("the disk quota is used up", "Free some space, or choose another place with --home."),
    errno.EROFS: ("the file system is read-only", "Make it writable, or choose another place with --home."),
    errno.EACCES: ("permission denied", "Ask its owner for write access, or choose another place with --home."),
    errno.EPERM: ("permission denied", "Ask its owner for write access, or choose another place with --home."),
    errno.ENOTDIR: ("a file stands where a folder should be", "Move it away, or choose another --home."),
    errno.EEXIST: ("a file stands where a folder should be", "Move it away, or choose another --home."),
}
_IN_WORDS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)
"""Recognised in the message of an exception that carries no number: DuckDB's, Polars'."""


class HomeError(Exception):
    """A home cannot be used: what was being done, where, why, and what to do. The message is for people."""


@contextmanager
def guarded(doing: str, path: Path) -> Iterator[None]:
    """Turns what the operating system refuses inside the block into a HomeError about `doing` at `path`.

    Any other exception passes through unchanged.
    """
    try:
        yield
    except HomeError:
        raise
    except Exception as error:
        number = _errno(error)
        if number is None:
            raise
        why, advice = _REASONS.get(number, (os.strerror(number), "Look at the disk and try again."))
        raise HomeError(f"{doing} failed: {why} ({path}). {advice}") from error


def _errno(error: Exception) -> int | None:
    if isinstance(error, OSError):
        return error.errno
    text = str(error)
    return next((number for number in _IN_WORDS if os.strerror(number) in text), None)


def temporary(folder: Path, kind: str = TEMPORARY) -> Path:
    """A name in `folder` that nothing has yet; the same file system, so that a rename from it is atomic."""
    return folder / f"{kind}{uuid.uuid4().hex[:12]}"


def is_unfinished(name: str) -> bool:
    """True for names of work that was under way when its process died."""
    return name.startswith((TEMPORARY, TRASH))


def entries(folder: Path) -> list[Path]:
    """The finished entries of a folder, by name; none when it is not there. Raises OSError, as glob does not."""
    try:
        return sorted(path for path in folder.iterdir() if not is_unfinished(path.name))
    except FileNotFoundError:
        return []


def sync(paths: Iterable[Path]) -> None:
    """Forces files and folders to the disk, several at a time: the disk commits what waits together."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(_sync, paths))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A name beside `path` to make it anew under: it takes that place when the block ends, and is gone if it fails."""
    aside = temporary(path.parent)
    try:
        yield aside
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def write(path: Path, data: bytes) -> None:
    """Replaces the content of `path` atomically and durably; the file is read-only, it is only ever replaced."""
    with replacing(path) as aside:
        aside.write_bytes(data)
        protect(aside)
        _sync(aside)
    _sync(path.parent)


def protect(file: Path) -> None:
    """Takes everybody's permission to write from a file."""
    file.chmod(file.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))


def point(link: Path, target: str) -> None:
    """Makes `link` a symbolic link to `target` in one step: readers see the old target or the new one."""
    with replacing(link) as aside:
        aside.symlink_to(target)
    _sync(link.parent)


def move(source: Path, target: Path) -> None:
    """Renames a folder within a home and makes both ends durable. `target` must not exist."""
    source.rename(target)
    sync({source.parent, target.parent})


def remove(path: Path) -> None:
    """Removes a file, or a folder whole: it loses its name first, so that nobody ever sees half of it."""
    if path.is_symlink() or not path.is_dir():
        path.unlink()
        return
    trash = path if is_unfinished(path.name) else temporary(path.parent, TRASH)
    if trash != path:
        path.rename(trash)
    shutil.rmtree(trash)


def seal(folder: Path) -> None:
    """Makes every file in `folder` read-only and forces files and folders, itself included, to the disk."""
    files: list[Path] = []
    folders = [folder]
    for path in folder.rglob("*"):
        (folders if path.is_dir() else files).append(path)
    for file in files:
        protect(file)
    sync(files)
    sync(folders)
