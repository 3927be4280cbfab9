"""From the conformed frames to the marts: an in-memory DuckDB runs sql/*.sql over `staging.*`.

A `Warehouse` makes a table when something asks for it, so that marts that were kept cost nothing; `write` puts them on
disk; `build` goes all the way to a database and its exports.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from flows.marts import assembly, datapackage, parts, sdmx, storage
from flows.marts.dictionary import SQL, Dictionary
from flows.marts.integrity import integrity
from flows.marts.keeping import Keeping
from flows.marts.plan import Derived, Plan, Staging, names_in
from transforms.schema import FINDING
from transforms.staged import staged


class BuildError(Exception):
    """A mart cannot be built. The message names its SQL file."""


class Warehouse:
    """The marts of one candidate, in memory. `staging` gives frames by name, Parquet files that are staged already, or
    how a frame derives from marts; those of transforms.staged.STAGING that are left out are empty, others become
    `staging.<name>` as they are. What does not fit into the memory that data/rules/partitions.yml allows goes to the
    folder `spill`; marts that `kept` has are taken from there. Whatever asks for a mart raises NotStaged and
    BuildError."""

    def __init__(
        self,
        staging: Staging,
        sql: Path = SQL,
        dictionary: Dictionary | None = None,
        spill: Path | None = None,
        kept: Path | None = None,
    ) -> None:
        self.dictionary = dictionary or Dictionary.load(sql=sql)
        self._plan = Plan(sql, staging)
        self._connection = duckdb.connect(config=parts.bounded(spill))
        self._connection.execute("create schema staging; create schema parts; create schema marts")
        self._there: dict[str, str] = {}  # table or view, by name
        self._written: dict[str, list[Path]] = {}
        self._frames: dict[str, pl.DataFrame] = {}
        self._kept = Keeping(kept, self._plan, self.dictionary) if kept else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def names(self) -> list[str]:
        """The marts, each after what it reads; `dictionary` only comes with `write`."""
        return self._plan.marts

    def mart(self, name: str) -> pl.DataFrame:
        """A mart as a frame, sorted as published. Raises KeyError for one that is not there."""
        if name not in self._frames:
            if name not in self.names():
                raise KeyError(name)
            self._frames[name] = self.query(f"from marts.{name}")
        return self._frames[name]

    def query(self, sql: str) -> pl.DataFrame:
        """Any SELECT over `marts.*`, `parts.*` and `staging.*`."""
        self._need(*names_in(sql))
        return pl.DataFrame(self._connection.sql(sql).to_arrow_table())

    def add_findings(self, more: pl.DataFrame) -> None:
        """Append to the `finding` mart what it does not hold yet."""
        if more.is_empty():
            return
        both = pl.concat([self.mart("finding"), more.select(*FINDING)], how="vertical_relaxed").unique()
        self._plan.given["finding"] = both
        self._forget("staging.finding", "marts.finding")
        self._written.pop("finding", None)
        self._frames.pop("finding")

    def integrity(self) -> pl.DataFrame:
        """Doubled or empty keys (check `primary_key`) and values that refer to nothing (`foreign_key`), as
        findings."""
        names = set(self.names())
        marts = names - (self._kept.sound if self._kept else set())
        references = [r for r in self.dictionary.references() if r[0] in marts and r[2] in names]
        self._need(*(f"marts.{mart}" for mart in sorted(marts | {r[2] for r in references})))
        checked = self._connection, self.dictionary, marts, references
        return parts.as_needed(self._connection, lambda: integrity(*checked))

    def make(self, out: Path) -> Iterator[str]:
        """Write the marts below `out`/marts, one after the other: the name of each once it is there. Raises
        Undocumented."""
        for name in self.names():
            if self._kept and (taken := self._kept.take(name, out)):
                self._written[name] = taken
            else:
                self.write_one(out, name)
                if self._kept:
                    self._kept.made(name, self._written[name])
            yield name

    def keep(self, out: Path, but: set[str]) -> None:
        """Keep what was made below `out`, `but` some marts, for the next warehouse."""
        if self._kept:
            self._kept.keep(out, but)

    def write_one(self, out: Path, name: str) -> int:
        """Write a mart below `out`/marts anew, in parts if it has outgrown one file; the number of rows. Raises
        Undocumented."""
        self._need(f"marts.{name}")
        by = parts.columns(name)
        if by and self._count(name) > parts.limit():
            written = sum(storage.write_part(out, name, *part, self.dictionary) for part in self._parts(name, by))
        else:
            written = storage.write_mart(out, name, self._rows(name), self.dictionary)
        self._written[name] = parts.files(out / "marts" / f"{name}.parquet")
        return written

    def let_go(self) -> list[str]:
        """Have large marts out of memory once they are written: they are read from there from now on. Their names."""
        large = [name for name in sorted(self._written) if self.is_large(name)]
        self._forget(*(f"marts.{name}" for name in large))
        return large

    def is_large(self, name: str) -> bool:
        """Whether a mart that is written has too many rows to be held in memory twice."""
        return name in parts.growing() and storage.rows(self._written[name]) > parts.keyed()

    def write(self, out: Path) -> dict[str, int]:
        """Write all marts below `out`/marts, the `dictionary` mart included; rows by mart. Raises Undocumented."""
        rows = {name: self.write_one(out, name) for name in self.names()}
        return rows | {"dictionary": self.write_dictionary(out)}

    def write_dictionary(self, out: Path) -> int:
        """Write marts/dictionary.parquet about all marts that are written; the number of rows. Raises Undocumented."""
        schemas = {name: pq.read_schema(files[0]) for name, files in sorted(self._written.items())}
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

    def _need(self, *names: str) -> None:
        """Have tables in DuckDB, and for those that are built first whatever they read."""
        for name in names:
            schema, _, stem = name.partition(".")
            if name in self._there:
                continue
            if schema == "staging":
                self._stage(stem)
            elif schema == "marts" and stem in self._written:
                self._load(name, self._written[stem])
            elif name in self._plan.statements:
                self._need(*self._plan.needs(name))
                self._build(name)

    def _forget(self, *names: str) -> None:
        """Have tables out of DuckDB until something asks for them."""
        for name in names:
            if kind := self._there.pop(name, None):
                self._connection.execute(f"drop {kind} {name}")

    def _stage(self, name: str) -> None:
        given = self._plan.given.get(name)
        if isinstance(given, list):
            self._load(f"staging.{name}", given)
            return
        frame = given.make(self.mart) if isinstance(given, Derived) else given
        self._connection.register("arriving", staged(name, frame).to_arrow())
        self._create("table", f"staging.{name}", "from arriving")
        self._connection.unregister("arriving")

    def _load(self, name: str, files: list[Path]) -> None:
        """A table from Parquet files; where they have too many rows for memory, a view on them."""
        kind = "view" if storage.rows(files) > parts.keyed() else "table"
        self._create(kind, name, f"from {parts.relation(files)}")

    def _build(self, name: str) -> None:
        statement = self._plan.statements[name]
        try:
            if statement.is_macro:
                self._connection.execute(statement.sql)
                self._there[name] = "macro"
            else:
                self._create("table", name, statement.sql)
        except duckdb.Error as error:
            raise BuildError(f"{statement.file}: {error}") from error

    def _create(self, kind: str, name: str, select: str) -> None:
        made = f"create {kind} {name} as {select}"
        parts.as_needed(self._connection, lambda: self._connection.execute(made))
        self._there[name] = kind


def build(staging: Mapping[str, pl.DataFrame], out: Path) -> dict[str, int]:
    """Staging to marts/*.parquet, highlands.duckdb, exports/ and datapackage.json below `out`; rows by mart."""
    with Warehouse(staging) as warehouse:
        rows = warehouse.write(out)
    assembly.assemble(out)
    sdmx.export(out)
    datapackage.write(out)
    return rows
