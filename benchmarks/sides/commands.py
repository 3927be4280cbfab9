"""What answers at once: commands on a home that is refreshed once for all repetitions of a bench."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.sides.highlands import refresh
from flows.home import manifest
from flows.home.folder import Home

HIGHLANDS = str(Path(sys.executable).parent / "highlands")


def main() -> None:
    """Time the command that is named, on a home with the folders that are named."""
    name, folders = sys.argv[1], sys.argv[2:]
    home = home_of(folders)
    file = str(next(iter(sorted(Path(folders[0]).iterdir()))))
    arguments = {
        "nothing_new": ["refresh", "--no-raw", *folders],
        "status": ["status"],
        "explain": ["explain", "rd_expenditure.basic", "110000", "2021"],
        "inspect": ["inspect", file],
        "query": ["query", "select count(*) from observation"],
    }[name]
    began = time.perf_counter()
    subprocess.run([HIGHLANDS, *arguments, "--home", str(home), "--json"], capture_output=True, check=True)
    print(json.dumps({"seconds": time.perf_counter() - began}))


def home_of(folders: list[str]) -> Path:
    """A home with the release of this very code, made if need be."""
    home = Path(tempfile.gettempdir()) / f"highlands-bench-{manifest.fingerprint()[:12]}"
    if not (home / "current").exists():
        shutil.rmtree(home, ignore_errors=True)
        refresh(Home(home), [Path(folder) for folder in folders])
    return home


if __name__ == "__main__":
    main()
