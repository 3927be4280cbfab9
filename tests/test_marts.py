"""The marts from figures set by hand, and the paper's table 4 as golden values."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest

from flows.marts.warehouse import Warehouse
from tests.small_staging import COARSE, YEARBOOK, staging

# The paper's table 4, 2021: basic, applied, experimental, percent.
TABLE_4 = {
    "CN": (6.50, 11.25, 82.26),
    "110000": (16.07, 24.99, 58.94),
    "jing_jin_ji": (12.62, 20.10, 67.28),
    "310000": (9.77, 10.45, 79.90),
    "yangtze_river_delta": (5.37, 7.03, 87.63),
    "440000": (6.85, 8.91, 84.23),
    "chengdu_chongqing": (4.83, 15.75, 79.41),
}
SHARES = ("basic_share", "applied_share", "experimental_share")


@pytest.fixture(scope="module")
def warehouse() -> Iterator[Warehouse]:
    with Warehouse(staging()) as made:
        yield made


def rows(warehouse: Warehouse, sql: str) -> list[dict]:
    return warehouse.query(sql).to_dicts()


def test_every_reference_and_key_holds(warehouse: Warehouse) -> None:
    assert warehouse.integrity().to_dicts() == []


@pytest.mark.parametrize("region", TABLE_4)
def test_the_papers_table_4(warehouse: Warehouse, region: str) -> None:
    [row] = rows(warehouse, f"from marts.rd_structure_by_region where region = '{region}' and period = 2021")
    assert tuple(round(row[share], 2) for share in SHARES) == TABLE_4[region]
    assert row["edition"] == "st-yearbook/2022"


def test_a_slip_of_the_source_shows_in_the_sum_of_shares(warehouse: Warehouse) -> None:
    found = rows(warehouse, "from marts.rd_structure_by_region where residual > 1 order by region")
    assert [row["region"] for row in found] == ["310000", "CN", "yangtze_river_delta"]
    assert found[0]["share_sum"] == pytest.approx(100.1081, abs=5e-5)
    assert [round(row["residual"], 1) for row in found] == [19671.9, 19672.0, 19671.9]


def test_highlands_are_sums_of_all_their_members_or_nothing(warehouse: Warehouse) -> None:
    found = warehouse.query("select region, basis from marts.rd_structure_by_region where kind = 'highland'")
    assert dict(found.iter_rows()) == dict.fromkeys(
        ("chengdu_chongqing", "jing_jin_ji", "yangtze_river_delta"), "members"
    )
    short = staging()
    short["source_cell"] = short["source_cell"].filter(pl.col("region").ne("120000") | pl.col("region").is_null())
    with Warehouse(short) as made:
        left = made.query("select region from marts.rd_structure_by_region where kind = 'highland'")
    assert set(left["region"]) == {"chengdu_chongqing", "yangtze_river_delta"}


def test_published_shares_stand_only_where_no_amounts_are_known(warehouse: Warehouse) -> None:
    found = rows(warehouse, "from marts.rd_structure_by_region where basis = 'shares' order by region")
    assert [(row["region"], row["total"], row["basic_share"]) for row in found] == [
        ("440100", None, 13.58),
        ("440300", None, 7.25),
    ]


def test_structure_by_sector(warehouse: Warehouse) -> None:
    frame = warehouse.mart("rd_structure_by_sector")
    by_key = {(row["sector"], row["edition"]): row for row in frame.to_dicts()}
    total = by_key["total", "st-yearbook/2022"]
    assert [round(total[share], 2) for share in SHARES] == [6.50, 11.25, 82.26]
    institutes = by_key["research_institutes", "paper/2023"]
    assert institutes["total"] is None and institutes["share_sum"] == pytest.approx(100.06)
    industry = by_key["industrial_enterprises", "st-yearbook/2022"]
    assert round(industry["experimental_share"], 2) == 96.53 and industry["basic_share"] is None


def test_the_most_precise_cell_stands(warehouse: Warehouse) -> None:
    key = "indicator = 'rd_expenditure' and region = '310000' and period = 2021"
    [stands] = rows(warehouse, f"from marts.observation where {key}")
    assert (stands["value"], stands["raw"], stands["document"]) == (18197704.8, "18197704.8", YEARBOOK)
    printed = rows(warehouse, f"select document, raw from marts.source_cell where {key} order by all")
    assert [(row["document"], row["raw"]) for row in printed] == [(YEARBOOK, "18197704.8"), (COARSE, "18197705")]


def test_a_blank_is_an_observation_without_a_value(warehouse: Warehouse) -> None:
    [blank] = rows(warehouse, "from marts.observation where region = '540000'")
    assert (blank["value"], blank["status"], blank["raw"], blank["is_latest"]) == (None, "O", "", True)


def test_the_newest_edition_is_the_latest_and_one_is(warehouse: Warehouse) -> None:
    latest = warehouse.query(
        "select region, period, edition, value from marts.observation"
        " where is_latest and indicator = 'rd_intensity'"
    )
    known = {(region, period): (edition, value) for region, period, edition, value in latest.iter_rows()}
    assert known["CN", 2020] == ("st-yearbook/2022", 2.41)
    assert known["120000", 2020] == ("st-yearbook/2021", 3.44)  # the newest edition doesn't print it
    counts = warehouse.query(
        "select count(*) filter (is_latest) as n from marts.observation group by indicator, region, period"
    )
    assert counts["n"].unique().to_list() == [1]


def test_the_paper_never_beats_a_statistical_source() -> None:
    given = staging()
    cells = given["source_cell"]
    quoted = cells.filter(pl.col("region").eq("CN") & pl.col("indicator").eq("rd_expenditure")).with_columns(
        pl.lit("paper/2023").alias("edition"), pl.lit(1.0).alias("value"), pl.lit("Z99").alias("cell")
    )
    with Warehouse({**given, "source_cell": pl.concat([cells, quoted])}) as made:
        [latest] = rows(
            made, "from marts.observation where is_latest and region = 'CN' and indicator = 'rd_expenditure'"
        )
    assert latest["edition"] == "st-yearbook/2022"


def test_revisions_are_told_from_coarser_printing(warehouse: Warehouse) -> None:
    kinds = warehouse.query(
        "select region, period, from_edition is not null, kind from marts.revision"
        " where indicator = 'rd_intensity' and to_edition = 'st-yearbook/2022'"
    )
    assert {(region, period): (again, kind) for region, period, again, kind in kinds.iter_rows()} == {
        ("CN", 2019): (True, "unchanged"),
        ("CN", 2020): (True, "revised"),
        ("CN", 2021): (False, "new"),
        ("110000", 2019): (True, "rounding"),
        ("110000", 2020): (True, "unchanged"),
        ("110000", 2021): (False, "new"),
        ("120000", 2019): (True, "revised"),
        ("120000", 2020): (True, "withdrawn"),
        ("120000", 2021): (False, "new"),
    }


def test_a_number_whose_table_moved_on_is_not_withdrawn(warehouse: Warehouse) -> None:
    withdrawn = rows(warehouse, "from marts.revision where kind = 'withdrawn'")
    assert [(row["region"], row["period"], row["old_value"], row["new_value"]) for row in withdrawn] == [
        ("120000", 2020, 3.44, None)
    ]


def test_what_returns_after_it_was_withdrawn_is_new_again() -> None:
    given = staging()
    cells = given["source_cell"]
    key = pl.col("region").eq("120000") & pl.col("period").eq(2020) & pl.col("indicator").eq("rd_intensity")
    panel = pl.col("period").eq(2020) & pl.col("indicator").eq("rd_intensity") & pl.col("region").eq("CN")
    again = [
        cells.filter(rows)
        .unique("region")
        .with_columns(edition=pl.lit("st-yearbook/2023"), document=pl.lit("9" * 64))
        for rows in (key, panel)
    ]
    later = (
        given["edition"]
        .filter(pl.col("edition") == "st-yearbook/2022")
        .with_columns(edition=pl.lit("st-yearbook/2023"), year=pl.lit(2023, dtype=given["edition"].schema["year"]))
    )
    given |= {"source_cell": pl.concat([cells, *again]), "edition": pl.concat([given["edition"], later])}
    with Warehouse(given) as made:
        story = made.query(
            "select to_edition, kind from marts.revision where region = '120000' and period = 2020"
            " and indicator = 'rd_intensity' order by to_edition"
        )
    assert story.rows() == [
        ("st-yearbook/2021", "new"),
        ("st-yearbook/2022", "withdrawn"),
        ("st-yearbook/2023", "new"),
    ]
