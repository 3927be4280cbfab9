"""Marts that outgrew one file: parts by series and edition, found by the database's views wherever a release lies."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows.diff import compare
from flows.gate import reasons
from flows.home import candidates, durable, lock, manifest, releases
from flows.home.folder import Home
from flows.home.sealing import Broken, verify
from flows.looking.explain import explain
from flows.looking.query import query
from flows.looking.status import status
from flows.marts import assembly, parts, storage
from flows.marts.warehouse import build
from tests.small_staging import staging

DIVIDED = ("observation", "revision", "source_cell")


@pytest.fixture(scope="module")
def divided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A release of which three rows are too many for one file, as every other that is built meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(parts.LIMIT_VARIABLE, "3")
        folder = tmp_path_factory.mktemp("divided")
        build(staging(), folder)
        yield folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same release in one file a mart."""
    folder = tmp_path_factory.mktemp("whole")
    build(staging(), folder)
    return folder


@pytest.fixture
def home(tmp_path: Path, whole: Path, divided: Path) -> Iterator[Home]:
    """A home, held, with one divided release, in a folder whose name SQL and globs could take for theirs."""
    home = Home(tmp_path / "it's [a] home* of 北京")
    with lock.exclusive(home):
        publish(home, divided)
        yield home


def publish(home: Home, built: Path | None = None, **more: pl.DataFrame) -> releases.Release:
    folder = candidates.begin(home)
    if built:
        shutil.copytree(built, folder, dirs_exist_ok=True)
    else:
        build(staging() | more, folder)
    manifest.describe(folder, "c0de" * 16, [])
    return releases.publish(home, candidates.complete(home, folder))


def rows(connection: duckdb.DuckDBPyConnection, mart: str) -> list[tuple]:
    return connection.execute(f"from marts.{mart} order by all").fetchall()


def test_parts_hold_what_one_file_holds(whole: Path, home: Home) -> None:
    release = releases.current(home)
    assert release
    found = parts.marts(release.path)
    assert {name for name, files in found.items() if parts.is_divided(files)} == set(DIVIDED)
    one, many = (duckdb.connect(str(folder / manifest.DATABASE)) for folder in (whole, release.path))
    for name in found:
        assert rows(one, name) == rows(many, name), name
    told = "select column_name, comment, data_type from duckdb_columns() where schema_name = 'marts' order by all"
    assert one.execute(told).fetchall() == many.execute(told).fetchall()
    for path in ("exports/observation.sdmx.csv", "marts/region.parquet", "marts/dictionary.parquet"):
        these, those = ((folder / path).read_bytes().split(b"\n") for folder in (whole, release.path))
        assert sorted(these) == sorted(those)


def test_a_part_holds_one_edition_and_says_so_itself_and_in_its_path(home: Home) -> None:
    release = home.current.resolve()
    files = parts.marts(release)["observation"]
    about = storage.describe(files[0])[1]
    assert about.key == ("indicator", "region", "period", "edition")
    assert all(len(set(pl.read_parquet(file, glob=False, hive_partitioning=False)["edition"])) == 1 for file in files)
    everywhere = parts.relation(files).replace("hive_partitioning = false", "hive_partitioning = true")
    found = duckdb.sql(f"select series, edition from {everywhere} group by all").fetchall()
    assert {(edition.split("/")[0], edition) for _, edition in found} == set(found)
    assert len(found) == len(files)


def test_the_same_rows_give_the_same_parts_and_id(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    frames = {name: frame.sample(fraction=1, shuffle=True, seed=3) for name, frame in staging().items()}
    with lock.exclusive(other):
        again = publish(other, **frames)
    first = releases.current(home)
    assert first and first.id == again.id
    said = manifest.read(first.path)["parquet"]["observation"]
    assert said == manifest.read(again.path)["parquet"]["observation"]
    assert said["parts"].keys() == {
        path.relative_to(first.path / "marts").as_posix() for path in parts.marts(first.path)["observation"]
    }


def test_the_database_opens_from_anywhere(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = len(query(home, "from observation").rows)
    count = "select count(*) from marts.observation"
    release = home.current.resolve()
    for folder, path in [
        (tmp_path, home.current / manifest.DATABASE), (tmp_path, release / manifest.DATABASE),
        (release, Path(manifest.DATABASE)), (home.path, Path("current") / manifest.DATABASE),
    ]:  # fmt: skip
        monkeypatch.chdir(folder)
        with duckdb.connect(str(path), read_only=True) as connection:
            assert connection.execute(count).fetchall() == [(number,)], path
    monkeypatch.chdir(tmp_path)
    moved = shutil.copytree(release, tmp_path / "moved")
    with duckdb.connect() as connection:
        connection.execute("attach 'moved/highlands.duckdb' as it (read_only)")
        with pytest.raises(duckdb.Error, match="set variable highlands_release"):
            connection.execute("select count(*) from it.marts.observation")
        connection.execute(f"set variable {assembly.VARIABLE} = '{moved}/'")
        assert connection.execute("select count(*) from it.marts.observation").fetchall() == [(number,)]


def test_a_reader_of_a_release_that_was_replaced_never_sees_the_next_one(home: Home) -> None:
    """Opened through the link: after a swap its rows are found, or an error says they are not there (where DuckDB
    keeps the path as it was given), but never the next release's."""
    cells = staging()["source_cell"]
    with duckdb.connect(str(home.current / manifest.DATABASE), read_only=True) as reader:
        sql = "select sum(value) from marts.observation where edition = ?"
        editions = reader.execute("select distinct edition from marts.observation order by 1").fetchall()
        before = {edition: reader.execute(sql, [edition]).fetchall() for (edition,) in editions}
        edition = min(before)
        publish(home, source_cell=cells.with_columns(
            value=pl.when(pl.col("edition") == edition).then(pl.col("value") + 1).otherwise("value")
        ))  # fmt: skip
        for one, total in before.items():
            with suppress(duckdb.Error):
                assert reader.execute(sql, [one]).fetchall() == total
    assert query(home, sql, [edition]).rows != before[edition]


def test_every_command_works_on_parts(home: Home) -> None:
    release = releases.current(home)
    assert release
    said = status(home)
    assert said["tables"]["observation"] == len(query(home, "from observation").rows) > 3
    indicator, region, period = query(home, "select indicator, region, period from observation limit 1").rows[0]
    vintages = explain(home, indicator, region, period)["vintages"]
    assert vintages and all(vintage["cells"] for vintage in vintages)
    assert query(home, "select count(*) from observation_as_of(date '2030-01-01')").rows[0][0] > 3
    gone = staging()["source_cell"].filter(pl.col("indicator") != indicator)
    second = publish(home, source_cell=gone)
    kinds = {change["kind"] for change in compare(release.path, second.path)}
    assert "withdrawn" in kinds
    rule = {"rule": "fewer", "says": "{n} numbers", "sql": "select count(*) as n from candidate.observation"}
    assert reasons([rule], [], second.path, release.path)
    assert compare(None, second.path)
    package = json.loads((second.path / "datapackage.json").read_text("utf-8"))
    paths = {resource["name"]: resource["path"] for resource in package["resources"]}
    assert len(paths["observation"]) == len(parts.marts(second.path)["observation"])
    assert paths["region"] == "marts/region.parquet"


def test_queries_reach_nothing_but_the_release(home: Home, tmp_path: Path) -> None:
    from flows.looking.query import QueryError

    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(QueryError, match="disabled"):
        query(home, f"from read_csv('{tmp_path}/other.csv')")


def change_part(release: Path) -> None:
    file = parts.marts(release)["observation"][0]
    file.write_bytes(file.read_bytes()[:-1] + b"?")


def lose_part(release: Path) -> None:
    parts.marts(release)["source_cell"][-1].unlink()


def add_part(release: Path) -> None:
    file = parts.marts(release)["observation"][0]
    shutil.copy(file, file.with_stem("0" * 16))


def change_manifest(release: Path) -> None:
    text = (release / manifest.MANIFEST).read_text("utf-8")
    said = json.loads(text)["parquet"]["observation"]["parts"]
    sha = next(iter(said.values()))
    (release / manifest.MANIFEST).write_text(text.replace(sha, sha[::-1]), "utf-8")


def change_view(release: Path) -> None:
    with duckdb.connect(str(release / manifest.DATABASE)) as connection:
        [(sql,)] = connection.execute("select sql from duckdb_views() where view_name = 'observation'").fetchall()
        other = sql.replace("CREATE VIEW", "CREATE OR REPLACE VIEW").replace('part."value"', "part.value")
        assert "part.value," in other
        connection.execute(other.replace("part.value,", "part.value + 1e-9 as value,"))


@pytest.mark.parametrize("damage", [change_part, lose_part, add_part, change_manifest, change_view])
def test_damage_to_parts_is_found(home: Home, damage: object) -> None:
    release = home.current.resolve()
    verify(release)
    for path in [release, *release.rglob("*")]:
        path.chmod(0o755)
    assert callable(damage)
    damage(release)
    with pytest.raises(Broken):
        verify(release)


def test_an_empty_edition_and_odd_ones_have_a_folder() -> None:
    assert parts.folder("observation", ["paper/2023"]) == "observation/series=paper/edition=paper%2F2023"
    assert parts.folder("source_cell", [None]) == f"source_cell/series={parts.NOTHING}/edition={parts.NOTHING}"
    assert parts.folder("revision", ["a b/1", "new"]) == "revision/series=a%20b/to_edition=a%20b%2F1/kind=new"
    assert os.sep == "/"


def test_a_released_part_is_read_only(home: Home) -> None:
    files = parts.marts(home.current.resolve())["observation"]
    assert {file.stat().st_mode & 0o222 for file in files} == {0}
    assert not durable.is_unfinished(files[0].name)


def test_a_table_too_large_for_a_key_in_the_database_has_its_rows_and_no_key(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(whole / "marts", tmp_path / "marts")
    rows = pl.read_parquet(whole / "marts" / "observation.parquet").height
    monkeypatch.setattr(parts, "keyed", lambda: rows - 1)
    assembly.assemble(tmp_path)

    def of(release: Path) -> tuple[set[str], list[tuple[object, ...]]]:
        with duckdb.connect(str(release / assembly.DATABASE), read_only=True) as connection:
            keys = "select table_name from duckdb_constraints() where constraint_type = 'PRIMARY KEY'"
            keyed = {name for (name,) in connection.execute(keys).fetchall()}
            return keyed, connection.execute("from marts.observation order by all").fetchall()

    (before, expected), (after, found) = of(whole), of(tmp_path)
    assert found == expected and len(found) == rows
    assert "observation" in before - after and "edition" in after
