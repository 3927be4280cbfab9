"""The database of a release: the same whether its marts come one by one or all at once."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from flows.marts import assembly, parts
from flows.marts.assembly import Assembly, assemble
from flows.marts.dictionary import Dictionary
from flows.marts.storage import write_mart
from flows.marts.warehouse import Warehouse
from tests.small_staging import staging


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all marts and no database."""
    folder = tmp_path_factory.mktemp("candidate")
    with Warehouse(staging()) as warehouse:
        warehouse.write(folder)
    return folder


def content(database: Path) -> dict[str, object]:
    """Everything that a database holds and says: rows, comments, keys, macros."""
    with duckdb.connect(str(database), read_only=True) as connection:
        found: dict[str, object] = {
            name: connection.sql(f"from {name}").fetchall()
            for name in ("duckdb_schemas() select schema_name where database_name = 'highlands' order by all",
                         "duckdb_columns() select table_name, column_name, comment order by all",
                         "duckdb_constraints() select table_name, constraint_text order by all",
                         "duckdb_functions() select function_name, comment where schema_name = 'marts' order by all")
        }  # fmt: skip
        tables = connection.sql("select table_name, comment from duckdb_tables() order by all").fetchall()
        return found | {name: (comment, connection.table(f"marts.{name}").fetchall()) for name, comment in tables}


def test_marts_that_come_one_by_one_make_the_same_database(marts: Path) -> None:
    names = sorted(parts.marts(marts), reverse=True)
    under_way = Assembly(marts)
    for name in names[1:]:
        under_way.has_come(name)
    under_way.settle()
    under_way.has_come(names[0])
    grown = content(under_way.finish())
    assert len(grown) == len(names) + 4
    assert grown == content(assemble(marts))
    assert not (marts / f"{assembly.DATABASE}.wal").exists()


def test_a_database_that_needs_more_memory_is_assembled_without_the_bound(
    marts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = content(assemble(marts))
    monkeypatch.setattr(parts, "bounded", lambda spill: {"memory_limit": "1MB", "temp_directory": str(spill)})
    under_way = Assembly(marts)
    for name in parts.marts(marts):
        under_way.has_come(name)
    assert content(under_way.finish()) == whole
    assert not (marts / assembly.SPILL).exists()


def test_what_goes_wrong_in_the_thread_is_raised_at_the_end(tmp_path: Path) -> None:
    dictionary = Dictionary.load()
    row = {"region": "CN", "member": "110000", "valid_from": None, "note": ""}
    schema = pa.schema({"region": pa.string(), "member": pa.string(), "valid_from": pa.int32(), "note": pa.string()})
    twice = pa.Table.from_pylist([row, row], schema)
    write_mart(tmp_path, "region_member", twice, dictionary)
    under_way = Assembly(tmp_path)
    under_way.has_come("region_member")
    with pytest.raises(duckdb.ConstraintException, match=r"[Dd]uplicate key"):
        under_way.finish()


def test_an_assembly_can_be_left(marts: Path) -> None:
    under_way = Assembly(marts)
    under_way.has_come("region")
    under_way.leave()
    under_way.leave()
    assert not any(marts.glob("*.wal"))
