"""From the conformed frames to the marts: an in-memory DuckDB runs sql/*.sql over `staging.*`.

`Warehouse` holds the marts so that they can be looked at, checked and completed before `write` puts them on disk;
`build` goes all the way to a database and its exports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import polars as pl
import pyarrow as pa

from flows.marts import datapackage, parts, sdmx, storage
from flows.marts.dictionary import SQL, Dictionary
from flows.marts.integrity import integrity
from flows.marts.storage import quoted
from transforms.schema import FINDING
from transforms.staged import STAGING, staged


class BuildError(Exception):
    """A mart cannot be built. The message names its SQL file."""


class Warehouse:
    """The marts of one candidate, in memory. `staging` gives frames by name, or Parquet files that are staged
    already; those of transforms.staged.STAGING that are left out are empty, others become `staging.<name>` as they
    are. What does not fit into the memory that data/rules/partitions.yml allows goes to the folder `spill`. Raises
    NotStaged and BuildError."""

    def __init__(
        self,
        staging: Mapping[str, pl.DataFrame | list[Path]],
        sql: Path = SQL,
        dictionary: Dictionary | None = None,
        spill: Path | None = None,
    ) -> None:
        self.sql = sql
        self.dictionary = dictionary or Dictionary.load(sql=sql)
        self._connection = duckdb.connect(config=parts.bounded(spill))
        self._connection.execute("create schema staging; create schema parts; create schema marts")
        self._frames: dict[str, pl.DataFrame] = {}
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
        rows = self._connection.execute("select table_name from information_schema.tables where table_schema = 'marts'")
        return sorted(name for (name,) in rows.fetchall())

    def mart(self, name: str) -> pl.DataFrame:
        """A mart as a frame, sorted as published. Raises KeyError for one that is not there."""
        if name not in self._frames:
            if name not in self.names():
                raise KeyError(name)
            self._frames[name] = pl.DataFrame(self._table(name))
        return self._frames[name]

    def query(self, sql: str) -> pl.DataFrame:
        """Any SELECT over `marts.*` and `staging.*`."""
        return pl.DataFrame(self._connection.sql(sql).to_arrow_table())

    def put(self, name: str, frame: pl.DataFrame) -> None:
        """Replace or add a mart. With an SQL file it is staged under its name and rebuilt (as for `finding`);
        without one the frame itself is the mart, sorted by its declared key."""
        self._stage(name, frame)
        self._frames.pop(name, None)
        if (self.sql / f"{name}.sql").exists():
            self._build(f"marts.{name}")
            return
        key = ", ".join(map(quoted, self.dictionary.tables[name].key)) or "all"
        self._connection.execute(f"create or replace table marts.{name} as from staging.{name} order by {key}")

    def add_findings(self, more: pl.DataFrame) -> None:
        """Append to the `finding` mart what it does not hold yet."""
        both = [self.mart("finding"), more.select(*FINDING)]
        self.put("finding", pl.concat(both, how="vertical_relaxed").unique())

    def integrity(self) -> pl.DataFrame:
        """Doubled or empty keys (check `primary_key`) and values that refer to nothing (`foreign_key`), as
        findings."""
        return parts.as_needed(self._connection, lambda: integrity(self._connection, self.dictionary, self.names()))

    def write_one(self, out: Path, name: str) -> int:
        """Write a mart below `out`/marts anew, in parts if it has outgrown one file; the number of rows. Raises
        Undocumented."""
        by = parts.columns(name)
        if by and self._count(name) > parts.limit():
            return sum(storage.write_part(out, name, *part, self.dictionary) for part in self._parts(name, by))
        return storage.write_mart(out, name, self._rows(name), self.dictionary)

    def let_go(self, out: Path) -> None:
        """Have large marts out of memory once they are written below `out`: they are read from there from now on."""
        for name in sorted(parts.growing() & set(self.names())):
            if self._count(name) > parts.keyed():
                written = parts.relation(parts.files(out / "marts" / f"{name}.parquet"))
                self._connection.execute(f"drop table marts.{name}; create view marts.{name} as from {written}")

    def write(self, out: Path) -> dict[str, int]:
        """Write all marts below `out`/marts, the `dictionary` mart included; rows by mart. Raises Undocumented."""
        rows = {name: self.write_one(out, name) for name in self.names()}
        return rows | {"dictionary": self.write_dictionary(out)}

    def write_dictionary(self, out: Path) -> int:
        """Write marts/dictionary.parquet about all marts that are there; the number of rows. Raises Undocumented."""
        schemas = {name: self._table(f"{name} limit 0").schema for name in self.names()}
        table = storage.dictionary_table(self.dictionary, schemas)
        return storage.write_mart(out, "dictionary", table, self.dictionary)

    def _count(self, name: str) -> int:
        found = self._connection.execute(f"select count(*) from marts.{name}").fetchall()
        return int(found[0][0])

    def _parts(self, name: str, by: list[str]) -> Iterator[tuple[tuple[str | None, ...], pa.RecordBatchReader]]:
        """The rows for each combination of values of some columns, in the mart's order, one combination at a time."""
        found = self._connection.execute(f"select distinct {', '.join(by)} from marts.{name} order by all").fetchall()
        here = " and ".join(f"{column} is not distinct from ?" for column in by)
        for values in found:
            rows = self._connection.sql(f"from marts.{name} where {here}", params=list(values))
            yield values, rows.to_arrow_reader(storage.ROW_GROUP)

    def _rows(self, name: str) -> pa.RecordBatchReader:
        return self._connection.sql(f"from marts.{name}").to_arrow_reader(storage.ROW_GROUP)

    def _table(self, name: str) -> pa.Table:
        return self._connection.sql(f"from marts.{name}").to_arrow_table()

    def _stage(self, name: str, given: pl.DataFrame | list[Path] | None) -> None:
        if isinstance(given, list):
            source = parts.relation(given)
        else:
            self._connection.register("arriving", staged(name, given).to_arrow())
            source = "arriving"
        kind = "view" if isinstance(given, list) and storage.rows(given) > parts.keyed() else "table"
        statement = f"create or replace {kind} staging.{quoted(name)} as from {source}"
        parts.as_needed(self._connection, lambda: self._connection.execute(statement))
        if source == "arriving":
            self._connection.unregister("arriving")

    def _build(self, name: str) -> None:
        schema, _, stem = name.partition(".")
        file = self.sql / f"{stem}.sql" if schema == "marts" else self.sql / schema / f"{stem}.sql"
        statement = f"create or replace table {name} as {file.read_text(encoding='utf-8')}"
        try:
            parts.as_needed(self._connection, lambda: self._connection.execute(statement))
        except duckdb.Error as error:
            raise BuildError(f"{file.name}: {error}") from error


def build(staging: Mapping[str, pl.DataFrame], out: Path) -> dict[str, int]:
    """Staging to marts/*.parquet, highlands.duckdb, exports/ and datapackage.json below `out`; rows by mart."""
    with Warehouse(staging) as warehouse:
        rows = warehouse.write(out)
    storage.assemble(out)
    sdmx.export(out)
    datapackage.write(out)
    return rows


def build_order(sql: Path = SQL) -> list[str]:
    """`marts.x` for sql/x.sql and `parts.x` for sql/parts/x.sql, each after what it reads, otherwise by name."""
    files = {f"marts.{file.stem}": file for file in sql.glob("*.sql")}
    files |= {f"parts.{file.stem}": file for file in (sql / "parts").glob("*.sql")}
    needs = {
        name: set(re.findall(r"\b(?:marts|parts)\.\w+", file.read_text(encoding="utf-8"))) - {name}
        for name, file in sorted(files.items())
    }
    return list(TopologicalSorter(needs).static_order())
