"""The beginning of a refresh: what it is given is landed, and whether there is anything to do. Quick to import, so
that "nothing new" is answered at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from flows.documents.given import Given, expand
from flows.home import landing, manifest, releases
from flows.project import DATA
from flows.run import Run


def sources(paths: list[Path], raw: bool, inbox: bool) -> list[Path]:
    """What a refresh reads: the given paths, the project's raw sources, the inbox."""
    found = list(paths)
    if raw:
        found.append(DATA / "raw")
    if inbox and not paths and (DATA / "inbox").is_dir():
        found.append(DATA / "inbox")
    return found


def land(run: Run, paths: Iterable[Path], declared: dict[str, Any] | None) -> None:
    """Keep every given file. Raises FileNotFoundError for a path that is not there."""
    with run.timed("land"):
        files: Iterator[Given] = expand(paths, run.problems, skip=run.home.path)
        run.given = landing.land(run.home, files, declared)
        run.documents = landing.landed(run.home)


def is_unchanged(run: Run) -> bool:
    """Whether the current release is already what these inputs, declarations and code give."""
    now = releases.current(run.home)
    if now is None:
        return False
    made_of = manifest.read(now.path)
    run.release = now.id
    return made_of["fingerprint"] == run.fingerprint and made_of["inputs"] == run.inputs
