"""Words that mean the same, in titles, heads and unit lines of editions to come."""

from __future__ import annotations

import re

import pytest

from flows.declarations import DATA, Declarations
from flows.reading import read
from tests import new_editions
from tests.new_editions import Printing, differing, moved_on, printings
from transforms.contracts import head_zh
from transforms.wordings import Wordings


@pytest.fixture(scope="module")
def keyed(declarations: Declarations) -> list[Printing]:
    """The titled yearbook tables among the committed sources."""
    files = sorted((DATA / "raw" / "yearbook").glob("*.xls*"))
    return [p for f in files for p in printings(read(f.read_bytes()), declarations.catalogue)]


def test_other_spellings_of_a_text() -> None:
    wordings = Wordings.of([["研究与试验发展(R&D)", "R&D"], ["规模以上", "规上"]])
    assert wordings.others("规上企业研究与试验发展(R&D)经费") == (
        "规模以上企业研究与试验发展(R&D)经费", "规模以上企业R&D经费", "规上企业R&D经费"
    )
    assert wordings.others(head_zh("R&D经费"), head_zh) == ("研究与试验发展经费",)
    assert wordings.others("合计") == ()


REWORDED = [
    (
        "rd_expenditure_by_activity",
        "研究与试验发展(R&D)经费内部支出",
        "R&D经费内部支出",
        "R&D经费\n内部支出",
        "R&D经费支出",
    ),
    ("rd_expenditure_by_source_of_funds", "研究与试验发展(R&D)经费内部支出", "R&D经费支出", "国外资金", "境外资金"),
    ("industrial_enterprise_rd_expenditure", "规上工业企业", "规模以上工业企业", "仪器和设备", "仪器设备"),
    ("rd_personnel_fte", "研究与试验发展(R&D)人员", "R&D人员", "R&D人员\n全时当量", "R&D人员折合全时当量"),
    ("patents_in_force", "有效数", "有效量", "合 计", "总 计"),
]


@pytest.mark.parametrize("name, title, retitled, head, reheaded", REWORDED)
def test_words_that_mean_the_same(
    name: str, title: str, retitled: str, head: str, reheaded: str, keyed: list[Printing], declarations: Declarations
) -> None:
    """Titles and heads in words that mean the same are read, and said to be reworded."""
    printing = moved_on(next(p for p in keyed if p.contract.name == name), declarations.catalogue)
    rows, top = printing.rows, printing.block.top
    changed = 0
    for r in range(printing.block.first):
        for c, value in enumerate(rows[r]):
            if isinstance(value, str):
                new = value.replace(title, retitled) if r < top else _replaced(value, head, reheaded)
                changed += new != value
                rows[r][c] = new
    if changed < 2:  # the head stands in several rows: R&D经费 over 内部支出
        rows = [
            [v.replace("内部支出", "支出") if isinstance(v, str) and r >= top else v for v in row]
            for r, row in enumerate(rows)
        ]
    found = new_editions.read(printing.with_rows(rows), declarations.catalogue)
    got = new_editions.values(printing.with_rows(rows), declarations.catalogue)
    assert not any(differing(got, printing.values, 2).values())
    assert set(found.findings["check"]) & {"head_reworded"} or reheaded in ("境外资金",)
    assert set(found.findings["severity"]) <= {"info"}


def _replaced(value: str, head: str, other: str) -> str:
    flat = re.sub(r"\s", "", head)
    return value.replace(head, other) if head in value else value.replace(flat, other)


@pytest.mark.parametrize(
    "line, units",
    [
        ("单位：万元 (10 000 yuan)", ["10k_cny"]),
        ("单位：%  (%)", ["percent"]),
        ("（单位：亿元）", ["100m_cny"]),
        ("单位：万元 Unit: 10 000 yuan", ["10k_cny"]),
        ("Unit: 100 million yuan", ["100m_cny"]),
        ("单位：万元 (100 million yuan)", []),
        ("单位：万元, Unit: 100 million yuan", []),
    ],
)
def test_unit_lines_in_two_languages(line: str, units: list[str], declarations: Declarations) -> None:
    """Both languages at once, in brackets or behind a colon; when they contradict each other, none."""
    assert [unit.code for unit in declarations.units.of_line(line)] == units
