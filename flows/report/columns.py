"""Frames as JavaScript: column by column, repeated values as a list of them and their places.

A data file is a script, not JSON, because a page that was opened from a file system may load scripts only.
"""

from __future__ import annotations

import json
from typing import Any

import polars as pl
from polars import selectors as cs

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
    """{"rows": n, "columns": {name: [value, …] or {"of": [distinct, …], "at": [place or -1, …]}}}; dates as text,
    numbers that are not finite as null."""
    plain = frame.with_columns(
        pl.when(cs.float().is_finite()).then(cs.float()),
        cs.temporal().dt.to_string("iso"),
    )
    distinct = {name: values for name, values in _distinct(plain).items() if len(values) <= frame.height // 2}
    places = plain.select(
        pl.col(name).cast(pl.Enum(values)).to_physical().cast(pl.Int64).fill_null(-1)
        for name, values in distinct.items()
    )
    columns: dict[str, Any] = {}
    for column in plain:
        name = column.name
        columns[name] = {"of": distinct[name], "at": places[name].to_list()} if name in distinct else column.to_list()
    return {"rows": frame.height, "columns": columns}


def _distinct(frame: pl.DataFrame) -> dict[str, list[str]]:
    """The distinct values of every text column, sorted."""
    lists = frame.select(cs.string().drop_nulls().unique().sort().implode())
    return {column.name: column[0].to_list() for column in lists} if lists.width else {}


def unpacked(table: dict[str, Any]) -> dict[str, list[Any]]:
    """The columns of `packed` as plain lists: what the browser makes of them."""
    return {
        name: column
        if isinstance(column, list)
        else [None if place < 0 else column["of"][place] for place in column["at"]]
        for name, column in table["columns"].items()
    }
