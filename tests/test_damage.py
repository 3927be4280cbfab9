"""The damage corpus: every kind of damage to a printed table gets its verdict; none crashes, none passes silently."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from flows.declarations import DATA, Declarations
from flows.documents.collect import collect
from tests import damage_cells, damage_files, damage_tables, workbooks  # noqa: F401
from tests.damage import KINDS
from tests.damage_home import SAME, Pair, Surroundings, batches, complaints

RAW = DATA / "raw"
TABLES = {
    "activity": "st-yearbook-2022-1-07.xls",
    "activity_2020": "st-yearbook-2021-1-07.xlsx",
    "funds": "st-yearbook-2022-1-14.xls",
    "personnel": "st-yearbook-2022-1-04.xlsx",
    "intensity": "st-yearbook-2022-1-08.xls",
    "enterprises": "st-yearbook-2022-2-14.xlsx",
    "operation": "st-yearbook-2022-5-02.xls",
    "patents": "st-yearbook-2022-8-09.xlsx",
    "papers": "st-yearbook-2022-8-17.xls",
    "outflow": "st-yearbook-2022-8-36.xls",
    "value_out": "st-yearbook-2022-8-37.xlsx",
    "rounded": "st-yearbook-2022-1-07-rounded.html",
}


SHARING = [
    frozenset(pair)
    for pair in (
        ("activity", "activity_2020"),
        ("activity", "rounded"),
        ("activity", "funds"),
        ("activity_2020", "rounded"),
        ("rounded", "funds"),
        ("outflow", "value_out"),
    )
]
"""Tables that print or continue each other's numbers: one of them is damaged at a time."""
PAIRS = [
    Pair(kind, table)
    for turn, kind in enumerate(KINDS)
    for table in dict.fromkeys(kind.on[(turn + step) % len(kind.on)] for step in (0, 1))
]
"""Every kind on two of its tables in turn; `python -m tests.fuzz` tries all of them with other draws."""
REAL = {
    "activity": ("rd_expenditure_by_activity", 2021),
    "activity_2020": ("rd_expenditure_by_activity", 2019),
    "funds": ("rd_expenditure_by_source_of_funds", 2017),
    "personnel": ("rd_personnel_fte", 2018),
    "enterprises": ("industrial_enterprise_rd_expenditure", 2020),
    "operation": ("high_tech_industry_operation", 2019),
    "patents": ("patents_in_force", 2018),
    "papers": ("indexed_papers", 2018),
    "outflow": ("technology_market_outflow", 2020),
}
"""Real tables of the same form: family and data year."""
TURNS = [
    Pair(kind, tables[turn % len(tables)])
    for turn, kind in enumerate(KINDS)
    if (tables := [table for table in kind.on if table in REAL])
]
"""Every kind on one of its tables in turn."""


class Verdicts:
    """What is wrong with the verdicts on pairs; the other pairs of a batch are judged along with each."""

    def __init__(self, around: Surroundings, pairs: list[Pair]) -> None:
        self.around = around
        self.batch_of = {pair: batch for batch in batches(pairs, SHARING) for pair in batch}
        self.known: dict[Pair, list[str]] = {}

    def __call__(self, pair: Pair) -> list[str]:
        if pair not in self.known:
            self.known.update(complaints(self.around, self.batch_of[pair]))
        return self.known[pair]


def keyed_files() -> dict[str, bytes]:
    """The tables, and the bulletin that prints some of their numbers."""
    files = {name: (RAW / "yearbook" / file).read_bytes() for name, file in TABLES.items()}
    return files | {"bulletin": (RAW / "bulletin" / "rd-bulletin-2021.html").read_bytes()}


@pytest.fixture(scope="module")
def keyed(declarations: Declarations) -> Verdicts:
    """The re-keyed tables of data/raw."""
    return Verdicts(Surroundings(declarations, keyed_files()), PAIRS)


@pytest.fixture(scope="module")
def real(declarations: Declarations, published: Path, truth: dict[str, dict[str, str]]) -> Verdicts:
    """Published tables, with those of the years before and after."""
    names = {place: name for name, place in REAL.items()}
    files: dict[str, bytes] = {}
    for file, row in truth.items():
        family, year = row["table_family"], int(row["data_year"])
        if row["container"] == "xls" and any((family, year + step) in names for step in (-1, 0, 1)):
            name = names.get((family, year), file)
            files[file if name in files else name] = (published / "yearbook" / file).read_bytes()
    return Verdicts(Surroundings(declarations, files), TURNS)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.kind.name} in {pair.file}")
def test_a_keyed_table(keyed: Verdicts, pair: Pair) -> None:
    assert keyed(pair) == []


@pytest.mark.parametrize("pair", TURNS, ids=lambda pair: f"{pair.kind.name} in {pair.file}")
def test_a_real_table(real: Verdicts, pair: Pair) -> None:
    assert real(pair) == []


@pytest.mark.parametrize("table", ["activity", "funds", "patents", "personnel", "outflow"])
def test_a_workbook_cut_anywhere_is_unreadable_or_whole(keyed: Verdicts, table: str) -> None:
    around = keyed.around
    data, whole = around.files[table], around.results[table].cells.drop("document")
    for length in range(0, len(data), max(len(data) // 30, 1)):
        cut = around.read(data[:length])
        assert cut.row["outcome"] in ("unreadable", "read")
        assert cut.row["reason"] if cut.row["outcome"] == "unreadable" else cut.cells.drop("document").equals(whole)


@pytest.mark.parametrize("table", ["activity_2020", "funds", "patents", "rounded"])
def test_text_cut_anywhere_does_not_pass_silently(keyed: Verdicts, table: str) -> None:
    around, draw = keyed.around, random.Random(table)
    data = around.files[table] if table == "rounded" else workbooks.csv_bytes(around.printing(table, "").rows)
    whole = around.sound[table]
    for length in (*draw.sample(range(len(data) // 2, len(data) - 40), 3), data.rindex(b"4")):
        cut = around.judge({table: data[:length]})[table]
        new = cut.findings.join(whole.findings, on=SAME, how="anti", nulls_equal=True)
        told = cut.aside.height + new.filter("mine", pl.col("severity") != "info").height
        same = cut.numbers.drop("document").equals(whole.numbers.drop("document"))
        assert told or same, f"cut at {length}: nothing is said"


def test_a_copy_saved_again_counts_once(keyed: Verdicts) -> None:
    """In another container, with another hash: its sheets say the same."""
    around = keyed.around
    for table in ("funds", "patents", "personnel"):
        printing = around.printing(table, "")
        books = [printing.save("xls"), printing.save("xlsx"), workbooks.encrypt_xlsx(printing.save("xlsx"))]
        read = [around.read(book) for book in books]
        kept = collect([], read)
        assert sorted(kept.documents["outcome"]) == ["duplicate", "duplicate", "read"]
        assert kept.cells.height == read[0].cells.height
