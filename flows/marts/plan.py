"""What is made of what: every table of sql/ with its statement and the tables that it reads, and where staging comes
from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TypeAlias

import polars as pl

from flows.project import visible

NAME = re.compile(r"\b(?:staging|parts|marts)\.\w+")
FOLDERS = {"": "marts", "parts": "parts", "macros": "marts"}
"""The folders of sql/, and the schema of what they hold."""


@dataclass(frozen=True)
class Derived:
    """A staging table that is computed from marts: `make` is given what gives them by name. `decided_by` names all
    else that decides it: code, rules."""

    needs: tuple[str, ...]
    make: Callable[[Callable[[str], pl.DataFrame]], pl.DataFrame]
    decided_by: str


Given: TypeAlias = pl.DataFrame | list[Path] | Derived
"""A staging table: a frame, Parquet files that are staged already, or how it derives from marts."""
Staging: TypeAlias = Mapping[str, Given]


@dataclass(frozen=True)
class Statement:
    """The SELECT of a table, or the SQL that makes a macro; the name of its file, and the tables that it reads."""

    file: str
    sql: str
    needs: tuple[str, ...]
    is_macro: bool


def names_in(sql: str) -> list[str]:
    """The tables that some SQL names."""
    return sorted(set(NAME.findall(sql)))


class Plan:
    """The statements of a folder of SQL over what is `given` as staging."""

    def __init__(self, sql: Path, staging: Staging) -> None:
        self.given: dict[str, Given] = dict(staging)
        self.statements: dict[str, Statement] = {}
        for folder, schema in FOLDERS.items():
            for file in visible(sql / folder, "*.sql"):
                text, name = file.read_text(encoding="utf-8"), f"{schema}.{file.stem}"
                needs = tuple(other for other in names_in(text) if other != name)
                self.statements[name] = Statement(file.name, text, needs, folder == "macros")
        marts = {f"marts.{file.stem}" for file in visible(sql, "*.sql")}
        self.marts = [name.removeprefix("marts.") for name in self._order() if name in marts]
        """The marts by their bare names, each after what it is made from, otherwise by name."""

    def needs(self, name: str) -> tuple[str, ...]:
        """The tables that one is made from."""
        if name in self.statements:
            return self.statements[name].needs
        given = self.given.get(name.partition(".")[2])
        return tuple(f"marts.{mart}" for mart in given.needs) if isinstance(given, Derived) else ()

    def _order(self) -> Iterable[str]:
        named = {*self.statements, *(f"staging.{name}" for name in self.given)}
        return TopologicalSorter({name: self.needs(name) for name in sorted(named)}).static_order()
