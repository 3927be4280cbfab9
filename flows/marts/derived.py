"""Marts that SQL is not the tool for: computed from other marts by the pure functions of transforms/, then put beside
them. What was computed from the same rows by the same code is kept."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from flows.home.manifest import hash_file
from flows.marts.warehouse import Warehouse
from flows.project import ROOT
from transforms.composite import composite

DERIVED = ("composite_score", "composite_influence")


def derive(warehouse: Warehouse, rules: Mapping[str, Any], kept: Path | None = None) -> None:
    """Add the scoreboard (`composite_score`, `composite_influence`). `rules` is data/rules/composite.yml, `kept` a
    folder for what was computed before."""
    members = warehouse.query("select member from marts.region_member where region_member.region = 'CN'")
    provinces = set(members["member"])
    indicators = warehouse.mart("composite_indicator")
    key = _key(indicators, provinces, rules)
    made = _load(kept, key)
    if made is None:
        made = composite(indicators, provinces, rules)
        _keep(kept, key, made)
    for name, frame in made.items():
        warehouse.put(name, frame)


def _key(indicators: pl.DataFrame, provinces: set[str], rules: Mapping[str, Any]) -> str:
    """Hash of all that decides the scoreboard: the rows, the provinces, the rules, the code and numpy."""
    code = [hash_file(file) for file in sorted((ROOT / "transforms").glob("composite*.py"))]
    digest = hashlib.sha256(f"{np.__version__} {code} {sorted(provinces)} {rules!r}".encode())
    for column in indicators.get_columns():
        digest.update(f"{column.name} {column.dtype} {column.to_list()!r}".encode())
    return digest.hexdigest()


def _load(kept: Path | None, key: str) -> dict[str, pl.DataFrame] | None:
    if kept is None:
        return None
    try:
        return {name: pl.read_ipc(io.BytesIO((kept / f"{key}.{name}").read_bytes())) for name in DERIVED}
    except (OSError, pl.exceptions.PolarsError):
        return None


def _keep(kept: Path | None, key: str, made: Mapping[str, pl.DataFrame]) -> None:
    """That nothing can be kept is no reason to fail."""
    if kept is None:
        return
    with suppress(OSError):
        kept.mkdir(parents=True, exist_ok=True)
        for old in kept.iterdir():
            old.unlink(missing_ok=True)
        for name, frame in made.items():
            aside = kept / f"{key}.part"
            frame.write_ipc(aside)
            aside.replace(kept / f"{key}.{name}")
