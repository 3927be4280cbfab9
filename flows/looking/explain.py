"""One number, whole: every edition that prints it, the cells it stands in, how it is derived, what checked it."""

from __future__ import annotations

from typing import Any

import duckdb

from flows.home.folder import Home
from flows.home.releases import Unknown
from flows.looking import naming
from flows.looking.derivation import Derivations
from flows.looking.formulas import Declared, Derived
from flows.looking.query import connect, database, records
from flows.looking.touching import Touching

Row = dict[str, Any]
PLACE = ("document", "name", "sheet", "cell", "raw")


def explain(home: Home, indicator: str, region: str, period: int) -> Row:
    """The contract's answer for an indicator (a code, or a mart's derived column such as
    `rd_structure_by_region.basic_share`), a region (code or name) and a period. Raises NoRelease, or Unknown
    naming what comes near."""
    with connect(database(home)) as connection:
        return Explanation(connection, indicator, region, period).whole()


class Explanation:
    """One question to one release."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, indicator: str, region: str, period: int) -> None:
        self.connection = connection
        derived_name = bool(Declared().columns(indicator))
        self.indicator = naming.indicator(connection, indicator, [indicator] if derived_name else _derived_names())
        self.region = naming.region(connection, region, self._sectors() if derived_name else [])
        self.period = period
        self.derivations = Derivations(connection, self.region, period)

    def _sectors(self) -> list[str]:
        return [
            row[0]
            for row in self.connection.execute("select distinct sector from rd_structure_by_sector").fetchall()
        ]

    def whole(self) -> Row:
        """Everything about the number. Raises Unknown when no edition has it."""
        self.printed = printed = self._observations()
        seen = {row["edition"] for row in printed if row["value"] is not None}
        derived = [d for d in self.derivations.of(self.indicator) if d.edition not in seen]
        self.aside = self._quarantined()
        if not (printed or self.aside or derived):
            raise Unknown(self._nothing())
        numbers = [*printed, *(o for d in derived for o in d.observations)]
        self.cells = self._cells(numbers)
        self.touching = Touching(self.connection, [*numbers, *self.aside], [*self.cells, *self.aside])
        self.revisions = self._revisions()
        vintages = [self._direct(row) for row in printed]
        vintages += self._set_aside({row["edition"] for row in printed})
        vintages += [self._derived(d) for d in derived]
        dates = dict(self.connection.execute("select edition, release_date::varchar from edition").fetchall())
        for vintage in vintages:
            vintage["release_date"] = dates.get(vintage["edition"])
        vintages.sort(key=lambda v: (v["release_date"] or "", v["edition"] or ""))
        for older in [v for v in vintages if v["is_latest"]][:-1]:  # of what is printed, and of what it is made from
            older["is_latest"] = False
        return self._named() | {"vintages": vintages}

    def _named(self) -> Row:
        """What was asked for, with names."""
        what = self._one("select name_zh, name_en from indicator where indicator = ?", [self.indicator])
        for column in Declared().columns(self.indicator) if not what else []:
            what = self._one(
                "select comment_zh as name_zh, comment_en as name_en from dictionary"
                ' where "table" = ? and "column" = ?',
                [column.mart, column.name],
            )
        where = self._one("select name_zh, name_en, kind from region where region = ?", [self.region])
        return {
            "indicator": self.indicator,
            "region": self.region,
            "period": self.period,
            "indicator_zh": what.get("name_zh"),
            "indicator_en": what.get("name_en"),
            "region_zh": where.get("name_zh"),
            "region_en": where.get("name_en"),
        }

    def _observations(self) -> list[Row]:
        return records(
            self.connection,
            "select o.*, i.unit_zh, i.unit_en from observation as o left join indicator as i using (indicator)"
            " where o.indicator = ? and o.region = ? and o.period = ? order by o.edition",
            [self.indicator, self.region, self.period],
        )

    def _direct(self, row: Row) -> Row:
        """A vintage that an edition prints."""
        cells = [cell for cell in self.cells if _is_of(cell, row)]
        found = self.touching.findings(row, cells)
        return {
            "edition": row["edition"],
            "value": row["value"],
            "unit": row["unit"],
            "unit_zh": row["unit_zh"],
            "unit_en": row["unit_en"],
            "status": row["status"],
            "is_latest": row["is_latest"],
            "derivation": None,
            "cells": [cell | {"stands": _is_the_same(cell, row)} for cell in cells],
            "inputs": [],
            "checks": [*found, *self.touching.held(row, cells, found, self.printed)],
            "revision": self.revisions.get(row["edition"]),
            "set_aside": [cell for cell in self.aside if cell["edition"] == row["edition"]],
        }

    def _derived(self, derived: Derived) -> Row:
        """A vintage that is made of others: with every cell of every number it is made of."""
        observations = derived.observations
        cells = [cell for o in observations for cell in self.cells if _is_of(cell, o)]
        checks = [
            check | {"of": f"{o['indicator']} {o['region']} {o['period']}"}
            for o in observations
            for check in self.touching.findings(o, [c for c in cells if _is_of(c, o)], sums=False)
        ]
        statuses = {o["status"] for o in observations} - {"A"}
        return {
            "edition": derived.edition,
            "value": derived.value,
            "unit": derived.unit,
            **self._one("select unit_zh, unit_en from indicator where unit = ? limit 1", [derived.unit]),
            "status": min(statuses) if statuses else "A",
            "is_latest": bool(observations) and all(o["is_latest"] for o in observations),
            "derivation": derived.text,
            "cells": [c | {"of": f"{c['indicator']} {c['region']} {c['period']}"} for c in cells],
            "inputs": observations,
            "checks": checks,
            "revision": None,
            "set_aside": [],
        }

    def _set_aside(self, printed: set[str]) -> list[Row]:
        """Vintages whose every cell was set aside: no value, but what stands there and why."""
        rows = [row for row in self.aside if row["edition"] not in printed]
        vintages = []
        for edition in dict.fromkeys(row["edition"] for row in rows):
            own = [row for row in rows if row["edition"] == edition]
            key = {"indicator": self.indicator, "region": self.region, "period": self.period, "edition": edition}
            unit = self._one("select unit, unit_zh, unit_en from indicator where indicator = ?", [self.indicator])
            vintages.append(
                {"edition": edition, "value": None, "unit": None, **unit, "status": "O", "is_latest": False}
                | {"derivation": None, "inputs": [], "revision": None, "set_aside": own}
                | {"cells": [{name: row[name] for name in PLACE} for row in own]}
                | {"checks": self.touching.findings(key, own)}
            )
        return vintages

    def _quarantined(self) -> list[Row]:
        return records(
            self.connection,
            "select q.*, d.names as name from quarantine as q left join document as d using (document)"
            " where q.indicator = ? and q.region = ? and q.period = ?"
            " order by q.edition, d.names, q.sheet, q.cell",
            [self.indicator, self.region, self.period],
        )

    def _cells(self, observations: list[Row]) -> list[Row]:
        """Every cell that prints one of some observations, the original file's name included."""
        names = ("indicator", "region", "period", "edition")
        keys = [[o[name] for o in observations] for name in names]
        return records(
            self.connection,
            """
            with keys as (
                select unnest(?::varchar[]) as indicator, unnest(?::varchar[]) as region,
                    unnest(?::integer[]) as period, unnest(?::varchar[]) as edition
            )
            select c.document, d.names as name, c.sheet, c.cell, c.raw, c."table", c.value, c.published_unit,
                c.resolution, c.status, c.note, c.indicator, c.region, c.period, c.edition
            from source_cell as c
            inner join keys using (indicator, region, period, edition)
            left join document as d using (document)
            where c.role = 'value'
            order by c.indicator, c.region, c.period, c.edition, c.resolution, c."table", d.names, c.sheet, c."row"
            """,
            keys,
        )

    def _revisions(self) -> dict[str, Row]:
        """What became of the number when each edition appeared."""
        rows = records(
            self.connection,
            "select to_edition, kind, from_edition, old_value, new_value, tolerance from revision"
            " where indicator = ? and region = ? and period = ? order by to_edition, from_edition",
            [self.indicator, self.region, self.period],
        )
        return {row["to_edition"]: row for row in rows}

    def _nothing(self) -> str:
        """Why there is nothing, and what there is instead."""
        asked = f"{self.indicator} of {self.region} in {self.period} is in no edition"
        periods = records(
            self.connection,
            "select distinct period from observation where indicator = ? and region = ? order by period",
            [self.indicator, self.region],
        )
        if periods:
            return f"{asked}; there is {', '.join(str(row['period']) for row in periods)}"
        regions = records(
            self.connection,
            "select distinct region from observation where indicator = ? order by region",
            [self.indicator],
        )
        if members := self.derivations.members.get(self.region):
            known = {row["region"] for row in regions}
            lacking = [member for member in members if member not in known]
            if lacking:
                return f"{asked} and cannot be derived: there is no number for its members {', '.join(lacking)}"
        if not regions:
            return f"{asked}; no place has this indicator"
        listed = ", ".join(row["region"] for row in regions[:40])
        return f"{asked}; it is known for {listed}{' …' if len(regions) > 40 else ''}"

    def _one(self, sql: str, parameters: list[Any]) -> Row:
        rows = records(self.connection, sql, parameters)
        return rows[0] if rows else {}


def _derived_names() -> list[str]:
    """The names of every declared derived column, for suggestions."""
    marts = Declared().marts
    return [f"{mart}.{column}" for mart, body in marts.items() for column in body["columns"]]


def _is_the_same(cell: Row, observation: Row) -> bool:
    return all(cell[name] == observation[name] for name in ("document", "sheet", "cell"))


def _is_of(cell: Row, observation: Row) -> bool:
    return all(cell[name] == observation[name] for name in ("indicator", "region", "period", "edition"))
