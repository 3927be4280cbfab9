"""What changes in the sources, and the verdicts on the paper's statements that must follow."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from tests.rebuilt import YEARBOOK, Staging, added, changed

YES, CAVEAT, NO, OPEN = "confirmed", "confirmed_with_caveat", "contradicted", "not_testable"
THREE = {"shenzhen_hong_kong_guangzhou": 2, "beijing": 3, "shanghai_suzhou": 6}


def counts_of_2022(frames: Staging) -> Staging:
    return changed(frames, 6, indicator="clusters_in_top_100", region="CN", edition="gii-clusters/2022")


def one_method(frames: Staging) -> Staging:
    return frames | {"methodology": frames["methodology"].head(1)}


def printed_ranks_swapped(frames: Staging) -> Staging:
    rank = {"indicator": "cluster.rank", "edition": "paper/2023"}
    for cluster, value in (("shenzhen_hong_kong_guangzhou", 3), ("beijing", 2), ("shanghai_suzhou", 7)):
        frames = changed(frames, value, region=f"cluster_{cluster}", **rank)
    frames = changed(frames, 6, region="cluster_osaka_kobe_kyoto", **rank)
    wuhan = (pl.col("edition") == "paper/2023") & (pl.col("region") == "cluster_wuhan")
    elsewhere = pl.when(wuhan).then(pl.lit("cluster_munich")).otherwise("region")
    return frames | {"source_cell": frames["source_cell"].with_columns(region=elsewhere)}


def wipo_itself(frames: Staging) -> Staging:
    """The ranking of 2022 as if WIPO had printed it, with shares."""
    shares = {"shenzhen_hong_kong_guangzhou": (8.2, 1.9), "beijing": (2.8, 3.7), "shanghai_suzhou": (2.0, 2.1)}
    values = {}
    for cluster, (pct, publications) in shares.items():
        values["cluster.pct_share", f"cluster_{cluster}"] = pct
        values["cluster.publications_share", f"cluster_{cluster}"] = publications
    like = {"edition": "gii-clusters/2022", "table": "cluster_ranking"}
    return added(frames, values, like) | {"quotation": frames["quotation"].clear()}


def wipo_differs(frames: Staging) -> Staging:
    frames = wipo_itself(frames)
    for cluster, rank in THREE.items():
        where = {"region": f"cluster_{cluster}", "edition": "gii-clusters/2022"}
        frames = changed(frames, rank + 10, indicator="cluster.rank", **where)
        frames = changed(frames, 6, indicator="cluster.pct_share", **where)
        frames = changed(frames, 4, indicator="cluster.publications_share", **where)
    wuhan = (pl.col("edition") == "gii-clusters/2022") & (pl.col("region") == "cluster_wuhan")
    elsewhere = pl.when(wuhan).then(pl.lit("cluster_munich")).otherwise("region")
    return frames | {"source_cell": frames["source_cell"].with_columns(region=elsewhere)}


def activity(frames: Staging, region: str, basic: float, applied: float, experimental: float) -> Staging:
    where = {"region": region, "edition": YEARBOOK, "period": 2021, "table": "rd_expenditure_by_activity"}
    for name, value in (("basic", basic), ("applied", applied), ("experimental", experimental)):
        frames = changed(frames, value, indicator=f"rd_expenditure.{name}", **where)
    return frames


def beijing_first(frames: Staging) -> Staging:
    return activity(frames, "110000", 14e6, 12e6, 293207.7)


def yangtze_full_of_research(frames: Staging) -> Staging:
    frames = activity(frames, "320000", 10e6, 14e6, 10385571.5)
    return activity(frames, "310000", 5e5, 19e5, 15797704.8)


def guangdong_like_the_nation(frames: Staging) -> Staging:
    return activity(frames, "440000", 2601180, 4502834, 32920481)


def nation_otherwise(frames: Staging) -> Staging:
    frames = activity(frames, "CN", 5e7, 5e7, 17956e4)
    frames = printed(frames, "440300", basic=1, applied=1, experimental=98)
    return printed(frames, "440100", basic=12, applied=21)


def enterprises_weak(frames: Staging) -> Staging:
    cited = {"period": 2021, "edition": YEARBOOK}
    own = "industrial_enterprise_rd_expenditure"
    frames = changed(frames, 1e8, indicator="rd_expenditure.enterprises", region="CN", edition="rd-bulletin/2021")
    frames = changed(frames, 1e8, indicator="rd_expenditure.enterprise_funds", region="CN", **cited)
    frames = changed(frames, 8e6, indicator="rd_expenditure.enterprise_funds", region="310000", **cited)
    frames = changed(frames, 15e6, indicator=own, region="310000", **cited)
    return changed(frames, 1e8, indicator=f"{own}.experimental", region="CN", **cited)


def printed(frames: Staging, region: str, **shares: float) -> Staging:
    for name, value in shares.items():
        frames = changed(frames, value, indicator=f"rd_share.{name}", region=region, edition="paper/2023")
    return frames


def table_4_otherwise(frames: Staging) -> Staging:
    frames = printed(frames, "110000", basic=1, applied=1, experimental=98)
    frames = printed(frames, "440100", basic=2, applied=2, experimental=96)
    frames = printed(frames, "310000", basic=6.5, applied=11.25, experimental=82.25)
    frames = printed(frames, "yangtze_river_delta", experimental=87.6)
    where = {"region": "CN", "edition": "paper/2023"}
    frames = changed(frames, 50.44, indicator="rd_share.research_institutes.experimental", **where)
    frames = changed(frames, 7.72, indicator="rd_share.enterprises.basic", **where)
    return changed(frames, 89, indicator="rd_share.enterprises.experimental", **where)


def missing_tables_given(frames: Staging) -> Staging:
    """The yearbook's table by performing sector, the cities', and Hong Kong's, as the paper would have them."""
    sectors = {
        "enterprises": (0.78, 3.28, 95.94), "research_institutes": (17.38, 32.18, 50.50),
        "higher_education": (41.48, 48.34, 10.18), "other_sectors": (17.99, 34.08, 47.93),
    }  # fmt: skip
    cities = {"440300": (7.25, 9.10, 83.65), "440100": (13.58, 17.13, 69.29), "810000": (40, 40, 20)}
    names = ("basic", "applied", "experimental")
    values = {}
    for sector, shares in sectors.items():
        values[f"rd_expenditure.{sector}", "CN"] = 1e6
        values |= {(f"rd_expenditure.{sector}.{n}", "CN"): s * 1e4 for n, s in zip(names, shares, strict=True)}
    for city, shares in cities.items():
        values["rd_expenditure", city] = 1e6
        values |= {(f"rd_expenditure.{n}", city): s * 1e4 for n, s in zip(names, shares, strict=True)}
    return added(frames, values, {"edition": YEARBOOK, "table": "rd_expenditure_by_activity"})


SCENARIOS: dict[Callable[[Staging], Staging], dict[str, str]] = {
    counts_of_2022: {
        "1.2-clusters-top-100": NO, "1.2-clusters-gained@as_published": NO, "1.2-more-and-more": NO,
    },
    one_method: {
        "1.2-clusters-gained@as_published": YES, "1.2-clusters-gained@one_method": YES, "1.2-more-and-more": YES,
    },
    printed_ranks_swapped: {
        **{f"1.2-rank-{c.replace('_', '-')}@table_1": NO for c in THREE},
        "1.2-six-of-twenty@table_1": NO, "table-1-order": NO, "1.2-shares-and-order": NO,
    },
    wipo_itself: {
        **{f"1.2-rank-{c.replace('_', '-')}@wipo": YES for c in THREE},
        "1.2-six-of-twenty@wipo": YES, "table-1-figures": YES, "1.2-pct-share": YES, "1.2-publication-share": YES,
    },
    wipo_differs: {
        **{f"1.2-rank-{c.replace('_', '-')}@wipo": NO for c in THREE},
        "1.2-six-of-twenty@wipo": NO, "table-1-figures": NO, "1.2-pct-share": NO, "1.2-publication-share": NO,
        "1.2-rank-beijing@table_1": YES,
    },
    beijing_first: {
        "3.2-beijing-first-basic@provinces": YES, "3.2-beijing-first-applied@provinces": YES,
        "3.2-jing-jin-ji-twice-basic": NO, "3.2-jing-jin-ji-twice-applied": NO,
        "3.2-jing-jin-ji-highest-basic@provinces": YES, "3.2-jing-jin-ji-highest-applied@provinces": YES,
        "table-4-figures@seven_regions": NO, "3.2-beijing-first-basic@paper": YES,
    },
    yangtze_full_of_research: {
        "3.2-yangtze-below-basic": NO, "3.2-yangtze-below-applied": NO, "3.2-yangtze-above-experimental": NO,
        "3.2-jing-jin-ji-highest-basic@highlands": NO, "3.2-jing-jin-ji-highest-applied@highlands": NO,
        "3.2-shanghai-above-basic": NO,
    },
    guangdong_like_the_nation: {
        "3.2-guangdong-nearest@provinces_points": YES, "3.2-guangdong-nearest@provinces_aitchison": YES,
        "3.2-guangdong-nearest@paper_points": NO,
    },
    nation_otherwise: {
        "table-5-figures@nation": NO, "table-4-figures@seven_regions": NO,
        "3.2-jing-jin-ji-highest-basic@paper_outside": YES, "3.2-jing-jin-ji-highest-applied@paper_outside": NO,
        "3.2-guangdong-nearest@paper_points": YES,
    },
    enterprises_weak: {
        "3.2-enterprises-near-80@performed": NO, "3.2-enterprises-near-80@funded": NO,
        "3.2-shanghai-enterprises@half": NO, "3.2-shanghai-enterprises@nation": YES,
        "3.2-shanghai-enterprises@performed": YES, "3.2-enterprises-development@industrial_enterprises": NO,
        "table-5-figures@industrial_enterprises": NO,
    },
    table_4_otherwise: {
        "3.2-beijing-first-basic@paper": NO, "3.2-beijing-first-applied@paper": NO,
        "3.2-jing-jin-ji-highest-basic@paper": YES, "3.2-jing-jin-ji-highest-applied@paper": YES,
        "3.2-guangzhou-basic@paper": NO, "3.2-guangzhou-applied@paper": NO, "3.2-shenzhen-experimental@paper": NO,
        **{f"3.2-guangdong-nearest@paper_{r}": NO for r in
           ("points", "aitchison", "regions_points", "regions_aitchison")},
        "table-4-sums": YES, "table-5-sums": YES, "3.2-enterprises-development@paper": NO,
        "table-4-figures@seven_regions": NO, "3.2-beijing-first-basic@provinces": NO,
    },
    missing_tables_given: {
        "3.2-enterprises-development@sources": YES, "table-5-figures@sectors": YES, "table-5-figures@nation": YES,
        "3.2-guangzhou-basic@sources": YES, "3.2-guangzhou-applied@sources": YES,
        "3.2-shenzhen-experimental@sources": YES, "table-4-figures@two_cities": YES,
        "3.2-hong-kong-macao-absent": NO,
    },
}  # fmt: skip
