"""Clusters, highlands and the paper's tables of words, from figures set by hand."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest

from flows.marts.warehouse import Warehouse
from tests.small_staging import staging


@pytest.fixture(scope="module")
def warehouse() -> Iterator[Warehouse]:
    with Warehouse(staging()) as made:
        yield made


def rows(warehouse: Warehouse, sql: str) -> list[dict]:
    return warehouse.query(sql).to_dicts()


def test_cluster_ranking_has_codes_and_methodology(warehouse: Warehouse) -> None:
    [second] = rows(warehouse, "from marts.cluster_ranking where year = 2022 and rank = 2")
    assert second["cluster"] == "cluster_shenzhen_hong_kong_guangzhou"
    assert (second["economies"], second["economies_printed"]) == ("CN|HK", "中国")
    assert (second["pct_applications"], second["publications"]) == (998.0, None)
    assert second["methodology"] == "PCT and papers"


def test_ranks_are_not_subtracted_across_a_break(warehouse: Warehouse) -> None:
    moves = warehouse.query(
        "select cluster, move, places_gained, comparable, method_break from marts.cluster_rank_change"
    )
    assert sorted(moves.rows()) == [
        ("cluster_beijing", "left", None, False, "PCT and papers"),
        ("cluster_shenzhen_hong_kong_guangzhou", "entered", None, False, "PCT and papers"),
        ("cluster_tokyo_yokohama", "unchanged", None, False, "PCT and papers"),
    ]


def test_counts_by_economy_say_when_the_method_changed(warehouse: Warehouse) -> None:
    [china] = rows(warehouse, "from marts.cluster_by_economy where year = 2022 and economy = 'CN'")
    assert (china["published_count"], china["change"], china["previous_year"]) == (21, 14, 2017)
    assert (china["comparable"], china["counted"], china["name_zh"]) == (False, 1, "中国")


def test_the_papers_tables_of_words(warehouse: Warehouse) -> None:
    targets = warehouse.query("select position, region, target from marts.highland_target")
    assert targets.rows()[1] == (2, "chengdu_chongqing", "具有全国影响力的科技创新中心")
    lines = warehouse.query("select dimension, content, measure from marts.indicator_framework")
    assert lines.rows() == [
        ("成果转化", "科研成果市场化", "合同"),
        ("成果转化", "高新技术产业化", "营收"),
        ("成果转化", "高新技术产业化", "独角兽"),
    ]


def test_profile_has_share_rank_and_growth(warehouse: Warehouse) -> None:
    [beijing] = rows(
        warehouse,
        "from marts.highland_profile where region = '110000' and indicator = 'rd_intensity' and period = 2021",
    )
    assert beijing["ratio_to_nation"] == pytest.approx(6.53 / 2.43)
    assert beijing["growth_percent"] == pytest.approx(100 * (6.53 - 6.44) / 6.44)
    assert (beijing["rank"], beijing["peers"], beijing["share_of_nation"]) == (1, 2, None)
    [delta] = rows(
        warehouse,
        "from marts.highland_profile where region = 'yangtze_river_delta' and indicator = 'rd_expenditure'",
    )
    assert delta["share_of_nation"] == pytest.approx(100 * 84221424.4 / 279563072.7)
    assert (delta["basis"], delta["rank"], delta["peers"]) == ("members", 1, 3)
    [guangdong] = rows(
        warehouse, "from marts.highland_profile where region = '440000' and indicator = 'rd_expenditure'"
    )
    assert (guangdong["highland"], guangdong["role"]) == ("greater_bay_area", "host")


def test_rates_appear_once_population_is_there() -> None:
    given = staging()
    cells = given["source_cell"]
    of = pl.col("indicator").eq("rd_expenditure") & pl.col("region").is_in(["500000", "510000", "CN"])
    made_of = cells.filter(of).with_columns(table=pl.lit("more"))
    people = made_of.with_columns(indicator=pl.lit("population"), value=pl.lit(1000.0), unit=pl.lit("10k_persons"))
    contracts = made_of.with_columns(indicator=pl.lit("technology_contracts_out"), value=pl.lit(500.0))
    given["source_cell"] = pl.concat([cells, people, contracts])
    with Warehouse(given) as made:
        [row] = rows(
            made,
            "from marts.highland_profile where region = 'chengdu_chongqing'"
            " and indicator = 'technology_contracts_out_per_10k_persons'",
        )
        [amount] = rows(
            made, "from marts.highland_profile where region = '500000' and indicator = 'technology_contracts_out'"
        )
    assert (row["value"], row["basis"], row["ratio_to_nation"]) == (0.5, "ratio", 1.0)
    assert amount["per_10k_persons"] == 0.5


def test_coverage_names_what_is_missing_and_where_it_could_come_from(warehouse: Warehouse) -> None:
    coverage = {
        (row["indicator"], row["region"]): row
        for row in warehouse.query("from marts.indicator_coverage where period = 2021").to_dicts()
    }
    assert coverage["rd_expenditure", "110000"]["coverage"] == "published"
    assert coverage["rd_expenditure", "jing_jin_ji"]["coverage"] == "members"
    bay = coverage["rd_expenditure", "greater_bay_area"]
    assert (bay["coverage"], bay["members_covered"], bay["members_needed"]) == ("missing", 0, 11)
    assert "yearbook" in coverage["rd_personnel", "CN"]["source_en"].lower()
    assert {row["measure"] for row in coverage.values() if row["coverage"] == "missing"} >= {
        "unicorns", "guidance_funds", "venture_capital_institutions", "listed_tech_market_value",
        "highly_cited_papers",
    }  # fmt: skip
