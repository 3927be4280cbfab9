"""Frames as JavaScript: column by column, repeated values as a list of them and their places.

A data file is a script, not JSON, because a page that was opened from a file system may load scripts only.
"""

from __future__ import annotations

import json
from typing import Any

import polars as pl

# What could end a script element or a line of JavaScript does not stand in a data file as itself.
HARMLESS = {"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def script(name: str, content: pl.DataFrame | dict[str, Any]) -> str:
    """One call that hands a frame or plain values to the page under a name."""
    kind = "table" if isinstance(content, pl.DataFrame) else "facts"
    value = packed(content) if isinstance(content, pl.DataFrame) else content
    return f"highlands.{kind}({literal(name)},{literal(value)});\n"


def literal(value: Any) -> str:
    """A value as a JavaScript literal that is safe in a script, whatever text it holds."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for dangerous, harmless in HARMLESS.items():
        text = text.replace(dangerous, harmless)
    return text


def packed(frame: pl.DataFrame) -> dict[str, Any]:
    """{"rows": n, "columns": {name: [value, …] or {"of": [distinct, …], "at": [place or -1, …]}}}; dates as text."""
    return {"rows": frame.height, "columns": {column.name: _column(column) for column in frame}}


def unpacked(table: dict[str, Any]) -> dict[str, list[Any]]:
    """The columns of `packed` as plain lists: what the browser makes of them."""
    return {
        name: column
        if isinstance(column, list)
        else [None if place < 0 else column["of"][place] for place in column["at"]]
        for name, column in table["columns"].items()
    }


def _column(column: pl.Series) -> list[Any] | dict[str, list[Any]]:
    if column.dtype.is_float():
        column = column.set(~column.is_finite() & column.is_not_null(), None)
    elif column.dtype.is_temporal():
        column = column.dt.to_string("iso")
    if column.dtype != pl.String:
        return column.to_list()
    distinct = column.drop_nulls().unique().sort()
    if len(distinct) > len(column) // 2:
        return column.to_list()
    places = column.cast(pl.Enum(distinct)).to_physical().cast(pl.Int64).fill_null(-1)
    return {"of": distinct.to_list(), "at": places.to_list()}
