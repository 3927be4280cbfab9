"""More ways to lay a table out anew: merged areas, labels, numbers, notes, units, blank columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from tests.new_editions import Printing
from tests.relaid import head_rows, on_texts, relay, title_row
from transforms.grid import Sheet, Value
from transforms.numbers import parse
from transforms.text import has_cjk, split_languages


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
    return on_texts(p, head_rows(p), lambda t: re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", " ", t))


@relay
def windows_line_breaks(p: Printing) -> Sheet:
    return on_texts(p, head_rows(p), lambda t: t.replace("\r", "").replace("\n", "\r\n"))


@relay
def no_english_heads(p: Printing) -> Sheet:
    """Chinese heads only."""

    def chinese(text: str) -> str:
        return split_languages(text)[0] if has_cjk(text) else text

    new = p.rows
    if not p.contract.panel:
        for r in head_rows(p):
            bare = [v for v in new[r] if isinstance(v, str) and not has_cjk(v)]
            if any(v.strip() in ("SCI", "EI") for v in bare):
                continue
            new[r] = [(chinese(v) if has_cjk(v) else None) if isinstance(v, str) else v for v in new[r]]
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


def on_labels(p: Printing, rows: Iterable[int], change: Callable[[str], str]) -> Sheet:
    new, c = p.rows, p.block.label_column
    for r in rows:
        v = new[r][c]
        new[r][c] = change(v) if isinstance(v, str) else v
    return p.with_rows(new)


@relay
def labels_without_blanks(p: Printing) -> Sheet:
    return on_labels(p, range(p.block.top, p.sheet.height), lambda t: re.sub(r"\s", "", t))


def on_cells(p: Printing, change: Callable[[Value], Value]) -> Sheet:
    new = p.rows
    for r in p.block.rows:
        for h in p.block.heads:
            new[r][h.column] = change(new[r][h.column])
    return p.with_rows(new)


@relay
def numbers_as_text(p: Printing) -> Sheet:
    return on_cells(p, lambda v: repr(v).removesuffix(".0") if isinstance(v, float) else v)


@relay
def text_as_numbers(p: Printing) -> Sheet:
    def as_number(value: Value) -> Value:
        number = parse(value)
        return number.value if number and number.value is not None else value

    return on_cells(p, as_number)


@relay
def grouped_thousands(p: Printing) -> Sheet:
    def grouped(value: Value) -> Value:
        number = parse(value)
        return f"{number.value:,.{number.decimals}f}" if number and number.value is not None else value

    return on_cells(p, grouped)


@relay
def note_below(p: Printing) -> Sheet:
    blank: list[Value] = [None] * (p.sheet.width - 1)
    return p.with_rows(
        [
            *p.rows,
            [None, *blank],
            ["注：1.本表数据为规模以上口径。", *blank],
            ["Note: a) The data in this table are above designated size.", *blank],
            ["资料来源：国家统计局", *blank],
        ]
    )


@relay
def footnote_marks(p: Printing) -> Sheet:
    """Circled digits behind a head and behind the title."""
    new, title = p.rows, title_row(p)
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
    return on_labels(p, p.block.rows, lambda t: f"\u3000\u3000{t}")


@relay
def no_zones(p: Printing) -> Sheet:
    """An edition that leaves out the four zones, as the patent tables do since data year 2017."""
    rows, catalogue_zones = p.rows, ("东部", "中部", "西部", "东北")
    gone = [r for r in p.block.rows if str(rows[r][p.block.label_column] or "").startswith(catalogue_zones)]
    return p.with_rows([row for r, row in enumerate(rows) if r not in gone])
