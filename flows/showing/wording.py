"""Words for what people read: codes by their names, text made harmless for Markdown, long lists cut short."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import polars as pl

from flows.showing.terminal import clean, number

MOST = 15
"""Entries of a list that are spelt out; how many more there are is said."""

Mart = Callable[[str], pl.DataFrame | pl.LazyFrame]
"""What gives a candidate's marts by name."""


class Names:
    """Codes as people know them: `R&D经费内部支出`, `上海 (310000)`."""

    def __init__(self, mart: Mart) -> None:
        self.indicators = dict(mart("indicator").lazy().select("indicator", "name_zh").collect().iter_rows())
        self.regions = dict(mart("region").lazy().select("region", "name_zh").collect().iter_rows())

    def indicator(self, code: str | None) -> str:
        """`R&D经费内部支出 (rd_expenditure)`; the code alone where it has no name."""
        name = self.indicators.get(code or "")
        return f"{text(name)} (`{code}`)" if name else f"`{text(code)}`"

    def region(self, code: str | None) -> str:
        """`上海`; the code where it has no name."""
        return text(self.regions.get(code or "") or code)


def text(value: Any) -> str:
    """A value as harmless Markdown: one line, no markup that a document could have brought."""
    shown = clean(value)
    for character in "\\`*_[]<>|#":
        shown = shown.replace(character, "\\" + character)
    return shown


def capped(lines: Iterable[str]) -> list[str]:
    """The first lines, and how many more there are."""
    listed = list(lines)
    more = len(listed) - MOST
    return listed if more <= 1 else [*listed[:MOST], f"- … and {number(more)} more"]
