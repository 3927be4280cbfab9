"""The likeliest of several cells that explain broken sums equally well: the one that its own series speaks
against.

Sums over regions alone can't tell one province of a zone from another. A number's past and future can: of the
candidates, corrected as the sums ask, one comes back to where its series was and the others leave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from transforms.identities import Judgement
from transforms.localise import candidates, corrected
from transforms.series import growth, series

PRINT = ["indicator", "region", "period"]


def suspected(
    judgement: Judgement,
    points: pl.DataFrame,
    accused: pl.DataFrame,
    rule: Mapping[str, Any],
    plausible: Mapping[str, Any],
) -> Judgement:
    """The judgement with one culprit more for each set of broken sums that several cells explain, if the series
    tell which, or if another check accuses one (`likely`). Such a cell is reported, never convicted.

    `accused`: document, indicator, region, period of numbers that another check found wrong. `rule`: gain (how
    many scales of its series a correction must bring a number closer), lead (and how many more than the next
    candidate); `plausible`: data/rules/plausibility.yml, for the series.
    """
    tied = candidates(judgement.names, judgement.terms, points).filter(
        pl.col("known"), pl.col("conflicts") == 0, pl.col("sums") > 0
    )
    if tied.is_empty():
        return judgement
    grown = growth(series(points, plausible), plausible)
    scored = _gains(tied, points, grown, accused).with_columns(group=pl.col("closes").list.sort().hash())
    first = scored.sort("gain", descending=True, nulls_last=True, maintain_order=True).with_columns(
        next=pl.col("gain").shift(-1).over("group").fill_null(0.0), rank=pl.int_range(pl.len()).over("group")
    )
    told = first.filter(
        pl.col("rank") == 0,
        pl.col("gain") >= rule["gain"],
        pl.col("gain") - pl.col("next") >= rule["lead"],
    )
    found = told.select(
        "point", "shift", "lead", "closes", alike=pl.col("alike"), clean=pl.lit(True), likely=pl.lit(True)
    )
    after = corrected(judgement.names, judgement.terms, found)
    names = judgement.names.drop("left", "broken").join(
        after.select("identity", "left", "broken"), on="identity", how="left", maintain_order="left"
    )
    closed = pl.col("closed") | (judgement.names["broken"] & ~names["broken"])
    culprits = pl.concat([judgement.culprits, found], how="vertical_relaxed")
    return replace(judgement, names=names.with_columns(closed=closed), culprits=culprits)


def _gains(tied: pl.DataFrame, points: pl.DataFrame, grown: pl.DataFrame, accused: pl.DataFrame) -> pl.DataFrame:
    """How many scales nearer each candidate's correction brings it to its series: what was before and after it, or
    what another edition prints for the same year. A number can't become nothing or less."""
    mine = tied.join(
        points.select("point", "document", *PRINT, "value", "half"), on="point", maintain_order="left"
    ).join(accused.unique().with_columns(accused=True), on=["document", *PRINT], how="left", maintain_order="left")
    line = grown.select(*PRINT, "stray", "back", "scale", series="point", printed="value", printed_half="half")
    both = mine.join(line, on=PRINT, how="left", maintain_order="left").filter(
        pl.col("value") + pl.col("shift") > 0, pl.col("value") > 0
    )
    move = (pl.col("value") + pl.col("shift")).log() - pl.col("value").log()
    stray, back = pl.col("stray").fill_null(0.0), pl.col("back").fill_null(0.0)
    before = stray.abs() + back.abs()
    after = (stray + move * stray.ne(0)).abs() + (back - move * back.ne(0)).abs()
    restored = (pl.col("value") + pl.col("shift") - pl.col("printed")).abs() <= pl.max_horizontal(
        "half", "printed_half"
    ) + 1e-6 * pl.col("printed").abs()
    return both.with_columns(
        gain=pl.when("accused")
        .then(1000.0)
        .when(pl.col("series") == pl.col("point"))
        .then((before - after) / pl.col("scale"))
        .when(restored)
        .then(100.0)
        .otherwise(0.0)
    )
