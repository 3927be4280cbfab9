"""`highlands serve`: the deployments, a worker for them, and the watch over the inbox, until it is told to stop.

With PREFECT_API_URL set it works for that server; without, it starts one of its own on this machine, its database
in the home. It ends when its worker or its server does, so that whatever supervises it can start it anew.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from flows.home.folder import Home
from flows.processes.server import Server, ServerFailed, die_with_parent
from flows.project import ROOT
from flows.serving import schedule, surroundings
from flows.showing.terminal import say

POOL = "highlands"
SETTINGS = {
    "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLI_PROMPT": "false",
    "GX_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}


def serve(home: Home, inbox: Path | None = None, port: int = 4200) -> None:
    """Serve until SIGTERM or SIGINT. Raises ServerFailed, DeclarationError, or OSError when a part of it ends."""
    said = schedule.declared()
    os.environ.update({key: value for key, value in SETTINGS.items() if key not in os.environ})
    os.environ[surroundings.HOME_VARIABLE] = str(home.path)
    os.environ.setdefault("PREFECT_HOME", str(home.make(home.prefect)))
    os.environ.setdefault("PREFECT_UI_STATIC_DIRECTORY", str(home.prefect / "ui"))  # the venv may be read-only
    if inbox:
        os.environ[surroundings.INBOX_VARIABLE] = str(inbox.absolute())
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # behind a shell's & it is ignored; workers end by it
    with suppress(KeyboardInterrupt), _server(port) as server:
        set_up()
        with _process("worker", "start", "--pool", POOL, "--type", "process", "--limit", "1") as worker:
            say("serving       ", f"{home.path}, inbox {surroundings.inbox()}")
            say("to look at it ", server.url.removesuffix("/api"))
            _watch(home, said, [worker, server.process])


def set_up() -> None:
    """The work pool, the deployments of prefect.yaml, the declared notifications."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists
    from prefect.workers.process import ProcessWorker

    from flows.serving import automating

    template = ProcessWorker.get_default_base_job_template()
    pool = WorkPoolCreate(name=POOL, type="process", concurrency_limit=1, base_job_template=template)
    with get_client(sync_client=True) as client:
        with suppress(ObjectAlreadyExists):
            client.create_work_pool(pool)
        _deploy()
        for name in automating.apply(client):
            say("notification  ", name)


def _deploy() -> None:
    """What `prefect deploy --all` does in the project's folder; it says nothing unless it fails."""
    done = subprocess.run(
        _prefect("--no-prompt", "deploy", "--all"), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ServerFailed(f"prefect.yaml could not be applied:\n{done.stdout}{done.stderr}")


def _watch(home: Home, declared: dict[str, Any], processes: list[subprocess.Popen[bytes] | None]) -> None:
    """Look at the inbox, the runs and the journal, again and again."""
    from flows.serving.eyes import Eyes

    watch = declared["watch"]
    eyes = Eyes(home, surroundings.inbox(), watch["settle_seconds"], declared["retries"]["begun_at_most"])
    while True:
        for process in processes:
            if process and process.poll() is not None:
                raise ServerFailed(f"{process.args!r} ended with {process.returncode}")
        eyes.look()
        time.sleep(watch["poll_seconds"])


@contextmanager
def _server(port: int) -> Iterator[Server]:
    """The server that PREFECT_API_URL names, or one of our own while the block runs."""
    if url := os.environ.get("PREFECT_API_URL"):
        server = Server(url, None)
        server.ready()
        yield server
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ServerFailed(f"port {port} cannot be used ({error.strerror}): name another with --port") from error
    os.environ.setdefault("PREFECT_UI_URL", f"http://127.0.0.1:{port}")  # messages link to it
    with _process("server", "start", "--host", "127.0.0.1", "--port", str(port)) as process:
        os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
        server = Server(os.environ["PREFECT_API_URL"], process)
        server.ready()
        yield server


@contextmanager
def _process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Prefect process that lives as long as the block, and not longer than this process."""
    hook = die_with_parent if sys.platform == "linux" else None
    process = subprocess.Popen(_prefect(*arguments), preexec_fn=hook)  # noqa: PLW1509 - one call, no locks
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()
        process.wait()


def _prefect(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "prefect", *arguments]


def _stop(*_: Any) -> None:
    raise KeyboardInterrupt
