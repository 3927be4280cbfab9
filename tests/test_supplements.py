"""Indicators that no public table holds: a two-column table dropped in fills its empty place, and the rates that were
waiting for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows import steps
from flows.declarations import DATA, Declarations
from flows.home import lock
from flows.home.folder import Home
from flows.marts.staging import staging
from flows.marts.warehouse import Warehouse
from flows.run import Run
from tests import workbooks

TABLES = {
    "highly_cited_papers": ("各地区ESI高被引论文数量（2021年）", "地区", "高被引论文数(篇)", 4321),
    "unicorns": ("2021年各地区独角兽企业数量", "地区", "独角兽数量", 91),
    "guidance_fund_size": ("各地区政府引导基金规模(2021)", "地区", "规模(亿元)", 1234.5),
    "venture_capital_institutions": ("Venture Capital Institutions by Region, 2021", "Region", "Institutions", 77),
    "listed_tech_market_value": ("各地区科技类上市公司市值（2021年）", "地区", "市值(亿元)", 34567.8),
    "gdp": ("各地区生产总值（2021年）", "地区", "地区生产总值(亿元)", 40269.6),
    "population": ("Resident Population by Region, 2021", "Region", "Resident population (10 000 persons)", 2189),
    "industrial_revenue": ("各地区规模以上工业企业营业收入（2021年）", "地区", "营业收入(亿元)", 28900.1),
}
NAMES = {"地区": ("北京", "天津", "河北"), "Region": ("Beijing", "Tianjin", "Hebei")}


def two_columns(indicator: str) -> list[list[str | float]]:
    """The table as a user would type it: a title with the year, heads, and three provinces."""
    title, region, head, first = TABLES[indicator]
    values = (first, first / 2, first / 4) if indicator != "population" else (2189, 1373, 7448)
    return [[title], [region, head], *([name, value] for name, value in zip(NAMES[region], values, strict=True))]


def given(folder: Path, indicator: str, container: str) -> None:
    """One such table as a file."""
    lines = two_columns(indicator)
    path = folder / f"{indicator}.{container}"
    if container == "csv":
        path.write_text("\n".join(",".join(f'"{v}"' for v in line) for line in lines), encoding="utf-8")
    else:
        path.write_bytes(workbooks.xlsx([("Sheet1", lines, ())]))


def marts(home: Home, *paths: Path) -> Warehouse:
    """The marts of a home, unchecked and unpublished."""
    run = Run(home)
    with lock.exclusive(home, 60):
        steps.land(run, paths, None)
        steps.read_ahead(run)
        steps.judge_cells(run)
    assert run.verdicts
    return Warehouse(staging(Declarations(), run.verdicts))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The committed sources and all eight tables, half of them workbooks."""
    home, folder = Home(tmp_path_factory.mktemp("home")), tmp_path_factory.mktemp("given")
    for n, indicator in enumerate(TABLES):
        given(folder, indicator, ("csv", "xlsx")[n % 2])
    return marts(home, DATA / "raw", folder)


def test_every_place_was_empty_before(raw_run: Run) -> None:
    assert raw_run.warehouse
    coverage = raw_run.warehouse.query("select * from marts.indicator_coverage where region = '110000'")
    missing = coverage.filter((coverage["period"] == 2021) & (coverage["coverage"] == "missing"))
    assert missing["source_zh"].null_count() == missing["source_en"].null_count() == 0
    assert TABLES.keys() <= set(missing["indicator"])


@pytest.mark.parametrize("indicator", TABLES)
def test_a_two_column_table_fills_its_place(indicator: str, filled: Warehouse) -> None:
    [row] = filled.query(
        "select coverage, editions, source_en from marts.indicator_coverage"
        f" where indicator = '{indicator}' and region = '110000' and period = 2021"
    ).rows()
    assert row == ("published", "supplement/2021", None)
    [[value]] = filled.query(
        f"select value from marts.observation where indicator = '{indicator}' and region = '110000'"
    ).rows()
    assert value == pytest.approx(TABLES[indicator][3])
    summed = filled.query(
        "select coverage from marts.indicator_coverage"
        f" where indicator = '{indicator}' and region = 'jing_jin_ji' and period = 2021"
    ).rows()
    assert summed == [("members",)]


def test_rates_that_waited_are_there(filled: Warehouse) -> None:
    rates = dict(
        filled.query(
            "select indicator, value from marts.highland_profile"
            " where region = 'jing_jin_ji' and period = 2021 and basis = 'ratio'"
        ).rows()
    )
    assert rates["rd_intensity"] == pytest.approx(0.01 * 39491425.7 / (40269.6 * 1.75), rel=1e-9)
    assert rates.keys() >= {
        "technology_contracts_out_per_10k_persons", "technology_contract_value_out_per_10k_persons",
        "high_tech_revenue_share",
    }  # fmt: skip
    [[per_person, per_product]] = filled.query(
        "select per_10k_persons, per_100m_gdp from marts.highland_profile"
        " where region = '110000' and indicator = 'rd_personnel' and period = 2021"
    ).rows()
    [[personnel]] = filled.query(
        "select value from marts.observation where indicator = 'rd_personnel' and region = '110000' and is_latest"
    ).rows()
    assert per_person == pytest.approx(personnel / 2189)
    assert per_product == pytest.approx(personnel / 40269.6)


def test_a_published_product_takes_the_place_of_the_implied_one(filled: Warehouse) -> None:
    bases = filled.query(
        "select distinct region, denominator_basis from marts.composite_indicator"
        " where period = 2021 and region in ('110000', '310000') order by region"
    ).rows()
    assert bases == [("110000", "published"), ("310000", "implied")]


def test_the_marts_stay_whole(filled: Warehouse) -> None:
    assert filled.integrity().is_empty()
