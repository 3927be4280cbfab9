"""`python -m benchmarks [--repeat N] [--files DIR] [SIDE …]`: every side in a process of its own, in turns, so that
all see the same machine; medians, ratios, and the whole record as JSON in benchmarks/history/."""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HISTORY = ROOT / "benchmarks" / "history"
OWN, OTHERS = sys.executable, str(ROOT / ".venv-bench" / "bin" / "python")
SIDES = {
    "floor": (OWN, "decrypt and parse every file, nothing else"),
    "pandas": (OTHERS, "msoffcrypto, pandas.read_excel with xlrd, tidy, to_sql into DuckDB; no checks"),
    "dlt_dbt": (OTHERS, "dlt into DuckDB, dbt-duckdb models for three of the marts; no checks"),
    "stack": (OWN, "the libraries' part of that: parse, sql/, Parquet, Great Expectations, database; CPU over cores"),
    "steps": (OWN, "highlands without Prefect; Great Expectations is imported before the clock starts"),
    "one_new": (OWN, "highlands without Prefect: one new file into a home that holds the others"),
    "shipped": (OWN, "highlands refresh, cold, as installed: server, flow, checks, release"),
    "nothing_new": (OWN, "highlands refresh with nothing new"),
    "status": (OWN, "highlands status"),
    "explain": (OWN, "highlands explain"),
    "inspect": (OWN, "highlands inspect"),
    "query": (OWN, "highlands query"),
}
PACKAGES = ("prefect", "great-expectations", "polars", "duckdb", "pyarrow", "python-calamine")


def main() -> None:
    """Run the sides and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sides", nargs="*", choices=[*SIDES, []], help="default: all that can run here")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--files", type=Path, default=ROOT.parent / "shared" / "published")
    asked = parser.parse_args()
    files = [folder for name in ("yearbook", "bulletin") if (folder := asked.files / name).is_dir()]
    if not files:
        sys.exit(f"{asked.files} has no yearbook/ or bulletin/: name a folder of published tables with --files")
    sides = [side for side in asked.sides or SIDES if Path(SIDES[side][0]).exists()]
    runs: dict[str, list[dict[str, Any]]] = {side: [] for side in sides}
    for turn in range(asked.repeat):
        for side in sides:
            runs[side].append(_run(side, files))
            print(f"{turn + 1}/{asked.repeat} {side}: {runs[side][-1]['seconds']:.2f} s", file=sys.stderr)
    record = {"machine": machine(), "repeat": asked.repeat, "sides": {s: summed(r) for s, r in runs.items()}}
    HISTORY.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    (HISTORY / f"{stamp}.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(table(record))


def _run(side: str, files: list[Path]) -> dict[str, Any]:
    """One side once, in a process of its own: what it says of itself in JSON, at least `seconds`."""
    command = [SIDES[side][0], "-m", f"benchmarks.sides.{side}", *map(str, files)]
    if side in ("nothing_new", "status", "explain", "inspect", "query"):
        command = [SIDES[side][0], "-m", "benchmarks.sides.commands", side, *map(str, files)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode:
        sys.exit(f"{side} failed:\n{ended.stdout[-2000:]}{ended.stderr[-4000:]}")
    said: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return said | {"cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def summed(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Median, least and most seconds, and the medians of everything else that is a number."""
    seconds = [run["seconds"] for run in runs]
    keys = [key for key, value in runs[0].items() if isinstance(value, int | float) and key != "seconds"]
    more = {key: statistics.median(run[key] for run in runs) for key in keys}
    return {"median": statistics.median(seconds), "least": min(seconds), "most": max(seconds), **more, "runs": runs}


def machine() -> dict[str, Any]:
    """Where and with what this was measured, and how busy it was."""
    model = next(
        (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")), platform.processor(),
    ) if Path("/proc/cpuinfo").exists() else platform.processor()  # fmt: skip
    return {
        "cpu": model, "cores": os.cpu_count(), "load": os.getloadavg(), "python": platform.python_version(),
        "system": platform.platform(), "versions": {name: version(name) for name in PACKAGES},
    }  # fmt: skip


def table(record: dict[str, Any]) -> str:
    """The record for people."""
    about, sides = record["machine"], record["sides"]
    floor = sides.get("floor", {}).get("median")
    lines = [
        f"{about['cpu']}, {about['cores']} cores, load {about['load'][0]:.1f}, Python {about['python']}",
        ", ".join(f"{name} {number}" for name, number in about["versions"].items()), "",
        f"{'side':12} {'median':>8} {'least':>8} {'most':>8} {'/ floor':>8} {'cpu':>8}  what it does",
    ]  # fmt: skip
    for name, side in sides.items():
        ratio = f"{side['median'] / floor:8.1f}" if floor else " " * 8
        took = " ".join(f"{side[key]:8.2f}" for key in ("median", "least", "most"))
        lines.append(f"{name:12} {took} {ratio} {side['cpu']:8.2f}  {SIDES[name][1]}")
    if "shipped" in sides:
        shipped = sides["shipped"]
        own = shipped["median"] - shipped.get("start_up", 0.0)
        lines += [
            "", "cpu is of the whole process and all it starts, imports and set-up included",
            f"shipped: {shipped.get('start_up', 0):.2f} s of start-up, {own:.2f} s of its own",
        ]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    main()
