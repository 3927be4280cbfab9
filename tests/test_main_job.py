"""The main job on real published tables: what is read, what is set aside, and the paper's golden values."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows.declarations import DATA
from flows.home import manifest
from flows.home.folder import Home
from flows.reading import read
from flows.steps import Run
from tests import workbooks
from tests.test_command_line import HEADS, TITLE
from transforms.grid import a1

TABLE_4 = {
    "CN": (6.50, 11.25, 82.26),
    "110000": (16.07, 24.99, 58.94),
    "jing_jin_ji": (12.62, 20.10, 67.28),
    "310000": (9.77, 10.45, 79.90),
    "yangtze_river_delta": (5.37, 7.03, 87.63),
    "440000": (6.85, 8.91, 84.23),
    "chengdu_chongqing": (4.83, 15.75, 79.41),
}


def mart(run: Run, name: str) -> pl.DataFrame:
    assert run.warehouse
    return run.warehouse.mart(name)


def test_every_published_file_is_read_as_what_it_is(published_run: Run, truth: dict[str, dict[str, str]]) -> None:
    documents = {row["names"]: row for row in mart(published_run, "document").to_dicts()}
    assert len(documents) == 159
    assert {row["outcome"] for row in documents.values()} <= {"read", "duplicate"}
    for name, expected in truth.items():
        row = documents[name]
        assert row["tables"] == expected["table_family"], name
        assert row["edition"] == f"st-yearbook/{int(expected['data_year']) + 1}", name
        assert row["container"].split("-")[0] == expected["container"], name
    for year in range(2018, 2022):
        assert documents[f"{year}.html"]["edition"] == f"rd-bulletin/{year}"


def test_no_numeric_cell_vanishes(published_run: Run, published: Path, truth: dict[str, dict[str, str]]) -> None:
    """Each number cell of each workbook, and each text cell that is a number, is in source_cell or in quarantine."""
    cells = mart(published_run, "source_cell").select("document", "sheet", "cell")
    aside = mart(published_run, "quarantine").select("document", "sheet", "cell").filter(pl.col("cell").is_not_null())
    kept = set(pl.concat([cells, aside]).iter_rows())
    by_name = dict(mart(published_run, "document").select("names", "document").iter_rows())
    numbers = 0
    for name in truth:
        for sheet in read((published / "yearbook" / name).read_bytes()).sheets:
            for r, row in enumerate(sheet.rows):
                for c, value in enumerate(row):
                    is_number = isinstance(value, float) or (
                        isinstance(value, str) and r > 2 and value.strip().replace(".", "", 1).isdecimal()
                    )
                    if is_number and not (isinstance(value, str) and _is_year_head(sheet, r)):
                        numbers += 1
                        assert (by_name[name], sheet.name, a1(r, c)) in kept, (name, sheet.name, a1(r, c), value)
    assert numbers > 22_000


def _is_year_head(sheet: object, row: int) -> bool:
    """Years in text heads are heads, not numbers."""
    texts = [t for c in range(2, sheet.width) if (t := sheet.text(row, c).strip())]  # type: ignore[attr-defined]
    return all(len(t) == 4 and t[:2] in ("19", "20") for t in texts)


@pytest.mark.parametrize("fixture", ["raw_run", "published_run"])
def test_table_4_of_the_paper_follows_from_table_1_7(fixture: str, request: pytest.FixtureRequest) -> None:
    run = request.getfixturevalue(fixture)
    rows = mart(run, "rd_structure_by_region").filter(
        (pl.col("period") == 2021) & (pl.col("edition") == "st-yearbook/2022")
    )
    shares = {r["region"]: r for r in rows.to_dicts()}
    for region, printed in TABLE_4.items():
        row = shares[region]
        computed = tuple(round(row[f"{kind}_share"], 2) for kind in ("basic", "applied", "experimental"))
        assert computed == pytest.approx(printed, abs=1e-9), region


def test_shanghais_slip_shows_and_nothing_is_corrected_silently(raw_run: Run) -> None:
    rows = mart(raw_run, "rd_structure_by_region").filter(pl.col("period") == 2021)
    sums = dict(rows.select("region", "share_sum").iter_rows())
    assert sums["310000"] == pytest.approx(100 * (1 + 19671.9 / 18197704.8), abs=1e-6)
    assert sums["110000"] == pytest.approx(100, abs=1e-6)


def test_the_committed_sources_are_all_read(raw_run: Run) -> None:
    documents = mart(raw_run, "document")
    assert set(documents["outcome"]) == {"read"}
    assert {"xls", "xls-encrypted", "xlsx", "xlsx-encrypted", "html", "csv", "tsv"} <= set(documents["container"])
    assert raw_run.outcome == "published"
    html = documents.filter(pl.col("names").str.ends_with("rounded.html")).to_dicts()[0]
    assert html["edition"] == "st-yearbook/2022"
    assert "placed by its numbers" in html["reason"]


def test_the_most_precise_printing_stands(published_run: Run) -> None:
    """Guangdong's spending in data year 2020: the bureau's workbook, not the publisher's rounded page."""
    row = mart(published_run, "observation").filter(
        (pl.col("indicator") == "rd_expenditure") & (pl.col("region") == "440000") & (pl.col("period") == 2020)
        & (pl.col("edition") == "st-yearbook/2021")
    ).to_dicts()
    assert len(row) == 1
    assert row[0]["resolution"] == 0.1
    assert row[0]["value"] != round(row[0]["value"])


def test_untitled_printings_wait_and_are_placed_by_later_workbooks(
    published: Path, truth: dict[str, dict[str, str]], tmp_path: Path, refreshed: Callable[..., Run]
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for name, row in truth.items():
        if row["container"] == "html":
            shutil.copy(published / "yearbook" / name, pages / name)
    home = Home(tmp_path / "home")
    alone = mart(refreshed(home, pages), "document")
    assert alone.height == 13
    assert set(alone["outcome"]) == {"unrecognised"}
    for row in alone.to_dicts():
        assert truth[row["names"]]["table_family"] in row["candidates"]
    with_workbooks = refreshed(home, published / "yearbook")
    assert with_workbooks.outcome == "published"
    documents = {r["names"]: r for r in mart(with_workbooks, "document").to_dicts()}
    for name, row in truth.items():
        assert documents[name]["outcome"] == "read"
        assert documents[name]["tables"] == row["table_family"]


def test_two_homes_one_release(raw_run: Run, tmp_path: Path, refreshed: Callable[..., Run]) -> None:
    """The same inputs, given in another order and under another folder, are the same release, byte for byte."""
    files = sorted((DATA / "raw").rglob("*.*"), reverse=True)
    again = refreshed(Home(tmp_path / "elsewhere"), *[f for f in files if f.suffix != ".yml"])
    assert again.release == raw_run.release
    for parquet in sorted((raw_run.home.current / "marts").glob("*.parquet")):
        assert (again.home.current / "marts" / parquet.name).read_bytes() == parquet.read_bytes(), parquet.name


def test_the_database_holds_what_the_parquet_files_hold(raw_run: Run) -> None:
    release = raw_run.home.current
    with duckdb.connect(str(release / "highlands.duckdb"), read_only=True) as connection:
        for parquet in (release / "marts").glob("*.parquet"):
            count = connection.execute(f"select count(*) from marts.{parquet.stem}").fetchone()
            assert count == (pl.read_parquet(parquet).height,)
        with pytest.raises(duckdb.Error):
            connection.execute("create table x (a int)")


def test_nothing_new_is_unchanged(raw_run: Run, refreshed: Callable[..., Run]) -> None:
    again = refreshed(raw_run.home, DATA / "raw")
    assert again.outcome == "unchanged"
    assert again.release == raw_run.release


def test_a_home_that_was_given_nothing_publishes_nothing_but_its_dimensions(
    tmp_path: Path, refreshed: Callable[..., Run]
) -> None:
    """And what comes later is no different for it."""
    home = Home(tmp_path / "home")
    run = refreshed(home)
    assert run.outcome == "published"
    rows = {name: about["rows"] for name, about in manifest.read(home.current)["parquet"].items()}
    assert {name for name in ("document", "source_cell", "observation", "edition", "quarantine") if rows[name]} == set()
    assert min(rows["region"], rows["indicator"], rows["claim"]) > 50
    assert refreshed(home).outcome == "unchanged"
    paper = next((DATA / "raw" / "paper").glob("*.csv"))
    assert refreshed(home, paper).outcome in ("published", "held")


def test_an_untitled_table_beside_one_that_is_read_is_set_aside(
    tmp_path: Path, refreshed: Callable[..., Run]
) -> None:
    unit = ["单位：万元", None, None, None, None, "(10 000 yuan)"]

    def body(more: int) -> list[list[str | None]]:
        rows = [("北京", "Beijing", 4, 6, 15), ("天津", "Tianjin", 1, 1, 4), ("河北", "Hebei", 1, 2, 4)]
        return [[zh, en, *map(str, (a + b + c + 3 * more, a + more, b + more, c + more))] for zh, en, a, b, c in rows]

    titled = [[TITLE % 2020], unit, HEADS, *body(0)]
    file = tmp_path / "two.xlsx"
    file.write_bytes(workbooks.xlsx([("1", titled, []), ("2", [unit, HEADS, *body(100)], [])]))
    run = refreshed(Home(tmp_path / "home"), file)
    assert mart(run, "observation").height == 12
    [aside] = mart(run, "quarantine").to_dicts()
    assert (aside["sheet"], aside["raw"]) == ("2", "table of 12 cells")
    assert "rd_expenditure_by_activity" in aside["suggestion"]
