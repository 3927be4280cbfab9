"""Delimited text to a grid: commas, semicolons or tabs, quoted fields, every value kept as it stands."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import Literal

from flows.reading.decode import decode
from flows.reading.limits import check_cells, trimmed
from transforms.grid import Grid, Sheet, Unreadable

DELIMITERS = ("\t", ",", ";")
NUMBER = re.compile(r"[-+(]?\d[\d\s,.]*[%)!]?")
SAMPLE = 400
"""records that the delimiter is judged by"""

PROSE = 20
"""letters of a cell, on average, from which spaced cells are sentences"""


def read_text(data: bytes) -> Grid:
    """One sheet `table` of text cells; numbers stay text, so that the printed digits stay known.

    Raises Unreadable for text without a table (prose, JSON, XML) and for bytes that are no text.
    """
    text = decode(data)
    if not text.strip("\ufeff \t\r\n"):
        raise Unreadable("the file holds nothing but blanks: fetch it again")
    if text.lstrip()[:1] in ("{", "[", "<"):
        raise Unreadable("JSON or XML, not a table: export it as .csv or .xlsx")
    delimiter = _delimiter(text)
    if delimiter is None:
        raise Unreadable("text without a table: expected rows of values between commas, semicolons or tabs")
    rows = trimmed((cell or None for cell in record) for record in _records(text, delimiter))
    check_cells(sum(map(len, rows)))
    return Grid("tsv" if delimiter == "\t" else "csv", (Sheet("table", rows),))


def _records(text: str, delimiter: str) -> list[list[str]]:
    # An odd number of quotes means that one stands for itself (an inch, a slip): then none of them quotes.
    paired = text.count('"') % 2 == 0
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if paired else csv.QUOTE_NONE
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting))
    except csv.Error as error:
        raise Unreadable(f"delimited text that cannot be parsed ({error}): export it again") from error


def _delimiter(text: str) -> str | None:
    sample = "\n".join(text.splitlines()[:SAMPLE])
    rated = [(_regularity(_records(sample, delimiter), delimiter), delimiter) for delimiter in DELIMITERS]
    (share, width), best = max(rated, key=lambda entry: entry[0])
    return best if share >= 0.6 and width > 1 else None


def _regularity(records: list[list[str]], delimiter: str) -> tuple[float, int]:
    """The share of records with the commonest width, from the first to the last such record; that width."""
    widths = [len(record) for record in records]
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return 0.0, 1
    width, often = max(counts.items(), key=lambda entry: (entry[1], entry[0]))
    first = widths.index(width)
    last = len(widths) - widths[::-1].index(width)
    body = [record for record in records[first:last] if record]
    table = [record for record in body if len(record) == width]
    if often < 2 or _is_prose(table, delimiter):
        return 0.0, 1
    # Lines above and below the table (title, unit, source) count a little: a semicolon table with decimal
    # commas is regular both ways, but its heads only one way.
    return often / (len(body) + 0.1 * (len(records) - len(body))), width


def _is_prose(table: list[list[str]], delimiter: str) -> bool:
    """Sentences such as `Dear reader, welcome`: a blank follows most marks, and no figure stands alone."""
    if delimiter == "\t":
        return False
    later = [cell for record in table for cell in record[1:] if cell.strip()]
    words = [cell for cell in later if not NUMBER.fullmatch(cell.strip())]
    spaced = sum(cell.startswith(" ") for cell in later) > len(later) / 2
    figures = any(NUMBER.fullmatch(cell.strip()) for record in table for cell in record)
    return spaced and (not figures or sum(map(len, words)) > PROSE * len(words))
