"""Whether a candidate may become current by itself: the rules of data/rules/gate.yml asked of both releases."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from flows.marts import parts

MART = re.compile(r"\b(?:candidate|current)\.(\w+)")
FRESH = "create table fresh as select edition from candidate.edition anti join current.edition using (edition)"
EVENT = {
    "event": pl.String,
    "indicator": pl.String,
    "edition": pl.String,
    "region": pl.String,
    "since": pl.Int32,
    "until": pl.Int32,
    "most": pl.Float64,
    "lag": pl.Int32,
}


def event_rows(events: list[dict[str, Any]]) -> pl.DataFrame:
    """data/rules/events.yml, one row for each pattern of indicators, edition and region; `most` is the largest
    change in the indicator's unit that the event explains, `lag` how many years before the edition's own."""
    rows = [
        (event["event"], indicator, edition, region, *(event.get("periods", {}).get(k) for k in ("since", "until")),
         event.get("most"), event.get("lag"))
        for event in events
        for indicator, edition, region in product(
            event["indicators"], event["editions"], event.get("regions") or [None]
        )
    ]
    return pl.DataFrame(rows, schema=EVENT, orient="row")


def reasons(
    rules: list[dict[str, Any]], events: list[dict[str, Any]], candidate: Path, current: Path | None
) -> list[str]:
    """Why a candidate is held, one sentence a reason; empty when it may be published. Nothing is asked of a
    home's first release."""
    if current is None:
        return []
    with duckdb.connect() as connection:
        asked = {name for rule in rules for name in MART.findall(f"{FRESH} {rule['sql']}")}
        _views(connection, "candidate", candidate, asked)
        _views(connection, "current", current, asked)
        connection.execute(FRESH)
        connection.register("event_frame", event_rows(events).to_arrow())
        connection.execute("create table event as select * from event_frame")
        return [reason for rule in rules for reason in _ask(connection, rule)]


def _views(connection: duckdb.DuckDBPyConnection, schema: str, release: Path, asked: set[str]) -> None:
    """The marts of a release that are asked for, as far as it has them."""
    connection.execute(f"create schema {schema}")
    for name in sorted(asked):
        if files := parts.files(release / "marts" / f"{name}.parquet"):
            connection.execute(f'create view {schema}."{name}" as from {parts.relation(files)}')


def _ask(connection: duckdb.DuckDBPyConnection, rule: dict[str, Any]) -> list[str]:
    result = connection.execute(f"select * from ({rule['sql'].rstrip().rstrip(';')}) order by all")
    columns = [column[0] for column in result.description or []]
    return [
        f"{rule['rule']}: {rule['says'].format(**dict(zip(columns, row, strict=True)))}"
        for row in result.fetchall()
    ]


def first_lines(reason_list: list[str], most: int = 12) -> str:
    """Reasons for a message, shortened."""
    more = len(reason_list) - most
    return "\n".join([*reason_list[:most], *([f"… and {more} more"] if more > 0 else [])])


