"""highlands without Prefect, cold: an empty home, all files, checked and published."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.sides.highlands import ready, refresh
from flows.home.folder import Home


def main() -> None:
    """Refresh an empty home with the folders that are named."""
    ready()
    with tempfile.TemporaryDirectory() as folder:
        seconds, run = refresh(Home(folder), [Path(path) for path in sys.argv[1:]])
        assert run.outcome == "published", run.reasons
    print(json.dumps({"seconds": seconds, **{f"s_{stage}": took for stage, took in run.seconds.items()}}))


if __name__ == "__main__":
    main()
