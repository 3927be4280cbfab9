"""How much of a stranger's file is too much: every bound that the readers keep, and the phrase that says so.

A file can fail; it cannot take the run, the machine or another file with it. The bounds are wide: the
largest published workbook is under 1 MB and 10 000 cells.
"""

from __future__ import annotations

from collections.abc import Iterable

from transforms.grid import Grid, Unreadable, Value

MIB = 1024 * 1024

MAX_BYTES = 64 * MIB
"""bytes of one file, or of one member of an archive"""
MAX_EXPANDED = 512 * MIB
"""bytes that a zip (an archive, an xlsx) may hold once expanded, all members together"""
MAX_RATIO = 200
"""how many times larger a member may become, once it is larger than RATIO_FREE"""
RATIO_FREE = 16 * MIB
"""expanded bytes below which the ratio does not matter: an empty sheet compresses very well"""
MAX_MEMBERS = 5_000
"""members of an archive, parts of a workbook"""
MAX_SHEETS = 256
"""sheets of a workbook, pages of a PDF"""
MAX_CELLS = 5_000_000
"""cells of a document, empty ones within the used area included"""
MAX_TEXT = 64_000_000
"""characters of a document's cells, each counted where it stands: a text that a file holds once may stand everywhere"""
MAX_SECONDS = 60
"""processor time for one document"""
MAX_WAIT = 10 * MAX_SECONDS
"""time for one document, on however busy a machine"""
MAX_MEMORY = 2 * 1024 * MIB
"""address space of the process that reads"""


def check_bytes(data: bytes) -> None:
    """Raises Unreadable for an empty or an oversized file."""
    if not data:
        raise Unreadable("the file is empty (0 bytes): fetch it again")
    if len(data) > MAX_BYTES:
        raise Unreadable(f"the file has {_mib(len(data))}, at most {_mib(MAX_BYTES)} are read: split it")


def check_directory(data: bytes) -> None:
    """Raises Unreadable for a zip file whose directory alone would be too much to hold."""
    if data.count(b"PK\x01\x02") > 2 * MAX_MEMBERS:  # twice: an archive stored within has a directory, too
        raise Unreadable(f"more than {MAX_MEMBERS} members: unpack the archive, hand over its files")


def check_expansion(members: Iterable[tuple[str, int, int]]) -> None:
    """Raises Unreadable when (name, compressed bytes, expanded bytes) betray a zip bomb."""
    total = 0
    for count, (name, packed, size) in enumerate(members, start=1):
        total += size
        if count > MAX_MEMBERS:
            raise Unreadable(f"more than {MAX_MEMBERS} members: unpack the archive, hand over its files")
        if size > RATIO_FREE and size > MAX_RATIO * max(packed, 1):
            times = size // max(packed, 1)
            raise Unreadable(f"the part {name!r} would grow {times} times: taken for a zip bomb")
        if total > MAX_EXPANDED:
            raise Unreadable(f"the archive would expand beyond {_mib(MAX_EXPANDED)}: taken for a zip bomb")


def check_cells(cells: int) -> None:
    """Raises Unreadable when a document has more cells than are read."""
    if cells > MAX_CELLS:
        raise Unreadable(f"more than {MAX_CELLS:,} cells: keep the table and drop the empty area around it")


def check_text(grid: Grid) -> Grid:
    """The grid. Raises Unreadable when its cells have more text than is read."""
    rows = (row for sheet in grid.sheets for row in sheet.rows)
    if sum(len(value) for row in rows for value in row if isinstance(value, str)) > MAX_TEXT:
        raise Unreadable(f"more than {MAX_TEXT:,} characters in its cells: far more than a table has")
    return grid


def check_sheets(sheets: int) -> None:
    """Raises Unreadable when a document has more sheets or pages than are read."""
    if sheets > MAX_SHEETS:
        raise Unreadable(f"{sheets} sheets or pages, at most {MAX_SHEETS} are read: split the document")


def trimmed(rows: Iterable[Iterable[Value]]) -> tuple[tuple[Value, ...], ...]:
    """Rows without the empty rows below and the empty cells to the right, which carry no coordinates."""
    kept: list[tuple[Value, ...]] = []
    for row in rows:
        cells = list(row)
        while cells and cells[-1] is None:
            cells.pop()
        kept.append(tuple(cells))
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def _mib(size: int) -> str:
    return f"{size / MIB:.0f} MiB"
