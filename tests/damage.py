"""Damage to printed tables, each kind with the verdict that it must get: what the corpus is made of.

A kind is a function that damages a `Printing` in place and says what is to become of it. The kinds are in
tests/damage_cells.py, tests/damage_tables.py and tests/damage_files.py; tests/damage_home.py judges them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tests import workbooks
from transforms.catalogue import Catalogue
from transforms.grid import Grid, Sheet, Value, a1, raw_text
from transforms.labels import labelled
from transforms.recognise import Table
from transforms.tables import find_tables

Area = tuple[int, int, int, int]
PROVINCES = ("110000", "130000", "320000", "330000", "370000", "410000", "420000", "440000", "510000", "610000")
"""Provinces whose numbers have digits enough in every table, and no known errors in it."""


@dataclass(frozen=True)
class Spot:
    """Where a finding must stand; None is anywhere."""

    region: str | None = None
    cell: str | None = None
    indicator: str | None = None


@dataclass(frozen=True)
class Unreadable:
    """No grid results; the reason has these words."""

    says: str = ""


@dataclass(frozen=True)
class Unrecognised:
    """Nothing of the document is read, a finding of this check (if given) says why, and the reason has these words."""

    check: str = ""
    says: str = ""


@dataclass(frozen=True)
class Aside:
    """Exactly these cells are set aside; the suggestion comes near `suggests`. An error of one of `checks` is found,
    or, without checks, none."""

    cells: frozenset[str]
    suggests: float | None = None
    checks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Found:
    """An open error or warning of one of these checks stands at every spot, and no error but in `regions` (if given).
    The `convicted` cells are set aside."""

    checks: frozenset[str]
    spots: tuple[Spot, ...]
    regions: frozenset[str] | None = None
    convicted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ReadThrough:
    """Read as if undamaged, with an info finding of this check."""

    check: str


@dataclass(frozen=True)
class Unchanged:
    """Read exactly as if undamaged: nothing found, nothing set aside. Numbers of `another` table are read besides;
    `twice`: every number is read twice."""

    another: str | None = None
    twice: bool = False


@dataclass(frozen=True)
class WithinDigits:
    """Below what the published digits can tell: nothing is found, nothing can be."""


Verdict = Unreadable | Unrecognised | Aside | Found | ReadThrough | Unchanged | WithinDigits


@dataclass(frozen=True)
class Column:
    """A column of a printing: where it is, what it holds and, in a year panel, of which year; whether it is a part
    of another column."""

    index: int
    indicator: str
    period: int | None
    number: bool
    part: bool


@dataclass
class Printing:
    """A table on a sheet that can be damaged and saved, with where its parts are."""

    container: str
    sheet: str
    rows: list[list[Value]]
    merged: list[Area]
    table: Table
    regions: dict[str, int]
    columns: list[Column]
    others: list[bytes] = field(default_factory=list)
    """More files that lie in the home beside the damaged one."""
    draw: random.Random = field(default_factory=lambda: random.Random(0))

    @classmethod
    def of(cls, grid: Grid, catalogue: Catalogue, additive: frozenset[str]) -> Printing:
        """The first table of a document. `additive`: the indicators that add up to their parents."""
        sheet = grid.sheets[0]
        found = find_tables(sheet, catalogue)
        table = found.tables[0] if found.tables else found.candidates[0][0]
        regions: dict[str, int] = {}
        for r, label, _ in labelled(sheet, table, catalogue):
            if label.code:
                regions.setdefault(label.code, r)
        columns = [
            Column(
                m.head.column,
                m.column.indicator,
                m.period,
                m.column.kind == "number",
                m.column.indicator in additive or bool(m.period),
            )
            for m in table.columns
        ]
        width = sheet.width
        rows = [[*row, *[None] * (width - len(row))] for row in sheet.rows]
        return cls(grid.container, sheet.name, rows, list(sheet.merged), table, regions, columns)

    def fresh(self, draw: random.Random) -> Printing:
        """A copy to be damaged, with a source of chance."""
        rows = [list(row) for row in self.rows]
        return replace(self, rows=rows, merged=list(self.merged), others=[], draw=draw)

    def text(self, r: int, c: int) -> str:
        return raw_text(self.rows[r][c])

    def put(self, r: int, c: int, value: Value) -> str:
        """Put a value into a cell; its address."""
        while r >= len(self.rows):
            self.rows.append([])
        self.rows[r] += [None] * (c + 1 - len(self.rows[r]))
        self.rows[r][c] = value
        return a1(r, c)

    def retype(self, r: int, c: int, text: str) -> str:
        """Put digits into a cell in the form (number or text) that it has; its address."""
        return self.put(r, c, float(text) if isinstance(self.rows[r][c], float) else text)

    @property
    def numbers(self) -> list[Column]:
        """The columns of numbers that add up over regions, without ranks."""
        return [c for c in self.columns if c.number]

    @property
    def first(self) -> int:
        """The first row of data."""
        return min(self.regions.values())

    @property
    def last(self) -> int:
        return max(self.regions.values())

    @property
    def label(self) -> int:
        return self.table.block.label_column

    @property
    def english(self) -> int | None:
        return self.table.block.english_column

    def a_province(self) -> tuple[str, int]:
        """A province of the table, drawn: code, row."""
        region = self.draw.choice([p for p in PROVINCES if p in self.regions])
        return region, self.regions[region]

    def a_part(self) -> Column:
        """A drawn column that is a part of the row's total (in a year panel, any but the first)."""
        return self.draw.choice([c for c in self.numbers[1:] if c.part])

    def a_number(self, digits: int = 4) -> tuple[str, Column, int, str]:
        """A drawn cell of a province with so many digits at least: region, column, row, text."""
        while True:
            region, r = self.a_province()
            column = self.a_part()
            text = self.text(r, column.index)
            if sum(map(str.isdigit, text)) >= digits and not text.startswith("-"):
                return region, column, r, text

    def every(self, region: str) -> Iterator[tuple[Column, int]]:
        """The number cells of a region's row."""
        for column in self.numbers:
            yield column, self.regions[region]

    def cells(self, regions: Iterable[str]) -> frozenset[str]:
        """The addresses of the filled cells, ranks included, of some regions' rows."""
        return frozenset(
            a1(self.regions[region], c.index)
            for region in regions
            for c in self.columns
            if self.text(self.regions[region], c.index).strip()
        )

    def front(self, says: Callable[[str], object]) -> list[tuple[int, int]]:
        """The cells above the heads whose text says something."""
        return [
            (r, c)
            for r in range(self.table.block.top)
            for c, value in enumerate(self.rows[r])
            if isinstance(value, str) and says(value)
        ]

    def replace_front(self, changes: Mapping[str, str]) -> int:
        """Replace texts in the lines above the heads; how many cells changed."""
        changed = 0
        for r, c in self.front(lambda text: any(old in text for old in changes)):
            text = str(self.rows[r][c])
            for old, new in changes.items():
                text = text.replace(old, new)
            self.rows[r][c] = text
            changed += 1
        return changed

    def heads_of(self, column: Column) -> list[int]:
        """The rows in which a column has head cells of its own."""
        block = self.table.block
        return [r for r in range(block.top, block.first) if self.text(r, column.index).strip()]

    def insert_rows(self, at: int, rows: Iterable[list[Value]]) -> None:
        """Insert rows before a row; merged areas move along."""
        new = list(rows)
        self.rows[at:at] = new
        n = len(new)
        self.merged = [
            (t + n * (t >= at), left, b + n * (b >= at), right) for t, left, b, right in self.merged
        ]

    def delete_row(self, at: int) -> None:
        del self.rows[at]
        moved = [(t - (t > at), left, b - (b >= at), right) for t, left, b, right in self.merged]
        self.merged = [area for area in moved if _is_area(area)]

    def insert_column(self, at: int, values: Mapping[int, Value] | None = None) -> None:
        """Insert a column before a column, with values by row; merged areas move along or widen."""
        for r, row in enumerate(self.rows):
            row.insert(at, (values or {}).get(r))
        self.merged = [(t, le + (le >= at), b, ri + (ri >= at)) for t, le, b, ri in self.merged]

    def delete_column(self, at: int) -> None:
        for row in self.rows:
            del row[at : at + 1]
        moved = [(t, le - (le > at), b, ri - (ri >= at)) for t, le, b, ri in self.merged]
        self.merged = [area for area in moved if _is_area(area)]

    def grid(self) -> Grid:
        """What the damaged sheet says, without a file."""
        return Grid(self.container, (Sheet(self.sheet, tuple(map(tuple, self.rows)), tuple(self.merged)),))

    def save(self, container: str | None = None, *more: workbooks.SheetLike) -> bytes:
        """A file of the container (its own by default), with more sheets if given."""
        kind = (container or self.container).removesuffix("-encrypted")
        if kind == "html":
            return workbooks.html_page(self.rows, self.merged)
        if kind in ("csv", "tsv"):
            return workbooks.csv_bytes(self.rows, delimiter="\t" if kind == "tsv" else ",")
        write = workbooks.xls if kind == "xls" else workbooks.xlsx
        return write([(self.sheet, self.rows, self.merged), *more])


def _is_area(area: Area) -> bool:
    top, left, bottom, right = area
    return (bottom, right) >= (top, left) and bottom >= top and right >= left and (top, left) != (bottom, right)


Damage = Callable[[Printing], Verdict | tuple[bytes, Verdict]]


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of damage: `damage` changes a printing and says the verdict, or gives (bytes, verdict) where the file
    itself is damaged. `on`: names of the tables it is tried on. `before` changes the sound table first. `alone`: no
    other file of the home is damaged at the same time."""

    name: str
    damage: Damage
    on: tuple[str, ...]
    before: Callable[[Printing], None] | None = None
    alone: bool = False


KINDS: list[Kind] = []


def kind(
    name: str, *on: str, before: Callable[[Printing], None] | None = None, alone: bool = False
) -> Callable[[Damage], Damage]:
    """Register a kind of damage on some tables."""

    def register(damage: Damage) -> Damage:
        KINDS.append(Kind(name, damage, on, before, alone))
        return damage

    return register
