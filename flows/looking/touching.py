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

from flows.looking.query import records
from flows.project import DATA, load_yaml
from flows.showing.terminal import number

Row = dict[str, Any]
SHOWN = (
    "check", "severity", "table", "region", "indicator", "period", "residual", "tolerance", "message",
    "acknowledged", "reason", "document", "name", "sheet", "cell",
)  # fmt: skip


class Touching:
    """Checks of some numbers of one release: `keys` (indicator, region, period, edition) are the numbers, `cells`
    the places where they stand."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, keys: list[Row], cells: list[Row]) -> None:
        self.connection = connection
        self.found = records(
            connection,
            "select f.*, d.names as name from finding as f left join document as d using (document)"
            " where list_contains(?, f.edition) or list_contains(?, f.document)"
            ' order by f.acknowledged, f.severity, f."check", f."table", f.region, f.indicator, f.document',
            [sorted({k["edition"] for k in keys}), sorted({c["document"] for c in cells})],
        )

    def findings(self, key: Row, cells: list[Row], sums: bool = True) -> list[Row]:
        """Findings of the number `key` that stands in `cells`; with `sums`, also those of the totals that it is a
        part of."""
        places = {(key["indicator"], key["region"]), *(self._totals(key) if sums else [])}
        printed = {(c["document"], c["sheet"], c["cell"]) for c in cells}
        sheets = {c[:2] for c in printed} | {(c[0], None) for c in printed}
        return [
            {name: row[name] for name in SHOWN} | {"outcome": "known" if row["acknowledged"] else "found"}
            for row in self.found
            if _is_about(row, key, places) or _is_at(row, key, printed, sheets)
        ]

    def held(self, key: Row, cells: list[Row], found: list[Row], editions: list[Row]) -> list[Row]:
        """The identities of the number that hold, each once, and its several printings when they agree, in this
        edition and in the other `editions` (observations) that print it first."""
        broken = {(f["check"], f["indicator"], f["region"], f["document"]) for f in found}
        held: dict[str, Row] = {}
        for document, sheet in dict.fromkeys((c["document"], c["sheet"]) for c in cells):
            for identity in self._identities(key, document, sheet):
                if (identity["check"], identity["indicator"], identity["region"], document) not in broken:
                    held.setdefault(identity["message"].partition(",")[0], identity)
        return [*held.values(), *self._printings(key, cells), *self._first_printings(key, editions)]

    def _totals(self, key: Row) -> list[tuple[str, str]]:
        """Places of the sums that a number is part of: the parent's, the zone's, the nation's."""
        family = self.parents.get(key["indicator"])
        wholes = [region for region, members in self.members.items() if key["region"] in members]
        up = [(family[0], key["region"])] if family else []
        return [*up, *((key["indicator"], region) for region in wholes)]

    def _identities(self, key: Row, document: str, sheet: str) -> Iterator[Row]:
        """Sums of one sheet that the number is in and that hold within the published digits."""
        rows = records(
            self.connection,
            "select indicator, region, value, resolution from source_cell where document = ? and sheet = ?"
            " and period = ? and edition = ? and value is not null and (region = ? or indicator = ?)",
            [document, sheet, key["period"], key["edition"], key["region"], key["indicator"]],
        )
        cells = {(c["indicator"], c["region"]): c for c in rows}
        for check, total, parts in [*self._rows_sums(key, cells), *self._column_sums(key, cells)]:
            terms = [cells[part] for part in parts]
            residual = sum(t["value"] for t in terms) - cells[total]["value"]
            allowed = sum(t["resolution"] or 0 for t in [*terms, cells[total]]) / 2
            slack = 1e-9 * max(abs(cells[total]["value"]), 1)
            if len(parts) > 1 and abs(residual) <= allowed + slack:
                yield _held(check, total, key, residual, allowed, f"{' '.join(total)} = {_added(total, parts)}")

    def _rows_sums(self, key: Row, cells: dict[tuple[str, str], Row]) -> Iterator[tuple[str, tuple, list[tuple]]]:
        region, check = key["region"], self.rules["parts_and_total"]["check"]
        family = self.parents.get(key["indicator"])
        own = {(key["indicator"], partition) for p, partition in self.partitions if p == key["indicator"]}
        for total, partition in sorted({*own, *([family] if family else [])}):
            children = self.partitions.get((total, partition), [])
            parts = [(child, region) for child in children if (child, region) in cells]
            if (total, region) in cells and parts:
                yield check, (total, region), parts

    def _column_sums(
        self, key: Row, cells: dict[tuple[str, str], Row]
    ) -> Iterator[tuple[str, tuple, list[tuple]]]:
        indicator, rule = key["indicator"], self.rules["regions"]
        printed = {region for code, region in cells if code == indicator}
        beside = {str(k): [str(p) for p in parts or []] for k, parts in rule["beside"].items()}
        replaced = {part for k in beside if k in printed for part in beside[k]}
        extra = [region for region in beside if region in printed and region not in replaced]
        for whole, members in self.members.items():
            nation = whole == rule["nation"]
            within = [*members, *extra] if nation else members
            if whole in printed and set(members) <= printed and key["region"] in (whole, *within):
                yield (
                    rule["check_nation"] if nation else rule["check_zone"],
                    (indicator, whole),
                    [(indicator, region) for region in within],
                )

    def _printings(self, key: Row, cells: list[Row]) -> Iterator[Row]:
        """The number's several places in its edition, when they agree."""
        values = [(c["value"], c["resolution"] or 0) for c in cells if c["value"] is not None]
        if len(values) < 2:
            return
        spread = max(v for v, _ in values) - min(v for v, _ in values)
        allowed = max(r for _, r in values) / 2
        if spread <= allowed + 1e-9 * max(abs(v) for v, _ in values):
            check, place = self.rules["two_printings"]["check"], (key["indicator"], key["region"])
            yield _held(check, place, key, spread, allowed, f"{len(values)} places of this edition print it alike")

    def _first_printings(self, key: Row, editions: list[Row]) -> Iterator[Row]:
        """The year's number in its other first printings (yearbook and bulletin), when they agree."""
        for rule in self.rules["first_printings"]:
            first = {f"{name}/{key['period'] - offset}" for name, offset in rule["series"].items()}
            if key["edition"] not in first or key["value"] is None:
                continue
            for other in editions:
                if other["edition"] in first - {key["edition"]} and other["value"] is not None:
                    off = key["value"] - other["value"]
                    allowed = max(key["resolution"] or 0, other["resolution"] or 0) / 2
                    if abs(off) <= allowed + 1e-9 * abs(key["value"]):
                        place = (key["indicator"], key["region"])
                        said = f"{other['edition']} says {number(other['value'])}"
                        yield _held(rule["check"], place, key, off, allowed, said)

    @cached_property
    def rules(self) -> Row:
        """data/rules/identities.yml."""
        return load_yaml(DATA / "rules" / "identities.yml")

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """The zones and the nation with their provinces."""
        known = {self.rules["regions"]["nation"], *self.rules["regions"]["zones"]}
        found: dict[str, list[str]] = {}
        for row in records(self.connection, "select region, member from region_member order by all"):
            if row["region"] in known:
                found.setdefault(row["region"], []).append(row["member"])
        return found

    @cached_property
    def parents(self) -> dict[str, tuple[str, str]]:
        """Of every additive child, the parent and the partition."""
        return {child: family for family, children in self.partitions.items() for child in children}

    @cached_property
    def partitions(self) -> dict[tuple[str, str], list[str]]:
        """(parent, partition) to the children that add up to the parent."""
        found: dict[tuple[str, str], list[str]] = {}
        rows = records(
            self.connection,
            'select parent, "partition", indicator from indicator'
            " where additive and parent is not null order by all",
        )
        for row in rows:
            found.setdefault((row["parent"], row["partition"]), []).append(row["indicator"])
        return found


def _is_about(finding: Row, key: Row, places: set[tuple[str, str]]) -> bool:
    """Whether a finding is about the number, or about a sum that it is part of."""
    same = all(finding[name] == key[name] for name in ("period", "edition"))
    return same and (finding["indicator"], finding["region"]) in places


def _is_at(finding: Row, key: Row, printed: set[tuple], sheets: set[tuple]) -> bool:
    """Whether a finding is about a cell of the number, or about the column or sheet that it stands in."""
    if finding["cell"] is not None:
        return (finding["document"], finding["sheet"], finding["cell"]) in printed
    whole = finding["region"] is None and finding["indicator"] in (None, key["indicator"])
    return whole and (finding["document"], finding["sheet"]) in sheets


def _added(total: tuple[str, str], parts: list[tuple[str, str]]) -> str:
    """The parts of a sum, each by what tells it from the total."""
    names = [part[0] if part[0] != total[0] else part[1] for part in parts]
    return " + ".join(names) if len(names) <= 6 else f"{' + '.join(names[:3])} + … ({len(names)} parts)"


def _held(check: str, total: tuple[str, str], key: Row, residual: float, allowed: float, said: str) -> Row:
    """A check as `explain` shows it, for an identity that holds."""
    off = number(round(residual, 6) + 0.0)
    return dict.fromkeys(SHOWN) | {
        "check": check, "severity": "info", "indicator": total[0], "region": total[1], "period": key["period"],
        "residual": residual, "tolerance": allowed, "acknowledged": False, "outcome": "held",
        "message": f"{said}, off by {off}; the digits allow {number(round(allowed, 6))}",
    }  # fmt: skip
