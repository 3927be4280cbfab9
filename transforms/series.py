"""Every number in its series: what it was before and after, and how far it strays from its own past and its
peers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from transforms.points import KEY

LINE = ["indicator", "region"]
SLIM = ["point", "block", "edition", *KEY, "unit", "value", "half"]
STEP = ["indicator", "period", "before"]


def series(points: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """One point for each indicator, region and period: the first printing, the most precise of equals.

    `points` without those that are convicted. `rule`: except_units, except (patterns of indicators), records (more
    places than this under one key are records, not a series). The columns SLIM of points.
    """
    named = points.select("indicator").unique()
    left_out = named.filter(pl.any_horizontal(pl.col("indicator").str.contains(p) for p in rule["except"]))
    return (
        points.select(*SLIM, "known", "aside")
        .filter(
            "known",
            ~pl.col("aside"),
            ~pl.col("unit").is_in(rule["except_units"]).fill_null(False),
            ~pl.col("indicator").is_in(left_out["indicator"].implode()),
            pl.col("edition").is_not_null(),
        )
        .filter(pl.len().over(*KEY, "edition") <= rule["records"])
        .sort("edition", "half", "point")
        .unique(KEY, keep="first", maintain_order=True)
        .select(SLIM)
    )


def growth(line: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Positive numbers with their growth on the period printed before.

    Adds to series(): log, before (period), was (value then), grew (log), usual (median growth of all regions in
    that step; 0 with fewer than `peers`), stray (growth beyond the usual), scale (how much such numbers stray: the
    larger of the step's and the line's own median, and what rounding and counting leave open), times (stray in
    scales), came and back (the stray before and after), peers, line (id).
    """
    ordered = line.filter(pl.col("value") > 0).sort(*LINE, "period").with_columns(log=pl.col("value").log())
    run = pl.col("indicator").rle_id() + pl.col("region").rle_id()
    stepped = ordered.with_columns(line=run).with_columns(
        before=pl.col("period").shift(1).over("line"),
        was=pl.col("value").shift(1).over("line"),
        grew=pl.col("log").diff().over("line"),
    )
    numbered = stepped.with_columns(step=pl.struct(STEP).hash())
    least = pl.min_horizontal("value", "was")
    counting = pl.when(pl.col("half") == 0).then(1 / least.sqrt()).otherwise(pl.col("half") / least)
    steps = numbered.group_by("step").agg(peers=pl.col("grew").count(), median=pl.col("grew").median())
    usual = pl.when(pl.col("peers") >= rule["peers"]).then("median").otherwise(0.0)
    strayed = (
        numbered.join(steps, on="step", maintain_order="left")
        .with_columns(usual=usual)
        .with_columns(stray=pl.col("grew") - pl.col("usual"))
    )
    size = pl.col("stray").abs().median()
    return (
        strayed.join(strayed.group_by("step").agg(in_step=size), on="step", maintain_order="left")
        .join(strayed.group_by("line").agg(in_line=size), on="line", maintain_order="left")
        .with_columns(scale=rule["mad"] * pl.max_horizontal("in_step", "in_line") + counting + rule["floor"])
        .with_columns(
            times=pl.col("stray") / pl.col("scale"),
            came=pl.col("stray").shift(1).over("line"),
            back=pl.col("stray").shift(-1).over("line"),
        )
        .drop("step", "median", "in_step", "in_line")
    )
