"""The publisher's own known errors: residuals that are expected, with reason and evidence, and those out of date.

An entry of data/rules/known_errors.yml names a check, a table and an edition, and the residuals that are known:

    - check: parts_and_total
      table: rd_expenditure_by_activity
      edition: st-yearbook/2022
      period: 2021                # optional: all periods of the edition
      partition: activity         # optional: which siblings of the total
      residuals: {rd_expenditure: {"310000": 19671.9, CN: 19672.0}}   # total: {region: parts less total}
      reason: …
      evidence: …

A later edition that prints the year again, with the same difference, is covered too.

A finding without a residual (a lost row, a jump) is acknowledged with `regions: {indicator: [region, …]}`; an
indicator or region that does not matter is "*".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from transforms.schema import FINDING, findings

KNOWN = {
    "known": pl.UInt32,
    "check": pl.String,
    "table": pl.String,
    "edition": pl.String,
    "period": pl.Int32,
    "partition": pl.String,
    "indicator": pl.String,
    "region": pl.String,
    "expected": pl.Float64,
    "reason": pl.String,
    "severity": pl.String,
}


def known_errors(entries: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """One row for each known residual. Raises KeyError on an entry that lacks check, table, edition, reason or
    evidence."""
    rows = [row for entry in entries for row in _rows(entry)]
    columns = [name for name in KNOWN if name != "known"]
    schema = {name: KNOWN[name] for name in columns}
    return pl.DataFrame(rows, schema=schema, orient="row").with_row_index("known")


def _rows(entry: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    shared = {name: entry[name] for name in ("check", "table", "edition")} | {
        "period": entry.get("period"),
        "partition": entry.get("partition"),
        "reason": f"{entry['reason']} {entry['evidence']}".strip(),
        "severity": entry.get("severity"),
    }
    for indicator, by_region in entry.get("residuals", {}).items():
        for region, residual in by_region.items():
            yield shared | {"indicator": indicator, "region": str(region), "expected": float(residual)}
    for indicator, regions in entry.get("regions", {}).items():
        for region in regions:
            yield shared | {"indicator": indicator, "region": str(region), "expected": None}


def expect(names: pl.DataFrame, known: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Identities with what is known of them, and what became of the known errors.

    `names`: identity, kind, check, table, edition, period, partition, indicator, region, residual, tolerance.
    Returns (names with expected and known: the residual and the entry that explain one beyond its tolerance, else
    0 and null; tells: false where an entry says otherwise than the residual; known, fits: the entries whose
    identities are there, and whether a residual is as they say). Of several entries for one identity the nearest
    counts.
    """
    match = (
        names.select("identity", "kind", *_KEY, "edition", "period", "partition", "residual", "tolerance")
        .join(known.filter(pl.col("expected").is_not_null()), on=_KEY, suffix="_known")
        .filter(
            pl.col("period_known").is_null() | (pl.col("period_known") == pl.col("period")),
            pl.col("partition_known").is_null() | (pl.col("partition_known") == pl.col("partition")),
        )
        .with_columns(
            own=pl.col("edition") == pl.col("edition_known"),
            expected=pl.when((pl.col("kind") == "same") & (pl.col("expected") * pl.col("residual") < 0))
            .then(-pl.col("expected"))
            .otherwise("expected"),
        )
        .with_columns(away=(pl.col("residual") - pl.col("expected")).abs())
        .filter(pl.col("own") | (_reprinted() & (pl.col("away") <= pl.col("tolerance"))))
    )
    doubtful = match.filter("own", pl.col("away") > pl.col("tolerance")).select("identity", tells=pl.lit(False))
    beyond = pl.col("residual").abs() > pl.col("tolerance")
    fits = match.filter("own").group_by("known").agg(fits=((pl.col("away") <= pl.col("tolerance")) | beyond).any())
    nearest = (
        match.filter(beyond)
        .sort("away", "known")
        .unique("identity", keep="first", maintain_order=True)
        .select("identity", "expected", "known")
    )
    whole = names.join(nearest, on="identity", how="left", maintain_order="left").join(
        doubtful.unique(), on="identity", how="left", maintain_order="left"
    )
    return whole.with_columns(pl.col("expected").fill_null(0.0), pl.col("tells").fill_null(True)), fits


def _reprinted() -> pl.Expr:
    """Whether a later edition of the series prints the year of a known error again."""
    series, known = (pl.col(name).str.extract(r"^(.*)/") for name in ("edition", "edition_known"))
    later = pl.col("edition") > pl.col("edition_known")
    return (series == known) & later & pl.col("period_known").is_not_null()


_KEY = ["check", "table", "indicator", "region"]


def acknowledge(found: pl.DataFrame, known: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Findings of checks without residuals, acknowledged where an entry names them; and the entries that did
    (known). The acknowledged ones take the entry's severity and reason."""
    rules = known.filter(pl.col("expected").is_null())
    if rules.is_empty() or found.is_empty():
        return found, known.clear().select("known")
    match = (
        found.with_row_index("finding")
        .join(rules, on=["check", "table"], suffix="_known")
        .filter(
            pl.col("edition").is_null() | (pl.col("edition_known") == pl.col("edition")),
            pl.col("period_known").is_null() | (pl.col("period_known") == pl.col("period")),
            pl.col("indicator_known").is_in(["*"]) | (pl.col("indicator_known") == pl.col("indicator")),
            pl.col("region_known").is_in(["*"]) | (pl.col("region_known") == pl.col("region")),
        )
        .sort("finding", "known")
        .unique("finding", keep="first", maintain_order=True)
        .select("finding", "known", "reason_known", "severity_known")
    )
    whole = found.with_row_index("finding").join(match, on="finding", how="left", maintain_order="left")
    hit = pl.col("known").is_not_null()
    return (
        whole.with_columns(
            acknowledged=hit | pl.col("acknowledged"),
            reason=pl.coalesce("reason_known", "reason"),
            severity=pl.coalesce("severity_known", "severity"),
        ).select(*FINDING),
        match.select("known"),
    )


def stale(known: pl.DataFrame, fits: pl.DataFrame, used: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """A warning for each entry that is out of date: its identity is there and holds (`fits`), or it acknowledges
    findings (`used`: known) of a table and edition that are in the data and have none."""
    printed = cells.select("table", "edition").unique()
    silent = known.filter(pl.col("expected").is_null()).join(used, on="known", how="anti")
    idle = pl.concat(
        [
            known.join(fits.filter(~pl.col("fits")), on="known", how="semi"),
            silent.join(printed, on=["table", "edition"], how="semi"),
        ]
    )
    return findings(
        {
            "check": "known_error_stale",
            "severity": "warning",
            **{name: row[name] for name in ("table", "edition", "period", "region", "indicator")},
            "residual": row["expected"],
            "message": f"the known error of {row['check']} is not there: mend data/rules/known_errors.yml",
            "reason": row["reason"],
        }
        for row in idle.sort("known").iter_rows(named=True)
    )
