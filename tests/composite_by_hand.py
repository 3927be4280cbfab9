"""The scoreboard once more, from its definitions: one draw, one indicator, one region at a time, nothing vectorised but
NumPy's own percentile, mean and standard deviation."""

from __future__ import annotations

import math

import numpy as np

from transforms.composite import Panel


def scale_of(x: float, peers: list[float], normalisation: str) -> float:
    if normalisation == "min_max":
        return min(max(1 + 99 * (x - min(peers)) / (max(peers) - min(peers)), 1), 100)
    if normalisation == "z_score":
        return 100 + 10 * (x - float(np.mean(peers))) / float(np.std(peers))
    return 100 * max(sum(peer <= x for peer in peers), 0.5) / len(peers)


def scaled(column: list[float], provinces: list[bool], options: dict[str, str]) -> list[float | None]:
    """One indicator of every region on the scale that a draw's options make of the provinces; None: left out."""
    known = [v for v, p in zip(column, provinces, strict=True) if p and not math.isnan(v)]
    stand_in = {"median": float(np.percentile(known, 50)), "lowest": min(known), "leave_out": math.nan}
    column = [stand_in[options["missing"]] if math.isnan(v) else v for v in column]
    if options["outliers"] == "winsorise":
        inside = [v for v, p in zip(column, provinces, strict=True) if p and not math.isnan(v)]
        low, high = np.percentile(inside, [5, 95])
        column = [v if math.isnan(v) else min(max(v, low), high) for v in column]
    peers = [v for v, p in zip(column, provinces, strict=True) if p and not math.isnan(v)]
    return [None if math.isnan(v) else scale_of(v, peers, options["normalisation"]) for v in column]


def by_hand(panel: Panel, weights: list[float], options: dict[str, str]) -> list[float]:
    """The score of every region in one draw, a geometric one as its logarithm."""
    columns = [scaled(panel.values[:, k].tolist(), panel.provinces.tolist(), options) for k in range(len(weights))]
    result = []
    for region in range(len(panel.regions)):
        has = [(w, c[region]) for w, c in zip(weights, columns, strict=True) if c[region] is not None]
        values = [(w, math.log(y) if options["aggregation"] == "geometric" else y) for w, y in has]
        result.append(sum(w * y for w, y in values) / sum(w for w, _ in values))
    return result


def ranked(panel: Panel, weights: list[float], options: dict[str, str]) -> list[int]:
    found = by_hand(panel, weights, options)
    peers = [s for s, p in zip(found, panel.provinces, strict=True) if p]
    return [1 + sum(peer - own > 5e-10 for peer in peers) for own in found]
