"""Keys and references of the marts, checked by query: DuckDB would make an index of each to enforce them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import duckdb
import polars as pl

from flows.marts.dictionary import Dictionary
from flows.marts.storage import quoted
from transforms.schema import FINDING, findings

Reference = tuple[str, str, str, str]


def integrity(
    connection: duckdb.DuckDBPyConnection, dictionary: Dictionary, marts: Collection[str], references: list[Reference]
) -> pl.DataFrame:
    """Doubled or empty keys of marts (check `primary_key`) and what refers to nothing (`foreign_key`), as findings."""
    rows = [row for mart in sorted(marts) for row in _doubled(connection, dictionary, mart)]
    for mart, column, other, its in references:
        rows += _dangling(connection, (mart, column), (other, its))
    return findings(rows)


def _doubled(connection: duckdb.DuckDBPyConnection, dictionary: Dictionary, mart: str) -> Iterator[dict[str, Any]]:
    key = dictionary.tables[mart].key
    if not key:
        return
    columns = ", ".join(map(quoted, key))
    empty = " or ".join(f"{quoted(column)} is null" for column in key)
    found = connection.execute(
        f"select {columns}, count(*) from marts.{mart} group by {columns}"
        f" having count(*) > 1 or {empty} order by all"
    )
    for *values, count in found.fetchall():
        shown = ", ".join(f"{column} {value}" for column, value in zip(key, values, strict=True))
        yield _finding(
            "primary_key", mart, f"{mart}: {count} rows for {shown}", dict(zip(key, values, strict=True))
        )


def _dangling(
    connection: duckdb.DuckDBPyConnection, own: tuple[str, str], other: tuple[str, str]
) -> Iterator[dict[str, Any]]:
    (mart, column), (table, its) = own, other
    found = connection.execute(f"""
        select own.{quoted(column)}, count(*) from marts.{mart} as own
        where own.{quoted(column)} is not null
            and own.{quoted(column)} not in (select other.{quoted(its)} from marts.{table} as other)
        group by all order by all
    """)
    for value, count in found.fetchall():
        message = f"{mart}.{column}: {value!r} is not in {table}.{its} ({count} rows)"
        yield _finding("foreign_key", mart, message, {column: value})


def _finding(check: str, mart: str, message: str, values: dict[str, Any]) -> dict[str, Any]:
    named = {column: value for column, value in values.items() if column in FINDING and column != "table"}
    return {"check": check, "table": mart, "message": message, **named}
