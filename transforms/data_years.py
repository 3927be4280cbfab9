"""Which data year a table has whose rows are not regions: said by its title, its heads, its rows, or every row."""

from __future__ import annotations

import re
from functools import lru_cache

from transforms.contracts import Contract
from transforms.grid import Sheet
from transforms.layout import Block
from transforms.recognise import match_heads
from transforms.text import squash
from transforms.titles import data_year, titled, years_in

Named = tuple[int | None, str | None]


def year_of(sheet: Sheet, block: Block, contract: Contract, declared: tuple[str, int] | None) -> Named:
    """(data year, title line) of a table whose title stands above it; (None, None) when it is not this contract's. A
    table with a column of periods needs no title: year 0 stands for "each row says"."""
    mine = [text for _, _, text, c in titled(block.front, {t: [contract] for t in contract.titles})]
    if contract.period and mine:
        return contract.period, mine[0]
    stated = ((data_year(text, block.front)[0], text) for text in mine)
    if named := next((each for each in stated if each[0]), None):
        return named
    if declared and declared[0] in (contract.table, contract.name):
        return declared[1], None
    return _year_beneath(sheet, block, contract, mine) or _year_like(block, contract) or (None, None)


def _year_beneath(sheet: Sheet, block: Block, contract: Contract, mine: list[str]) -> Named | None:
    """Where the title leaves the year to the heads, to the rows (the newest is the data year), or to every row."""
    title = mine[0] if mine else None
    if title and contract.panel:
        return None, title
    if title and contract.rows == "year":
        rows = [year_label(sheet.text(r, block.label_column)) for r in block.rows]
        return max((int(label) for label in rows if label), default=None), title
    periods = any(column.kind == "period" for column in contract.at(None).columns)
    if periods and any(m.column.kind == "period" for m in match_heads(block.heads, contract, None)[0]):
        return 0, title
    return None


def _year_like(block: Block, contract: Contract) -> Named | None:
    """The one year above a block that has a title like the contract's."""
    like = [text for _, _, text in block.front if any(p.search(text) for p in contract.title_like)]
    years = {year for text in like for year in years_in(text)} or {y for _, _, t in block.front for y in years_in(t)}
    return (years.pop(), like[0]) if like and len(years) == 1 else None


@lru_cache(maxsize=16384)
def year_label(text: str) -> str | None:
    """The year that a row label is."""
    found = re.fullmatch(r"((?:19|20)[0-9]{2})年?", squash(text))
    return found.group(1) if found else None
