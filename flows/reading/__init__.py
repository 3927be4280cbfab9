"""Bytes to grids: the container told by the bytes, the content as sheets of cells with true coordinates."""

from __future__ import annotations

from flows.reading.limits import check_bytes
from flows.reading.sniff import sniff
from transforms.grid import Grid, Unreadable

__all__ = ["read", "sniff"]


def read(data: bytes, name: str = "") -> Grid:
    """The grid of a document. `name` only makes a reason easier to read, it decides nothing.

    Raises Unreadable, and nothing else, with what the file is and what to do about it.
    """
    try:
        check_bytes(data)
        return _by_container(data, sniff(data))
    except Unreadable as reason:
        raise Unreadable(f"{name}: {reason}" if name else str(reason)) from reason
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic in a native reader is no Exception
        what = name or "the file"
        raise Unreadable(f"{what} cannot be read ({type(error).__name__}): fetch it again") from error


def _by_container(data: bytes, container: str) -> Grid:
    # Readers are imported when their container first turns up: most runs never need most of them.
    if container == "html":
        from flows.reading.html import read_html

        return read_html(data)
    if container == "text":
        from flows.reading.text import read_text

        return read_text(data)
    if container in ("zip", "pdf", "parquet"):
        raise Unreadable(f"{container}: not read yet")
    from flows.reading.workbook import read_workbook

    return read_workbook(data, container)
