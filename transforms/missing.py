"""What a table leaves out: rows of regions that were lost, and blanks of which the sums say what they hide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from transforms.identities import Judgement
from transforms.regional import divisions
from transforms.schema import findings


def missing_regions(points: pl.DataFrame, members: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """A finding for each region whose row a table lacks although it prints the others.

    The sums over regions can't be applied there; where one province is missing, what the nation's row leaves for
    it is said. `rule`: as regional() takes it, and missing (check, at_least: provinces that make a regional table,
    few: up to so many lost rows are a warning, more an error).
    """
    nation, how = rule["nation"], rule["missing"]
    provinces = members.filter(pl.col("region") == nation)["member"].to_list()
    printed = (
        points.group_by("block", maintain_order=True)
        .agg(
            pl.col("document", "sheet", "table", "edition").first(),
            pl.col("region").unique(),
            pl.col("period").max(),
        )
        .with_columns(provinces=pl.col("region").list.set_intersection(provinces).list.len())
        .filter(pl.col("provinces") >= int(how["at_least"]))
    )
    lost = printed.with_columns(
        lost=_expected(provinces, divisions(members, rule), rule).list.set_difference("region")
    ).filter(pl.col("lost").list.len() > 0)
    if lost.is_empty():
        return findings()
    return findings(_rows(lost, _left_over(points, lost, provinces, rule), how))


def _expected(provinces: list[str], every: pl.DataFrame, rule: Mapping[str, Any]) -> pl.Expr:
    """The rows of a whole table: nation, provinces, and if any zone is printed all zones of a division."""
    zones = list(rule["zones"])
    base = [rule["nation"], *provinces]
    shown = pl.col("region").list.set_intersection(zones).list.sort()
    expected = pl.when(shown.list.len() == 0).then(pl.lit(base)).otherwise(pl.lit(base + zones))
    for division in every["zones"].unique(maintain_order=True).to_list():
        expected = pl.when(shown == pl.lit(division)).then(pl.lit(base + division)).otherwise(expected)
    return expected


def _left_over(
    points: pl.DataFrame, lost: pl.DataFrame, provinces: list[str], rule: Mapping[str, Any]
) -> dict[int, str]:
    """For blocks that lack one province: what the nation's row leaves for it, column by column."""
    single = lost.filter(pl.col("lost").list.set_intersection(provinces).list.len() == 1).select("block")
    whole = points.join(single, on="block", how="semi").filter(
        ~pl.col("unit").is_in(list(rule["not_additive"])) & ~pl.col("region").is_in(list(rule["zones"]))
    )
    sign = pl.when(pl.col("region") == rule["nation"]).then(1.0).otherwise(-1.0)
    rest = (
        whole.group_by("block", "indicator", "period", maintain_order=True)
        .agg(left=(sign * pl.col("value")).sum(), there=(pl.col("region") == rule["nation"]).any())
        .filter("there")
        .sort("period", "indicator")
        .group_by("block", maintain_order=True)
        .agg(text=pl.format("{} {}: {}", "indicator", "period", pl.col("left").round(4)).head(12).str.join(", "))
    )
    return dict(rest.iter_rows())


def _rows(lost: pl.DataFrame, left_over: dict[int, str], how: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in lost.iter_rows(named=True):
        few = len(row["lost"]) <= int(how["few"])
        for region in sorted(row["lost"]):
            text = f"the table prints no row for {region}: sums over regions can't be checked"
            if row["block"] in left_over and region.isdigit():
                text += f"; the nation's row leaves for it {left_over[row['block']]}"
            yield {
                "check": how["check"],
                "severity": "warning" if few else "error",
                "region": region,
                "message": text,
                **{name: row[name] for name in ("document", "sheet", "table", "edition", "period")},
            }


def negligible_blanks(judgement: Judgement, points: pl.DataFrame, check: str) -> pl.DataFrame:
    """Blanks that the sum of their row leaves no room for: document, sheet, cell, bound (what it leaves at
    most)."""
    blanks = points.filter(~pl.col("known") & ~pl.col("aside")).select("point")
    if blanks.is_empty():
        return points.select("document", "sheet", "cell", bound="half").clear()
    blamed = judgement.culprits.select("point")
    rows = judgement.names.filter((pl.col("check") == check) & (pl.col("kind") == "sum"))
    held = rows.filter(~pl.col("broken") & ~pl.col("closed") & pl.col("known").is_null())
    totals = (
        judgement.terms.filter(pl.col("sign") < 0)
        .join(held.select("identity", "tolerance"), on="identity")
        .join(points.filter("known").select("point"), on="point", how="semi")
    )
    proved = (
        judgement.terms.filter(pl.col("sign") > 0)
        .join(blanks.join(blamed, on="point", how="anti"), on="point", how="semi")
        .join(totals.select("identity", "tolerance"), on="identity")
        .group_by("point")
        .agg(bound=pl.col("tolerance").min())
    )
    return points.join(proved, on="point").select("document", "sheet", "cell", "bound")


def strayed_rows(quarantine: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Numbers without a label whose column is blank in the row above: they slipped down a line. document, sheet,
    cell, home (what they would be)."""
    letters = pl.col("cell").str.extract(r"^([A-Z]+)")
    number = pl.col("cell").str.extract(r"(\d+)$").cast(pl.Int64)
    stray = quarantine.filter(pl.col("region").is_null(), pl.col("raw").str.contains(r"^-?[\d.,]+$"))
    blank = cells.filter(pl.col("role") == "value", pl.col("value").is_null()).select(
        "document", "sheet", "region", "indicator", above="cell", letters=letters, line=number + 1
    )
    return (
        stray.select("document", "sheet", "cell", "indicator", "raw", letters=letters, line=number)
        .join(blank, on=["document", "sheet", "indicator", "letters", "line"])
        .select("document", "sheet", "cell", home=pl.format("{} in {} ({})", "raw", "above", "region"))
    )
