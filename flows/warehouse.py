"""From the conformed frames to the marts: an in-memory DuckDB runs sql/*.sql over `staging.*`.

`Warehouse` holds the marts so that they can be looked at, checked and completed before `write` puts them on disk;
`build` is both in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import polars as pl
import pyarrow as pa

from flows import storage
from flows.dictionary import SQL, Dictionary
from transforms.schema import DOCUMENT, FINDING, QUARANTINE, SOURCE_CELL, findings

TEXT = pl.String
STAGING: Mapping[str, Mapping[str, Any]] = {
    "source_cell": SOURCE_CELL,
    "finding": FINDING,
    "quarantine": QUARANTINE,
    "document": DOCUMENT,
    "edition": {
        "edition": TEXT, "series": TEXT, "year": pl.Int32, "data_year": pl.Int32, "release_date": pl.Date,
        "approximate": pl.Boolean, "name_zh": TEXT, "name_en": TEXT, "producer": TEXT, "licence": TEXT,
    },
    "region": {
        "code": TEXT, "kind": TEXT, "name_zh": TEXT, "name_en": TEXT, "parent": TEXT, "iso_3166": TEXT,
        "alias_zh": TEXT, "alias_en": TEXT,
    },
    "region_member": {"region": TEXT, "member": TEXT, "valid_from": pl.Int32, "note": TEXT},
    "indicator": {
        "indicator": TEXT, "name_zh": TEXT, "name_en": TEXT, "unit": TEXT, "parent": TEXT, "partition": TEXT,
        "additive": pl.Boolean, "category": TEXT, "definition_zh": TEXT, "definition_en": TEXT,
    },
    "unit": {"code": TEXT, "dimension": TEXT, "factor": pl.Float64, "name_zh": TEXT, "name_en": TEXT},
    "clusters": {"code": TEXT, "name_en": TEXT, "name_zh": TEXT, "aliases": TEXT, "economies": TEXT},
    "methodology": {"series": TEXT, "since": pl.Int32, "name_zh": TEXT, "name_en": TEXT},
    "framework": {
        "position": pl.Int32, "measure": TEXT, "measure_zh": TEXT, "measure_en": TEXT, "indicator": TEXT,
        "relation": TEXT, "over_members": TEXT, "numerator": TEXT, "denominator": TEXT, "factor": pl.Float64,
        "source_zh": TEXT, "source_en": TEXT,
    },
}  # fmt: skip


class BuildError(Exception):
    """The marts cannot be built from this staging. The message says which table and column."""


class Warehouse:
    """The marts of one candidate, in memory. `staging` gives frames by name; those of STAGING that are left out
    are taken as empty, others become `staging.<name>` as they are. Raises BuildError for a missing column."""

    def __init__(
        self, staging: Mapping[str, pl.DataFrame], sql: Path = SQL, dictionary: Dictionary | None = None
    ):
        self.sql = sql
        self.dictionary = dictionary or Dictionary.load(sql=sql)
        self._connection = duckdb.connect(config={"threads": 1})
        self._connection.execute("create schema staging; create schema parts; create schema marts")
        for name in sorted(staging.keys() | STAGING.keys()):
            self._stage(name, staging.get(name))
        for name in build_order(sql):
            self._build(name)
        for macro in sorted((sql / "macros").glob("*.sql")):
            self._connection.execute(macro.read_text(encoding="utf-8"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def names(self) -> list[str]:
        """The marts that are there, by name; `dictionary` only comes with `write`."""
        rows = self._connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'")
        return sorted(name for (name,) in rows.fetchall())

    def mart(self, name: str) -> pl.DataFrame:
        """A mart as a frame, sorted as published. Raises KeyError for one that is not there."""
        if name not in self.names():
            raise KeyError(name)
        return pl.DataFrame(self._table(name))

    def query(self, sql: str) -> pl.DataFrame:
        """Any SELECT over `marts.*` and `staging.*`."""
        return pl.DataFrame(self._connection.sql(sql).to_arrow_table())

    def put(self, name: str, frame: pl.DataFrame) -> None:
        """Replace or add a mart. With an SQL file it is staged under its name and rebuilt (as for `finding`);
        without one the frame itself is the mart, sorted by its declared key."""
        self._stage(name, frame)
        if (self.sql / f"{name}.sql").exists():
            self._build(f"marts.{name}")
            return
        key = ", ".join(storage.quoted(column) for column in self.dictionary.tables[name].key) or "all"
        self._connection.execute(
            f"create or replace table marts.{name} as from staging.{name} order by {key}"
        )

    def add_findings(self, more: pl.DataFrame) -> None:
        """Append to the `finding` mart."""
        self.put(
            "finding",
            pl.concat([self.mart("finding"), more.select(*FINDING)], how="vertical_relaxed").unique(),
        )

    def integrity(self) -> pl.DataFrame:
        """Doubled keys (check `primary_key`) and values that refer to nothing (`foreign_key`) as findings."""
        return findings([*self._doubled(), *self._dangling()])

    def write(self, out: Path) -> dict[str, int]:
        """Write marts/*.parquet and highlands.duckdb below `out`; rows by mart. Raises Undocumented."""
        rows = self.write_marts(out)
        storage.assemble(out, self.sql)
        return rows

    def write_marts(self, out: Path) -> dict[str, int]:
        """Write marts/*.parquet below `out`, the `dictionary` mart included; rows by mart. Raises Undocumented."""
        marts = {name: self._table(name) for name in self.names()}
        marts["dictionary"] = storage.dictionary_table(
            self.dictionary, {n: t.schema for n, t in marts.items()}
        )
        return storage.write_marts(out, marts, self.dictionary)

    def _table(self, name: str) -> pa.Table:
        return self._connection.sql(f"from marts.{storage.quoted(name)}").to_arrow_table()

    def _stage(self, name: str, frame: pl.DataFrame | None) -> None:
        schema = STAGING.get(name)
        if frame is None:
            frame = pl.DataFrame(schema=dict(schema or {}))
        if schema is not None:
            frame = _conform(name, frame, schema)
        frame = frame.sort(frame.columns)  # what arrives in another order is the same staging
        self._connection.register("arriving", frame.to_arrow())
        self._connection.execute(f"create or replace table staging.{storage.quoted(name)} as from arriving")
        self._connection.unregister("arriving")

    def _build(self, name: str) -> None:
        schema, _, stem = name.partition(".")
        file = self.sql / f"{stem}.sql" if schema == "marts" else self.sql / schema / f"{stem}.sql"
        try:
            self._connection.execute(f"create or replace table {name} as {file.read_text(encoding='utf-8')}")
        except duckdb.Error as error:
            raise BuildError(f"{file.name}: {error}") from error

    def _doubled(self) -> Iterator[dict[str, Any]]:
        for name in self.names():
            key = self.dictionary.tables[name].key if name in self.dictionary.tables else ()
            if not key:
                continue
            columns = ", ".join(storage.quoted(column) for column in key)
            rows = self._connection.execute(
                f"select {columns}, count(*) from marts.{name} group by {columns} having count(*) > 1 order by all"
            )
            for *values, count in rows.fetchall():
                shown = ", ".join(f"{column} {value}" for column, value in zip(key, values, strict=True))
                yield _broken("primary_key", name, f"{name}: {count} rows for {shown}", key, values)

    def _dangling(self) -> Iterator[dict[str, Any]]:
        present = set(self.names())
        for name, column, other, its_column in self.dictionary.references():
            if name not in present or other not in present:
                continue
            own, its = storage.quoted(column), storage.quoted(its_column)
            rows = self._connection.execute(
                f"select {own}, count(*) from marts.{name} where {own} is not null"
                f" and {own} not in (select {its} from marts.{other} where {its} is not null) group by all order by all"
            )
            for value, count in rows.fetchall():
                message = f"{name}.{column}: {value!r} is not in {other}.{its_column} ({count} rows)"
                yield _broken("foreign_key", name, message, (column,), (value,))


def build(staging: Mapping[str, pl.DataFrame], out: Path) -> dict[str, int]:
    """Staging to `out`/marts/*.parquet and `out`/highlands.duckdb; rows by mart."""
    with Warehouse(staging) as warehouse:
        return warehouse.write(out)


def build_order(sql: Path = SQL) -> list[str]:
    """`marts.x` for sql/x.sql and `parts.x` for sql/parts/x.sql, each after what it reads, otherwise by name."""
    files = {f"marts.{file.stem}": file for file in sql.glob("*.sql")}
    files |= {f"parts.{file.stem}": file for file in (sql / "parts").glob("*.sql")}
    needs = {
        name: set(re.findall(r"\b(?:marts|parts)\.\w+", file.read_text(encoding="utf-8"))) - {name}
        for name, file in sorted(files.items())
    }
    return list(TopologicalSorter(needs).static_order())


def _conform(name: str, frame: pl.DataFrame, schema: Mapping[str, Any]) -> pl.DataFrame:
    missing = [column for column in schema if column not in frame.columns]
    if missing:
        raise BuildError(f"staging.{name} has no column {', '.join(missing)}")
    try:
        return frame.select(_typed(column, frame.schema[column], kind) for column, kind in schema.items())
    except pl.exceptions.InvalidOperationError as error:
        raise BuildError(f"staging.{name}: {error}") from error


def _typed(column: str, has: pl.DataType, needs: Any) -> pl.Expr:
    """A column as its type; empty text is nothing, and text of the reference tables becomes what it says."""
    value = pl.col(column)
    if has == pl.String and needs != pl.String:
        value = value.replace("", None)
        if needs == pl.Boolean:
            return value.str.to_lowercase().eq("true").alias(column)
        if needs == pl.Date:
            return value.str.to_date("%Y-%m-%d").alias(column)
    if has == pl.String and column not in ("raw",):
        value = value.replace("", None)
    return value.cast(needs)


def _broken(check: str, table: str, message: str, columns: tuple[str, ...], values: Any) -> dict[str, Any]:
    named = {c: v for c, v in zip(columns, values, strict=True) if c in FINDING and c != "table"}
    plain = {c: v.isoformat() if isinstance(v, date) else v for c, v in named.items()}
    return {"check": check, "table": table, "message": message, **plain}
