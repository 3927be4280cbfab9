"""Marts kept from one release to the next: one is taken again while nothing that decides it has changed, be it its SQL,
what the dictionary says of it, this code, or the content of what it is made from."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import suppress
from functools import cache
from pathlib import Path

import polars as pl

from flows.home import shelf
from flows.home.durable import HomeError
from flows.home.manifest import hash_file, libraries
from flows.marts import parts
from flows.marts.dictionary import Dictionary
from flows.marts.plan import Derived, Plan
from flows.project import ROOT, visible

REFERS = "refers.json"
"""In the folder of a kept mart: the content of the marts that it refers to, when its keys and references were sound."""


class Keeping:
    """The marts kept in a folder, for one candidate. Marts are taken or made in the order of the plan."""

    def __init__(self, folder: Path, plan: Plan, dictionary: Dictionary) -> None:
        self._shelf, self._plan, self._dictionary = folder, plan, dictionary
        self._decided: dict[str, str] = {}
        self._places: dict[str, Path] = {}
        self._taken: set[str] = set()

    def take(self, mart: str, out: Path) -> list[Path] | None:
        """Copy a mart below `out`/marts; the files that it was copied from, which stay where they are. None when it has
        to be made."""
        told = (_code(), os.environ.get(parts.LIMIT_VARIABLE), repr(self._dictionary.tables.get(mart)))
        place = self._places[mart] = self._shelf / shelf.name(*map(str, told), self._recipe(f"marts.{mart}"))
        if (hashes := shelf.whole(place)) is None:
            return None
        self._taken.add(mart)
        self._decided[f"marts.{mart}"] = shelf.name(*(sha for file, sha in hashes.items() if file != REFERS))
        return _copied(parts.files(place / f"{mart}.parquet"), place, out / "marts")

    def made(self, mart: str, files: list[Path]) -> None:
        """A mart was made. What is made from it depends on its content, as for one that was taken."""
        self._decided[f"marts.{mart}"] = shelf.name(*map(hash_file, files))

    @property
    def sound(self) -> set[str]:
        """The marts whose keys and references were found sound before, and cannot have broken since."""
        found = set()
        for mart in self._taken:
            with suppress(OSError, ValueError):
                if json.loads((self._places[mart] / REFERS).read_bytes()) == self._refers(mart):
                    found.add(mart)
        return found

    def keep(self, out: Path, but: set[str]) -> None:
        """Keep what was made below `out`, `but` marts that are not sound, and nothing that is not of use any more. That
        it cannot be kept is no reason to fail."""
        sound = self.sound
        with suppress(OSError, HomeError):
            for mart, place in self._places.items():
                if mart not in sound and mart not in but:
                    shelf.fill(place, lambda aside, mart=mart: self._fill(aside, mart, out))  # type: ignore[misc]
            shelf.sweep(self._shelf, {place.name for mart, place in self._places.items() if mart not in but})

    def _fill(self, aside: Path, mart: str, out: Path) -> None:
        _copied(parts.files(out / "marts" / f"{mart}.parquet"), out / "marts", aside)
        (aside / REFERS).write_text(json.dumps(self._refers(mart)), "utf-8")

    def _refers(self, mart: str) -> dict[str, str]:
        marts = sorted({other for name, _, other, _ in self._dictionary.references() if name == mart})
        return {other: self._decided.get(f"marts.{other}", "") for other in marts}

    def _decides(self, name: str) -> str:
        """Hash of what decides a table, which for a mart is its content."""
        if name not in self._decided:
            self._decided[name] = self._recipe(name)
        return self._decided[name]

    def _recipe(self, name: str) -> str:
        """Hash of how a table is made, and of what."""
        given = self._plan.given.get(name.partition(".")[2]) if name.startswith("staging.") else None
        if isinstance(given, list):
            return shelf.name(*map(hash_file, given))
        if isinstance(given, pl.DataFrame):
            buffer = given.write_ipc(None)
            return hashlib.sha256(buffer.getbuffer()).hexdigest()
        own = given.decided_by if isinstance(given, Derived) else ""
        statement = self._plan.statements.get(name)
        return shelf.name(statement.sql if statement else own, *map(self._decides, self._plan.needs(name)))


def _copied(files: list[Path], source: Path, target: Path) -> list[Path]:
    """Files copied from one folder to another, and these files."""
    for file in files:
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    return files


@cache
def _code() -> str:
    """Hash of all code and settings that have a part in making a mart."""
    files = [*visible(Path(__file__).parent, "*.py"), *visible(ROOT / "transforms", "*.py"), parts.RULES]
    return shelf.name(libraries(), *map(hash_file, files))
