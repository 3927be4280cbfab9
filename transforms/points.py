"""The numbers that identities speak of: every value cell, blank or set aside ones included, with what its digits
leave open.

A point is one printed place of one number. `block` is the printed table it stands in: a document's sheet, table
and edition; where one sheet prints a table twice, each printing is a block of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

PRINTED = ["document", "sheet", "table", "edition"]
PLACE = ["document", "sheet", "cell"]
KEY = ["indicator", "region", "period"]
DUST = 1e-9


def points(cells: pl.DataFrame, quarantine: pl.DataFrame, exact_units: Sequence[str] = ()) -> pl.DataFrame:
    """Points of SOURCE_CELL and QUARANTINE frames.

    Columns: point (id), block (id), document, sheet, cell, table, edition, indicator, region, period,
    unit, raw, value (0 where none is known), half (what the published digits leave open on either side, canonical
    unit), known (a number stands there), aside (the cell is in quarantine), resolution, status.
    """
    read = cells.filter((pl.col("role") == "value") & pl.all_horizontal(pl.col(KEY).is_not_null())).select(
        *PLACE, "table", "edition", *KEY, "unit", "raw", "value", "resolution", "status", "row", "column"
    )
    aside = quarantine.filter(pl.all_horizontal(pl.col(*KEY, "cell").is_not_null())).select(
        *PLACE, "table", "edition", *KEY, "raw"
    )
    both = pl.concat([read.with_columns(aside=False), aside.with_columns(aside=True)], how="diagonal")
    run = pl.sum_horizontal(pl.col(name).rle_id() for name in PRINTED)
    runs = both.with_columns(run=run)
    tables = runs.group_by("run", maintain_order=True).agg(pl.col(PRINTED).first())
    printed = tables.select(PRINTED).unique(maintain_order=True).with_row_index("printed")
    numbered = (
        runs.join(
            tables.join(printed, on=PRINTED, nulls_equal=True).select("run", "printed"),
            on="run",
            maintain_order="left",
        )
        .sort("printed", "row", "column", maintain_order=True)
        .with_columns(occurrence=pl.int_range(pl.len()).over("printed", *KEY))
    )
    blocks = numbered.select("printed", "occurrence").unique(maintain_order=True).with_row_index("block")
    return (
        numbered.join(blocks, on=["printed", "occurrence"], maintain_order="left")
        .with_row_index("point")
        .with_columns(
            known=pl.col("value").is_not_null() | (pl.col("status") == "N").fill_null(False),
            half=_half(exact_units),
            value=pl.col("value").fill_null(0.0),
        )
        .drop("row", "column", "run", "printed", "occurrence")
    )


def _half(exact_units: Sequence[str]) -> pl.Expr:
    """Half of the last published digit's unit. Things counted one by one and printed to the unit are exact. A
    symbol for "below the unit shown" is at most one unit of its column's last digit."""
    counted = pl.col("unit").is_in(list(exact_units)) & (pl.col("resolution") == 1.0)
    below = pl.col("resolution").max().over("block", "indicator")
    return (
        pl.when(counted)
        .then(0.0)
        .when(pl.col("status") == "N")
        .then(below.fill_null(0.0))
        .otherwise(pl.col("resolution").fill_null(0.0) / 2)
    )
