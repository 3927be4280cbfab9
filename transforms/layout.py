"""Where the tables of a sheet are: blocks of labelled rows, their heads, and what is printed above them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from transforms.grid import Sheet
from transforms.numbers import is_numeric
from transforms.text import has_cjk, split_languages, squash
from transforms.units import is_unit_line

UNIT_HEADS = {"单位", "计量单位", "unit", "单位unit", "计量单位unit"}
REGION_HEADS = {"地区", "区域", "省市", "省份", "地区名称", "region", "regions", "area", "province"}
TITLE_NUMBER = re.compile(r"^(?:附?表)?\d+(?:[-–—]\d+)+|^(?:附表|表)\d")
FEW = 10  # of fewer than one row in so many, what stands in a column without a head is no column
_YEAR = re.compile(r"^((?:19|20)\d{2})(?:\.0)?年?$")


@dataclass(frozen=True)
class Head:
    """One column's head: the fragments of its own cells, and of its parents: cells that span it from the left
    (merged) or stand to the left in an upper row (carried). `row` is the row of its first own cell."""

    column: int
    row: int
    own: tuple[str, ...]
    spanned: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The head as it stands, for people."""
        return " ".join(" ".join(self.own or self.spanned).split())

    @property
    def year(self) -> int | None:
        """The year that the head states, for year panels."""
        found = _YEAR.match(squash("".join(self.own)))
        return int(found.group(1)) if found else None

    @cached_property
    def forms(self) -> tuple[tuple[str, str], ...]:
        """The head as (Chinese, English), nearest first: its own cells, under spanning, under carried parents."""
        own = _languages(self.own or self.spanned)
        found = list(own)
        for parents in (self.spanned if self.own else (), self.carried):
            if parents:
                above = _languages(parents)[0]
                found += [(above[0] + zh, f"{above[1]} {en}") for zh, en in own]
        return tuple(found)


def is_unit_head(text: str) -> bool:
    """Whether a head says that its column holds the units of the rows."""
    return squash(text).lower() in UNIT_HEADS


def _languages(fragments: tuple[str, ...]) -> list[tuple[str, str]]:
    """Fragments of one head as Chinese and English. What has no Chinese after the last that has is English; it may
    as well be part of the Chinese head (`篇数` over `SCI`, `篇数SCI`), so that comes second."""
    first = split_languages("\n".join(fragments))
    parts = [split_languages(f) if has_cjk(f) else (f, "") for f in fragments]
    joined = "".join(zh for zh, _ in parts), " ".join(en for _, en in parts)
    return [first, *(form for form in (joined, ("".join(fragments), "")) if form[0] != first[0])]


@dataclass(frozen=True)
class Block:
    """A table in a sheet: the rows from `top` (first head row) over `first` to `last` (labelled rows), the
    label column and, if there is one, the English label column, the heads, the lines above, and cells that stand
    beside the table, in columns without a head."""

    label_column: int
    english_column: int | None
    top: int
    first: int
    last: int
    rows: tuple[int, ...]
    heads: tuple[Head, ...]
    front: tuple[tuple[int, int, str], ...] = ()
    strays: tuple[tuple[int, int], ...] = ()


def region_blocks(sheet: Sheet, known: Callable[[str], str | None]) -> list[Block]:
    """Blocks whose rows are labelled with known regions, in reading order."""
    hits = _hits(sheet, known)
    spans = sorted(
        (first, last, end, column)
        for column, rows in hits.items()
        for first, last, end in _segments(sheet, column, rows, known)
    )
    blocks = [
        _block(sheet, column, first, last, end, [c for c in hits if c > column], known)
        for first, last, end, column in spans
    ]
    found = sorted((b for b in blocks if b and b.heads), key=lambda b: (b.first, b.label_column))
    ends = sorted({b.last for b in found})
    return [replace(b, front=_front(sheet, max((e for e in ends if e < b.top), default=-1), b.top)) for b in found]


def _hits(sheet: Sheet, known: Callable[[str], str | None]) -> dict[int, list[int]]:
    """Label columns and their region rows. English label columns (right of a Chinese one) are not their own."""
    hits: dict[int, list[int]] = {}
    for r, c in sorted(place for text, places in sheet.labels.items() if known(text) for place in places):
        hits.setdefault(c, []).append(r)
    kept: dict[int, list[int]] = {}
    for c in sorted(hits):
        before = kept.get(c - 1)
        english = before is not None and len(set(before) & set(hits[c])) * 2 > len(hits[c])
        if len({known(sheet.text(r, c)) for r in hits[c]}) >= 2 and not english:
            kept[c] = hits[c]
    return kept


def _segments(
    sheet: Sheet, column: int, rows: list[int], known: Callable[[str], str | None]
) -> list[tuple[int, int, int]]:
    """A label column's rows cut where a second table begins: a region repeats after a row that is no region. First
    and last region row of each, and the row that it cannot reach."""
    segments: list[tuple[int, int, int]] = []
    seen: set[str | None] = set()
    start = rows[0]
    for previous, row in zip([rows[0], *rows], rows, strict=False):
        code = known(sheet.text(row, column))
        between = any(sheet.text(r, c) for r in range(previous + 1, row) for c in range(column, column + 3))
        if code in seen and between:
            segments.append((start, previous, row))
            seen, start = set(), row
        seen.add(code)
    return [*segments, (start, rows[-1], sheet.height)]


def _block(
    sheet: Sheet, column: int, first: int, last: int, end: int, labels: list[int],
    known: Callable[[str], str | None],
) -> Block | None:
    """The block of a label column's rows before `end`: those with a known label or with content that is not their
    column's head printed again."""
    right = min((c for c in labels), default=sheet.width)
    filled = [r for r in range(first, last + 1) if sheet.text(r, column)]
    english = _english_column(sheet, column, filled, right)
    data = [c for c in range(column + 1, right) if c != english]
    last = _extend(sheet, column, english, last, end, data)
    top = _heads_top(sheet, column, english, first, data)
    said = {c: {sheet.text(r, c).strip() for r in range(top, first)} | {""} for c in data}
    rows = tuple(
        r
        for r in range(first, last + 1)
        if known(sheet.text(r, column)) or any(sheet.text(r, c).strip() not in said[c] for c in data)
    )
    heads: list[Head] = []
    strays: list[tuple[int, int]] = []
    for c in data:
        head = head_of(sheet, c, top, first, column)
        filled = [r for r in rows if sheet.text(r, c).strip()]
        if head and (head.own or filled):
            heads.append(head)
        elif len(filled) * FEW > len(rows):
            heads.append(Head(c, first, ()))
        else:
            strays += [(r, c) for r in filled]
    return Block(column, english, top, first, last, rows, tuple(heads), strays=tuple(strays))


def _english_column(sheet: Sheet, column: int, rows: list[int], right: int) -> int | None:
    """The column next to the labels, when most of it is text without Chinese that is no number."""
    if column + 1 >= right:
        return None
    texts = [sheet.value(r, column + 1) for r in rows]
    english = [t for t in texts if isinstance(t, str) and re.search("[A-Za-z]{2}", t) and not has_cjk(t)]
    return column + 1 if len(english) * 2 > len(rows) else None


def _extend(sheet: Sheet, column: int, english: int | None, last: int, end: int, data: list[int]) -> int:
    """Rows after the last known region belong to the table if they still carry a label and numbers, or numbers in
    most columns (whose label was lost)."""
    row, blank = last + 1, 0
    while row < end and blank < 2:
        labelled = sheet.text(row, column).strip() or (english is not None and sheet.text(row, english).strip())
        numbers = sum(is_numeric(sheet.value(row, c)) for c in data)
        if numbers and (labelled or numbers * 2 > len(data)):
            last, blank = row, 0
        else:
            blank += 1
        row += 1
    return last


def _heads_top(sheet: Sheet, column: int, english: int | None, first: int, data: list[int]) -> int:
    """The first head row: going up from the data, rows that say nothing in the label columns but what heads
    them, until a title, a unit line or another text stands there."""
    top = first
    for row in range(first - 1, -1, -1):
        labels = [sheet.text(row, c) for c in (column, english) if c is not None]
        cells = [text for c in data if (text := sheet.text(row, c).strip())]
        if any(is_unit_line(t) or _is_title(t) for t in (*labels, *cells)):
            break
        if any(_front_text(t) for t in labels) and len(cells) * 2 <= len(data):
            break
        if cells or any(t.strip() for t in labels):
            top = row
    return top


def _front_text(text: str) -> bool:
    flat = squash(split_languages(text)[0]).lower()
    return bool(flat) and flat not in REGION_HEADS


def _is_title(text: str) -> bool:
    return bool(TITLE_NUMBER.match(squash(text))) and has_cjk(text)


def head_of(sheet: Sheet, column: int, top: int, first: int, label_column: int) -> Head | None:
    """The head of a column between two rows, or None when no cell above it says anything. What the cell to the left
    says too, above a head of its own, spans both (a merged area that was filled)."""
    own: list[str] = []
    filled: list[str] = []
    spanned: list[str] = []
    carried: list[str] = []
    begins: list[int] = []
    for row in range(top, first):
        text = sheet.text(row, column).strip()
        if text and not own and column > label_column + 1 and text == sheet.text(row, column - 1).strip():
            filled.append(text)
            begins.append(row)
            continue
        if text:
            own += [text] if text not in own[-1:] else []
            begins.append(row)
            continue
        over = _spanning(sheet, row, column)
        if over and over[1] < column and over[1] > label_column:
            spanned += [above] if (above := sheet.text(*over).strip()) else []
        elif not over:
            left = _carried(sheet, row, column, label_column)
            carried += [left] if left else []
    if filled and any(has_cjk(text) for text in own):
        filled, spanned = [], [*filled, *spanned]
    if not filled and not own and not spanned:
        return None
    return Head(column, next(iter(begins), top), (*filled, *own), tuple(spanned), tuple(carried))


def _spanning(sheet: Sheet, row: int, column: int) -> tuple[int, int] | None:
    for top, left, bottom, right in sheet.merged:
        if top <= row <= bottom and left <= column <= right and (row, column) != (top, left):
            return (top, left)
    return None


def _carried(sheet: Sheet, row: int, column: int, label_column: int) -> str:
    """The nearest text to the left in the same row: an unmerged parent head."""
    for c in range(column - 1, label_column, -1):
        if sheet.text(row, c).strip():
            return sheet.text(row, c).strip()
    return ""


def _front(sheet: Sheet, after: int, before: int) -> tuple[tuple[int, int, str], ...]:
    """Every text between the end of the table above and the heads: titles, unit lines, running heads."""
    return tuple(
        (r, c, text)
        for r in range(after + 1, before)
        for c in range(len(sheet.rows[r]))
        if (text := sheet.text(r, c).strip())
    )
