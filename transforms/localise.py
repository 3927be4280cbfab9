"""Which cell is wrong: where broken identities cross, the one cell whose correction closes them all.

Correcting a point by `shift` moves each of its identities' residuals by sign * shift. A point explains a broken
identity when some shift closes it; it explains several when one shift, within the digits, closes them together.
"""

from __future__ import annotations

from typing import Any

import polars as pl

ROUNDS = 12
NARROW = 6  # terms of a sum in which a blank is likelier to hide the difference than a number to be wrong
LEDGER = ["identity", "kind", "left", "tolerance", "broken", "tells"]
FOUND: dict[str, Any] = {
    "point": pl.UInt32,
    "shift": pl.Float64,
    "lead": pl.UInt32,
    "closes": pl.List(pl.UInt32),
    "alike": pl.UInt32,
}


def localise(names: pl.DataFrame, terms: pl.DataFrame, points: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The cells that explain broken identities, and what stays broken.

    `names`: identity, kind, left (residual not yet explained), tolerance, broken, tells (false: a known error
    makes it doubtful what its residual should be). `terms`: identity, point, sign. `points`: point, known, aside.
    Returns (culprits: point, shift, lead (the sharpest identity), closes (identities), alike (printings that say
    the same), clean (nothing that the point is part of stays broken); names with left and broken after the
    corrections). Errors that hide behind each other come to light one after the other, or together.
    """
    culprits = pl.DataFrame(schema=FOUND)
    ledger = names.select(LEDGER)
    for _ in range(ROUNDS):
        if not ledger["broken"].any():
            break
        weighed, spread = _weigh(ledger, terms, points)
        found = _unrivalled(weighed).join(culprits, on="point", how="anti")
        if found.is_empty():
            found = _together(spread).join(culprits, on="point", how="anti")
        if found.is_empty():
            break
        culprits = pl.concat([culprits, found.select(pl.col(name).cast(dtype) for name, dtype in FOUND.items())])
        ledger = corrected(ledger, terms, found)
    return _clean(culprits, ledger, terms), names.drop("left", "broken").join(
        ledger.select("identity", "left", "broken"), on="identity", how="left", maintain_order="left"
    )


def candidates(names: pl.DataFrame, terms: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Every cell that could explain some of the identities that are broken; see _judged for the columns."""
    ledger = names.select(LEDGER)
    if not ledger["broken"].any():
        return pl.DataFrame(schema=FOUND | {"known": pl.Boolean, "conflicts": pl.UInt32, "sums": pl.UInt32})
    return _weigh(ledger, terms, points)[0]


def _weigh(ledger: pl.DataFrame, terms: pl.DataFrame, points: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Suspects (points of broken identities) with what they would explain if corrected as the sharpest of them
    asks (see _judged), and with their identities, one row each."""
    broken = ledger.filter("broken")
    suspects = terms.join(broken.select("identity"), on="identity", how="semi").select("point").unique()
    spread = (
        terms.join(suspects, on="point", how="semi")
        .join(ledger, on="identity")
        .join(points.select("point", "known", "aside"), on="point")
        .join(_open(terms, points), on="identity")
        .with_columns(shift=-pl.col("left") / pl.col("sign"))
    )
    return _judged(spread, _leads(spread.filter("broken", pl.col("kind") != "at_most"))), spread


def _judged(spread: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """Suspects that no sound identity acquits, if corrected as their leads (point, lead, lead_shift,
    lead_tolerance) ask: point, known, shift, lead, closes, conflicts, sums, witnesses, alike."""
    judged = _compatible(spread.join(leads, on="point"))
    explained = pl.col("broken") & pl.col("compatible")
    tells = pl.col("tells") & (pl.col("known") | (pl.col("unknowns") < 2))
    held = ~pl.col("broken") & ~pl.col("compatible") & tells
    is_sum = pl.col("kind") == "sum"
    weighed = judged.group_by("point", maintain_order=True).agg(
        pl.col("known", "aside", "lead").first(),
        shift=pl.col("lead_shift").first(),
        closes=pl.col("identity").filter(explained),
        sizes=pl.col("size").filter(explained),
        conflicts=(pl.col("broken") & ~pl.col("compatible")).sum(),
        breaks=(held & (pl.col("kind") != "same")).sum(),
        alike=(held & (pl.col("kind") == "same")).sum(),
        sums=(explained & is_sum).sum(),
        witnesses=(is_sum & tells).sum(),
    )
    return weighed.filter((pl.col("breaks") == 0) & (pl.col("closes").list.len() > 0))


def _open(terms: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """How many terms an identity has, and how many of them no number: with two it tells nothing of either."""
    blank = points.filter(~pl.col("known")).select("point", blank=pl.lit(True))
    return (
        terms.join(blank, on="point", how="left")
        .group_by("identity")
        .agg(size=pl.len(), unknowns=pl.col("blank").is_not_null().sum())
    )


def _leads(broken: pl.DataFrame) -> pl.DataFrame:
    """The sharpest of each point's identities: point, lead, lead_shift, lead_tolerance."""
    return (
        broken.sort("tolerance", "identity")
        .group_by("point", maintain_order=True)
        .agg(
            lead=pl.col("identity").first(),
            lead_shift=pl.col("shift").first(),
            lead_tolerance=pl.col("tolerance").first(),
        )
    )


def _compatible(led: pl.DataFrame) -> pl.DataFrame:
    """Each identity of a suspect against the shift that its lead asks for. A blank can't hide less than
    nothing."""
    after = pl.col("left") + pl.col("sign") * pl.col("lead_shift")
    room = pl.col("tolerance") + pl.col("lead_tolerance")
    return led.filter(pl.col("known") | (pl.col("lead_shift") > 0)).with_columns(
        compatible=pl.when(pl.col("kind") == "at_most").then(after <= room).otherwise(after.abs() <= room)
    )


def _unrivalled(found: pl.DataFrame) -> pl.DataFrame:
    """Candidates that explain more than any other candidate of the same broken identities: cells with a number
    where two of them cross (a sum among them: of two printings that differ neither is the better); a blank or
    unreadable cell also where one sum alone speaks of it. Of equals, an unreadable cell is the likelier, and in a
    narrow sum a blank."""
    rows = found.with_columns(weight=pl.col("closes").list.len()).explode("closes", "sizes")
    best = rows.filter(pl.col("weight") == pl.col("weight").max().over("closes")).filter(
        pl.col("conflicts") == pl.col("conflicts").min().over("closes")
    )
    likely = pl.when("aside").then(2).when(~pl.col("known") & (pl.col("sizes") <= NARROW)).then(1).otherwise(0)
    ranked = best.with_columns(likely=likely)
    likelier = ranked.filter(pl.col("likely") == pl.col("likely").max().over("closes"))
    alone = likelier.with_columns(alone=pl.len().over("closes") == 1)
    won = (
        alone.group_by("point", maintain_order=True)
        .agg(pl.exclude("closes", "sizes", "likely", "alone").first(), pl.col("closes"), won=pl.col("alone").sum())
        .filter(pl.col("won") == pl.col("weight"))
    )
    crossing = (pl.col("weight") > 1) & (pl.col("sums") > 0)
    lone_blank = ~pl.col("known") & (pl.col("conflicts") == 0) & (pl.col("witnesses") == 1)
    return won.filter(crossing | lone_blank)


def _together(spread: pl.DataFrame) -> pl.DataFrame:
    """Several errors in one sum: where each of its cells that another broken sum crosses is corrected as that one
    asks, the sum closes. Each of these cells is found. Sums that share several cells do not cross."""
    sums = spread.filter("broken", pl.col("kind") == "sum").select(
        "point", "identity", "sign", "left", "tolerance", "shift"
    )
    crossing = sums.join(
        sums.select("point", "identity", "tolerance", "shift"), on="point", suffix="_lead"
    ).filter(pl.col("identity") != pl.col("identity_lead"), pl.len().over("identity", "identity_lead") == 1)
    sharpest = crossing.sort("tolerance_lead", "identity_lead").unique(["point", "identity"], keep="first")
    whole = sharpest.filter(
        pl.len().over("identity") > 1,
        ((pl.col("sign") * pl.col("shift_lead")).sum().over("identity") + pl.col("left")).abs()
        <= pl.col("tolerance_lead").sum().over("identity") + pl.col("tolerance"),
    )
    leads = (
        whole.sort("identity")
        .unique("point", keep="first", maintain_order=True)
        .select(
            "point",
            lead="identity_lead",
            lead_shift="shift_lead",
            lead_tolerance="tolerance_lead",
            column="identity",
        )
    )
    found = _judged(spread, leads.drop("column")).join(leads.select("point", "column"), on="point")
    return found.with_columns(closes=pl.concat_list("closes", "column").list.unique(maintain_order=True))


def corrected(ledger: pl.DataFrame, terms: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The ledger after the found corrections."""
    moved = (
        terms.join(found.select("point", "shift"), on="point")
        .group_by("identity")
        .agg(move=(pl.col("sign") * pl.col("shift")).sum())
    )
    after = (
        ledger.select(LEDGER)
        .join(moved, on="identity", how="left", maintain_order="left")
        .with_columns(left=pl.col("left") + pl.col("move").fill_null(0.0))
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
    return culprits.join(dirty, on="point", how="left", maintain_order="left").with_columns(
        pl.col("clean").fill_null(True)
    )
