"""Untitled printings placed by their numbers: the same regions and figures as another printing in the home.

An HTML printing carries a unit and heads only. It is the table, data year and edition whose cells agree with its
own within the coarser one's last digit; it stays unrecognised until exactly one such table stands out.
"""

from __future__ import annotations

import polars as pl

AGREE = 0.9
RIVAL = 0.6
LEAST = 10


def place(candidates: pl.DataFrame, cells: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Settle candidates against the placed `cells` (SOURCE_CELL).

    `candidates`: SOURCE_CELL columns plus `contract` and `panel`; for each document and sheet one set of rows per
    contract that its heads fit; period and edition are null unless the heads are years (`panel`).
    Returns (placed cells in SOURCE_CELL columns, verdicts: document, sheet, contract, period, edition, shared,
    agreement, placed) with one verdict for each possible table, best first.
    """
    if candidates.is_empty():
        return cells.clear(), _no_verdicts()
    verdicts = _verdicts(candidates, cells)
    placed = verdicts.filter("placed").select("document", "sheet", "contract", "period_found", "edition_found")
    rows = candidates.join(placed, on=["document", "sheet", "contract"], how="inner").with_columns(
        period=pl.coalesce("period", "period_found"), edition=pl.coalesce("edition", "edition_found")
    )
    return rows.select(cells.columns), verdicts


def _verdicts(candidates: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    values = candidates.filter((pl.col("role") == "value") & pl.col("value").is_not_null())
    known = cells.filter((pl.col("role") == "value") & pl.col("value").is_not_null()).select(
        "table", "indicator", "region", "period", "edition", other="value", other_resolution="resolution"
    )
    sizes = values.group_by("document", "sheet", "contract").agg(size=pl.len())
    pairs = values.join(known, on=["table", "indicator", "region"], how="inner", suffix="_found").filter(
        ~pl.col("panel") | (pl.col("period") == pl.col("period_found"))
    )
    agrees = (pl.col("value") - pl.col("other")).abs() <= _half_digit()
    scored = (
        pairs.with_columns(
            period_found=pl.when("panel").then(pl.lit(None, pl.Int32)).otherwise("period_found"), agrees=agrees
        )
        .group_by("document", "sheet", "contract", "period_found", "edition_found")
        .agg(shared=pl.len(), agreement=pl.col("agrees").mean())
        .join(sizes, on=["document", "sheet", "contract"])
        .filter((pl.col("shared") >= LEAST) & (pl.col("shared") * 3 >= pl.col("size")))
        .sort(
            ["document", "sheet", "agreement", "shared", "contract", "period_found", "edition_found"],
            descending=[False, False, True, True, False, True, True],
        )
    )
    return _stand_out(scored)


def _half_digit() -> pl.Expr:
    """Half of the coarser printing's last digit, and the dust of binary fractions."""
    dust = pl.max_horizontal(pl.col("value").abs(), pl.col("other").abs()) * 1e-9
    return pl.max_horizontal("resolution", "other_resolution") / 2 + dust


def _stand_out(scored: pl.DataFrame) -> pl.DataFrame:
    """Placed: the best verdict of a sheet, where it agrees and no other table comes near it. Editions of the
    same panel and contract are not rivals."""
    sheet = ["document", "sheet"]
    best = pl.struct("contract", "period_found")
    return (
        scored.with_columns(
            first=best.first().over(sheet),
            rank=pl.int_range(pl.len()).over(sheet),
            rival=pl.when(best != best.first().over(sheet)).then("agreement").max().over(sheet).fill_null(0.0),
        )
        .with_columns(placed=(pl.col("rank") == 0) & (pl.col("agreement") >= AGREE) & (pl.col("rival") <= RIVAL))
        .drop("first")
    )


def _no_verdicts() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "document": pl.String,
            "sheet": pl.String,
            "contract": pl.String,
            "period_found": pl.Int32,
            "edition_found": pl.String,
            "shared": pl.UInt32,
            "agreement": pl.Float64,
            "size": pl.UInt32,
            "rank": pl.Int64,
            "rival": pl.Float64,
            "placed": pl.Boolean,
        }
    )
