"""Corrections: applied where the cell says what they claim, refused with an error where it says anything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from flows.declarations import Declarations
from flows.project import DeclarationError
from flows.steps import Run
from tests.printed import aside, cells, judged, open_errors, whole
from tests.rebuilt import collected
from tests.test_identities import ROUND
from transforms.corrections import correct
from transforms.judge import judge
from transforms.schema import QUARANTINE, findings, frame

MEND: dict[str, Any] = {
    "document": "d" * 64,
    "cell": "C4",
    "says": "100!",
    "shall_be": "1000",
    "why": "scanned",
    "evidence": "the row's sum",
}


def unreadable() -> dict[tuple[str, str], str]:
    return whole(ROUND) | {("spending.basic", "110000"): "100!"}


def test_a_cell_that_was_set_aside_comes_back() -> None:
    texts = unreadable()
    result = judged(cells(texts), aside(texts), corrections=[MEND])
    assert open_errors(result) == []
    assert result.quarantine.is_empty()
    mended = result.cells.filter(pl.col("cell") == "C4").to_dicts()[0]
    assert (mended["value"], mended["status"], mended["raw"]) == (1000.0, "I", "100!")
    assert (mended["unit"], mended["resolution"], mended["row"], mended["column"]) == ("10k_cny", 1.0, 3, 2)
    assert "scanned" in mended["note"] and "the row's sum" in mended["note"]
    assert result.findings.select("check", "severity", "acknowledged").rows() == [
        ("correction_applied", "info", True)
    ]


def test_a_correction_is_in_the_printed_unit() -> None:
    texts = {k: str(int(v) / 100) if v.isdigit() else "100!" for k, v in unreadable().items()}
    texts["spending.basic", "110000"] = "1!"
    result = judged(
        cells(texts, scale=10000), aside(texts), corrections=[MEND | {"says": "1!", "shall_be": "10.00"}]
    )
    mended = result.cells.filter(pl.col("cell") == "C4").to_dicts()[0]
    assert (mended["value"], mended["resolution"]) == (100000.0, 100.0)


def test_a_cell_that_was_read_can_be_corrected_too() -> None:
    texts = whole(ROUND) | {("spending.basic", "110000"): "1007"}
    result = judged(cells(texts), corrections=[MEND | {"says": "1007"}])
    assert open_errors(result) == []
    assert result.cells.filter(pl.col("cell") == "C4")["value"].to_list() == [1000.0]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"says": "100?"}, "it says “100!” now"),
        ({"cell": "Z99"}, "there is no such cell"),
        ({"shall_be": "about 1000"}, "is no number"),
    ],
)
def test_a_correction_that_does_not_fit_is_an_error(change: dict[str, str], why: str) -> None:
    texts = unreadable()
    result = judged(cells(texts), aside(texts), corrections=[MEND | change])
    errors = open_errors(result)
    assert [f["check"] for f in errors] == ["correction_stale"]
    assert why in errors[0]["message"]
    assert result.quarantine.height == 1


def test_a_correction_of_a_document_that_is_not_there_waits() -> None:
    texts = unreadable()
    result = judged(cells(texts), aside(texts), corrections=[MEND | {"document": "f" * 64}])
    assert "correction_stale" not in result.findings["check"].to_list()


def test_a_correction_by_table_and_edition_mends_every_printing() -> None:
    texts = unreadable()
    both = pl.concat([cells(texts), cells(texts, document="e" * 64)])
    set_aside = pl.concat([aside(texts), aside(texts, document="e" * 64)])
    entry = {k: v for k, v in MEND.items() if k != "document"}
    mended = correct(both, set_aside, [entry | {"table": "spending", "edition": "st-yearbook/2022"}])
    assert mended.quarantine.is_empty()
    assert mended.places.height == 2


def test_what_reading_said_of_a_corrected_cell_is_settled() -> None:
    texts = unreadable()
    said = findings(
        [{"check": "number_unreadable", "message": "?", "document": "d" * 64, "sheet": "1", "cell": "C4"}]
    )
    result = judged(cells(texts), aside(texts), corrections=[MEND], found=said)
    assert open_errors(result) == []


@pytest.mark.parametrize("broken", [{"document": "dd"}, {"document": None}, {"why": ...}, {"says": ...}])
def test_a_correction_that_lacks_something_is_refused_with_its_file(broken: dict[str, Any], tmp_path: Path) -> None:
    entry = {key: value for key, value in (MEND | broken).items() if value is not ...}
    (tmp_path / "corrections").mkdir()
    (tmp_path / "corrections" / "mine.yml").write_text(yaml.safe_dump([entry]), "utf-8")
    with pytest.raises(DeclarationError, match=r"mine\.yml.*correction"):
        Declarations(tmp_path).corrections  # noqa: B018


def test_the_projects_corrections_are_well_formed(declarations: Declarations) -> None:
    correct(cells(whole(ROUND)), frame(QUARANTINE), declarations.corrections)


def test_a_published_cell_is_replayed_by_a_correction(published_run: Run) -> None:
    read, declared = collected(published_run), published_run.declarations
    entry = MEND | {"document": "d977621c95f0", "cell": "E12", "says": "368633!", "shall_be": "3686332"}
    rules = {name: declared.rules(name) for name in ("identities", "plausibility")}
    result = judge(
        read.cells,
        read.quarantine,
        declared.indicators,
        declared.members,
        rules,
        declared.rules("known_errors"),
        [entry],
        read.findings,
    )
    mended = result.cells.filter(pl.col("document").str.starts_with("d977621c95f0"), pl.col("cell") == "E12")
    assert mended.select("value", "status").rows() == [(3686332.0, "I")]
    assert "368633!" not in result.quarantine["raw"].to_list()
    unreadable_now = result.findings.filter(pl.col("check") == "number_unreadable")
    assert unreadable_now["acknowledged"].to_list() == [True]
