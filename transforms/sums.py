"""Sums that published tables must keep, found wherever they apply: parts and total within a row, regions within a
column.

An identity is a set of terms: points with a sign. Its residual is the signed sum of their values less a constant;
it holds while the residual is within what the digits of its terms leave open. Three kinds: `sum` (residual 0),
`same` (two printings of one number), `at_most` (residual not above 0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

NAMES = {
    "check": pl.String,
    "kind": pl.String,
    "block": pl.UInt32,
    "period": pl.Int32,
    "region": pl.String,
    "indicator": pl.String,
    "partition": pl.String,
    "constant": pl.Float64,
}


@dataclass(frozen=True)
class Identities:
    """`names`: identity (id) and the columns NAMES, one row an identity; region and indicator are the total's.
    `terms`: identity, point, sign."""

    names: pl.DataFrame
    terms: pl.DataFrame


def identities(names: pl.DataFrame, terms: pl.DataFrame) -> Identities:
    """Identities from frames that may lack columns with no value."""
    blank = [pl.lit(None, dtype).alias(name) for name, dtype in NAMES.items() if name not in names.columns]
    whole = names.with_columns(blank).with_columns(pl.col("constant").fill_null(0.0))
    return Identities(
        whole.select("identity", *(pl.col(n).cast(t) for n, t in NAMES.items())),
        terms.select(pl.col("identity"), pl.col("point"), pl.col("sign").cast(pl.Float64)),
    )


def together(parts: Sequence[Identities]) -> Identities:
    """All identities under ids of their own."""
    names, terms, start = [], [], 0
    for part in parts:
        names.append(part.names.with_columns(identity=(pl.col("identity") + start).cast(pl.UInt32)))
        terms.append(part.terms.with_columns(identity=(pl.col("identity") + start).cast(pl.UInt32)))
        start += part.names.height
    return Identities(pl.concat(names), pl.concat(terms))


def _numbered(sets: pl.DataFrame, members: pl.DataFrame, key: list[str], check: str, kind: str) -> Identities:
    """Identities of `sets` (key columns, `total` point or null) whose parts are the rows of `members`."""
    named = sets.with_row_index("identity").with_columns(check=pl.lit(check), kind=pl.lit(kind))
    parts = members.join(named.select("identity", *key), on=key, nulls_equal=True).select(
        "identity", "point", sign=pl.lit(1.0)
    )
    totals = named.filter(pl.col("total").is_not_null()).select("identity", point="total", sign=pl.lit(-1.0))
    return identities(named, pl.concat([parts, totals]))


def parts_and_total(points: pl.DataFrame, indicators: pl.DataFrame, rule: Mapping[str, Any]) -> list[Identities]:
    """Children that add to their parent: `parent`, `partition` and `additive` of the indicator dimension.

    A partition of which a table prints every sibling is a sum; of which it prints some, an upper bound; a child
    that is not additive ("of which") is at most its parent. Children in another unit than their parent's, and in
    units that don't add (`not_additive`), are no parts. `rule`: check, bound, not_additive.
    """
    unit = indicators.select(parent="indicator", of_unit="unit")
    children = (
        indicators.join(unit, on="parent")
        .filter(pl.col("unit") == pl.col("of_unit"), ~pl.col("unit").is_in(list(rule["not_additive"])))
        .select("indicator", "additive", pl.col("partition").fill_null(""), of="parent")
    )
    key = ["block", "region", "period", "of", "partition"]
    totals = points.select("block", "region", "period", of="indicator", total="point")
    siblings = children.filter("additive")
    sizes = siblings.group_by("of", "partition").agg(size=pl.len())
    members = points.join(siblings, on="indicator").select(*key, "point")
    found = (
        members.group_by(key, maintain_order=True)
        .agg(found=pl.len())
        .join(sizes, on=["of", "partition"])
        .join(totals, on=["block", "region", "period", "of"])
        .with_columns(
            indicator="of", whole=(pl.col("found") == pl.col("size")).any().over("block", "of", "partition")
        )
    )
    complete = found.filter(pl.col("found") == pl.col("size"))
    partial = found.filter(~pl.col("whole"))
    child = points.join(children.filter(~pl.col("additive")), on="indicator").select(*key, "point", "indicator")
    bounded = child.join(totals, on=["block", "region", "period", "of"]).with_columns(partition="indicator")
    return [
        _numbered(complete, members, key, rule["check"], "sum"),
        _numbered(partial, members, key, rule["bound"], "at_most"),
        _numbered(bounded.drop("point"), bounded, [*key, "indicator"], rule["bound"], "at_most"),
    ]


def shares_and_whole(points: pl.DataFrame, indicators: pl.DataFrame, rule: Mapping[str, Any]) -> list[Identities]:
    """Shares that add to a constant: the indicators `under` a stem that share their parent code and `partition`.

    The identity goes by the first share's name. `rule`: check, under, partition, whole (100).
    """
    shares = (
        indicators.filter(
            pl.col("indicator").str.starts_with(rule["under"] + "."), pl.col("partition") == rule["partition"]
        )
        .select("indicator", of=pl.col("indicator").str.replace(r"\.[^.]+$", ""))
        .with_columns(size=pl.len().over("of"), first=pl.col("indicator").first().over("of"))
    )
    key = ["block", "region", "period", "of"]
    members = points.join(shares, on="indicator").select(*key, "point", "size", "first")
    sets = (
        members.group_by(key, maintain_order=True)
        .agg(pl.len().alias("found"), pl.col("size", "first").first())
        .filter(pl.col("found") == pl.col("size"))
        .with_columns(
            total=pl.lit(None, pl.UInt32),
            indicator="first",
            partition=pl.lit(rule["partition"]),
            constant=pl.lit(float(rule["whole"])),
        )
    )
    return [_numbered(sets, members.select(*key, "point"), key, rule["check"], "sum")]


def at_most(points: pl.DataFrame, rule: Mapping[str, Any]) -> list[Identities]:
    """Declared bounds within one block: `lesser` is at most `greater`, region by region."""
    pairs = pl.DataFrame(rule["bounds"], schema={"lesser": pl.String, "greater": pl.String})
    key = ["block", "region", "period"]
    lesser = points.join(pairs, left_on="indicator", right_on="lesser").select(
        *key, "greater", "indicator", "point"
    )
    greater = points.select(*key, greater="indicator", total="point")
    sets = lesser.join(greater, on=[*key, "greater"])
    return [_numbered(sets.drop("point"), sets, [*key, "indicator", "greater"], rule["check"], "at_most")]
