"""The change notes of a release: what came, what was restated, set aside and found, in a person's measure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from flows import changes
from flows.diff import compare
from flows.steps import Run
from transforms.schema import DOCUMENT, QUARANTINE, findings, frame

REVISION = {
    "indicator": pl.String, "region": pl.String, "period": pl.Int32, "from_edition": pl.String,
    "to_edition": pl.String, "old_value": pl.Float64, "new_value": pl.Float64, "kind": pl.String,
}  # fmt: skip
NEW = {"kind": "new", "table": "rd_intensity", "indicator": "rd_intensity", "edition": "st-yearbook/2022"}


def marts(**frames: pl.DataFrame) -> Callable[[str], pl.DataFrame]:
    """A release's marts by name: a small one, with some of its marts given."""
    kept = {
        "indicator": pl.DataFrame({"indicator": ["rd_intensity"], "name_zh": ["R&D经费投入强度"]}),
        "region": pl.DataFrame({"region": ["120000", "310000"], "name_zh": ["天津", "上海"]}),
        "edition": pl.DataFrame({"edition": ["st-yearbook/2022"], "name_zh": ["中国科技统计年鉴 2022"]}),
        "observation": pl.DataFrame(
            {"indicator": ["rd_intensity"], "edition": ["st-yearbook/2022"], "value": [1.0]}
        ),
        "revision": pl.DataFrame(schema=REVISION),
        "finding": findings(),
        "quarantine": frame(QUARANTINE),
        "document": frame(DOCUMENT),
    }
    return lambda name: {**kept, **frames}[name]


def revision(region: str, period: int, old: float, new: float | None, kind: str) -> dict[str, Any]:
    place = {"indicator": "rd_intensity", "region": region, "period": period}
    editions = {"from_edition": "st-yearbook/2021", "to_edition": "st-yearbook/2022"}
    return place | editions | {"old_value": old, "new_value": new, "kind": kind}


def test_a_first_release_says_what_it_holds() -> None:
    said = changes.notes("abc", None, [NEW | {"numbers": 1320}], marts())
    assert said.startswith("# Release abc\n")
    assert "the first release of this home" in said
    assert "## What it holds" in said and "1,320 numbers in 1 editions" in said
    assert "**st-yearbook/2022** 中国科技统计年鉴 2022: 1,320 numbers: `rd_intensity` (1,320)" in said


def test_restated_numbers_come_largest_first_and_rounding_is_only_counted() -> None:
    rows = [
        revision("310000", 2019, 4.0, 4.1, "revised"),
        revision("120000", 2016, 3.0, 4.68, "revised"),
        revision("120000", 2017, 1.00, 1.001, "rounding"),
        revision("310000", 2010, 2.0, None, "withdrawn"),
        revision("310000", 2012, 3.0, 3.0, "unchanged"),
    ]
    mart = marts(revision=pl.DataFrame(rows, schema=REVISION))
    said = changes.notes("abc", "old", [NEW | {"numbers": 5}], mart)
    assert "compared with release `old`" in said
    assert "2 were restated, 1 differ only by rounding, 1 are no longer printed" in said
    assert "2 restated: 天津 2016: 3 → 4.68 (+56.00 %); 上海 2019: 4 → 4.1 (+2.50 %)" in said
    assert "上海 2010: 2, now nothing" in said
    assert "1.001" not in said


def test_long_lists_are_cut_and_say_how_much_more_there_is() -> None:
    gone = {"kind": "withdrawn", "table": "t", "indicator": "rd_intensity", "region": "120000", "new_value": None}
    lost = [gone | {"period": 1990 + n, "edition": "st-yearbook/2021", "old_value": float(n)} for n in range(40)]
    said = changes.notes("abc", "old", lost, marts())
    assert "40 numbers that the release before had are gone" in said
    assert "… and 25 more" in said
    assert said.count("now nothing") == 15


def test_what_a_document_says_cannot_become_markup() -> None:
    row = {"document": "d" * 64, "sheet": "1", "cell": "B2", "raw": "<img src=x>|*a*\n# b", "reason": "[x](y)"}
    document = {"document": "d" * 64, "names": "a`b.xls", "outcome": "read"}
    mart = marts(quarantine=frame(QUARANTINE, [row]), document=frame(DOCUMENT, [document]))
    said = changes.notes("abc", None, [], mart)
    assert "a\\`b.xls" in said
    assert "\\<img src=x\\>\\|\\*a\\* \\# b" in said
    assert "\\[x\\](y)" in said


def test_findings_stand_by_severity_with_the_reasons_of_the_known_ones() -> None:
    place = {"table": "t", "edition": "st-yearbook/2022", "region": "310000", "indicator": "rd_intensity"}
    rows = [
        place | {"check": "sum", "message": "off by 1", "residual": 1.0, "tolerance": 0.5, "period": 2021},
        place | {"check": "sum", "message": "off by 9", "residual": 9.0, "tolerance": 0.5, "period": 2020},
        place | {"check": "sum", "message": "m", "acknowledged": True, "reason": "a slip of the publisher"},
        place | {"check": "jump", "severity": "warning", "message": "grew tenfold"},
    ]
    said = changes.notes("abc", None, [], marts(finding=findings(rows)))
    assert "### Errors: 2" in said
    assert "2 times, such as R&D经费投入强度 (`rd_intensity`) 上海 2020: off by 9" in said
    assert "### Warnings: 1" in said
    assert "### Known and explained: 1" in said and "a slip of the publisher" in said


def test_documents_that_were_not_read_are_named() -> None:
    rows = [{"document": "d" * 64, "names": "x.csv", "outcome": "unrecognised", "reason": "no contract fits"}]
    said = changes.notes("abc", None, [], marts(document=frame(DOCUMENT, rows)))
    assert "- x.csv: unrecognised: no contract fits" in said


def test_a_real_release_says_the_same_each_time(raw_run: Run, tmp_path: Path) -> None:
    release = raw_run.home.current.resolve()
    written = (release / changes.FILE).read_text(encoding="utf-8")
    found = compare(None, release)
    changes.write(
        tmp_path, release.name, None, found, lambda n: pl.read_parquet(release / "marts" / f"{n}.parquet")
    )
    assert (tmp_path / changes.FILE).read_text(encoding="utf-8") == written
    assert "**st-yearbook/2022**" in written
    assert len(written) < 40_000


def test_a_finding_of_no_region_is_new_once(tmp_path: Path) -> None:
    number = {"table": "t", "indicator": "i", "region": "CN", "period": 2020, "edition": "e/1", "value": 1.0}
    known = finding("1", check="head_extra", region=None, indicator=None, period=None)
    for name, found in {"old": [known], "new": [known, finding("2", region=None)]}.items():
        (tmp_path / name / "marts").mkdir(parents=True)
        for mart, rows in {"observation": [number | {"resolution": 0.1}], "finding": found}.items():
            pl.DataFrame(rows).write_parquet(tmp_path / name / "marts" / f"{mart}.parquet")
    assert compare(tmp_path / "new", tmp_path / "new") == []
    assert [each["check"] for each in compare(tmp_path / "old", tmp_path / "new")] == ["parts_and_total"]


def finding(message: str, **other: Any) -> dict[str, Any]:
    plain = {"check": "parts_and_total", "severity": "error", "table": "t", "edition": "e/1", "indicator": "i"}
    return plain | {"region": "CN", "period": 2020, "acknowledged": False, "message": message} | other
