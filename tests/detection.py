"""How much damage the identities catch: one digit of one cell changed, many times, over the additive tables.

    python -m tests.detection [TRIALS] [SEED]

needs the published files beside the project. Each round damages a cell in every edition (documents of one edition
share numbers) and judges the whole warehouse. A change counts when it exceeds what the digits of its row's sum
leave open and what stands there already.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from flows import steps
from flows.home.folder import Home
from flows.project import ROOT
from flows.steps import Run
from tests.rebuilt import collected
from transforms.acknowledge import known_errors
from transforms.identities import Judgement, find, judge_identities
from transforms.judge import judge
from transforms.points import points

SAME = ["document", "table", "edition", "region", "period", "cell", "check"]
DEFAULTS = ("2000", "20240101")
ROW_SUMS = ("parts_and_total",)
COLUMN_SUMS = ("provinces_and_zone", "regions_and_nation")


@dataclass
class Warehouse:
    """Frames and declarations as the judgement takes them."""

    cells: pl.DataFrame
    quarantine: pl.DataFrame
    indicators: pl.DataFrame
    members: pl.DataFrame
    rules: dict[str, Any]
    known: Sequence[dict[str, Any]] = field(default_factory=list)

    def judged(self, cells: pl.DataFrame) -> pl.DataFrame:
        """The unacknowledged errors that a judgement of `cells` finds, and known errors that are not there."""
        result = judge(cells, self.quarantine, self.indicators, self.members, self.rules, self.known, [])
        error = (pl.col("severity") == "error") | (pl.col("check") == "known_error_stale")
        return result.findings.filter(error & ~pl.col("acknowledged"))

    def judgement(self) -> tuple[Judgement, pl.DataFrame]:
        """The identities of the undamaged cells, and their points."""
        rule = self.rules["identities"]
        spots = points(self.cells, self.quarantine, rule["exact_units"])
        return judge_identities(
            spots, find(spots, self.indicators, self.members, rule), known_errors(self.known)
        ), spots


@dataclass
class Rate:
    """Counts of a measurement: changes made, those that count, and how they were reported."""

    made: int = 0
    counted: int = 0
    at_row: int = 0
    crossing: int = 0
    at_cell: int = 0
    elsewhere: int = 0
    missed: list[dict[str, Any]] = field(default_factory=list)

    def __str__(self) -> str:
        rows, cells = self.at_row / max(self.counted, 1), self.at_cell / max(self.crossing, 1)
        return (
            f"{self.made} digits changed, {self.counted} beyond the digits of a sum:"
            f" {self.at_row} reported at exactly their row ({rows:.2%});"
            f" {self.crossing} where two sums cross: {self.at_cell} at exactly their cell ({cells:.2%});"
            f" {self.elsewhere} reports elsewhere"
        )


def measure(warehouse: Warehouse, trials: int, seed: int) -> Rate:
    """Change one digit of one cell `trials` times and count what is reported where."""
    draw = random.Random(seed)
    judgement, spots = warehouse.judgement()
    before = warehouse.judged(warehouse.cells).select(*SAME)
    targets = _targets(judgement, spots)
    limits = _limits(judgement)
    rate = Rate()
    while rate.made < trials:
        damaged = [_damage(draw, rows) for _, rows in targets.group_by("edition", maintain_order=True)]
        damaged = damaged[: trials - rate.made]
        after = warehouse.judged(_with(warehouse.cells, damaged))
        fresh = after.join(before, on=SAME, how="anti", nulls_equal=True)
        for change in damaged:
            _count(rate, change, limits.get(change["point"], []), fresh)
    return rate


def _targets(judgement: Judgement, spots: pl.DataFrame) -> pl.DataFrame:
    """The numeric cells of tables in which parts add to a total within a row."""
    additive = judgement.names.filter(pl.col("check").is_in(ROW_SUMS)).select("identity")
    inside = judgement.terms.join(additive, on="identity", how="semi").select("point").unique()
    return (
        spots.join(inside, on="point", how="semi")
        .filter("known", pl.col("value") != 0, pl.col("raw").str.contains(r"^\d[\d,]*(\.\d+)?$"))
        .sort("point")
    )


def _limits(judgement: Judgement) -> dict[int, list[tuple[str, float, float]]]:
    """For each point the sums that it is part of: check, tolerance, residual that stands already."""
    sums = judgement.names.filter(pl.col("kind") == "sum").select("identity", "check", "tolerance", "left")
    found: dict[int, list[tuple[str, float, float]]] = {}
    for point, check, tolerance, left in (
        judgement.terms.join(sums, on="identity").select("point", "check", "tolerance", "left").iter_rows()
    ):
        found.setdefault(point, []).append((check, tolerance, left))
    return found


def _damage(draw: random.Random, rows: pl.DataFrame) -> dict[str, Any]:
    """One digit of one of the rows' cells changed."""
    row = rows.row(draw.randrange(rows.height), named=True)
    digits = [i for i, char in enumerate(row["raw"]) if char.isdigit()]
    spot = draw.choice(digits)
    old = row["raw"][spot]
    new = draw.choice([d for d in "0123456789" if d != old])
    raw = row["raw"][:spot] + new + row["raw"][spot + 1 :]
    factor = row["value"] / float(row["raw"].replace(",", ""))
    return row | {"raw": raw, "was": row["raw"], "new": float(raw.replace(",", "")) * factor}


def _with(cells: pl.DataFrame, damaged: list[dict[str, Any]]) -> pl.DataFrame:
    changes = pl.DataFrame(
        [
            {k: d[k] for k in ("document", "sheet", "cell")} | {"raw_new": d["raw"], "new": d["new"]}
            for d in damaged
        ]
    )
    return (
        cells.join(changes, on=["document", "sheet", "cell"], how="left", maintain_order="left")
        .with_columns(
            value=pl.when(pl.col("role") == "value").then(pl.coalesce("new", "value")).otherwise("value"),
            raw=pl.coalesce("raw_new", "raw"),
        )
        .select(cells.columns)
    )


def _count(rate: Rate, change: dict[str, Any], sums: list[tuple[str, float, float]], fresh: pl.DataFrame) -> None:
    rate.made += 1
    size = abs(change["new"] - change["value"])
    exceeded = {check for check, tolerance, left in sums if size > tolerance + abs(left)}
    if not exceeded & set(ROW_SUMS):
        return
    rate.counted += 1
    mine = fresh.filter(
        (pl.col("document") == change["document"])
        | (
            pl.col("document").is_null()
            & (pl.col("edition") == change["edition"])
            & (pl.col("table") == change["table"])
        )
    )
    row = mine.filter((pl.col("region") == change["region"]) & (pl.col("period") == change["period"]))
    rate.at_row += row.height > 0
    rate.elsewhere += mine.height - row.height
    found = change["cell"] in row["cell"].to_list()
    if exceeded & set(COLUMN_SUMS):
        rate.crossing += 1
        rate.at_cell += found
    if row.is_empty() or mine.height > row.height or (exceeded & set(COLUMN_SUMS) and not found):
        keys = ("table", "edition", "region", "indicator", "period", "cell", "was", "raw")
        rate.missed.append(
            {k: change[k] for k in keys} | {"said": mine.select("region", "cell", "message").rows()}
        )


def warehouse(run: Run) -> Warehouse:
    """What a run has collected, with the project's declarations."""
    declared, read = run.declarations, collected(run)
    rules = {name: declared.rules(name) for name in ("identities", "plausibility")}
    return Warehouse(
        read.cells,
        read.quarantine,
        declared.indicators,
        declared.members,
        rules,
        declared.rules("known_errors"),
    )


def main() -> None:
    """Measure over the published files and print the rate and what was missed."""
    trials, seed = (int(text) for text in [*sys.argv[1:], *DEFAULTS[len(sys.argv) - 1 :]])
    published = ROOT.parent / "shared" / "published"
    if not published.is_dir():
        sys.exit("../shared/published is not there")
    with tempfile.TemporaryDirectory() as folder:
        run = steps.Run(Home(Path(folder)))
        steps.land(run, [published / "yearbook", published / "bulletin"], None)
        steps.read_ahead(run)
        steps.judge_cells(run)
        rate = measure(warehouse(run), trials, seed)
    print(rate)
    for missed in rate.missed:
        print(missed)


if __name__ == "__main__":
    main()
