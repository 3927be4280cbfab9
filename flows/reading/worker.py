"""The process in which strangers' files are read: bounded in time and memory, and free to crash.

Run as `python -m flows.reading.worker`. It says READY, then answers each document (8 bytes of length, the
bytes) with 8 bytes of length and JSON: {"container", "sheets": [[name, rows, merged]]} or {"unreadable": reason}.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
from typing import BinaryIO

from flows.reading.here import read_here
from flows.reading.limits import MAX_MEMORY, MAX_SECONDS, MAX_WAIT
from transforms.grid import Unreadable

READY = b"highlands reads\n"
LENGTH = struct.Struct(">Q")


def main() -> None:
    """Answers until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    _bound_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the parent to handle
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    answers.write(READY)
    answers.flush()
    import flows.reading.workbook  # noqa: F401 - what most documents need, while the first is still on its way

    while (data := receive(sys.stdin.buffer)) is not None:
        signal.setitimer(signal.ITIMER_PROF, MAX_SECONDS)  # ends the process, native code or not
        signal.alarm(MAX_WAIT)
        answer = _answer(data)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        send(answers, answer)


def send(pipe: BinaryIO, message: bytes) -> None:
    """Writes one message with its length before it."""
    pipe.write(LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def receive(pipe: BinaryIO) -> bytes | None:
    """The next message, None when the other side is gone or broke off."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(head)
    message = pipe.read(size)
    return message if len(message) == size else None


def _answer(data: bytes) -> bytes:
    try:
        grid = read_here(data)
        content: dict[str, object] = {
            "container": grid.container,
            "sheets": [[sheet.name, sheet.rows, sheet.merged] for sheet in grid.sheets],
        }
    except Unreadable as reason:
        content = {"unreadable": str(reason)}
    return json.dumps(content, ensure_ascii=False).encode("utf-8", errors="replace")


def _bound_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        pass  # a system without such bounds still has those on bytes, cells and expansion


if __name__ == "__main__":
    main()
