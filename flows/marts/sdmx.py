"""The observations for SDMX tools: SDMX-CSV 2.0 and, beside it, the structure that it names."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import polars as pl

from flows.marts import parts
from flows.project import DATA

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
STRUCTURE = DATA / "reference" / "observation.sdmx.xml"
FIXED = {"STRUCTURE": "dataflow", "STRUCTURE_ID": "HIGHLANDS:OBSERVATION(1.0)", "ACTION": "I"}
COLUMNS = {
    "INDICATOR": "indicator",
    "REF_AREA": "region",
    "EDITION": "edition",
    "TIME_PERIOD": "period",
    "OBS_VALUE": "value",
    "OBS_STATUS": "status",
    "UNIT_MEASURE": "unit",
}


def export(out: Path) -> list[Path]:
    """Write exports/observation.sdmx.csv and its structure .xml from `out`/marts; their paths."""
    folder = out / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    data, structure = folder / "observation.sdmx.csv", folder / STRUCTURE.name
    found = parts.files(out / "marts" / "observation.parquet")
    table(pl.scan_parquet(found, glob=False, hive_partitioning=False)).sink_csv(data)
    structure.write_bytes(STRUCTURE.read_bytes())
    return [data, structure]


def table(observation: Frame) -> Frame:
    """The `observation` mart with the columns of SDMX-CSV 2.0: a row for each number of each edition; blanks keep
    their status and have no value."""
    return observation.select(
        *(pl.lit(text).alias(name) for name, text in FIXED.items()),
        *(pl.col(column).alias(name) for name, column in COLUMNS.items()),
    )
