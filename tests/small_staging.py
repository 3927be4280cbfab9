"""A small warehouse's staging, made by hand: published figures of some regions, two editions, every kind of cell.

The reference tables are the project's own; cells come one a row from the compact tables below.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from transforms.grid import a1
from transforms.schema import DOCUMENT, QUARANTINE, SOURCE_CELL, findings, frame

REFERENCE = Path(__file__).resolve().parents[1] / "data" / "reference"
YEARBOOK, COARSE, OLDER, PAPER, RANKING, OLDER_RANKING = (letter * 64 for letter in "abcdef")

# Table 1-7, data year 2021: total, basic, applied, experimental. Shanghai's parts exceed its total by 19 671.9.
BY_ACTIVITY = {
    "CN": (279563072.7, 18170272.6, 31453707.4, 229958764.7),
    "110000": (26293207.7, 4225133.6, 6570209.5, 15497864.6),
    "120000": (5743281.6, 588111.6, 768658.9, 4386511),
    "130000": (7454936.4, 168937.9, 600562.8, 6685435.8),
    "310000": (18197704.8, 1777325.4, 1900886.3, 14539165),
    "320000": (34385571.5, 1356697.5, 1793603.2, 31235270.7),
    "330000": (21576903.6, 643461.9, 1384119.1, 19549322.7),
    "340000": (10061244.5, 741132.0, 842152.8, 8477959.7),
    "440000": (40021795.3, 2742691.6, 3567248.8, 33711855),
    "500000": (6038409.7, 297396.0, 749546.7, 4991467.1),
    "510000": (12145208.6, 581239.4, 2115077.8, 9448891.5),
}
ACTIVITIES = ("rd_expenditure", "rd_expenditure.basic", "rd_expenditure.applied", "rd_expenditure.experimental")

# Table 1-8 in two editions: {region: {period: (as printed in 2021, as printed in 2022)}}; None: not printed.
INTENSITY = {
    "CN": {2019: ("2.24", "2.24"), 2020: ("2.40", "2.41"), 2021: (None, "2.43")},
    "110000": {2019: ("6.31", "6.3"), 2020: ("6.44", "6.44"), 2021: (None, "6.53")},
    "120000": {2019: ("3.28", "3.29"), 2020: ("3.44", None), 2021: (None, "3.66")},
}
# The paper's tables 4 and 5, percent: basic, applied, experimental.
SHARES = {
    "110000": (16.07, 24.99, 58.94),
    "440300": (7.25, 9.10, 83.65),
    "440100": (13.58, 17.13, 69.29),
}
SECTOR_SHARES = {
    "": (6.50, 11.25, 82.26),
    "enterprises": (0.78, 3.28, 95.94),
    "industrial_enterprises": (0.64, 2.82, 96.53),
    "research_institutes": (17.38, 32.18, 50.50),
    "higher_education": (41.48, 48.34, 10.18),
    "other_sectors": (17.99, 34.08, 47.93),
}
CLUSTERS = {
    RANKING: (2022, [("cluster_tokyo_yokohama", "日本"), ("cluster_shenzhen_hong_kong_guangzhou", "中国")]),
    OLDER_RANKING: (2017, [("cluster_tokyo_yokohama", "Japan"), ("cluster_beijing", "China")]),
}
TARGETS = [
    ("北京", "国际科技创新中心", "《北京市规划》"),
    ("成渝地区", "具有全国影响力的科技创新中心", "《纲要》"),
]
FRAMEWORK = [("成果转化", "科研成果市场化", "合同"), (None, "高新技术产业化", "营收"), (None, None, "独角兽")]


def cell(document: str, table: str, row: int, column: int, **about: Any) -> dict[str, Any]:
    """One SOURCE_CELL row; `printed` gives raw, value and resolution at once."""
    printed = about.pop("printed", None)
    base = {
        "document": document,
        "sheet": "1",
        "table": table,
        "cell": a1(row, column),
        "row": row,
        "column": column,
    }
    if printed is not None:
        digits = len(str(printed).partition(".")[2])
        base |= {"raw": str(printed), "value": float(printed), "resolution": 10.0**-digits, "status": "A"}
    return {"role": "value", **base, **about}


def small_cells() -> pl.DataFrame:
    """All cells of the small warehouse."""
    rows = [*_activity(), *_intensity(), *_coarse(), *_industry(), *_paper(), *_clusters(), *_texts()]
    return frame(SOURCE_CELL, rows)


def _activity() -> Iterable[dict[str, Any]]:
    for r, (region, numbers) in enumerate(BY_ACTIVITY.items(), start=9):
        for c, (indicator, number) in enumerate(zip(ACTIVITIES, numbers, strict=True), start=2):
            yield cell(
                YEARBOOK, "rd_expenditure_by_activity", r, c, printed=f"{number:.1f}", indicator=indicator,
                region=region, period=2021, edition="st-yearbook/2022", unit="10k_cny", published_unit="10k_cny",
            )  # fmt: skip


def _intensity() -> Iterable[dict[str, Any]]:
    for r, (region, periods) in enumerate(INTENSITY.items(), start=5):
        for c, (period, printings) in enumerate(periods.items(), start=2):
            for document, year, printed in zip((OLDER, YEARBOOK), (2021, 2022), printings, strict=True):
                if printed is not None:
                    yield cell(
                        document, "rd_intensity", r + 40, c, printed=printed, indicator="rd_intensity",
                        region=region, period=period, edition=f"st-yearbook/{year}", unit="percent",
                    )  # fmt: skip


def _coarse() -> Iterable[dict[str, Any]]:
    """The publisher's rounded copy of one number, and a blank."""
    common = {"period": 2021, "edition": "st-yearbook/2022", "unit": "10k_cny", "indicator": "rd_expenditure"}
    yield cell(COARSE, "rd_expenditure_by_activity", 9, 2, printed="18197705", region="310000", **common)
    yield cell(COARSE, "rd_expenditure_by_activity", 10, 2, region="540000", raw="", status="O", **common)


def _industry() -> Iterable[dict[str, Any]]:
    numbers = (("", 175142461), (".experimental", 169072421))
    for c, (suffix, number) in enumerate(numbers, start=2):
        yield cell(
            YEARBOOK, "industrial_enterprise_rd_expenditure", 80, c, printed=number, region="CN", period=2021,
            indicator=f"industrial_enterprise_rd_expenditure{suffix}", edition="st-yearbook/2022", unit="10k_cny",
        )  # fmt: skip


def _paper() -> Iterable[dict[str, Any]]:
    common = {"period": 2021, "edition": "paper/2023", "unit": "percent"}
    activities = ("basic", "applied", "experimental")
    for r, (region, shares) in enumerate(SHARES.items(), start=3):
        for c, (activity, share) in enumerate(zip(activities, shares, strict=True), start=1):
            about = {"indicator": f"rd_share.{activity}", "region": region, "printed": f"{share:.2f}"}
            yield cell(PAPER, "rd_share_by_region", r, c, **about, **common)
    for r, (sector, shares) in enumerate(SECTOR_SHARES.items(), start=20):
        for c, (activity, share) in enumerate(zip(activities, shares, strict=True), start=1):
            indicator = ".".join(filter(None, ("rd_share", sector, activity)))
            if sector == "":
                continue
            about = {"indicator": indicator, "region": "CN", "printed": f"{share:.2f}"}
            yield cell(PAPER, "rd_share_by_sector", r, c, **about, **common)


def _clusters() -> Iterable[dict[str, Any]]:
    for document, (year, ranked) in CLUSTERS.items():
        common = {"period": year, "edition": f"gii-clusters/{year}"}
        for rank, (cluster, economy) in enumerate(ranked, start=1):
            where = {"region": cluster, **common}
            yield cell(
                document, "cluster_ranking", rank, 0, printed=rank, indicator="cluster.rank", unit="rank", **where
            )
            yield cell(
                document,
                "cluster_ranking",
                rank,
                2,
                raw=economy,
                role="text",
                indicator="cluster.economy",
                **where,
            )
            yield cell(
                document, "cluster_ranking", rank, 3, printed=1000 - rank, unit="patents",
                indicator="cluster.pct_applications", **where,
            )  # fmt: skip
        yield cell(
            document, "gii_economies", 90, 1, printed={2022: 21, 2017: 7}[year], indicator="clusters_in_top_100",
            region="CN", unit="clusters", **common,
        )  # fmt: skip


def _texts() -> Iterable[dict[str, Any]]:
    common = {"role": "text", "region": "CN", "period": 2023, "edition": "paper/2023"}
    tables = {
        "highland_target": (("region", "position", "document"), TARGETS),
        "indicator_framework": (("dimension", "content", "indicator"), FRAMEWORK),
    }
    for n, (table, (columns, lines)) in enumerate(tables.items()):
        for r, line in enumerate(lines, start=40 + 20 * n):
            for c, (column, text) in enumerate(zip(columns, line, strict=True)):
                if text:
                    yield cell(PAPER, table, r, c, raw=text, indicator=f"{table}.{column}", **common)


def editions() -> pl.DataFrame:
    """The editions of the small warehouse with the days they appeared."""
    days = {
        "st-yearbook/2021": date(2021, 12, 1),
        "st-yearbook/2022": date(2022, 12, 1),
        "paper/2023": date(2023, 11, 20),
        "gii-clusters/2017": date(2017, 6, 15),
        "gii-clusters/2022": date(2022, 9, 29),
    }
    rows = []
    for edition, day in days.items():
        series, year = edition.split("/")
        names = {"name_zh": f"版本 {year}", "name_en": f"Edition {year}", "producer": "Producer", "licence": None}
        dates = {"data_year": int(year) - 1, "release_date": day, "approximate": False}
        rows.append({"edition": edition, "series": series, "year": int(year), **dates, **names})
    return pl.DataFrame(rows, schema_overrides={"licence": pl.String})


def reference(name: str) -> pl.DataFrame:
    """A table of data/reference as text."""
    return pl.read_csv(REFERENCE / f"{name}.csv", infer_schema_length=0)


def staging() -> dict[str, pl.DataFrame]:
    """Everything that the marts are made of."""
    names = {YEARBOOK: "1-7.xls", COARSE: "1-7.html", OLDER: "1-8.xls", PAPER: "paper.csv", RANKING: "gii.csv"}
    documents = [
        {"document": document, "names": names.get(document, "old.csv"), "container": "csv", "outcome": "read"}
        for document in (YEARBOOK, COARSE, OLDER, PAPER, RANKING, OLDER_RANKING)
    ]
    slip = {
        "check": "parts_and_total",
        "region": "310000",
        "period": 2021,
        "residual": 19671.9,
        "message": "parts",
    }
    aside = {"document": YEARBOOK, "sheet": "1", "cell": "B9", "raw": "368633!", "reason": "no number"}
    methods = [("gii-clusters", 2017, "仅PCT", "PCT only"), ("gii-clusters", 2018, "PCT与论文", "PCT and papers")]
    return {
        "source_cell": small_cells(),
        "quarantine": frame(QUARANTINE, [aside]),
        "finding": findings([slip]),
        "document": frame(DOCUMENT, documents),
        "edition": editions(),
        "region": reference("regions"),
        "region_member": reference("region_members"),
        "indicator": reference("indicators"),
        "framework": reference("framework"),
        "clusters": reference("clusters"),
        "methodology": pl.DataFrame(methods, schema=["series", "since", "name_zh", "name_en"], orient="row"),
    }
