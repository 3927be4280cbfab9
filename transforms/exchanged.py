"""Rows and columns that changed places within a zone or a partition, where every sum still holds: their numbers go
on where another row's or column's numbers ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

ROW = ["block", "period", "region"]


def exchanged_rows(grown: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Regions whose whole row strays and fits another region's past: exchanged if that one fits theirs, else moved
    to its level.

    `rule`: rows, moved, columns (checks), times (how far off a row must be to be looked at) and times_alone (if
    the other row does not fit in turn), columns_at_least, closer (how many times nearer the other's past must be).
    """
    rows = (
        grown.filter(pl.col("grew").is_not_null())
        .group_by(ROW, maintain_order=True)
        .agg(times=pl.col("times").abs().median(), own=pl.col("stray").abs().median(), n=pl.len())
        .filter(pl.col("times") >= rule["times"], pl.col("n") >= rule["columns_at_least"])
    )
    if rows.is_empty():
        return _nothing()
    pane = ["block", "period", "indicator"]
    now = grown.join(rows.select(ROW), on=ROW, how="semi").select(*ROW, "indicator", "log", "usual", "scale", "before")
    past = grown.filter(pl.col("was").is_not_null()).select(
        *pane, other="region", past=pl.col("was").log(), other_before="before"
    )
    fits = (
        now.join(past, on=pane)
        .filter(pl.col("region") != pl.col("other"), pl.col("before") == pl.col("other_before"))
        .with_columns(off=(pl.col("log") - pl.col("past") - pl.col("usual")).abs())
        .group_by(*ROW, "other", maintain_order=True)
        .agg(off=pl.col("off").median(), usual=pl.col("scale").median(), shared=pl.len())
        .join(rows, on=ROW)
        .filter(
            pl.col("off") * rule["closer"] <= pl.col("own"),
            pl.col("off") <= 2 * pl.col("usual"),
            pl.col("shared") >= rule["columns_at_least"],
        )
        .sort(*ROW, "off", "other")
        .unique(ROW, keep="first", maintain_order=True)
    )
    mutual = fits.select(*ROW[:-1], region="other", other="region").with_columns(mutual=True)
    both = fits.join(mutual, on=[*ROW, "other"], how="left", maintain_order="left")
    return both.filter(pl.col("mutual") | (pl.col("times") >= rule["times_alone"])).with_columns(
        check=pl.when("mutual").then(pl.lit(rule["rows"])).otherwise(pl.lit(rule["moved"])),
        severity=pl.when("mutual").then(pl.lit("error")).otherwise(pl.lit("warning")),
        message=pl.when("mutual")
        .then(
            pl.format(
                "the rows of {} and {} stand in each other's place: each goes on where the other ended",
                "region",
                "other",
            )
        )
        .otherwise(pl.format("the row goes on where that of {} ended", "other")),
    )


def exchanged_columns(grown: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Pairs of columns of a table each of which goes on, region by region, where the other ended."""
    pane = ["block", "period", "before"]
    steps = grown.filter(pl.col("grew").is_not_null(), pl.col("peers") >= rule["regions_at_least"]).select(
        *pane, "indicator", "region", "unit", "log", past=pl.col("log") - pl.col("grew")
    )
    off = steps.with_columns(own=(pl.col("log") - pl.col("past")).abs().median().over(*pane, "indicator"))
    odd = off.filter(pl.col("own") >= rule["column_off"])
    if odd.is_empty():
        return _nothing()
    both = odd.join(odd, on=[*pane, "region", "unit"], suffix="_other").filter(
        pl.col("indicator") < pl.col("indicator_other")
    )
    crossed = (
        both.with_columns(
            straight=(pl.col("log") - pl.col("past")).abs() + (pl.col("log_other") - pl.col("past_other")).abs(),
            crossed=(pl.col("log") - pl.col("past_other")).abs() + (pl.col("log_other") - pl.col("past")).abs(),
        )
        .group_by(*pane, "indicator", "indicator_other", maintain_order=True)
        .agg(pl.col("straight", "crossed").median(), n=pl.len())
        .filter(pl.col("n") >= rule["regions_at_least"], pl.col("crossed") * rule["closer"] <= pl.col("straight"))
    )
    return crossed.with_columns(
        check=pl.lit(rule["columns"]),
        severity=pl.lit("error"),
        message=pl.format(
            "the columns of {} and {} stand in each other's place: each goes on where the other ended in {}",
            "indicator",
            "indicator_other",
            "before",
        ),
    )


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema={"block": pl.UInt32, "check": pl.String, "severity": pl.String, "message": pl.String})
