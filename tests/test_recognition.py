"""Tables are recognised by what they say: titles, heads, units; near misses say exactly what differs."""

from __future__ import annotations

import pytest

from flows.declarations import Declarations
from transforms.column_units import UnitMismatch
from transforms.conform import Reading, conform
from transforms.contracts import title_key
from transforms.grid import Sheet
from transforms.recognise import Recognised
from transforms.tables import find_tables

PROVINCES = [
    ("北    京", "Beijing", "26293207.7", "4225133.6", "6570209.5", "15497864.6"),
    ("天    津", "Tianjin", "5743281.6", "588111.6", "768658.9", "4386511"),
    ("河    北", "Hebei", "7454936.4", "168937.9", "600562.8", "6685435.8"),
]


def one_cell(**changes: str) -> list[list[str | None]]:
    """Table 1-7 with heads of one cell each; `changes` replace texts."""
    rows: list[list[str | None]] = [
        ["1-7 各地区研究与试验发展(R&D)经费内部支出(2021年)"],
        ["Intramural Expenditure on R&D by Region (2021)"],
        ["单位：万元", None, None, None, None, "(10 000 yuan)"],
        [
            "地区",
            "Region",
            "R&D经费\n内部支出\nTotal",
            "基础研究\nBasic\nResearch",
            "应用研究\nApplied\nResearch",
            "试验发展\nExperimental\nDevelopment",
        ],
        *[list(row) for row in PROVINCES],
    ]
    return [[changes.get(cell, cell) if cell else cell for cell in row] for row in rows]


def find(
    rows: list[list[str | None]], declarations: Declarations, declared: tuple[str, int] | None = None
) -> Recognised:
    return find_tables(Sheet("1", tuple(tuple(row) for row in rows)), declarations.catalogue, declared)


def read(rows: list[list[str | None]], declarations: Declarations) -> Reading:
    sheet, reading = Sheet("1", tuple(tuple(row) for row in rows)), Reading("d")
    for table in find_tables(sheet, declarations.catalogue).tables:
        conform(reading, sheet, table, declarations.catalogue, "xls")
    return reading


def test_a_table_is_known_by_title_heads_and_unit(declarations: Declarations) -> None:
    reading = read(one_cell(), declarations)
    cell = next(c for c in reading.cells if c["cell"] == "D5")
    assert cell["indicator"] == "rd_expenditure.basic"
    assert (cell["region"], cell["period"], cell["edition"]) == ("110000", 2021, "st-yearbook/2022")
    assert (cell["value"], cell["unit"], cell["resolution"], cell["status"]) == (4225133.6, "10k_cny", 0.1, "A")
    assert len(reading.cells) == 12
    assert not reading.quarantine


def test_fragments_of_heads_in_rows_of_their_own(declarations: Declarations) -> None:
    rows = one_cell()
    rows[3:4] = [
        ["地    区", "Region", "R&D经费"],
        [None, None, "内部支出", "基础研究", "应用研究", "试验发展"],
        [None, None, "Total", "Basic", "Applied", "Experimental"],
        [None, None, None, "Research", "Research", "Development"],
        [None],
    ]
    assert {c["indicator"] for c in read(rows, declarations).cells} == {
        "rd_expenditure",
        "rd_expenditure.basic",
        "rd_expenditure.applied",
        "rd_expenditure.experimental",
    }


def test_the_table_number_and_blanks_may_move(declarations: Declarations) -> None:
    title = "1-13各 地 区研究与试验发展（R&D）经费 内部支出（2021年）"
    assert (
        len(read(one_cell(**{"1-7 各地区研究与试验发展(R&D)经费内部支出(2021年)": title}), declarations).cells) == 12
    )
    assert title_key(title) == title_key("各地区研究与试验发展(R&D)经费内部支出")


@pytest.mark.parametrize(
    ("old", "new", "check", "says"),
    [
        ("基础研究\nBasic\nResearch", "基础性投入\nBasic\nResearch", "head_extra", "基础性投入"),
        ("基础研究\nBasic\nResearch", "应用研究\nApplied\nResearch", "head_repeated", "应用研究"),
        ("试验发展\nExperimental\nDevelopment", None, "head_missing", "F"),
        (
            "Intramural Expenditure on R&D by Region (2021)",
            "Intramural Expenditure on R&D by Region (2019)",
            "year_disagrees",
            "2019",
        ),
    ],
)
def test_a_head_that_does_not_fit_names_cell_and_expectation(
    declarations: Declarations, old: str, new: str | None, check: str, says: str
) -> None:
    rows = [[new if cell == old else cell for cell in row] for row in one_cell()]
    found = find(rows, declarations)
    assert not found.tables
    problems = [p for f in found.failures for p in f.problems]
    assert check in {p.check for p in problems}
    assert says in " ".join(f"{p.message} {p.cell} {p.expected}" for p in problems if p.check == check)
    assert found.failures[0].contract is not None
    assert found.failures[0].contract.name == "rd_expenditure_by_activity"


def test_swapped_english_heads_are_an_error(declarations: Declarations) -> None:
    rows = one_cell(
        **{
            "基础研究\nBasic\nResearch": "基础研究\nApplied\nResearch",
            "应用研究\nApplied\nResearch": "应用研究\nBasic\nResearch",
        }
    )
    problems = [p for f in find(rows, declarations).failures for p in f.problems]
    assert [p.check for p in problems] == ["heads_disagree", "heads_disagree"]
    assert [p.cell for p in problems] == ["D4", "E4"]


def test_a_misread_head_is_read_through_and_said(declarations: Declarations) -> None:
    rows = one_cell(**{"试验发展\nExperimental\nDevelopment": "试验发展\nExperimenta1\nDevelopment"})
    reading = read(rows, declarations)
    assert len(reading.cells) == 12
    assert [(f["check"], f["severity"], f["cell"]) for f in reading.findings] == [("head_misprint", "info", "F4")]


def test_units_are_converted_and_must_agree_between_languages(declarations: Declarations) -> None:
    hundred_million = one_cell(**{"单位：万元": "单位：亿元", "(10 000 yuan)": "(100 million yuan)"})
    cell = next(c for c in read(hundred_million, declarations).cells if c["cell"] == "D5")
    assert cell["value"] == 42251336000.0
    assert cell["resolution"] == 1000.0
    with pytest.raises(UnitMismatch, match="100m_cny in Chinese and 10k_cny in English"):
        read(one_cell(**{"单位：万元": "单位：亿元"}), declarations)
    with pytest.raises(UnitMismatch, match="the contract says"):
        read(one_cell(**{"单位：万元": "单位：人年", "(10 000 yuan)": "(man-year)"}), declarations)


@pytest.mark.parametrize(
    "line", ["金额单位：亿元", "货币单位：亿元人民币", "2021年 单位：亿元", "（单位：亿元）", "计量单位:亿元"]
)
def test_a_unit_line_in_other_words(line: str, declarations: Declarations) -> None:
    rows = one_cell(**{"单位：万元": line, "(10 000 yuan)": "(100 million yuan)"})
    assert next(c for c in read(rows, declarations).cells if c["cell"] == "D5")["value"] == 42251336000.0


def test_a_percent_sign_behind_percents(declarations: Declarations) -> None:
    rows: list[list[str | None]] = [
        ["1-8 各地区研究与试验发展(R&D)经费投入强度"], ["单位：%"], ["地区", "Region", "2020", "2021"],
        ["北京", "Beijing", "6.44%", "6.53％"], ["天津", "Tianjin", "3.44", "3.66"], ["河北", "Hebei", "1.75", "1.85"],
    ]  # fmt: skip
    reading = read(rows, declarations)
    values = [c["value"] for c in reading.cells if c["role"] == "value"]
    assert (values, reading.quarantine) == ([6.44, 3.44, 1.75, 6.53, 3.66, 1.85], [])


def test_a_year_in_wide_digits(declarations: Declarations) -> None:
    title = "1-7 各地区研究与试验发展(R&D)经费内部支出(2021年)"
    rows = one_cell(**{title: title.replace("2021", "２０２１"), "Intramural Expenditure on R&D by Region (2021)": "x"})
    assert {c["period"] for c in read(rows, declarations).cells} == {2021}


def test_labels_must_agree_and_an_unknown_one_is_set_aside(declarations: Declarations) -> None:
    for label, english, reason in (("天    津", "Shanghai", "two regions"), ("火    星", "Mars", "no known region")):
        rows = one_cell(**{"天    津": label, "Tianjin": english})
        reading = read(rows, declarations)
        assert {c["region"] for c in reading.cells} == {"110000", "130000"}
        assert [q["cell"] for q in reading.quarantine] == ["C6", "D6", "E6", "F6"]
        assert reason in reading.quarantine[0]["reason"]
    mended = read(one_cell(**{"天    津": "大 津"}), declarations)
    assert {c["region"] for c in mended.cells} == {"110000", "120000", "130000"}
    assert mended.findings[0]["check"] == "label_misprint"


def test_a_region_printed_twice_keeps_its_first_row(declarations: Declarations) -> None:
    rows = one_cell()
    rows.insert(6, list(PROVINCES[0]))
    reading = read(rows, declarations)
    assert len(reading.cells) == 12
    assert "printed twice" in reading.quarantine[0]["reason"]


def test_an_untitled_printing_only_has_candidates(declarations: Declarations) -> None:
    rows = [
        ["单位:万元"],
        ["地区", "R&D经费内部支出", "基础研究", "应用研究", "试验发展"],
        *[[zh, *numbers] for zh, _, *numbers in PROVINCES],
    ]
    found = find(rows, declarations)
    assert not found.tables
    assert [[t.contract.name for t in options] for options in found.candidates] == [["rd_expenditure_by_activity"]]
    declared = find(rows, declarations, ("rd_expenditure_by_activity", 2020))
    assert [(t.contract.name, t.year) for t in declared.tables] == [("rd_expenditure_by_activity", 2020)]
    unknown = find(rows, declarations, ("no_such_table", 2020))
    assert unknown.failures[0].problems[0].check == "declaration_unknown"


def test_year_heads_tell_period_and_edition(declarations: Declarations) -> None:
    rows = [
        ["1-8 各地区研究与试验发展(R&D)经费投入强度"],
        ["单位：%", None, None, "(%)"],
        ["地区", "Region", "2020", "2021"],
        ["北京", "Beijing", "6.44", "6.53"],
        ["天津", "Tianjin", "3.44", "3.66"],
    ]
    cells = read(rows, declarations).cells
    assert {(c["period"], c["edition"]) for c in cells} == {(2020, "st-yearbook/2022"), (2021, "st-yearbook/2022")}
