"""What readers of a release rely on: the macros, the Frictionless package, the SDMX export."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows.marts.dictionary import SQL
from flows.marts.warehouse import build
from tests.small_staging import staging


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release folder built from the small staging."""
    out = tmp_path_factory.mktemp("release")
    build(staging(), out)
    return out


@pytest.fixture(scope="module")
def database(release: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(release / "highlands.duckdb"), read_only=True)


def test_macros_answer(database: duckdb.DuckDBPyConnection) -> None:
    series = database.execute("select period, value from marts.series('rd_intensity', 'CN')").fetchall()
    assert series == [(2019, 2.24), (2020, 2.41), (2021, 2.43)]
    compare = database.execute("select region, \"rank\" from marts.compare('rd_intensity', 2021)").fetchall()
    assert compare == [("CN", 1), ("110000", 1), ("120000", 2)]
    profile = database.execute("select indicator, period from marts.region_profile('120000')").fetchall()
    assert ("rd_intensity", 2021) in profile
    cells = database.execute(
        "select names, cell, raw from marts.cells('rd_expenditure', '310000', 2021)"
    ).fetchall()
    assert cells == [("1-7.xls", "C14", "18197704.8"), ("1-7.html", "C10", "18197705")]


@pytest.mark.parametrize(
    ("day", "value", "edition"),
    [
        ("2021-11-30", None, None),
        ("2021-12-01", 2.40, "st-yearbook/2021"),
        ("2022-11-30", 2.40, "st-yearbook/2021"),
        ("2022-12-01", 2.41, "st-yearbook/2022"),
    ],
)
def test_as_of_gives_what_was_known_that_day(
    database: duckdb.DuckDBPyConnection, day: str, value: float | None, edition: str | None
) -> None:
    found = database.execute(
        "select value, edition from marts.observation_as_of(?) where indicator = 'rd_intensity' and region = 'CN'"
        " and period = 2020",
        [day],
    ).fetchall()
    assert found == ([(value, edition)] if edition else [])


def test_as_of_today_is_the_latest(database: duckdb.DuckDBPyConnection) -> None:
    columns = "indicator, region, period, edition, value"
    known = database.execute(
        f"select {columns} from marts.observation_as_of('2100-01-01') order by all"
    ).fetchall()
    latest = database.execute(f"select {columns} from marts.observation where is_latest order by all").fetchall()
    assert known == latest


def test_datapackage_satisfies_the_reference_validator(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    given = staging()  # but little of the reference tables: the validator looks references up row by row
    members = given["region_member"]
    used = {*given["source_cell"]["region"].drop_nulls(), *members["member"], *members["region"]}
    given["region"] = given["region"].filter(pl.col("code").is_in(list(used)))
    given["indicator"] = given["indicator"].filter(~pl.col("indicator").str.contains("by_industry"))
    given["framework"] = given["framework"].head(3)
    build(given, tmp_path)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["title", "fieldName", "message"])


def test_datapackage_names_keys_references_and_sources(release: Path) -> None:
    package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    [observation] = [r for r in package["resources"] if r["name"] == "observation"]
    assert {"fields": ["edition"], "reference": {"resource": "edition", "fields": ["edition"]}} in observation[
        "schema"
    ]["foreignKeys"]
    assert {source["edition"] for source in package["sources"]} >= {"st-yearbook/2022", "paper/2023"}


def test_sdmx_reads_the_export_back(release: Path) -> None:
    sdmx = pytest.importorskip("sdmx")
    structure = sdmx.read_sdmx(release / "exports" / "observation.sdmx.xml")
    message = sdmx.read_sdmx(
        release / "exports" / "observation.sdmx.csv", structure=structure.dataflow["OBSERVATION"]
    )
    read = {
        tuple(str(o.dimension[d].value) for d in ("INDICATOR", "REF_AREA", "TIME_PERIOD", "EDITION")): o.value
        for o in message.data[0].obs
    }
    observation = pl.read_parquet(release / "marts" / "observation.parquet")
    for indicator, region, period, edition, value in observation.select(
        "indicator", "region", "period", "edition", "value"
    ).iter_rows():
        text = read[indicator, region, str(period), edition]
        assert (float(text) if text not in (None, "") else None) == value
    assert len(read) == observation.height


def test_macros_keep_to_what_the_oldest_duckdb_knows() -> None:
    """Their bodies are run by the reader's DuckDB, from 1.1 on, which has no if() among its functions."""
    for file in (SQL / "macros").glob("*.sql"):
        assert not re.search(r"\bif\(", file.read_text(encoding="utf-8")), file.name
