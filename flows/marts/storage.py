"""Marts on disk: Parquet files, which are the truth.

The same tables give the same bytes on any machine: no clock, fixed row groups, fixed compression.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from flows.home.manifest import hash_file
from flows.marts import parts
from flows.marts.dictionary import Column, Dictionary, Table, Text

ROW_GROUP = 122_880  # DuckDB's own
DICTIONARY_COLUMNS = ("table", "column", "position", "type", "is_key", "refers_to", "comment_en", "comment_zh")
TYPES_OF = {"position": pa.int32(), "is_key": pa.bool_()}
TYPES = {
    pa.string(): "varchar",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    pa.date32(): "date",
}


def quoted(identifier: str) -> str:
    """An identifier for SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def dictionary_table(dictionary: Dictionary, schemas: Mapping[str, pa.Schema]) -> pa.Table:
    """The `dictionary` mart: a row for each mart and macro (`column` empty) and one for each column. It describes
    itself too. Raises Undocumented."""
    own = pa.schema([(name, TYPES_OF.get(name, pa.string())) for name in DICTIONARY_COLUMNS])
    rows: list[tuple[Any, ...]] = []
    for name, schema in {**schemas, "dictionary": own}.items():
        dictionary.check(name, schema.names)
        told = dictionary.tables[name]
        rows.append((name, "", 0, "table", False, None, told.text.en, told.text.zh))
        for position, field in enumerate(schema, start=1):
            column = told.columns[field.name]
            about = (position, TYPES[field.type], field.name in told.key, column.refers_to)
            rows.append((name, field.name, *about, column.text.en, column.text.zh))
    rows += [(name, "", 0, "macro", False, None, text.en, text.zh) for name, text in dictionary.macros.items()]
    frame = pl.DataFrame(rows, schema=list(DICTIONARY_COLUMNS), orient="row").sort("table", "position")
    return frame.to_arrow().cast(own)


Rows: TypeAlias = pa.Table | pa.RecordBatchReader
"""A mart's rows: all at once, or as they come."""


def write_mart(out: Path, name: str, content: Rows, dictionary: Dictionary) -> int:
    """Write `out`/marts/<name>.parquet, comments and keys inside; the number of rows. Raises Undocumented."""
    return _write(out / "marts" / f"{name}.parquet", name, content, dictionary)


def write_part(out: Path, name: str, values: Sequence[str | None], content: Rows, dictionary: Dictionary) -> int:
    """Write the rows of a mart that have `values` in the columns by which it is divided (flows.marts.parts) as one of
    its parts, named for its content: a view on it finds these very rows or nothing. Their number."""
    folder = out / "marts" / parts.folder(name, values)
    aside = folder / "part"
    written = _write(aside, name, content, dictionary)
    aside.rename(folder / f"{hash_file(aside)[:16]}.parquet")
    return written


def _write(file: Path, name: str, content: Rows, dictionary: Dictionary) -> int:
    """The rows into a file, a row group in memory at a time."""
    dictionary.check(name, content.schema.names)
    schema, written = _schema(content.schema, dictionary.tables[name]), 0
    file.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(file, schema, compression="zstd", version="2.6") as writer:
        for group in _groups(content):
            writer.write_table(group.cast(schema).combine_chunks(), row_group_size=ROW_GROUP)
            written += group.num_rows
    return written


def _groups(content: Rows) -> Iterator[pa.Table]:
    """The rows in groups of ROW_GROUP, however many come at a time."""
    waiting: list[pa.RecordBatch] = []
    for batch in content.to_batches() if isinstance(content, pa.Table) else content:
        waiting.append(batch)
        while sum(part.num_rows for part in waiting) >= ROW_GROUP:
            whole = pa.Table.from_batches(waiting)
            yield whole.slice(0, ROW_GROUP)
            waiting = whole.slice(ROW_GROUP).to_batches()
    if waiting:
        yield pa.Table.from_batches(waiting)


def _schema(schema: pa.Schema, told: Table) -> pa.Schema:
    """The schema with comments on fields, and on the table the comment, the key and, for readers that don't see
    field metadata, all columns as JSON."""
    fields, columns = [], {}
    for field in schema:
        column = told.columns[field.name]
        meaning = {"en": column.text.en, "zh": column.text.zh}
        if column.refers_to:
            meaning["refers_to"] = column.refers_to
        fields.append(field.with_metadata(meaning))
        columns[field.name] = meaning
    whole = {
        "en": told.text.en,
        "zh": told.text.zh,
        "key": json.dumps(told.key),
        "columns": json.dumps(columns, ensure_ascii=False),
    }
    return pa.schema(fields, metadata=whole)


def rows(files: Iterable[Path]) -> int:
    """How many rows Parquet files have."""
    return sum(pq.read_metadata(file).num_rows for file in files)


def describe(file: Path) -> tuple[pa.Schema, Table]:
    """A mart's Parquet schema and what it says about itself."""
    schema = pq.read_schema(file)
    about = {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}
    columns = {
        name: Column(Text(told["en"], told["zh"]), told.get("refers_to"))
        for name, told in json.loads(about["columns"]).items()
    }
    return schema, Table(Text(about["en"], about["zh"]), tuple(json.loads(about["key"])), columns)
