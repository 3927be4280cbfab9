"""Marts built again from a refresh's staging after a source number was changed: only the SQL that a mart needs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from flows import steps
from flows.documents.collect import Collected, collect
from flows.marts.dictionary import SQL, Dictionary
from flows.marts.staging import staging
from flows.marts.warehouse import Warehouse
from flows.run import Run

Staging = dict[str, pl.DataFrame]
YEARBOOK = "st-yearbook/2022"


def staged(run: Run) -> Staging:
    """What a refresh made its marts from."""
    assert run.verdicts
    made = staging(run.declarations, run.verdicts)
    return {name: pl.read_parquet(given) if isinstance(given, list) else given for name, given in made.items()}


def collected(run: Run) -> Collected:
    """What a refresh read, before anything was judged."""
    return collect(run.documents, [kept.result() for kept in steps.read(run, run.documents)])


def build(frames: Mapping[str, pl.DataFrame], folder: Path, *marts: str) -> Warehouse:
    """A warehouse with some marts and what they read, its SQL copied to `folder`."""
    waiting, done = [f"marts.{name}" for name in marts], set[str]()
    while waiting:
        name = waiting.pop()
        if name in done:
            continue
        done.add(name)
        schema, _, stem = name.partition(".")
        part = f"{stem}.sql" if schema == "marts" else f"{schema}/{stem}.sql"
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SQL / part, folder / part)
        waiting += re.findall(r"\b(?:marts|parts)\.\w+", (SQL / part).read_text(encoding="utf-8"))
    return Warehouse(frames, sql=folder, dictionary=Dictionary.load(sql=SQL))


def changed(frames: Staging, value: float, **where: Any) -> Staging:
    """Staging with another number in the value cells that fit; fails where none does."""
    cells = frames["source_cell"]
    fits = pl.col("role") == "value"
    for column, wanted in where.items():
        fits &= pl.col(column) == wanted
    assert cells.select(fits.any()).item(), where
    mended = cells.with_columns(value=pl.when(fits).then(pl.lit(float(value))).otherwise("value"))
    return frames | {"source_cell": mended}


def added(frames: Staging, values: Mapping[tuple[str, str], float], like: Mapping[str, Any]) -> Staging:
    """Staging with more numbers, {(indicator, region): value}, each in a cell like the first that fits `like`."""
    cells = frames["source_cell"]
    fits = pl.col("role") == "value"
    for column, wanted in like.items():
        fits &= pl.col(column) == wanted
    model = cells.filter(fits).head(1)
    assert model.height == 1, like
    rows = [
        model.with_columns(
            indicator=pl.lit(indicator), region=pl.lit(region), value=pl.lit(float(value)), cell=pl.lit(f"Z{n}"),
            row=pl.lit(n, pl.Int32),
        )
        for n, ((indicator, region), value) in enumerate(values.items(), start=100)
    ]  # fmt: skip
    return frames | {"source_cell": pl.concat([cells, *rows])}
