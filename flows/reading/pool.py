"""Worker processes, kept for the next document: as many as threads read at once, replaced when one dies."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading

from flows.project import ROOT
from flows.reading.limits import MAX_SECONDS, MAX_WAIT
from flows.reading.worker import READY, receive, send
from transforms.grid import Grid, Sheet, Unreadable, Unsettled

KILLED = (-signal.SIGKILL, -signal.SIGTERM)
"""how a worker ends that somebody else ended"""
_idle: list[subprocess.Popen[bytes]] = []
_starting: list[subprocess.Popen[bytes]] = []
_lock = threading.Lock()


def read_apart(data: bytes) -> Grid:
    """The grid of a document, read in another process.

    Raises Unreadable for what the readers refuse, and for a document that takes too long, needs too much memory or
    crashes its reader; Unsettled when somebody else ended the reader, or the machine was too busy. Raises OSError when
    no process can be started.
    """
    for _attempt in (1, 2):  # a worker may be killed for no fault of the document's: then it is asked again
        worker = _take()
        answer = _ask(worker, data)
        if answer is not None:
            with _lock:
                _idle.append(worker)
            return _grid(json.loads(answer))
        code = _end(worker)
        if code == -signal.SIGPROF:
            raise Unreadable(f"takes longer than {MAX_SECONDS} s to read, far more than a table would: split it")
        if code == -signal.SIGALRM:
            raise Unsettled(f"takes longer than {MAX_WAIT} s to read on this machine now: the next refresh tries again")
        if code not in KILLED:
            raise Unreadable("crashes its reader, or needs more memory than a published table would: fetch it again")
    raise Unsettled("its reader was killed, as where memory is short: the next refresh tries again")


def _grid(content: dict) -> Grid:
    if "unreadable" in content:
        raise Unreadable(content["unreadable"])
    sheets = content["sheets"]
    return Grid(
        content["container"],
        tuple(Sheet(name, tuple(map(tuple, rows)), tuple(map(tuple, merged))) for name, rows, merged in sheets),
    )


def _ask(worker: subprocess.Popen[bytes], data: bytes) -> bytes | None:
    assert worker.stdin and worker.stdout
    try:
        send(worker.stdin, data)  # type: ignore[arg-type]
        return receive(worker.stdout)  # type: ignore[arg-type]
    except OSError:
        return None


def begin() -> None:
    """Start a worker without waiting for it: it is ready by the time that it is needed."""
    with contextlib.suppress(OSError):
        _starting.append(_start())


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "flows.reading.worker"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _take() -> subprocess.Popen[bytes]:
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.poll() is None:
                return worker
            _end(worker)
        worker = _starting.pop() if _starting else _start()
    assert worker.stdout
    if worker.stdout.read(len(READY)) != READY:
        raise OSError(f"the reading process did not start (exit code {_end(worker)})")
    return worker


def _end(worker: subprocess.Popen[bytes]) -> int:
    """Closes the worker's pipes, which ends it, and returns its exit code."""
    for pipe in (worker.stdin, worker.stdout):
        with contextlib.suppress(OSError):
            if pipe:
                pipe.close()
    try:
        return worker.wait(timeout=1)
    except subprocess.TimeoutExpired:
        worker.kill()
        return worker.wait()


@atexit.register
def _end_all() -> None:
    for workers in (_idle, _starting):
        while workers:
            _end(workers.pop())


# A forked child shares the pipes with its parent and must not use them.
os.register_at_fork(after_in_child=_idle.clear)
os.register_at_fork(after_in_child=_starting.clear)
