"""Ways in which a later edition may lay out the title and the heads of a table; nothing it says is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.new_editions import Area, Printing, Rows
from transforms.grid import Sheet, Value
from transforms.text import has_cjk

Relay = Callable[[Printing], Sheet]
RELAYS: dict[str, Relay] = {}


def relay(function: Relay) -> Relay:
    """A way in which a later edition may lay the table out anew; nothing it says is lost."""
    RELAYS[function.__name__] = function
    return function


def head_rows(p: Printing) -> range:
    return range(p.block.top, p.block.first)


def title_row(p: Printing) -> int:
    return next(r for r, row in enumerate(p.sheet.rows) if any(isinstance(v, str) and has_cjk(v) for v in row))


def on_texts(p: Printing, rows: range, change: Callable[[str], str]) -> Sheet:
    new = p.rows
    for r in rows:
        new[r] = [change(v) if isinstance(v, str) else v for v in new[r]]
    return p.with_rows(new)


@relay
def full_width_brackets(p: Printing) -> Sheet:
    return on_texts(p, range(p.block.first), lambda t: t.replace("(", "（").replace(")", "）").replace("&", "＆"))


@relay
def half_width_brackets(p: Printing) -> Sheet:
    return on_texts(p, range(p.block.first), lambda t: t.replace("（", "(").replace("）", ")").replace("：", ":"))


@relay
def no_year_mark(p: Printing) -> Sheet:
    """`(2022)` for `(2022年)`."""
    return on_texts(p, range(p.block.top), lambda t: re.sub(r"(20\d\d)年", r"\1", t))


@relay
def blanks_in_title(p: Printing) -> Sheet:
    return on_texts(p, range(p.block.top), lambda t: re.sub(r"(\d-\d+)\s+", "\\1 \u3000", t).replace("R&D", " R&D "))


@relay
def no_blanks_in_title(p: Printing) -> Sheet:
    return on_texts(p, range(p.block.top), lambda t: re.sub(r"^(\s*\d+-\d+)\s+", r"\1", t))


@relay
def em_dash_in_number(p: Printing) -> Sheet:
    return on_texts(p, range(p.block.top), lambda t: re.sub(r"^(\s*\d+)-(\d+)", r"\1—\2", t))


@relay
def year_on_its_own_row(p: Printing) -> Sheet:
    """`… (2022年)` as a title and `(2022年)` in the row below."""
    rows, at = p.rows, title_row(p)
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

    return on_texts(p, range(p.block.top), change)


@relay
def running_head_above(p: Printing) -> Sheet:
    rows = p.rows
    blank: list[Value] = [None] * (p.sheet.width - 1)
    return p.with_rows(
        [[f"中国科技统计年鉴—{p.year + 1}", *blank], ["八、科技活动成果", *blank], *rows],
        _shifted(p.sheet.merged, 0, 2),
    )


@relay
def titles_in_one_cell(p: Printing) -> Sheet:
    """Chinese and English title in one cell, with a line break."""
    rows, at = p.rows, title_row(p)
    below = [v for v in rows[at + 1] if isinstance(v, str)]
    if len(below) != 1 or has_cjk(below[0]):
        return p.sheet
    rows[at][0] = f"{rows[at][0]}\n{below[0]}"
    rows[at + 1] = [None] * p.sheet.width
    return p.with_rows(rows)


def on_english_title(p: Printing, change: Callable[[Value], Value]) -> Sheet:
    rows, at = p.rows, title_row(p)
    if not any(isinstance(v, str) and has_cjk(v) for v in rows[at + 1]):
        rows[at + 1] = [change(v) for v in rows[at + 1]]
    return p.with_rows(rows)


@relay
def no_english_title(p: Printing) -> Sheet:
    return on_english_title(p, lambda v: None)


@relay
def other_english_title(p: Printing) -> Sheet:
    """A wording change of the English title."""
    return on_english_title(p, lambda v: v.replace(" by Region", " of Provinces") if isinstance(v, str) else v)


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


def _shifted(areas: tuple[Area, ...], at: int, by: int) -> tuple[Area, ...]:
    return tuple((t + by, left, b + by, r) if t >= at else (t, left, b, r) for t, left, b, r in areas)
