"""One number printed in several places: tables of an edition, printings of a table, yearbook and bulletin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from transforms.points import KEY
from transforms.sums import Identities, identities


def printings(points: pl.DataFrame, rule: Mapping[str, Any]) -> Identities:
    """Pairs of points with the same indicator, region, period and edition. `rule`: check, most (more printings
    than this are records under one key, not printings of one number)."""
    key = [*KEY, "edition"]
    several = points.filter(
        pl.col("edition").is_not_null() & pl.len().over(key).is_between(2, int(rule["most"]))
    ).select(*key, "point", "block", "known")
    return _pairs(several, several, key, rule["check"])


def first_printings(points: pl.DataFrame, rule: Mapping[str, Any]) -> Identities:
    """Pairs of points of different series that print the same year's number for the first time: a yearbook and a
    bulletin. `rule`: check, series (name and what to add to an edition's year to get its data year)."""
    names = list(rule["series"])
    editions = (
        points.select("edition")
        .unique()
        .with_columns(
            series=pl.col("edition").str.extract(r"^(.*)/\d+$"),
            year=pl.col("edition").str.extract(r"/(\d+)$").cast(pl.Int32),
        )
        .filter(pl.col("series").is_in(names))
        .with_columns(
            rank=pl.col("series").replace_strict(dict(zip(names, range(len(names)), strict=True)), default=None),
            first=pl.col("year") + pl.col("series").replace_strict(dict(rule["series"]), default=None),
        )
    )
    ranked = (
        points.select(*KEY, "point", "block", "known", "edition")
        .join(editions, on="edition", maintain_order="left")
        .filter(pl.col("first") == pl.col("period"))
    )
    return _pairs(ranked, ranked, KEY, rule["check"], across=True)


def _pairs(
    left: pl.DataFrame, right: pl.DataFrame, key: list[str], check: str, across: bool = False
) -> Identities:
    pairs = left.join(right, on=key, how="inner", suffix="_other")
    order = pl.col("rank") < pl.col("rank_other") if across else pl.col("point") < pl.col("point_other")
    named = (
        pairs.filter(order & (pl.col("known") | pl.col("known_other")))
        .sort("point", "point_other")
        .with_row_index("identity")
        .with_columns(check=pl.lit(check), kind=pl.lit("same"))
    )
    terms = [
        named.select("identity", "point", sign=pl.lit(1.0)),
        named.select("identity", point="point_other", sign=pl.lit(-1.0)),
    ]
    return identities(named, pl.concat(terms))
