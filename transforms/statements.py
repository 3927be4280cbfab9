"""Numbers that a page states in sentences: `全国共投入研究与试验发展（R&D）经费27956.3亿元`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from transforms.catalogue import Catalogue
from transforms.contracts import Contract, spellings, title_key
from transforms.grid import Sheet, a1
from transforms.numbers import parse_text
from transforms.text import squash
from transforms.titles import years_in
from transforms.units import factor
from transforms.wordings import Wordings

_PLACES = {
    "{number}": r"(?P<number>-?[0-9]+(?:\.[0-9]+)?)",
    "{skip}": r"-?[0-9]+(?:\.[0-9]+)?",
    "{year}": r"(?P<year>(?:19|20)[0-9]{2})",
}


@lru_cache(maxsize=1024)
def _pattern(template: str, wordings: Wordings) -> re.Pattern[str]:
    """A wording as a pattern: {number} is the number, {skip} one that is not wanted, {year} its reference year.
    Words that mean the same stand for one another, footnote marks don't count."""
    parts = re.split(r"(\{(?:number|skip|year)\})", squash(template))
    return re.compile("".join(_PLACES.get(part) or wordings.pattern(part) for part in parts))


def _dated(sheet: Sheet) -> list[tuple[str, int]]:
    """Every line of a page that states a year and may be a title, in its normal form, and that year."""
    lines = (v for row in sheet.rows for v in row if isinstance(v, str) and len(v) < 100)
    return [(title_key(line), years[-1]) for line in lines if (years := years_in(line))]


def stated(sheet: Sheet, document: str, catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """SOURCE_CELL rows for every statement of every contract whose page this is. The cell is the sentence's,
    `raw` the words that state the number."""
    dated = _dated(sheet) if catalogue.stating else []
    for contract in catalogue.stating:
        year = next((year for title, year in dated if title in contract.titles), None)
        if year is None:
            continue
        for statement in contract.statements:
            for template in spellings(statement["zh"], year):
                found = list(_find(sheet, _pattern(template, contract.wordings)))
                for r, c, match in found:
                    yield _cell(sheet, r, c, match, statement, contract, year, document, catalogue)
                if found:
                    break


def _find(sheet: Sheet, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, re.Match[str]]]:
    for r, row in enumerate(sheet.rows):
        for c, value in enumerate(row):
            if isinstance(value, str) and len(value) > 10 and (match := pattern.search(squash(value))):
                yield r, c, match


def _cell(
    sheet: Sheet,
    r: int,
    c: int,
    match: re.Match[str],
    statement: Mapping[str, Any],
    contract: Contract,
    year: int,
    document: str,
    catalogue: Catalogue,
) -> dict[str, Any]:
    number = parse_text(match["number"])
    printed = catalogue.units.find(str(statement["unit"]))
    canonical = catalogue.units.by_code.get(catalogue.indicator_units.get(statement["indicator"], "")) or printed
    if number is None or number.value is None or printed is None or canonical is None:
        raise ValueError(f"{contract.name}: the statement of {statement['indicator']} has no known unit")
    scale = factor(printed, canonical)
    return {
        "document": document,
        "sheet": sheet.name,
        "cell": a1(r, c),
        "row": r,
        "column": c,
        "role": "value",
        "raw": match.group(),
        "table": contract.table,
        "indicator": statement["indicator"],
        "region": statement.get("region", "CN"),
        "period": int(match["year"]) if "year" in match.groupdict() else year,
        "edition": catalogue.edition(contract, year),
        "value": round(number.value * scale, 8),
        "unit": canonical.code,
        "published_unit": printed.code,
        "resolution": 10.0**-number.decimals * scale,
        "status": "A",
    }
