"""Workbooks, pages and delimited text as grids: the published files, and round trips of every writer."""

from __future__ import annotations

import csv
import datetime
import io
import time
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
import xlwt

from flows.reading import read, sniff
from flows.reading.here import read_here
from tests.workbooks import csv_bytes, encrypt_xls, encrypt_xlsx, html_page, xls, xlsx
from transforms.grid import Grid, Sheet, Unreadable

PUBLISHED = Path(__file__).resolve().parents[2] / "shared" / "published"
published = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="no ../shared/published beside the project")

ROWS = [
    ["1-7  各地区研究与试验发展(R&D)经费内部支出(2021年)", None, None],
    ["单位：万元", "(10 000 yuan)", None],
    ["地    区", "Region", "基础研究\nBasic\nResearch"],
    ["全    国", "Nation", 279563072.7],
    ["北    京", "Beijing", "368633!"],
    ["西    藏", "Tibet", None],
    [None, None, None],
    ["注：…", None, 0],
]
AS_READ = (
    ("1-7  各地区研究与试验发展(R&D)经费内部支出(2021年)",),
    ("单位：万元", "(10 000 yuan)"),
    ("地    区", "Region", "基础研究\nBasic\nResearch"),
    ("全    国", "Nation", 279563072.7),
    ("北    京", "Beijing", "368633!"),
    ("西    藏", "Tibet"),
    (),
    ("注：…", None, 0.0),
)
MERGED = [(0, 0, 0, 2), (5, 0, 6, 0)]
SHEETS = [("1-7", ROWS, MERGED), ("CNKI", [["https://data.cnki.net/yearBook"]], []), ("Sheet3", [], [])]


@pytest.mark.parametrize(
    ("container", "data"),
    [
        ("xls", xls(SHEETS)),
        ("xls-encrypted", encrypt_xls(xls(SHEETS))),
        ("xlsx", xlsx(SHEETS)),
        ("xlsx-encrypted", encrypt_xlsx(xlsx(SHEETS))),
    ],
)
def test_a_workbook_comes_back_as_it_was_written(container: str, data: bytes) -> None:
    assert sniff(data) == container
    assert read(data) == Grid(container, (Sheet("1-7", AS_READ, ((0, 0, 0, 2), (5, 0, 6, 0))),))


def test_sheets_of_any_number_stay_in_order_and_a_sheet_with_more_than_an_address_stays() -> None:
    grid = read(xlsx([("b", [["x"]], []), ("a", [["http://a.b/c", 1]], []), ("c", [[None], [None, 2.5]], [])]))
    assert [sheet.name for sheet in grid.sheets] == ["b", "a", "c"]
    assert grid.sheets[2].rows == ((), (None, 2.5))


def test_encrypting_a_binary_workbook_gives_the_same_bytes_every_time() -> None:
    plain = xls(SHEETS)
    assert encrypt_xls(plain) == encrypt_xls(plain)


def test_values_that_are_neither_text_nor_number_become_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for value in (True, datetime.date(2021, 9, 22), datetime.datetime(2021, 9, 22, 1, 2), "#REF!", "  x "):
        book.active.append([None, value])
    book.save(tmp_path / "book.xlsx")
    (sheet,) = read((tmp_path / "book.xlsx").read_bytes()).sheets
    assert [row[1] for row in sheet.rows] == ["TRUE", "2021-09-22", "2021-09-22T01:02:00", "#REF!", "  x "]


def test_an_error_value_of_a_binary_workbook_is_seen_in_its_cell() -> None:
    book = xlwt.Workbook()
    book.add_sheet("first").write(0, 0, "x")
    sheet = book.add_sheet("second")
    sheet.write(0, 0, 1.5)
    sheet.row(2).set_cell_error(1, 0x07)
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue()).sheets[1].rows == ((1.5,), (), (None, "#DIV/0!"))
    assert read(encrypt_xls(file.getvalue())).sheets[1].text(2, 1) == "#DIV/0!"


def test_a_page_is_one_sheet_in_reading_order_with_spans_at_their_places() -> None:
    table = [["地区", "R&D经费", None, "人员"], [None, "合计\n(万元)", None, None], ["北 京", "12.50", "3", "—"]]
    page = html_page(table, [(0, 0, 1, 0), (0, 1, 0, 2)], above=["单位:万元", " \xa0 "], below=["注:…"])
    (sheet,) = read(page).sheets
    assert sheet.name == "page"
    assert sheet.rows == (
        ("单位:万元",),
        ("地区", "R&D经费", None, "人员"),
        (None, "合计\n(万元)"),
        ("北 京", "12.50", "3", "—"),
        ("注:…",),
    )
    assert sheet.merged == ((1, 0, 2, 0), (1, 1, 1, 2))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb2312", "gbk", "gb18030", "utf-16"])
def test_a_page_in_any_encoding(encoding: str) -> None:
    page = html_page([["地区", "数"], ["北京", 1]], above=["单位:万元"], encoding=encoding)
    assert read(page).sheets[0].rows == (("单位:万元",), ("地区", "数"), ("北京", "1"))


def test_a_page_that_declares_one_encoding_and_is_in_another() -> None:
    page = html_page([["地区", "数"], ["北京", 1]], above=["各地区研究与试验发展"], encoding="gbk")
    assert read(page.replace(b"charset=gbk", b"charset=utf-8")).sheets[0].text(0, 0) == "各地区研究与试验发展"


def test_pieces_of_a_sentence_are_joined_and_words_stay_parted() -> None:
    page = """<html><body><p><span>全国共投入（</span> <span>R&amp;D</span>
        <span>）经费</span> <b>27956.3</b>&nbsp;<span>亿元</span></p><p>Beijing <b>Tianjin</b>   Hebei</p>
        <ul><li>one<li>two</ul><div hidden>no</div><div style="display: none">no</div><script>no()</script>
        <!-- no --><table><tr><td><p>地　区</p></td><td><p>R&amp;D</p><p>（亿元）</p></td></tr></table></body>"""
    assert read(page.encode()).sheets[0].rows == (
        ("全国共投入（R&D）经费27956.3亿元",),
        ("Beijing Tianjin Hebei",),
        ("one",),
        ("two",),
        ("地　区", "R&D\n（亿元）"),
    )


def test_raised_and_struck_digits_are_none_of_the_numbers() -> None:
    page = """<table><tr><td>3.06<sup>1</sup></td><td>3.1<sup><a href="#">12</a></sup></td><td><s>2</s>3.06</td>
        <td><del>9</del>5</td><td>m<sup>2</sup></td><td>强度<sup>[2]</sup>为</td></tr></table>"""
    assert read(page.encode()).sheets[0].rows == (("3.06¹", "3.1¹²", "3.06", "5", "m²", "强度[2]为"),)


def test_a_piece_of_a_page_is_a_page() -> None:
    assert read("单位:万元\n<table><tr><td>北京</td><td>1</td></tr></table>".encode()).sheets[0].rows == (
        ("单位:万元",),
        ("北京", "1"),
    )


def test_a_table_for_the_layout_is_walked_and_the_table_in_it_gridded() -> None:
    page = b"""<table><tr><td><h1>Title</h1></td><td>menu</td></tr><tr><td colspan=2>text
        <table><caption>T</caption><tr><td rowspan=9>a<td>b<tr><td>c</table>tail</td></tr></table>"""
    (sheet,) = read(page).sheets
    assert sheet.rows == (("Title",), ("menu",), ("text",), ("T",), ("a", "b"), (None, "c"), ("tail",))
    assert sheet.merged == ((4, 0, 5, 0),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimited_text_in_any_encoding(encoding: str, delimiter: str) -> None:
    table = [["地区", "基础研究", "应用研究"], ["北京", "1,234.50", 'a"b'], ["天津", "007", "x;y\tz\n"]]
    rows = [["各地区经费", ""], *table]
    grid = read(csv_bytes(rows, encoding, delimiter))
    assert grid.container == ("tsv" if delimiter == "\t" else "csv")
    assert grid.sheets[0].rows == (("各地区经费",), *map(tuple, rows[1:]))


def test_traditional_characters_in_big5() -> None:
    rows = [["地區", "經費", "人員"], ["臺北市", "12.30", "1"], ["新北市", "45", "2"]]
    assert read(csv_bytes(rows, "big5")).sheets[0].rows == tuple(map(tuple, rows))


def test_semicolons_with_decimal_commas() -> None:
    rows = [["Region", "Basic", "Applied"], ["Beijing", "1,5", "2,5"], ["Tianjin", "3,5", "4,5"]]
    assert read(csv_bytes(rows, "cp1252", ";")).sheets[0].rows == tuple(map(tuple, rows))


def test_the_name_decides_nothing_but_stands_before_a_reason() -> None:
    assert read(xls(SHEETS), "table.html").container == "xls"
    with pytest.raises(Unreadable, match=r"^notes\.xls: text without a table"):
        read(b"A word of prose, no more.\nAnd another line.\n", "notes.xls")


@published
def test_all_published_printings_are_read_at_true_coordinates() -> None:
    rows = list(csv.DictReader((PUBLISHED / "yearbook.csv").open(encoding="utf-8")))
    files = [(PUBLISHED / "yearbook" / row["file"]).read_bytes() for row in rows]
    read(files[0])  # starts the reading process
    before = time.perf_counter()
    grids = [read(data) for data in files]
    seconds = time.perf_counter() - before
    assert Counter(grid.container for grid in grids) == {"xls-encrypted": 115, "xls": 27, "html": 13}
    assert all(len(grid.sheets) == 1 and grid.sheets[0].height > 30 for grid in grids)
    assert seconds < 5, "measured 0.35 s on 2 idle cores"
    by_name = {row["file"]: grid.sheets[0] for row, grid in zip(rows, grids, strict=True)}
    bilingual = by_name["02516c01.xls"]
    assert bilingual.text(0, 0) == "8-8 国内三种专利授权数按地区分布(2021年)"
    assert bilingual.text(4, 2) == "合 计\nTotal"
    assert (4, 3, 4, 5) in bilingual.merged
    printing = by_name["18bdd4b7.xls"]
    assert printing.rows[1:5] == (
        ("单位:万元",),
        ("地区", "R&D经费内部支出"),
        (None, None, "基础研究", "应用研究", "试验发展"),
        ("全国", "243931123", "14669964", "27572388", "201688772"),
    )
    assert printing.merged == ((2, 0, 3, 0), (2, 1, 2, 4))


@published
@pytest.mark.parametrize(
    ("year", "total", "title", "intensity"),
    [
        (2018, "19677.9", "附表　2018年各地区研究与试验发展（R&D）经费情况", "2.19"),
        (2019, "22143.6", "附表2　2019年各地区研究与试验发展（R&D）经费情况", "2.23"),
        (2020, "24393.1", "附表2　2020年各地区研究与试验发展（R&D）经费情况", "2.40"),
        (2021, "27956.3", "附表2　2021年各地区研究与试验发展（R&D）经费情况", "2.44"),
    ],
)
def test_a_bulletin_page_keeps_its_sentences_whole_and_its_table_clean(
    year: int, total: str, title: str, intensity: str
) -> None:
    (sheet,) = read((PUBLISHED / "bulletin" / f"{year}.html").read_bytes()).sheets
    sentence = f"{year}年，全国共投入研究与试验发展（R&D）经费{total}亿元，"
    assert any(sentence in sheet.text(row, 0) for row in range(sheet.height))
    titles = [row for row in range(sheet.height) if sheet.text(row, 0) == title]
    assert len(titles) == (2 if year == 2021 else 1)
    for at in titles:
        assert sheet.rows[at + 1 : at + 3] == (
            ("地　区", "R&D经费\n（亿元）", "R&D经费投入强度\n（%）"),
            ("全　国", total, intensity),
        )
        assert [len(row) for row in sheet.rows[at + 1 : at + 34]] == [3] * 33
        assert sheet.text(at + 33, 0) == "新　疆"


def test_reading_apart_and_here_gives_the_same() -> None:
    for data in (xls(SHEETS), html_page([["a", 1], ["b", 2.5]], [(0, 0, 1, 0)]), csv_bytes([["a", 1], ["b", 2]])):
        assert read(data) == read_here(data)
