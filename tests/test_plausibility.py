"""Plausibility: what is hard to believe is said once, what is only lively is not said at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from flows.declarations import Declarations
from flows.steps import Run
from tests.printed import PARTS, cells
from transforms.plausibility import implausible
from transforms.points import points
from transforms.schema import QUARANTINE, frame

YEARS = range(2012, 2022)
REGIONS = [f"{code}0000" for code in (11, 12, 13, 14, 21, 22, 31, 32, 33, 34, 41, 42)]
RULE: dict[str, Any] = Declarations().rules("plausibility")


@pytest.fixture(scope="module")
def quiet() -> pl.DataFrame:
    """Twelve regions of very different size, three columns, ten years, growth of 8 % with some life in it."""
    draw = np.random.default_rng(7)
    level = {
        (part, region): 10.0 ** draw.uniform(4, 6) * (3.0**k) for region in REGIONS for k, part in enumerate(PARTS)
    }
    tables = []
    for year in YEARS:
        for place in level:
            level[place] *= 1.08 * float(np.exp(draw.normal(0, 0.04)))
        texts = {place: f"{value:.0f}" for place, value in level.items()}
        tables.append(cells(texts, f"{year:064d}", f"st-yearbook/{year + 1}", year))
    return pl.concat(tables)


def said(table: pl.DataFrame) -> set[tuple[str, str, int | None, str | None]]:
    """(check, severity, period, region) of all findings but information."""
    spots = points(table, frame(QUARANTINE))
    found = implausible(spots, spots.clear(), RULE).filter(pl.col("severity") != "info")
    return set(found.select("check", "severity", "period", "region").rows())


def at(year: int, region: str | None = None, part: str | None = None) -> pl.Expr:
    place = pl.col("period") == year
    if region:
        place &= pl.col("region") == region
    return place & (pl.col("indicator") == part) if part else place


def changed(table: pl.DataFrame, where: pl.Expr, value: pl.Expr) -> pl.DataFrame:
    return table.with_columns(value=pl.when(where).then(value).otherwise("value"))


def test_a_lively_series_is_left_alone(quiet: pl.DataFrame) -> None:
    assert said(quiet) == set()


@pytest.mark.parametrize("factor", [10, 0.1, 10000, 0.0001])
def test_a_slip_of_magnitude(quiet: pl.DataFrame, factor: float) -> None:
    table = changed(quiet, at(2016, "110000", PARTS[0]), pl.col("value") * factor)
    assert said(table) == {("magnitude_slip", "error", 2016, "110000")}


def test_a_slip_in_the_last_year_is_a_warning(quiet: pl.DataFrame) -> None:
    table = changed(quiet, at(2021, "110000", PARTS[0]), pl.col("value") * 10)
    assert said(table) == {("magnitude_slip", "warning", 2021, "110000")}


def test_a_jump(quiet: pl.DataFrame) -> None:
    table = changed(quiet, at(2016, "110000", PARTS[0]), pl.col("value") * 4)
    assert said(table) == {("jump", "warning", 2016, "110000")}


def test_a_column_in_another_unit(quiet: pl.DataFrame) -> None:
    found = said(changed(quiet, at(2021), pl.col("value") / 10000))
    assert {f[:3] for f in found if f[0] == "unit_slip"} == {("unit_slip", "error", 2021)}


def test_a_number_below_nothing(quiet: pl.DataFrame) -> None:
    assert ("below_nothing", "error", 2016, "110000") in said(
        changed(quiet, at(2016, "110000", PARTS[0]), -pl.col("value"))
    )


@pytest.mark.parametrize("order", ["moved down", "sorted"])
def test_a_column_whose_rows_are_not_its_regions(quiet: pl.DataFrame, order: str) -> None:
    column = quiet.filter(at(2021, part=PARTS[0]))["value"]
    rows = column.shift(1).fill_null(column[-1]) if order == "moved down" else column.sort()
    other = quiet.filter(at(2021, part=PARTS[0])).with_columns(value=rows)
    table = pl.concat([quiet.filter(~at(2021, part=PARTS[0])), other])
    assert ("column_scrambled", "error", 2021, None) in said(table)


@pytest.mark.parametrize("value", [0.0, None])
def test_a_column_that_was_not_filled_in(quiet: pl.DataFrame, value: float | None, monkeypatch: Any) -> None:
    monkeypatch.setitem(RULE, "empty", RULE["empty"] | {"regions": 10})
    empty = changed(quiet, at(2021, part=PARTS[0]), pl.lit(value))
    assert ("column_empty", "error", 2021, None) in said(empty)
    one = changed(quiet, at(2021, REGIONS[0], PARTS[0]), pl.lit(None, pl.Float64))
    assert not {each for each in said(one) if each[0] == "column_empty"}


def test_a_copied_row(quiet: pl.DataFrame) -> None:
    source = quiet.filter(at(2016, "110000")).select("indicator", copy="value", said="raw")
    table = quiet.join(source, on="indicator", how="left", maintain_order="left")
    hit = at(2016, "120000")
    table = table.with_columns(
        value=pl.when(hit).then("copy").otherwise("value"), raw=pl.when(hit).then("said").otherwise("raw")
    )
    assert ("rows_copied", "error", None, "120000") in said(table.select(quiet.columns))


def test_a_year_that_prints_another_years_numbers(quiet: pl.DataFrame) -> None:
    again = quiet.filter(at(2021)).with_columns(
        period=pl.lit(2022, pl.Int32), edition=pl.lit("st-yearbook/2023"), document=pl.lit("c" * 64)
    )
    found = said(pl.concat([quiet, again]))
    assert {f[:3] for f in found} == {("year_copied", "error", 2022)}


def test_rows_that_changed_places(quiet: pl.DataFrame) -> None:
    other = {"110000": "420000", "420000": "110000"}
    table = quiet.with_columns(region=pl.when(at(2021)).then(pl.col("region").replace(other)).otherwise("region"))
    found = {f for f in said(table) if f[0] == "rows_exchanged"}
    assert found == {("rows_exchanged", "error", 2021, "110000"), ("rows_exchanged", "error", 2021, "420000")}


def test_columns_that_changed_places(quiet: pl.DataFrame) -> None:
    other = {PARTS[0]: PARTS[1], PARTS[1]: PARTS[0]}
    table = quiet.with_columns(
        indicator=pl.when(at(2021)).then(pl.col("indicator").replace(other)).otherwise("indicator")
    )
    assert ("columns_exchanged", "error", 2021, None) in said(table)


def test_a_reprint_that_is_no_restatement(quiet: pl.DataFrame) -> None:
    again = quiet.filter(at(2020, "110000", PARTS[0])).with_columns(
        edition=pl.lit("st-yearbook/2022"), document=pl.lit("c" * 64), value=pl.col("value") * 10
    )
    assert ("reprint_differs", "error", 2020, "110000") in said(pl.concat([quiet, again]))
    restated = again.with_columns(value=pl.col("value") / 10 * 1.2)
    assert said(pl.concat([quiet, restated])) == set()


def test_published_tables_raise_few_warnings(published_run: Run) -> None:
    checks = {"jump", "magnitude_slip", "unit_slip", "reprint_differs", "below_nothing", "rows_copied"}
    checks |= {"columns_copied", "year_copied", "rows_exchanged", "level_of_another", "columns_exchanged"}
    found = published_run.verdicts.frame("finding").filter(  # type: ignore[union-attr]
        pl.col("check").is_in(list(checks)) & (pl.col("severity") != "info")
    )
    assert found.select("check", "indicator", "region", "period").rows() == [
        ("jump", "technology_contract_value_out", "630000", 2019)
    ], "Qinghai's contract value fell to a ninth in 2019 and stayed there: the one break in a level that was found"
