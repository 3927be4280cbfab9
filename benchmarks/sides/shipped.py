"""highlands as installed, cold: `highlands refresh` in an empty home."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [str(Path(sys.executable).parent / "highlands"), "refresh", "--no-raw", "--json", "--home"]


def main() -> None:
    """Time the command; the start-up is what it waited for Prefect and Great Expectations."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        said = subprocess.run([*COMMAND, folder, *sys.argv[1:]], capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - began
    took = json.loads(said.stdout.splitlines()[-1])["seconds"]
    print(json.dumps({"seconds": seconds, "start_up": took["start"], **{f"s_{k}": v for k, v in took.items()}}))


if __name__ == "__main__":
    main()
