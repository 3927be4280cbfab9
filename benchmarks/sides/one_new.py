"""highlands without Prefect: one new file (the last by name) into a home that holds all the others."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.sides.highlands import ready, refresh
from flows.home.folder import Home


def main() -> None:
    """Refresh a home with all files but one, then with that one."""
    ready()
    files = sorted(file for folder in sys.argv[1:] for file in Path(folder).iterdir())
    with tempfile.TemporaryDirectory() as folder:
        cold, _ = refresh(Home(folder), files[:-1])
        seconds, run = refresh(Home(folder), files[-1:])
        assert run.outcome in ("published", "held"), run.outcome
    print(json.dumps({"seconds": seconds, "cold": cold, **{f"s_{k}": took for k, took in run.seconds.items()}}))


if __name__ == "__main__":
    main()
