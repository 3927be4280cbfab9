"""msoffcrypto, pandas with xlrd, tidy with pandas, to_sql into DuckDB: checks and publishes nothing."""

from __future__ import annotations

import json
import sys
import tempfile
import time

BEGAN = time.perf_counter()
from pathlib import Path  # noqa: E402

import duckdb  # noqa: E402
import pandas as pd  # noqa: E402

from benchmarks.sides.reading import tidy  # noqa: E402


def main() -> None:
    """Load the files of the folders that are named."""
    imported = time.perf_counter() - BEGAN
    files = sorted(file for folder in sys.argv[1:] for file in Path(folder).iterdir())
    frame = pd.concat([tidy(file) for file in files])
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(f"{folder}/out.duckdb") as connection:
        connection.register("arriving", frame)
        connection.execute("create table observation as from arriving")
        connection.execute(
            "create table total as select region, year, head, sum(value) as value from observation group by all"
        )
    seconds = time.perf_counter() - BEGAN
    print(json.dumps({"seconds": seconds, "imports": imported, "rows": len(frame)}))


if __name__ == "__main__":
    main()
