"""The tables of a sheet: blocks found, named by their titles, fitted to contracts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from transforms.catalogue import Catalogue
from transforms.contracts import LATEST, Contract, Item, head_en, head_zh, spellings, title_key
from transforms.data_years import year_label, year_of
from transforms.grid import Sheet
from transforms.headed import headed_blocks, says
from transforms.layout import TITLE_NUMBER, Block, region_blocks
from transforms.recognise import Failure, Problem, Recognised, Table, eras, match_heads, may_fit
from transforms.text import has_cjk, split_languages, squash
from transforms.titles import NEAR_TITLE, data_year, near_titled, titled

_CONTINUED = re.compile(r"续表|continued", re.I)
Declared = tuple[str, int]


def find_tables(sheet: Sheet, catalogue: Catalogue, declared: Declared | None = None) -> Recognised:
    """All tables of a sheet. `declared` (family or contract name, data year) stands in for a title where a
    block has none. Raises nothing: what does not fit comes back as failures or candidates."""
    found = Recognised()
    regional = region_blocks(sheet, catalogue.regions.known)
    pending: list[Table] = []
    for block in regional:
        outcome = _name(block, catalogue, declared, pending)
        if isinstance(outcome, Table):
            pending.append(outcome)
        elif isinstance(outcome, Failure):
            found = replace(found, failures=(*found.failures, outcome))
        elif outcome:
            found = replace(found, candidates=(*found.candidates, outcome))
        else:
            found = replace(found, unknown=(*found.unknown, block))
    for table in (*pending, *_other_tables(sheet, catalogue, declared)):
        whole = _with_continuations(table, pending) if _short(table.problems) else table
        whole = whole or (None if _errors(table.problems) else table)
        if whole is None:
            failure = Failure(table.contract, table.block, table.problems)
            found = replace(found, failures=(*found.failures, failure))
        else:
            found = replace(found, tables=(*found.tables, whole))
    read = {r for table in found.tables for r in table.block.rows}
    return replace(found, unknown=tuple(block for block in found.unknown if read.isdisjoint(block.rows)))


def _name(
    block: Block, catalogue: Catalogue, declared: Declared | None, before: list[Table]
) -> Table | Failure | tuple[Table, ...] | None:
    lines = [line for line in titled(block.front, catalogue.by_title) if line[3].rows == "region"]
    if lines:
        return _titles_disagree(block, lines) or _best(block, [(line[2], line[3]) for line in lines])
    if before and any(_CONTINUED.search(text) for _, _, text in block.front):
        last = before[-1]
        return _fit(block, last.contract, last.year, last.title)
    near = near_titled(block.front, (c for c in catalogue.contracts.values() if c.rows == "region"))
    if near and near[2] >= NEAR_TITLE:
        return _changed_title(block, near, catalogue)
    if declared:
        return _declared(block, catalogue, declared)
    if any(TITLE_NUMBER.match(squash(text)) for _, _, text in block.front):
        return None
    return tuple(candidates(block, catalogue.contracts.values()))


def _titles_disagree(block: Block, lines: list[tuple[int, int, str, Contract]]) -> Failure | None:
    """The failure of a block whose Chinese and English titles are those of different tables."""
    chinese = [line for line in lines if has_cjk(line[2])]
    english = [line for line in lines if not has_cjk(line[2])]
    if {line[3].name for line in chinese} & {line[3].name for line in english} or not english:
        return None
    if chinese:
        zh, of = chinese[0][2], f"that of {chinese[0][3].name}"
    else:
        near = near_titled(block.front, (line[3] for line in english))
        if near is None or near[2] >= NEAR_TITLE:
            return None
        zh, of = near[0], "of another table"
    name = english[0][3].name
    message = f"the English title “{english[0][2]}” is that of {name}, the Chinese one “{squash(zh)}” {of}"
    return Failure(english[0][3], block, (Problem("titles_disagree", message),))


def _best(block: Block, named: list[tuple[str, Contract]]) -> Table | Failure:
    """Contracts that share a title are told apart by their heads; the nearest title line wins otherwise."""
    fitted = [_titled(block, text, contract) for text, contract in named]
    whole = [t for t in fitted if isinstance(t, Table) and not _errors(t.problems)]
    return whole[0] if whole else fitted[0]


def _titled(block: Block, text: str, contract: Contract) -> Table | Failure:
    if contract.panel or contract.period:
        return _renumbered(_fit(block, contract, contract.period, text))
    year, contradiction = data_year(text, block.front)
    if year is None:
        message = f"“{squash(text)}” states no year; declare it with --as {contract.table} --year YEAR"
        return Failure(contract, block, (Problem("year_missing", message),))
    if contradiction:
        return Failure(contract, block, (contradiction,))
    return _renumbered(_fit(block, contract, year, text))


def _renumbered(table: Table) -> Table:
    """A number before the title that is not the one which the contract knows is no fault, but worth saying."""
    expected = next(iter(spellings(table.contract.body.get("number"), table.year or LATEST)), None)
    titles = (squash(split_languages(text)[0]) for _, _, text in reversed(table.block.front))
    mine = next((title for title in titles if title_key(title) in table.contract.titles), "")
    printed = re.match(r"(?:附?表)?(\d+(?:[-–—]\d+)+)", mine)
    if not expected or not printed or (found := re.sub("[–—]", "-", printed[1])) == expected:
        return table
    message = f"the table is number {found} now; the contract knows it as {expected}"
    said = Problem("table_renumbered", message, expected=expected, found=found, severity="info")
    return replace(table, problems=(*table.problems, said))


def _fit(block: Block, contract: Contract, year: int | None, title: str | None) -> Table:
    columns, problems = match_heads(block.heads, contract, year)
    if contract.panel and year is None:
        year = max((m.period for m in columns if m.period), default=None)
    return Table(contract, block, columns, year, title, problems)


def _changed_title(block: Block, near: tuple[str, Contract, float], catalogue: Catalogue) -> Table | Failure:
    """A title that is nearly a contract's stands for it only when every head fits and no other contract has the
    same heads: tables of one form (applications, grants; inflow, outflow) are told apart by their titles alone."""
    text, contract, likeness = near
    table = _titled(block, text, contract)
    alike = {t.contract.name for t in candidates(block, catalogue.contracts.values())} - {contract.name}
    said = Problem(
        "title_changed",
        f"the title “{squash(text)}” is not one that the contract {contract.name} lists ({likeness:.0%} alike)",
        expected="|".join(contract.at(None).titles_zh),
        found=squash(text),
        severity="info",
    )
    if isinstance(table, Failure) or alike or _short(table.problems):
        others = Problem("title_ambiguous", f"the same heads as {', '.join(sorted(alike))}") if alike else None
        return Failure(
            contract, block, (replace(said, severity="error"), *([others] if others else table.problems))
        )
    return replace(table, problems=(*table.problems, said))


def _declared(block: Block, catalogue: Catalogue, declared: Declared) -> Table | Failure | None:
    name, year = declared
    named = [c for c in catalogue.contracts.values() if name in (c.table, c.name)]
    if named and all(c.rows != "region" for c in named):
        return None  # its rows are found by their heads; that some of them are called like regions is chance
    fitted = [_fit(block, c, year, None) for c in named]
    whole = [t for t in fitted if not _errors(t.problems)]
    if len(whole) == 1:
        return replace(whole[0], year=year)
    if whole:
        options = ", ".join(t.contract.name for t in whole)
        return Failure(None, block, (Problem("declaration_ambiguous", f"{name} may be {options}: name one"),))
    if not named:
        return Failure(None, block, (Problem("declaration_unknown", f"no contract is called {name}"),))
    return Failure(fitted[0].contract, block, fitted[0].problems)


def candidates(block: Block, contracts: Iterable[Contract]) -> list[Table]:
    """Untitled: every contract whose heads fit in some era of it."""
    found = []
    for contract in contracts:
        if contract.rows != "region" or contract.edition:
            continue
        for year in eras(contract):
            if not may_fit(block.heads, contract, None if year == LATEST else year):
                continue
            table = _fit(block, contract, None if year == LATEST else year, None)
            if not _errors(table.problems) and table.columns:
                found.append(replace(table, year=table.year if contract.panel else None))
                break
    return found


def _with_continuations(table: Table, tables: list[Table]) -> Table | None:
    """A table printed in parts (续表): the heads of all parts together must be the contract's."""
    parts = [t for t in tables if t.contract is table.contract and t.year == table.year]
    if len(parts) < 2 or table not in parts:
        return None
    heads = [h for part in parts for h in part.block.heads]
    columns, problems = match_heads(heads, table.contract, table.year)
    if _errors(problems):
        return None
    own = {id(h) for h in table.block.heads}
    said = problems if table == parts[0] else ()
    return replace(table, columns=tuple(m for m in columns if id(m.head) in own), problems=said)


def _errors(problems: Iterable[Problem]) -> bool:
    return any(p.severity == "error" for p in problems)


def _short(problems: Iterable[Problem]) -> bool:
    """Whether a table is not all that its contract says."""
    return any(p.severity == "error" or p.check == "column_missing" for p in problems)


def _other_tables(sheet: Sheet, catalogue: Catalogue, declared: Declared | None) -> list[Table]:
    """Tables whose rows are not regions: named by their title (or declared), rows found by items or heads."""
    found: list[Table] = []
    said = says(sheet)
    alike: dict[object, list[Block]] = {}
    for contract in catalogue.others:
        if contract.row_names and said.isdisjoint(contract.row_names):
            continue
        form = contract.name if contract.rows not in ("item", "year") else (contract.rows, contract.at(None).items)
        if form not in alike:
            alike[form] = _blocks(sheet, contract)
        for block in alike[form]:
            year, title = year_of(sheet, block, contract, declared)
            if title is None and year is None:
                continue
            table = _fit(block, contract, year, title)
            fits = title or (year is not None and not _errors(table.problems))
            if fits and table.year is not None and table.columns:
                found.append(table)
    return found


def _blocks(sheet: Sheet, contract: Contract) -> list[Block]:
    """Where a contract's rows may be: found by their labels, or below the heads that it names."""
    if contract.rows == "item":
        return region_blocks(sheet, item_labels(contract))
    if contract.rows == "year":
        return region_blocks(sheet, year_label)
    return headed_blocks(sheet, contract)


def item_labels(contract: Contract) -> Callable[[str], str | None]:
    """The item code that a label names in an item table (`total` for the item without a code)."""
    return _item_labels(contract.at(None).items)


@lru_cache(maxsize=256)
def _item_labels(items: tuple[Item, ...]) -> Callable[[str], str | None]:
    labels = {form: i.code or "total" for i in items for form in i.zh}
    labels |= {form: i.code or "total" for i in items for form in i.en}

    @lru_cache(maxsize=16384)
    def known(text: str) -> str | None:
        zh, en = split_languages(text)
        return labels.get(head_zh(zh)) or labels.get(head_en(en) or "-")

    return known
