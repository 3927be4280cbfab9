"""What is missing from the editions that came, and how their tables are laid out otherwise than before: two sections
of CHANGES.md. Both are read from the candidate's own marts, so that a held candidate says the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import polars as pl

from flows.showing.terminal import number
from flows.showing.wording import Mart, Names, capped, text

MOVED = {
    "title_changed": "another title",
    "table_renumbered": "another number",
    "column_missing": "a column that is no longer printed",
    "head_reworded": "heads in other words",
    "head_misprint": "heads with misprints",
    "head_english_unknown": "English heads that the contract does not list",
}
"""Findings that say how a table that was read differs from its contract."""
SERIES = ("st-yearbook", "rd-bulletin")
"""Series whose editions print the same tables year after year."""
Changes = list[dict[str, Any]]


def missing(changes: Changes, mart: Mart, names: Names) -> list[str]:
    """Tables, regions and columns that the edition before has and the edition that came lacks."""
    lines = []
    for edition, before, now, old in _pairs(changes, mart):
        gone = sorted(set(old["table"]) - set(now["table"]))
        if gone:
            of = "table" if len(gone) == 1 else "tables"
            listed = ", ".join(f"`{table}`" for table in gone)
            lines.append(f"- **{edition}** lacks {number(len(gone))} {of} that {before} has: {listed}")
        for table in sorted(set(old["table"]) & set(now["table"])):
            lines += _less(table, edition, before, _only(old, now, table, "region"), "regions", names.region)
    return ["## What is missing", "", *capped(lines)] if lines else []


def layout(changes: Changes, mart: Mart, names: Names) -> list[str]:
    """Titles, numbers, heads and columns that moved in the editions that came."""
    of_those = pl.col("check").is_in(list(MOVED)) & pl.col("edition").is_in(sorted(_came(changes)))
    found = mart("finding").lazy().filter(of_those).collect()
    lines = []
    for check, table, edition, said, count in (
        found.group_by("check", "table", "edition")
        .agg(said=pl.col("message").min(), count=pl.len())
        .sort("edition", "table", "check", descending=[True, False, False])
        .select("check", "table", "edition", "said", "count")
        .iter_rows()
    ):
        times = f" ({number(count)} times)" if count > 1 else ""
        lines.append(f"- **{edition}** `{table}`, {MOVED[check]}{times}: {text(said)}")
    for edition, before, now, old in _pairs(changes, mart):
        for table in sorted(set(old["table"]) & set(now["table"])):
            lines += _less(table, edition, before, _only(old, now, table, "indicator"), "columns", names.indicator)
            more = _only(now, old, table, "indicator")
            if more:
                listed = ", ".join(names.indicator(code) for code in more)
                lines.append(f"- **{edition}** `{table}` prints columns that {before} does not: {listed}")
    return ["## What moved in the layout", "", *capped(lines)] if lines else []


def _less(table: str, edition: str, before: str, codes: list[str], what: str, name: Any) -> list[str]:
    listed = ", ".join(name(code) for code in codes)
    return [f"- **{edition}** `{table}` no longer prints {what} that {before} has: {listed}"] if codes else []


def _came(changes: Changes) -> set[str]:
    return {c["edition"] for c in changes if c["kind"] == "new"}


def _pairs(changes: Changes, mart: Mart) -> Iterator[tuple[str, str, pl.DataFrame, pl.DataFrame]]:
    """Each edition that came and the one before it in its series, newest first, with the numbers that they print."""
    came = _came(changes)
    editions = mart("edition").lazy().collect()
    if "series" not in editions.columns:
        return
    known = editions.filter(pl.col("series").is_in(SERIES)).sort("series", "year").select("series", "year", "edition")
    rows = known.rows()
    pairs = [(b[2], a[2]) for a, b in pairwise(rows) if a[0] == b[0] and b[2] in came]
    for edition, before in reversed(pairs):
        yield edition, before, _of(mart, edition), _of(mart, before)


def _of(mart: Mart, edition: str) -> pl.DataFrame:
    numbers = (pl.col("edition") == edition) & (pl.col("role") == "value") & pl.col("indicator").is_not_null()
    return mart("source_cell").lazy().filter(numbers).select("table", "region", "indicator").collect()


def _only(some: pl.DataFrame, others: pl.DataFrame, table: str, column: str) -> list[str]:
    one, other = (set(frame.filter(pl.col("table") == table)[column].drop_nulls()) for frame in (some, others))
    return sorted(one - other)
