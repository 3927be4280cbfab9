"""Derived numbers as they are declared: which mart's column holds them, under which names, by which formula."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flows.project import DATA, load_yaml, read_csv
from flows.showing.terminal import number

REFERENCE = DATA / "reference"
TOKEN = re.compile(r"\{([^}:@]+)(?::([^}@]+))?(?:@(-?\d+))?\}")
"""A number in a formula: {code}, {code:region}, {code@-1}."""
TOTAL = "total"
"""The sector that is the whole: `rd_expenditure.*` for it is `rd_expenditure`."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """One number of a formula: its name, its value, the observations behind it, and how it comes about."""

    name: str
    value: float
    observations: list[Row]
    text: str = ""


@dataclass(frozen=True)
class Derived:
    """A derived number of one edition: `inputs` are the formula's numbers in the order of their first mention."""

    edition: str
    value: float | None
    unit: str | None
    formula: str
    inputs: dict[str, Figure]

    @property
    def text(self) -> str:
        """The formula, the same with the numbers in it, and how each of those that are sums came about."""
        if not self.inputs:
            return self.formula
        how = list(dict.fromkeys(figure.text for figure in self.inputs.values() if figure.text))
        if TOKEN.fullmatch(self.formula) and how:
            return "; ".join(how)
        names = TOKEN.sub(lambda m: self.inputs[m[0]].name, self.formula)
        worked = TOKEN.sub(lambda m: number(self.inputs[m[0]].value), self.formula)
        return "; ".join([names if TOKEN.fullmatch(self.formula) else f"{names} = {worked}", *how])

    @property
    def observations(self) -> list[Row]:
        """Every observation that the number is made of, once."""
        found = {number_key(o): o for figure in self.inputs.values() for o in figure.observations}
        return list(found.values())


def number_key(row: Row) -> tuple[Any, ...]:
    """What tells one observation from another."""
    return row["indicator"], row["region"], row["period"], row["edition"]


@dataclass(frozen=True)
class Column:
    """A mart's derived column as it was asked for; `star` is what * stands for in the name."""

    mart: str
    name: str
    declared: Row
    star: str | None = None
    keys: dict[str, str] = field(default_factory=dict)


class Declared:
    """The declarations, read when first needed."""

    @cached_property
    def marts(self) -> dict[str, Row]:
        """The marts of data/reference/derivations.yml."""
        return self._body["marts"]

    @cached_property
    def printed_as(self) -> dict[str, str]:
        """Indicators that an edition may print under another name."""
        return self._body["printed_as"]

    @cached_property
    def _body(self) -> Row:
        return load_yaml(REFERENCE / "derivations.yml")

    @cached_property
    def ratios(self) -> dict[str, tuple[str, str, str]]:
        """Indicators that are another one over a third: numerator, denominator, factor (as written)."""
        rows = read_csv(REFERENCE / "framework.csv")
        return {r["indicator"]: (r["numerator"], r["denominator"], r["factor"]) for r in rows if r["numerator"]}

    def columns(self, asked: str) -> list[Column]:
        """The mart columns that a name means: `mart.column`, `mart.star.column`, or another name of a column."""
        found = []
        for mart, body in self.marts.items():
            starred = "star" in body["keys"].values()
            for name, column in body["columns"].items():
                patterns = [f"{mart}.*.{name}"] if starred else []
                patterns += [f"{mart}.{name}", *([column["also"]] if "also" in column else [])]
                matches = [re.fullmatch(re.escape(p).replace(r"\*", "(.+)"), asked) for p in patterns]
                if match := next((m for m in matches if m), None):
                    found.append(Column(mart, name, column, match[1] if match.groups() else None, body["keys"]))
        return found


def starred(formula: str, star: str | None) -> str:
    """The formula with * and . as what they stand for."""
    if star is None:
        return formula
    if star == TOTAL:
        return formula.replace(".*", "")
    return formula.replace("*", star).replace("{.", "{" + star)
