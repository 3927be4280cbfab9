"""Reading in this very process: the container's reader, and every failure turned into a reason for people.

`flows.reading.read` runs this in a process of its own, which a hostile file may hang, bloat or crash.
"""

from __future__ import annotations

from flows.reading.limits import check_bytes, check_text
from flows.reading.sniff import sniff
from transforms.grid import Grid, Unreadable


def read_here(data: bytes) -> Grid:
    """The grid of a document. Raises Unreadable, and nothing else but what stops a program."""
    try:
        check_bytes(data)
        return check_text(_by_container(data, sniff(data)))
    except (Unreadable, KeyboardInterrupt, SystemExit):
        raise
    except MemoryError as error:
        raise Unreadable("needs more memory than a published table would: split it") from error
    except BaseException as error:  # a panic in a native reader is no Exception
        raise Unreadable(f"damaged: its reader fails on it ({type(error).__name__}): fetch it again") from error


def _by_container(data: bytes, container: str) -> Grid:
    # Readers are imported when their container first turns up: most runs never need most of them.
    if container == "html":
        from flows.reading.html import read_html

        return read_html(data)
    if container == "text":
        from flows.reading.text import read_text

        return read_text(data)
    if container == "pdf":
        from flows.reading.pdf import read_pdf

        return read_pdf(data)
    if container == "parquet":
        from flows.reading.parquet import read_parquet

        return read_parquet(data)
    if container == "zip":
        raise Unreadable("an archive, not a table: its files are read one by one when the archive is refreshed")
    from flows.reading.workbook import read_workbook

    return read_workbook(data, container)
