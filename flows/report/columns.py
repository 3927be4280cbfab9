"""Frames as JavaScript: column by column, repeated values as a list of them and their places.

A data file is a script, not JSON, because a page that was opened from a file system may load scripts only.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import polars as pl

# What could end a script element or a line of JavaScript does not stand in a data file as itself.
HARMLESS = {"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def script(name: str, content: pl.DataFrame | pl.LazyFrame | dict[str, Any]) -> Iterator[str]:
    """One call that hands a frame or plain values to the page under a name, in pieces. A frame is handed over as
    {"rows": n, "columns": {name: [value, …] or {"of": [distinct, …], "at": [place or -1, …]}}}; dates as text,
    numbers that are not finite as null."""
    if isinstance(content, dict):
        yield f"highlands.facts({literal(name)},{literal(content)});\n"
        return
    frame = content.lazy().collect()
    yield f'highlands.table({literal(name)},{{"rows":{frame.height},"columns":{{'
    for n, column in enumerate(frame):
        yield f"{',' if n else ''}{literal(column.name)}:{literal(packed(column))}"
    yield "}});\n"


def literal(value: Any) -> str:
    """A value as a JavaScript literal that is safe in a script, whatever text it holds."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for dangerous, harmless in HARMLESS.items():
        text = text.replace(dangerous, harmless)
    return text


def packed(column: pl.Series) -> list[Any] | dict[str, Any]:
    """A column's values, or what it repeats and where."""
    if column.dtype.is_temporal():
        return column.dt.to_string("iso").to_list()
    values = column.to_list()
    if column.dtype.is_float():
        return [value if value is not None and math.isfinite(value) else None for value in values]
    if column.dtype == pl.String:
        distinct = sorted(set(values) - {None})
        if len(distinct) <= len(values) // 2:
            places = {value: place for place, value in enumerate(distinct)} | {None: -1}
            return {"of": distinct, "at": [places[value] for value in values]}
    return values


def unpacked(table: dict[str, Any]) -> dict[str, list[Any]]:
    """The columns of what `script` hands over as plain lists: what the browser makes of them."""
    return {
        name: column
        if isinstance(column, list)
        else [None if place < 0 else column["of"][place] for place in column["at"]]
        for name, column in table["columns"].items()
    }
