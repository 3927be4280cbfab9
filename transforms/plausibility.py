"""Numbers that no identity can convict and that are hard to believe: jumps, slips of magnitude, signs."""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import Any

import polars as pl

from transforms.copies import copied
from transforms.exchanged import exchanged_columns, exchanged_rows
from transforms.points import KEY
from transforms.schema import FINDING, findings
from transforms.series import SLIM, growth, series

TEN = log(10)


def implausible(points: pl.DataFrame, convicted: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Findings over all series of a warehouse. `convicted`: point, of cells that identities have set aside;
    `rule`: data/rules/plausibility.yml."""
    sound = points.join(convicted.select("point"), on="point", how="anti")
    line = series(sound, rule)
    grown = growth(line, rule)
    found = [
        _slips(grown, rule["magnitude"]),
        _jumps(grown, rule["jump"], rule["magnitude"]),
        _columns(grown, rule["unit"]),
        _scrambled(grown, rule["scrambled"]),
        _reprints(sound, line, rule["reprint"]),
        _negatives(sound, rule["negative"]),
        _empty_columns(sound, rule["empty"]),
        *copied(sound, line, rule["copies"]),
        exchanged_rows(grown, rule["exchange"]),
        exchanged_columns(grown, rule["exchange"]),
    ]
    return pl.concat([_finding(frame, points) for frame in found if frame.height] or [findings()])


def _finding(frame: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """A frame of check, severity, message, point or block and what of FINDING it has, as findings."""
    one = "point" if "point" in frame.columns else "block"
    place = ["document", "sheet", "table", "edition", *(["cell"] if one == "point" else [])]
    there = points.select(one, *place).unique(one)
    bare = frame.drop(name for name in place if name in frame.columns)
    given = bare.join(there, on=one, how="left", maintain_order="left").with_columns(acknowledged=False)
    blank = [pl.lit(None, dtype).alias(name) for name, dtype in FINDING.items() if name not in given.columns]
    return given.with_columns(blank).select(pl.col(name).cast(dtype) for name, dtype in FINDING.items())


def _near_power(size: pl.Expr, rule: Mapping[str, Any]) -> pl.Expr:
    """Whether a difference of logarithms is nearly a whole power of ten, and not none."""
    power = (size / TEN).round()
    return (power != 0) & ((size - power * TEN).abs() <= rule["within"])


def _slip(rule: Mapping[str, Any]) -> pl.Expr:
    """A number that strays by nearly a power of ten and comes back (or is the last of its line)."""
    returns = pl.col("back").is_null() | ((pl.col("stray") + pl.col("back")).abs() <= rule["within"] * 2)
    return _near_power(pl.col("stray"), rule) & (pl.col("times").abs() >= rule["times"]) & returns


def _slips(grown: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    return grown.filter(_slip(rule)).with_columns(
        check=pl.lit(rule["check"]),
        severity=pl.when(pl.col("back").is_null()).then(pl.lit("warning")).otherwise(pl.lit("error")),
        residual=pl.col("value") - pl.col("was"),
        message=pl.format(
            "{} after {} in {}: a slip by a power of ten? Others grew by {} %",
            pl.col("value").round(4),
            pl.col("was").round(4),
            "before",
            _percent("usual"),
        ),
    )


def _jumps(grown: pl.DataFrame, rule: Mapping[str, Any], slip: Mapping[str, Any]) -> pl.DataFrame:
    """Numbers far from where their own past and their peers' growth put them: the farthest are warnings. The way
    back from the last one is no jump."""
    size = pl.col("times").abs()
    came = pl.col("came").fill_null(0.0)
    way_back = (pl.col("stray") * came < 0) & ((pl.col("stray") + came).abs() < pl.col("stray").abs() / 2)
    off = grown.filter(~way_back)
    said = off.filter(size >= rule["info"], pl.col("stray").abs() >= log(rule["factor"]), ~_slip(slip))
    return said.with_columns(
        check=pl.lit(rule["check"]),
        severity=pl.when(size >= rule["warning"]).then(pl.lit("warning")).otherwise(pl.lit("info")),
        residual=pl.col("value") - pl.col("was"),
        message=pl.format(
            "{} after {} in {}, where others grew by {} %: {} times as far off as such numbers usually are",
            pl.col("value").round(4),
            pl.col("was").round(4),
            "before",
            _percent("usual"),
            size.round(1),
        ),
    )


def _percent(name: str) -> pl.Expr:
    return ((pl.col(name).exp() - 1) * 100).round(1)


def _steps(grown: pl.DataFrame, peers: int) -> pl.DataFrame:
    """How the regions of each column with enough of them have grown: block, indicator, period, before, the usual growth
    (logarithm), how far regions spread around it, and their number n."""
    return (
        grown.filter(pl.col("peers") >= peers)
        .group_by("block", "indicator", "period", "before", maintain_order=True)
        .agg(
            usual=pl.col("grew").median(),
            spread=(pl.col("grew") - pl.col("grew").median()).abs().median(),
            n=pl.len(),
        )
        .filter(pl.col("n") >= peers)
    )


def _scrambled(grown: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Columns in which the regions go on from each other's past, not from their own: moved up or down, or sorted."""
    steps = _steps(grown, rule["peers"]).with_columns(
        usually=pl.col("spread").median().over("indicator"), others=pl.len().over("indicator") - 1
    )
    off = steps.filter(
        pl.col("others") >= rule["columns"],
        pl.col("spread") >= rule["spread"],
        pl.col("spread") >= rule["times"] * pl.col("usually"),
    )
    return off.with_columns(
        check=pl.lit(rule["check"]),
        severity=pl.lit("error"),
        message=pl.format(
            "half of the {} regions stray by {} % or more from what they were in {}, {} times as far as usual: has the"
            " column been moved or sorted?",
            "n",
            _percent("spread"),
            "before",
            (pl.col("spread") / pl.col("usually")).round(1),
        ),
    )


def _columns(grown: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Whole columns off by a power of ten, all regions alike: another unit than the one that is stated."""
    off = _steps(grown, rule["peers"]).filter(_near_power(pl.col("usual"), rule), pl.col("spread") <= rule["spread"])
    return off.with_columns(
        check=pl.lit(rule["check"]),
        severity=pl.lit("error"),
        message=pl.format(
            "all {} regions are {} times what they were in {}: in another unit than stated?",
            "n",
            pl.col("usual").exp().round(4),
            "before",
        ),
    )


def _reprints(points: pl.DataFrame, line: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Numbers that a later edition or another table prints as a multiple of what they were: restatements are not
    of that size."""
    again = (
        points.select(*SLIM, "known")
        .filter("known", pl.col("value") != 0)
        .join(
            line.filter(pl.col("value") != 0).select(*KEY, first="value", first_edition="edition", series="point"),
            on=KEY,
        )
    )
    ratio = (pl.col("value") / pl.col("first")).abs().log()
    return again.filter(pl.col("point") != pl.col("series"), ratio.abs() >= log(rule["factor"])).with_columns(
        check=pl.lit(rule["check"]),
        severity=pl.when(_near_power(ratio, rule)).then(pl.lit("error")).otherwise(pl.lit("warning")),
        residual=pl.col("value") - pl.col("first"),
        message=pl.format("{} here, {} in {}", pl.col("value").round(4), pl.col("first").round(4), "first_edition"),
    )


def _empty_columns(points: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Columns in which no province has a number but nought, although other columns of the indicator have: they were
    not filled in."""
    told = points.filter(pl.col("region").str.contains(r"^\d{6}$")).with_columns(
        says=pl.col("known") & (pl.col("value").fill_null(0.0) != 0)
    )
    by_column = told.group_by("block", "indicator", "period", maintain_order=True).agg(pl.col("says").sum(), n=pl.len())
    filled = by_column.filter(pl.col("says") > 0).select("indicator").unique()
    empty = by_column.filter(pl.col("says") == 0, pl.col("n") >= rule["regions"])
    return empty.join(filled, on="indicator", how="semi", maintain_order="left").with_columns(
        check=pl.lit(rule["check"]),
        severity=pl.lit("error"),
        message=pl.format("none of {} provinces has a number here; elsewhere they have", "n"),
    )


def _negatives(points: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Numbers below nothing: an error, except where profits and growth can be."""
    below = points.filter("known", pl.col("value") < 0)
    may = pl.any_horizontal(pl.col("indicator").str.contains(pattern) for pattern in rule["may_be"])
    return below.filter(~pl.col("indicator").str.contains(rule["unsigned"])).with_columns(
        check=pl.lit(rule["check"]),
        severity=pl.when(may).then(pl.lit("info")).otherwise(pl.lit("error")),
        message=pl.format("{} is below nothing", "raw"),
    )
