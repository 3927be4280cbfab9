"""`python -m benchmarks.many HOME FOLDER ROWS`: a release with so many observations, for measuring questions.

The current release of HOME (one of data/raw) gives the dimensions and the marts that do not grow with the regions;
to them come counties and prefectures of every province and the editions of three invented yearbooks of their level.
Observations, their cells, revisions, structures and findings are written as a refresh writes them
(flows.marts.storage), one edition at a time. Numbers follow from hashes: the same rows each time.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.compute as pc

from flows.marts import assembly, parts, storage
from flows.marts.dictionary import Dictionary

SERIES = ("st-yearbook", "city-yearbook", "county-yearbook")
NEWEST = 2024
GROWN = ("observation", "source_cell", "revision")
PREFECTURES, COUNTIES = 11, 9
"""For each province, for each prefecture: 31 × 11 × (1 + 9) regions and those that there are."""

REGIONS = f"""
create table more as
with province as (from region where kind = 'province' and region similar to '[0-9]{{6}}'),
city as (
    select left(region, 2) || lpad(n::varchar, 2, '0') || '00' as region, 'city' as kind, region as parent,
        name_zh || n as name_zh, name_en || ' ' || n as name_en
    from province, range(21, {21 + PREFECTURES}) as _(n)
),
county as (
    select left(region, 4) || lpad(n::varchar, 2, '0') as region, 'county' as kind, region as parent,
        name_zh || n as name_zh, name_en || '-' || n as name_en
    from city, range(21, {21 + COUNTIES}) as _(n)
)
from city union all by name from county;
insert into region by name from more where region not in (select region from region);
create table place as
select region, row_number() over (order by region) as n from region
where kind not in ('economy', 'cluster', 'aggregate', 'foreign');
create table measure as
select indicator, unit, split_part(indicator, '.', 1) as "table", row_number() over (order by indicator) as n
from indicator;
"""
NUMBERS = """
create or replace temp table numbers as
with cells as (
    select m.indicator, p.region, y.period::integer as period, $edition as edition, m.unit, m."table",
        hash(m.indicator, p.region, y.period) as h, hash(m.indicator, p.region, y.period, 1) as again,
        p.n as place, m.n as measure, $year - y.period as age,
        sha256($edition || m."table") as document
    from measure as m, place as p, (values ($year - 1), ($year - 2)) as y(period)
)
select *, (h % 1000000000 / 10 + case when age = 2 and again % 5 = 0 then again % 100 / 10 else 0 end)::double as value,
    (h % 1000000000 / 10)::double as old_value, 'C' || measure as sheet, chr((66 + age)::integer) || place as cell
from cells where h % 50 > 0
"""
ROWS = {
    "observation": """
        select indicator, region, period, edition, value, unit, 'A' as status, value::varchar as raw, document, sheet,
            cell, "table", 0.1::double as resolution,
            $first and (age = 2 or $year = $newest) and not (edition = 'st-yearbook/2022' and again % 1000 = 0)
                as is_latest
        from numbers order by indicator, region, period, edition
    """,
    "source_cell": """
        select document, sheet, cell, place::integer as "row", (age + 1)::integer as "column", 'value' as role,
            value::varchar as raw, "table", indicator, region, period, edition, value, unit, unit as published_unit,
            0.1::double as resolution, 'A' as status, null::varchar as note
        from numbers order by indicator, region, period, edition, document, sheet, "row", "column"
    """,
    "revision": """
        select indicator, region, period, case when age = 2 then $before end as from_edition, edition as to_edition,
            case when age = 2 then old_value end as old_value, value as new_value,
            case when age = 2 then value - old_value end as difference,
            case when age = 2 then 100 * (value - old_value) / nullif(abs(old_value), 0) end as change_percent,
            case when age = 2 then 0.05::double end as tolerance,
            case when age = 1 then 'new' when value = old_value then 'unchanged' else 'revised' end as kind
        from numbers order by indicator, region, period, to_edition, from_edition
    """,
}
EDITIONS = """
insert into edition by name
select edition, series, year, data_year, make_date(year, 10, n) as release_date, true as approximate,
    edition as name_zh, edition as name_en, 'nobody' as producer, null as licence
from made where edition not in (select edition from edition);
insert into document by name
select sha256(edition || "table") as document, edition || ' ' || "table" as names, 'xlsx' as container,
    40000 as bytes, 'read' as outcome, "table" as tables, edition, data_year as period
from made, (select distinct "table" from measure);
insert into rd_structure_by_region by name
select region, period::integer as period, edition, kind, name_zh, name_en, 'published' as basis, total,
    (hash(region, period) % 30)::double as basic_share
from (select *, (hash(region) % 1000000)::double as total from region semi join place using (region)) as r, made,
    (values (made.year - 1), (made.year - 2)) as y(period)
where series = 'st-yearbook'
on conflict do nothing;
insert into finding by name
select 'parts_and_total' as "check", 'warning' as severity, "table", region, indicator, data_year as period, edition,
    1.5 as residual, 0.1 as tolerance, 'off by 1.5' as message, again % 7 = 0 as acknowledged
from (select *, hash(indicator, region, edition) as again from measure, place, made)
where again % 200 = 0;
"""


def main() -> None:
    """Write the release; prints how many observations it has."""
    home, out, rows = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    shutil.rmtree(out, ignore_errors=True)
    print(make(home / "current", out, rows))


def make(release: Path, out: Path, rows: int) -> int:
    """A release in `out` with at least `rows` observations; how many it has."""
    dictionary = Dictionary.load()
    with duckdb.connect(config={"memory_limit": "4GB", "temp_directory": str(out / ".tmp")}) as connection:
        for name, files in parts.marts(release).items():
            connection.execute(f'create table "{name}" as from {parts.relation(files)}')
        connection.execute("create unique index structure on rd_structure_by_region (region, period, edition)")
        connection.execute(REGIONS)
        made, written = [], dict.fromkeys(GROWN, 0)
        for n, series, year in _editions():
            if written["observation"] >= rows:
                break
            made.append((f"{series}/{year}", series, year, year - 1, n))
            for name, number in _write(connection, out, dictionary, series, year).items():
                written[name] += number
        values = ", ".join(map(str, made))
        connection.execute(f"create table made as from (values {values}) as _(edition, series, year, data_year, n)")
        connection.execute(EDITIONS)
        for name in parts.marts(release):
            if name not in GROWN:
                table = connection.sql(f'from "{name}" order by {_key(dictionary, name)}').to_arrow_table()
                storage.write_mart(out, name, table, dictionary)
    assembly.assemble(out)
    shutil.rmtree(out / ".tmp", ignore_errors=True)
    return written["observation"]


def _editions() -> Iterator[tuple[int, str, int]]:
    """Series and years, the newest year first."""
    for year in range(NEWEST, 1960, -1):
        for n, series in enumerate(SERIES, start=1):
            yield n, series, year


def _write(
    connection: duckdb.DuckDBPyConnection, out: Path, dictionary: Dictionary, series: str, year: int
) -> dict[str, int]:
    """The parts of one edition; rows by mart."""
    edition = f"{series}/{year}"
    connection.execute(NUMBERS, {"edition": edition, "year": year})
    given = {"first": series == SERIES[-1], "year": year, "newest": NEWEST, "before": f"{series}/{year - 1}"}
    written = {}
    for name, sql in ROWS.items():
        needed = {key: value for key, value in given.items() if f"${key}" in sql}
        rows = connection.sql(sql, params=needed).to_arrow_table()
        written[name] = 0
        for kind in rows["kind"].unique().to_pylist() if name == "revision" else [None]:
            part = rows.filter(pc.equal(rows["kind"], kind)) if kind else rows
            values = [edition, kind] if kind else [edition]
            written[name] += storage.write_part(out, name, values, part, dictionary)
    return written


def _key(dictionary: Dictionary, name: str) -> str:
    return ", ".join(map(storage.quoted, dictionary.tables[name].key)) or "all"


if __name__ == "__main__":
    main()
