"""Which marts the report embeds, and in which data file: what the first page needs in core.js, the rest on demand.

Datasets carry the name of their mart and all of its rows and columns, but for those that `DERIVED` names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from flows.marts import parts

Marts = Callable[[str], pl.DataFrame | pl.LazyFrame]
Dataset = pl.LazyFrame | dict[str, Any]

FILES: dict[str, tuple[str, ...]] = {
    "core.js": ("edition", "indicator", "region", "region_member", "document"),
    "observation.js": ("observation",),
    "structure.js": ("rd_structure_by_region", "rd_structure_by_sector", "structure_to_nation"),
    "distance.js": ("structure_distance",),
    "cluster.js": (
        "cluster_ranking", "cluster_rank_change", "cluster_by_economy", "cluster_weight", "cluster_weight_pair",
    ),
    "profile.js": ("highland_profile",),
    "paper.js": (
        "paper_table_1", "paper_table_2", "paper_table_3", "paper_table_4", "paper_table_5", "share_forensics",
        "highland_target", "indicator_framework", "claim", "claim_by_year",
    ),
    "composite.js": ("composite_score", "composite_indicator", "composite_choice", "composite_influence"),
    "coverage.js": ("indicator_coverage",),
    "quality.js": ("finding", "quarantine"),
    "dictionary.js": ("dictionary",),
}  # fmt: skip
CHANGE = {
    "kind": pl.String, "table": pl.String, "edition": pl.String, "indicator": pl.String, "region": pl.String,
    "period": pl.Int64, "old_value": pl.Float64, "new_value": pl.Float64, "numbers": pl.Int64,
    "check": pl.String, "severity": pl.String, "acknowledged": pl.Boolean,
}  # fmt: skip
LEFT_OUT = ("city", "county")
"""Regions that the report leaves to the database where there are too many observations for it."""
MOST_CHANGES = 5000
"""Changes of a release that are listed one by one; CHANGES.md has all of them."""


def files(mart: Marts, about: Mapping[str, Any]) -> dict[str, dict[str, Dataset]]:
    """The datasets of each data file. `core.js` comes last, knowing where the others are and what is missing."""
    frames = _Frames(mart)
    made: dict[str, dict[str, Dataset]] = {
        file: {name: frame for name in names if (frame := frames.get(name)) is not None}
        for file, names in FILES.items()
    }
    shortened = frames.rows.get("observation", 0) > parts.shown()
    if shortened:
        made["observation.js"] = {"observation": _newest(frames)}
    made["quality.js"] |= {"correction": _corrections(frames), "change": _changes(about.get("changes") or [])}
    made["revision.js"] = {"revision_moved": _moved(frames)}
    made["core.js"] |= _counts(frames)
    made["core.js"]["release"] = {
        "id": about.get("release"),
        "previous": about.get("previous"),
        "checks": dict(about.get("checks") or {}),
        "changes": len(about.get("changes") or []),
        "rows": dict(sorted(frames.rows.items())),
        "missing": sorted(frames.missing),
        "shortened": shortened,
        "files": {name: file for file, sets in made.items() for name in sets if file != "core.js"},
    }
    return made


class _Frames:
    """Marts by name, each asked for once; None where one is not there."""

    def __init__(self, mart: Marts) -> None:
        self._mart = mart
        self._known: dict[str, pl.LazyFrame] = {}
        self.rows: dict[str, int] = {}
        self.missing: set[str] = set()

    def get(self, name: str) -> pl.LazyFrame | None:
        """The mart; from then on `rows` says how many it has."""
        if name not in self._known and name not in self.missing:
            try:
                self._known[name] = self._mart(name).lazy()
                self.rows[name] = self._known[name].select(pl.len()).collect().item()
            except KeyError:
                self.missing.add(name)
        return self._known.get(name)


def _newest(frames: _Frames) -> pl.LazyFrame:
    """DERIVED from observation, where there are too many: the newest print of each number, of regions above the level
    of cities."""
    numbers, regions = frames.get("observation"), frames.get("region")
    assert numbers is not None and regions is not None
    below = regions.filter(pl.col("kind").is_in(LEFT_OUT)).select("region")
    return numbers.filter("is_latest").join(below, on="region", how="anti", maintain_order="left")


def _corrections(frames: _Frames) -> pl.LazyFrame:
    """DERIVED from source_cell: the cells whose value is not what stands there."""
    cells = frames.get("source_cell")
    if cells is None:
        return pl.LazyFrame()
    wanted = "document", "sheet", "cell", "raw", "table", "indicator", "region", "period", "edition", "value", "note"
    return cells.filter(pl.col("status") == "I").select(wanted)


def _moved(frames: _Frames) -> pl.LazyFrame:
    """DERIVED from revision: what is neither new nor unchanged."""
    revisions = frames.get("revision")
    return pl.LazyFrame() if revisions is None else revisions.filter(~pl.col("kind").is_in(["new", "unchanged"]))


def _changes(changes: list[dict[str, Any]]) -> pl.LazyFrame:
    """The changes since the last release, first to last, as far as they are listed one by one."""
    rows = [{name: change.get(name) for name in CHANGE} for change in changes[:MOST_CHANGES]]
    return pl.LazyFrame(rows, schema=CHANGE, orient="row")


def _counts(frames: _Frames) -> dict[str, Dataset]:
    """DERIVED: how many findings, numbers and revisions of each kind there are, for the first page."""
    counted: dict[str, Dataset] = {}
    if (found := frames.get("finding")) is not None:
        counted["finding_count"] = _count(found, "check", "severity", "acknowledged")
    if (numbers := frames.get("observation")) is not None:
        present = numbers.filter(pl.col("value").is_not_null())
        counted["number_count"] = _count(present, "edition", "table", "period")
    if (revisions := frames.get("revision")) is not None:
        counted["revision_count"] = _count(revisions, "to_edition", "kind")
    if (claims := frames.get("claim")) is not None:
        counted["claim_count"] = _count(claims, "verdict")
    return counted


def _count(frame: pl.LazyFrame, *by: str) -> pl.LazyFrame:
    return frame.group_by(by).agg(pl.len().cast(pl.Int64).alias("numbers")).sort(by)
