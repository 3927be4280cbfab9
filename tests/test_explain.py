"""Every number explains into its cells; what explain says of a derived number is what the mart holds."""

from __future__ import annotations

import math
import re
import time
from typing import Any

import pytest

from flows.home.folder import Home
from flows.home.releases import Unknown
from flows.looking.derivation import Derivations
from flows.looking.explain import explain
from flows.looking.formulas import TOKEN, Declared, Derived
from flows.looking.query import NoRelease, connect, database, query, records
from flows.steps import Run

CONTRACT = {"edition", "value", "unit", "status", "cells", "derivation", "checks"}
CELL = {"document", "name", "sheet", "cell", "raw"}


def evaluated(derived: Derived) -> float:
    """A formula with its numbers put in."""
    worked = TOKEN.sub(lambda token: repr(derived.inputs[token[0]].value), derived.formula)
    assert re.fullmatch(r"[\d.e+\-×÷− ()abs]+", worked), worked
    return float(eval(worked.replace("×", "*").replace("÷", "/").replace("−", "-")))


def by_edition(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {vintage["edition"]: vintage for vintage in said["vintages"]}


def test_a_printed_number_has_every_place_that_prints_it(raw_run: Run) -> None:
    said = explain(raw_run.home, "rd_expenditure", "110000", 2021)
    assert (said["indicator"], said["region"], said["period"]) == ("rd_expenditure", "110000", 2021)
    vintage = by_edition(said)["st-yearbook/2022"]
    assert vintage.keys() >= CONTRACT and all(cell.keys() >= CELL for cell in vintage["cells"])
    assert vintage["value"] == pytest.approx(26293207.7)
    assert vintage["derivation"] is None and vintage["unit"] == "10k_cny"
    places = {(cell["name"], cell["cell"], cell["raw"]) for cell in vintage["cells"]}
    assert any(raw == "26293207.7" for _, _, raw in places)
    assert len(vintage["cells"]) > 1
    assert [cell["raw"] for cell in vintage["cells"] if cell["stands"]] == ["26293207.7"]
    rows = query(raw_run.home, "select * from cells('rd_expenditure', '110000', 2021)").rows
    assert len(rows) == sum(len(v["cells"]) for v in said["vintages"])


@pytest.mark.parametrize("region", ["110000", "北京", "Beijing", " beijing "])
def test_a_region_is_known_by_code_and_names(raw_run: Run, region: str) -> None:
    assert explain(raw_run.home, "rd_expenditure", region, 2021)["region"] == "110000"


def test_identities_that_hold_are_named_and_known_slips_too(raw_run: Run) -> None:
    beijing = by_edition(explain(raw_run.home, "rd_expenditure.basic", "110000", 2021))["st-yearbook/2022"]
    held = {check["check"] for check in beijing["checks"] if check["outcome"] == "held"}
    assert {"parts_and_total", "provinces_and_zone"} <= held
    shanghai = by_edition(explain(raw_run.home, "rd_expenditure", "310000", 2021))["st-yearbook/2022"]
    slips = [c for c in shanghai["checks"] if c["check"] == "parts_and_total" and c["outcome"] != "held"]
    assert any(c["residual"] == pytest.approx(19671.9) and c["region"] == "310000" for c in slips)


def test_a_highland_is_the_sum_of_its_members_cells(raw_run: Run) -> None:
    said = explain(raw_run.home, "rd_expenditure.basic", "jing_jin_ji", 2021)
    vintage = by_edition(said)["st-yearbook/2022"]
    assert {cell["region"] for cell in vintage["cells"]} == {"110000", "120000", "130000"}
    assert vintage["value"] == pytest.approx(sum(each["value"] for each in vintage["inputs"]))
    assert "Beijing" in vintage["derivation"] and "+" in vintage["derivation"]


def test_a_share_explains_into_the_cells_of_every_member(raw_run: Run) -> None:
    by_mart = explain(raw_run.home, "rd_structure_by_region.basic_share", "京津冀", 2021)
    vintage = by_edition(by_mart)["st-yearbook/2022"]
    assert vintage["value"] == pytest.approx(12.62, abs=0.005)
    assert vintage["unit"] == "percent"
    assert {(c["indicator"], c["region"]) for c in vintage["cells"]} == {
        (indicator, region)
        for indicator in ("rd_expenditure", "rd_expenditure.basic")
        for region in ("110000", "120000", "130000")
    }
    by_code = by_edition(explain(raw_run.home, "rd_share.basic", "jing_jin_ji", 2021))
    assert by_code["st-yearbook/2022"]["value"] == vintage["value"]
    assert by_code["paper/2023"]["derivation"] is None  # the paper prints it


def test_a_sector_is_asked_for_by_its_code_or_as_the_place(raw_run: Run) -> None:
    one = explain(raw_run.home, "rd_structure_by_sector.total.basic_share", "CN", 2021)
    other = explain(raw_run.home, "rd_structure_by_sector.basic_share", "total", 2021)
    assert by_edition(one)["st-yearbook/2022"]["value"] == by_edition(other)["st-yearbook/2022"]["value"]


@pytest.mark.parametrize("mart", ["rd_structure_by_region", "rd_structure_by_sector", "highland_profile"])
def test_every_formula_gives_what_the_mart_holds(raw_run: Run, mart: str) -> None:
    declared = Declared().marts[mart]
    columns = list(declared["columns"])
    checked = set()
    with connect(database(raw_run.home)) as connection:
        rows = records(connection, f"select * from {mart} order by all")
        for row in rows[:: 1 if mart == "rd_structure_by_sector" else 9]:
            derivations = Derivations(connection, row.get("region", "CN"), row["period"])
            star = row.get("sector") or row.get("indicator")
            for column in columns:
                if row[column] is None:
                    continue
                found = derivations.of(f"{mart}.{star}.{column}" if star else f"{mart}.{column}")
                derived = next(d for d in found if d.edition == row[declared["edition"]])
                assert derived.value == row[column]
                assert derived.inputs, (column, row)
                assert math.isclose(evaluated(derived), row[column], rel_tol=1e-9, abs_tol=1e-5), (row, derived)
                checked.add(column)
    assert checked >= {c for c in columns if not c.startswith("per_")}  # those need population and product


def test_declared_columns_are_the_marts_own(raw_run: Run) -> None:
    for mart, body in Declared().marts.items():
        columns = set(query(raw_run.home, f"select * from {mart} limit 0").columns)
        assert columns >= body["columns"].keys() | body["keys"].keys() | {body["edition"]}


def test_a_number_that_was_set_aside_says_why(published_run: Run) -> None:
    said = explain(published_run.home, "rd_expenditure.enterprise_funds", "北京", 2012)
    vintage = by_edition(said)["st-yearbook/2013"]
    assert [cell["raw"] for cell in vintage["cells"]] == ["368633!"]
    if vintage["value"] is None:
        assert vintage["set_aside"][0]["reason"] and "3686332" in str(vintage["checks"])
    else:  # corrected by data/corrections
        assert vintage["status"] == "I" and vintage["value"] == 3686332


def test_editions_stand_in_order_with_what_became_of_the_number(published_run: Run) -> None:
    said = explain(published_run.home, "rd_intensity", "120000", 2016)
    dates = [vintage["release_date"] for vintage in said["vintages"]]
    assert dates == sorted(dates)
    kinds = {v["edition"]: v["revision"] and v["revision"]["kind"] for v in said["vintages"]}
    assert kinds["st-yearbook/2020"] == "revised"
    assert sum(vintage["is_latest"] for vintage in said["vintages"]) == 1


@pytest.mark.parametrize(
    ("indicator", "region", "period", "says"),
    [
        ("rd_expenditur", "110000", 2021, "did you mean rd_expenditure ("),
        ("rd_expenditure", "bejing", 2021, "110000 (Beijing)"),
        ("rd_expenditure", "110000", 1949, "there is "),
        ("rd_structure_by_region.basic", "rd", 2021, "no region"),
        (
            "rd_expenditure",
            "greater_bay_area",
            2021,
            "cannot be derived: there is no number for its members 440100,",
        ),
        ("nothing like it", "110000", 2021, "no indicator 'nothing like it'"),
    ],
)
def test_what_is_not_there_says_what_comes_near(
    raw_run: Run, indicator: str, region: str, period: int, says: str
) -> None:
    with pytest.raises(Unknown) as refused:
        explain(raw_run.home, indicator, region, period)
    assert says in str(refused.value)


def test_an_empty_home_says_so(tmp_path: Any) -> None:
    with pytest.raises(NoRelease):
        explain(Home(tmp_path), "rd_expenditure", "CN", 2021)


def test_an_answer_takes_no_time(published_run: Run) -> None:
    taken = []
    for _ in range(3):
        began = time.process_time()
        explain(published_run.home, "rd_structure_by_region.basic_share", "yangtze_river_delta", 2021)
        taken.append(time.process_time() - began)
    assert min(taken) < 0.3
