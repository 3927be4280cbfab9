"""The libraries' part of a cold refresh: what no code of highlands can avoid as long as files are parsed, sql/ runs in
DuckDB, marts are Parquet, Great Expectations checks them, and a DuckDB database holds them.

Each part runs alone, on what the others would give it; nothing is landed, conformed, judged, compared, reported or
published. `seconds` is the time that they would take if every core were busy from the first to the last moment: their
CPU time over the cores.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.sides.commands import home_of
from benchmarks.sides.floor import parsed
from flows import steps
from flows.home import landing
from flows.home.folder import Home
from flows.marts import assembly, parts
from flows.marts.derived import SCOREBOARD
from flows.marts.plan import Given
from flows.marts.staging import staging
from flows.marts.warehouse import Warehouse
from flows.project import ROOT
from flows.run import Run
from flows.validation import checks

CPU: dict[str, float] = {}


def main() -> None:
    """Time the parts for the folders that are named."""
    given = _staging(Home(home_of(sys.argv[1:])))
    checks.warm()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        with _timed("parse"):
            parsed(sys.argv[1:])
        with Warehouse(given) as warehouse, _timed("sql_and_parquet"):
            warehouse.write(out)
        with _timed("great_expectations"):
            checks.check_files(out / "marts", ROOT / "expectations", out / "data_docs")
        with _timed("database"):
            assembly.assemble(out)
    seconds = sum(CPU.values()) / (os.cpu_count() or 1)
    print(json.dumps({"seconds": seconds, **{f"cpu_{part}": took for part, took in CPU.items()}}))


def _staging(home: Home) -> dict[str, Given]:
    """What the marts of a home are made of, all of it computed."""
    run, mart = Run(home), parts.scan(home.current)
    run.documents = landing.landed(home)
    steps.read_ahead(run)
    steps.judge_cells(run)
    assert run.verdicts
    return staging(run.declarations, run.verdicts) | {name: mart(name).collect() for name in SCOREBOARD}


@contextmanager
def _timed(part: str) -> Iterator[None]:
    began = time.process_time()
    yield
    CPU[part] = time.process_time() - began


if __name__ == "__main__":
    main()
