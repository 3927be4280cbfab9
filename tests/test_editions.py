"""Editions that did not exist when the contracts were written: read, compared, published or held for true reasons.

To practise, the newest real years are held back; to go on, real printings are re-dated to years that nobody has
printed yet, grown, re-numbered and laid out in every way that editions have been.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import polars as pl
import pytest

from flows.approving import approve
from flows.declarations import DATA, Declarations
from flows.documents.document import read_document
from flows.home.folder import Home
from flows.reading import read
from flows.run import Run
from tests import new_editions, relaid_rows, workbooks  # noqa: F401 - relaid_rows adds its ways to RELAYS
from tests.conftest import refresh
from tests.new_editions import Key, Printing, differing, later_page, marts, moved_on, printings, redated, sheet_like
from tests.relaid import RELAYS

KEY = ["edition", "indicator", "region", "period"]
FEW = ("rd_expenditure_by_activity", "rd_intensity", "technology_market_outflow", "industrial_enterprise_rd_projects")
"""Families whose workbooks and untitled pages of 2018 to 2021 the hold-back takes; in 2020 one of them ends."""


@pytest.fixture(scope="module")
def keyed(declarations: Declarations) -> list[Printing]:
    """The yearbook tables among the committed sources that are titled."""
    files = sorted((DATA / "raw" / "yearbook").glob("*.xls*"))
    return [p for f in files for p in printings(read(f.read_bytes()), declarations.catalogue)]


@pytest.fixture(scope="module")
def newest(published: Path, truth: dict[str, dict[str, str]], declarations: Declarations) -> list[Printing]:
    """The newest published workbooks of every family."""
    last: dict[str, str] = {}
    workbook = {name: row for name, row in truth.items() if row["container"] == "xls"}
    for row in workbook.values():
        last[row["table_family"]] = max(row["data_year"], last.get(row["table_family"], ""))
    names = [name for name, row in workbook.items() if row["data_year"] == last[row["table_family"]]]
    return [
        p
        for name in names
        for p in printings(read((published / "yearbook" / name).read_bytes()), declarations.catalogue)
    ]


def rules(run: Run) -> set[str]:
    """The gate's rules that hold a candidate."""
    return {reason.split(":")[0] for reason in run.reasons}


@pytest.mark.parametrize("name", RELAYS)
def test_an_edition_laid_out_anew_is_read(name: str, keyed: list[Printing], declarations: Declarations) -> None:
    for n, printing in enumerate(keyed):
        later = moved_on(printing, declarations.catalogue, 1 + n % 3)
        got = new_editions.values(RELAYS[name](later), declarations.catalogue)
        wanted = later.values
        if name == "no_zones":
            wanted = {key: value for key, value in wanted.items() if not key[2].startswith("cn_")}
        wrong = differing(got, wanted, 2 + n % 3)
        assert not any(wrong.values()), (printing.contract.name, name, wrong)


def test_every_family_is_read_in_years_to_come(newest: list[Printing], declarations: Declarations) -> None:
    """Data years 2022 to 2025 of every published family; each in one of the ways to lay it out, turn about."""
    relays = list(RELAYS.values())
    for n, printing in enumerate(newest):
        for years in (1, 2, 4):
            later = moved_on(printing, declarations.catalogue, years)
            assert len(later.values) > 60
            got = new_editions.values(later.sheet, declarations.catalogue)
            assert not any(differing(got, later.values, years + 1).values()), (printing.contract.name, years)
            other = relays[(3 * n + years) % len(relays)]
            if other.__name__ != "no_zones":
                got = new_editions.values(other(later), declarations.catalogue)
                assert not any(differing(got, later.values, years + 1).values()), (printing.contract.name, other)


@pytest.mark.parametrize(
    "container",
    [
        workbooks.xls,
        lambda sheets: workbooks.encrypt_xls(workbooks.xls(sheets)),
        workbooks.xlsx,
        lambda sheets: workbooks.encrypt_xlsx(workbooks.xlsx(sheets)),
    ],
)
def test_a_whole_yearbook_in_one_workbook(
    container: Callable[[list[workbooks.SheetLike]], bytes], keyed: list[Printing], declarations: Declarations
) -> None:
    """Every table a sheet of one workbook, among a cover, an empty sheet, and notes."""
    later = [moved_on(p, declarations.catalogue, 2) for p in keyed]
    sheets = [(f"{n}", *sheet_like(p.sheet)[1:]) for n, p in enumerate(later)]
    cover: workbooks.SheetLike = ("封面", [["中国科技统计年鉴—2024"], ["国家统计局 编"]], [])
    notes: workbooks.SheetLike = ("主要统计指标解释", [["R&D经费内部支出 指用于内部开展R&D活动的实际支出。"]], [])
    data = container([cover, *sheets, ("CNKI", [], []), notes])
    found = read_document("d", data, declarations.catalogue)
    assert found.row["outcome"] == "read"
    assert found.quarantine.is_empty()
    cells = found.cells.filter(pl.col("value").is_not_null(), pl.col("role") == "value")
    got = {tuple(key): value for *key, value in cells.select(*KEY, "value").iter_rows()}
    wanted = dict(chain.from_iterable(p.values.items() for p in later))
    assert got.keys() == wanted.keys()


def test_a_column_that_ends_takes_no_other_along(keyed: list[Printing], declarations: Declarations) -> None:
    """An edition newer than the contracts may leave a column out: the rest is read, and what is missing is said.
    In an edition that the contracts know it is an error, and so is a head that is lost over its numbers."""
    printing = next(p for p in keyed if p.contract.name == "rd_expenditure_by_source_of_funds")
    for years, outcome in ((1, "read"), (0, "unrecognised")):
        later = moved_on(printing, declarations.catalogue, years) if years else printing
        gone = later.block.heads[-1].column
        sheet = later.with_rows([[v for c, v in enumerate(row) if c != gone] for row in later.rows], ())
        found = new_editions.read(sheet, declarations.catalogue)
        assert found.row["outcome"] == outcome
        wanted = {k: v for k, v in later.values.items() if k[1] != "rd_expenditure.other_funds"}
        if years:
            assert not any(differing(new_editions.values(sheet, declarations.catalogue), wanted, 2).values())
            assert set(found.findings["check"]) - {"table_renumbered"} == {"column_missing"}
        headless = later.rows
        for r in range(later.block.top, later.block.first):
            headless[r][gone] = None
        lost = new_editions.read(later.with_rows(headless, ()), declarations.catalogue)
        assert lost.row["outcome"] == "unrecognised"
        assert "head_missing" in lost.findings["check"]


def test_a_wrong_head_in_a_new_edition_is_an_error_that_names_the_cell(
    keyed: list[Printing], declarations: Declarations
) -> None:
    """What no contract, wording or misprint explains is not guessed, whatever the edition."""
    for printing in keyed:
        later = moved_on(printing, declarations.catalogue)
        head = later.block.heads[-1]
        rows = later.rows
        for r in range(later.block.top, later.block.first):
            rows[r][head.column] = None
        rows[later.block.first - 1][head.column] = "火星探测\nMars"
        found = new_editions.read(later.with_rows(rows, ()), declarations.catalogue)
        assert found.row["outcome"] == "unrecognised", printing.contract.name
        cells = set(found.findings.filter(pl.col("severity") == "error")["cell"])
        assert any(cell and cell.startswith(_letters(head.column)) for cell in cells), printing.contract.name


def _letters(column: int) -> str:
    return chr(ord("A") + column)


def test_held_back_years_arrive_one_after_the_other(
    published: Path, truth: dict[str, dict[str, str]], published_run: Run, tmp_path: Path
) -> None:
    """A home that knows data years up to 2019, then 2020, then 2021: every cell is read as when all come at once."""

    def files(since: int, until: int) -> list[Path]:
        return [
            published / "yearbook" / name
            for name, row in truth.items()
            if row["table_family"] in FEW and since <= int(row["data_year"]) <= until
        ]

    home = Home(tmp_path / "home")
    assert refresh(home, *files(2018, 2019)).outcome == "published"
    run = refresh(home, *files(2020, 2020))
    assert run.outcome == "held"
    assert run.reasons == [
        "table_missing: st-yearbook/2021 lacks the table industrial_enterprise_rd_projects that st-yearbook/2020 has"
    ]
    approve(home, str(run.candidate), "data year 2020 has no such table", "tests")
    last = refresh(home, *files(2021, 2021))
    assert last.outcome == "published", last.reasons
    documents = marts(last, "document")
    assert set(documents["outcome"]) == {"read"}
    for names, tables, period in documents.select("names", "tables", "period").iter_rows():
        row = truth.get(names)
        assert row is None or (row["table_family"] in tables and int(row["data_year"]) == period), names
    mine = marts(last, "source_cell").sort("document", "sheet", "row", "column")
    direct = marts(published_run, "source_cell").filter(pl.col("document").is_in(mine["document"].unique().implode()))
    assert mine.height > 3000
    assert mine.equals(direct.sort("document", "sheet", "row", "column"))


def test_editions_that_nobody_printed_yet(
    published: Path, truth: dict[str, dict[str, str]], declarations: Declarations, tmp_path: Path
) -> None:
    """Real printings of 2020 and 2021 dated 2022 and 2023, after a home of 2019; with bulletins of those years."""
    names: dict[int, list[str]] = defaultdict(list)
    for name, row in truth.items():
        if row["container"] == "xls":
            names[int(row["data_year"])].append(name)
    panels = ("rd_intensity", "technology_market_inflow", "technology_market_outflow")
    home = Home(tmp_path / "home")
    known = [published / "yearbook" / n for n in names[2019] if truth[n]["table_family"] not in panels]
    assert refresh(home, *known, published / "bulletin" / "2019.html").outcome == "published"
    inbox, wanted = tmp_path / "inbox", dict[Key, float]()
    inbox.mkdir()
    for source in (2020, 2021):
        for name in names[source]:
            grid = read((published / "yearbook" / name).read_bytes())
            for n, p in enumerate(printings(grid, declarations.catalogue)):
                later = redated(p, declarations.catalogue, 2)
                wanted |= later.values
                (inbox / f"{n}{name}").write_bytes(workbooks.xlsx([sheet_like(later.sheet)]))
        page = (published / "bulletin" / f"{source}.html").read_bytes()
        (inbox / f"{source}.html").write_bytes(later_page(page, 2))
    mars = [["9-9 各地区火星探测(2023年)"], ["地区", "发射"], ["北京", 7], ["天津", 1], ["河北", 2]]
    (inbox / "mars.xlsx").write_bytes(workbooks.xlsx([("1", mars, [])]))
    run = refresh(home, inbox)
    seen = marts(run, "observation").filter(pl.col("value").is_not_null())
    got = {tuple(k): v for *k, v in seen.select(*KEY, "value").iter_rows()}
    # zones that the publisher added up wrongly: known errors of the edition that printed them, news in this one
    aside = {tuple(k) for k in marts(run, "quarantine").select(KEY).iter_rows()}
    assert wanted.keys() - got.keys() <= {key for key in aside if key[2] in ("cn_west", "cn_east")}
    assert not differing(got, {key: value for key, value in wanted.items() if key in got})["wrong"]
    bulletins = seen.filter(pl.col("edition").is_in(["rd-bulletin/2022", "rd-bulletin/2023"]))
    assert bulletins.height > 300
    assert run.outcome == "held"
    # rd_projects is truly missing; the other reasons are what the real numbers of these years say of each other
    assert rules(run) <= {"table_missing", "restated", "new_kind_of_finding", "numbers_not_reprinted"}, run.reasons
    tell_all(run)


def tell_all(run: Run) -> None:
    """CHANGES.md of a held candidate tells all that the engineer has to know, in plain words."""
    said = (run.home.candidates / str(run.candidate) / "CHANGES.md").read_text(encoding="utf-8")
    sections = {part.partition("\n")[0]: part for part in said.split("\n## ")[1:]}
    came = sections["What came"]
    assert "**st-yearbook/2024**" in came
    assert "`rd_expenditure_by_activity` (144)" in came
    assert "`rd_intensity` (" in came
    missing = sections["What is missing"]
    assert "**st-yearbook/2023** lacks 1 table that st-yearbook/2020 has: `industrial_enterprise_rd" in missing
    moved = sections["What moved in the layout"]
    assert "**st-yearbook/2024** `high_tech_industry_operation`, another number" in moved
    assert "the table is number 6-3 now; the contract knows it as 5-2" in moved
    assert "restated" in sections["What was restated"]
    assert "mars.xlsx: unrecognised" in sections["Files that nobody knows, or that could not be read"]
