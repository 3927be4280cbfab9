"""Editions that do not exist: the newest printing of a table, moved on by a year or more, and re-laid.

A printing is a sheet with its one recognised table. Years move on, the table's number moves, values grow a little
(parts and totals alike, so that sums hold within the printed digits), year panels drop a year and gain one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from flows.documents.document import DocumentResult, read_document
from flows.run import Run
from tests.workbooks import SheetLike
from transforms.catalogue import Catalogue
from transforms.contracts import Contract
from transforms.grid import Grid, Sheet, Value
from transforms.layout import Block
from transforms.numbers import parse
from transforms.tables import find_tables

Key = tuple[str, str, str, int]
Rows = list[list[Value]]
Area = tuple[int, int, int, int]
GROWTH = 1.04
KEY = ("edition", "indicator", "region", "period")


@dataclass(frozen=True)
class Printing:
    """A sheet and what it holds: the contract, the block, and the values it must be read as."""

    sheet: Sheet
    contract: Contract
    block: Block
    year: int
    values: dict[Key, float]

    @property
    def rows(self) -> Rows:
        """The rows, all of one width, to be changed."""
        return [[*row, *[None] * (self.sheet.width - len(row))] for row in self.sheet.rows]

    def with_rows(self, rows: Rows, merged: tuple[Area, ...] | None = None) -> Sheet:
        """The sheet with other rows."""
        areas = self.sheet.merged if merged is None else merged
        return Sheet(self.sheet.name, tuple(tuple(row) for row in rows), areas)


def printings(grid: Grid, catalogue: Catalogue) -> list[Printing]:
    """The tables of a document that are printed in one part."""
    found = []
    for sheet in grid.sheets:
        for table in find_tables(sheet, catalogue).tables:
            year = table.year or 0
            found.append(Printing(sheet, table.contract, table.block, year, values(sheet, catalogue)))
    return found


def read(sheet: Sheet, catalogue: Catalogue) -> DocumentResult:
    """The document that consists of this sheet."""
    return read_document("d", b"", catalogue, reader=lambda _: Grid("xlsx", (sheet,)))


def values(sheet: Sheet, catalogue: Catalogue) -> dict[Key, float]:
    """What a sheet is read as: value by (edition, indicator, region, period)."""
    cells = read(sheet, catalogue).cells.filter(pl.col("role") == "value", pl.col("value").is_not_null())
    return {tuple(key): value for *key, value in cells.select(*KEY, "value").iter_rows()}  # type: ignore[misc]


def moved_on(printing: Printing, catalogue: Catalogue, years: int = 1, growth: float = GROWTH) -> Printing:
    """The same table `years` editions later, every number `growth` times as large a year."""
    rows = printing.rows
    first = printing.block.first
    if printing.contract.panel:
        rows = _panel(printing, rows, years, growth)
    else:
        for r in range(printing.block.first):
            rows[r] = [_later(v, years) if isinstance(v, str) else v for v in rows[r]]
        _grow(printing, rows, catalogue, growth**years)
    for r in range(first):
        rows[r] = [_renumbered(v) if isinstance(v, str) else v for v in rows[r]]
    sheet = printing.with_rows(rows)
    table = next(iter(find_tables(sheet, catalogue).tables), None)
    expected = _expected(printing, catalogue, years, growth)
    block = table.block if table else printing.block
    return replace(printing, sheet=sheet, block=block, year=printing.year + years, values=expected)


def redated(printing: Printing, catalogue: Catalogue, years: int) -> Printing:
    """The same table under another number, every year in titles and heads `years` later, its figures as they are."""
    rows = printing.rows
    for r in range(printing.block.first):
        rows[r] = [_renumbered(_later(v, years)) if isinstance(v, str) else v for v in rows[r]]
        rows[r] = [v + years if isinstance(v, float) and 1990 < v < 2100 else v for v in rows[r]]
    of = catalogue.edition(printing.contract, printing.year + years)
    expected = {(of, code, region, period + years): v for (_, code, region, period), v in printing.values.items()}
    return replace(printing, sheet=printing.with_rows(rows), year=printing.year + years, values=expected)


def _later(text: str, years: int) -> str:
    return re.sub(r"(?<!\d)((?:19|20)\d{2})(?!\d)", lambda m: str(int(m[1]) + years), text)


def _renumbered(text: str) -> str:
    """`8-37 …` as a later edition numbers it: `9-38 …`."""
    return re.sub(r"^(\s*)(\d+)-(\d+)(?=\s)", lambda m: f"{m[1]}{int(m[2]) + 1}-{int(m[3]) + 1}", text)


def _is_rank(printing: Printing, column: int, catalogue: Catalogue) -> bool:
    table = find_tables(printing.sheet, catalogue).tables[0]
    return any(m.head.column == column and m.column.kind == "rank" for m in table.columns)


def _grow(printing: Printing, rows: Rows, catalogue: Catalogue, by: float) -> None:
    for head in printing.block.heads:
        if _is_rank(printing, head.column, catalogue):
            continue
        for r in printing.block.rows:
            rows[r][head.column] = _times(rows[r][head.column], by)


def _times(value: Value, by: float) -> Value:
    number = parse(value)
    if number is None or number.value is None:
        return value
    grown = round(number.value * by, number.decimals)
    return f"{grown:.{number.decimals}f}" if isinstance(value, str) else grown


def _panel(printing: Printing, rows: Rows, years: int, growth: float) -> Rows:
    """Heads that are years: the earliest of the recent ones goes, a new one comes."""
    heads = printing.block.heads
    at = next((n for n, h in enumerate(heads) if h.year and h.year > 2010), 0)
    columns = [h.column for h in heads]
    for _ in range(years):
        newest = max(int(str(rows[heads[0].row][c]).split(".")[0].rstrip("年")) for c in columns)
        for r in (heads[0].row, *printing.block.rows):
            kept = [rows[r][c] for n, c in enumerate(columns) if n != at]
            last = kept[-1]
            new = (float(newest + 1) if isinstance(last, float) else str(newest + 1)) if r == heads[0].row else None
            kept.append(new if new is not None else _times(last, growth))
            for c, value in zip(columns, kept, strict=True):
                rows[r][c] = value
    return rows


def _expected(printing: Printing, catalogue: Catalogue, years: int, growth: float) -> dict[Key, float]:
    """What the later edition must be read as, worked out from its cells without the recogniser's help on it."""
    contract, offset = printing.contract, catalogue.offsets
    edition = contract.edition_of(printing.year + years, offset.get(contract.series or "", 0))
    if not contract.panel:
        ranks = {c.indicator for c in contract.at(printing.year).columns if c.kind == "rank"}
        return {
            (edition, code, region, period + years): value if code in ranks else value * growth**years
            for (_, code, region, period), value in printing.values.items()
        }
    old = {(code, region, period): value for (_, code, region, period), value in printing.values.items()}
    periods = sorted({period for _, _, period in old})
    gone = [p for p in periods if p > 2010][:years]
    kept = {(edition, *key): value for key, value in old.items() if key[2] not in gone}
    for (code, region, period), value in old.items():
        if period == periods[-1]:
            for n in range(1, years + 1):
                kept[edition, code, region, period + n] = value * growth**n
    return kept


def sheet_like(sheet: Sheet) -> SheetLike:
    """A sheet as tests/workbooks.py writes it."""
    return (sheet.name or "Sheet1", [list(row) for row in sheet.rows], list(sheet.merged))


def differing(got: dict[Key, float], expected: dict[Key, float], rounded: int = 1) -> dict[str, Any]:
    """Keys that are missing, extra, or whose value is not within what rounding so many times allows."""
    return {
        "missing": sorted(expected.keys() - got.keys())[:3],
        "extra": sorted(got.keys() - expected.keys())[:3],
        "wrong": [
            (k, got[k], v) for k, v in expected.items() if k in got and abs(got[k] - v) > 0.51 * rounded + 1e-9 * abs(v)
        ][:3],
    }


def later_page(page: bytes, years: int) -> bytes:
    """A bulletin's page with every year of its text `years` later."""

    def moved(text: re.Match[str]) -> str:
        return re.sub(r"(?<![\d.])20(1[6-9]|2[0-3])(?![\d.])", lambda y: str(int(y[0]) + years), text[0])

    return re.sub(r">[^<]+<", moved, page.decode("utf-8")).encode("utf-8")


def marts(run: Run, name: str) -> pl.DataFrame:
    """A mart of what a refresh made: its release, or the candidate it holds."""
    folder = run.home.candidates / run.candidate if run.candidate else run.home.current
    return pl.read_parquet(folder / "marts" / f"{name}.parquet")
