"""datapackage.json of a release: every file, column, key and source, for Frictionless tools and their readers."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from flows.home.manifest import DATABASE
from flows.marts import parts
from flows.marts.dictionary import Table
from flows.marts.storage import describe

TYPES = {
    pa.string(): "string",
    pa.int32(): "integer",
    pa.int64(): "integer",
    pa.float64(): "number",
    pa.bool_(): "boolean",
    pa.date32(): "date",
}
TITLE = "highlands: regional science and technology statistics"
ABOUT = (
    "Regional science and technology statistics of China and the world's science and technology clusters, from"
    " published tables to checked marts. 区域科技统计：由公布的表格到经过检验的数据表。"
)


def write(out: Path) -> Path:
    """Write `out`/datapackage.json about marts/*.parquet, exports and the database in `out`; its path."""
    marts = parts.marts(out)
    package = {
        "profile": "data-package",
        "name": "highlands",
        "title": TITLE,
        "description": ABOUT,
        "sources": _sources(out),
        "licenses": [
            {"name": "other-at", "title": "Figures are facts, quoted with their source; see the editions"}
        ],
        "resources": [
            *(_mart(out, name, files, marts) for name, files in marts.items()),
            *(_described(out, path) for path in sorted((out / "exports").glob("*")) if path.is_file()),
            *(_described(out, path) for path in [out / DATABASE] if path.exists()),
        ],
    }
    path = out / "datapackage.json"
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


def _sources(out: Path) -> list[dict[str, Any]]:
    """One source for each edition: its name in both languages, who made it, on what terms."""
    editions = pl.read_parquet(out / "marts" / "edition.parquet", glob=False).sort("edition")
    return [
        {
            "title": f"{row['name_en']} {row['name_zh']}",
            "edition": row["edition"],
            **{key: row[key] for key in ("producer", "licence") if row[key]},
        }
        for row in editions.iter_rows(named=True)
    ]


def _mart(out: Path, name: str, files: list[Path], present: Collection[str]) -> dict[str, Any]:
    schema, told = describe(files[0])
    gaps = set().union(*map(_with_gaps, files))
    fields = [
        # readers by way of pandas get whole numbers with gaps as floating point
        {
            "name": field.name,
            "type": "number" if field.name in gaps and pa.types.is_integer(field.type) else TYPES[field.type],
            "description": str(told.columns[field.name].text),
        }
        for field in schema
    ]
    return {
        **_described(out, *files),
        "name": name,
        "title": name,
        "description": str(told.text),
        "schema": {"fields": fields, **_keys(told, present)},
    }


def _keys(told: Table, present: Collection[str]) -> dict[str, Any]:
    keys: dict[str, Any] = {"primaryKey": list(told.key)} if told.key else {}
    references = [
        {"fields": [name], "reference": {"resource": mart, "fields": [column]}}
        for name, about in told.columns.items()
        for mart, _, column in [(about.refers_to or "").partition(".")]
        if mart in present
    ]
    return keys | ({"foreignKeys": references} if references else {})


def _described(out: Path, *files: Path) -> dict[str, Any]:
    """Name, path (a list for a mart in parts) and format. Sizes and hashes are in manifest.json: the reference
    validator can't take them of Parquet files."""
    paths = [file.relative_to(out).as_posix() for file in files]
    return {
        "name": files[0].name,
        "path": paths[0] if len(paths) == 1 else paths,
        "format": files[0].suffix[1:],
        "encoding": "utf-8",
    }


def _with_gaps(file: Path) -> set[str]:
    """The columns that have nulls."""
    about = pq.read_metadata(file)
    groups = [about.row_group(n) for n in range(about.num_row_groups)]
    chunks = (group.column(c) for group in groups for c in range(group.num_columns))
    return {chunk.path_in_schema for chunk in chunks if chunk.statistics is None or chunk.statistics.null_count}
