"""The same numbers in two places where they can't be: rows, columns and years that were copied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl


def copied(points: pl.DataFrame, line: pl.DataFrame, rule: Mapping[str, Any]) -> list[pl.DataFrame]:
    """Frames of check, severity, message and place: rows of two regions that are alike in every column, columns
    that are alike in every row, years that print another year's numbers. A zone may well be its only province.

    `rule`: rows, columns, years (checks), digits (so many significant digits in all make a likeness no accident).
    """
    slim = points.select("point", "block", "indicator", "region", "period", "value", "resolution", "known")
    numbers = slim.filter("known", pl.col("value") != 0).with_columns(
        digits=(pl.col("value").abs() / pl.col("resolution").fill_null(1.0)).log10().floor().clip(0) + 1
    )
    provinces = numbers.filter(pl.col("region").str.contains(r"^\d{6}$"))
    rows = _alike(provinces, ["block", "region"], ["indicator", "period"], ["block"], "region", rule)
    columns = _alike(numbers, ["block", "indicator", "period"], ["region"], ["block", "period"], "indicator", rule)
    first = provinces.join(line.select("point"), on="point", how="semi")
    years = _alike(first, ["block", "indicator", "period"], ["region"], ["indicator"], "period", rule)
    return [
        rows.with_columns(
            check=pl.lit(rule["rows"]), message=pl.format("the same numbers as in the row of {}", "twin")
        ),
        columns.filter(~_kin("indicator", "twin"), ~_kin("twin", "indicator")).with_columns(
            check=pl.lit(rule["columns"]), message=pl.format("the same numbers as in the column of {}", "twin")
        ),
        years.with_columns(check=pl.lit(rule["years"]), message=pl.format("the same numbers as for {}", "twin")),
    ]


def _kin(child: str, parent: str) -> pl.Expr:
    """Whether one indicator is a part of the other: a total is its only part where the others are nothing."""
    return pl.col(child).str.starts_with(pl.col(parent) + ".")


def _alike(
    numbers: pl.DataFrame, group: list[str], order: list[str], among: list[str], name: str, rule: Mapping[str, Any]
) -> pl.DataFrame:
    """Groups whose values, in order, are those of an earlier group among their like: columns of `group`, twin."""
    vectors = (
        numbers.with_columns(print=pl.struct(*order, "value").hash())
        .group_by(group, maintain_order=True)
        .agg(
            values=pl.col("print").sum(),
            digits=pl.col("digits").sum(),
            different=pl.col("value").n_unique(),
        )
        .filter(pl.col("digits") >= rule["digits"], pl.col("different") >= rule["different"])
        .sort(group, nulls_last=True)
    )
    twin = pl.col(name).first().over(*among, "values")
    return (
        vectors.with_columns(twin=twin.cast(pl.String))
        .filter(pl.col(name).cast(pl.String) != pl.col("twin"))
        .with_columns(severity=pl.lit("error"))
    )
