"""Editions that do not exist: the newest printing of a table, moved on by a year or more, and re-laid.

A printing is a sheet with its one recognised table. Years move on, the table's number moves, values grow a little
(parts and totals alike, so that sums hold within the printed digits), year panels drop a year and gain one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from flows.documents import DocumentResult, read_document
from tests.workbooks import SheetLike
from transforms.catalogue import Catalogue
from transforms.contracts import Contract
from transforms.grid import Grid, Sheet, Value
from transforms.labels import labelled
from transforms.layout import Block
from transforms.numbers import parse
from transforms.tables import find_tables
from transforms.text import has_cjk, split_languages

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


def moved_on(printing: Printing, catalogue: Catalogue, years: int = 1) -> Printing:
    """The same table `years` editions later."""
    rows = printing.rows
    first = printing.block.first
    if printing.contract.panel:
        rows = _panel(printing, rows, years)
    else:
        for r in range(printing.block.first):
            rows[r] = [_later(v, years) if isinstance(v, str) else v for v in rows[r]]
        _grow(printing, rows, catalogue, GROWTH**years)
    for r in range(first):
        rows[r] = [_renumbered(v) if isinstance(v, str) else v for v in rows[r]]
    sheet = printing.with_rows(rows)
    table = next(iter(find_tables(sheet, catalogue).tables), None)
    expected = _expected(printing, catalogue, years)
    block = table.block if table else printing.block
    return replace(printing, sheet=sheet, block=block, year=printing.year + years, values=expected)


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


def _panel(printing: Printing, rows: Rows, years: int) -> Rows:
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
            kept.append(new if new is not None else _times(last, GROWTH))
            for c, value in zip(columns, kept, strict=True):
                rows[r][c] = value
    return rows


def _expected(printing: Printing, catalogue: Catalogue, years: int) -> dict[Key, float]:
    """What the later edition must be read as, worked out from its cells without the recogniser's help on it."""
    contract, offset = printing.contract, catalogue.offsets
    edition = contract.edition_of(printing.year + years, offset.get(contract.series or "", 0))
    if not contract.panel:
        ranks = {c.indicator for c in contract.at(printing.year).columns if c.kind == "rank"}
        return {
            (edition, code, region, period + years): value if code in ranks else value * GROWTH**years
            for (_, code, region, period), value in printing.values.items()
        }
    old = {(code, region, period): value for (_, code, region, period), value in printing.values.items()}
    periods = sorted({period for _, _, period in old})
    gone = [p for p in periods if p > 2010][:years]
    kept = {(edition, *key): value for key, value in old.items() if key[2] not in gone}
    for (code, region, period), value in old.items():
        if period == periods[-1]:
            for n in range(1, years + 1):
                kept[edition, code, region, period + n] = value * GROWTH**n
    return kept


def sheet_like(sheet: Sheet) -> SheetLike:
    """A sheet as tests/workbooks.py writes it."""
    return (sheet.name or "Sheet1", [list(row) for row in sheet.rows], list(sheet.merged))


Relay = Callable[[Printing], Sheet]
RELAYS: dict[str, Relay] = {}


def relay(function: Relay) -> Relay:
    """A way in which a later edition may lay the table out anew; nothing it says is lost."""
    RELAYS[function.__name__] = function
    return function


def _head_rows(p: Printing) -> range:
    return range(p.block.top, p.block.first)


def _title_row(p: Printing) -> int:
    return next(r for r, row in enumerate(p.sheet.rows) if any(isinstance(v, str) and has_cjk(v) for v in row))


def _on_texts(p: Printing, rows: range, change: Callable[[str], str]) -> Sheet:
    new = p.rows
    for r in rows:
        new[r] = [change(v) if isinstance(v, str) else v for v in new[r]]
    return p.with_rows(new)


@relay
def full_width_brackets(p: Printing) -> Sheet:
    return _on_texts(p, range(p.block.first), lambda t: t.replace("(", "（").replace(")", "）").replace("&", "＆"))


@relay
def half_width_brackets(p: Printing) -> Sheet:
    return _on_texts(p, range(p.block.first), lambda t: t.replace("（", "(").replace("）", ")").replace("：", ":"))


@relay
def no_year_mark(p: Printing) -> Sheet:
    """`(2022)` for `(2022年)`."""
    return _on_texts(p, range(p.block.top), lambda t: re.sub(r"(20\d\d)年", r"\1", t))


@relay
def blanks_in_title(p: Printing) -> Sheet:
    return _on_texts(p, range(p.block.top), lambda t: re.sub(r"(\d-\d+)\s+", "\\1 \u3000", t).replace("R&D", " R&D "))


@relay
def no_blanks_in_title(p: Printing) -> Sheet:
    return _on_texts(p, range(p.block.top), lambda t: re.sub(r"^(\s*\d+-\d+)\s+", r"\1", t))


@relay
def em_dash_in_number(p: Printing) -> Sheet:
    return _on_texts(p, range(p.block.top), lambda t: re.sub(r"^(\s*\d+)-(\d+)", r"\1—\2", t))


@relay
def year_on_its_own_row(p: Printing) -> Sheet:
    """`… (2022年)` as a title and `(2022年)` in the row below."""
    rows, at = p.rows, _title_row(p)
    text = str(next(v for v in rows[at] if v))
    found = re.search(r"[(（](?:19|20)\d\d年?[)）]", text)
    if not found:
        return p.sheet
    rows[at] = [v.replace(found[0], "") if isinstance(v, str) else v for v in rows[at]]
    rows.insert(at + 1, [found[0], *[None] * (p.sheet.width - 1)])
    return p.with_rows(rows, _shifted(p.sheet.merged, at + 1, 1))


@relay
def year_before_the_title(p: Printing) -> Sheet:
    """`8-8 2022年国内三种专利…`."""
    def change(text: str) -> str:
        found = re.search(r"\s*[(（]((?:19|20)\d\d)年?[)）]", text)
        if not found or not has_cjk(text):
            return text
        return re.sub(r"^(\s*\d+-\d+\s*)", rf"\g<1>{found[1]}年", text.replace(found[0], ""))

    return _on_texts(p, range(p.block.top), change)


@relay
def running_head_above(p: Printing) -> Sheet:
    rows = p.rows
    blank: list[Value] = [None] * (p.sheet.width - 1)
    return p.with_rows([[f"中国科技统计年鉴—{p.year + 1}", *blank], ["八、科技活动成果", *blank], *rows],
                       _shifted(p.sheet.merged, 0, 2))


@relay
def titles_in_one_cell(p: Printing) -> Sheet:
    """Chinese and English title in one cell, with a line break."""
    rows, at = p.rows, _title_row(p)
    below = [v for v in rows[at + 1] if isinstance(v, str)]
    if len(below) != 1 or has_cjk(below[0]):
        return p.sheet
    rows[at][0] = f"{rows[at][0]}\n{below[0]}"
    rows[at + 1] = [None] * p.sheet.width
    return p.with_rows(rows)


@relay
def no_english_title(p: Printing) -> Sheet:
    rows, at = p.rows, _title_row(p)
    if not any(isinstance(v, str) and has_cjk(v) for v in rows[at + 1]):
        rows[at + 1] = [None] * p.sheet.width
    return p.with_rows(rows)


@relay
def other_english_title(p: Printing) -> Sheet:
    """A wording change of the English title."""
    rows, at = p.rows, _title_row(p)
    if not any(isinstance(v, str) and has_cjk(v) for v in rows[at + 1]):
        rows[at + 1] = [v.replace(" by Region", " of Provinces") if isinstance(v, str) else v for v in rows[at + 1]]
    return p.with_rows(rows)


@relay
def one_cell_heads(p: Printing) -> Sheet:
    """Every head in one cell with line breaks, its parents merged above it as they were."""
    rows, heads = p.rows, p.block.heads
    top, first = p.block.top, p.block.first
    joined = {}
    for h in heads:
        parts = [str(rows[r][h.column]) for r in range(h.row, first) if rows[r][h.column] is not None]
        joined[h.column] = parts
    if _stacked(p) or any(top <= area[0] < first and area[3] > area[1] for area in p.sheet.merged):
        return p.sheet
    labels = {c: rows[top][c] for c in range(heads[0].column)}
    said = {c: next((rows[r][c] for r in range(top, first) if rows[r][c]), None) for c in labels}
    for r in range(top, first):
        rows[r] = [None] * p.sheet.width
    for c, value in said.items():
        rows[top][c] = value
    for c, parts in joined.items():
        rows[top][c] = parts[0] if len(parts) == 1 and p.contract.panel else "\n".join(parts)
        if p.contract.panel and len(parts) == 1:
            rows[top][c] = p.rows[heads[0].row][c]
    del rows[top + 1 : first]
    areas = tuple(a for a in p.sheet.merged if a[2] < top)
    return p.with_rows(rows, areas)


def _stacked(p: Printing) -> bool:
    """Whether a head hangs under another one that is not merged across it."""
    return any(h.carried or h.spanned for h in p.block.heads)


@relay
def a_row_for_each_fragment(p: Printing) -> Sheet:
    """One-cell heads cut at their line breaks, one row for each fragment; the last rows of heads are the same."""
    rows, top, first = p.rows, p.block.top, p.block.first
    new: Rows = []
    for r in range(top, first):
        cut = [str(v).replace("\r", "").split("\n") if isinstance(v, str) else [v] for v in rows[r]]
        for k in range(max(map(len, cut))):
            new.append([parts[k] if k < len(parts) else None for parts in cut])
    areas = tuple(a for a in p.sheet.merged if a[2] < top)
    return p.with_rows([*rows[:top], *new, *rows[first:]], areas)


@relay
def merges_filled(p: Printing) -> Sheet:
    """Merged areas of the heads written out in every cell, as some programs save them."""
    rows = p.rows
    for top, left, bottom, right in p.sheet.merged:
        if p.block.top <= top < p.block.first:
            for r in range(top, bottom + 1):
                for c in range(left, right + 1):
                    rows[r][c] = rows[top][left]
    return p.with_rows(rows, tuple(a for a in p.sheet.merged if not p.block.top <= a[0] < p.block.first))


@relay
def merges_lost(p: Printing) -> Sheet:
    return p.with_rows(p.rows, ())


@relay
def blanks_in_heads(p: Printing) -> Sheet:
    return _on_texts(p, _head_rows(p), lambda t: re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", " ", t))


@relay
def windows_line_breaks(p: Printing) -> Sheet:
    return _on_texts(p, _head_rows(p), lambda t: t.replace("\r", "").replace("\n", "\r\n"))


@relay
def no_english_heads(p: Printing) -> Sheet:
    """Chinese heads only."""
    def chinese(text: str) -> str:
        return split_languages(text)[0] if has_cjk(text) else text

    new = p.rows
    if not p.contract.panel:
        for r in _head_rows(p):
            bare = [v for v in new[r] if isinstance(v, str) and not has_cjk(v)]
            if any(v.strip() in ("SCI", "EI") for v in bare):
                continue
            new[r] = [
                (chinese(v) if has_cjk(v) else None) if isinstance(v, str) else v for v in new[r]
            ]
    return p.with_rows(new)


@relay
def bilingual_labels(p: Printing) -> Sheet:
    """Chinese and English label in one cell, no English column."""
    rows, c = p.rows, p.block.english_column
    if c is None:
        return p.sheet
    for row, below in zip(rows[p.block.top :], [*rows[p.block.top + 1 :], []], strict=True):
        if isinstance(row[c - 1], str) and isinstance(row[c], str) and row[c - 1].strip():
            alone = below and not any(v for k, v in enumerate(below) if k != c and v)
            more = str(below[c] or "").strip() if alone else ""  # `Hong Kong,` over `Macao & Taiwan`
            row[c - 1] = f"{row[c - 1]}\n{row[c].strip()}\n{more}".rstrip()
    for row in rows[p.block.top :]:
        row.pop(c)
    for row in rows[: p.block.top]:
        if len(row) > 1:
            row.pop(c) if row[c] is None else row.pop(next((i for i in range(1, len(row)) if row[i] is None), c))
    areas = tuple(
        (top, left - (left > c), bottom, right - (right >= c))
        for top, left, bottom, right in p.sheet.merged
        if not left == right == c
    )
    return p.with_rows(rows, tuple(a for a in areas if a[1] < a[3] or a[0] < a[2]))


@relay
def no_english_labels(p: Printing) -> Sheet:
    rows, c = p.rows, p.block.english_column
    if c is None:
        return p.sheet
    for row in rows[p.block.top :]:
        row[c] = None
    return p.with_rows(rows)


@relay
def labels_without_blanks(p: Printing) -> Sheet:
    new = p.rows
    for r in range(p.block.top, len(new)):
        v = new[r][p.block.label_column]
        new[r][p.block.label_column] = re.sub(r"\s", "", v) if isinstance(v, str) else v
    return p.with_rows(new)


@relay
def numbers_as_text(p: Printing) -> Sheet:
    new = p.rows
    for r in p.block.rows:
        for h in p.block.heads:
            v = new[r][h.column]
            new[r][h.column] = repr(v).removesuffix(".0") if isinstance(v, float) else v
    return p.with_rows(new)


@relay
def text_as_numbers(p: Printing) -> Sheet:
    new = p.rows
    for r in p.block.rows:
        for h in p.block.heads:
            number = parse(new[r][h.column])
            new[r][h.column] = number.value if number and number.value is not None else new[r][h.column]
    return p.with_rows(new)


@relay
def grouped_thousands(p: Printing) -> Sheet:
    new = p.rows
    for r in p.block.rows:
        for h in p.block.heads:
            number = parse(new[r][h.column])
            if number and number.value is not None:
                new[r][h.column] = f"{number.value:,.{number.decimals}f}"
    return p.with_rows(new)


@relay
def note_below(p: Printing) -> Sheet:
    blank: list[Value] = [None] * (p.sheet.width - 1)
    return p.with_rows([
        *p.rows, [None, *blank],
        ["注：1.本表数据为规模以上口径。", *blank],
        ["Note: a) The data in this table are above designated size.", *blank],
        ["资料来源：国家统计局", *blank],
    ])


@relay
def footnote_marks(p: Printing) -> Sheet:
    """Circled digits behind a head and behind the title."""
    new, title = p.rows, _title_row(p)
    column = p.block.heads[-1]
    for r in range(column.row, p.block.first):
        v = new[r][column.column]
        if isinstance(v, str) and has_cjk(v):
            zh, en = split_languages(v)
            new[r][column.column] = f"{zh}①{en}"
            break
    new[title] = [f"{v}①" if isinstance(v, str) and v else v for v in new[title]]
    return p.with_rows(new)


@relay
def unit_line_merged_into_one(p: Printing) -> Sheet:
    """`单位：万元 (10 000 yuan)` in one cell."""
    rows = p.rows
    for r in range(p.block.top):
        zh = next((c for c, v in enumerate(rows[r]) if isinstance(v, str) and v.startswith("单位")), None)
        if zh is None:
            continue
        for q in (r, r + 1):
            en = next((c for c, v in enumerate(rows[q]) if isinstance(v, str) and v.startswith("(")), None)
            if en is not None and q < p.block.top:
                rows[r][zh] = f"{rows[r][zh]} {rows[q][en]}"
                rows[q][en] = None
                break
    return p.with_rows(rows)


@relay
def unit_line_at_the_right(p: Printing) -> Sheet:
    rows = p.rows
    for r in range(p.block.top):
        if isinstance(rows[r][0], str) and rows[r][0].startswith("单位") and rows[r][-1] is None:
            rows[r][0], rows[r][-1] = None, rows[r][0]
    return p.with_rows(rows)


@relay
def empty_columns_before(p: Printing) -> Sheet:
    areas = tuple((t, left + 2, b, r + 2) for t, left, b, r in p.sheet.merged)
    return p.with_rows([[None, None, *row] for row in p.rows], areas)


@relay
def regions_indented(p: Printing) -> Sheet:
    new = p.rows
    for r in p.block.rows:
        v = new[r][p.block.label_column]
        new[r][p.block.label_column] = f"\u3000\u3000{v}" if isinstance(v, str) else v
    return p.with_rows(new)


@relay
def no_zones(p: Printing) -> Sheet:
    """An edition that leaves out the four zones, as the patent tables do since data year 2017."""
    rows, catalogue_zones = p.rows, ("东部", "中部", "西部", "东北")
    gone = [r for r in p.block.rows if str(rows[r][p.block.label_column] or "").startswith(catalogue_zones)]
    return p.with_rows([row for r, row in enumerate(rows) if r not in gone])


def _shifted(areas: tuple[Area, ...], at: int, by: int) -> tuple[Area, ...]:
    return tuple((t + by, left, b + by, r) if t >= at else (t, left, b, r) for t, left, b, r in areas)


def differing(got: dict[Key, float], expected: dict[Key, float], rounded: int = 1) -> dict[str, Any]:
    """Keys that are missing, extra, or whose value is not within what rounding so many times allows."""
    return {
        "missing": sorted(expected.keys() - got.keys())[:3],
        "extra": sorted(got.keys() - expected.keys())[:3],
        "wrong": [
            (k, got[k], v) for k, v in expected.items()
            if k in got and abs(got[k] - v) > 0.51 * rounded + 1e-9 * abs(v)
        ][:3],
    }


def labelled_rows(p: Printing, catalogue: Catalogue) -> int:
    """Rows of the table that have a known label."""
    table = find_tables(p.sheet, catalogue).tables[0]
    return sum(label.code is not None for _, label, _ in labelled(p.sheet, table, catalogue))
