"""Small but real releases for the tests: DuckDB and Parquet files whose every row says which release it is of."""

from __future__ import annotations

from pathlib import Path

import duckdb

from flows.home import candidates, durable, manifest, releases
from flows.home.folder import Home
from flows.home.manifest import DATABASE, MARTS

ROWS = 500
DIFF = [{"kind": "withdrawn", "indicator": "rd_expenditure", "region": "110000", "period": 2021, "old": 1.5}]


def build(home: Home, stamp: int) -> Path:
    """A complete candidate whose two marts hold ROWS + stamp rows, each with `stamp` in it."""
    with durable.guarded("Building the candidate", home.candidates):
        folder = candidates.begin(home)
        write_marts(folder, stamp)
        manifest.describe(folder, "c0de" * 16, [f"{stamp:064x}"], editions=["test/2021"])
        return candidates.complete(home, folder)


def publish(home: Home, stamp: int) -> releases.Release:
    """Builds and publishes release `stamp`."""
    return releases.publish(home, build(home, stamp))


def held(home: Home, stamp: int) -> candidates.Held:
    """Builds release `stamp` and holds it for approval with DIFF."""
    return candidates.hold(home, build(home, stamp), ["a number was withdrawn"], DIFF)


def write_marts(folder: Path, stamp: int) -> None:
    """The database and the Parquet files of release `stamp`, the way a build writes them."""
    marts = folder / MARTS
    marts.mkdir()
    with duckdb.connect() as connection:
        connection.sql(f"ATTACH '{folder / DATABASE}' AS release (STORAGE_VERSION 'v1.0.0')")
        connection.sql("CREATE SCHEMA release.marts")
        for mart in ("observation", "revision"):
            connection.sql(f"""
                CREATE TABLE release.marts.{mart} AS
                SELECT {stamp} AS stamp, i AS key, sqrt(i) AS value, '北京 ' || i AS raw, NULL::INTEGER AS nothing
                FROM range({ROWS + stamp}) AS numbers(i)
            """)
            connection.sql(f"COPY release.marts.{mart} TO '{marts / mart}.parquet' (FORMAT parquet)")
        connection.sql("DETACH release")


def stamp_of(release: Path) -> int:
    """Which release answers, asked on a fresh read-only connection. Raises AssertionError on a mixed answer."""
    with duckdb.connect(str(release / DATABASE), read_only=True) as connection:
        answers = connection.sql("""
            SELECT min(stamp), max(stamp), count(*) FROM marts.observation
            UNION ALL SELECT min(stamp), max(stamp), count(*) FROM marts.revision
        """).fetchall()
    stamp = int(answers[0][0])
    assert answers == [(stamp, stamp, ROWS + stamp)] * 2, answers
    return stamp
