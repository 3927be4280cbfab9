"""Which contract the heads of a block fulfil; what recognising a table comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from transforms.contracts import LATEST, Column, Contract, head_en, head_zh
from transforms.grid import a1
from transforms.layout import Block, Head, is_unit_head
from transforms.text import has_cjk, similar

_CONFUSED = str.maketrans("1l|0o5", "iiiOOs")
NEAR_HEAD = 0.75


@dataclass(frozen=True)
class Problem:
    """Something in a sheet that a contract does not allow: where, what was expected, what stands there."""

    check: str
    message: str
    cell: str | None = None
    expected: str | None = None
    found: str | None = None
    severity: str = "error"


@dataclass(frozen=True)
class Matched:
    """A head and the column of the contract that it is; `period` is set where the head states a year."""

    head: Head
    column: Column
    period: int | None = None


@dataclass(frozen=True)
class Table:
    """A block recognised as a contract at a data year. `year` is None while an untitled printing waits to be
    placed by its numbers. `problems` are what was read through (misprints, changed titles)."""

    contract: Contract
    block: Block
    columns: tuple[Matched, ...]
    year: int | None
    title: str | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Failure:
    """A block that names itself as a contract's table, or comes near one, but does not fulfil it."""

    contract: Contract | None
    block: Block | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Recognised:
    """What one sheet holds: tables, failures, for untitled blocks their candidate tables, and blocks of regions
    that no contract fits."""

    tables: tuple[Table, ...] = ()
    failures: tuple[Failure, ...] = ()
    candidates: tuple[tuple[Table, ...], ...] = field(default=())
    unknown: tuple[Block, ...] = field(default=())


def match_heads(
    heads: Iterable[Head], contract: Contract, year: int | None
) -> tuple[tuple[Matched, ...], tuple[Problem, ...]]:
    """Heads against the columns that the contract has in that data year: all of them, each once, in both
    languages. Returns the matches and the problems; problems of severity error mean that it does not fit."""
    heads = [h for h in heads if not is_unit_head(h.text)]
    if contract.panel:
        return _match_years(heads, contract)
    layout = contract.at(year)
    matched: list[Matched] = []
    problems: list[Problem] = []
    taken: set[str] = set()
    for head in heads:
        fits = _claims(head, layout.columns)
        if len(fits) > 1:
            problems.append(_problem("head_ambiguous", head, " or ".join(c.printed for c in fits)))
        elif not fits:
            problems.append(_extra(head, layout.columns))
        elif fits[0].indicator in taken:
            problems.append(_problem("head_repeated", head, f"“{fits[0].printed}” once"))
        else:
            taken.add(fits[0].indicator)
            matched.append(Matched(head, fits[0]))
    missing = [c for c in layout.columns if not c.optional and c.indicator not in taken]
    ended = not problems and year is not None and year > contract.newest and len(missing) <= len(taken)
    problems += [_ended(c, contract) if ended else _missing(c, heads) for c in missing]
    problems += [p for m in matched if (p := _reworded(m))]
    problems += [p for m in matched if (p := _english_problem(m, layout.columns, contract))]
    return tuple(matched), tuple(problems)


def may_fit(heads: Iterable[Head], contract: Contract, year: int | None) -> bool:
    """Whether every head is one of the contract's columns and none is missing: what most contracts fail at, told
    without saying why."""
    if contract.panel:
        return True
    columns = contract.at(year).columns
    taken = set()
    for head in heads:
        fits = _claims(head, columns)
        if len(fits) != 1:
            return False
        taken.add(fits[0].indicator)
    return all(c.optional or c.indicator in taken for c in columns)


def _match_years(heads: list[Head], contract: Contract) -> tuple[tuple[Matched, ...], tuple[Problem, ...]]:
    column = Column(contract.panel or "", (), (), "years", contract.at(None).unit, False, False, "number")
    matched = tuple(Matched(h, column, h.year) for h in heads if h.year)
    problems = [_problem("head_extra" if h.own else "head_missing", h, "a year") for h in heads if not h.year]
    years = [m.period or 0 for m in matched]
    problems += [
        _problem("head_repeated", m.head, f"{m.period} once") for m in matched if years.count(m.period or 0) > 1
    ]
    if years not in (sorted(years), sorted(years, reverse=True)):
        message = f"the years of the heads are in disorder: {', '.join(map(str, years))}"
        problems.append(Problem("years_disordered", message, expected="years in their order", found=str(years)))
    if not matched:
        problems.append(Problem("head_missing", "no column head is a year", expected="years", found="none"))
    return matched, tuple(problems)


def _claims(head: Head, columns: tuple[Column, ...]) -> list[Column]:
    """The columns that a head may be, by its nearest form that fits any; when none fits, by words that mean the
    same, then by its form as a scanner may have misread it (1 for I or l, 0 for O)."""
    for folded, worded in ((False, False), (False, True), (True, False)):
        for zh, en in head.forms:
            chinese, english = _as_read(head_zh(zh), folded), _as_read(head_en(en), folded)
            fits = [c for c in columns if chinese and chinese in _all_as_read(c.worded if worded else c.zh, folded)]
            if not fits and not has_cjk(zh) and english and not worded:
                fits = [c for c in columns if english in _all_as_read(c.en, folded)]
            if fits:
                return fits
    return []


def _reworded(m: Matched) -> Problem | None:
    """A head that was read by words that mean the same is said so."""
    forms = {head_zh(zh) for zh, _ in m.head.forms}
    if not forms.isdisjoint(m.column.zh) or forms.isdisjoint(m.column.worded):
        return None
    message = f"the head “{m.head.text}” is read as “{m.column.printed}”, which means the same"
    return Problem(
        "head_reworded", message, a1(m.head.row, m.head.column), m.column.printed, m.head.text, "info"
    )


def _as_read(form: str, folded: bool) -> str:
    return misread(form) if folded else form


@lru_cache(maxsize=16384)
def _all_as_read(forms: tuple[str, ...], folded: bool) -> frozenset[str]:
    return frozenset(_as_read(form, folded) for form in forms)


def misread(form: str) -> str:
    """A form with the characters that scanning confuses made one."""
    return form.translate(_CONFUSED)


def _english_problem(m: Matched, columns: tuple[Column, ...], contract: Contract) -> Problem | None:
    """English heads must name what the Chinese one names: another column's name is an error, a near spelling
    is read through as a misprint."""
    printed = [
        form
        for zh, en in m.head.forms
        if has_cjk(zh) and (form := head_en(en)) and not any(z.endswith(form) for z in m.column.zh)
    ]
    if not printed or not m.column.en or any(p in m.column.en for p in printed):
        return None
    expected, shown = m.column.en[0], " ".join(m.head.forms[0][1].split())
    cell = a1(m.head.row, m.head.column)
    if any(contract.meant(p, m.column.zh) in m.column.en for p in printed):
        message = f"the English head “{shown}” of “{m.column.printed}” is a known misprint"
        return Problem("head_misprint", message, cell, expected, shown, "info")
    others = [c for c in columns if c.indicator != m.column.indicator and printed[0] in c.en]
    if others:
        return Problem(
            "heads_disagree",
            f"the Chinese head is “{m.column.printed}”, the English one “{shown}” names {others[0].indicator}",
            cell,
            expected,
            shown,
        )
    near = max(similar(p, e) for p in printed for e in m.column.en) >= NEAR_HEAD
    return Problem(
        "head_misprint" if near else "head_english_unknown",
        f"the English head “{shown}” of “{m.column.printed}” is not what the contract says",
        a1(m.head.row, m.head.column),
        expected,
        shown,
        "info" if near else "warning",
    )


def _problem(check: str, head: Head, expected: str) -> Problem:
    cell = a1(head.row, head.column)
    return Problem(check, f"the head in {cell} is “{head.text}”; expected {expected}", cell, expected, head.text)


def _extra(head: Head, columns: tuple[Column, ...]) -> Problem:
    zh = head_zh(head.forms[0][0]) if head.own or head.spanned else ""
    nearest = max(columns, key=lambda c: max((similar(zh, z) for z in c.zh), default=0.0), default=None)
    expected = f"one of the contract's heads, nearest “{nearest.printed}”" if nearest else "no such head"
    if not zh:
        cell = a1(head.row, head.column)
        return Problem("head_missing", f"the column of {cell} has values and no head", cell, expected, "")
    return _problem("head_extra", head, expected)


def _missing(column: Column, heads: list[Head]) -> Problem:
    shown = ", ".join(f"“{h.text}”" for h in heads)
    message = f"no head is “{column.printed}” ({column.indicator}); the sheet has {shown}"
    return Problem("head_missing", message, expected=column.printed, found=shown)


def _ended(column: Column, contract: Contract) -> Problem:
    """A column that an edition newer than any that the contract was written by leaves out, every other one being
    there: tables lose columns, and what is left is no less known for it."""
    message = f"“{column.printed}” ({column.indicator}) is not printed any more; data year {contract.newest} had it"
    return Problem("column_missing", message, expected=column.printed, severity="warning")


def eras(contract: Contract) -> list[int]:
    """Data years at which a contract's table looks different, newest first: what an untitled printing may be."""
    years = {LATEST}

    def collect(node: object) -> None:
        if isinstance(node, Mapping):
            years.update(y for y in node if isinstance(y, int))
            years.update({node["since"]} if "since" in node else ())
            years.update({node["until"]} if "until" in node else ())
            for child in node.values():
                collect(child)
        elif isinstance(node, list | tuple):
            for child in node:
                collect(child)

    collect(contract.body.get("columns"))
    return sorted(years, reverse=True)
