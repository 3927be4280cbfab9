"""Near misses: the exact cells that differ and the line to change, as a patch that works."""

from __future__ import annotations

import subprocess
from pathlib import Path

import yaml

from flows.declarations import Declarations
from flows.looking.inspecting import inspect
from tests import workbooks
from transforms.contracts import Contract
from transforms.recognise import match_heads
from transforms.tables import find_tables

HEADS = ["地区", "Region", "R&D经费内部支出", "基础性研究", "应用研究", "试验发展"]


def book(title: str, heads: list[str]) -> bytes:
    rows = [
        [zh, en, "30", "5", "10", "15"] for zh, en in (("北京", "Beijing"), ("天津", "Tianjin"), ("河北", "Hebei"))
    ]
    unit = ["单位：万元", None, None, None, None, "(10 000 yuan)"]
    return workbooks.xlsx([("1", [[title], unit, heads, *rows], [])])


def test_a_renamed_head_comes_with_the_patch_that_lets_it_through(tmp_path: Path, declarations: Declarations) -> None:
    path = tmp_path / "near.xlsx"
    path.write_bytes(book("1-7 各地区研究与试验发展(R&D)经费内部支出(2023年)", HEADS))
    failure = inspect(path, declarations)[0]["sheets"][0]["failures"][0]
    assert failure["contract"] == "rd_expenditure_by_activity"
    assert [p["cell"] for p in failure["problems"] if p["check"] == "head_extra"] == ["D3"]
    contract = tmp_path / "rd_expenditure_by_activity.yml"
    contract.write_bytes(declarations.paths["rd_expenditure_by_activity"].read_bytes())
    subprocess.run(["patch", "-p1", "-s"], input=failure["patch"], text=True, cwd=tmp_path, check=True)
    mended = Contract.of(yaml.safe_load(contract.read_text(encoding="utf-8")))
    from flows.reading import read
    from transforms.layout import region_blocks

    block = region_blocks(read(path.read_bytes()).sheets[0], declarations.catalogue.regions.known)[0]
    assert not match_heads(block.heads, mended, 2023)[1]
    assert {p.check for p in match_heads(block.heads, mended, 2021)[1]} == {"head_extra", "head_missing"}


def test_a_changed_title_of_a_table_with_heads_of_its_own_is_read_and_said(declarations: Declarations) -> None:
    from flows.reading import read

    data = book("1-7 各地区研究与试验发展(R&D)经费的内部支出(2023年)", [*HEADS[:3], "基础研究", *HEADS[4:]])
    table = find_tables(read(data).sheets[0], declarations.catalogue).tables[0]
    assert table.year == 2023
    assert [(p.check, p.severity) for p in table.problems] == [("title_changed", "info")]


def test_tables_of_one_form_are_never_taken_for_each_other(declarations: Declarations) -> None:
    from flows.reading import read

    rows = [
        ["8-8 国内三种专利申请授权项按地区分布(2023年)"],
        ["单位：件"],
        ["地区", "Region", "合计", "发明", "实用新型", "外观设计"],
        *[[zh, en, "30", "5", "10", "15"] for zh, en in (("北京", "Beijing"), ("天津", "Tianjin"))],
    ]
    found = find_tables(read(workbooks.xlsx([("1", rows, [])])).sheets[0], declarations.catalogue)
    assert not found.tables
    assert {"title_changed", "title_ambiguous"} <= {p.check for f in found.failures for p in f.problems}
