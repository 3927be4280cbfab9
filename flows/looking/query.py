"""Read-only SQL on the current release, for the command line and for every command that looks something up."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.home.folder import Home
from flows.home.sealing import Broken

if TYPE_CHECKING:  # every command knows this module's errors, few need DuckDB, which takes a while to import
    import duckdb


class NoRelease(Exception):
    """The home has nothing published yet."""

    def __init__(self, home: Home) -> None:
        super().__init__(f"{home.path} holds no release yet: run `highlands refresh` first")


class QueryError(Exception):
    """SQL that cannot be run; the message is DuckDB's, which points into the statement."""


@dataclass(frozen=True)
class Answer:
    """Columns and rows of a query."""

    columns: list[str]
    rows: list[tuple[Any, ...]]

    def records(self) -> list[dict[str, Any]]:
        """Rows as dictionaries."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def database(home: Home) -> Path:
    """The database file of the current release, with the link resolved: a swap while reading changes nothing.
    Raises NoRelease."""
    path = home.current / "highlands.duckdb"
    if not path.exists():
        raise NoRelease(home)
    return path.resolve()


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection that can reach nothing but the release: no files, no network, no extensions."""
    import duckdb

    connection = duckdb.connect(str(path), read_only=True, config={"autoinstall_known_extensions": "false"})
    marts = str(path.parent / "marts")
    allowed = ", ".join("'" + folder.replace("'", "''") + "'" for folder in (marts, glob.escape(marts)))
    connection.execute(f"set allowed_directories = [{allowed}]; set enable_external_access = false; use marts")
    return connection


def query(home: Home, sql: str, parameters: Sequence[Any] | None = None) -> Answer:
    """Run one statement on the current release. Raises NoRelease, Broken or QueryError."""
    import duckdb

    path = database(home)
    try:
        connection = connect(path)
    except duckdb.Error as error:
        raise Broken(f"{path.parent.name}: the database cannot be read: {error}") from error
    try:
        with connection:
            result = connection.execute(sql, parameters or [])
            if result is None:
                raise QueryError("there is no statement: say what to select")
            columns = [column[0] for column in result.description or []]
            return Answer(columns, result.fetchall())
    except duckdb.Error as error:
        raise QueryError(str(error)) from error


def records(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] | None = None
) -> list[dict[str, Any]]:
    """The rows of one statement as dictionaries."""
    result = connection.execute(sql, parameters or [])
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
