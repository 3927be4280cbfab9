"""Which contract a block names, and which year: told by the lines above it, never by a file's name or a position."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from transforms.contracts import Contract, title_key
from transforms.layout import TITLE_NUMBER
from transforms.recognise import Problem
from transforms.text import has_cjk, latin, similar, split_languages, squash

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
NEAR_TITLE = 0.8
"""Likeness from which a title that no contract lists may be one that has changed."""


def years_in(text: str) -> list[int]:
    """The years that a title states, in digits of any width."""
    return [int(y) for y in _YEAR.findall(text.translate(_WIDE))]


def titled(
    front: tuple[tuple[int, int, str], ...], contracts: Mapping[str, list[Contract]]
) -> list[tuple[int, int, str, Contract]]:
    """Lines above a block that are a contract's title, nearest to the block first."""
    found = []
    for r, c, text in reversed(front):
        zh, en = split_languages(text)
        keys = {title_key(zh)} if has_cjk(text) else {latin(re.sub(r"[(（]?(?:19|20)\d{2}[)）]?", "", en))}
        found += [(r, c, text, contract) for key in keys for contract in contracts.get(key, ())]
    return found


def near_titled(
    front: tuple[tuple[int, int, str], ...], contracts: Iterable[Contract]
) -> tuple[str, Contract, float] | None:
    """The numbered title line most like a contract's title: the publisher's own, not an aggregator's caption."""
    best: tuple[str, Contract, float] | None = None
    for _, _, text in front:
        if not (has_cjk(text) and TITLE_NUMBER.match(squash(text))):
            continue
        key = title_key(split_languages(text)[0])
        for contract in contracts:
            likeness = max((similar(key, t) for t in contract.titles), default=0.0)
            if best is None or likeness > best[2]:
                best = (text, contract, likeness)
    return best


def data_year(title: str, front: tuple[tuple[int, int, str], ...]) -> tuple[int | None, Problem | None]:
    """The data year that the title and the other lines above a block state; they must not contradict."""
    here = years_in(title)
    others = {y for _, _, text in front if "(" in text or "（" in text for y in years_in(text) if text != title}
    others = {y for y in others if "年鉴" not in title}
    if here and others and here[-1] not in others:
        message = f"the title says {here[-1]}, another line above the table {sorted(others)}"
        return here[-1], Problem("year_disagrees", message, expected=str(here[-1]), found=str(sorted(others)))
    if here:
        return here[-1], None
    return (max(others) if others else None), None
