"""Names and types of the frames that the stages hand to each other: the one truth about columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import polars as pl

Schema = dict[str, type[pl.DataType]]

SOURCE_CELL: Schema = {
    "document": pl.String,
    "sheet": pl.String,
    "cell": pl.String,
    "row": pl.Int32,
    "column": pl.Int32,
    "role": pl.String,
    "raw": pl.String,
    "table": pl.String,
    "indicator": pl.String,
    "region": pl.String,
    "period": pl.Int32,
    "edition": pl.String,
    "value": pl.Float64,
    "unit": pl.String,
    "published_unit": pl.String,
    "resolution": pl.Float64,
    "status": pl.String,
    "note": pl.String,
}

FINDING: Schema = {
    "check": pl.String,
    "severity": pl.String,
    "table": pl.String,
    "region": pl.String,
    "indicator": pl.String,
    "period": pl.Int32,
    "edition": pl.String,
    "residual": pl.Float64,
    "tolerance": pl.Float64,
    "message": pl.String,
    "acknowledged": pl.Boolean,
    "reason": pl.String,
    "document": pl.String,
    "sheet": pl.String,
    "cell": pl.String,
}

QUARANTINE: Schema = {
    "document": pl.String,
    "sheet": pl.String,
    "cell": pl.String,
    "raw": pl.String,
    "reason": pl.String,
    "suggestion": pl.String,
    "table": pl.String,
    "indicator": pl.String,
    "region": pl.String,
    "period": pl.Int32,
    "edition": pl.String,
}

DOCUMENT: Schema = {
    "document": pl.String,
    "names": pl.String,
    "declared": pl.String,
    "container": pl.String,
    "bytes": pl.Int64,
    "outcome": pl.String,
    "tables": pl.String,
    "edition": pl.String,
    "period": pl.Int32,
    "reason": pl.String,
    "candidates": pl.String,
}

FINDING_DEFAULTS = {"severity": "error", "acknowledged": False}


def frame(schema: Schema, rows: Iterable[Mapping[str, Any]] = (), **defaults: Any) -> pl.DataFrame:
    """Rows as a frame of `schema`; missing columns take `defaults` or null. Raises KeyError on unknown ones."""
    if not rows:
        return _empty(tuple(schema.items()))
    filled = []
    for row in rows:
        unknown = row.keys() - schema.keys()
        if unknown:
            raise KeyError(f"not in the schema: {sorted(unknown)}")
        filled.append({name: row.get(name, defaults.get(name)) for name in schema})
    return pl.DataFrame(filled, schema=schema, orient="row")


@cache
def _empty(columns: tuple[tuple[str, Any], ...]) -> pl.DataFrame:
    """A frame without rows, made once: most documents have nothing set aside and no finding."""
    return pl.DataFrame(schema=dict(columns))


def findings(rows: Iterable[Mapping[str, Any]] = ()) -> pl.DataFrame:
    """Rows as a finding frame; severity defaults to error, acknowledged to false."""
    return frame(FINDING, rows, **FINDING_DEFAULTS)
