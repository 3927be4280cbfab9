"""Which choices each draw of a composite indicator's Monte Carlo makes, and the weights that follow from them.

Random numbers come from one stream of uniform doubles (PCG64), used by comparison, sorting and subtraction only: the
draws are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SCALED = ("missing", "outliers", "normalisation", "aggregation")
"""Factors that decide the scale and how it is aggregated; the others only shape the weights."""


@dataclass(frozen=True)
class Draws:
    """`options`: the option of each factor in each draw; `weights`: draws by indicators, adding to one."""

    options: Mapping[str, NDArray[np.str_]]
    weights: Floats

    def groups(self) -> Iterator[tuple[tuple[str, str, str, str], NDArray[np.intp]]]:
        """Draws that share missing, outliers, normalisation and aggregation: these four, and the draws' numbers."""
        chosen = [[(str(option), self.options[factor] == option) for option in np.unique(self.options[factor])]
                  for factor in SCALED]  # text is compared once an option, not once a combination
        for (missing, is_a), (outliers, is_b), (normalisation, is_c), (aggregation, is_d) in product(*chosen):
            same = np.flatnonzero(is_a & is_b & is_c & is_d)
            if same.size:
                yield (missing, outliers, normalisation, aggregation), same


def draw(rules: Mapping[str, Any], dimensions: list[str], period: int) -> Draws:
    """All draws of a period. In order: one uniform number a draw for each factor, one that picks the indicator that
    may be left out, and one fewer than there are indicators for the random weights."""
    simulation, size = rules["simulation"], len(dimensions)
    stream = np.random.Generator(np.random.PCG64([simulation["seed"], period]))
    number = simulation["draws"]
    options = {choice["factor"]: _pick(choice, stream.random(number)) for choice in rules["choices"]}
    left_out = (stream.random(number) * size).astype(np.intp)
    weights = _spacings(stream.random((number, size - 1)))
    weights[options["weights"] == "dimensions"] = _by_dimension(dimensions)
    weights[options["weights"] == "indicators"] = 1 / size
    without = np.flatnonzero(options["exclusion"] == "one")
    weights[without, left_out[without]] = 0
    return Draws(options, _to_one(weights))


def baseline(rules: Mapping[str, Any], dimensions: list[str]) -> Draws:
    """The one draw that takes every baseline option."""
    options = {
        choice["factor"]: np.array([next(o["option"] for o in choice["options"] if o.get("baseline"))])
        for choice in rules["choices"]
    }
    alike = options["weights"][0] == "indicators"
    weights = np.full(len(dimensions), 1 / len(dimensions)) if alike else _by_dimension(dimensions)
    return Draws(options, weights[None, :])


def _pick(choice: Mapping[str, Any], uniform: Floats) -> NDArray[np.str_]:
    """The option in whose stretch of the unit interval a number falls."""
    ends = np.cumsum([option["probability"] for option in choice["options"]])[:-1]
    names = np.array([option["option"] for option in choice["options"]])
    return names[np.searchsorted(ends, uniform, side="right")]


def _spacings(uniform: Floats) -> Floats:
    """Flat Dirichlet weights: the gaps between sorted uniform numbers (Devroye 1986, chapter V)."""
    edge = np.zeros((uniform.shape[0], 1))
    return np.diff(np.sort(uniform, axis=1), axis=1, prepend=edge, append=edge + 1)


def _by_dimension(dimensions: list[str]) -> Floats:
    """Dimensions alike, and indicators alike within each."""
    return np.array([1 / (len(set(dimensions)) * dimensions.count(one)) for one in dimensions])


def _to_one(weights: Floats) -> Floats:
    """Rows over their sum, which is taken column by column."""
    total = np.zeros(weights.shape[0])
    for column in weights.T:
        total = total + column
    return weights / total[:, None]
