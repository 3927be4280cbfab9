"""Marts that SQL is not the tool for: computed from other marts by the pure functions of transforms/, then put beside
them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.warehouse import Warehouse
from transforms.composite import composite

DERIVED = ("composite_score", "composite_influence")


def derive(warehouse: Warehouse, rules: Mapping[str, Any]) -> None:
    """Add the scoreboard (`composite_score`, `composite_influence`). `rules` is data/rules/composite.yml."""
    members = warehouse.query("select member from marts.region_member where region_member.region = 'CN'")
    provinces = set(members["member"])
    for name, frame in composite(warehouse.mart("composite_indicator"), provinces, rules).items():
        warehouse.put(name, frame)
