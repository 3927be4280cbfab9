"""The one shape in which every container's content arrives: sheets of typed cells with true coordinates.

Readers (flows/reading) make grids; recognition and conforming read them. Nothing here opens a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

Value = str | float | None


class Unreadable(Exception):
    """A file that is not a table in any container that highlands reads. The message is for people."""


class Unsettled(Unreadable):
    """A document that could not be read this time, for no fault of its own that is known: another time it may be."""


LABEL = 60
"""characters that no row's label reaches"""


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows` of cell values (text exactly as it stands, numbers as float, empty as None) and the
    merged areas as (top, left, bottom, right), 0-based, inclusive. Coordinates are those of the source."""

    name: str
    rows: tuple[tuple[Value, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = field(default=())

    @property
    def height(self) -> int:
        return len(self.rows)

    @cached_property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)

    @cached_property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The cells as text, as `text` gives them one by one."""
        return tuple(tuple(map(raw_text, row)) for row in self.rows)

    @cached_property
    def labels(self) -> dict[str, tuple[tuple[int, int], ...]]:
        """Where each text stands that is short enough to be a row's label: (row, column), in reading order."""
        found: dict[str, list[tuple[int, int]]] = {}
        for r, row in enumerate(self.texts):
            for c, text in enumerate(row):
                if text and len(text) < LABEL:
                    found.setdefault(text, []).append((r, c))
        return {text: tuple(places) for text, places in found.items()}

    def value(self, row: int, column: int) -> Value:
        """The typed content of a cell; None when empty or outside the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None

    def text(self, row: int, column: int) -> str:
        """The cell as text, "" when empty or outside the sheet; a number in its shortest exact form."""
        if row < 0 or column < 0:
            return ""
        try:
            return self.texts[row][column]
        except IndexError:
            return ""


@dataclass(frozen=True)
class Grid:
    """A document as read: the container that its bytes showed, and its sheets."""

    container: str
    sheets: tuple[Sheet, ...]


def raw_text(value: Value) -> str:
    """What stands in a cell, as text: numbers in their shortest exact form (`18197704.8`, `40194`)."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value


def a1(row: int, column: int) -> str:
    """Spreadsheet address of a 0-based row and column: a1(6, 1) == "B7"."""
    return f"{_letters(column)}{row + 1}"


@lru_cache(maxsize=16384)
def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
