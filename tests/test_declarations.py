"""Contracts are valid against their JSON Schema and use declared indicators in units that fit; the code lists of
indicators and units agree with themselves."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.declared import (
    CONTRACTS,
    INDICATORS,
    PUBLISHED,
    REGIONS,
    SCHEMA,
    UNITS,
    flat,
    pairs,
    parsed,
    reference,
    table,
    texts,
)

VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def as_json(body: Any) -> Any:
    """YAML content as JSON has it: years as keys are texts."""
    return json.loads(json.dumps(body))


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda p: p.stem)
def test_contract_is_valid(path: Path) -> None:
    assert [f"{list(e.path)}: {e.message}" for e in VALIDATOR.iter_errors(as_json(parsed(path)))] == []
    body = parsed(path)
    assert body.get("name", body["table"]) == path.stem
    codes = [c["indicator"] for c in body["columns"]] if isinstance(body.get("columns"), list) else []
    assert len(codes) == len(set(codes))
    assert len({i["code"] for i in body.get("items", [])}) == len(body.get("items", []))
    assert set((body.get("labels") or {}).values()) <= REGIONS.keys()


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda p: p.stem)
def test_contract_uses_known_indicators_in_fitting_units(path: Path) -> None:
    for indicator, printed in pairs(parsed(path)):
        assert indicator in INDICATORS, f"{indicator} is not in indicators.csv"
        canonical = UNITS.by_code.get(INDICATORS[indicator]["unit"])
        unit = UNITS.find(printed) if printed else canonical
        assert (unit and unit.dimension) == (canonical and canonical.dimension), f"{indicator}: {printed}"


def test_schema_is_a_schema_and_refuses_what_it_should() -> None:
    VALIDATOR.check_schema(SCHEMA)
    good = {"table": "t", "series": "st-yearbook", "zh": "题", "rows": "region"}
    good |= {"columns": "years", "indicator": "a"}
    assert VALIDATOR.is_valid(good)
    for change in (
        {"colums": []},
        {"indicator": "Bad Name"},
        {"rows": "regions"},
        {"edition": "paper/2023", "period": 2021},
        {"columns": [{"zh": "无指标"}]},
        {"zh": {"since 2012": "题"}},
    ):
        assert not VALIDATOR.is_valid(good | change), change
    assert not VALIDATOR.is_valid({k: v for k, v in good.items() if k != "indicator"})


def test_contract_names_are_unique_and_titles_tell_tables_apart() -> None:
    bodies = [parsed(p) for p in CONTRACTS]
    names = Counter(b.get("name", b["table"]) for b in bodies)
    assert max(names.values()) == 1
    titles = Counter(t for b in bodies for t in {flat(t) for t in texts(b["zh"])})
    assert [t for t, n in titles.items() if n > 1] == []


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published files are not at ../shared")
def test_every_published_family_has_a_contract() -> None:
    with (PUBLISHED.parent / "published" / "yearbook.csv").open(encoding="utf-8", newline="") as stream:
        families = {row["table_family"] for row in csv.DictReader(stream)}
    assert families <= {parsed(p)["table"] for p in CONTRACTS}


def test_statements_have_one_number_and_a_region() -> None:
    for path in CONTRACTS:
        for statement in parsed(path).get("statements", []):
            assert statement["region"] in REGIONS
            for wording in texts(statement["zh"]):
                assert wording.count("{number}") == 1, wording
                assert set(re.findall(r"\{(\w+)\}", wording)) <= {"number", "skip", "year"}, wording


def test_indicators_form_trees_of_one_unit() -> None:
    assert len(INDICATORS) == len(table("indicators.csv"))
    for code, row in INDICATORS.items():
        assert all(row[k] for k in ("name_zh", "name_en", "definition_zh", "definition_en", "category")), code
        assert row["additive"] in ("true", "false")
        assert row["unit"] in UNITS.by_code or (row["unit"] == "" and row["category"] in ("text", "cluster")), code
        if row["parent"]:
            assert row["parent"] in INDICATORS, code
        if row["additive"] == "true":
            assert row["parent"] and row["partition"], code
            assert row["unit"] == INDICATORS[row["parent"]]["unit"], code


def test_units_are_unique_and_each_spelling_names_one() -> None:
    rows = reference("units.yml")
    assert len({r["code"] for r in rows}) == len(rows)
    for key, form in (("zh", str), ("en", flat)):
        owners: dict[str, set[str]] = {}
        for row in rows:
            for spelling in map(str, row[key]):
                owners.setdefault(form(spelling) or spelling, set()).add(row["code"])
        assert {s: c for s, c in owners.items() if len(c) > 1} == {}
    for line, codes in (("个，亿元", ["each", "100m_cny"]), ("unit,100 million yuan", ["each", "100m_cny"])):
        assert [u.code for u in UNITS.parse(line)] == codes
    assert {UNITS.find(s).code for s in ("万元", "10 000 yuan", "10000 yuan")} == {"10k_cny"}  # type: ignore[union-attr]
