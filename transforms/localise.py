"""Which cell is wrong: where broken identities cross, the one cell whose correction closes them all.

Correcting a point by `shift` moves each of its identities' residuals by sign * shift. A point explains a broken
identity when some shift closes it; it explains several when one shift, within the digits, closes them together.
"""

from __future__ import annotations

import polars as pl

ROUNDS = 12
LEDGER = ["identity", "kind", "left", "tolerance", "broken"]


def localise(names: pl.DataFrame, terms: pl.DataFrame, points: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The cells that explain broken identities, and what stays broken.

    `names`: identity, kind, left (residual not yet explained), tolerance, broken. `terms`: identity, point, sign.
    `points`: point, known. Returns (culprits: point, shift, lead (the sharpest identity), closes (identities),
    alike (printings that say the same), clean (nothing that the point is part of stays broken); names with left
    and broken after the corrections). Errors that hide behind each other come to light one after the other.
    """
    culprits: list[pl.DataFrame] = []
    ledger = names.select(LEDGER)
    for _ in range(ROUNDS):
        if not ledger["broken"].any():
            break
        found = _explain(ledger, terms, points)
        taken = pl.concat([c.select("point") for c in culprits]) if culprits else None
        if taken is not None:
            found = found.join(taken, on="point", how="anti")
        if found.is_empty():
            break
        culprits.append(found)
        ledger = _corrected(ledger, terms, found)
    whole = pl.concat(culprits) if culprits else _none()
    return _clean(whole, ledger, terms), names.drop("left", "broken").join(
        ledger.select("identity", "left", "broken"), on="identity", how="left", maintain_order="left"
    )


def _none() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "point": pl.UInt32,
            "shift": pl.Float64,
            "lead": pl.UInt32,
            "closes": pl.List(pl.UInt32),
            "alike": pl.UInt32,
        }
    )


def _explain(ledger: pl.DataFrame, terms: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """One round: points that alone explain the broken identities they close."""
    broken = ledger.filter("broken")
    suspects = terms.join(broken.select("identity"), on="identity", how="semi").select("point").unique()
    spread = (
        terms.join(suspects, on="point", how="semi")
        .join(ledger, on="identity")
        .join(points.select("point", "known"), on="point")
        .join(_open(terms, points), on="identity", how="left")
        .with_columns(shift=-pl.col("left") / pl.col("sign"))
    )
    judged = _compatible(spread)
    explained = pl.col("broken") & pl.col("compatible")
    tells = pl.col("known") | (pl.col("unknowns").fill_null(0) < 2)
    held = ~pl.col("broken") & ~pl.col("compatible") & tells
    weighed = judged.group_by("point").agg(
        pl.col("known").first(),
        shift=pl.col("lead_shift").first(),
        lead=pl.col("lead").first(),
        closes=pl.col("identity").filter(explained),
        sums=(explained & (pl.col("kind") == "sum")).sum(),
        conflicts=(pl.col("broken") & ~pl.col("compatible")).sum(),
        breaks=(held & (pl.col("kind") != "same")).sum(),
        alike=(held & (pl.col("kind") == "same")).sum(),
    )
    return _unrivalled(weighed.filter((pl.col("breaks") == 0) & (pl.col("closes").list.len() > 0)))


def _open(terms: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """How many of an identity's terms have no number: with two of them it tells nothing of either."""
    blank = points.filter(~pl.col("known")).select("point")
    return terms.join(blank, on="point", how="semi").group_by("identity").agg(unknowns=pl.len())


def _compatible(spread: pl.DataFrame) -> pl.DataFrame:
    """Each identity of a suspect against the shift that its sharpest broken identity asks for."""
    leads = (
        spread.filter("broken")
        .sort("tolerance", "identity")
        .group_by("point", maintain_order=True)
        .agg(
            lead=pl.col("identity").first(),
            lead_shift=pl.col("shift").first(),
            lead_tolerance=pl.col("tolerance").first(),
        )
    )
    after = pl.col("left") + pl.col("sign") * pl.col("lead_shift")
    room = pl.col("tolerance") + pl.col("lead_tolerance")
    return spread.join(leads, on="point").with_columns(
        compatible=pl.when(pl.col("kind") == "at_most").then(after <= room).otherwise(after.abs() <= room)
    )


def _unrivalled(candidates: pl.DataFrame) -> pl.DataFrame:
    """Candidates that explain more than any other candidate of the same broken identities: cells with a number
    where two of them cross (a sum among them: of two printings that differ neither is the better), a blank or
    unreadable cell by one. Where such a cell can explain an identity, cells with numbers don't compete for it."""
    rows = candidates.with_columns(weight=pl.col("closes").list.len()).explode("closes")
    rows = rows.filter(~pl.col("known") | pl.col("known").all().over("closes"))
    best = rows.with_columns(
        first=pl.col("weight") == pl.col("weight").max().over("closes"),
        fewer=pl.col("conflicts") == pl.col("conflicts").min().over("closes", "weight"),
    ).with_columns(top=pl.col("first") & pl.col("fewer"))
    alone = best.with_columns(alone=pl.col("top") & (pl.col("top").sum().over("closes") == 1))
    won = (
        alone.group_by("point", maintain_order=True)
        .agg(
            pl.col("shift", "lead", "alike", "conflicts", "known", "sums").first(),
            "closes",
            won=pl.col("alone").all(),
        )
        .filter("won")
    )
    crossing = ((pl.col("closes").list.len() > 1) & (pl.col("sums") > 0)) | (
        ~pl.col("known") & (pl.col("conflicts") == 0)
    )
    return won.filter(crossing).select("point", "shift", "lead", "closes", "alike")


def _corrected(ledger: pl.DataFrame, terms: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The ledger after the found corrections."""
    moved = (
        terms.join(found.select("point", "shift"), on="point")
        .group_by("identity")
        .agg(move=(pl.col("sign") * pl.col("shift")).sum())
    )
    after = ledger.join(moved, on="identity", how="left", maintain_order="left").with_columns(
        left=pl.col("left") + pl.col("move").fill_null(0.0)
    )
    closed = found.select(identity="closes").explode("identity").with_columns(closed=True).unique()
    size = pl.when(pl.col("kind") == "at_most").then(pl.col("left")).otherwise(pl.col("left").abs())
    return (
        after.join(closed, on="identity", how="left", maintain_order="left")
        .with_columns(broken=pl.col("broken") & (size > pl.col("tolerance")) & pl.col("closed").is_null())
        .select(LEDGER)
    )


def _clean(culprits: pl.DataFrame, ledger: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """Whether every identity of a culprit holds in the end (printings that say otherwise are no obstacle)."""
    still = ledger.filter(pl.col("broken") & (pl.col("kind") != "same")).select("identity")
    dirty = terms.join(still, on="identity", how="semi").select("point").unique().with_columns(clean=False)
    return culprits.join(dirty, on="point", how="left").with_columns(pl.col("clean").fill_null(True))
