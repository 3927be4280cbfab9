"""The judgement of a warehouse: corrections applied, identities and plausibility checked, convicted cells set
aside.

Pure: frames and parsed declarations in, frames out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from transforms.acknowledge import acknowledge, known_errors, stale
from transforms.corrections import Corrected, correct
from transforms.identities import Judgement, find, judge_identities
from transforms.missing import missing_regions, negligible_blanks, strayed_rows
from transforms.plausibility import implausible
from transforms.points import PLACE, points
from transforms.ratios import rank_findings, ratio_findings
from transforms.schema import FINDING, QUARANTINE, SOURCE_CELL
from transforms.suspects import suspected
from transforms.swapped import swap_findings, swapped_rows
from transforms.verdicts import broken_findings, convicted, culprit_findings, culprit_rows, known_findings

ORDER = ["check", "table", "edition", "period", "indicator", "region", "document", "sheet", "cell", "message"]


@dataclass(frozen=True)
class Judged:
    """`cells` (SOURCE_CELL) and `quarantine` (QUARANTINE) after the judgement, every finding (FINDING), and the
    `identities` that were applied: check, kind, document, sheet, table, edition, period, region, indicator,
    partition, residual, tolerance, holds."""

    cells: pl.DataFrame
    quarantine: pl.DataFrame
    findings: pl.DataFrame
    identities: pl.DataFrame


def judge(
    cells: pl.DataFrame,
    quarantine: pl.DataFrame,
    indicators: pl.DataFrame,
    members: pl.DataFrame,
    rules: Mapping[str, Any],
    known: Sequence[Mapping[str, Any]],
    corrections: Sequence[Mapping[str, Any]],
    found: pl.DataFrame | None = None,
) -> Judged:
    """Judge all cells of a warehouse.

    `rules` holds identities and plausibility (data/rules), `known` the publisher's known errors, `found` the
    findings of reading, which corrections and known errors may acknowledge; they are among the result's findings.
    """
    rule, errors = rules["identities"], known_errors(known)
    mended = correct(cells, quarantine, corrections)
    spots = points(mended.cells, mended.quarantine, rule["exact_units"])
    judgement = judge_identities(spots, find(spots, indicators, members, rule), errors)
    pairs, explained = swapped_rows(judgement, spots, members, rule["regions"])
    judgement = _settled(judgement, explained)
    plausible = rules["plausibility"]
    ranks = rank_findings(spots, rule["ranks"])
    judgement = suspected(judgement, spots, _ranked(ranks, rule["ranks"]), rule["suspects"], plausible)
    culprits = culprit_rows(judgement, spots, rule["conviction"])
    said = pl.concat(
        [
            _reading(found, mended),
            mended.findings,
            known_findings(judgement, errors),
            culprit_findings(culprits),
            broken_findings(judgement, spots),
            swap_findings(pairs, spots),
            missing_regions(spots, members, rule["regions"]),
            ratio_findings(spots, indicators, members, rule["ratios"]),
            _unexplained(ranks, culprits, rule["ranks"]),
            implausible(spots, culprits.filter("convicted"), plausible),
        ]
    )
    said, used = acknowledge(said, errors)
    whole = pl.concat([said, stale(errors, judgement.fits, used, mended.cells)])
    return Judged(
        _judged_cells(mended.cells, culprits, negligible_blanks(judgement, spots, rule["parts_and_total"]["check"])),
        _judged_quarantine(mended, convicted(culprits)),
        whole.sort(ORDER, nulls_last=True, maintain_order=True),
        judgement.names.select(*_APPLIED, holds=~pl.col("broken") & ~pl.col("closed")),
    )


_APPLIED = [
    *("check", "kind", "document", "sheet", "table", "edition", "period", "region", "indicator", "partition"),
    *("residual", "tolerance"),
]


def _unexplained(ranks: pl.DataFrame, culprits: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Rank findings without those whose ranked number is a culprit already."""
    blamed = culprits.select(
        "document", indicator=pl.col("indicator") + rule["suffix"], region="region", period="period"
    )
    return ranks.join(blamed, on=blamed.columns, how="anti", maintain_order="left")


def _ranked(ranks: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """The numbers whose ranks contradict them: document, indicator, region, period."""
    return ranks.select("document", pl.col("indicator").str.strip_suffix(rule["suffix"]), "region", "period")


def _settled(judgement: Judgement, explained: pl.DataFrame) -> Judgement:
    """The judgement with identities that a swap of rows explains taken as explained."""
    swapped = pl.col("identity").is_in(explained["identity"].implode())
    names = judgement.names.with_columns(
        broken=pl.col("broken") & ~swapped, closed=pl.col("closed") | (pl.col("broken") & swapped)
    )
    return replace(judgement, names=names)


def _reading(found: pl.DataFrame | None, mended: Corrected) -> pl.DataFrame:
    """What reading found, acknowledged where a correction mends it."""
    if found is None:
        return pl.DataFrame(schema=FINDING)
    places = mended.places.with_columns(corrected=True)
    whole = found.join(places, on=PLACE, how="left", nulls_equal=True, maintain_order="left")
    hit = pl.col("corrected").is_not_null()
    return whole.with_columns(
        acknowledged=pl.col("acknowledged") | hit,
        reason=pl.when(hit).then(pl.lit("corrected in data/corrections")).otherwise("reason"),
    ).select(*FINDING)


def _judged_cells(cells: pl.DataFrame, culprits: pl.DataFrame, blanks: pl.DataFrame) -> pl.DataFrame:
    """Cells without the convicted ones (a convicted blank stays, as not available), blanks that the sums prove
    negligible marked as below the unit shown."""
    out = culprits.filter("convicted", "known").select(PLACE)
    proved = blanks.with_columns(
        proof=pl.format("blank; its row's sum leaves at most {} for it", pl.col("bound").round(3))
    ).drop("bound")
    return (
        cells.join(out, on=PLACE, how="anti", nulls_equal=True, maintain_order="left")
        .join(proved, on=PLACE, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(
            status=pl.when(pl.col("proof").is_not_null()).then(pl.lit("N")).otherwise("status"),
            note=pl.coalesce("note", "proof"),
        )
        .select(*SOURCE_CELL)
    )


def _judged_quarantine(mended: Corrected, guilty: pl.DataFrame) -> pl.DataFrame:
    """The quarantine with the convicted cells, and with what is proposed for cells that reading set aside."""
    proposed = guilty.filter("aside").select(*PLACE, proof="reason", proposal="suggestion")
    mendable = (
        mended.quarantine.join(proposed, on=PLACE, how="left", nulls_equal=True, maintain_order="left")
        .join(strayed_rows(mended.quarantine, mended.cells), on=PLACE, how="left", maintain_order="left")
        .with_columns(
            reason=pl.when(pl.col("proof").is_null()).then("reason").otherwise(pl.format("{}; {}", "reason", "proof")),
            suggestion=pl.coalesce("proposal", "home", "suggestion"),
        )
        .select(*QUARANTINE)
    )
    return pl.concat([mendable, guilty.filter(~pl.col("aside")).select(*QUARANTINE)])
