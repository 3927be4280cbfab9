"""Small printed tables as cells, for tests of the judgement: what stands in them is given as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from flows.declarations import Declarations
from transforms.grid import a1
from transforms.judge import Judged, judge
from transforms.numbers import parse_text
from transforms.schema import QUARANTINE, SOURCE_CELL, frame

EAST, WEST = ("110000", "120000", "130000"), ("510000", "520000", "540000")
PROVINCES = (*EAST, *WEST)
MEMBERS = pl.DataFrame(
    [("CN", p) for p in PROVINCES] + [("cn_east", p) for p in EAST] + [("cn_west", p) for p in WEST],
    schema=["region", "member"],
    orient="row",
)
TOTAL, PARTS = "spending", ("spending.basic", "spending.applied", "spending.development")
INDICATORS = pl.DataFrame(
    [
        (TOTAL, "10k_cny", None, None, False),
        *((part, "10k_cny", TOTAL, "activity", True) for part in PARTS),
        ("spending.labour", "10k_cny", TOTAL, None, False),
        ("grants", "patents", None, None, False),
        ("grants.invention", "patents", "grants", "kind", True),
        ("grants.design", "patents", "grants", "kind", True),
        ("share.basic", "percent", None, "activity", False),
        ("share.applied", "percent", None, "activity", False),
        ("intensity", "percent", None, None, False),
        ("papers", "papers", None, None, False),
        ("papers.rank", "rank", "papers", None, False),
    ],
    schema=["indicator", "unit", "parent", "partition", "additive"],
    orient="row",
)
UNITS = dict(zip(INDICATORS["indicator"], INDICATORS["unit"], strict=True))
Texts = Mapping[tuple[str, str], str]


def rules() -> dict[str, Any]:
    """The project's own rules, with the shares and ratios of these tables."""
    declared = Declarations()
    identities = dict(declared.rules("identities"))
    identities["shares"] = [{"check": "shares_to_100", "under": "share", "partition": "activity", "whole": 100}]
    identities["ratios"] = [{"check": "share_and_parts", "shares": "share", "of": "spending", "times": 100}]
    return {"identities": identities, "plausibility": declared.rules("plausibility")}


def cells(
    texts: Texts,
    document: str = "d" * 64,
    edition: str = "st-yearbook/2022",
    period: int = 2021,
    table: str = "spending",
    scale: float = 1.0,
) -> pl.DataFrame:
    """SOURCE_CELL rows of a table, from (indicator, region) to what is printed there; `scale` is the printed unit
    in canonical ones. Text that is no number is left out: see aside()."""
    regions = list(dict.fromkeys(region for _, region in texts))
    indicators = list(dict.fromkeys(indicator for indicator, _ in texts))
    rows = []
    for (indicator, region), text in texts.items():
        number = parse_text(text)
        if number is None:
            continue
        row, column = regions.index(region), indicators.index(indicator) + 1
        rows.append(
            {
                **_place(document, row, column, table, edition, period, indicator, region, text),
                "row": row,
                "column": column,
                "role": "value",
                "value": None if number.value is None else number.value * scale,
                "unit": UNITS[indicator],
                "published_unit": "printed",
                "resolution": None if number.value is None else 10.0**-number.decimals * scale,
                "status": number.status,
            }
        )
    return frame(SOURCE_CELL, rows)


def aside(texts: Texts, **how: Any) -> pl.DataFrame:
    """QUARANTINE rows of a table's cells that are no numbers."""
    regions = list(dict.fromkeys(region for _, region in texts))
    indicators = list(dict.fromkeys(indicator for indicator, _ in texts))
    return frame(
        QUARANTINE,
        [
            _place(
                how.get("document", "d" * 64),
                regions.index(region),
                indicators.index(indicator) + 1,
                how.get("table", "spending"),
                how.get("edition", "st-yearbook/2022"),
                how.get("period", 2021),
                indicator,
                region,
                text,
            )
            | {"reason": "no number"}
            for (indicator, region), text in texts.items()
            if parse_text(text) is None
        ],
    )


def _place(
    document: str,
    row: int,
    column: int,
    table: str,
    edition: str,
    period: int,
    indicator: str,
    region: str,
    raw: str,
) -> dict[str, Any]:
    return {
        "document": document,
        "sheet": "1",
        "cell": a1(row, column),
        "raw": raw,
        "table": table,
        "indicator": indicator,
        "region": region,
        "period": period,
        "edition": edition,
    }


def whole(parts: Mapping[tuple[str, str], float], decimals: int = 0) -> dict[tuple[str, str], str]:
    """A whole table from the true parts of its provinces: totals, zones and nation worked out exactly, then each
    number rounded by itself."""
    true = dict(parts)
    for part in PARTS:
        true[part, "cn_east"] = sum(parts[part, p] for p in EAST)
        true[part, "cn_west"] = sum(parts[part, p] for p in WEST)
        true[part, "CN"] = true[part, "cn_east"] + true[part, "cn_west"]
    order = ("CN", "cn_east", "cn_west", *PROVINCES)
    numbers = {(TOTAL, region): sum(true[part, region] for part in PARTS) for region in order}
    numbers |= {(part, region): true[part, region] for part in PARTS for region in order}
    return {(i, r): f"{numbers[i, r]:.{decimals}f}" for r in order for i in (TOTAL, *PARTS)}


def judged(
    table: pl.DataFrame,
    quarantine: pl.DataFrame | None = None,
    known: list[dict[str, Any]] | None = None,
    corrections: list[dict[str, Any]] | None = None,
    found: pl.DataFrame | None = None,
) -> Judged:
    """The judgement of some cells under the project's rules."""
    set_aside = frame(QUARANTINE) if quarantine is None else quarantine
    return judge(table, set_aside, INDICATORS, MEMBERS, rules(), known or [], corrections or [], found)


def open_errors(result: Judged) -> list[dict[str, Any]]:
    """The unacknowledged errors of a judgement."""
    return result.findings.filter((pl.col("severity") == "error") & ~pl.col("acknowledged")).to_dicts()
