"""`python -m benchmarks.workers ARCHIVE [WORKERS …]`: the reading stage alone, on Dask clusters of so many workers
(default: 1 2), over an archive of benchmarks.archive; seconds, and documents a second. Prefect's server and the
cluster run on this machine, too."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.__main__ import machine


def main() -> None:
    """Print a row for each number of workers."""
    archive, numbers = Path(sys.argv[1]).resolve(), [int(number) for number in sys.argv[2:] or ("1", "2")]
    os.environ |= {
        "HIGHLANDS_CONTRACTS": str(archive / "contracts"), "HIGHLANDS_TASK_RUNNER": "dask", "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_LOGGING_LEVEL": "ERROR",
    }  # fmt: skip
    from flows import beginning, running
    from flows.home import lock
    from flows.home.folder import Home
    from flows.processes.server import server
    from flows.run import Run

    about = machine()
    print(f"{about['cpu']}, {about['cores']} cores, load {about['load'][0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        home = Home(folder)
        running.prepare(home)
        with lock.exclusive(home), server(home) as api:
            from flows.documents import spread

            api.ready()
            run = Run(home)
            beginning.land(run, [archive / "files"], None)
            for number in numbers:
                os.environ["HIGHLANDS_WORKERS"] = str(number)
                shutil.rmtree(home.cache, ignore_errors=True)
                began, cpu = time.perf_counter(), os.getloadavg()[0]
                spread.read(run)
                took = time.perf_counter() - began
                rate = len(run.documents) / took
                print(f"{number} workers: {took:7.1f} s, {rate:6.1f} documents a second (load before {cpu:.1f})")


if __name__ == "__main__":
    main()
