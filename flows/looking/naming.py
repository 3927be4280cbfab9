"""What people call things: indicators and regions by code or name, and the nearest ones when there is none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

import duckdb

from flows.home.releases import Unknown


def indicator(connection: duckdb.DuckDBPyConnection, asked: str, others: Iterable[str] = ()) -> str:
    """The code of an indicator: its code, or its name in Chinese or English; or one of `others` as it is. Raises
    Unknown with the nearest."""
    rows = connection.execute("select indicator, name_zh, name_en from indicator").fetchall()
    names = [(name, code) for code, *named in rows for name in (code, *named)]
    shown = {code: f"{code} ({zh or en})" for code, zh, en in rows}
    return _resolve("indicator", asked, [*names, *((name, name) for name in others)], shown)


def region(connection: duckdb.DuckDBPyConnection, asked: str, others: Iterable[str] = ()) -> str:
    """The code of a region: its code, name or alias in Chinese or English; or one of `others` as it is. Raises
    Unknown with the nearest."""
    rows = connection.execute("select region, name_zh, name_en, alias_zh, alias_en from region").fetchall()
    names = [
        (name, code)
        for code, zh, en, *aliases in rows
        for name in (code, zh, en, *(part for alias in aliases for part in (alias or "").split("|")))
    ]
    shown = {code: f"{code} ({en or zh})" for code, zh, en, *_ in rows}
    return _resolve("region", asked, [*names, *((name, name) for name in others)], shown)


def _resolve(what: str, asked: str, names: list[tuple[str | None, str]], shown: dict[str, str]) -> str:
    known: dict[str, str] = {}
    for name, code in sorted(names, key=lambda pair: pair[0] != pair[1]):  # a code goes before every name
        if name:
            known.setdefault(_plain(name), code)
    wanted = _plain(asked)
    if wanted in known:
        return known[wanted]
    near = ", ".join(shown.get(code, code) for code in _near(wanted, known))
    raise Unknown(f"no {what} {asked!r}" + (f"; did you mean {near}?" if near else ""))


def _near(wanted: str, known: dict[str, str]) -> list[str]:
    """Codes whose names are spelt much alike, then those whose names hold the word."""
    close = [known[name] for name in get_close_matches(wanted, known, n=8, cutoff=0.65)]
    within = [code for name, code in known.items() if wanted and wanted in name]
    return list(dict.fromkeys([*close, *within]))[:6]


def _plain(name: str) -> str:
    """As names are compared: width, case, blanks and hyphens don't count."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split()).replace("-", "_")
