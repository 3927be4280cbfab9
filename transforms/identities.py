"""The identities of a warehouse, found and judged: which hold, which are known not to, which cells are to
blame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from transforms.acknowledge import expect
from transforms.localise import localise
from transforms.points import DUST
from transforms.printings import first_printings, printings
from transforms.regional import regional
from transforms.sums import Identities, at_most, parts_and_total, shares_and_whole, together


@dataclass(frozen=True)
class Judgement:
    """`names`: one row an identity: check, kind, block, table, edition, document, sheet, period, region,
    indicator, partition, residual, tolerance, known (entry of the known errors that explains it), left (residual
    beyond it), broken, closed (it was broken, and a culprit explains it). `terms`: identity, point, sign.
    `culprits`: see localise."""

    names: pl.DataFrame
    terms: pl.DataFrame
    culprits: pl.DataFrame
    fits: pl.DataFrame


def find(
    points: pl.DataFrame, indicators: pl.DataFrame, members: pl.DataFrame, rules: Mapping[str, Any]
) -> Identities:
    """Every identity that the rules declare and the points allow."""
    found: list[Identities] = []
    if rule := rules.get("parts_and_total"):
        found += parts_and_total(points, indicators, rule)
    if rule := rules.get("regions"):
        found += regional(points, members, rule)
    if rule := rules.get("two_printings"):
        found.append(printings(points, rule))
    for rule in rules.get("first_printings", []):
        found.append(first_printings(points, rule))
    for rule in rules.get("shares", []):
        found += shares_and_whole(points, indicators, rule)
    if rule := rules.get("at_most"):
        found += at_most(points, rule)
    return together(found)


def judge_identities(points: pl.DataFrame, found: Identities, known: pl.DataFrame) -> Judgement:
    """Residuals, tolerances and what explains them.

    The tolerance is the sum over an identity's terms of what their last published digits leave open; of two
    printings of one number, that of the coarser one.
    """
    blocks = points.select("block", "table", "edition", "document", "sheet").unique("block")
    sizes = (
        found.terms.join(points.select("point", "value", "half"), on="point")
        .group_by("identity")
        .agg(
            residual=(pl.col("sign") * pl.col("value")).sum(),
            open=pl.col("half").sum(),
            coarsest=pl.col("half").max(),
            largest=pl.col("value").abs().max(),
        )
    )
    named = (
        found.names.join(blocks, on="block", how="left", maintain_order="left")
        .join(sizes, on="identity", how="left", maintain_order="left")
        .with_columns(
            residual=pl.col("residual") - pl.col("constant"),
            tolerance=pl.when(pl.col("kind") == "same").then("coarsest").otherwise("open")
            + DUST * pl.max_horizontal(pl.col("largest"), pl.lit(1.0)),
        )
        .drop("open", "coarsest", "largest", "constant")
    )
    expected, fits = expect(named, known)
    beyond = expected.with_columns(left=pl.col("residual") - pl.col("expected"))
    size = pl.when(pl.col("kind") == "at_most").then("left").otherwise(pl.col("left").abs())
    judged = beyond.with_columns(broken=size > pl.col("tolerance"))
    culprits, after = localise(judged, found.terms, points)
    whole = after.with_columns(closed=judged["broken"] & ~after["broken"])
    return Judgement(whole, found.terms, culprits.with_columns(likely=pl.lit(False)), fits)
