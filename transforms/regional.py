"""Sums over regions: provinces make zones, zones and provinces make the nation, with whatever a table prints
beside them (Hong Kong, Macao, Taiwan, unclassified); and the rows that a table lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from transforms.sums import Identities, identities

COLUMN = ["block", "indicator", "period"]


def regional(points: pl.DataFrame, members: pl.DataFrame, rule: Mapping[str, Any]) -> list[Identities]:
    """Zones and nation of every block and column whose unit adds up.

    `members`: region, member. `rule`: nation, zones, beside (rows outside the provinces that the nation counts,
    each with the rows it replaces), divisions (former ones into zones), not_additive (units), check_zone,
    check_nation.
    """
    column = points.filter(~pl.col("unit").is_in(list(rule["not_additive"])) | pl.col("unit").is_null())
    division = _division(column, divisions(members, rule), rule)
    zones = _sums(column, division, rule["check_zone"])
    beside = _beside(column, rule)
    nation = rule["nation"]
    provinces = members.filter(pl.col("region") == nation).select("region", "member")
    by_province = _sums(column, provinces, rule["check_nation"], beside, "provinces")
    tops = division.select("block", "zone").unique().with_columns(region=pl.lit(nation), member="zone")
    by_zone = _sums(column, tops.select("block", "region", "member"), rule["check_nation"], beside, "zones")
    others = members.filter(~pl.col("region").is_in([nation, *rule["zones"]])).select("region", "member")
    return [zones, by_province, by_zone, _sums(column, others, rule["check_zone"])]


def divisions(members: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Every division into zones: division (0 is today's), zone, member, zones (all zones of the division)."""
    today = members.filter(pl.col("region").is_in(rule["zones"])).select(
        "member", zone="region", division=pl.lit(0, pl.Int32)
    )
    former = pl.DataFrame(
        [
            (str(member), zone, number)
            for number, division in enumerate(rule["divisions"], 1)
            for zone, codes in division["members"].items()
            for member in codes
        ],
        schema={"member": pl.String, "zone": pl.String, "division": pl.Int32},
        orient="row",
    )
    every = pl.concat([today, former])
    return every.with_columns(zones=pl.col("zone").unique().sort().implode().over("division"))


def _division(column: pl.DataFrame, every: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """The division that each block uses: the one with the zones that it prints; where several have those, the one
    that most of the block's sums keep. Columns: block, region (a zone), zone, member."""
    printed = (
        column.filter(pl.col("region").is_in(rule["zones"]))
        .group_by("block", maintain_order=True)
        .agg(zones=pl.col("region").unique().sort())
    )
    possible = printed.join(every.select("division", "zones").unique(), on="zones")
    several = possible.filter(pl.len().over("block") > 1).select("block", "division")
    chosen = possible.join(several, on="block", how="anti").select("block", "division")
    if several.height:
        kept = _kept(column, several.join(every, on="division"))
        best = kept.sort("block", "held", "division", descending=[False, True, False]).unique(
            "block", keep="first", maintain_order=True
        )
        chosen = pl.concat([chosen, best.select("block", "division")])
    return chosen.join(every, on="division").select("block", "zone", "member", region="zone")


def _kept(column: pl.DataFrame, trial: pl.DataFrame) -> pl.DataFrame:
    """How many of a block's zone sums each trial division keeps: block, division, held."""
    parts = trial.join(column.select(*COLUMN, member="region", part="value", slack="half"), on=["block", "member"])
    totals = column.select(*COLUMN, zone="region", total="value", open="half")
    return (
        parts.group_by("division", *COLUMN, "zone")
        .agg(pl.col("part").sum(), pl.col("slack").sum())
        .join(totals, on=[*COLUMN, "zone"])
        .with_columns(held=(pl.col("part") - pl.col("total")).abs() <= pl.col("slack") + pl.col("open") + 1e-9)
        .group_by("block", "division")
        .agg(pl.col("held").sum())
    )


def _beside(column: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Points of rows that the nation counts beside its provinces; an aggregate stands for the rows it replaces."""
    beside: Mapping[str, list[Any]] = rule["beside"]
    rows = column.filter(pl.col("region").is_in(list(beside))).select(*COLUMN, "region", "point")
    replaced = pl.DataFrame(
        [(whole, str(part)) for whole, parts in beside.items() for part in parts or []],
        schema={"region": pl.String, "part": pl.String},
        orient="row",
    )
    gone = rows.join(replaced, on="region").select(*COLUMN, region="part")
    return rows.join(gone, on=[*COLUMN, "region"], how="anti").select(*COLUMN, "point")


def _sums(
    column: pl.DataFrame,
    members: pl.DataFrame,
    check: str,
    beside: pl.DataFrame | None = None,
    partition: str | None = None,
) -> Identities:
    """One sum for each column that prints a region and all its members (by block where members say so)."""
    scope = [name for name in ("block",) if name in members.columns]
    sizes = members.group_by(*scope, "region").agg(size=pl.len())
    part = column.select(*COLUMN, "point", member="region").join(
        members.select(*scope, "region", "member"), on=[*scope, "member"]
    )
    sets = (
        part.group_by(*COLUMN, "region", maintain_order=True)
        .agg(found=pl.len())
        .join(sizes, on=[*scope, "region"])
        .filter(pl.col("found") == pl.col("size"))
        .join(column.select(*COLUMN, "region", total="point"), on=[*COLUMN, "region"])
        .with_row_index("identity")
        .with_columns(check=pl.lit(check), kind=pl.lit("sum"), partition=pl.lit(partition, pl.String))
    )
    terms = [
        part.join(sets.select("identity", *COLUMN, "region"), on=[*COLUMN, "region"]).select(
            "identity", "point", sign=pl.lit(1.0)
        ),
        sets.select("identity", point="total", sign=pl.lit(-1.0)),
    ]
    if beside is not None:
        terms.append(
            beside.join(sets.select("identity", *COLUMN), on=COLUMN).select("identity", "point", sign=pl.lit(1.0))
        )
    return identities(sets, pl.concat(terms))
