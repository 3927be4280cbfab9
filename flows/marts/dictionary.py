"""What every mart, column and macro means, in English and Chinese, with keys and references.

Columns, keys and references are declared in data/reference/dictionary.yml; what a mart or macro is as a whole
stands at the head of its SQL file. `Dictionary.check` refuses a mart whose columns are not those documented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from flows.project import DATA, ROOT, visible

SQL = ROOT / "sql"
DICTIONARY = DATA / "reference" / "dictionary.yml"
CHINESE = re.compile(r"[一-鿿]")


class Undocumented(Exception):
    """The dictionary and the marts differ. The message names the mart and the columns."""


@dataclass(frozen=True)
class Text:
    """One meaning in both languages."""

    en: str
    zh: str

    def __str__(self) -> str:
        return f"{self.en} {self.zh}"


@dataclass(frozen=True)
class Column:
    """A column's meaning and, as `mart.column`, the key that its values refer to."""

    text: Text
    refers_to: str | None


@dataclass(frozen=True)
class Table:
    """A mart's meaning, its key, and its columns in order."""

    text: Text
    key: tuple[str, ...]
    columns: Mapping[str, Column]


@dataclass(frozen=True)
class Dictionary:
    """Tables by name and macros by name."""

    tables: Mapping[str, Table]
    macros: Mapping[str, Text]

    @classmethod
    def load(cls, declared: Path = DICTIONARY, sql: Path = SQL) -> Dictionary:
        """The declaration and the heads of the SQL files. Raises Undocumented for a mart without a meaning."""
        body = yaml.load(declared.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        common = body["common"]
        tables = {name: _table(name, own, common, sql) for name, own in body["tables"].items()}
        if missing := {file.stem for file in visible(sql, "*.sql")} - tables.keys():
            raise Undocumented(f"no entry in {declared.name} for {', '.join(sorted(missing))}")
        macros = {file.stem: head_comment(file) for file in visible(sql / "macros", "*.sql")}
        return cls(tables, macros)

    def check(self, mart: str, columns: Iterable[str]) -> None:
        """Raises Undocumented unless the mart has exactly the columns that are documented, in any order."""
        if mart not in self.tables:
            raise Undocumented(f"the mart {mart} is not documented")
        have, told = set(columns), set(self.tables[mart].columns)
        if have != told:
            lacking, gone = ", ".join(sorted(have - told)), ", ".join(sorted(told - have))
            raise Undocumented(
                f"{mart}: not documented: {lacking or 'none'}; documented and not there: {gone or 'none'}"
            )

    def references(self) -> list[tuple[str, str, str, str]]:
        """(mart, column, referred mart, referred column) of every reference."""
        return [
            (name, column, told.refers_to.partition(".")[0], told.refers_to.partition(".")[2])
            for name, table in self.tables.items()
            for column, told in table.columns.items()
            if told.refers_to
        ]


def head_comment(file: Path) -> Text:
    """The comment block that opens an SQL file: English up to a bare `--`, Chinese after it."""
    lines: list[str] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("--"):
            break
        lines.append(line[2:].strip())
    en, _, zh = "\n".join(lines).partition("\n\n")
    if not en or not CHINESE.search(zh):
        raise Undocumented(f"{file.name} does not begin with what it is, in English and in Chinese")
    return Text(" ".join(en.split("\n")), "".join(zh.split("\n")))


def _table(name: str, own: Mapping, common: Mapping, sql: Path) -> Table:
    file = sql / f"{name}.sql"
    if not file.exists() and not {"en", "zh"} <= own.keys():
        raise Undocumented(f"{name} has neither a file in {sql.name}/ nor a meaning of its own in the dictionary")
    text = head_comment(file) if file.exists() else Text(own["en"], own["zh"])
    columns = {}
    for column, told in own["columns"].items():
        meaning = {**common.get(column, {}), **(told or {})}
        if not meaning.get("en") or not meaning.get("zh"):
            raise Undocumented(f"{name}.{column} has no meaning in both languages")
        columns[column] = Column(Text(meaning["en"], meaning["zh"]), meaning.get("refers_to"))
    return Table(text, tuple(own.get("key") or ()), columns)
