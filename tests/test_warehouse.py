"""What a release's files say of themselves: Parquet, the database, the dictionary, the package, SDMX."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from flows.marts import assembly, parts
from flows.marts.assembly import assemble
from flows.marts.dictionary import SQL, Dictionary, Undocumented, head_comment
from flows.marts.plan import Derived, Plan
from flows.marts.storage import describe
from flows.marts.warehouse import Warehouse, build
from tests.small_staging import staging
from transforms.schema import FINDING, findings
from transforms.staged import NotStaged, staged

CONTRACT = {
    "observation": "indicator region period edition value unit status raw document sheet cell is_latest",
    "source_cell": "document sheet cell raw indicator region period edition value",
    "rd_structure_by_region": "region period edition name_zh name_en kind total basic_share applied_share"
    " experimental_share share_sum",
    "rd_structure_by_sector": "sector period edition basic_share applied_share experimental_share share_sum",
    "cluster_ranking": "edition rank cluster name_en name_zh economies pct_applications publications methodology",
    "revision": "indicator region period from_edition to_edition old_value new_value kind",
    "finding": "check severity table region indicator period edition residual tolerance message acknowledged reason",
    "quarantine": "document sheet cell raw reason suggestion",
    "document": "document outcome",
    "dictionary": "table column",
}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release folder built from the small staging."""
    out = tmp_path_factory.mktemp("release")
    build(staging(), out)
    return out


@pytest.fixture(scope="module")
def database(release: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(release / "highlands.duckdb"), read_only=True)


def hashes(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.glob("*.parquet"))}


def test_the_same_staging_in_any_order_gives_the_same_bytes(release: Path, tmp_path: Path) -> None:
    again = {name: frame.sample(fraction=1, shuffle=True, seed=7) for name, frame in staging().items()}
    names = list(again)
    random.Random(7).shuffle(names)
    build({name: again[name] for name in names}, tmp_path)
    assert hashes(tmp_path / "marts") == hashes(release / "marts")
    for file in ("exports/observation.sdmx.csv", "datapackage.json"):
        assert (tmp_path / file).read_bytes() == (release / file).read_bytes()


@pytest.mark.parametrize("mart", CONTRACT)
def test_the_contracts_columns_are_there(database: duckdb.DuckDBPyConnection, mart: str) -> None:
    assert set(CONTRACT[mart].split()) <= set(database.table(f"marts.{mart}").columns)


def test_nothing_staged_still_makes_every_mart(tmp_path: Path) -> None:
    rows = build({}, tmp_path)
    assert rows.keys() >= CONTRACT.keys() and rows["observation"] == 0


def test_every_table_column_and_macro_is_explained_in_both_languages(database: duckdb.DuckDBPyConnection) -> None:
    comments = database.execute("""
        select table_name || '.' || column_name, comment from duckdb_columns() where schema_name = 'marts'
        union all select table_name, comment from duckdb_tables() where schema_name = 'marts'
        union all select function_name, comment from duckdb_functions() where schema_name = 'marts'
    """).fetchall()
    assert len(comments) > 250
    bare = [name for name, text in comments if not text or text.isascii() or not any(c.isalpha() for c in text)]
    assert not bare


def test_the_dictionary_is_the_database(database: duckdb.DuckDBPyConnection) -> None:
    told = database.execute(
        'select "table", "column", type from marts.dictionary where "column" <> \'\' order by "table", position'
    ).fetchall()
    real = database.execute("""
        select table_name, column_name, lower(data_type) from duckdb_columns()
        where schema_name = 'marts' order by table_name, column_index
    """).fetchall()
    assert told == real
    assert {kind for _, _, kind in real} <= {"varchar", "integer", "bigint", "double", "boolean", "date"}


def test_keys_are_primary_keys(database: duckdb.DuckDBPyConnection) -> None:
    declared = {name: list(table.key) for name, table in Dictionary.load().tables.items() if table.key}
    found = database.execute("""
        select table_name, constraint_column_names from duckdb_constraints() where constraint_type = 'PRIMARY KEY'
    """).fetchall()
    assert dict(found).items() <= declared.items()
    assert {"observation", "revision", "dictionary", "region"} <= dict(found).keys()


def test_database_and_parquet_hold_the_same(release: Path, database: duckdb.DuckDBPyConnection) -> None:
    for file in (release / "marts").glob("*.parquet"):
        assert database.table(f"marts.{file.stem}").fetchall() == database.read_parquet(str(file)).fetchall()


def test_parquet_carries_its_dictionary(release: Path) -> None:
    schema, told = describe(release / "marts" / "observation.parquet")
    assert told.key == ("indicator", "region", "period", "edition")
    assert "most precise" in told.text.en and "最精确" in told.text.zh
    assert schema.field("region").metadata[b"refers_to"] == b"region.region"
    assert pq.read_metadata(release / "marts" / "observation.parquet").row_group(0).column(0).compression == "ZSTD"


def test_assemble_replaces_what_was_there(release: Path, tmp_path: Path) -> None:
    with Warehouse(staging()) as warehouse:
        warehouse.write(tmp_path)
    (tmp_path / "highlands.duckdb").write_bytes(b"half a file")
    (tmp_path / "highlands.duckdb.wal").write_bytes(b"of a run that died")
    with duckdb.connect(str(assemble(tmp_path)), read_only=True) as made:
        assert made.execute("select count(*) from marts.region").fetchone() != (0,)
    assert not (tmp_path / "highlands.duckdb.wal").exists()


def test_findings_can_join_before_writing(tmp_path: Path) -> None:
    more = findings([{"check": "gx.rank", "table": "cluster_ranking", "message": "not so"}])
    with Warehouse(staging()) as warehouse:
        before = warehouse.mart("finding").height
        warehouse.add_findings(more)
        warehouse.add_findings(more)
        assert warehouse.mart("finding").columns == list(FINDING)
        assert warehouse.write(tmp_path)["finding"] == before + 1


def test_a_build_that_outgrows_its_memory_says_the_same(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too little memory for any mart: it is done without the bound; large marts are read from their files."""
    monkeypatch.setattr(parts, "bounded", lambda spill: {"memory_limit": "1MB", "temp_directory": str(spill)})
    monkeypatch.setattr(parts, "keyed", lambda: 1)
    with Warehouse(staging(), spill=tmp_path / "spill") as warehouse:
        warehouse.write(tmp_path)
        before = warehouse.mart("revision")
        warehouse.let_go()
        assert "revision" in warehouse.names() and warehouse.query("from marts.revision").equals(before)
        assert warehouse.query("select count(*) from duckdb_tables() where table_name = 'revision'").item() == 0
    assembly.assemble(tmp_path)
    assert hashes(tmp_path / "marts") == hashes(release / "marts")
    with duckdb.connect(str(tmp_path / assembly.DATABASE), read_only=True) as connection:
        assert connection.sql("select count(*) from marts.revision").fetchall() == [(before.height,)]
    assert not (tmp_path / assembly.SPILL).exists()


def test_broken_keys_and_references_are_findings() -> None:
    given = staging()
    given["source_cell"] = given["source_cell"].with_columns(
        indicator=pl.when(pl.col("indicator") == "rd_intensity").then(pl.lit("made_up")).otherwise("indicator")
    )
    given["region_member"] = pl.concat([given["region_member"], given["region_member"].head(1)])
    with Warehouse(given) as warehouse:
        found = warehouse.integrity()
    assert {"primary_key", "foreign_key"} == set(found["check"])
    assert found.filter(pl.col("table") == "observation")["message"].to_list() == [
        "observation.indicator: 'made_up' is not in indicator.indicator (14 rows)"
    ]
    assert "region_member" in found.filter(pl.col("check") == "primary_key")["message"][0]


def test_an_undocumented_column_or_mart_is_refused(tmp_path: Path) -> None:
    dictionary = Dictionary.load()
    columns = dictionary.tables["edition"].columns
    with pytest.raises(Undocumented, match="not documented: surprise"):
        dictionary.check("edition", [*columns, "surprise"])
    with pytest.raises(Undocumented, match="documented and not there: year"):
        dictionary.check("edition", [c for c in columns if c != "year"])
    with pytest.raises(Undocumented, match="unheard_of"):
        dictionary.check("unheard_of", [])
    (tmp_path / "declared.yml").write_text("{common: {}, tables: {ghost: {columns: {}}}}", encoding="utf-8")
    with pytest.raises(Undocumented, match="ghost has neither"):
        Dictionary.load(tmp_path / "declared.yml", tmp_path)
    (tmp_path / "bare.sql").write_text("-- Only English.\nselect 1 as one", encoding="utf-8")
    with pytest.raises(Undocumented, match=r"bare\.sql"):
        head_comment(tmp_path / "bare.sql")


def test_every_reference_names_a_mart_and_column() -> None:
    tables = Dictionary.load().tables
    for mart, _, other, column in Dictionary.load().references():
        assert column in tables[other].columns, (mart, other, column)


def test_each_sql_file_says_what_it_is_and_sorts(release: Path) -> None:
    for file in SQL.glob("*.sql"):
        text = file.read_text(encoding="utf-8")
        assert text.startswith("--") and "\norder by" in text, file.name
    for name in CONTRACT:
        frame = pl.read_parquet(release / "marts" / f"{name}.parquet")
        key = list(describe(release / "marts" / f"{name}.parquet")[1].key)
        assert not key or name == "dictionary" or frame.equals(frame.sort(key, nulls_last=True)), name


def test_a_plan_puts_marts_after_what_they_are_made_from() -> None:
    """Through parts (the profile reads figures that are made of observations) and through what is computed."""
    computed = Derived(("composite_indicator",), lambda mart: mart("composite_indicator"), "")
    order = Plan(SQL, {"composite_score": computed}).marts
    assert order.index("observation") < order.index("highland_profile")
    assert order.index("composite_indicator") < order.index("composite_score")


def test_staging_says_what_is_wrong() -> None:
    with pytest.raises(NotStaged, match=r"staging\.region has no column kind"):
        staged("region", pl.DataFrame({"code": ["CN"]}))
    bad = pl.DataFrame({"series": ["x"], "since": ["soon"], "name_zh": ["x"], "name_en": ["x"]})
    with pytest.raises(NotStaged, match=r"staging\.methodology"):
        staged("methodology", bad)
