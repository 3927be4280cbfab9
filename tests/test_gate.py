"""Every rule of the gate fires on the case that is made for it, and not on the case beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows import gate
from flows.project import DATA, load_yaml

RULES = load_yaml(DATA / "rules" / "gate.yml")
EDITION = {"edition": pl.String, "series": pl.String, "year": pl.Int32, "data_year": pl.Int32}
OBSERVATION = {
    "edition": pl.String, "table": pl.String, "indicator": pl.String, "region": pl.String, "period": pl.Int32,
    "value": pl.Float64, "resolution": pl.Float64,
}  # fmt: skip
REVISION = {
    "indicator": pl.String, "region": pl.String, "period": pl.Int32, "from_edition": pl.String,
    "to_edition": pl.String, "old_value": pl.Float64, "new_value": pl.Float64, "kind": pl.String,
}  # fmt: skip
FINDING = {
    "check": pl.String, "severity": pl.String, "table": pl.String, "acknowledged": pl.Boolean, "message": pl.String,
    "edition": pl.String,
}  # fmt: skip
SCHEMAS = {"edition": EDITION, "observation": OBSERVATION, "revision": REVISION, "finding": FINDING}
Rows = list[dict[str, Any]]
OLD, NEW = "st-yearbook/2022", "st-yearbook/2023"
EVENT = {"event": "census", "indicators": ["rd_*"], "editions": [NEW], "periods": {"until": 2021}, "most": 0.5}
YEARLY = {"event": "verification", "indicators": ["rd_*"], "editions": ["st-yearbook/*"], "lag": 1}


def number(edition: str = OLD, value: float | None = 10.0, **other: Any) -> dict[str, Any]:
    """An observation of one cell; `other` says what is different about it."""
    plain = {"table": "t", "indicator": "rd_intensity", "region": "110000", "period": 2021, "resolution": 0.1}
    return plain | {"edition": edition, "value": value} | other


def revision(kind: str, old: float = 2.0, new: float | None = 2.4, **other: Any) -> dict[str, Any]:
    plain = {"indicator": "rd_intensity", "region": "110000", "period": 2020, "from_edition": OLD, "to_edition": NEW}
    return plain | {"old_value": old, "new_value": new, "kind": kind} | other


def finding(check: str = "parts_and_total", severity: str = "error", **other: Any) -> dict[str, Any]:
    return {"check": check, "severity": severity, "table": "t", "acknowledged": False, "message": "m"} | other


@pytest.fixture
def asked(tmp_path: Path) -> Callable[..., list[str]]:
    """The reasons to hold a candidate with some marts after a current release with some."""

    def release(name: str, marts: dict[str, Rows]) -> Path:
        folder = tmp_path / name
        (folder / "marts").mkdir(parents=True)
        editions = sorted({row["edition"] for row in marts.get("observation", [])})
        years = [int(e.split("/")[1]) for e in editions]
        known = [{"edition": e, "series": e.split("/")[0], "year": y, "data_year": y - 1}
                 for e, y in zip(editions, years, strict=True)]
        for mart, schema in SCHEMAS.items():
            rows = known if mart == "edition" else marts.get(mart, [])
            pl.DataFrame(rows, schema=schema).write_parquet(folder / "marts" / f"{mart}.parquet")
        return folder

    def ask(current: dict[str, Rows], candidate: dict[str, Rows], events: Rows | None = None) -> list[str]:
        found = gate.reasons(RULES, events or [], release("candidate", candidate), release("current", current))
        return [reason.partition(":")[0] for reason in found]

    return ask


BOTH = [number(), number(region="120000")]
NEXT = [number(NEW), number(NEW, region="120000")]
CASES: dict[str, list[tuple[dict[str, Rows], dict[str, Rows], Rows]]] = {
    "numbers_withdrawn": [
        ({"observation": BOTH}, {"observation": BOTH[:1]}, []),
        ({"observation": BOTH}, {"observation": [BOTH[0], number(value=None, region="120000")]}, []),
    ],
    "numbers_changed": [({"observation": BOTH}, {"observation": [number(value=10.2), BOTH[1]]}, [])],
    "restated": [
        ({"observation": BOTH}, {"observation": BOTH + NEXT, "revision": [revision("revised")]}, []),
        ({"observation": BOTH}, {"observation": BOTH + NEXT, "revision": [revision("revised", new=2.6)]}, [EVENT]),
        ({"observation": BOTH}, {"observation": BOTH + NEXT, "revision": [revision("revised", period=2022)]}, [EVENT]),
        ({"observation": BOTH}, {"observation": BOTH + NEXT, "revision": [revision("revised", period=2020)]}, [YEARLY]),
    ],
    "numbers_not_reprinted": [
        ({"observation": BOTH}, {"observation": BOTH + NEXT, "revision": [revision("withdrawn", new=None)]}, [])
    ],
    "table_missing": [
        ({"observation": [*BOTH, number(table="u", indicator="x")]},
         {"observation": [*BOTH, number(table="u", indicator="x"), *NEXT]}, [])
    ],
    "region_missing": [({"observation": BOTH}, {"observation": [*BOTH, NEXT[0]]}, [])],
    "column_missing": [
        ({"observation": BOTH},
         {"observation": BOTH + NEXT, "finding": [finding("column_missing", "warning", edition=NEW)]}, [])
    ],
    "new_kind_of_finding": [({"observation": BOTH}, {"observation": BOTH, "finding": [finding()]}, [])],
}  # fmt: skip
NEIGHBOURS: dict[str, tuple[dict[str, Rows], dict[str, Rows], Rows]] = {
    "nothing is different": ({"observation": BOTH}, {"observation": BOTH}, []),
    "a number more": ({"observation": BOTH[:1]}, {"observation": BOTH}, []),
    "a number that was empty is gone": ({"observation": [BOTH[0], number(value=None, period=2020)]},
                                        {"observation": BOTH[:1]}, []),
    "another printing of the same number": ({"observation": BOTH}, {"observation": [number(value=10.04), BOTH[1]]}, []),
    "a whole new edition": ({"observation": BOTH}, {"observation": BOTH + NEXT}, []),
    "a restatement that an event explains": (
        {"observation": BOTH}, {"observation": BOTH + NEXT, "revision": [revision("revised")]}, [EVENT]),
    "a restatement of the year before, which happens yearly": (
        {"observation": BOTH}, {"observation": BOTH + NEXT, "revision": [revision("revised", period=2021)]}, [YEARLY]),
    "pure rounding": ({"observation": BOTH}, {"observation": BOTH + NEXT, "revision": [revision("rounding")]}, []),
    "a restatement that was published before": (
        {"observation": BOTH + NEXT}, {"observation": BOTH + NEXT, "revision": [revision("revised")]}, []),
    "an older edition that arrives late": (
        {"observation": [*NEXT, number(NEW, table="u", indicator="x")]},
        {"observation": [*NEXT, number(NEW, table="u", indicator="x"), *BOTH]}, []),
    "a kind of finding that was there": (
        {"observation": BOTH, "finding": [finding()]}, {"observation": BOTH, "finding": [finding(), finding()]}, []),
    "a column that was missing before": (
        {"observation": BOTH},
        {"observation": BOTH, "finding": [finding("column_missing", "warning", edition=OLD)]}, []),
    "a warning": ({"observation": BOTH}, {"observation": BOTH, "finding": [finding(severity="warning")]}, []),
    "an error that is known": (
        {"observation": BOTH}, {"observation": BOTH, "finding": [finding(acknowledged=True)]}, []),
    "an error in a table that is new": (
        {"observation": BOTH}, {"observation": BOTH, "finding": [finding(table="other")]}, []),
    "a file that could not be read": (
        {"observation": BOTH}, {"observation": BOTH, "finding": [finding("head_extra"), finding("document_x")]}, []),
}  # fmt: skip


def test_every_rule_has_a_case() -> None:
    assert set(CASES) == {rule["rule"] for rule in RULES}


@pytest.mark.parametrize("rule, case", [(rule, n) for rule, cases in CASES.items() for n in range(len(cases))])
def test_a_rule_fires_on_its_case_alone(rule: str, case: int, asked: Callable[..., list[str]]) -> None:
    assert asked(*CASES[rule][case]) == [rule]


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_no_rule_fires_on_a_neighbour(name: str, asked: Callable[..., list[str]]) -> None:
    assert asked(*NEIGHBOURS[name]) == []


def test_a_first_release_is_asked_nothing(tmp_path: Path) -> None:
    assert gate.reasons(RULES, [], tmp_path, None) == []


def test_a_reason_names_the_numbers(asked: Callable[..., list[str]], tmp_path: Path) -> None:
    """What `says` is filled from are columns that the rule's query has."""
    asked({"observation": BOTH}, {"observation": [number(value=10.2), BOTH[1]]})
    (reason,) = gate.reasons(RULES, [], tmp_path / "candidate", tmp_path / "current")
    assert reason == (
        "numbers_changed: 1 numbers of st-yearbook/2022 changed (t: rd_intensity), most in 110000 2021: 10.0 to 10.2"
    )
