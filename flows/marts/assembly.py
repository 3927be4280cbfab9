"""The DuckDB file of a release, assembled from its Parquet files: while they come, or all at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

import duckdb

from flows.home.manifest import DATABASE
from flows.marts import parts
from flows.marts.dictionary import SQL, head_comment
from flows.marts.storage import TYPES, describe, quoted, rows
from flows.project import visible

SPILL = ".spill"
SETTLE = ""
"""In place of a mart: what has been loaded is written to the disk before the next comes."""
VARIABLE = "highlands_release"
"""Set in DuckDB (`set variable`) to the release's folder with a slash at its end, it goes before what DuckDB says:
for a database that is attached to another, or whose temp_directory somebody set."""
HERE = f"""regexp_replace(
    coalesce(
        getvariable('{VARIABLE}'),
        case when current_setting('temp_directory') like '%{DATABASE}.tmp'
            then left(current_setting('temp_directory'), -{len(DATABASE) + 4})
            else error('set variable {VARIABLE} to the folder that holds {DATABASE}, with a / at its end') end
    ), '([*?[])', '[\\1]', 'g')"""


class Assembly:
    """`out`/highlands.duckdb under way in a thread, which takes a mart in as soon as it `has_come`: DuckDB lets the
    interpreter go on."""

    def __init__(self, out: Path, sql: Path = SQL) -> None:
        self._out, self._sql = out, sql
        self._come: SimpleQueue[str | None] = SimpleQueue()
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)  # never what a process waits for at its end
        self._thread.start()

    def has_come(self, mart: str) -> None:
        """A mart is there, and will not change."""
        self._come.put(mart)

    def settle(self) -> None:
        """Nearly all marts have come: write what is there now, rather than with the rest."""
        self._come.put(SETTLE)

    def finish(self) -> Path:
        """Once all marts have come, the database. Raises what `assemble` raises."""
        self.leave()
        if isinstance(self._failure, duckdb.OutOfMemoryException):
            return assemble(self._out, self._sql)
        if self._failure:
            raise self._failure
        return self._out / DATABASE

    def leave(self) -> None:
        """Let the thread come to its end."""
        self._come.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            _assemble(self._out, self._sql, iter(self._come.get, None), parts.bounded(self._out / SPILL))
        except BaseException as failure:
            self._failure = failure


def assemble(out: Path, sql: Path = SQL) -> Path:
    """`out`/highlands.duckdb from `out`/marts: tables with comments and, unless they are too large, primary keys; views
    over what is in parts; the macros. In a format that DuckDB 1.1 and later read. An earlier file is replaced. Raises
    duckdb.ConstraintException for a doubled key."""
    marts = list(parts.marts(out))
    try:
        return _assemble(out, sql, marts, parts.bounded(out / SPILL))
    except duckdb.OutOfMemoryException:  # rather more memory than no database
        return _assemble(out, sql, marts, {})


def _assemble(out: Path, sql: Path, marts: Iterable[str], settings: dict[str, Any]) -> Path:
    database = out / DATABASE
    for old in (database, database.with_name(f"{DATABASE}.wal")):
        old.unlink(missing_ok=True)
    with _written(database, settings) as connection:
        connection.execute("create schema marts")
        for name in marts:
            if name == SETTLE:
                connection.execute("commit; checkpoint highlands; begin")
            else:
                _load(connection, name, parts.files(out / "marts" / f"{name}.parquet"))
        for macro in visible(sql / "macros", "*.sql"):
            _define(connection, macro)
    return database


@contextmanager
def _written(database: Path, settings: dict[str, Any]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that uses the database, whose one commit (hundreds of comments) ends with the block."""
    connection = duckdb.connect(config=settings)
    try:
        connection.execute(f"attach {_text(str(database))} as highlands (storage_version 'v1.0.0')")
        connection.execute("use highlands; begin")
        connection.execute(f"set variable {VARIABLE} = {_text(f'{database.parent}/')}")
        yield connection
        connection.execute("commit; checkpoint highlands; use memory; detach highlands")
    finally:
        connection.close()
        shutil.rmtree(database.with_name(SPILL), ignore_errors=True)


def _load(connection: duckdb.DuckDBPyConnection, mart: str, files: list[Path]) -> None:
    schema, told = describe(files[0])
    name = f"marts.{quoted(mart)}"
    divided = parts.is_divided(files)
    columns = [f"{quoted(field.name)} {TYPES[field.type]}" for field in schema]
    if told.key and rows(files) <= parts.keyed():
        columns.append(f"primary key ({', '.join(map(quoted, told.key))})")
    statements = [
        _view(name, mart, files, schema.names) if divided else f"create table {name} ({', '.join(columns)})",
        f"comment on {'view' if divided else 'table'} {name} is {_text(str(told.text))}",
    ]
    for column, meaning in told.columns.items():
        statements.append(f"comment on column {name}.{quoted(column)} is {_text(str(meaning.text))}")
    connection.execute("; ".join(statements))  # before the rows: each comment copies the table's entry
    if not divided:
        connection.execute(f"insert into {name} from {parts.relation(files)}")


def _view(name: str, mart: str, files: list[Path], columns: list[str]) -> str:
    """A view over parts. It names each by its place in the release; where that is, it asks DuckDB each time: the
    database's own path stands in the name of the folder that DuckDB would use for temporary files. Columns are
    qualified because a macro's parameters go before bare names even inside a view."""
    by = ["series", *parts.columns(mart)]
    release = files[0].parents[len(by) + 2]
    paths = ";".join("|" + file.relative_to(release).as_posix() for file in files)
    types = "{" + ", ".join(f"{quoted(column)}: varchar" for column in by) + "}"
    return f"""
        create view {name} as select {', '.join(f'part.{quoted(column)}' for column in columns)}
        from read_parquet(
            string_split(replace({_text(paths)}, '|', {HERE}), ';'), hive_partitioning = true, hive_types = {types}
        ) as part
    """


def _define(connection: duckdb.DuckDBPyConnection, macro: Path) -> None:
    connection.execute(macro.read_text(encoding="utf-8"))
    connection.execute(f"comment on macro table marts.{quoted(macro.stem)} is {_text(str(head_comment(macro)))}")


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
