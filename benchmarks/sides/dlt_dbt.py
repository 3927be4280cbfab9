"""The same cells through dlt into DuckDB, and dbt-duckdb models for three marts: checks and publishes nothing, and
knows regions, units and editions no better than the pandas side."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time

BEGAN = time.perf_counter()
os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
from pathlib import Path  # noqa: E402

import dlt  # noqa: E402
import pyarrow as pa  # noqa: E402
from dbt.cli.main import dbtRunner  # noqa: E402

from benchmarks.sides.reading import tidy  # noqa: E402

SCHEMA = pa.schema(
    {"file": pa.string(), "sheet": pa.string(), "region": pa.string(), "head": pa.string(),
     "year": pa.int64(), "column": pa.int64(), "value": pa.float64()}
)  # fmt: skip
PROJECT = Path(__file__).parent / "dbt"


def main() -> None:
    """Load the files of the folders that are named."""
    imported = time.perf_counter() - BEGAN
    files = sorted(file for folder in sys.argv[1:] for file in Path(folder).iterdir())

    @dlt.resource(name="cell", write_disposition="replace")
    def cells():  # type: ignore[no-untyped-def]
        for file in files:
            frame = tidy(file)
            if len(frame):
                frame["head"], frame["region"] = frame["head"].map(str), frame["region"].map(str)
                yield pa.Table.from_pandas(frame, schema=SCHEMA, preserve_index=False)

    with tempfile.TemporaryDirectory() as folder:
        database = f"{folder}/out.duckdb"
        pipeline = dlt.pipeline(
            "bench", destination=dlt.destinations.duckdb(database), dataset_name="raw", pipelines_dir=f"{folder}/dlt"
        )
        pipeline.run(cells())
        os.environ |= {"BENCH_DATABASE": database, "DBT_TARGET_PATH": f"{folder}/target", "DBT_LOG_PATH": folder}
        done = dbtRunner().invoke(
            ["--quiet", "run", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        )
        if not done.success:
            sys.exit(f"dbt: {done.exception or done.result}")
    print(json.dumps({"seconds": time.perf_counter() - BEGAN, "imports": imported}))


if __name__ == "__main__":
    main()
