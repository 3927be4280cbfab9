"""Tables without rules: words to lines, lines to columns by the white lanes that run down between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from transforms.grid import Value

LEAST_ROWS = 3
"""lines of the same number of pieces that make a table"""
LANE = 0.9
"""white between two columns, in letter heights; less is a blank within a text"""

NARROW_LANE = 0.45
"""white that parts two heads where the columns below them are known to part"""

Column = tuple[float, float]
"""from where to where a column reaches across the page"""


@dataclass(frozen=True)
class Word:
    """A word of a page, in points from its top left corner."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """Where its centre stands across the page."""
        return (self.x0 + self.x1) / 2

    @property
    def height(self) -> float:
        """Where its centre stands down the page."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Line:
    """Words on one base line, from left to right."""

    words: tuple[Word, ...]

    @property
    def top(self) -> float:
        """The upper edge of its highest word."""
        return min(word.top for word in self.words)

    @property
    def text(self) -> str:
        """The words with single blanks between."""
        return " ".join(word.text for word in self.words)

    def pieces(self, columns: Sequence[Column] = ()) -> list[Line]:
        """The line cut where the white between two words is as wide as between columns.

        Once the columns are known, less white will do where it lies on the lane between two of them.
        """
        cut: list[list[Word]] = [[self.words[0]]]
        for before, after in pairwise(self.words):
            white = (after.x0 - before.x1) / max(before.bottom - before.top, 1.0)
            on_lane = any(left < after.x0 and before.x1 < right for (_, left), (right, _) in pairwise(columns))
            if white > LANE or (white > NARROW_LANE and on_lane):
                cut.append([])
            cut[-1].append(after)
        return [Line(tuple(words)) for words in cut]


@dataclass(frozen=True)
class Laned:
    """A table found by its lanes: its rows, and the areas of the pieces that span several columns."""

    top: float
    rows: list[list[Value]]
    merged: list[tuple[int, int, int, int]]


def lines_of(words: list[Word]) -> list[Line]:
    """The words gathered into lines, from top to bottom."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.height, word.x0)):
        if lines and abs(lines[-1][0].height - word.height) < 0.5 * (word.bottom - word.top):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [Line(tuple(sorted(line, key=lambda word: word.x0))) for line in lines]


def laned(lines: list[Line]) -> Iterator[Line | Laned]:
    """Lines as they are, and in place of those that form a table that table."""
    pieces = [line.pieces() for line in lines]
    counts = Counter(len(cut) for cut in pieces if len(cut) > 1)
    width, often = max(counts.items(), key=lambda entry: (entry[1], entry[0]), default=(0, 0))
    if often < LEAST_ROWS or width < 2:
        yield from lines
        return
    first, last = _extent(pieces, width)
    yield from lines[:first]
    columns = _columns([cut for cut in pieces[first:last] if len(cut) == width])
    rows: list[list[Value]] = []
    merged: list[tuple[int, int, int, int]] = []
    for line in lines[first:last]:
        row: list[Value] = [None] * len(columns)
        spans = []
        for piece in line.pieces(columns):
            left, right = _span(columns, piece)
            row[left] = f"{row[left]} {piece.text}" if row[left] else piece.text
            spans += [(len(rows), left, len(rows), right)] if left < right else []
        if not _carried_on(rows, row):
            rows.append(row)
            merged += spans
    yield Laned(lines[first].top, rows, merged)
    yield from lines[last:]


def _extent(pieces: list[list[Line]], width: int) -> tuple[int, int]:
    """From the heads above the first full row to the last full row."""
    full = [number for number, cut in enumerate(pieces) if len(cut) == width]
    first = full[0]
    while first and len(pieces[first - 1]) > 1:
        first -= 1
    return first, full[-1] + 1


def _columns(full: list[list[Line]]) -> list[Column]:
    """From where to where each column reaches, over all full rows; overlapping ones are one column."""
    spans = sorted((piece.words[0].x0, piece.words[-1].x1) for cut in full for piece in cut)
    columns = [spans[0]]
    for left, right in spans[1:]:
        if left <= columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _span(columns: list[Column], piece: Line) -> tuple[int, int]:
    """The first and the last column that a piece reaches into, the nearest one when it reaches into none."""
    left, right = piece.words[0].x0, piece.words[-1].x1
    shared = [min(right, end) - max(left, start) for start, end in columns]
    reached = [at for at, width in enumerate(shared) if width > 0] or [shared.index(max(shared))]
    return reached[0], reached[-1]


def _carried_on(rows: list[list[Value]], row: list[Value]) -> bool:
    """Joins a row that only carries on the words of the row above, no figure in it, to that row."""
    filled = [at for at, value in enumerate(row) if value is not None]
    carries_on = (
        bool(rows)
        and len(filled) < len(row) / 2
        and all(rows[-1][at] is not None for at in filled)
        and not _has_figure(row)
        and _has_figure(rows[-1])
    )
    for at in filled if carries_on else ():
        rows[-1][at] = f"{rows[-1][at]}\n{row[at]}"
    return carries_on


def _has_figure(row: list[Value]) -> bool:
    return any(char.isdigit() for value in row for char in str(value or ""))
