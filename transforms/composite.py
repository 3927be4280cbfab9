"""A scoreboard of regions with its robustness, by the steps of the OECD/JRC Handbook on Constructing Composite
Indicators (2008): missing data, outliers, normalisation, weights, aggregation, and a Monte Carlo over all of them.

All sums run indicator by indicator over whole arrays, element by element, and nothing depends on how a machine
vectorises: the same draws give the same ranks everywhere. A region's rank is one more than the provinces that score
higher, so a highland's is the place it would take among the provinces.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.composite_draws import Draws, baseline, draw
from transforms.composite_rules import INFLUENCE, SCORE
from transforms.composite_steps import prepare

Floats = NDArray[np.float64]
DIGITS = 9
"""Decimals of a score that count: equal to this many is a tie."""


@dataclass(frozen=True)
class Panel:
    """One period's indicators: `values` (regions by indicators, nan where missing), which rows are provinces, and the
    dimension of each indicator."""

    period: int
    regions: list[str]
    indicators: list[str]
    values: Floats
    provinces: NDArray[np.bool_]
    dimensions: list[str]


@dataclass(frozen=True)
class Simulation:
    """Ranks of every draw (draws by regions)."""

    panel: Panel
    draws: Draws
    ranks: NDArray[np.int32]

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How often each region (row) has each rank (column, from 0)."""
        most = int(self.panel.provinces.sum()) + 2
        return np.stack([np.bincount(column, minlength=most) for column in self.ranks.T])


def composite(indicators: pl.DataFrame, provinces: set[str], rules: Mapping[str, Any]) -> dict[str, pl.DataFrame]:
    """The scoreboard of every period that has enough indicators.

    `indicators` has indicator, dimension, region, period, value; `provinces` the regions that make the scales and
    ranks; `rules` is data/rules/composite.yml. Gives `composite_score` (SCORE without names), a row a region and
    period, and `composite_influence` (INFLUENCE), a row a period and option."""
    scores, influences = [], []
    for panel in panels(indicators, provinces, rules):
        simulation = simulate(panel, rules)
        scores += _scores(panel, simulation, rules)
        influences += _influences(simulation, rules)
    return {
        "composite_score": pl.DataFrame(scores, schema=SCORE, orient="row"),
        "composite_influence": pl.DataFrame(influences, schema=INFLUENCE, orient="row"),
    }


def panels(indicators: pl.DataFrame, provinces: set[str], rules: Mapping[str, Any]) -> list[Panel]:
    """The periods that can be scored, in order, with the indicators and regions that take part."""
    needed, order = rules["needed"], [row["indicator"] for row in rules["indicators"]]
    dimension = {row["indicator"]: row["dimension"] for row in rules["indicators"]}
    found = []
    for (period,), rows in indicators.sort("period").group_by("period", maintain_order=True):
        by_place = {(r, i): v for r, i, v in rows.select("region", "indicator", "value").iter_rows()}
        seen = {i: sum(i == one and r in provinces for r, one in by_place) for i in order}
        used = [i for i in order if seen[i] >= needed["provinces"]]
        if len(used) < needed["indicators"]:
            continue
        least = needed["part_of_indicators"] * len(used)
        places = sorted({r for r, _ in by_place if sum((r, i) in by_place for i in used) >= least})
        values = np.array([[by_place.get((r, i), np.nan) for i in used] for r in places])
        is_province = np.array([r in provinces for r in places])
        found.append(Panel(int(period), places, used, values, is_province, [dimension[i] for i in used]))
    return found


def simulate(panel: Panel, rules: Mapping[str, Any]) -> Simulation:
    """The ranks of all draws of a period; its random numbers depend on the seed and the period only."""
    draws = draw(rules, panel.dimensions, panel.period)
    return Simulation(panel, draws, ranks(scores(panel, draws), panel.provinces))


def scores(panel: Panel, draws: Draws) -> Floats:
    """The score of every region in every draw (draws by regions); a geometric one as its logarithm."""
    result = np.empty((draws.weights.shape[0], len(panel.regions)))
    prepared = cache(partial(prepare, panel.values, panel.provinces))
    for (*scaling, aggregation), chosen in draws.groups():
        scale = prepared(*scaling)
        if aggregation == "geometric":
            # rounded, because logarithms differ in their last binary digit from machine to machine
            scale = np.round(np.log(scale), 12).astype(np.float64)
        result[chosen] = _weighted(draws.weights[chosen], scale)
    return np.round(result, DIGITS)


def ranks(score: Floats, provinces: NDArray[np.bool_]) -> NDArray[np.int32]:
    """One more than the number of provinces that score higher (draws by regions)."""
    result = np.ones(score.shape, dtype=np.int32)
    for province in np.flatnonzero(provinces):
        result += score[:, [province]] > score
    return result


def _weighted(weights: Floats, scale: Floats) -> Floats:
    """Weighted means (draws by regions); an indicator that a region lacks gives its weight to the others."""
    total = np.zeros((weights.shape[0], scale.shape[0]))
    missing = np.isnan(scale)
    known = np.where(missing, 0.0, scale)
    # the sums of weights differ between regions only where some indicator is missing
    used = np.zeros(total.shape if missing.any() else (total.shape[0], 1))
    for k in range(scale.shape[1]):
        weight = weights[:, [k]]
        total += weight * known[:, k]
        used += weight * ~missing[:, k] if missing.any() else weight
    # a draw may leave out the only indicator of a region that counts: then it has no score and comes last
    return np.divide(total, used, out=np.full_like(total, -np.inf), where=used > 0)


def _scores(panel: Panel, simulation: Simulation, rules: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of composite_score: the baseline with the spread of the draws."""
    base = baseline(rules, panel.dimensions)
    first = scores(panel, base)
    place = ranks(first, panel.provinces)[0]
    if base.options["aggregation"][0] == "geometric":
        first = np.round(np.exp(first), DIGITS).astype(np.float64)
    number = simulation.ranks.shape[0]
    below = np.cumsum(simulation.counts, axis=1)
    rows = []
    for n, region in enumerate(panel.regions):
        low, middle, high = (int(np.argmax(below[n] >= q * number)) for q in rules["simulation"]["quantiles"])
        had = np.flatnonzero(simulation.counts[n])
        rows.append({
            "region": region,
            "period": panel.period,
            "indicators": int((~np.isnan(panel.values[n])).sum()),
            "score": float(first[0, n]),
            "rank": int(place[n]),
            "rank_05": low, "rank_50": middle, "rank_95": high,
            "rank_best": int(had[0]), "rank_worst": int(had[-1]),
            "rank_mean": round(int(simulation.ranks[:, n].sum(dtype=np.int64)) / number, 4),
            "first_percent": round(100 * int(simulation.counts[n][1]) / number, 4),
            "draws": number,
        })  # fmt: skip
    return rows


def _influences(simulation: Simulation, rules: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of composite_influence: how far an option moves the ranks on average, and what part of their variance goes
    back to its factor alone (the first-order effect)."""
    all_ranks, number = simulation.ranks, simulation.ranks.shape[0]
    mean = all_ranks.sum(axis=0, dtype=np.int64) / number
    variance = (all_ranks.astype(np.int64) ** 2).sum(axis=0) / number - mean**2
    rows = []
    for choice in rules["choices"]:
        chosen = simulation.draws.options[choice["factor"]]
        shifts, effect = [], np.zeros_like(mean)
        for option in choice["options"]:
            mask = chosen == option["option"]
            times = int(mask.sum())
            shift = all_ranks[mask].sum(axis=0, dtype=np.int64) / max(times, 1) - mean if times else 0 * mean
            effect += times / number * shift**2
            shifts.append((option["option"], times, round(math.fsum(np.abs(shift)) / len(mean), 4)))
        whole = math.fsum(variance)
        part = round(100 * math.fsum(effect) / whole, 4) if whole else 0.0
        rows += [
            {"period": simulation.panel.period, "factor": choice["factor"], "option": option, "draws": times,
             "mean_shift": shift, "variance_percent": part}
            for option, times, shift in shifts
        ]  # fmt: skip
    return rows
