"""Vintages of the real tables: what became of each number that consecutive editions print."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from flows.marts.warehouse import Warehouse
from flows.steps import Run

# (editions): cells that both print, of these changed: what the field guide counted in table 1-8
CHANGED = {(2019, 2020): (224, 204), (2020, 2021): (256, 256), (2021, 2022): (288, 1)}


@pytest.fixture(scope="module")
def warehouse(published_run: Run) -> Warehouse:
    assert published_run.warehouse
    return published_run.warehouse


@pytest.mark.parametrize("pair", CHANGED)
def test_the_counts_of_table_1_8_are_the_field_guides(warehouse: Warehouse, pair: tuple[int, int]) -> None:
    kinds = warehouse.query(f"""
        select kind, count(*) as n from marts.revision
        where indicator = 'rd_intensity'
            and from_edition = 'st-yearbook/{pair[0]}' and to_edition = 'st-yearbook/{pair[1]}'
        group by kind
    """)
    counts = dict(kinds.iter_rows())
    assert counts.keys() <= {"unchanged", "rounding", "revised"}
    assert (sum(counts.values()), counts.get("rounding", 0) + counts.get("revised", 0)) == CHANGED[pair]


def test_every_shared_cell_has_one_verdict(warehouse: Warehouse) -> None:
    """Counted again from the cells, without the mart's own joins."""
    ours = (pl.col("indicator") == "rd_intensity") & pl.col("edition").str.starts_with("st-yearbook/")
    cells = warehouse.mart("source_cell").filter(ours, pl.col("value").is_not_null())
    keys = cells.select("region", "period", pl.col("edition").str.tail(4).cast(pl.Int32).alias("year")).unique()
    shared = keys.join(keys.with_columns(pl.col("year") - 1), on=["region", "period", "year"])
    judged = warehouse.query(
        "select region, period, to_edition from marts.revision where indicator = 'rd_intensity'"
        " and starts_with(from_edition, 'st-yearbook/') and kind <> 'withdrawn'"
    )
    assert shared.height == judged.height == judged.unique().height > 700


def test_the_census_year_is_revised_by_up_to_1_68_points(warehouse: Warehouse) -> None:
    [most] = warehouse.query(
        "select region, period, old_value, new_value, kind from marts.revision where indicator = 'rd_intensity'"
        " and to_edition = 'st-yearbook/2020' order by abs(difference) desc nulls last limit 1"
    ).to_dicts()
    assert most["kind"] == "revised"
    assert abs(most["new_value"] - most["old_value"]) == pytest.approx(1.68)


def test_contract_values_printed_with_more_digits_are_not_revised(warehouse: Warehouse) -> None:
    kinds = warehouse.query(
        "select kind, count(*) as n from marts.revision where indicator = 'technology_contract_value_out'"
        " and from_edition = 'st-yearbook/2020' and kind not in ('new', 'withdrawn') group by kind"
    )
    assert dict(kinds.iter_rows()).get("rounding", 0) > 200
    assert "revised" not in dict(kinds.iter_rows())


def test_as_of_any_day_is_what_the_newest_edition_out_by_then_prints(warehouse: Warehouse) -> None:
    key = ["indicator", "region", "period"]
    released = warehouse.mart("edition").select("edition", "release_date")
    printed = warehouse.mart("observation").filter(pl.col("value").is_not_null()).join(released, on="edition")
    for day in released["release_date"].unique().sort():
        for known_on in (day - timedelta(days=1), day, day + timedelta(days=1)):
            expected = (
                printed.filter(pl.col("release_date") <= known_on)
                .sort("release_date")
                .unique(key, keep="last")
                .select(*key, "edition", "value")
                .sort(key)
            )
            known = warehouse.query(f"""
                select indicator, region, period, edition, value from marts.observation_as_of('{known_on}')
                where value is not null order by all
            """)
            assert known.equals(expected), known_on
