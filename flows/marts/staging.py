"""What the marts are made of: every frame that sql/ reads as `staging.<name>`."""

from __future__ import annotations

import polars as pl

from flows.declarations import Declarations
from flows.documents.judging import Verdicts
from flows.marts.plan import Given
from transforms.claims import claims
from transforms.composite_rules import choices, definitions
from transforms.editions import editions, methodology


def staging(declarations: Declarations, verdicts: Verdicts) -> dict[str, Given]:
    """The staging tables by name: frames, and files of what was judged."""
    found = verdicts.distinct("source_cell", "edition")
    regions = _text("regions.csv", declarations)
    return {
        **verdicts.files,
        "edition": editions(found, declarations.series),
        "region": _with_open_regions(regions, verdicts.distinct("source_cell", "region"), declarations),
        "region_member": _text("region_members.csv", declarations),
        "indicator": declarations.indicators,
        "framework": _text("framework.csv", declarations),
        "unit": _units(declarations),
        "methodology": methodology(declarations.series),
        "clusters": _text("clusters.csv", declarations),
        "quotation": _text("quotations.csv", declarations),
        "claim": claims(declarations.reference("claims.yml")),
        "composite_definition": definitions(declarations.rules("composite")),
        "composite_choice": choices(declarations.rules("composite")),
    }


def _text(name: str, declarations: Declarations) -> pl.DataFrame:
    rows = declarations.reference(name)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String), orient="row")
    return frame.with_columns(pl.all().replace("", None))


def _units(declarations: Declarations) -> pl.DataFrame:
    columns = ("code", "dimension", "factor", "name_zh", "name_en")
    rows = [tuple(row.get(c) for c in columns) for row in declarations.reference("units.yml")]
    schema = {c: pl.Float64 if c == "factor" else pl.String for c in columns}
    return pl.DataFrame(rows, schema=schema, orient="row", strict=False)


def _with_open_regions(regions: pl.DataFrame, found: list[str], declarations: Declarations) -> pl.DataFrame:
    """Clusters and economies that appear in the cells join the region dimension with their own kind."""
    known = set(regions["code"])
    named = {row["code"]: row for row in declarations.clusters}
    economies = declarations.catalogue.economies.names
    rows = []
    for code in sorted(set(found) - known):
        if code in named or code.startswith("cluster_"):
            row = named.get(code, {})
            shown = code.removeprefix("cluster_").replace("_", " ").title()
            rows.append((code, "cluster", row.get("name_zh") or shown, row.get("name_en") or shown))
        elif code in economies:
            rows.append((code, "economy", economies[code][0] or economies[code][1], economies[code][1]))
    extra = pl.DataFrame(rows, schema=["code", "kind", "name_zh", "name_en"], orient="row") if rows else None
    if extra is None:
        return regions
    return pl.concat([regions, extra], how="diagonal_relaxed")
