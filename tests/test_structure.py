"""Distances between R&D structures against their definition in NumPy, and the weights behind a ranking of clusters."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from flows.looking.query import query
from flows.run import Run
from tests.rebuilt import YEARBOOK, build, changed, staged

PARTS = ("basic", "applied", "experimental")
SHARES = tuple(f"{part}_share" for part in PARTS)


def clr(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centred log-ratios: the logarithm of each part over the geometric mean of all (Aitchison 1986)."""
    logs = np.log(shares)
    return logs - logs.mean(axis=-1, keepdims=True)


def closed(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    return 100 * shares / shares.sum(axis=-1, keepdims=True)


def structures(run: Run, edition: str) -> tuple[list[str], NDArray[np.float64]]:
    found = query(
        run.home,
        f"select region, {', '.join(SHARES)} from rd_structure_by_region"
        f" where edition = '{edition}' and kind in ('nation', 'province', 'highland') and basic_share is not null",
    ).rows
    return [row[0] for row in found], closed(np.array([row[1:] for row in found], dtype=float))


def test_distances_are_those_of_the_definition(raw_run: Run) -> None:
    for edition in ("st-yearbook/2021", YEARBOOK):
        regions, shares = structures(raw_run, edition)
        assert len(regions) == 35  # the nation, 31 provinces, three highlands
        place = {region: n for n, region in enumerate(regions)}
        pairs = query(
            raw_run.home,
            f"select region, other, aitchison, points from structure_distance where edition = '{edition}' union all"
            f" select region, 'CN', aitchison, points from structure_to_nation"
            f" where edition = '{edition}' and kind in ('province', 'highland')",
        ).rows
        assert len(pairs) == 34 * 33 + 34
        for region, other, aitchison, points in pairs:
            one, two = shares[place[region]], shares[place[other]]
            assert aitchison == pytest.approx(np.linalg.norm(clr(one) - clr(two)), abs=1e-9)
            assert points == pytest.approx(np.abs(one - two).sum() / 2, abs=1e-9)


def test_a_distance_is_the_same_from_both_sides(raw_run: Run) -> None:
    other_side = query(
        raw_run.home,
        "select count(*) from structure_distance a inner join structure_distance b on a.region = b.other"
        " and a.other = b.region and a.period = b.period and a.edition = b.edition"
        " where a.aitchison = b.aitchison and a.points = b.points",
    ).rows
    assert other_side == query(raw_run.home, "select count(*) from structure_distance").rows


def test_who_is_nearest(raw_run: Run) -> None:
    nearest = query(
        raw_run.home,
        "select name_en, place_by_aitchison, place_by_points, peers from structure_to_nation"
        f" where edition = '{YEARBOOK}' and region in ('440000', '430000', '450000') order by region",
    ).rows
    assert nearest == [("Hunan", 1, 3, 31), ("Guangdong", 4, 5, 31), ("Guangxi", 3, 1, 31)]
    twins = query(
        raw_run.home,
        f"select other_name_en from structure_distance where edition = '{YEARBOOK}' and region = '110000'"
        " and place_by_aitchison = 1",
    ).rows
    assert twins == [("Jilin",)]


def test_the_papers_rows_are_compared_as_printed(raw_run: Run) -> None:
    printed = query(
        raw_run.home,
        "select region, place_by_points, place_by_aitchison, peers from structure_to_nation"
        " where edition = 'paper/2023' and region in ('440000', '440300') order by region",
    ).rows
    assert printed == [("440000", 2, 1, 8), ("440300", 1, 2, 8)]


def test_a_part_that_is_nought_is_replaced_in_proportion(raw_run: Run, tmp_path: Path) -> None:
    frames = staged(raw_run)
    where = {"region": "540000", "edition": YEARBOOK, "table": "rd_expenditure_by_activity"}
    for part, value in zip(PARTS, (0, 25, 75), strict=True):
        frames = changed(frames, value, indicator=f"rd_expenditure.{part}", **where)
    with build(frames, tmp_path, "structure_to_nation", "rd_structure_by_region") as warehouse:
        sql = f"from marts.structure_to_nation where region = '540000' and edition = '{YEARBOOK}'"
        [tibet] = warehouse.query(sql).to_dicts()
        nation = warehouse.mart("rd_structure_by_region").filter(
            (pl.col("region") == "CN") & (pl.col("edition") == YEARBOOK)
        )
    little = 0.65 * 0.01 / 100
    replaced = np.array([little, 0.25 * (1 - little), 0.75 * (1 - little)])
    whole = closed(nation.select(SHARES).to_numpy()[0])
    assert tibet["zeros_replaced"] == 1
    assert tibet["aitchison"] == pytest.approx(np.linalg.norm(clr(replaced) - clr(whole)), abs=1e-9)
    assert tibet["points"] == pytest.approx(np.abs(np.array([0, 25, 75]) - whole).sum() / 2, abs=1e-9)


def ranking(run: Run, edition: str) -> NDArray[np.float64]:
    return np.array(
        query(
            run.home,
            f"select pct_applications, publications from cluster_ranking where edition = '{edition}' order by rank",
        ).rows,
        dtype=float,
    )


def in_order(counts: NDArray[np.float64], ratio: float) -> int:
    """How many neighbours are in order by ratio * applications + publications."""
    score = counts @ np.array([ratio, 1.0])
    return sum(one >= two - 1e-9 for one, two in pairwise(score))


@pytest.mark.parametrize(
    ("edition", "lowest", "highest", "low_pair", "high_pair"),
    [
        ("gii-clusters/2022", 36830 / 6389, 33099 / 5350, "Los Angeles > Wuhan", "London > Daejeon"),
        ("gii-clusters/2023", 38639 / 6695, 26832 / 4505, "New York City > Nanjing", "Wuhan > Hangzhou"),
    ],
)
def test_the_published_order_holds_for_a_range_of_weights(
    edition: str, lowest: float, highest: float, low_pair: str, high_pair: str, raw_run: Run
) -> None:
    [row] = query(raw_run.home, f"select * from cluster_weight where edition = '{edition}'").records()
    assert (row["lowest"], row["highest"]) == (pytest.approx(lowest), pytest.approx(highest))
    assert (row["pair_lowest"], row["pair_highest"]) == (low_pair, high_pair)
    assert not row["is_empty"]
    assert row["pairs_broken"] is None
    counts = ranking(raw_run, edition)
    assert row["pairs"] == len(counts) - 1
    for ratio in np.linspace(row["lowest"], row["highest"], 7):
        assert in_order(counts, float(ratio)) == row["pairs"]
    assert in_order(counts, row["lowest"] - 0.01) == row["pairs"] - 1
    assert in_order(counts, row["highest"] + 0.01) == row["pairs"] - 1


def test_the_papers_table_gives_the_same_range(raw_run: Run) -> None:
    ranges = query(raw_run.home, "select lowest, highest from cluster_weight where year = 2022").rows
    assert len(ranges) == 2
    assert len(set(ranges)) == 1


def test_an_order_that_no_weights_give_says_which_pairs_break_it(raw_run: Run, tmp_path: Path) -> None:
    where = {"indicator": "cluster.pct_applications", "edition": "gii-clusters/2023"}
    frames = changed(staged(raw_run), 12000, region="cluster_seoul", **where)
    with build(frames, tmp_path, "cluster_weight", "cluster_weight_pair", "cluster_ranking") as warehouse:
        [row] = warehouse.query("from marts.cluster_weight where edition = 'gii-clusters/2023'").to_dicts()
        counts = warehouse.mart("cluster_ranking").filter(pl.col("edition") == "gii-clusters/2023").sort("rank")
    pairs = counts.select("pct_applications", "publications").to_numpy()
    best = max(in_order(pairs, ratio) for ratio in np.linspace(0, 50, 20001))
    assert row["is_empty"]
    assert row["pairs_kept"] == best == in_order(pairs, row["best_ratio"])
    assert row["pairs_broken"] == "Seoul > Beijing"
