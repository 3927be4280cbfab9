"""The scoreboard against an independent implementation, region by region and draw by draw, from the definitions; its
choices beside it; its time."""

from __future__ import annotations

import time
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from flows.declarations import Declarations
from flows.looking.query import query
from flows.run import Run
from tests.composite_by_hand import by_hand, ranked
from tests.rebuilt import YEARBOOK, build, changed, staged
from transforms.composite import Panel, composite, panels, ranks, scores, simulate
from transforms.composite_draws import Draws, draw
from transforms.composite_rules import choices

Rules = dict[str, Any]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Declarations().rules("composite")


@pytest.fixture(scope="module")
def indicators(raw_run: Run) -> pl.DataFrame:
    assert raw_run.warehouse
    return raw_run.warehouse.mart("composite_indicator")


@pytest.fixture(scope="module")
def provinces(raw_run: Run) -> set[str]:
    return {row[0] for row in query(raw_run.home, "select member from region_member where region = 'CN'").rows}


def with_gaps(seed: int) -> Panel:
    """Fourteen provinces and two highlands, six indicators, some of them missing."""
    stream = np.random.default_rng(seed)
    values = stream.lognormal(size=(16, 6))
    values[stream.random((16, 6)) < 0.15] = np.nan
    values[:, 0] = stream.lognormal(size=16)
    values[14:] = values[:2] * 0.5 + values[2:4] * 0.5
    is_province = np.array([True] * 14 + [False] * 2)
    return Panel(2021, [f"r{n}" for n in range(16)], list("abcdef"), values, is_province, list("xxyyzz"))


def drawn(draws: Draws, n: int) -> tuple[list[float], dict[str, str]]:
    return draws.weights[n].tolist(), {factor: str(options[n]) for factor, options in draws.options.items()}


@pytest.mark.parametrize("seed", range(4))
def test_ranks_are_those_of_an_independent_implementation(seed: int, rules: Rules) -> None:
    panel = with_gaps(seed)
    few = rules | {"simulation": rules["simulation"] | {"draws": 150, "seed": seed}}
    draws = draw(few, panel.dimensions, panel.period)
    found = ranks(scores(panel, draws), panel.provinces)
    for n in range(150):
        assert found[n].tolist() == ranked(panel, *drawn(draws, n)), drawn(draws, n)


def test_published_ranks_are_those_of_an_independent_implementation(
    raw_run: Run, indicators: pl.DataFrame, provinces: set[str], rules: Rules
) -> None:
    [panel] = panels(indicators, provinces, rules)
    weights = [1 / 9] * 3 + [1 / 6] * 2 + [1 / 9] * 3
    options = {c["factor"]: next(o["option"] for o in c["options"] if o.get("baseline")) for c in rules["choices"]}
    expected = ranked(panel, weights, options)
    published = query(raw_run.home, "select region, rank, score from composite_score order by region").rows
    assert [(r, k) for r, k, _ in published] == list(zip(panel.regions, expected, strict=True))
    for n, (_, _, score) in enumerate(published):
        assert score == pytest.approx(by_hand(panel, weights, options)[n], abs=1e-8)


def test_intervals_are_the_quantiles_of_the_draws(
    raw_run: Run, indicators: pl.DataFrame, provinces: set[str], rules: Rules
) -> None:
    [panel] = panels(indicators, provinces, rules)
    draws = draw(rules, panel.dimensions, panel.period)
    stretch = range(0, 10000, 100)  # every hundredth draw, one by one
    single = np.array([ranked(panel, *drawn(draws, n)) for n in stretch])
    simulated = simulate(panel, rules).ranks
    assert (simulated[::100] == single).all()
    quantiles = np.percentile(simulated, [5, 50, 95], axis=0, method="inverted_cdf")
    published = query(
        raw_run.home, "select rank_05, rank_50, rank_95, rank_best, rank_worst from composite_score order by region"
    ).rows
    assert [row[:3] for row in published] == [tuple(column) for column in quantiles.T.astype(int).tolist()]
    extremes = np.stack([simulated.min(axis=0), simulated.max(axis=0)])
    assert [row[3:] for row in published] == [tuple(column) for column in extremes.T.tolist()]


def test_ten_thousand_draws_take_less_than_five_seconds(
    indicators: pl.DataFrame, provinces: set[str], rules: Rules
) -> None:
    began = time.process_time()
    result = composite(indicators, provinces, rules)
    seconds = time.process_time() - began
    assert set(result["composite_score"]["draws"]) == {10000}
    assert seconds < 5


def test_the_same_seed_gives_the_same_bytes_whatever_the_order(
    indicators: pl.DataFrame, provinces: set[str], rules: Rules
) -> None:
    once = composite(indicators, provinces, rules)
    again = composite(indicators.sample(fraction=1, shuffle=True, seed=3), provinces, rules)
    for name, frame in once.items():
        assert frame.equals(again[name])


def test_draws_follow_the_declared_probabilities(rules: Rules) -> None:
    draws = draw(rules, list("xxyyzz"), 2021)
    assert draws.weights.sum(axis=1) == pytest.approx(np.ones(10000))
    assert (draws.weights >= 0).all()
    for choice in rules["choices"]:
        for option in choice["options"]:
            part = (draws.options[choice["factor"]] == option["option"]).mean()
            assert part == pytest.approx(option["probability"], abs=0.02)
    random = draws.weights[(draws.options["weights"] == "random") & (draws.options["exclusion"] == "none")]
    # a flat Dirichlet of six: mean 1/6, variance 5 / (36 * 7)
    assert random.mean(axis=0) == pytest.approx(np.full(6, 1 / 6), abs=0.01)
    assert random.var(axis=0) == pytest.approx(np.full(6, 5 / 252), rel=0.15)
    left_out = draws.weights[draws.options["exclusion"] == "one"]
    assert ((left_out == 0).sum(axis=1) == 1).all()


def test_a_highland_lies_between_its_members(raw_run: Run) -> None:
    found = dict(query(raw_run.home, "select region, score from composite_score").rows)
    for highland, members in (("jing_jin_ji", "110000 120000 130000"), ("chengdu_chongqing", "500000 510000")):
        around = [found[m] for m in members.split()]
        assert min(around) < found[highland] < max(around)
    assert "greater_bay_area" not in found


def test_rates_rest_on_the_product_that_intensity_implies(raw_run: Run) -> None:
    rows = query(
        raw_run.home,
        "select region, value, denominator_basis from composite_indicator"
        " where indicator = 'rd_expenditure_per_gdp' and period = 2021 and region in ('110000', 'jing_jin_ji')"
        " order by region",
    ).rows
    members = {"110000": 26293207.7, "120000": 5743281.6, "130000": 7454936.4}
    intensity = dict(
        query(
            raw_run.home,
            "select region, value from observation where indicator = 'rd_intensity' and period = 2021 and is_latest",
        ).rows
    )
    product = sum(spent / intensity[m] for m, spent in members.items())
    assert rows[0] == ("110000", pytest.approx(intensity["110000"]), "implied")
    assert rows[1] == ("jing_jin_ji", pytest.approx(sum(members.values()) / product, rel=1e-4), "members")


def test_every_choice_stands_beside_the_result(raw_run: Run, rules: Rules) -> None:
    rows = query(raw_run.home, "select factor, option, probability, is_baseline from composite_choice").rows
    told = {(factor, option): (probability, base) for factor, option, probability, base in rows}
    for choice in rules["choices"]:
        for option in choice["options"]:
            assert told[choice["factor"], option["option"]] == (option["probability"], bool(option.get("baseline")))
    assert ("simulation.seed", str(rules["simulation"]["seed"])) in told
    assert {o for f, o in told if f == "indicator"} == {row["indicator"] for row in rules["indicators"]}
    influence = query(raw_run.home, "select factor, option, draws from composite_influence").rows
    assert {(f, o) for f, o, _ in influence} == {(f, o) for (f, o), (p, _) in told.items() if p is not None}
    assert sum(n for f, _, n in influence if f == "weights") == 10000


def test_influence_is_the_first_order_effect(indicators: pl.DataFrame, provinces: set[str], rules: Rules) -> None:
    [panel] = panels(indicators, provinces, rules)
    simulation = simulate(panel, rules)
    result = composite(indicators, provinces, rules)["composite_influence"].filter(pl.col("factor") == "normalisation")
    groups = [simulation.ranks[simulation.draws.options["normalisation"] == o] for o in result["option"]]
    mean = simulation.ranks.mean(axis=0)
    between = sum(len(g) * (g.mean(axis=0) - mean) ** 2 for g in groups).sum() / len(simulation.ranks)
    assert result["variance_percent"][0] == pytest.approx(100 * between / simulation.ranks.var(axis=0).sum(), abs=1e-3)
    assert result["mean_shift"].to_list() == pytest.approx(
        [float(np.abs(g.mean(axis=0) - mean).mean()) for g in groups], abs=1e-3
    )


def test_a_changed_source_number_moves_its_region(
    raw_run: Run, rules: Rules, provinces: set[str], tmp_path: Path
) -> None:
    frames = changed(staged(raw_run), 4000, indicator="papers.sci", region="540000", edition=YEARBOOK)
    with build(frames, tmp_path, "composite_indicator") as warehouse:
        moved = composite(warehouse.mart("composite_indicator"), provinces, rules)["composite_score"]
    before = dict(query(raw_run.home, "select region, rank from composite_score").rows)
    after = dict(moved.select("region", "rank").iter_rows())
    assert before["540000"] == 31
    assert after["540000"] < 28


def test_years_without_enough_indicators_have_no_score(
    indicators: pl.DataFrame, provinces: set[str], rules: Rules
) -> None:
    few = indicators.filter(pl.col("indicator").is_in(["rd_expenditure_per_gdp", "sci_papers_per_gdp"]))
    for frame in composite(few, provinces, rules).values():
        assert frame.is_empty()
    gone = (pl.col("region") == "540000") & ~pl.col("indicator").is_in(["rd_expenditure_per_gdp"])
    [panel] = panels(indicators.filter(~gone), provinces, rules)
    assert "540000" not in panel.regions


def test_scores_of_many_years(published_run: Run) -> None:
    years = query(
        published_run.home, "select period, count(*), max(draws) from composite_score group by all order by period"
    ).rows
    assert [row[0] for row in years] == list(range(2011, 2022))
    assert all(row[1:] == (35, 10000) for row in years)


@pytest.mark.parametrize(
    ("factor", "change"),
    [
        (0, {"options": [{"option": "leave_out", "probability": 0.9, "baseline": True, "zh": "", "en": ""}]}),
        (1, {"options": [{"option": "keep", "probability": 1, "zh": "", "en": ""}]}),
        (3, {"options": [{"option": "random", "probability": 1, "baseline": True, "zh": "", "en": ""}]}),
    ],
)
def test_rules_with_a_slip_are_refused(factor: int, change: Rules, rules: Rules) -> None:
    broken = deepcopy(rules)
    broken["choices"][factor] |= change
    with pytest.raises(ValueError, match=broken["choices"][factor]["factor"]):
        choices(broken)
