"""A PDF with a text layer to a grid: one sheet `pages`, text lines and tables in reading order.

Ruled tables come from their rules. Tables set with blanks alone, as WIPO sets its rankings, come from the
white lanes between their columns (flows/reading/lanes.py). A table that goes on over a page is put together.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from flows.reading.lanes import Line, Word, laned, lines_of
from flows.reading.limits import check_cells, check_sheets, trimmed
from transforms.grid import Grid, Sheet, Unreadable, Value

Area = tuple[int, int, int, int]


@dataclass
class Block:
    """A table: its rows and the merged areas within them."""

    rows: list[list[Value]]
    merged: list[Area] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max(len(row) for row in self.rows)


def read_pdf(data: bytes) -> Grid:
    """All pages in one sheet. Raises Unreadable for a scan (no text layer), a password, damage, or no table."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            check_sheets(len(document.pages))
            parts: list[str | Block] = []
            for page in document.pages:
                _go_on(parts, list(_parts(page)))
                page.close()
    except PdfminerException as error:
        if isinstance(error.args[0] if error.args else None, PDFPasswordIncorrect):
            raise Unreadable("a PDF with a password: save it without one") from error
        raise Unreadable("a truncated or damaged PDF: fetch it again") from error
    if not parts:
        raise Unreadable("a PDF without a text layer (a scan): run text recognition on it, or fetch an .xlsx")
    if not any(isinstance(part, Block) for part in parts):
        raise Unreadable("a PDF whose text holds no table: fetch the table as .xlsx or .csv")
    return Grid("pdf", (_sheet(parts),))


def _sheet(parts: list[str | Block]) -> Sheet:
    rows: list[list[Value]] = []
    merged: list[Area] = []
    for part in parts:
        if isinstance(part, str):
            rows.append([part])
            continue
        first = len(rows)
        merged += [(top + first, left, bottom + first, right) for top, left, bottom, right in part.merged]
        rows += part.rows
        check_cells(sum(map(len, rows)))
    return Sheet("pages", trimmed(rows), tuple(merged))


def _go_on(parts: list[str | Block], page: list[str | Block]) -> None:
    """Adds a page's parts; a table that goes on from the page before joins it, without its repeated heads."""
    last = next((part for part in reversed(parts) if isinstance(part, Block)), None)
    first = next((part for part in page if isinstance(part, Block)), None)
    # It goes on when nothing but a running head and a page number stands between, and the columns are the same.
    between = parts[::-1].index(last) + page.index(first) if last and first else 0
    if last and first and last.width == first.width and between <= 3:
        heads = 0
        while heads < min(len(first.rows), len(last.rows)) and first.rows[heads] == last.rows[heads]:
            heads += 1
        shift = len(last.rows) - heads
        last.merged += [
            (top + shift, left, bottom + shift, right) for top, left, bottom, right in first.merged if top >= heads
        ]
        last.rows += first.rows[heads:]
        page.remove(first)
    parts += page


def _parts(page: Page) -> Iterator[str | Block]:
    """Text lines and tables of a page, from top to bottom."""
    words = [
        Word(word["text"], word["x0"], word["x1"], word["top"], word["bottom"])
        for word in page.extract_words(x_tolerance=1.5, use_text_flow=False)
    ]
    placed: list[tuple[float, str | Block]] = []
    for table in page.find_tables():
        inside = [word for word in words if _within(word, table.bbox)]
        block = _ruled(table.cells, inside)
        if len(block.rows) > 1 and block.width > 1 and inside:
            words = [word for word in words if word not in inside]
            placed.append((table.bbox[1], block))
    for part in laned(lines_of(words)):
        if isinstance(part, Line):
            placed.append((part.top, part.text))
        else:
            placed.append((part.top, Block(part.rows, part.merged)))
    return iter([part for _, part in sorted(placed, key=lambda entry: entry[0])])


def _within(word: Word, box: tuple[float, float, float, float]) -> bool:
    return box[0] <= word.middle <= box[2] and box[1] <= word.height <= box[3]


def _ruled(cells: list[tuple[float, float, float, float]], words: list[Word]) -> Block:
    """The words of a ruled table in its cells, which may span several columns or rows."""
    across = _edges([edge for cell in cells for edge in (cell[0], cell[2])])
    down = _edges([edge for cell in cells for edge in (cell[1], cell[3])])
    rows: list[list[Value]] = [[None] * (len(across) - 1) for _ in range(len(down) - 1)]
    merged: list[Area] = []
    for cell in cells:
        left, right = _place(across, cell[0]), _place(across, cell[2] - 2)
        top, bottom = _place(down, cell[1]), _place(down, cell[3] - 2)
        text = "\n".join(line.text for line in lines_of([word for word in words if _within(word, cell)]))
        rows[top][left] = text or None
        if (top, left) != (bottom, right):
            merged.append((top, left, bottom, right))
    return Block(rows, sorted(merged))


def _edges(edges: list[float]) -> list[float]:
    """The distinct edges; rules that nearly coincide count as one."""
    ordered = sorted(edges)
    return ordered[:1] + [after for before, after in pairwise(ordered) if after - before > 2]


def _place(edges: list[float], at: float) -> int:
    return max(0, min(bisect_right(edges, at + 1) - 1, len(edges) - 2))
