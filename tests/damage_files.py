"""Damage to what stands around a table, and to the file: titles, years, units, halves, sheets, containers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests import workbooks
from tests.damage import (
    Aside,
    Found,
    Printing,
    ReadThrough,
    Spot,
    Unchanged,
    Unrecognised,
    Verdict,
    kind,
)
from tests.damage_cells import ADDITIVE, ALL, SUMS
from tests.damage_tables import SLIPS
from transforms.grid import Value, raw_text
from transforms.text import has_cjk
from transforms.units import is_unit_line

TITLED = ("activity_2020", "funds", "patents", "personnel", "operation")
"""Tables whose titles state the year."""


def _title(p: Printing, chinese: bool) -> tuple[int, int]:
    """Where the title stands in a language: the first and the second text of the sheet."""
    lines = p.front(lambda text: has_cjk(text) == chinese and not is_unit_line(text))
    return lines[0]


def _retitle(p: Printing, chinese: bool, old: str, new: str) -> None:
    r, c = _title(p, chinese)
    assert old in p.text(r, c), p.text(r, c)
    p.put(r, c, p.text(r, c).replace(old, new) or None)


@kind("the year changed in the Chinese title", *TITLED)
def chinese_year(p: Printing) -> Verdict:
    _retitle(p, True, str(p.table.year), "2009")
    return Unrecognised("year_disagrees")


@kind("the year changed in the English title", *TITLED)
def english_year(p: Printing) -> Verdict:
    _retitle(p, False, str(p.table.year), "2009")
    return Unrecognised("year_disagrees")


@kind("the year changed to that of another table", "activity_2020", alone=True)
def year_of_another(p: Printing) -> Verdict:
    year = p.table.year or 0
    p.replace_front({str(year): str(year + 1)})
    return Found(SUMS, (Spot("110000"), Spot("CN")))


@kind("an old table under a new year", "patents", "personnel", alone=True)
def old_as_new(p: Printing) -> Verdict:
    p.others.append(p.save())
    p.replace_front({str(p.table.year): "2025"})
    return Found(frozenset({"year_copied"}), tuple(Spot(None, None, c.indicator) for c in p.numbers))


@kind("the year lost", *TITLED)
def lost_year(p: Printing) -> Verdict:
    p.replace_front({f"({p.table.year}年)": "", f"({p.table.year})": ""})
    return Unrecognised("year_missing", "--year")


@kind("the title lost in both languages", *TITLED)
def lost_titles(p: Printing) -> Verdict:
    for chinese in (True, False):
        p.put(*_title(p, chinese), None)
    return Unrecognised(says="no title that a contract has")


@kind("the title lost in Chinese", *TITLED)
def lost_chinese_title(p: Printing) -> Verdict:
    p.put(*_title(p, True), None)
    return Unchanged()


@kind("the title lost in English", *TITLED)
def lost_english_title(p: Printing) -> Verdict:
    p.put(*_title(p, False), None)
    return Unchanged()


@kind("the Chinese title of another table", "patents")
def title_of_another(p: Printing) -> Verdict:
    _retitle(p, True, "专利有效数", "专利申请授权数")
    return Unrecognised("titles_disagree")


@kind("a Chinese title that no table has", *TITLED)
def unknown_chinese_title(p: Printing) -> Verdict:
    p.put(*_title(p, True), f"9-9 各地区火星探测({p.table.year}年)")
    return Unrecognised("titles_disagree")


@kind("a title that no table has", *TITLED)
def unknown_title(p: Printing) -> Verdict:
    p.put(*_title(p, True), f"9-9 各地区火星探测({p.table.year}年)")
    p.put(*_title(p, False), f"Exploration of Mars by Region({p.table.year})")
    return Unrecognised("document_unrecognised", "no contract")


@kind("a title with another word", "activity_2020", "funds")
def changed_title(p: Printing) -> Verdict:
    p.put(*_title(p, False), None)
    _retitle(p, True, "内部支出", "内部支出情况")
    return ReadThrough("title_changed")


@kind("a title with another word, where several tables look alike", "patents")
def changed_title_of_alike(p: Printing) -> Verdict:
    p.put(*_title(p, False), None)
    _retitle(p, True, "按地区分布", "按地区的分布")
    return Unrecognised("title_ambiguous")


@kind("the table's number moved", *TITLED)
def moved_number(p: Printing) -> Verdict:
    r, c = _title(p, True)
    p.put(r, c, "17-23" + p.text(r, c).lstrip("0123456789-"))
    return Unchanged()


@kind("the table's number lost", *TITLED)
def lost_number(p: Printing) -> Verdict:
    r, c = _title(p, True)
    p.put(r, c, p.text(r, c).lstrip("0123456789- "))
    return Unchanged()


@kind("a running head above the title", *TITLED)
def running_head(p: Printing) -> Verdict:
    head: list[Value] = ["中国科技统计年鉴—2013"]
    p.insert_rows(0, [head, ["七、科技活动成果"], []])
    return Unchanged()


@kind("a title with a footnote mark", *TITLED)
def title_with_mark(p: Printing) -> Verdict:
    r, c = _title(p, True)
    p.put(r, c, p.text(r, c) + "①")
    return Unchanged()


def _unit(p: Printing, chinese: bool) -> tuple[int, int]:
    """Where the unit stands in a language."""
    spots = p.front(lambda text: is_unit_line(text) if chinese else text.strip().startswith("("))
    return next((r, c) for r, c in spots if is_unit_line(p.text(r, c)) or not has_cjk(p.text(r, c)))


@kind("the unit changed in Chinese", "activity_2020", "funds", "enterprises", "value_out")
def chinese_unit(p: Printing) -> Verdict:
    p.put(*_unit(p, True), "单位：亿元")
    return Unrecognised("units_disagree")


@kind("the unit changed in English", "activity_2020", "funds", "enterprises", "value_out")
def english_unit(p: Printing) -> Verdict:
    p.put(*_unit(p, False), "(100 million yuan)")
    return Unrecognised("units_disagree")


@kind("the unit changed in both languages", "activity", "funds")
def both_units(p: Printing) -> Verdict:
    """All sums hold: the year before and the other tables speak."""
    p.put(*_unit(p, True), "单位：亿元")
    p.put(*_unit(p, False), "(100 million yuan)")
    return Found(SLIPS, (Spot(None, None, "rd_expenditure"),))


@kind("a unit of another kind", "activity_2020", "funds", "patents", "personnel", "enterprises", "outflow")
def other_dimension(p: Printing) -> Verdict:
    p.put(*_unit(p, True), "单位：%")
    p.put(*_unit(p, False), "(%)")
    return Unrecognised("units_disagree")


@kind("a unit that nobody knows", "activity_2020", "funds", "patents", "personnel", "enterprises", "outflow")
def unknown_unit(p: Printing) -> Verdict:
    p.put(*_unit(p, True), "单位：斗")
    return Unrecognised("unit_unknown")


@kind("the unit line lost", "activity_2020", "funds", "patents", "personnel", "enterprises", "outflow")
def lost_unit(p: Printing) -> Verdict:
    """The contract says what the table is in."""
    p.put(*_unit(p, True), None)
    p.put(*_unit(p, False), None)
    return Unchanged()


@kind("a unit in a head changed", "operation")
def head_unit(p: Printing) -> Verdict:
    column = p.numbers[0]
    for r in p.heads_of(column):
        p.put(r, column.index, p.text(r, column.index).replace("(个)", "(亿元)"))
    return Unrecognised("units_disagree")


@kind("the lower half lost", *ADDITIVE, "enterprises")
def upper_half(p: Printing) -> Verdict:
    lost = [region for region, r in p.regions.items() if r > p.regions["330000"]]
    del p.rows[p.regions["330000"] + 1 :]
    spots = tuple(Spot(region) for region in lost if region.isdigit() and region < "7")
    return Found(frozenset({"region_missing"}), spots, frozenset(lost))


@kind("the upper half lost", *ADDITIVE)
def lower_half(p: Printing) -> Verdict:
    del p.rows[: p.regions["330000"]]
    p.merged = []
    return Unrecognised()


@kind("the right half lost", "activity_2020", "funds", "patents", "personnel", "papers")
def left_half(p: Printing) -> Verdict:
    keep = p.numbers[1].index + 1
    p.rows = [row[:keep] for row in p.rows]
    p.merged = []
    return Unrecognised("head_missing")


@kind("the left half lost", *ADDITIVE)
def right_half(p: Printing) -> Verdict:
    p.rows = [row[p.numbers[1].index :] for row in p.rows]
    p.merged = []
    return Unrecognised()


@kind("one row alone", *ADDITIVE)
def one_row(p: Printing) -> Verdict:
    del p.rows[p.first + 1 :]
    return Unrecognised()


@kind("the heads without a row", *ADDITIVE)
def no_rows(p: Printing) -> Verdict:
    del p.rows[p.first :]
    return Unrecognised()


@kind("a second table below", *ADDITIVE, "outflow")
def stacked(p: Printing) -> Verdict:
    p.rows += [[], *_another()]
    return Unchanged(another="high_tech_industry_operation")


@kind("a second table beside", *ADDITIVE, "outflow")
def side_by_side(p: Printing) -> Verdict:
    at = max(len(row) for row in p.rows) + 1
    for r, row in enumerate(_another()):
        for c, value in enumerate(row):
            p.put(r, at + c, value)
    return Unchanged(another="high_tech_industry_operation")


def _another() -> list[list[Value]]:
    """A small table of another year."""
    return [
        ["5-2 各地区高技术产业生产经营情况(2015年)"],
        ["Statistics on Production and Management in High-tech Industry by Region(2015)"],
        ["单位：个，亿元", None, None, None, "(unit,100 million yuan)"],
        ["地区", "Region", "企业数(个)\nNumber of Enterprises", "主营业务收入\nRevenue from Principal Business",
         "利润总额\nProfits", "出口交货值\nExport"],
        ["北京", "Beijing", "799", "4308.5", "316.2", "912.4"],
        ["天津", "Tianjin", "541", "3769.5", "275.4", "1203.8"],
        ["河北", "Hebei", "660", "1836.4", "152.7", "211.1"],
    ]  # fmt: skip


@kind("continued below", "funds", "patents", "personnel")
def continued_below(p: Printing) -> Verdict:
    """The last column stands in a part of its own."""
    c = p.numbers[-1].index
    part = [[*row[: p.label + 2], row[c]] for row in p.rows[p.table.block.top :]]
    p.delete_column(c)
    p.rows += [[], ["续表 Continued"], *part]
    return Unchanged()


@kind("continued beside", "funds", "patents", "personnel")
def continued_beside(p: Printing) -> Verdict:
    """The last two columns stand in a part of their own, a row lower."""
    first, second = p.numbers[-2].index, p.numbers[-1].index
    top = p.table.block.top
    part: list[list[Value]] = [["续表 Continued"], *([*r[: p.label + 2], r[first], r[second]] for r in p.rows[top:])]
    p.delete_column(second)
    p.delete_column(first)
    at = max(len(row) for row in p.rows) + 1
    for r, row in enumerate(part):
        for c, value in enumerate(row):
            p.put(top + r, at + c, value)
    return Unchanged()


@kind("heads printed again within", "activity_2020", "funds", "patents", "personnel")
def heads_again(p: Printing) -> Verdict:
    """Where a page ended: they hold no number."""
    block = p.table.block
    p.insert_rows(p.regions["330000"], [list(p.rows[r]) for r in range(block.top, block.first)])
    return Unchanged()


@kind("notes below", *ALL)
def notes(p: Printing) -> Verdict:
    page: list[Value] = [None, None, None, "45"]
    p.rows += [[], ["注：1.本表2020年数据为初步数。"], ["Note: Figures of 2020 are preliminary."], [], page]
    return Unchanged()


@kind("a note within", *ALL)
def note_within(p: Printing) -> Verdict:
    p.insert_rows(p.regions["330000"], [["（续上页）"]])
    return Unchanged()


@kind("merged cells broken", "activity_2020", "funds", "patents", "personnel", "enterprises", "papers", "outflow")
def broken_merges(p: Printing) -> Verdict:
    p.merged = []
    return Unchanged()


@kind("merged cells filled", "activity_2020", "personnel", "enterprises")
def filled_merges(p: Printing) -> Verdict:
    """What a merge showed once stands in each of its cells."""
    for top, left, bottom, right in p.merged:
        for r in range(top, bottom + 1):
            for c in range(left, right + 1):
                p.put(r, c, p.rows[top][left])
    p.merged = []
    return Unchanged()


@kind("another name of the sheet", *ALL)
def sheet_name(p: Printing) -> Verdict:
    p.sheet = "=HYPERLINK(1)"
    p.container = "xlsx"
    return Unchanged()


@kind("an empty sheet before", *ALL)
def sheet_before(p: Printing) -> Verdict | tuple[bytes, Verdict]:
    return workbooks.xlsx([("CNKI", [], []), (p.sheet, p.rows, p.merged)]), Unchanged()


@kind("the same sheet twice", *ADDITIVE)
def sheet_twice(p: Printing) -> Verdict | tuple[bytes, Verdict]:
    """Two printings of every number, which agree."""
    return p.save("xlsx", ("copy", p.rows, p.merged)), Unchanged(twice=True)


@kind("a date for a number", *ADDITIVE)
def date(p: Printing) -> Verdict:
    _, column, r, text = p.a_number()
    when: Any = datetime(2021, 3, 4)
    p.container = "xlsx"
    return Aside(frozenset({p.put(r, column.index, when)}), float(text))


def _as(container: str, encoding: str = "utf-8", bom: bool = False) -> Any:
    def saved(p: Printing) -> tuple[bytes, Verdict]:
        rows = [[raw_text(value) or None for value in row] for row in p.rows]
        if container == "html":
            return workbooks.html_page(rows, p.merged, encoding=encoding), Unchanged()
        delimiter = "\t" if container == "tsv" else ","
        return workbooks.csv_bytes(rows, encoding, delimiter, bom=bom), Unchanged()

    return saved


for name, how in {
    "saved as CSV": ("csv",),
    "saved as CSV with a byte order mark": ("csv", "utf-8", True),
    "saved as CSV in GB18030": ("csv", "gb18030"),
    "saved as CSV in UTF-16": ("csv", "utf-16"),
    "saved as tab-separated text in GBK": ("tsv", "gbk"),
    "saved as a page": ("html",),
    "saved as a page in GB18030": ("html", "gb18030"),
}.items():
    kind(name, "activity_2020", "funds", "patents", "personnel", "enterprises", "outflow")(_as(*how))


@kind("saved by a program that writes 2021.0", "intensity")
def written_floats(p: Printing) -> tuple[bytes, Verdict]:
    return workbooks.csv_bytes(p.rows), Unchanged()


@kind("saved as another workbook", *ALL)
def other_workbook(p: Printing) -> tuple[bytes, Verdict]:
    return p.save("xls" if p.container.startswith("xlsx") else "xlsx"), Unchanged()


@kind("saved behind the usual password", *ALL)
def encrypted(p: Printing) -> tuple[bytes, Verdict]:
    book = p.save()
    encrypt = workbooks.encrypt_xls if p.container.startswith("xls") and not p.container.startswith("xlsx") else None
    return (encrypt or workbooks.encrypt_xlsx)(book), Unchanged()


@kind("a copy as CSV beside", "activity_2020", alone=True)
def copy_beside(p: Printing) -> Verdict:
    p.others.append(workbooks.csv_bytes(p.rows))
    return Unchanged()

