"""Rows of two zones that changed places: every sum within them holds, and both zones are off by their
difference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from transforms.identities import Judgement
from transforms.schema import FINDING

PANE = ["block", "period"]


def swapped_rows(
    judgement: Judgement, points: pl.DataFrame, members: pl.DataFrame, rule: Mapping[str, Any]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs of provinces whose rows stand in each other's place, found where two zones are off by opposite amounts
    that are the difference of one pair of provinces in every column.

    Returns (pairs: block, period, region, other, columns, residual, tolerance; identities that a swap explains).
    """
    zones = judgement.names.filter(
        "broken", pl.col("check") == rule["check_zone"], pl.col("region").is_in(list(rule["zones"]))
    ).select("identity", *PANE, "indicator", "left", "tolerance", zone="region")
    opposite = zones.join(zones, on=[*PANE, "indicator"], suffix="_other").filter(
        pl.col("zone") < pl.col("zone_other"),
        (pl.col("left") + pl.col("left_other")).abs() <= pl.col("tolerance") + pl.col("tolerance_other"),
    )
    if opposite.is_empty():
        return opposite.select(*PANE), opposite.select("identity")
    panes = opposite.with_columns(columns=pl.len().over(*PANE, "zone", "zone_other"))
    pairs = _pairs(panes, points, members).filter(
        pl.len().over(*PANE, "zone", "zone_other") == 1, pl.col("fits") == pl.col("columns")
    )
    told = panes.join(pairs, on=[*PANE, "zone", "zone_other"], how="semi")
    return pairs, pl.concat([told.select("identity"), told.select(identity="identity_other")])


def _pairs(panes: pl.DataFrame, points: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """One row a pane and pair of provinces (region in zone, other in zone_other) that fits every column."""
    value = points.select("point", *PANE, "indicator", "value", "region")
    zone = members.select(zone="region", region="member")
    first = panes.join(zone, on="zone").join(value, on=[*PANE, "indicator", "region"])
    second = value.select(*PANE, "indicator", other="region", other_value="value").join(
        zone.select(zone_other="zone", other="region"), on="other"
    )
    fits = first.join(second, on=[*PANE, "indicator", "zone_other"]).filter(
        (pl.col("value") - pl.col("other_value") - pl.col("left")).abs() <= pl.col("tolerance")
    )
    return (
        fits.group_by(*PANE, "zone", "zone_other", "region", "other", maintain_order=True)
        .agg(
            fits=pl.len(),
            columns=pl.col("columns").first(),
            residual=pl.col("left").first(),
            tolerance=pl.col("tolerance").first(),
        )
        .filter(pl.col("fits") == pl.col("columns"))
    )


def swap_findings(pairs: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Two errors for each swap, one for each row."""
    if pairs.is_empty():
        return pl.DataFrame(schema=FINDING)
    both = pl.concat(
        [pairs, pairs.with_columns(region="other", other="region", residual=-pl.col("residual"))], how="diagonal"
    )
    blocks = points.select("block", "document", "sheet", "table", "edition").unique("block")
    return both.join(blocks, on="block").select(
        pl.lit("rows_swapped").alias("check"),
        pl.lit("error").alias("severity"),
        "table",
        "region",
        pl.lit(None, pl.String).alias("indicator"),
        "period",
        "edition",
        "residual",
        "tolerance",
        pl.format(
            "the rows of {} and {} stand in each other's place: their zones are off by it in {} columns",
            "region",
            "other",
            "columns",
        ).alias("message"),
        pl.lit(False).alias("acknowledged"),
        pl.lit(None, pl.String).alias("reason"),
        "document",
        "sheet",
        pl.lit(None, pl.String).alias("cell"),
    )
