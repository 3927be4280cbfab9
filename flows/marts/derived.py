"""Staging that SQL is not the tool for: computed from marts by the pure functions of transforms/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl

from flows.marts.plan import Derived
from transforms.composite import composite

SCOREBOARD = ("composite_score", "composite_influence")
NEEDS = ("composite_indicator", "region_member")


def derived(rules: Mapping[str, Any]) -> dict[str, Derived]:
    """The scoreboard, which is computed once for both of its tables. `rules` is data/rules/composite.yml."""
    made: dict[str, pl.DataFrame] = {}

    def frame(name: str, mart: Callable[[str], pl.DataFrame]) -> pl.DataFrame:
        if not made:
            provinces = set(mart("region_member").filter(pl.col("region") == "CN")["member"])
            made.update(composite(mart("composite_indicator"), provinces, rules))
        return made[name]

    told = f"{np.__version__} {rules!r}"
    return {name: Derived(NEEDS, lambda mart, name=name: frame(name, mart), told) for name in SCOREBOARD}  # type: ignore[misc]
