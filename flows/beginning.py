"""The beginning of a refresh: what it is given is landed, and whether there is anything to do. Quick to import, so
that "nothing new" is answered at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from typing import Any

from flows.documents.given import declaration, expand
from flows.home import landing, manifest, releases
from flows.project import DATA, DeclarationError
from flows.run import Run


def usual(raw: bool, inbox: bool) -> list[Path]:
    """What a refresh reads beside the files that it is given: the project's raw sources, the inbox."""
    found = [DATA / "raw"] if raw else []
    if inbox and (DATA / "inbox").is_dir():
        found.append(DATA / "inbox")
    return found


def declared(paths: Sequence[Path], table: str | None, year: int | None) -> dict[str, Any] | None:
    """What somebody says that the given files are, if anything. Raises DeclarationError unless there are files, a table
    that a contract describes, and a year."""
    if table is None and year is None:
        return None
    if table is None or year is None:
        raise DeclarationError("--as TABLE and --year YEAR go together")
    if not paths:
        raise DeclarationError(f"--as {table} says what the given files are: name them")
    try:
        said = declaration(table, year)
    except ValueError as error:
        raise DeclarationError(f"--as {table} --year {year}: {error}") from error
    from flows.declarations import Declarations

    contracts = Declarations().contracts
    names = {*contracts, *(contract.table for contract in contracts.values())}
    if said["table"] not in names:
        near = ", ".join(get_close_matches(said["table"], names, cutoff=0.5)) or ", ".join(sorted(names))
        raise DeclarationError(f"--as {table}: no contract is called that; there are: {near}")
    return said


def land(
    run: Run, paths: Iterable[Path], said: dict[str, Any] | None = None, usual: Iterable[Path] = ()
) -> None:
    """Keep every given file, and what is `usual`. `said` (table, year) is of the given files and goes before their
    sidecars. Raises FileNotFoundError for a path that is not there."""
    with run.timed("land"):
        given, more = (expand(some, run.problems, skip=run.home.path) for some in (paths, usual))
        if said:
            given = (file._replace(declared=said) for file in given)
        run.given = landing.land(run.home, chain(given, more))
        run.documents = landing.landed(run.home)


def is_unchanged(run: Run) -> bool:
    """Whether the current release is already what these inputs, declarations and code give."""
    now = releases.current(run.home)
    if now is None:
        return False
    try:
        made_of = manifest.read(now.path)
    except ValueError:
        return False
    run.release = now.id
    same = made_of["fingerprint"] == run.fingerprint and made_of["inputs"] == run.inputs
    return same and manifest.is_there(now.path, made_of) and not _may_be_read(run, made_of)


def _may_be_read(run: Run, made_of: manifest.Manifest) -> bool:
    """Whether a document that could not be read when a release was made may be read now: it was given again, or its
    reader had been killed."""
    for sha in made_of.get("unsettled", []):
        with suppress(landing.Damaged):
            landing.read_bytes(run.home, sha)
            return True
    return False
