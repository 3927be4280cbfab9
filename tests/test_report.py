"""The files of the report: exactly the marts, nothing from elsewhere, and a report whatever is missing."""

from __future__ import annotations

import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows import report
from flows.report import columns, contents, page, scripts
from tests.report_reader import ABOUT, CALL, Marts, datasets, marts_of, none

DERIVED = {"correction", "change", "revision_moved", "finding_count", "number_count", "revision_count", "claim_count"}


@pytest.fixture(scope="session")
def mart(raw_run: Any) -> Marts:
    """The marts of the committed sources."""
    return marts_of(raw_run.home.current)


@pytest.fixture(scope="session")
def folder(mart: Marts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the report of the committed sources."""
    made = tmp_path_factory.mktemp("report")
    report.write(made, mart, ABOUT)
    return made


def test_every_dataset_is_its_mart_row_by_row(folder: Path, mart: Marts) -> None:
    sets = datasets(folder)
    whole = sets.keys() - DERIVED - {"release"}
    assert {"observation", "rd_structure_by_region", "finding", "region", "document"} <= whole
    for name in whole:
        frame = mart(name)
        assert sets[name]["rows"] == frame.height
        told = columns.unpacked(sets[name])
        for column in frame:
            values = column.dt.to_string("iso") if column.dtype.is_temporal() else column
            assert told[column.name] == values.to_list(), f"{name}.{column.name}"


def test_derived_datasets_are_what_the_marts_give(folder: Path, mart: Marts) -> None:
    sets = {name: columns.unpacked(table) for name, table in datasets(folder).items() if name in DERIVED}
    findings = mart("finding")
    assert sum(sets["finding_count"]["numbers"]) == findings.height
    for n, check in enumerate(sets["finding_count"]["check"]):
        same = (pl.col("check") == check) & (pl.col("severity") == sets["finding_count"]["severity"][n])
        same &= pl.col("acknowledged") == sets["finding_count"]["acknowledged"][n]
        assert findings.filter(same).height == sets["finding_count"]["numbers"][n]
    numbers = mart("observation").filter(pl.col("value").is_not_null())
    assert sum(sets["number_count"]["numbers"]) == numbers.height
    moved = mart("revision").filter(pl.col("kind").is_in(["revised", "rounding", "withdrawn"]))
    assert sets["revision_moved"]["kind"] == moved["kind"].to_list()
    assert sets["revision_moved"]["new_value"] == moved["new_value"].to_list()
    assert sum(sets["revision_count"]["numbers"]) == mart("revision").height
    corrected = mart("source_cell").filter(pl.col("status") == "I")
    assert sets["correction"]["cell"] == corrected["cell"].to_list()


def test_the_page_is_told_what_was_checked_and_what_changed(folder: Path) -> None:
    sets = datasets(folder)
    assert sets["release"]["id"] == ABOUT["release"]
    assert sets["release"]["checks"] == ABOUT["checks"]
    assert columns.unpacked(sets["change"])["numbers"] == [3]
    told = {name for name in sets if name in sets["release"]["files"]}
    assert all((folder / "report" / "data" / sets["release"]["files"][name]).exists() for name in told)


class Addresses(HTMLParser):
    """Every address in a page, and whether it is loaded by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.words: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.words.append(dict(attributes))
        self.found += [(tag, value) for name, value in attributes if name in ("src", "href", "action") and value]


def test_nothing_is_loaded_from_elsewhere(folder: Path) -> None:
    html = (folder / "report" / "index.html").read_text("utf-8")
    addresses = Addresses()
    addresses.feed(html)
    for tag, address in addresses.found:
        assert not re.match(r"(\w+:)?//", address), address
        if tag in ("script", "link", "img") and not address.startswith("data:"):
            assert (folder / "report" / address).exists(), address
    css = (folder / "report" / "report.css").read_text("utf-8")
    assert "url(" not in css and "@import" not in css
    script = (folder / "report" / "report.js").read_text("utf-8")
    for loads in ("fetch(", "XMLHttpRequest", "import(", "sendBeacon", "WebSocket", "new Worker"):
        assert loads not in script, loads


def test_text_is_never_taken_for_markup(folder: Path) -> None:
    script = (folder / "report" / "report.js").read_text("utf-8")
    for writes in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert writes not in script, writes


def test_hostile_cells_are_harmless_in_the_data_files() -> None:
    evil = "</script><script>alert(1)</script>\u2028\u2029<!--"
    text = "".join(columns.script("quarantine", pl.DataFrame({"raw": [evil, None], "n": [1.5, float("nan")]})))
    assert "<" not in text and "\u2028" not in text and text.count("\n") == 1
    call = CALL.fullmatch(text.strip())
    assert call and columns.unpacked(json.loads(call[3])) == {"raw": [evil, None], "n": [1.5, None]}


def test_every_asset_is_part_of_the_page() -> None:
    assets = page.HERE / "assets"
    scripts_there = {file.relative_to(assets / "js").with_suffix("").as_posix() for file in assets.rglob("*.js")}
    assert scripts_there == set(page.SCRIPTS) and len(page.SCRIPTS) == len(scripts_there)
    assert {file.stem for file in assets.rglob("*.css")} == set(page.STYLES)


def test_every_text_of_the_frame_is_in_both_languages(folder: Path) -> None:
    addresses = Addresses()
    addresses.feed((folder / "report" / "index.html").read_text("utf-8"))
    texts = [words for words in addresses.words if "data-en" in words]
    assert len(texts) > 12
    assert all(words.get("data-zh") and re.search("[\u4e00-\u9fff]", words["data-zh"] or "") for words in texts)


def test_every_text_of_the_script_is_in_both_languages() -> None:
    """T(english, chinese): where both are plain texts, the second one is Chinese and the first one is not."""
    text = r"'(?:[^'\\]|\\.)*'"
    pairs = re.findall(rf"\bT_?\(\s*({text}),\s*({text}),?\s*\)", page.script())
    assert len(pairs) > 150
    for en, zh in pairs:
        if en in ("'中文'", "'zh'", "'source_en'"):  # the switch itself, a column
            continue
        assert not re.search("[\u4e00-\u9fff]", en), en
        assert re.search("[\u4e00-\u9fff]", zh) or not re.search("[A-Za-z]{3}", en), zh


def test_the_same_marts_give_the_same_bytes(
    folder: Path, mart: Marts, tmp_path: Path
) -> None:
    report.write(tmp_path, mart, ABOUT)
    files = sorted(file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    assert files == sorted(file.relative_to(tmp_path) for file in tmp_path.rglob("*") if file.is_file())
    assert all((folder / file).read_bytes() == (tmp_path / file).read_bytes() for file in files)


def test_a_report_comes_out_where_every_mart_is_missing_or_empty(
    mart: Marts, tmp_path: Path
) -> None:
    report.write(tmp_path / "none", none, {})
    told = datasets(tmp_path / "none")
    assert "observation" in told["release"]["missing"] and told["release"]["rows"] == {}
    report.write(tmp_path / "empty", lambda name: mart(name).clear(), {})
    assert datasets(tmp_path / "empty")["observation"]["rows"] == 0


def test_of_too_many_observations_the_newest_are_shown_down_to_provinces(
    mart: Marts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cities = mart("region").with_columns(
        kind=pl.when(pl.col("region") == "110000").then(pl.lit("city")).otherwise("kind")
    )
    whole = mart("observation")
    monkeypatch.setattr(contents.parts, "shown", lambda: whole.height - 1)
    report.write(tmp_path, lambda name: cities if name == "region" else mart(name), ABOUT)
    told = datasets(tmp_path)
    shown = columns.unpacked(told["observation"])
    below = cities.filter(pl.col("kind").is_in(["city", "county"]))["region"].to_list()
    expected = whole.filter("is_latest", ~pl.col("region").is_in(below))
    assert "110000" in below and whole.filter(pl.col("region") == "110000").height
    assert 0 < expected.height < whole.height
    assert [shown["region"], shown["value"]] == [expected["region"].to_list(), expected["value"].to_list()]
    assert told["release"]["shortened"] is True and told["release"]["rows"]["observation"] == whole.height


def test_changes_are_listed_up_to_a_limit(tmp_path: Path) -> None:
    many = [{"kind": "revised", "indicator": "x", "old_value": 1.0, "new_value": 2.0}] * (contents.MOST_CHANGES + 5)
    made = contents.files(none, {"changes": many})
    change = made["quality.js"]["change"]
    assert isinstance(change, pl.LazyFrame) and change.collect().height == contents.MOST_CHANGES
    told = made["core.js"]["release"]
    assert isinstance(told, dict) and told["changes"] == len(many)


def test_a_spoilt_copy_of_the_plots_library_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = "var vega = 1;"
    kept = tmp_path / "share" / "vega.js"
    monkeypatch.setattr(scripts, "_kept", lambda: kept)
    monkeypatch.setattr(scripts, "_bundle", lambda: made + scripts._seal(made))
    fresh = scripts.vega.__wrapped__()
    assert fresh.startswith(made) and kept.read_text("utf-8") == fresh
    monkeypatch.setattr(scripts, "_bundle", lambda: pytest.fail("the kept copy is good"))
    assert scripts.vega.__wrapped__() == fresh
    kept.write_text(fresh.replace("1", "2"), "utf-8")
    monkeypatch.setattr(scripts, "_bundle", lambda: "again")
    assert scripts.vega.__wrapped__() == "again"


def test_the_published_tables_make_a_small_report_quickly(published_run: Any, tmp_path: Path) -> None:
    frames: dict[str, pl.DataFrame] = {}
    read = marts_of(published_run.home.current)

    def once(name: str) -> pl.DataFrame:
        if name not in frames:
            frames[name] = read(name)
        return frames[name]

    report.write(tmp_path, once, ABOUT)
    began = time.process_time()
    report.write(tmp_path, once, ABOUT)
    assert time.process_time() - began < 2
    size = sum(file.stat().st_size for file in (tmp_path / "report").rglob("*") if file.is_file())
    assert size < 15e6
    assert sum(columns.unpacked(datasets(tmp_path)["number_count"])["numbers"]) > 20_000
