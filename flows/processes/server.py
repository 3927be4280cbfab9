"""A Prefect server for one refresh, started beside other work. With PREFECT_API_URL set, that server is used."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from flows.home.folder import Home
from flows.project import ROOT

START_SECONDS, REACH_SECONDS = 180, 60
"""How long a server of our own may take to start, and how long one that is said to be there may take to answer."""


class ServerFailed(OSError):
    """Prefect's server did not come up. The message says what it said."""


@contextmanager
def server(home: Home) -> Iterator[Server]:
    """A server while the block runs; its start does not wait, `ready` does. It dies with this process."""
    url = os.environ.get("PREFECT_API_URL")
    if url:
        yield Server(url, None)
        return
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.processes.ephemeral", str(port)],
        cwd=ROOT,
        env=os.environ | {"PREFECT_HOME": str(home.prefect)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one call, no locks
    )
    os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    try:
        yield Server(os.environ["PREFECT_API_URL"], process)
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        if process.stderr:
            process.stderr.close()


class Server:
    """A server that is there or on its way."""

    def __init__(self, url: str, process: subprocess.Popen[bytes] | None) -> None:
        self.url = url
        self.process = process

    def ready(self) -> None:
        """Returns once the server answers. Raises ServerFailed when it died or took too long."""
        seconds = START_SECONDS if self.process else REACH_SECONDS
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process and self.process.poll() is not None:
                said = self.process.stderr.read().decode("utf-8", "replace") if self.process.stderr else ""
                raise ServerFailed(f"Prefect's server ended at its start: {said.strip()[-800:]}")
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise ServerFailed(f"no Prefect server answered at {self.url} within {seconds} seconds")


def _free_port() -> int:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def die_with_parent() -> None:
    """Ask Linux to end this process when the refresh that started it dies, however it dies."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
