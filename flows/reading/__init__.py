"""Bytes to grids: the container told by the bytes, the content as sheets of cells with true coordinates."""

from __future__ import annotations

from flows.reading.archive import members, unpack
from flows.reading.here import read_here
from flows.reading.limits import check_bytes
from flows.reading.pool import read_apart
from flows.reading.sniff import sniff
from transforms.grid import Grid, Unreadable

__all__ = ["members", "read", "sniff", "unpack"]


def read(data: bytes, name: str = "") -> Grid:
    """The grid of a document. `name` only stands before a reason, it decides nothing.

    The document is read in a process of its own (flows/reading/pool.py), so that none can take the run or the
    machine along. Raises Unreadable, and nothing else, with what the file is and what to do about it.
    """
    try:
        check_bytes(data)
        try:
            return read_apart(data)
        except OSError:
            return read_here(data)  # where no process can be started, the other bounds must do
    except Unreadable as reason:
        raise type(reason)(f"{name}: {reason}" if name else str(reason)) from reason
