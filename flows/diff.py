"""What changed between two releases, number by number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from flows.marts import parts

CHANGES = """
with
old as (select * from {old}),
new as (select * from {new}),
paired as (
    select
        coalesce(new.indicator, old.indicator) as indicator,
        coalesce(new.region, old.region) as region,
        coalesce(new.period, old.period) as period,
        coalesce(new.edition, old.edition) as edition,
        coalesce(new."table", old."table") as "table",
        old.value as old_value,
        new.value as new_value,
        greatest(coalesce(old.resolution, 0), coalesce(new.resolution, 0)) / 2
            + 1e-9 * greatest(abs(coalesce(old.value, 0)), abs(coalesce(new.value, 0)), 1) as tolerance
    from old full join new using (indicator, region, period, edition)
    where old.value is distinct from new.value
)
select *, case
    when old_value is null then 'new'
    when new_value is null then 'withdrawn'
    when abs(new_value - old_value) <= tolerance then 'rounding'
    else 'revised'
end as kind
from paired
order by kind, edition desc, "table", indicator, region, period
"""


KEYS = ("kind", "table", "indicator", "region", "period", "edition", "old_value", "new_value")


def compare(old: Path | None, new: Path) -> list[dict[str, Any]]:
    """Changes from the release folder `old` (None: from nothing) to `new`, as plain values: for new numbers one
    entry for each edition, table and indicator with their count; every other change by itself; then the kinds of
    finding that `new` has and `old` lacks."""
    with duckdb.connect() as connection:
        observations = _read(new, "observation")
        if old is None:
            rows = connection.execute(
                f"select 'new' as kind, \"table\", indicator, edition, count(*) as numbers from {observations}"
                " where value is not null group by all order by all"
            ).fetchall()
            return [dict(zip(("kind", "table", "indicator", "edition", "numbers"), r, strict=True)) for r in rows]
        changed = CHANGES.format(old=_read(old, "observation"), new=observations)
        connection.execute(f"create temp table changes as {changed}")
        fresh = connection.execute(
            "select kind, \"table\", indicator, edition, count(*) from changes where kind = 'new'"
            " group by all order by edition desc, \"table\", indicator"
        ).fetchall()
        rest = connection.execute(
            'select kind, "table", indicator, region, period, edition, old_value, new_value'
            " from changes where kind <> 'new'"
        ).fetchall()
        changes = [dict(zip(("kind", "table", "indicator", "edition", "numbers"), r, strict=True)) for r in fresh]
        changes += [dict(zip(KEYS, r, strict=True)) for r in rest]
        return changes + _findings(connection, old, new)


def _findings(connection: duckdb.DuckDBPyConnection, old: Path, new: Path) -> list[dict[str, Any]]:
    """Findings that came, by kind and place; a finding of no region, period or indicator is in the same place, too."""
    columns = ('"check"', "severity", '"table"', "edition", "indicator", "region", "period", "acknowledged")
    key, same = ", ".join(columns), " and ".join(f"new.{c} is not distinct from old.{c}" for c in columns)
    rows = connection.execute(
        f"""
        with old as (select {key}, count(*) as numbers from {_read(old, "finding")} group by all),
        new as (select {key}, count(*) as numbers from {_read(new, "finding")} group by all)
        select 'finding' as kind, {key}, numbers from new anti join old on {same}
        order by all
        """
    ).fetchall()
    names = ("kind", "check", "severity", "table", "edition", "indicator", "region", "period", "acknowledged",
             "numbers")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _read(release: Path, mart: str) -> str:
    return parts.relation(parts.files(release / "marts" / f"{mart}.parquet"))


def counts(changes: list[dict[str, Any]]) -> dict[str, int]:
    """How many numbers changed, by kind."""
    total: dict[str, int] = {}
    for change in changes:
        total[change["kind"]] = total.get(change["kind"], 0) + int(change.get("numbers", 1))
    return total
