"""Missing data, outliers and normalisation of a panel of indicators: regions by indicators, nan where missing.

The provinces make the scale: medians, percentiles, extremes, mean and spread are theirs. A highland is placed on it.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FLOOR, TOP = 1.0, 100.0
"""Ends of the min-max scale: above nought, so that a geometric mean can be taken."""


def prepare(
    values: Floats, provinces: NDArray[np.bool_], missing: str, outliers: str, normalisation: str
) -> Floats:
    """A panel on one scale, positive, nan only where `missing` is leave_out."""
    columns = []
    for column in values.T:
        filled = _filled(column, provinces, missing)
        if outliers == "winsorise":
            low, high = _percentiles(filled[provinces], (0.05, 0.95))
            filled = np.clip(filled, low, high)
        columns.append(NORMALISATIONS[normalisation](filled, filled[provinces & ~np.isnan(filled)]))
    return np.column_stack(columns)


def _filled(column: Floats, provinces: NDArray[np.bool_], missing: str) -> Floats:
    if missing == "leave_out":
        return column
    known = column[provinces & ~np.isnan(column)]
    (stand_in,) = _percentiles(known, (0.5,)) if missing == "median" else (known.min(),)
    return np.where(np.isnan(column), stand_in, column)


def _percentiles(values: Floats, parts: tuple[float, ...]) -> list[float]:
    """Percentiles with straight lines between the ordered values."""
    ordered = np.sort(values[~np.isnan(values)])
    found = []
    for part in parts:
        place = part * (len(ordered) - 1)
        below = int(place)
        above = min(below + 1, len(ordered) - 1)
        found.append(float(ordered[below] + (place - below) * (ordered[above] - ordered[below])))
    return found


def _min_max(column: Floats, scale: Floats) -> Floats:
    low, high = scale.min(), scale.max()
    if low == high:
        return np.where(np.isnan(column), np.nan, (FLOOR + TOP) / 2)
    return np.clip(FLOOR + (TOP - FLOOR) * ((column - low) / (high - low)), FLOOR, TOP)


def _z_score(column: Floats, scale: Floats) -> Floats:
    mean = math.fsum(scale) / len(scale)
    spread = math.sqrt(math.fsum((x - mean) ** 2 for x in scale) / len(scale))
    return np.where(np.isnan(column), np.nan, 100.0) if spread == 0 else 100 + 10 * ((column - mean) / spread)


def _rank(column: Floats, scale: Floats) -> Floats:
    not_above = np.searchsorted(np.sort(scale), column, side="right")
    # a highland below every province keeps half a place, so that a geometric mean can be taken
    return np.where(np.isnan(column), np.nan, 100 * np.maximum(not_above, 0.5) / len(scale))


NORMALISATIONS = {"min_max": partial(_min_max), "z_score": partial(_z_score), "rank": partial(_rank)}
