"""What a person hands over: paths become named bytes, one at a time, each with what was declared about it.

Folders are walked, zip archives opened, sidecars (`FILE.yml` with `table:` and `year:`) read. What cannot be read
is reported and passed over; what is not there at all is an error of whoever named it.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from flows.reading.limits import MAX_EXPANDED
from transforms.grid import Unreadable

SOURCES = "sources.yml"
"""A folder's note on where its files were found; never a document."""


class Given(NamedTuple):
    """One file as handed over: its base name, its bytes, and {"table": str, "year": int} if that was declared."""

    name: str
    data: bytes
    declared: dict[str, Any] | None = None


class Problem(NamedTuple):
    """Something given that could not be taken: where, and why. For people."""

    path: str
    reason: str


def expand(paths: Iterable[Path | str], problems: list[Problem], skip: Path | None = None) -> Iterator[Given]:
    """The files at `paths`, folders recursively and sorted, zip archives opened, one in memory at a time.

    Raises FileNotFoundError at once when a path does not exist. A file or folder that cannot be read is appended
    to `problems` while the iteration goes on. Hidden files and sidecars are no documents; `skip` (the home) is not
    entered.
    """
    roots = [Path(path) for path in paths]
    require(roots)
    return _expand(roots, problems, skip)


def require(paths: Iterable[Path]) -> None:
    """Raises FileNotFoundError for the first path that is not there, or a link to nothing."""
    for path in paths:
        if not os.path.lexists(path):
            raise FileNotFoundError(f"no such file or folder: {shown(str(path))}")
        if path.is_symlink() and not path.exists():
            raise FileNotFoundError(f"a link to nothing: {shown(str(path))}")


def _expand(roots: list[Path], problems: list[Problem], skip: Path | None) -> Iterator[Given]:
    seen: set[Path] = {skip.resolve()} if skip else set()
    for root in roots:
        for file in _files(root, problems, seen):
            if not _is_note(file):
                yield from _file(file, problems)


def _files(path: Path, problems: list[Problem], seen: set[Path]) -> Iterator[Path]:
    """Every file under `path`; each folder once, however many links lead to it."""
    try:
        if not path.is_dir():
            yield path
            return
        real = path.resolve()
        if real in seen:
            return
        seen.add(real)
        children = sorted(path.iterdir())
    except OSError as error:
        problems.append(Problem(shown(str(path)), _why(error)))
        return
    for child in children:
        if not is_hidden(child.name):
            yield from _files(child, problems, seen)


def _file(path: Path, problems: list[Problem]) -> Iterator[Given]:
    where = shown(str(path))
    try:
        if not path.is_file():  # a broken link, a pipe, a device: opening one could wait forever
            problems.append(Problem(where, "is no regular file" if path.exists() else "is a link to nothing"))
            return
        if path.stat().st_size > MAX_EXPANDED:
            problems.append(Problem(where, f"is larger than {MAX_EXPANDED // 2**20} MiB: split it"))
            return
        data = path.read_bytes()
    except OSError as error:
        problems.append(Problem(where, _why(error)))
        return
    declared = _declared(path, problems)
    if (members := _members(data, where, problems)) is None:
        yield Given(shown(path.name), data, declared)
    else:
        yield from (Given(shown(base_name(name)), content, declared) for name, content in members)


def _members(data: bytes, where: str, problems: list[Problem]) -> list[tuple[str, bytes]] | None:
    """What can be had of a zip archive; None for any other file, and for an archive that yields nothing: that one
    is a document itself, and its reader says why."""
    if not data.startswith(b"PK"):
        return None
    from flows.reading.archive import unpack
    from flows.reading.sniff import sniff

    try:
        found, refused = unpack(data) if sniff(data) == "zip" else ([], [])
    except Unreadable:
        return None
    problems += [Problem(f"{where}: {shown(name)}", reason) for name, reason in refused]
    return found or None


def _declared(path: Path, problems: list[Problem]) -> dict[str, Any] | None:
    """What the sidecar of a file says: NAME.EXT.yml or else NAME.yml beside it."""
    for sidecar in (path.with_name(f"{path.name}.yml"), path.with_suffix(".yml")):
        if sidecar == path or not sidecar.is_file():
            continue
        try:
            said = yaml.safe_load(sidecar.read_bytes())
            return declaration(said["table"], said["year"])
        except (OSError, yaml.YAMLError, UnicodeError, TypeError, KeyError, ValueError):
            problems.append(Problem(shown(str(sidecar)), "a sidecar needs 'table: NAME' and 'year: YYYY'"))
            return None
    return None


def declaration(table: Any, year: Any) -> dict[str, Any]:
    """What somebody says a file is, as it is kept. Raises ValueError unless it is a name and a year."""
    if not isinstance(table, str) or not table.strip() or not 1900 <= int(year) <= 2200:
        raise ValueError(f"not a table's name and a year from 1900 to 2200: {table!r}, {year!r}")
    return {"table": table.strip(), "year": int(year)}


def _is_note(path: Path) -> bool:
    """Sidecars and sources.yml speak about documents and are none themselves."""
    if path.suffix != ".yml":
        return False
    if path.name == SOURCES or path.with_suffix("").is_file():
        return True
    return any(other.suffix != ".yml" for other in path.parent.glob(f"{glob.escape(path.stem)}.*"))


def is_hidden(name: str) -> bool:
    """Whether a name says that it is no document: hidden files, office lock files, resource forks."""
    return name.startswith((".", "~$")) or name == "__MACOSX"


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def base_name(name: str) -> str:
    """The last part of a name from any system: `C:\\data\\a.xls` and `data/a.xls` are `a.xls`."""
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2] or "unnamed"


def shown(name: str) -> str:
    """A file name as text that can be printed and stored anywhere.

    Names are bytes to the system. Those that are not UTF-8 are most often GB 18030 here; what fits neither, and
    every character that could disturb a terminal, is shown as an escape.
    """
    try:
        raw = name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = name.encode("utf-8", "backslashreplace")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = raw.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
