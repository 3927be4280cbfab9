"""What Great Expectations is handed: of each mart only what its suite reads, as a compact pandas frame.

Its own SQL engine fails on DuckDB, so DuckDB evaluates the suites' conditions here, and pandas gets the columns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

from flows.marts import parts
from flows.validation.suites import Rule, Suite

Mart = pl.DataFrame | Path  # a frame, or where its Parquet is (flows.marts.parts), read as far as needed
Marts = Callable[[str], Mart] | Mapping[str, Mart]
Rules = dict[int, Rule]

BATCH = 100_000  # rows that are plain text at a time
PIECE = 300_000  # rows of a mart that Great Expectations has in memory at a time: a kilobyte each


class Frames:
    """The marts as an in-memory DuckDB sees them, each fetched once; what does not fit goes to the folder `spill`."""

    def __init__(self, marts: Marts, spill: Path | None = None) -> None:
        self._marts = marts
        self._columns: dict[str, list[str]] = {}
        self._values: dict[tuple[str, str], dict[Any, None]] = {}
        self._connection = duckdb.connect(":memory:", config=parts.bounded(spill))

    def has(self, table: str) -> bool:
        """Whether the release has the mart; a mart that is there can be queried from then on."""
        if table not in self._columns:
            try:
                mart = self._marts(table) if callable(self._marts) else self._marts[table]
            except KeyError:
                return False
            if isinstance(mart, Path):
                if not (files := parts.files(mart)):
                    return False
                self._connection.execute(f'create view "{table}" as from {parts.relation(files)}')
            else:
                self._connection.register(table, mart.to_arrow(compat_level=pl.CompatLevel.newest()))
            self._columns[table] = self._connection.table(table).columns
        return True

    def values(self, table: str, column: str) -> dict[Any, None]:
        """The distinct values of a column, sorted, as keys; none when the mart or the column is not there."""
        if (table, column) not in self._values:
            there = self.has(table) and column in self._columns[table]
            sql = f'select distinct "{column}" from "{table}" where "{column}" is not null order by 1'
            rows = self._connection.execute(sql).fetchall() if there else []
            self._values[table, column] = dict.fromkeys(value for (value,) in rows)
        return self._values[table, column]

    def select(self, suite: Suite) -> tuple[Iterator[tuple[Any, Rules]], dict[str, str]]:
        """The pandas frames that a suite reads, each with the rules that are for it, by their number in the suite; and
        what DuckDB said of each condition it could not evaluate.

        Only the columns that the suite names, plus one for each `holds`, named for its check. A column that the
        mart lacks is left out: Great Expectations then reports every expectation on it as an exception. A mart of more
        than PIECE rows comes in pieces, rows that must differ from each other in the same one, and once without any
        column for what is said of the mart as a whole.
        """
        for other in suite.uses:
            self.has(other)
        conditions = {rule.check: rule.holds for rule in suite.rules if rule.holds}
        try:
            return self._pieces(suite, conditions), {}
        except duckdb.Error:
            errors = {check: self._error(suite.table, sql) for check, sql in conditions.items()}
            failed = {check: error for check, error in errors.items() if error}
            kept = {check: sql for check, sql in conditions.items() if check not in failed}
            return self._pieces(suite, kept), failed

    def _pieces(self, suite: Suite, conditions: Mapping[str, str]) -> Iterator[tuple[Any, Rules]]:
        """Conditions are evaluated at once, over all rows; frames are made one at a time."""
        import pandas as pd

        named = {column: None for rule in suite.rules for column in rule.columns()}
        there = self._columns[suite.table]
        chosen = [f'"{column}"' for column in {**dict.fromkeys(suite.key), **named} if column in there]
        chosen += [f'({sql}) as "{check}"' for check, sql in conditions.items()]
        selected = f'select {", ".join(chosen)} from "{suite.table}"'
        [(rows,)] = self._connection.execute(f'select count(*) from "{suite.table}"').fetchall()
        rules = {n: rule for n, rule in enumerate(suite.rules) if not rule.holds or rule.check in conditions}
        number, apart = math.ceil(rows / PIECE), suite.apart()
        if number <= 1 or not apart or not set(apart) <= set(there):
            return iter([(self._pandas(selected), rules)])
        key = ", ".join(f'"{column}"' for column in apart)
        parted = f"create or replace temp table checked as select *, hash({key}) % {number} as piece from ({selected})"
        parts.as_needed(self._connection, lambda: self._connection.execute(parted))
        of_rows = {n: rule for n, rule in rules.items() if list(rule.columns())}
        of_whole = {n: rule for n, rule in rules.items() if n not in of_rows}
        whole = [(pd.DataFrame(index=range(rows)), of_whole)] if of_whole else []
        pieces = (self._pandas(f"select * exclude piece from checked where piece = {n}") for n in range(number))
        return chain(whole, ((frame, of_rows) for frame in pieces))

    def _pandas(self, sql: str) -> Any:
        selected = self._connection.sql(sql)
        batches = [_compact(batch) for batch in selected.to_arrow_reader(BATCH)]
        compact = pa.Table.from_batches(batches).unify_dictionaries() if batches else selected.to_arrow_table()
        return compact.to_pandas(split_blocks=True, self_destruct=True)

    def _error(self, table: str, condition: str) -> str | None:
        try:
            self._connection.sql(f'select ({condition}) from "{table}"').fetchall()
        except duckdb.Error as error:
            return str(error).splitlines()[0]
        return None


def _compact(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The rows with texts as codes: a tenth of the memory where texts repeat, and faster to compare."""
    texts = {field.name for field in batch.schema if pa.types.is_string(field.type)}
    columns = [
        column.dictionary_encode() if name in texts else column
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
