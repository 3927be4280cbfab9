"""How derived numbers come about: which numbers, in which formula, and where each of them stands.

data/reference/derivations.yml and framework.csv declare what is derived from what; the values are the marts'.
Only the sum of a highland's members, in an edition that prints all of them, is added up here.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from flows.looking.formulas import TOKEN, Column, Declared, Derived, Figure, Row, starred
from flows.looking.query import records
from flows.project import DATA, load_yaml
from flows.showing.terminal import number


class Derivations:
    """Derived numbers of one place and period."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, region: str, period: int) -> None:
        self.connection = connection
        self.region = region
        self.period = period
        self.declared = Declared()
        self.names = dict(connection.execute("select region, coalesce(name_en, region) from region").fetchall())
        members = connection.execute("select region, member from region_member order by region, member").fetchall()
        kinds = dict(connection.execute("select region, kind from region").fetchall())
        self.members: dict[str, list[str]] = {}
        for whole, member in members:
            if kinds.get(whole) == "highland":
                self.members.setdefault(whole, []).append(member)

    def of(self, indicator: str) -> list[Derived]:
        """Everything that is derived under this name, edition by edition."""
        found = [d for column in self.declared.columns(indicator) for d in self._of_mart(column)]
        if not found and self.region in self.members:
            found = [*self._sums(indicator), *self._ratio(indicator)]
        return found

    def _of_mart(self, column: Column) -> list[Derived]:
        body = self.declared.marts[column.mart]
        place, star = self.region, column.star
        if star is None and "star" in column.keys.values():
            place, star = "CN", self.region  # the place asked for is the mart's own key, such as a sector
        where = {key: place if means == "place" else star for key, means in column.keys.items()}
        if "place" not in column.keys.values() and place != "CN":
            return []
        edition = body["edition"]
        named = " and ".join(f"{key} = ?" for key in where)
        rows = self.connection.execute(
            f'select distinct {edition}, "{column.name}" from {column.mart}'
            f' where period = ? and "{column.name}" is not null and {named} order by all',
            [self.period, *where.values()],
        ).fetchall()
        unit = column.declared.get("unit") or self._unit(star)
        declared = column.declared["formula"]
        formulas = [starred(f, star) for f in (declared if isinstance(declared, list) else [declared])]
        return [
            Derived(found, value, unit, *self._worked(formulas, place, None if body.get("latest") else found))
            for found, value in rows
        ]

    def _worked(self, formulas: list[str], place: str, edition: str | None) -> tuple[str, dict[str, Figure]]:
        """The first formula whose numbers are all there, with them: of one edition or (None) the latest."""
        for formula in formulas:
            inputs: dict[str, Figure] = {}
            for token in TOKEN.finditer(formula):
                code, region, shift = token[1], token[2] or place, int(token[3] or 0)
                if figure := self.figure(code, region, self.period + shift, edition):
                    inputs[token[0]] = figure
            if len(inputs) == len(set(TOKEN.findall(formula))):
                return formula, inputs
        return formulas[0], {}

    def _unit(self, indicator: str | None) -> str | None:
        found = self.connection.execute("select unit from indicator where indicator = ?", [indicator]).fetchone()
        return found[0] if found else None

    def figure(self, code: str, region: str, period: int, edition: str | None) -> Figure | None:
        """A number with the observations it is made of: its own, its members' or, of a ratio, both sides'."""
        for name in (code, self.declared.printed_as.get(code, code)):
            own = self._observations(name, [region], period, edition)
            if own:
                where = "" if (region, period) == (self.region, self.period) else f" {self._at(region, period)}"
                return Figure(f"{name}{where}", own[0]["value"], own)
            members = self.members.get(region)
            parts = self._observations(name, members, period, edition) if members else []
            if members and len(parts) == len(members):
                return self._sum(name, region, period, parts)
        if code in self.declared.ratios and edition is None:
            return self._quotient(code, region, period)
        return None

    def _at(self, region: str, period: int) -> str:
        shown = self.names.get(region, region)
        return shown if period == self.period else f"{shown} {period}"

    def _sum(self, code: str, region: str, period: int, parts: list[Row]) -> Figure:
        total = sum(part["value"] for part in parts)
        added = " + ".join(f"{self.names.get(p['region'], p['region'])} {number(p['value'])}" for p in parts)
        name = code if (region, period) == (self.region, self.period) else f"{code} {self._at(region, period)}"
        return Figure(name, total, parts, f"{name} = {added} = {number(total)}")

    def _quotient(self, code: str, region: str, period: int) -> Figure | None:
        above, below, factor = self.declared.ratios[code]
        sides = [self.figure(side, region, period, None) for side in (above, below)]
        if not (sides[0] and sides[1]) or not sides[1].value:
            return None
        value = float(factor) * sides[0].value / sides[1].value
        text = f"{code} = {factor} × {number(sides[0].value)} ÷ {number(sides[1].value)}"
        inner = [side.text for side in sides if side and side.text]
        return Figure(code, value, [*sides[0].observations, *sides[1].observations], "; ".join([text, *inner]))

    def _observations(self, code: str, regions: Iterable[str], period: int, edition: str | None) -> list[Row]:
        """The observations of some regions, in the order of their codes."""
        chosen = "is_latest" if edition is None else "edition = ?"
        return records(
            self.connection,
            "select indicator, region, period, edition, value, unit, status, is_latest from observation"
            f" where value is not null and indicator = ? and period = ? and list_contains(?, region) and {chosen}"
            " order by region",
            [code, period, list(regions), *([] if edition is None else [edition])],
        )

    def _sums(self, indicator: str) -> list[Derived]:
        """The members' sum, in every edition that prints the indicator for all of them, where it adds up."""
        unit = self._unit(indicator)
        if unit in load_yaml(DATA / "rules" / "identities.yml")["regions"]["not_additive"]:
            return []
        members = self.members[self.region]
        rows = self.connection.execute(
            "select edition, sum(value order by region) from observation where indicator = ? and period = ?"
            " and value is not null and list_contains(?, region)"
            " group by edition having count(*) = ? order by edition",
            [indicator, self.period, members, len(members)],
        ).fetchall()
        token = "{" + indicator + "}"
        found = [(row, self.figure(indicator, self.region, self.period, row[0])) for row in rows]
        return [Derived(edition, value, unit, token, {token: f}) for (edition, value), f in found if f]

    def _ratio(self, indicator: str) -> list[Derived]:
        """A ratio of the paper's framework for a highland, as highland_profile has it."""
        if indicator not in self.declared.ratios:
            return []
        columns = self.declared.columns(f"highland_profile.{indicator}.value")
        return [d for column in columns for d in self._of_mart(column)]
