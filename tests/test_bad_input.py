"""Bad files: each gets a clear message, none takes another with it, nothing published changes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from flows.declarations import DATA
from flows.home.folder import Home
from flows.steps import Run
from tests import workbooks

YEARBOOK = DATA / "raw" / "yearbook"
GOOD = YEARBOOK / "st-yearbook-2021-1-07.xlsx"
TITLE = "1-7 各地区研究与试验发展(R&D)经费内部支出(2021年)"
HEADS = ["地区", "Region", "R&D经费内部支出", "基础研究", "应用研究", "试验发展"]
ROWS = [["北京", "Beijing", "30", "5", "10", "15"], ["天津", "Tianjin", "6", "1", "2", "3"],
        ["河北", "Hebei", "6", "1", "2", "3"]]


def sheet(title: str = TITLE, unit: str = "单位：万元", english: str = "(10 000 yuan)",
          heads: list[str] = HEADS, rows: list[list[str]] = ROWS) -> bytes:
    return workbooks.xlsx([("1", [[title], [unit, None, None, None, None, english], heads, *rows], [])])


CASES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "empty.xls": (lambda: b"", "unreadable", "empty"),
    "truncated.xls": (lambda: (YEARBOOK / "st-yearbook-2022-1-07.xls").read_bytes()[:7000], "unreadable", ""),
    "password.xlsx": (lambda: workbooks.encrypt_xlsx(sheet(), "secret"), "unreadable", "password"),
    "picture.xls": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(400), "unreadable", "PNG"),
    "wrong-heads.xlsx": (lambda: sheet(heads=[*HEADS[:3], "甲", "乙", "丙"]), "unrecognised", "甲"),
    "two-units.xlsx": (lambda: sheet(english="(100 million yuan)"), "unrecognised", "100m_cny in English"),
    "no-year.xlsx": (lambda: sheet(title=TITLE.replace("(2021年)", "")), "unrecognised", "--year"),
    "unknown-table.xlsx": (
        lambda: sheet(title="9-9 各地区火星探测(2021年)", heads=["地区", "Region", "a", "b", "c", "d"]),
        "unrecognised",
        "inspect",
    ),
}


@pytest.fixture(scope="module")
def bad_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    from tests.conftest import refresh

    folder = tmp_path_factory.mktemp("bad")
    for name, (make, _, _) in CASES.items():
        (folder / name).write_bytes(make())
    (folder / "unknown-region.xlsx").write_bytes(
        sheet(title=TITLE.replace("2021", "2015"), rows=[*ROWS, ["火星", "Mars", "3", "1", "1", "1"]])
    )
    shutil.copy(GOOD, folder / GOOD.name)
    return refresh(Home(tmp_path_factory.mktemp("bad-home")), folder)


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_says_what_it_is(bad_run: Run, name: str) -> None:
    _, outcome, says = CASES[name]
    assert bad_run.warehouse
    row = bad_run.warehouse.mart("document").filter(pl.col("names") == name).to_dicts()[0]
    assert row["outcome"] == outcome, row
    assert says.lower() in (row["reason"] or "").lower()
    aside = bad_run.warehouse.mart("quarantine").filter(pl.col("document") == row["document"])
    assert row["reason"] in aside["reason"].to_list()


def test_good_files_of_the_same_call_are_read(bad_run: Run) -> None:
    assert bad_run.outcome == "published"
    assert bad_run.warehouse
    observation = bad_run.warehouse.mart("observation")
    assert observation.filter(pl.col("edition") == "st-yearbook/2021").height == 144


def test_an_unknown_region_is_set_aside_with_its_coordinates(bad_run: Run) -> None:
    assert bad_run.warehouse
    aside = bad_run.warehouse.mart("quarantine").filter(pl.col("period") == 2015)
    assert sorted(aside["cell"].to_list()) == ["C7", "D7", "E7", "F7"]
    assert "火星" in aside["reason"][0]


def test_a_bad_file_changes_nothing_published(raw_run: Run, tmp_path: Path, refreshed: Callable[..., Run]) -> None:
    home = Home(tmp_path / "home")
    before = refreshed(home, DATA / "raw")
    assert before.warehouse
    bad = tmp_path / "cut.xls"
    bad.write_bytes((YEARBOOK / "st-yearbook-2022-8-17.xls").read_bytes()[:9000])
    after = refreshed(home, bad)
    assert after.outcome == "published"
    assert after.warehouse
    assert after.warehouse.mart("observation").equals(before.warehouse.mart("observation"))
