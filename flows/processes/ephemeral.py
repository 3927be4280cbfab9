"""`python -m flows.processes.ephemeral PORT`: a refresh's own Prefect server. Without PORT: prepare for it.

A new home's database begins as a copy of one that Prefect has migrated once for this installation: its hundred
migrations take longer than a refresh.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, suppress
from importlib.metadata import version
from pathlib import Path

from flows.home.durable import replacing
from flows.processes.collector import uncollected

SETTINGS = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    # A refresh uses no blocks, and `serve` registers them. Remembering what was not done would keep it from that.
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "0",
    "PREFECT_MEMOIZE_BLOCK_AUTO_REGISTRATION": "0",
}
DATABASE = "prefect.db"
ELSEWHERE = ("PREFECT_API_DATABASE_CONNECTION_URL", "PREFECT_SERVER_DATABASE_CONNECTION_URL")
"""Settings that name another database."""


def main() -> None:
    """Serve on the port until the process is ended, or prepare the migrated database."""
    os.environ.update(SETTINGS)
    if len(sys.argv) == 1:
        prepared()
    elif sys.argv[1] == "migrate":
        _migrate()
    else:
        _serve(int(sys.argv[1]), Path(os.environ["PREFECT_HOME"]))


def _serve(port: int, home: Path) -> None:
    if not (home / DATABASE).exists() and not any(name in os.environ for name in ELSEWHERE):
        begin(home)
    with uncollected():
        import uvicorn
        from prefect.server.api.server import create_app

        app = create_app()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", lifespan="on")


def begin(home: Path) -> None:
    """Put the migrated database into a home that has none. Where it cannot be, the server migrates for itself."""
    with suppress(OSError, subprocess.SubprocessError):
        migrated = prepared()
        home.mkdir(parents=True, exist_ok=True)
        with replacing(home / DATABASE) as aside:
            shutil.copyfile(migrated, aside)


def prepared() -> Path:
    """A database without runs, migrated by the Prefect that is installed; made once, beside the installation.
    Raises OSError where that cannot be written, CalledProcessError when the migrations fail."""
    place = Path(sys.prefix) / "share" / "highlands" / f"prefect-{version('prefect')}.db"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as folder:
            migrating = [sys.executable, "-m", "flows.processes.ephemeral", "migrate"]
            subprocess.run(migrating, env=os.environ | {"PREFECT_HOME": folder}, check=True, capture_output=True)
            with (
                replacing(place) as aside,
                closing(sqlite3.connect(Path(folder) / DATABASE)) as log,
                closing(sqlite3.connect(aside)) as whole,
            ):
                log.backup(whole)  # the migrations may still lie in the write-ahead log
    return place


def _migrate() -> None:
    with uncollected():
        from prefect.server.database import provide_database_interface

    asyncio.run(provide_database_interface().create_db())


if __name__ == "__main__":
    main()
