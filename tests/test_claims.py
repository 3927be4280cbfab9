"""The ledger of the paper's statements: every verdict pinned, its evidence run, and flipped by the source number that
should flip it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.declarations import Declarations
from flows.query import query
from flows.run import Run
from tests.rebuilt import YEARBOOK, Staging, added, build, changed, staged
from transforms.claims import claims

YES, CAVEAT, NO, OPEN = "confirmed", "confirmed_with_caveat", "contradicted", "not_testable"
THREE = {"shenzhen_hong_kong_guangzhou": 2, "beijing": 3, "shanghai_suzhou": 6}

VERDICTS: dict[str, tuple[str, str | None]] = {
    "1.2-economies": (OPEN, None),
    "1.2-clusters-top-100": (YES, "21"),
    "1.2-clusters-gained@as_published": (CAVEAT, "14"),
    "1.2-clusters-gained@one_method": (OPEN, None),
    "1.2-more-and-more": (CAVEAT, "14"),
    "1.2-rank-shenzhen-hong-kong-guangzhou@table_1": (YES, "2"),
    "1.2-rank-shenzhen-hong-kong-guangzhou@wipo": (OPEN, None),
    "1.2-rank-beijing@table_1": (YES, "3"),
    "1.2-rank-beijing@wipo": (OPEN, None),
    "1.2-rank-shanghai-suzhou@table_1": (YES, "6"),
    "1.2-rank-shanghai-suzhou@wipo": (OPEN, None),
    "1.2-pct-share": (OPEN, None),
    "1.2-publication-share": (OPEN, None),
    "1.2-shares-and-order": (CAVEAT, "0.323"),
    "1.2-six-of-twenty@table_1": (YES, "6"),
    "1.2-six-of-twenty@wipo": (OPEN, None),
    "3.2-jing-jin-ji-highest-basic@highlands": (CAVEAT, "12.62%, place 1 of 3; next Yangtze River Delta with 5.37%"),
    "3.2-jing-jin-ji-highest-basic@paper": (NO, "12.62%, place 3 of 8; first Beijing with 16.07%"),
    "3.2-jing-jin-ji-highest-basic@paper_outside": (NO, "12.62%, place 2 of 7; first Guangzhou with 13.58%"),
    "3.2-jing-jin-ji-highest-basic@provinces": (NO, "12.62%, place 5 of 29; first Hainan with 25.27%"),
    "3.2-jing-jin-ji-highest-applied@highlands": (CAVEAT, "20.10%, place 1 of 3; next Chengdu-Chongqing with 15.75%"),
    "3.2-jing-jin-ji-highest-applied@paper": (NO, "20.10%, place 2 of 8; first Beijing with 24.99%"),
    "3.2-jing-jin-ji-highest-applied@paper_outside": (YES, "20.10%, place 1 of 7; next Guangzhou with 17.13%"),
    "3.2-jing-jin-ji-highest-applied@provinces": (NO, "20.10%, place 5 of 29; first Heilongjiang with 30.60%"),
    "3.2-jing-jin-ji-twice-basic": (YES, "1.94 times: 12.62% against 6.50% in China"),
    "3.2-jing-jin-ji-twice-applied": (CAVEAT, "1.79 times: 20.10% against 11.25% in China"),
    "3.2-beijing-first-basic@paper": (YES, "16.07%, place 1 of 8; next Guangzhou with 13.58%"),
    "3.2-beijing-first-basic@provinces": (NO, "16.07%, place 3 of 31; first Hainan with 25.27%"),
    "3.2-beijing-first-applied@paper": (YES, "24.99%, place 1 of 8; next Beijing-Tianjin-Hebei with 20.10%"),
    "3.2-beijing-first-applied@provinces": (NO, "24.99%, place 3 of 31; first Heilongjiang with 30.60%"),
    "3.2-yangtze-below-basic": (YES, "5.37% against 6.50% in China"),
    "3.2-yangtze-below-applied": (YES, "7.03% against 11.25% in China"),
    "3.2-yangtze-above-experimental": (YES, "87.63% against 82.26% in China"),
    "3.2-enterprises-near-80@performed": (YES, "76.9%"),
    "3.2-enterprises-near-80@funded": (YES, "78.0%"),
    "3.2-enterprises-development@paper": (YES, "95.94%"),
    "3.2-enterprises-development@sources": (OPEN, None),
    "3.2-enterprises-development@industrial_enterprises": (CAVEAT, "96.53%"),
    "3.2-shanghai-enterprises@half": (YES, "64.9%"),
    "3.2-shanghai-enterprises@nation": (NO, "64.9% against 78.0% in China"),
    "3.2-shanghai-enterprises@performed": (NO, "38.4% against 62.6% in China"),
    "3.2-shanghai-above-basic": (YES, "9.77% against 6.50% in China"),
    "3.2-hong-kong-macao-absent": (CAVEAT, "0"),
    "3.2-guangdong-nearest@paper_points": (NO, "2.338, place 2 of 8; first Shenzhen with 2.149"),
    "3.2-guangdong-nearest@paper_aitchison": (YES, "0.222, place 1 of 8; next Shenzhen with 0.234"),
    "3.2-guangdong-nearest@paper_regions_points": (YES, "2.338, place 1 of 6; next Shanghai with 3.259"),
    "3.2-guangdong-nearest@paper_regions_aitchison": (YES, "0.222, place 1 of 6; next Shanghai with 0.376"),
    "3.2-guangdong-nearest@provinces_points": (NO, "2.337, place 5 of 31; first Guangxi with 1.328"),
    "3.2-guangdong-nearest@provinces_aitchison": (NO, "0.222, place 4 of 31; first Hunan with 0.213"),
    "3.2-guangzhou-basic@paper": (YES, "13.58% against 7.25% in Shenzhen"),
    "3.2-guangzhou-basic@sources": (OPEN, None),
    "3.2-guangzhou-applied@paper": (YES, "17.13% against 9.10% in Shenzhen"),
    "3.2-guangzhou-applied@sources": (OPEN, None),
    "3.2-shenzhen-experimental@paper": (YES, "83.65% against 69.29% in Guangzhou"),
    "3.2-shenzhen-experimental@sources": (OPEN, None),
    "table-1-figures": (OPEN, None),
    "table-1-order": (YES, "0.422"),
    "table-2-targets": (OPEN, None),
    "table-4-figures@seven_regions": (YES, "21"),
    "table-4-figures@two_cities": (OPEN, None),
    "table-4-sums": (NO, "7"),
    "table-5-figures@nation": (YES, "3"),
    "table-5-figures@industrial_enterprises": (YES, "1"),
    "table-5-figures@sectors": (OPEN, None),
    "table-5-sums": (NO, "5"),
}  # fmt: skip


@pytest.fixture(scope="module")
def ledger(raw_run: Run) -> dict[str, dict[str, Any]]:
    return {row["claim"]: row for row in query(raw_run.home, "select * from claim").records()}


def test_every_statement_has_its_row(ledger: dict, declarations: Declarations) -> None:
    assert ledger.keys() == VERDICTS.keys()
    declared = [s["claim"] for s in declarations.reference("claims.yml")["statements"]]
    assert {row["statement"] for row in ledger.values()} == set(declared)


@pytest.mark.parametrize("claim", VERDICTS)
def test_verdict(claim: str, ledger: dict) -> None:
    row = ledger[claim]
    assert (row["verdict"], row["observed"]) == VERDICTS[claim]
    assert row["statement_zh"]
    assert row["statement_en"]
    assert row["expected"]
    assert (row["observed"] is None) == (row["observed_zh"] is None)
    if row["verdict"] in (CAVEAT, OPEN):
        assert row["remark"]
        assert row["remark_zh"]


COUNTED = ("table-", "1.2-six", "1.2-shares", "1.2-economies", "3.2-hong-kong")
"""Claims whose value is a count of rows, or the width of a range, that the evidence shows row by row."""


@pytest.mark.parametrize("claim", VERDICTS)
def test_evidence_runs_and_shows_the_value(claim: str, ledger: dict, raw_run: Run) -> None:
    row = ledger[claim]
    shown = query(raw_run.home, row["evidence"]).rows
    assert shown
    if row["value"] is not None and not claim.startswith(COUNTED):
        numbers = [float(v) for line in shown for v in line if isinstance(v, int | float) and not isinstance(v, bool)]
        printed = [float(v) for line in shown for v in line if isinstance(v, str) and v.replace(".", "").isdigit()]
        share = {"3.2-enterprises-near-80@performed": lambda: 100 * 215041000 / 279563072.7}.get(claim)
        wanted = row["value"]
        assert share or any(abs(n - wanted) < 1e-6 for n in [*numbers, *printed]), (claim, wanted)
        assert not share or wanted == pytest.approx(share(), rel=1e-6)


# What each scenario does to the sources, and the verdicts that must follow.

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


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.__name__)
def test_a_changed_source_number_flips_the_verdict_it_should(
    scenario: Callable[[Staging], Staging], raw_run: Run, tmp_path: Path
) -> None:
    with build(scenario(staged(raw_run)), tmp_path, "claim") as warehouse:
        verdicts = dict(warehouse.query("select claim, verdict from marts.claim").iter_rows())
    assert {claim: verdicts[claim] for claim in SCENARIOS[scenario]} == SCENARIOS[scenario]


def test_every_claim_that_can_be_tested_is_flipped_by_some_scenario() -> None:
    flipped = {c for wanted in SCENARIOS.values() for c, verdict in wanted.items() if verdict != VERDICTS[c][0]}
    never = {"1.2-economies", "table-2-targets"}  # no published table that is read could decide them
    assert VERDICTS.keys() - flipped == never


def test_within_the_slip_of_the_source_a_yes_is_a_qualified_one(raw_run: Run, tmp_path: Path) -> None:
    """Shanghai's parts exceed its total by 0.108 %: a lead of less than that is not certain."""
    frames = changed(
        staged(raw_run), 1.19e6, indicator="rd_expenditure.basic", region="310000", edition=YEARBOOK, period=2021
    )
    with build(frames, tmp_path, "claim") as warehouse:
        [row] = warehouse.query("from marts.claim where claim = '3.2-shanghai-above-basic'").to_dicts()
    assert row["verdict"] == CAVEAT
    assert "source's own slips" in row["remark"]


def test_a_home_without_sources_tests_nothing(raw_run: Run, tmp_path: Path) -> None:
    frames = staged(raw_run)
    empty = frames | {"source_cell": frames["source_cell"].clear()}
    with build(empty, tmp_path, "claim", "claim_by_year") as warehouse:
        assert set(warehouse.mart("claim")["verdict"]) == {OPEN}
        assert warehouse.mart("claim_by_year").is_empty()


def test_statements_are_carried_on_to_every_year(published_run: Run) -> None:
    by_year = query(published_run.home, "select claim, period, observed, holds from claim_by_year").rows
    found = {(claim, period): (observed, holds) for claim, period, observed, holds in by_year}
    assert [found["3.2-yangtze-below-basic", year][1] for year in range(2018, 2022)] == [True] * 4
    assert found["3.2-jing-jin-ji-twice-applied", 2018] == ("1.68 times: 18.72% against 11.13% in China", False)
    assert found["3.2-beijing-first-basic@provinces", 2018][0].startswith("14.85%, place 5 of 31; first Tibet")
    assert len([year for claim, year in found if claim == "3.2-enterprises-near-80@funded"]) == 12


def test_readings_take_from_their_statement(declarations: Declarations) -> None:
    rows = {row["claim"]: row for row in claims(declarations.reference("claims.yml")).to_dicts()}
    row = rows["3.2-beijing-first-applied@provinces"]
    assert (row["measure"], row["regions"], row["among"]) == ("applied_share", "110000", "provinces")
    assert "period = 2021" in row["evidence"]
    assert "applied_share desc" in row["evidence"]


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("kind", "mostly", "unknown kind 'mostly'"),
        ("expected", None, "does not say expected"),
        ("evidence", "nowhere", "unknown query 'nowhere'"),
        ("decides_en", None, "does not say decides_en"),
        ("claim", "1.2-clusters-top-100", "there twice"),
    ],
)
def test_a_statement_with_a_slip_is_refused_by_name(
    key: str, value: Any, said: str, declarations: Declarations
) -> None:
    declared = deepcopy(declarations.reference("claims.yml"))
    declared["statements"][0][key] = value
    with pytest.raises(ValueError, match=r"1\.2-") as refused:
        claims(declared)
    assert said in str(refused.value)
