"""The paper's five tables: as printed, as recomputed, and their odd sums traced to the cells that caused them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.declarations import DATA
from flows.looking.query import query
from flows.run import Run
from tests.rebuilt import YEARBOOK, build, changed, staged

PAPER = DATA / "raw" / "paper"
FILES = {
    1: "he-yi-2023-table-1-clusters.csv",
    2: "he-yi-2023-table-2-targets.csv",
    3: "he-yi-2023-table-3-indicators.csv",
    4: "he-yi-2023-table-4-rd-structure-by-region.csv",
    5: "he-yi-2023-table-5-rd-structure-by-sector.csv",
}


def rows(run: Run, sql: str) -> list[dict[str, Any]]:
    return query(run.home, sql).records()


@pytest.mark.parametrize("number", FILES)
def test_every_cell_is_there_as_printed(number: int, raw_run: Run) -> None:
    with (PAPER / FILES[number]).open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    wanted = {
        (r, c): text.strip()
        for r, line in enumerate(lines)
        for c, text in enumerate(line)
        if r > 2 and text.strip() and not line[0].startswith(("资料来源", "Data source"))
    }
    cells = rows(raw_run, f"select cell, printed from paper_table_{number}")
    found = {(int(row["cell"][1:]) - 1, ord(row["cell"][0]) - ord("A")): row["printed"].strip() for row in cells}
    assert found == wanted
    assert len(wanted) == {1: 100, 2: 24, 3: 20, 4: 36, 5: 24}[number]


def verdicts(run: Run, number: int) -> dict[str, int]:
    found = query(run.home, f"select verdict, count(*) from paper_table_{number} group by verdict").rows
    return {str(verdict): int(count) for verdict, count in found}


def test_table_4_follows_from_the_cited_yearbook_in_all_seven_regions(raw_run: Run) -> None:
    assert verdicts(raw_run, 4) == {"equal": 21, "no_source": 6, "label": 9}
    cells = rows(raw_run, "select * from paper_table_4 where verdict in ('equal', 'no_source')")
    assert {c["row_label"] for c in cells if c["verdict"] == "no_source"} == {"深圳", "广州"}
    assert {c["source_edition"] for c in cells if c["verdict"] == "equal"} == {YEARBOOK}
    for cell in cells:
        if cell["verdict"] == "equal":
            assert f"{cell['recomputed_value']:.2f}" == cell["printed"]


def test_table_5_follows_where_the_sources_have_it(raw_run: Run) -> None:
    assert verdicts(raw_run, 5) == {"equal": 4, "no_source": 14, "label": 6}
    equal = rows(raw_run, "select row_key, column_key from paper_table_5 where verdict = 'equal'")
    assert {(c["row_key"], c["column_key"]) for c in equal} == {
        ("total", "basic_share"), ("total", "applied_share"), ("total", "experimental_share"),
        ("industrial_enterprises", "experimental_share"),
    }  # fmt: skip


def test_a_copy_of_table_1_does_not_confirm_table_1(raw_run: Run, tmp_path: Path) -> None:
    assert verdicts(raw_run, 1) == {"no_source": 60, "label": 40}
    frames = staged(raw_run)
    wipo = changed(
        frames | {"quotation": frames["quotation"].clear()}, 26438,
        indicator="cluster.pct_applications", region="cluster_shanghai_suzhou", edition="gii-clusters/2022",
    )  # fmt: skip
    with build(wipo, tmp_path, "paper_table_1") as warehouse:
        table = warehouse.mart("paper_table_1")
    [wrong] = table.filter(pl.col("verdict") == "differs").to_dicts()
    assert (wrong["row_label"], wrong["difference"], wrong["tolerance"]) == ("上海-苏州", 3569.0, 0.5)
    assert table.filter(pl.col("verdict") == "equal").height == 59


def test_the_copy_is_the_file_that_says_so(declarations: Any) -> None:
    [row] = declarations.reference("quotations.csv")
    [source] = [s for s in declarations.reference("../raw/sources.yml")["sources"] if s["sha256"] == row["document"]]
    assert "re-keyed from the paper's table 1" in source["obtained"]


def test_words_have_no_source(raw_run: Run) -> None:
    assert verdicts(raw_run, 2) == {"no_source": 24}
    assert verdicts(raw_run, 3) == {"no_source": 20}


def test_a_changed_source_cell_makes_its_cells_differ(raw_run: Run, tmp_path: Path) -> None:
    frames = changed(
        staged(raw_run), 4227000, indicator="rd_expenditure.basic", region="110000", edition=YEARBOOK, period=2021
    )
    with build(frames, tmp_path, "paper_table_4") as warehouse:
        table = warehouse.mart("paper_table_4").filter(pl.col("verdict") == "differs")
    assert table.select("row_label", "column_key").rows() == [("北京", "basic_share")]
    # the 12.62 of Beijing, Tianjin and Hebei together still holds: the change is within its digits
    assert table["difference"].item() == pytest.approx(100 * 4227000 / 26293207.7 - 16.07)


def test_the_three_odd_rows_end_at_one_difference(raw_run: Run) -> None:
    found = rows(raw_run, "select * from share_forensics order by table_number, position, cell")
    assert [(r["row_label"], r["share_sum"]) for r in found[::4]] == [
        ("上海", 100.12), ("长三角三省一市", 100.03), ("研究与开发机构", 100.06),
    ]  # fmt: skip
    assert {(r["cause_region"], r["cause_amount"], r["cause_edition"]) for r in found} == {
        ("310000", 19671.9, YEARBOOK)
    }
    assert all(r["is_explained"] for r in found)
    cells = {r["cause_part"]: (r["sheet"], r["cell"], r["cause_value"]) for r in found}
    assert cells == {
        "total": ("1-7", "C27", 18197704.8), "basic": ("1-7", "D27", 1777325.4),
        "applied": ("1-7", "E27", 1900886.3), "experimental": ("1-7", "F27", 14539165.0),
    }  # fmt: skip
    assert "rd_expenditure_by_source_of_funds" in found[0]["total_confirmed_by"]
    explained = {r["row_label"]: r["explained_excess"] for r in found}
    assert explained["上海"] == pytest.approx(100 * 19671.9 / 18197704.8)
    assert explained["长三角三省一市"] == pytest.approx(100 * 19671.9 / 84221424.5, rel=1e-6)
    assert explained["研究与开发机构"] == pytest.approx(100 * 19671.9 / 37179000)


def test_without_the_slip_the_rows_stay_unexplained(raw_run: Run, tmp_path: Path) -> None:
    frames = changed(
        staged(raw_run), 14519493.1,
        indicator="rd_expenditure.experimental", region="310000", edition=YEARBOOK, period=2021,
    )  # fmt: skip
    with build(frames, tmp_path, "share_forensics") as warehouse:
        left = warehouse.mart("share_forensics")
        broken = warehouse.integrity()
    assert left["is_explained"].to_list() == [False] * 3
    assert left["cause_region"].null_count() == 3
    assert broken.is_empty()


def test_a_second_transcription_stands_beside_the_first_and_is_not_counted_again(
    raw_run: Run, tmp_path: Path
) -> None:
    frames = staged(raw_run)
    other_file = ("z" + pl.col("document").str.slice(1)).alias("document")
    for name in ("source_cell", "document"):
        again = frames[name].filter(pl.col("edition") == "paper/2023").with_columns(other_file)
        frames[name] = pl.concat([frames[name], again])
    with build(frames, tmp_path, "claim", "share_forensics", "paper_table_4", "document", "edition") as warehouse:
        assert warehouse.mart("paper_table_4").height == 72
        assert warehouse.mart("share_forensics").height == 12
        held = dict(warehouse.query("select claim, observed from marts.claim").iter_rows())
        assert warehouse.integrity().is_empty()
    assert (held["table-4-sums"], held["table-4-figures@seven_regions"]) == ("7", "21")
