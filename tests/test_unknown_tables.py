"""Tables that no contract describes: the draft, saved unedited, makes the next refresh read, check and publish them.

Ten families are made unknown by taking their contracts away, and four layouts are invented that no contract has: by
industry, by year, items by year with units of their own, and heads of one cell in two languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import yaml

from flows.declarations import Declarations, contract_files
from flows.home.folder import Home
from flows.looking.drafting import draft
from flows.reading import read
from flows.run import Run
from tests import workbooks
from tests.conftest import refresh
from tests.new_editions import marts
from transforms.grid import Sheet
from transforms.numbers import is_numeric, parse

FAMILIES = (
    "high_tech_industry_operation", "high_tech_industry_rd", "indexed_papers", "industrial_enterprise_patents",
    "industrial_enterprise_rd_expenditure", "industrial_enterprise_rd_institutions", "patent_applications",
    "rd_intensity", "rd_personnel_fte", "technology_market_outflow",
)  # fmt: skip
INDUSTRIES = {"总    计": "Total", "采矿业": "Mining", "煤炭开采和洗选业": "Mining and Washing of Coal",
              "制造业": "Manufacturing", "食品制造业": "Manufacture of Foods", "医药制造业": "Manufacture of Medicines"}
REGIONS = {"全国": "National Total", "北京": "Beijing", "天津": "Tianjin", "河北": "Hebei", "山西": "Shanxi"}
INVENTED: dict[str, list[list[workbooks.Cell]]] = {
    "by_industry": [
        ["2-6 按行业分规上工业企业R&D人员(2022年)"],
        ["R&D Personnel in Industrial Enterprises by Industry (2022)"],
        ["单位：人"],
        ["行业", "Industry", "R&D人员\nR&D\nPersonnel", None, "R&D人员折合\n全时当量\n(人年)\nFTE\n(man-year)"],
        [None, None, None, "#女性\nFemale", None],
        *[[zh, en, f"{100 * n + 700}", f"{10 * n + 140}", f"{n}50.5"] for n, (zh, en) in enumerate(INDUSTRIES.items())],
    ],
    "by_year": [
        ["1-1 全国研究与试验发展(R&D)活动基本情况"],
        ["Basic Statistics on R&D Activities"],
        ["年份\nYear", "R&D人员全时当量\n(万人年)\nFTE of R&D Personnel\n(10 000 man-years)",
         "R&D经费支出\n(亿元)\nExpenditure on R&D\n(100 million yuan)", "与国内生产总值之比\n(%)\nRatio to GDP\n(%)"],
        *[[str(year), f"{300 + year % 100}.5", f"{10000 + year}.6", f"2.{year % 100}"] for year in range(2011, 2023)],
    ],
    "items_by_year": [
        ["1-2 科技活动基本情况"],
        ["Basic Statistics on Science and Technology Activities"],
        ["指    标", "Item", 2019.0, 2020.0, 2021.0, 2022.0],
        ["R&D人员全时当量(万人年)", "FTE of R&D Personnel (10 000 man-years)", 480.1, 523.5, 571.6, 635.4],
        ["#基础研究", "Basic Research", 39.2, 42.7, 47.2, 50.9],
        ["R&D经费支出(亿元)", "Expenditure on R&D (100 million yuan)", 22143.6, 24393.1, 27956.3, 30782.9],
        ["与国内生产总值之比(%)", "Ratio to GDP (%)", 2.24, 2.41, 2.43, 2.54],
    ],
    "one_cell_heads": [
        ["9-3 各地区技术合同成交情况(2022年)\nTransactions of Technology Contracts by Region (2022)"],
        ["地区\nRegion", "合同数\n(项)\nContracts\n(item)", "成交金额\n(万元)\nTransaction Value\n(10 000 yuan)",
         "#技术交易额\nTechnology Value"],
        *[[f"{zh}\n{en}", f"{10 * n + 5}", f"{1000 * n + 7}.5", f"{700 * n}.25"]
          for n, (zh, en) in enumerate(REGIONS.items())],
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def unknown(
    published: Path, truth: dict[str, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[dict[str, Path], Path]]:
    """Files by table, and the folder that HIGHLANDS_CONTRACTS names; while the module runs no contract knows them."""
    folder = tmp_path_factory.mktemp("unknown")
    extra = folder / "contracts"
    extra.mkdir()
    files = {}
    for family in FAMILIES:
        rows = [r for r in truth.values() if r["table_family"] == family and r["container"] == "xls"]
        files[family] = published / "yearbook" / max(rows, key=lambda r: r["data_year"])["file"]
    for name, sheet in INVENTED.items():
        files[name] = folder / f"{name}.xlsx"
        files[name].write_bytes(workbooks.xlsx([("1", sheet, [])]))
    gone = {p for p in contract_files() if yaml.safe_load(p.read_text(encoding="utf-8"))["table"] in FAMILIES}
    left = [path for path in contract_files() if path not in gone]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HIGHLANDS_CONTRACTS", str(extra))
        for module in ("flows.declarations", "flows.documents.cache"):
            patch.setattr(f"{module}.contract_files", lambda: [*left, *sorted(extra.glob("*.yml"))])
        yield files, extra


@pytest.fixture(scope="module")
def drafted(
    unknown: tuple[dict[str, Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Run, dict[str, str]]:
    """The refresh after the drafts were saved as they are, and the tables that the drafts name."""
    files, extra = unknown
    home = Home(tmp_path_factory.mktemp("drafted"))
    before = refresh(home, *files.values())
    assert set(marts(before, "document")["outcome"]) == {"unrecognised"}
    names = {}
    for name, path in files.items():
        (made,) = draft(path, Declarations())["contracts"]
        (extra / f"{name}.yml").write_text(made["yaml"], encoding="utf-8")
        names[name] = made["name"]
    run = refresh(home)
    assert run.outcome in ("published", "held"), run.reasons
    return run, names


def numbers_below_heads(sheet: Sheet) -> int:
    """Numbers in rows that begin with a label and hold anything but years."""
    rows = [[v for v in row[1:] if is_numeric(v)] for row in sheet.rows if row and _labelled(row[0])]
    return sum(len(row) for row in rows if not all(1990 < parse(v).value < 2100 for v in row))  # type: ignore[union-attr,operator]


def _labelled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def test_drafts_read_unedited(drafted: tuple[Run, dict[str, str]], unknown: tuple[dict[str, Path], Path]) -> None:
    """Every number of all fourteen tables is read under the draft's codes, regions and periods; three zones that the
    publisher added up wrongly are set aside by their sums, as they are without a declared known error."""
    run, names = drafted
    cells = marts(run, "source_cell").filter(pl.col("role") == "value", pl.col("value").is_not_null())
    aside = marts(run, "quarantine")
    assert set(aside["cell"]) == {"K11", "L9", "L11"}
    shares = {}
    for name, path in unknown[0].items():
        mine = cells.filter(pl.col("table") == names[name])
        every = mine.height + aside.filter(pl.col("table") == names[name]).height
        shares[name] = every / sum(numbers_below_heads(sheet) for sheet in read(path.read_bytes()).sheets)
        assert mine["indicator"].str.starts_with(names[name]).all()
        assert mine["region"].null_count() == mine["period"].null_count() == 0
    assert min(shares.values()) == max(shares.values()) == 1, shares


def test_codes_are_sensible(drafted: tuple[Run, dict[str, str]]) -> None:
    """Codes are English words, one for each indicator; none is a running number."""
    run, names = drafted
    codes = marts(run, "observation").filter(pl.col("table").is_in(list(names.values())))["indicator"].unique()
    assert len(set(names.values())) == len(names)
    assert not [code for code in codes if re.search(r"column_\d|row_\d|new_table", code)]
    assert codes.str.contains(r"^[a-z][a-z0-9_.]*$").all()


def test_drafted_tables_are_documented_and_shown(drafted: tuple[Run, dict[str, str]]) -> None:
    """In observation with unit and edition, in the indicator dimension with both names, in the report."""
    run, names = drafted
    seen = marts(run, "observation").filter(pl.col("table").is_in(list(names.values())))
    assert set(seen["table"]) == set(names.values())
    assert seen["unit"].null_count() == 0
    assert seen["edition"].str.starts_with("st-yearbook/").all()
    known = marts(run, "indicator").filter(pl.col("indicator").is_in(seen["indicator"].unique().implode()))
    assert known.height == seen["indicator"].n_unique()
    assert known["name_zh"].null_count() == known["name_en"].null_count() == 0
    folder = run.home.candidates / str(run.candidate) if run.candidate else run.home.current
    shown = "".join(path.read_text(encoding="utf-8") for path in (folder / "report").rglob("*.js"))
    notes = (folder / "CHANGES.md").read_text(encoding="utf-8")
    for name in names.values():
        assert name in notes
        assert name in shown


def test_drafted_sums_are_checked(drafted: tuple[Run, dict[str, str]]) -> None:
    """Sums that the draft proposed are asked of every row: the indicator dimension has them."""
    run, names = drafted
    known = marts(run, "indicator").filter(pl.col("indicator").str.starts_with(names["patent_applications"]))
    parts = known.filter(pl.col("additive"))
    assert parts.height == 3
    assert set(parts["parent"]) == {f"{names['patent_applications']}.total"}


def test_units_of_drafts(drafted: tuple[Run, dict[str, str]]) -> None:
    """A unit stated in a head, a label or a column of units; of a line with two, the one no head states."""
    run, names = drafted
    units = dict(marts(run, "indicator").select("indicator", "unit").iter_rows())
    operation = names["high_tech_industry_operation"]
    assert units[f"{operation}.business_revenue"] == "100m_cny"
    assert units[f"{names['indexed_papers']}.precedence_ei"] == "rank"
    assert units[f"{names['industrial_enterprise_rd_institutions']}.doctor_master"] == "persons"
    assert units[f"{names['items_by_year']}.expenditure_rd"] == "100m_cny"
    assert units[f"{names['items_by_year']}.basic_research"] == "10k_person_years"
    assert units[f"{names['one_cell_heads']}.technology_value"] == "10k_cny"
