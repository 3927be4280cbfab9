"""The frames that sql/ reads as `staging.<name>`: their columns, and text of reference tables brought to types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from transforms.claims import CLAIM
from transforms.composite_rules import CHOICE, DEFINITION, INFLUENCE, SCORE
from transforms.schema import DOCUMENT, FINDING, QUARANTINE, SOURCE_CELL

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
    "unit": {"code": TEXT, "name_zh": TEXT, "name_en": TEXT},
    "clusters": {"code": TEXT, "name_zh": TEXT, "name_en": TEXT, "aliases": TEXT, "economies": TEXT},
    "methodology": {"series": TEXT, "since": pl.Int32, "name_zh": TEXT, "name_en": TEXT},
    "framework": {
        "position": pl.Int32, "measure": TEXT, "measure_zh": TEXT, "measure_en": TEXT, "indicator": TEXT,
        "relation": TEXT, "over_members": TEXT, "numerator": TEXT, "denominator": TEXT, "factor": pl.Float64,
        "source_zh": TEXT, "source_en": TEXT,
    },
    "quotation": {"document": TEXT, "quotes": TEXT, "note": TEXT},
    "claim": CLAIM,
    "composite_definition": DEFINITION,
    "composite_choice": CHOICE,
    "composite_score": SCORE,
    "composite_influence": INFLUENCE,
}  # fmt: skip
"""Columns by frame. What a frame has beyond them is left out; frames that are not listed are taken as they are."""


class NotStaged(Exception):
    """A frame that cannot be staged. The message names the frame and the column."""


def staged(name: str, frame: pl.DataFrame | None) -> pl.DataFrame:
    """A frame as staging.<name>: the columns of STAGING in their types, empty text as null, rows in an order that
    does not depend on how they arrived. None is an empty frame. Raises NotStaged."""
    schema = STAGING.get(name)
    if frame is None:
        frame = pl.DataFrame(schema=dict(schema or {}))
    if schema is not None:
        missing = [column for column in schema if column not in frame.columns]
        if missing:
            raise NotStaged(f"staging.{name} has no column {', '.join(missing)}")
        try:
            frame = frame.select(_typed(c, frame.schema[c], kind) for c, kind in schema.items())
        except pl.exceptions.PolarsError as error:
            raise NotStaged(f"staging.{name}: {error}") from error
    return frame.sort(frame.columns)


def _typed(column: str, has: pl.DataType, needs: Any) -> pl.Expr:
    """A column as the type it needs. Only the text of a cell may be empty and yet be there."""
    value = pl.col(column)
    if has != pl.String or column == "raw":
        return value.cast(needs)
    value = value.replace("", None)
    if needs == pl.Boolean:
        return value.str.to_lowercase().eq("true").alias(column)
    return value.str.to_date("%Y-%m-%d") if needs == pl.Date else value.cast(needs)
