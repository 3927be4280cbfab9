"""Tables with open labels (clusters, economies, records): found by the heads that their contract names."""

from __future__ import annotations

import re
from functools import lru_cache

from transforms.contracts import Contract, head_en, head_zh
from transforms.grid import Sheet
from transforms.layout import Block, head_of
from transforms.numbers import is_numeric
from transforms.text import has_letters, split_languages, squash

_YEARS = re.compile(r"(?:19|20)\d{2}年?")
_NOTE = re.compile(r"^(?:资料来源|数据来源|注|说明|Data source|Source|Note)s?[::]?", re.I)


def headed_blocks(sheet: Sheet, contract: Contract) -> list[Block]:
    """Blocks whose head row names the contract's label column and at least half of its needed columns."""
    names_zh, names_en = contract.label
    columns = contract.at(None).columns
    needed = [c for c in columns if not c.optional]
    blocks, after = [], -1
    for r in range(sheet.height):
        if r <= after:
            continue
        heads = {c: _forms(sheet.text(r, c)) for c in range(sheet.width) if sheet.text(r, c).strip()}
        label = next((c for c, (zh, en) in heads.items() if zh in names_zh or (en and en in names_en)), None)
        bare = {_YEARS.sub("", form) for said in heads.values() for form in said} - {""}
        named = [k for k in needed if not bare.isdisjoint((*k.zh, *k.en))]
        if label is None or not named or len(named) * 2 < len(needed):
            continue
        numeric = any(c.kind in ("number", "rank") for c in columns)
        block = _below(sheet, r, label, after, numeric)
        if block:
            blocks.append(block)
            after = block.last
    return blocks


@lru_cache(maxsize=65536)
def _forms(text: str) -> tuple[str, str]:
    if not has_letters(text):  # a number, a year: nothing to fold
        return text.strip(), ""
    zh, en = split_languages(text)
    return head_zh(zh), head_en(en)


def says(sheet: Sheet) -> frozenset[str]:
    """Every short text of a sheet in the normal forms of heads: a quick test for whether a contract can fit."""
    texts = {v for row in sheet.rows for v in row if isinstance(v, str) and len(v) < 120}
    return frozenset(form for text in texts for form in _forms(text) if form)


def _below(sheet: Sheet, top: int, label: int, after: int, numeric: bool) -> Block | None:
    first = top + 1
    while numeric and first < sheet.height and not any(is_numeric(v) for v in sheet.rows[first]):
        first += 1
    rows = []
    for r in range(first, sheet.height):
        texts = [sheet.text(r, c).strip() for c in range(sheet.width)]
        if not any(texts):
            continue
        if _NOTE.match(squash(next(t for t in texts if t))) or (
            numeric and not any(is_numeric(v) for v in sheet.rows[r])
        ):
            break
        rows.append(r)
    if not rows:
        return None
    heads = [
        head_of(sheet, c, top, first if numeric else top + 1, -1)
        for c in range(sheet.width)
        if c != label or not numeric
    ]
    front = tuple(
        (r, c, t) for r in range(after + 1, top) for c in range(sheet.width) if (t := sheet.text(r, c).strip())
    )
    return Block(label, None, top, rows[0], rows[-1], tuple(rows), tuple(h for h in heads if h), front)
