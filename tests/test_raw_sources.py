"""data/raw holds what data/raw/sources.yml declares, and its figures are the published ones, cell by cell.

The files are read here with the bare libraries, not with the project's own readers, so that a mistake in
those cannot hide one in the files. What compares with the published files skips where ../shared is absent.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import lxml.html
import msoffcrypto
import pytest
import python_calamine
import yaml

ROOT = Path(__file__).resolve().parents[1]
RAW = ROOT / "data" / "raw"
SHARED = ROOT.parent / "shared"
PUBLISHED = SHARED / "published"
DECLARATION: dict[str, Any] = yaml.safe_load((RAW / "sources.yml").read_text("utf-8"))
SOURCES: list[dict[str, Any]] = DECLARATION["sources"]
BINARY = b"\xd0\xcf\x11\xe0"

# Which published table each workbook is keyed from: family and data year in yearbook.csv, start of its title.
ORIGINS = {
    "st-yearbook-2022-1-04.xlsx": ("rd_personnel_fte", "2021", "1-4"),
    "st-yearbook-2022-1-07.xls": ("rd_expenditure_by_activity", "2021", "1-7"),
    "st-yearbook-2021-1-07.xlsx": ("rd_expenditure_by_activity", "2020", "1-7"),
    "st-yearbook-2022-1-08.xls": ("rd_intensity", "2021", "1-8"),
    "st-yearbook-2022-1-14.xls": ("rd_expenditure_by_source_of_funds", "2021", "1-14"),
    "st-yearbook-2022-2-14.xlsx": ("industrial_enterprise_rd_expenditure", "2021", "2-14"),
    "st-yearbook-2022-5-02.xls": ("high_tech_industry_operation", "2021", "5-2"),
    "st-yearbook-2022-8-09.xlsx": ("patents_in_force", "2021", "8-9"),
    "st-yearbook-2022-8-17.xls": ("indexed_papers", "2021", "8-17"),
    "st-yearbook-2022-8-36.xls": ("technology_market_outflow", "2021", "8-36"),
    "st-yearbook-2022-8-37.xlsx": ("technology_market_outflow", "2021", "8-37"),
}

Rows = list[list[Any]]


def opened(data: bytes) -> tuple[bool, Rows]:
    """Whether the workbook is encrypted, and the cells of its first sheet with its text as it stands."""
    encrypted = False
    if data.startswith(BINARY):
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        encrypted = office.is_encrypted()
        if encrypted:
            office.load_key(password="VelvetSweatshop")
            plain = io.BytesIO()
            office.decrypt(plain)
            data = plain.getvalue()
    sheet = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
    return encrypted, sheet.to_python(skip_empty_area=False)


def told(data: bytes) -> str:
    """The container that the bytes show."""
    if data.startswith(BINARY):
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        kind = {"ooxml": "xlsx", "xls97": "xls"}[office.format]
        return f"{kind}-encrypted" if office.is_encrypted() else kind
    if data.startswith(b"PK"):
        return "xlsx"
    if data.lstrip().lower().startswith(b"<!doctype html"):
        return "html"
    return "tsv" if b"\t" in data else "csv"


def delimited(name: str, encoding: str = "utf-8", delimiter: str = ",") -> Rows:
    with (RAW / name).open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def squeezed(text: Any) -> str:
    return re.sub(r"\s", "", text) if isinstance(text, str) else f"{text:g}"


def heads(rows: Rows) -> set[str]:
    """Every fragment that stands above the row of the nation: title, unit line and heads."""
    fragments: set[str] = set()
    for row in rows:
        if squeezed(row[0]) == "全国":
            break
        for cell in row:
            fragments |= {squeezed(part) for part in (cell.split("\n") if isinstance(cell, str) else [cell])}
    return fragments - {""}


def figures(rows: Rows) -> list[tuple[Any, ...]]:
    """The rows from the nation down without blank ones: names without blanks, values as they stand."""
    start = next(i for i, row in enumerate(rows) if squeezed(row[0]) == "全国")
    return [
        (squeezed(row[0]), squeezed(row[1]), *row[2:])
        for row in rows[start:]
        if any(cell != "" and squeezed(cell) for cell in row)
    ]


def published(family: str, year: str, number: str) -> Rows:
    """The published workbook of a table, its HTML printing left aside."""
    index = PUBLISHED / "yearbook.csv"
    if not index.exists():
        pytest.skip("../shared/published is not here: nothing to compare the figures with")
    for row in csv.DictReader(index.open(encoding="utf-8")):
        if (row["table_family"], row["data_year"], row["container"]) == (family, year, "xls"):
            rows = opened((PUBLISHED / "yearbook" / row["file"]).read_bytes())[1]
            if re.match(rf"\s*{number}\s", rows[0][0]):
                return rows
    raise AssertionError(f"no published workbook for {family} {year} {number}")


def provinces(page: Any) -> Rows:
    """The first table of a page whose head begins with 地区."""
    for table in page.iter("table"):
        rows = [[squeezed(cell.text_content()) for cell in row.iter("td", "th")] for row in table.iter("tr")]
        if rows and rows[0][:1] == ["地区"]:
            return rows
    raise AssertionError("no table by region")


def paper() -> list[str]:
    """The lines of the paper without the marks of raised figures."""
    path = SHARED / "paper.txt"
    if not path.exists():
        pytest.skip("../shared/paper.txt is not here: nothing to compare the paper's tables with")
    return [re.sub("</?sup>", "", line).rstrip(" ") for line in path.read_text("utf-8").splitlines()]


def paper_tables() -> list[str]:
    return sorted(source["file"] for source in SOURCES if source["edition"] == "paper/2023")


def test_every_file_is_declared_and_every_declared_file_is_there() -> None:
    there = {path.relative_to(RAW).as_posix() for path in RAW.rglob("*") if path.is_file()} - {"sources.yml"}
    declared = [source["file"] for source in SOURCES]
    assert sorted(declared) == sorted(there)
    assert len(set(declared)) == len(declared)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source["file"])
def test_a_source_is_what_it_is_declared_to_be(source: dict[str, Any]) -> None:
    data = (RAW / source["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == source["sha256"]
    assert told(data) == source["container"]
    for key in ("edition", "terms", "obtained", "keyed", "note"):
        assert source[key], key
    for key in ("title", "producer"):
        assert source[key]["zh"] and source[key]["en"], key


def test_the_main_job_exercises_every_container() -> None:
    containers = {source["container"] for source in SOURCES}
    assert containers == {"xls", "xls-encrypted", "xlsx", "xlsx-encrypted", "html", "csv", "tsv"}


def test_no_source_is_a_copy_of_a_published_file() -> None:
    if not PUBLISHED.exists():
        pytest.skip("../shared/published is not here: nothing to compare with")
    theirs = {hashlib.sha256(p.read_bytes()).hexdigest() for p in PUBLISHED.rglob("*") if p.is_file()}
    assert not theirs & {source["sha256"] for source in SOURCES}


@pytest.mark.parametrize("name", ORIGINS)
def test_a_workbook_prints_the_published_heads_and_figures(name: str) -> None:
    theirs = published(*ORIGINS[name])
    ours = opened((RAW / "yearbook" / name).read_bytes())[1]
    assert heads(ours) == heads(theirs)
    assert figures(ours) == figures(theirs)


def test_every_yearbook_workbook_has_its_origin() -> None:
    tables = [source for source in SOURCES if source["file"].startswith("yearbook/")]
    assert {Path(s["file"]).name for s in tables if s["container"] != "html"} == set(ORIGINS)


def test_the_html_printing_is_the_workbook_rounded_to_whole_units_and_says_nothing_else() -> None:
    page = lxml.html.parse(str(RAW / "yearbook" / "st-yearbook-2022-1-07-rounded.html")).getroot()
    rows = [[squeezed(cell.text_content()) for cell in row.iter("td", "th")] for row in page.iter("tr")]
    book = figures(opened((RAW / "yearbook" / "st-yearbook-2022-1-07.xls").read_bytes())[1])
    rounded = [
        [zh, *(str(Decimal(repr(value)).quantize(Decimal(1), ROUND_HALF_UP)) for value in values)]
        for zh, _, *values in book
    ]
    assert rows[3:] == rounded
    assert rows[:3] == [["单位:万元"], ["地区", "R&D经费内部支出"], ["", "基础研究", "应用研究", "试验发展"]]
    assert not re.search("20[0-9]{2}年", page.text_content())


@pytest.mark.parametrize("name", paper_tables())
def test_a_table_of_the_paper_is_keyed_exactly_as_printed(name: str) -> None:
    lines = paper()
    for row in delimited(name):
        assert "\t".join(row) in lines


def test_no_row_of_the_papers_tables_is_left_out() -> None:
    ours = {"\t".join(row) for name in paper_tables() for row in delimited(name)}
    assert {line for line in paper() if "\t" in line} <= ours
    assert {line for line in paper() if re.match("(表|Table )[1-5] ", line)} <= ours


def test_the_ranking_of_2022_is_the_papers_table_1() -> None:
    table = next(name for name in paper_tables() if "table-1" in name)
    assert delimited("gii/gii-clusters-2022.csv", "gb18030")[3:23] == delimited(table)[3:23]


def test_the_ranking_of_2023_and_the_counts_by_economy_are_the_reported_ones() -> None:
    if not (PUBLISHED / "gii").exists():
        pytest.skip("../shared/published/gii is not here: nothing to compare with")
    with (PUBLISHED / "gii" / "clusters_2023.csv").open(encoding="utf-8", newline="") as file:
        assert delimited("gii/gii-clusters-2023.csv", "utf-8-sig")[3:21] == list(csv.reader(file))[1:]
    with (PUBLISHED / "gii" / "economies.csv").open(encoding="utf-8", newline="") as file:
        theirs = list(csv.reader(file))[1:]
    ours = []
    for path in sorted((RAW / "gii").glob("*-by-economy.tsv")):
        rows = delimited(f"gii/{path.name}", delimiter="\t")
        assert rows[0][0].startswith(path.name[13:17]) and rows[1][0].startswith(path.name[13:17])
        ours += [[path.name[13:17], *row] for row in rows[3:-2]]
    assert ours == theirs


def test_the_bulletin_is_the_published_one() -> None:
    page = PUBLISHED / "bulletin" / "2021.html"
    if not page.exists():
        pytest.skip("../shared/published/bulletin is not here: nothing to compare with")
    theirs = lxml.html.parse(str(page), lxml.html.HTMLParser(encoding="utf-8")).getroot()
    ours = lxml.html.parse(str(RAW / "bulletin" / "rd-bulletin-2021.html")).getroot()
    assert provinces(ours) == provinces(theirs)
    text = squeezed(theirs.text_content()).replace("[2]", "")
    for paragraph in ours.iter("p"):
        for statement in re.findall(r"[^，；。]*[0-9.]+(?:亿元|%)", squeezed(paragraph.text_content())):
            assert statement in text
