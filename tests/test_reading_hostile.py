"""Files that are no table, broken, or meant to harm: each is Unreadable for a stated reason, none does harm."""

from __future__ import annotations

import io
import os
import re
import signal
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.reading import limits, pool, read, sniff
from flows.reading.here import read_here
from flows.reading.sniff import OLE_MAGIC
from tests.workbooks import csv_bytes, encrypt_xls, encrypt_xlsx, html_page, pdf, xls, xlsx
from transforms.grid import Grid, Unreadable

SHEETS = [("1-7", [["各地区经费", None], ["地区", "值"], ["北京", 1.5], ["天津", "2"]], [(0, 0, 0, 1)])]
GOOD = {
    "xls": xls(SHEETS),
    "xls-encrypted": encrypt_xls(xls(SHEETS)),
    "xlsx": xlsx(SHEETS),
    "xlsx-encrypted": encrypt_xlsx(xlsx(SHEETS)),
    "html": html_page([["地区", "值"], ["北京", 1]]),
    "csv": csv_bytes([["地区", "值"], ["北京", "1"], ["天津", "2"]], "gb18030"),
    "pdf": pdf([([(50 + 90 * c, 50 + 20 * r, f"{r}{c}") for r in range(4) for c in range(3)], [])]),
}
WORD = io.BytesIO()
with zipfile.ZipFile(WORD, "w") as _archive:
    _archive.writestr("[Content_Types].xml", "<Types/>")
    _archive.writestr("word/document.xml", "<document/>")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "nothing but blanks"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "a picture"),
        (b"\xff\xd8\xff\xe0" + bytes(99), "a picture"),
        (b"GIF89a" + bytes(99), "a picture"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a picture"),
        (b"BM" + bytes(99), "a picture"),
        (b"{\\rtf1 text}", "a Word document"),
        (WORD.getvalue(), "a Word document"),
        (b"Rar!\x1a\x07\x00" + bytes(9), "an archive"),
        (b"\x1f\x8b\x08" + bytes(9), "an archive"),
        (b"CAJ\x00" + bytes(9), "a CAJ document"),
        (b"MZ\x90\x00" + bytes(99), "a program"),
        (b"SQLite format 3\x00" + bytes(99), "a SQLite database"),
        (b"\x09\x08\x08\x00" + bytes(99), "older than Excel 95"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "Excel 2003"),
        (b'{"region": 1}', "JSON or XML"),
        (b"<observations><a/></observations>", "JSON or XML"),
        (b"# Readme\n\nThis folder holds tables, and more.\n\nSee below.\n", "text without a table"),
        ("第一行，没有表格。\n第二行。\n".encode("gbk"), "text without a table"),
        (b"<html><body><script>draw()</script></body></html>", "without any text"),
        (xlsx([("a", [], [])]), "no cell with anything in it"),
        (encrypt_xls(xls(SHEETS), "secret"), "password of its own"),
        (encrypt_xlsx(xlsx(SHEETS), "secret"), "password of its own"),
        (pdf([([], [(0, 0, 10, 10)])]), "without a text layer"),
        (pdf([([(50, 50, "Words alone")], [])]), "holds no table"),
        (b"PAR1" + bytes(40) + b"PAR1", "damaged Parquet"),
        (bytes(1000), "zero bytes"),
        (bytes(range(128, 256)) * 9, "neither a workbook nor text|without a table"),
    ],
)
def test_what_is_no_table_says_what_it_is(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(data)


@pytest.mark.parametrize("container", GOOD)
def test_a_file_cut_off_anywhere_is_a_grid_or_unreadable(container: str) -> None:
    data = GOOD[container]
    assert read(data).container == container
    cuts = 12 if container == "xlsx-encrypted" else 120  # its key takes 0.1 s to make
    for end in sorted({*range(0, 64), *range(0, len(data), max(1, len(data) // cuts)), len(data) - 1}):
        _grid_or_reason(data[:end])


@pytest.mark.parametrize("container", ["xls", "xls-encrypted", "xlsx", "xlsx-encrypted"])
def test_half_a_workbook_says_so(container: str) -> None:
    data = GOOD[container]
    with pytest.raises(Unreadable, match=r"damaged|cannot be opened"):
        read(data[: len(data) // 2])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", OLE_MAGIC, b"<html>", b"%PDF-1.4\n"]))
def test_any_bytes_are_a_grid_or_unreadable(noise: bytes, start: bytes) -> None:
    _grid_or_reason(start + noise)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_mutation_is_a_grid_or_unreadable(data: st.DataObject) -> None:
    mutated = bytearray(GOOD[data.draw(st.sampled_from(sorted(GOOD)))])
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(mutated) - 1))
        mutated[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    _grid_or_reason(bytes(mutated))


def test_a_file_beyond_the_bound_is_not_touched() -> None:
    with pytest.raises(Unreadable, match="MiB"):
        read(bytes(limits.MAX_BYTES + 1))


def test_a_workbook_that_expands_beyond_measure_is_refused() -> None:
    with pytest.raises(Unreadable, match="zip bomb"):
        read(_with_sheet(b" " * (limits.RATIO_FREE + 1)))


def test_a_part_that_belies_its_size_takes_no_more_than_the_reader_may() -> None:
    bomb = bytearray(_with_sheet(b"<worksheet><sheetData>" + b" " * (64 * limits.MIB)))
    size = (64 * limits.MIB + 22).to_bytes(4, "little")
    for found in re.finditer(re.escape(size), bytes(bomb)):  # in the local header and in the directory
        bomb[found.start() : found.end()] = (1000).to_bytes(4, "little")
    _grid_or_reason(bytes(bomb))


def test_a_far_corner_does_not_make_the_sheet_fill_the_memory() -> None:
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(Unreadable, match=r"memory|cells"):
        read(_with_sheet(b"<worksheet><sheetData>" + cells + b"</sheetData></worksheet>"))
    assert read(GOOD["xls"]).container == "xls"


def test_entities_that_multiply_stay_small() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    laughs = f'<!DOCTYPE html [<!ENTITY e0 "ha">{entities}]>'
    page = f"{laughs}<html><body><p>one</p><table><tr><td>&e11;</td><td>2</td></tr></table></body></html>"
    assert len(str(read(page.encode()))) < 10_000
    cells = '<row r="1"><c r="A1" t="e"><v>&e11;</v></c></row>'
    _grid_or_reason(_with_sheet(f"{laughs}<worksheet><sheetData>{cells}</sheetData></worksheet>".encode()))


def test_an_entity_never_fetches_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hunter2")
    outside = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    page = f"{outside}<html><body><p>text &x;</p></body></html>"
    assert "hunter2" not in str(read(page.encode()))


def test_spans_beyond_measure_are_bounded() -> None:
    wide = "<table>" + "<tr><td colspan=999999 rowspan=999999>a<td>b" * 20 + "</table>"
    (sheet,) = read(wide.encode()).sheets
    assert sheet.height == 20
    with pytest.raises(Unreadable, match="cells"):
        read(("<table>" + "<tr><td colspan=1000>a<td>b" * 6000 + "</table>").encode())


def test_a_page_nested_beyond_measure_is_a_grid_or_unreadable() -> None:
    _grid_or_reason(b"<div>" * 100_000 + b"text")
    _grid_or_reason(b"<table><tr><td>" * 20_000 + b"text")


def test_a_reader_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = pool._take()  # takes its next document only after the signal, as if it hung
    pool._idle.append(worker)
    threading.Timer(0.2, os.kill, (worker.pid, signal.SIGALRM)).start()
    monkeypatch.setattr(pool, "send", lambda *_: time.sleep(0.5))
    with pytest.raises(Unreadable, match="takes longer than"):
        pool.read_apart(GOOD["xls"])


def test_a_killed_reader_is_replaced_and_the_document_read() -> None:
    read(GOOD["xls"])
    os.kill(pool._idle[-1].pid, signal.SIGKILL)
    assert read(GOOD["xls"]).container == "xls"


def test_where_no_process_can_be_started_documents_are_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool.sys, "executable", "/nowhere/python")
    monkeypatch.setattr(pool, "_idle", [])
    assert read(GOOD["xls"]) == read_here(GOOD["xls"])


def test_threads_read_at_the_same_time() -> None:
    with ThreadPoolExecutor(4) as threads:
        grids = list(threads.map(read, [GOOD["xls"], GOOD["html"], GOOD["csv"], GOOD["xlsx"]] * 5))
    assert grids[:4] * 5 == grids


def test_formulas_are_values_and_markup_is_text() -> None:
    data = csv_bytes([["a", "b"], ['=HYPERLINK("x")', "<script>"], ["+1", "@x"]])
    assert read(data).sheets[0].rows[1] == ('=HYPERLINK("x")', "<script>")


def _with_sheet(content: bytes) -> bytes:
    """A good workbook whose first sheet's part is replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD["xlsx"])) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == "xl/worksheets/sheet1.xml" else old.read(name))
    return file.getvalue()


def _grid_or_reason(data: bytes) -> None:
    try:
        assert isinstance(read(data), Grid)
    except Unreadable as reason:
        assert len(str(reason)) > 10
    try:
        assert sniff(data)
    except Unreadable as reason:
        assert str(reason)
