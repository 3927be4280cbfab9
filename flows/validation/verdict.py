"""What became of the suites, as highlands says it: findings, and what rejects a release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from flows.validation.suites import Outcome, Suite
from transforms.schema import findings

SHOWN = 20  # failing rows of one expectation that are named one by one
KEYS = ("region", "indicator", "period", "edition", "document", "sheet", "cell")  # that a finding has too
SEVERITY = {"critical": "error", "warning": "warning", "info": "info"}


@dataclass(frozen=True)
class Checked:
    """The verdict: findings (columns of transforms.schema.FINDING), and counts by suite and severity."""

    success: bool
    critical_failures: list[str]
    findings: pl.DataFrame
    statistics: dict[str, Any]


def checked(outcomes: list[tuple[Suite, Outcome]]) -> Checked:
    """The verdict of all rules."""
    failures = [f"{s.table}: {_sentence(o)}" for s, o in outcomes if o.critical]
    counts = dict.fromkeys(SEVERITY, 0)
    for _, outcome in outcomes:
        if outcome.failed_as:
            counts[outcome.failed_as] += 1
    statistics = {"suites": len({s.table for s, _ in outcomes}), "expectations": len(outcomes), "failed": counts}
    rows = (row for suite, outcome in outcomes if not outcome.success for row in _findings(suite, outcome))
    return Checked(not failures, failures, findings(rows), statistics)


def _sentence(outcome: Outcome) -> str:
    """One failure for people, without its rows."""
    if outcome.exception is not None:
        return f"{outcome.rule.check} could not be judged: {outcome.exception}"
    if outcome.failed:
        return f"{outcome.rule.en} Not so in {outcome.failed} row{'s' if outcome.failed > 1 else ''}."
    return outcome.rule.en + (f" Observed: {outcome.observed}." if outcome.observed is not None else "")


def _findings(suite: Suite, outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Finding rows: one for each failing row that is named, one for those beyond, or one for the whole mart."""
    rule = outcome.rule
    common = {
        "check": f"gx.{rule.check}",
        "severity": "error" if outcome.critical else SEVERITY[rule.severity],
        "table": suite.table,
    }
    for row in outcome.rows:
        key = {name: row[name] for name in suite.key if name in row and name in KEYS}
        named = ", ".join(f"{name} {'null' if value is None else value}" for name, value in row.items())
        yield {**common, **_typed(key), "message": f"{rule.en} Not so: {named}."}
    if not outcome.rows:
        yield {**common, "message": _sentence(outcome)}
    elif len(outcome.rows) == SHOWN and outcome.failed and outcome.failed > SHOWN:
        yield {**common, "message": f"{rule.en} Not so in {outcome.failed} rows, of which {SHOWN} are named."}


def _typed(key: Mapping[str, Any]) -> dict[str, Any]:
    """Key values as a finding holds them; its texts take the text of anything."""
    return {name: value if value is None or name == "period" else str(value) for name, value in key.items()}
