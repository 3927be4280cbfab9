"""What a convicted cell should say: the corrected value in the unit and form of the cells around it."""

from __future__ import annotations

from math import log10

import polars as pl


def suggestions(culprits: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Adds to `culprits` (point, shift): corrected (canonical unit) and suggestion (as the cell would print it).

    The printed unit and the decimals are those of the same column's other numbers; a column without any is taken
    to print canonical units.
    """
    wrong = culprits.join(points, on="point", how="left", maintain_order="left").with_columns(
        corrected=pl.col("value") + pl.col("shift")
    )
    printed = pl.col("raw").str.replace_all(r"[,\s]", "").cast(pl.Float64, strict=False)
    neighbours = (
        points.join(wrong.select("block", "indicator").unique(), on=["block", "indicator"], how="semi")
        .with_columns(printed=printed)
        .filter("known", pl.col("printed") != 0, pl.col("value") != 0)
        .group_by("block", "indicator")
        .agg(factor=(pl.col("value") / pl.col("printed")).median(), finest=pl.col("resolution").min())
    )
    forms = wrong.join(neighbours, on=["block", "indicator"], how="left", maintain_order="left")
    texts = [
        printed_form(corrected, factor or 1.0, finest or factor or 1.0)
        for corrected, factor, finest in forms.select("corrected", "factor", "finest").iter_rows()
    ]
    return forms.with_columns(suggestion=pl.Series(texts, dtype=pl.String)).drop("factor", "finest")


def printed_form(value: float, factor: float, resolution: float) -> str:
    """A canonical value as a table prints it: divided by its unit's factor, with the decimals of its digits.

    printed_form(262930000, 10000, 1000) == "26293.0"
    """
    decimals = max(0, round(-log10(resolution / factor)))
    text = f"{value / factor:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text
