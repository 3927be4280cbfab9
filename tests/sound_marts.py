"""A small release in which every expectation holds: one frame for each mart, for tests to damage."""

from __future__ import annotations

from typing import Any

import polars as pl

DOCUMENT = "a1" * 32
EDITIONS = ("st-yearbook/2021", "st-yearbook/2022")
PLACE: dict[str, Any] = {"document": DOCUMENT, "sheet": "1-7"}
MEMBERS = {
    "CN": 31,
    "cn_east": 10,
    "cn_central": 6,
    "cn_west": 12,
    "cn_northeast": 3,
    "jing_jin_ji": 3,
    "yangtze_river_delta": 4,
    "chengdu_chongqing": 2,
    "greater_bay_area": 11,
}


def observations() -> list[dict[str, Any]]:
    """Two indicators of two regions, each printed by two editions, a blank and a percentage."""
    figures = {
        "rd_expenditure": (1000.0, "10k_cny"),
        "rd_intensity": (2.44, "percent"),
        "high_tech_profit": (-5.0, "100m_cny"),
    }
    rows = [
        {
            **PLACE,
            "indicator": indicator,
            "region": region,
            "period": 2020,
            "edition": edition,
            "value": value,
            "unit": unit,
            "status": "A",
            "raw": str(value),
            "cell": f"B{n}",
            "is_latest": edition == EDITIONS[1],
        }
        for n, (indicator, (value, unit)) in enumerate(figures.items(), start=5)
        for region in ("CN", "110000")
        for edition in EDITIONS
    ]
    blank = {
        "indicator": "rd_expenditure",
        "region": "540000",
        "period": 2021,
        "edition": EDITIONS[1],
        "value": None,
        "unit": "10k_cny",
        "status": "O",
        "raw": None,
        "cell": "B9",
        "is_latest": True,
    }
    return [*rows, {**PLACE, **blank}]


def source_cells() -> list[dict[str, Any]]:
    """Two numbers and a line of text."""
    common = {**PLACE, "column": 1, "period": 2021, "edition": EDITIONS[1]}
    number = {**common, "role": "value", "indicator": "rd_expenditure", "resolution": 1.0}
    return [
        {**number, "cell": "B5", "row": 4, "region": "CN", "value": 1000.0, "raw": "1000"},
        {**number, "cell": "B6", "row": 5, "region": "110000", "value": 100.0, "raw": "100"},
        {
            **common,
            "role": "text",
            "indicator": "rd_intensity",
            "region": "110000",
            "cell": "C6",
            "row": 5,
            "raw": "x",
        },
    ]


def paper_cell() -> dict[str, Any]:
    """A cell of the paper that the sources confirm."""
    numbers = {"difference": 0.001, "tolerance": 0.005, "verdict": "equal"}
    return {**PLACE, "cell": "B4", "position": 1, "column_key": "basic_share", **numbers}


def marts() -> dict[str, pl.DataFrame]:
    """Every mart that has a suite, by name."""
    structure = {
        "period": 2021,
        "edition": EDITIONS[1],
        "total": 100.0,
        "basic_share": 6.5,
        "applied_share": 11.25,
        "experimental_share": 82.36,
        "share_sum": 100.11,
    }
    cluster = {
        "edition": "gii-clusters/2022",
        "year": 2022,
        "name_en": "Name",
        "name_zh": "名称",
        "economies": "CN",
        "pct_applications": 94340.0,
        "publications": 133327.0,
        "methodology": "fractional counting",
    }
    distance = {
        "period": 2021,
        "edition": EDITIONS[1],
        "basic_difference": 9.57,
        "applied_difference": 13.74,
        "experimental_difference": -23.31,
        "points": 23.31,
        "aitchison": 0.97,
    }
    codes = [f"{n:06d}" for n in range(1, 32)]
    names = {"kind": "province", "name_zh": "名", "name_en": "Name"}
    rows: dict[str, list[dict[str, Any]]] = {
        "observation": observations(),
        "source_cell": source_cells(),
        "rd_structure_by_region": [
            {**structure, "region": region, "kind": "province", "name_zh": "名", "name_en": "Name"}
            for region in ("CN", "310000")
        ],
        "rd_structure_by_sector": [{**structure, "sector": sector} for sector in ("total", "higher_education")],
        "cluster_ranking": [
            {**cluster, "rank": 1, "cluster": "cluster_tokyo_yokohama"},
            {**cluster, "rank": 2, "cluster": "cluster_shenzhen", "economies": "CN|HK"},
            {**cluster, "rank": 3, "cluster": "cluster_beijing"},
        ],
        "cluster_rank_change": [
            {
                "cluster": "cluster_beijing",
                "from_edition": "gii-clusters/2021",
                "to_edition": "gii-clusters/2022",
                "places_gained": 1,
                "move": "risen",
                "comparable": True,
                "method_break": None,
            },
            {
                "cluster": "cluster_beijing",
                "from_edition": "gii-clusters/2022",
                "to_edition": "gii-clusters/2023",
                "places_gained": None,
                "move": "fallen",
                "comparable": False,
                "method_break": "density",
            },
        ],
        "cluster_by_economy": [
            {
                "edition": "gii-clusters/2022",
                "year": 2022,
                "economy": "CN",
                "published_count": 21,
                "counted": 6,
                "name_en": "China",
                "name_zh": "中国",
            }
        ],
        "highland_target": [
            {"edition": "paper/2023", "region": "jing_jin_ji", "position": 1, "target": "目标", "plan": "规划"}
        ],
        "highland_profile": [
            {
                "highland": "jing_jin_ji",
                "region": "110000",
                "indicator": "rd_expenditure",
                "period": 2021,
                "role": "member",
                "measure": "rd_expenditure",
                "rank": 1,
                "peers": 31,
                "share_of_nation": 9.4,
            }
        ],
        "indicator_framework": [
            {
                "edition": "paper/2023",
                "position": 1,
                "dimension": "维度",
                "content": "内容",
                "measure": "指标",
                "document": DOCUMENT,
            }
        ],
        "indicator_coverage": [
            {
                "indicator": "rd_expenditure",
                "region": "CN",
                "period": 2021,
                "coverage": "missing",
                "source_zh": "年鉴",
                "source_en": "yearbook",
            }
        ],
        "revision": [
            {
                "indicator": "rd_expenditure",
                "region": "CN",
                "period": 2020,
                "from_edition": EDITIONS[0],
                "to_edition": EDITIONS[1],
                "old_value": 1000.0,
                "new_value": new,
                "kind": kind,
            }
            for new, kind in ((1000.0, "unchanged"),)
        ]
        + [
            {
                "indicator": "rd_expenditure",
                "region": "CN",
                "period": 2019,
                "from_edition": None,
                "to_edition": EDITIONS[1],
                "old_value": None,
                "new_value": 9.0,
                "kind": "new",
            }
        ],
        "finding": [
            {
                "check": "sum",
                "severity": "warning",
                "table": "rd_expenditure_by_activity",
                "region": "310000",
                "indicator": "rd_expenditure",
                "period": 2021,
                "edition": EDITIONS[1],
                "message": "parts exceed total",
                "acknowledged": True,
                "reason": "known error",
            }
        ],
        "claim": [
            {
                "claim": "clusters",
                "statement_zh": "论断",
                "statement_en": "statement",
                "evidence": "select 1",
                "verdict": "confirmed",
                "observed": "21",
                "remark": None,
            }
        ],
        "claim_by_year": [
            {"claim": "clusters", "period": 2022, "observed": "21", "observed_zh": "21", "holds": True}
        ],
        **{f"paper_table_{n}": [paper_cell()] for n in range(1, 6)},
        "share_forensics": [
            {
                "table_number": 4,
                "edition": "paper/2023",
                "position": 4,
                "number": 1,
                "cause_region": "310000",
                "cause_part": "total",
                "share_sum": 100.12,
                "excess": 0.12,
                "allowed": 0.015,
                "total": 18197704.8,
                "is_explained": True,
            }
        ],
        "structure_to_nation": [{**distance, "region": "110000"}],
        "structure_distance": [{**distance, "region": "110000", "other": "310000"}],
        "composite_indicator": [
            {"indicator": "rd_expenditure_per_gdp", "region": "110000", "period": 2021, "value": 6.53}
        ],
        "composite_score": [
            {
                "region": "110000",
                "period": 2021,
                "rank": 1,
                "rank_best": 1,
                "rank_05": 1,
                "rank_50": 1,
                "rank_95": 4,
                "rank_worst": 17,
                "score": 87.7,
            }
        ],
        "composite_choice": [
            {"position": n, "factor": "outliers", "option": option, "probability": 0.5}
            for n, option in enumerate(("keep", "winsorise"), start=1)
        ],
        "composite_influence": [
            {"period": 2021, "factor": "outliers", "option": "keep", "mean_shift": 0.1, "variance_percent": 0.7}
        ],
        "cluster_weight_pair": [
            {
                "edition": "gii-clusters/2022",
                "year": 2022,
                "rank": 1,
                "cluster": "cluster_tokyo_yokohama",
                "next_cluster": "cluster_shenzhen",
                "more_applications": 28186.0,
                "at_least": 0.73,
                "at_most": None,
            }
        ],
        "cluster_weight": [
            {
                "edition": "gii-clusters/2022",
                "year": 2022,
                "pairs": 19,
                "pairs_kept": 19,
                "pairs_broken": None,
                "lowest": 5.76,
                "highest": 6.19,
                "is_empty": False,
            }
        ],
        "quarantine": [
            {
                **PLACE,
                "cell": "D7",
                "reason": "not a number",
                "indicator": "rd_expenditure",
                "region": "110000",
                "period": 2012,
            }
        ],
        "document": [
            {"document": DOCUMENT, "names": "1-7.xls | 0107.xls", "outcome": "read", "reason": None},
            {"document": "b2" * 32, "names": "x.bin", "outcome": "unreadable", "reason": "not a table"},
        ],
        "edition": [
            {
                "edition": edition,
                "year": int(edition[-4:]),
                "release_date": f"{edition[-4:]}-12-01",
                "producer": "NBS",
                "licence": "terms",
            }
            for edition in EDITIONS
        ],
        "region": [
            {**names, "region": code, "parent": None if code == "CN" else "CN"}
            for code in [*MEMBERS, "110000", "310000", "540000", *codes]
        ],
        "region_member": [
            {"region": region, "member": member} for region, number in MEMBERS.items() for member in codes[:number]
        ],
        "indicator": [
            {
                "indicator": "rd_expenditure",
                "name_zh": "经费",
                "name_en": "R&D",
                "unit": "10k_cny",
                "parent": None,
                "additive": False,
            },
            {
                "indicator": "rd_expenditure.basic",
                "name_zh": "基础研究",
                "name_en": "Basic",
                "unit": "10k_cny",
                "parent": "rd_expenditure",
                "additive": True,
            },
            {
                "indicator": "rd_intensity",
                "name_zh": "强度",
                "name_en": "Intensity",
                "unit": "percent",
                "parent": None,
                "additive": False,
            },
            {
                "indicator": "high_tech_profit",
                "name_zh": "利润",
                "name_en": "Profit",
                "unit": "100m_cny",
                "parent": None,
                "additive": False,
            },
        ],
        "dictionary": [
            {"table": "observation", "column": "value", "comment_en": "The number.", "comment_zh": "数值。"}
        ],
    }
    return {name: pl.DataFrame(some, infer_schema_length=None) for name, some in rows.items()}
