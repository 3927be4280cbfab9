"""The paper's statements as rows: data/reference/claims.yml with what readings inherit filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

CLAIM: dict[str, type[pl.DataType]] = {
    "position": pl.Int32, "claim": pl.String, "statement": pl.String, "section": pl.String, "reading": pl.String,
    "statement_zh": pl.String, "statement_en": pl.String, "reading_zh": pl.String, "reading_en": pl.String,
    "period": pl.Int32, "kind": pl.String, "measure": pl.String, "basis": pl.String, "regions": pl.String,
    "against": pl.String, "among": pl.String, "unit": pl.String, "decimals": pl.Int32, "expected": pl.String,
    "expected_value": pl.Float64, "tolerance": pl.Float64, "confirmed_from": pl.Float64, "caveat_from": pl.Float64,
    "caveat_zh": pl.String, "caveat_en": pl.String, "contradicted_zh": pl.String, "contradicted_en": pl.String,
    "decides_zh": pl.String, "decides_en": pl.String, "evidence": pl.String,
}  # fmt: skip

DEFAULTS: dict[str, Any] = {"basis": "sources", "regions": ["CN"], "unit": "", "tolerance": 0.0}
KINDS = ("equals", "at_least", "more_than", "nearly", "times", "above", "below", "first", "lowest")
_NEEDS = {"above": "against", "below": "against", "times": "against", "first": "among", "lowest": "among"}


def claims(declared: Mapping[str, Any]) -> pl.DataFrame:
    """One row for each reading of each statement (columns CLAIM), in the order of the file.

    `regions` is joined by |, `evidence` is the SQL with the reading's own words filled in, `confirmed_from` and
    `caveat_from` say what part of expected_value counts as nearly all of it. Raises ValueError for a reading that
    lacks something, names an unknown kind, or has another's name."""
    rows = list(_rows(declared))
    names = [row["claim"] for row in rows]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"claims.yml: {', '.join(sorted(doubled))} is there twice")
    return pl.DataFrame(rows, schema=CLAIM, orient="row")


def _rows(declared: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    position = 0
    for statement in declared["statements"]:
        for reading in statement.get("readings") or [{}]:
            position += 1
            yield _row(position, DEFAULTS | statement | reading, statement, reading, declared)


def _row(
    position: int, said: Mapping[str, Any], statement: Mapping[str, Any], reading: Mapping[str, Any],
    declared: Mapping[str, Any],
) -> dict[str, Any]:
    slug = reading.get("reading")
    name = f"{statement['claim']}@{slug}" if slug else statement["claim"]
    needed = ["section", "period", "kind", "measure", "expected", "decides_zh", "decides_en", "evidence"]
    needed += [_NEEDS.get(said.get("kind", ""), "expected_value")]
    if lacking := [key for key in needed if said.get(key) is None]:
        raise ValueError(f"claims.yml: {name} does not say {', '.join(lacking)}")
    if said["kind"] not in KINDS:
        raise ValueError(f"claims.yml: {name} is of the unknown kind {said['kind']!r}")
    if said["evidence"] not in declared["queries"]:
        raise ValueError(f"claims.yml: {name} names an unknown query {said['evidence']!r}")
    exact = said["kind"] in ("equals", "at_least", "more_than")
    return {key: said.get(key) for key in CLAIM} | {
        "position": position,
        "claim": name,
        "statement": statement["claim"],
        "statement_zh": statement["zh"],
        "statement_en": statement["en"],
        "reading_zh": reading.get("zh"),
        "reading_en": reading.get("en"),
        "regions": "|".join(said["regions"]),
        "decimals": said.get("decimals", 2 if said["unit"] == "%" else 0),
        "confirmed_from": declared["nearly"]["confirmed"],
        "caveat_from": declared["nearly"]["caveat"],
        "expected_value": said.get("expected_value", 1 if said["kind"] == "times" else None),
        "tolerance": said["tolerance"] if exact else None,
        "evidence": " ".join(declared["queries"][said["evidence"]].split()).format_map(said),
    }
