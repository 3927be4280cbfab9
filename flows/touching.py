"""The checks that touched a number: findings about it or a sum that it is part of, and the identities that held.

Which identities there are is declared in data/rules/identities.yml; whether they hold was judged when the release
was built. An identity that is not convicted by a finding is shown here with its numbers, added up again from the
cells of the number's own table, so that a reader sees what holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import duckdb
import yaml

from flows.dictionary import ROOT
from flows.terminal import number

Row = dict[str, Any]
SHOWN = (
    "check", "severity", "table", "region", "indicator", "period", "residual", "tolerance", "message", "acknowledged",
    "reason", "document", "sheet", "cell",
)  # fmt: skip


class Touching:
    """Checks of the numbers of one release."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def findings(self, key: Row, cells: list[Row], sums: bool = True) -> list[Row]:
        """Findings of the number `key` (indicator, region, period, edition) printed in `cells`; with `sums`, also
        those of the totals that it is a part of."""
        around = self._totals(key) if sums else []
        places = [(key["indicator"], key["region"]), *around]
        rows = self._records(
            """
            with places as (select unnest(?::varchar[]) as indicator, unnest(?::varchar[]) as region),
            printed as (select unnest(?::varchar[]) as document, unnest(?::varchar[]) as sheet, unnest(?::varchar[]) as cell),
            hits as (
                select f.* from finding as f semi join places as p on p.indicator = f.indicator and p.region = f.region
                where f.period is not distinct from ? and f.edition is not distinct from ?
                union
                select f.* from finding as f semi join printed as p
                    on p.document = f.document and coalesce(f.sheet, p.sheet) = p.sheet and f.cell = p.cell
                union
                select f.* from finding as f semi join printed as p
                    on p.document = f.document and coalesce(f.sheet, p.sheet) = p.sheet
                where f.cell is null and f.region is null and coalesce(f.indicator, ?) = ?
            )
            select * from hits order by acknowledged, severity, "check", "table", region
            """,
            [
                [p[0] for p in places], [p[1] for p in places],
                [c["document"] for c in cells], [c["sheet"] for c in cells], [c["cell"] for c in cells],
                key["period"], key["edition"], key["indicator"], key["indicator"],
            ],
        )  # fmt: skip
        return [{name: row[name] for name in SHOWN} | {"outcome": _outcome(row)} for row in rows]

    def held(self, key: Row, cells: list[Row], found: list[Row]) -> list[Row]:
        """The identities of the number that hold, each once for every sheet that prints it."""
        convicted = {(f["check"], f["indicator"], f["region"]) for f in found}
        held: dict[str, Row] = {}
        for document, sheet in dict.fromkeys((c["document"], c["sheet"]) for c in cells):
            for identity in self._identities(key, document, sheet):
                if (identity["check"], identity["indicator"], identity["region"]) not in convicted:
                    held.setdefault(identity["message"], identity)
        return [*held.values(), *self._printings(key, cells)]

    def _totals(self, key: Row) -> list[tuple[str, str]]:
        """Places of the sums that a number is part of: the parent's, the zone's, the nation's."""
        family = self.parents.get(key["indicator"])
        wholes = [region for region, members in self.members.items() if key["region"] in members]
        up = [(family[0], key["region"])] if family else []
        return [*up, *((key["indicator"], region) for region in wholes)]

    def _identities(self, key: Row, document: str, sheet: str) -> Iterator[Row]:
        """Sums of one sheet that the number is in and that hold within the published digits."""
        cells = {
            (c["indicator"], c["region"]): c
            for c in self._records(
                "select indicator, region, value, resolution from source_cell where document = ? and sheet = ?"
                " and period = ? and edition = ? and value is not null and (region = ? or indicator = ?)",
                [document, sheet, key["period"], key["edition"], key["region"], key["indicator"]],
            )
        }
        for check, total, parts in [*self._rows_sums(key, cells), *self._column_sums(key, cells)]:
            terms = [cells[part] for part in parts]
            residual = sum(t["value"] for t in terms) - cells[total]["value"]
            allowed = sum(t["resolution"] or 0 for t in [*terms, cells[total]]) / 2
            slack = 1e-9 * max(abs(cells[total]["value"]), 1)
            if len(parts) > 1 and abs(residual) <= allowed + slack:
                said = f"{total[0]} {total[1]} = {self._names(total, parts)}"
                yield _held(check, total, key, residual, allowed, said)

    def _rows_sums(self, key: Row, cells: dict[tuple[str, str], Row]) -> Iterator[tuple[str, tuple, list[tuple]]]:
        region, check = key["region"], self.rules["parts_and_total"]["check"]
        family = self.parents.get(key["indicator"])
        own = {(key["indicator"], partition) for p, partition in self.partitions if p == key["indicator"]}
        for total, partition in sorted({*own, *([family] if family else [])}):
            children = self.partitions.get((total, partition), [])
            parts = [(child, region) for child in children if (child, region) in cells]
            if (total, region) in cells and parts:
                yield check, (total, region), parts

    def _column_sums(self, key: Row, cells: dict[tuple[str, str], Row]) -> Iterator[tuple[str, tuple, list[tuple]]]:
        indicator, rule = key["indicator"], self.rules["regions"]
        printed = {region for code, region in cells if code == indicator}
        beside = {str(k): [str(p) for p in parts or []] for k, parts in rule["beside"].items()}
        replaced = {part for k in beside if k in printed for part in beside[k]}
        extra = [region for region in beside if region in printed and region not in replaced]
        for whole, members in self.members.items():
            nation = whole == rule["nation"]
            within = [*members, *extra] if nation else members
            if whole in printed and set(members) <= printed and key["region"] in (whole, *within):
                yield (rule["check_nation"] if nation else rule["check_zone"], (indicator, whole),
                       [(indicator, region) for region in within])

    def _printings(self, key: Row, cells: list[Row]) -> Iterator[Row]:
        """The number's several places in its edition, when they agree."""
        values = [(c["value"], c["resolution"] or 0) for c in cells if c["value"] is not None]
        if len(values) < 2:
            return
        spread = max(v for v, _ in values) - min(v for v, _ in values)
        allowed = max(r for _, r in values) / 2
        if spread <= allowed + 1e-9 * max(abs(v) for v, _ in values):
            said = f"{len(values)} places of this edition print the number alike"
            yield _held(self.rules["two_printings"]["check"], (key["indicator"], key["region"]), key, spread, allowed, said)

    def _names(self, total: tuple[str, str], parts: list[tuple[str, str]]) -> str:
        names = [part[0] if part[0] != total[0] else part[1] for part in parts]
        return " + ".join(names) if len(names) <= 6 else f"{' + '.join(names[:3])} + … ({len(names)} parts)"

    @cached_property
    def rules(self) -> Row:
        """data/rules/identities.yml."""
        with (ROOT / "data" / "rules" / "identities.yml").open(encoding="utf-8") as stream:
            return yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """The zones and the nation with their provinces."""
        known = {self.rules["regions"]["nation"], *self.rules["regions"]["zones"]}
        found: dict[str, list[str]] = {}
        for region, member in self.connection.execute("select region, member from region_member order by all").fetchall():
            if region in known:
                found.setdefault(region, []).append(member)
        return found

    @cached_property
    def parents(self) -> dict[str, tuple[str, str]]:
        """Of every additive child, the parent and the partition."""
        return {child: family for family, children in self.partitions.items() for child in children}

    @cached_property
    def partitions(self) -> dict[tuple[str, str], list[str]]:
        """(parent, partition) to the children that add up to the parent."""
        found: dict[tuple[str, str], list[str]] = {}
        rows = self.connection.execute(
            'select parent, "partition", indicator from indicator where additive and parent is not null order by all'
        ).fetchall()
        for parent, partition, child in rows:
            found.setdefault((parent, partition), []).append(child)
        return found

    def _records(self, sql: str, parameters: list[Any]) -> list[Row]:
        result = self.connection.execute(sql, parameters)
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _outcome(finding: Row) -> str:
    return "known" if finding["acknowledged"] else "found"


def _held(check: str, total: tuple[str, str], key: Row, residual: float, allowed: float, said: str) -> Row:
    """A check as `explain` shows it, for an identity that holds."""
    text = f"{said}, off by {number(round(residual, 6))}; the digits allow {number(round(allowed, 6))}"
    return dict.fromkeys(SHOWN) | {
        "check": check, "severity": "info", "indicator": total[0], "region": total[1], "period": key["period"],
        "residual": residual, "tolerance": allowed, "message": text, "acknowledged": False, "outcome": "held",
    }  # fmt: skip
