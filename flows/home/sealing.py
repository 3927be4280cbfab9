"""Proof that a release is whole: what is on the disk is what its manifest says, in Parquet and in DuckDB alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from flows.home.manifest import DATABASE, MARTS, hash_file, hash_of, read, release_id
from flows.marts import parts

if TYPE_CHECKING:
    import duckdb


class Broken(Exception):
    """A release or candidate is not what its manifest says. The message, for people, says where."""


def verify(folder: Path) -> None:
    """Raises Broken unless the release in `folder` is whole.

    The id follows from the manifest; every Parquet file has the manifest's hash; the database opens read-only, has
    exactly these marts, and each holds, as a multiset of rows, what its Parquet file holds; no write-ahead log.
    """
    try:
        manifest = read(folder)
    except (OSError, ValueError) as error:
        raise Broken(f"{folder.name}: no readable manifest ({error})") from error
    hashes = {name: mart["sha256"] for name, mart in manifest["parquet"].items()}
    if manifest["id"] != release_id(manifest["fingerprint"], hashes):
        raise Broken(f"{folder.name}: the manifest's id does not follow from its content")
    said = {name: mart.get("parts", {f"{name}.parquet": mart["sha256"]}) for name, mart in manifest["parquet"].items()}
    if any(hash_of(said[name]) != sha for name, sha in hashes.items()):
        raise Broken(f"{folder.name}: the hash of a mart does not follow from those of its parts")
    _verify_parquet(folder, {name: sha for files in said.values() for name, sha in files.items()})
    if (folder / f"{DATABASE}.wal").exists():
        raise Broken(f"{folder.name}: a write-ahead log lies beside the database; somebody wrote to it")
    _verify_database(folder, {name: mart["rows"] for name, mart in manifest["parquet"].items()})


def _verify_parquet(folder: Path, hashes: dict[str, str]) -> None:
    files = {file.relative_to(folder / MARTS).as_posix(): file for file in (folder / MARTS).rglob("*.parquet")}
    if files.keys() != hashes.keys():
        odd = ", ".join(sorted(files.keys() ^ hashes.keys()))
        raise Broken(f"{folder.name}: the manifest and marts/ differ in {odd}")
    for name, file in files.items():
        if hash_file(file) != hashes[name]:
            raise Broken(f"{folder.name}: marts/{name} does not have the hash that the manifest says")


def _verify_database(folder: Path, rows: dict[str, int]) -> None:
    import duckdb

    try:
        with duckdb.connect(str(folder / DATABASE), read_only=True) as database:
            tables = database.sql("""
                SELECT table_name FROM duckdb_tables() WHERE schema_name = 'marts'
                UNION ALL SELECT view_name FROM duckdb_views() WHERE schema_name = 'marts'
            """).fetchall()
            if {name for (name,) in tables} != rows.keys():
                odd = ", ".join(sorted({name for (name,) in tables} ^ rows.keys()))
                raise Broken(f"{folder.name}: the database and the manifest differ in {odd}")
            with ThreadPoolExecutor() as pool:  # DuckDB lets the interpreter go on; most of the time goes into planning
                made = [pool.submit(_verify_table, database.cursor(), folder, *mart) for mart in rows.items()]
            for verified in made:
                verified.result()
    except duckdb.Error as error:
        raise Broken(f"{folder.name}: the database cannot be read: {error}") from error


def _verify_table(database: duckdb.DuckDBPyConnection, folder: Path, name: str, rows: int) -> None:
    """A sum of row hashes does not depend on the order of rows and, unlike XOR, does not cancel doubled ones."""
    parquet = database.sql(f"FROM {parts.relation(parts.files(folder / MARTS / f'{name}.parquet'))}")
    table = database.table(f"marts.{_quoted(name)}")
    if table.columns != parquet.columns:
        raise Broken(f"{folder.name}: the columns of {name} differ between the database and its Parquet file")
    columns = ", ".join(
        f"CAST({_quoted(column)} AS {kind})" for column, kind in zip(parquet.columns, parquet.types, strict=True)
    )
    checksum = f"count(*), sum(CAST(hash(row({columns})) AS HUGEINT))"
    stored, published = table.aggregate(checksum).fetchall(), parquet.aggregate(checksum).fetchall()
    if stored != published or stored[0][0] != rows:
        raise Broken(f"{folder.name}: the table {name} is not what marts/{name}.parquet holds")


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
