"""data/rules/composite.yml as frames: what the indicators of the scoreboard are, and every choice that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

DEFINITION: dict[str, Any] = {
    "position": pl.Int32, "indicator": pl.String, "dimension": pl.String, "measure": pl.String,
    "numerator": pl.String, "denominator": pl.String, "factor": pl.Float64, "name_zh": pl.String,
    "name_en": pl.String,
}  # fmt: skip
CHOICE: dict[str, Any] = {
    "position": pl.Int32, "step": pl.Int32, "factor": pl.String, "option": pl.String, "probability": pl.Float64,
    "is_baseline": pl.Boolean, "factor_zh": pl.String, "factor_en": pl.String, "option_zh": pl.String,
    "option_en": pl.String,
}  # fmt: skip
SCORE: dict[str, Any] = {
    "region": pl.String, "period": pl.Int32, "indicators": pl.Int32, "score": pl.Float64, "rank": pl.Int32,
    "rank_05": pl.Int32, "rank_50": pl.Int32, "rank_95": pl.Int32, "rank_best": pl.Int32, "rank_worst": pl.Int32,
    "rank_mean": pl.Float64, "first_percent": pl.Float64, "draws": pl.Int32,
}  # fmt: skip
INFLUENCE: dict[str, Any] = {
    "period": pl.Int32, "factor": pl.String, "option": pl.String, "draws": pl.Int32, "mean_shift": pl.Float64,
    "variance_percent": pl.Float64,
}  # fmt: skip
NEEDED = {
    "provinces": ("一项指标参与所需的省份数", "Provinces that an indicator needs to take part in a year"),
    "indicators": ("一个年份参与所需的指标数", "Indicators that a year needs"),
    "part_of_indicators": ("一个地区参与所需的指标比例", "Part of the indicators that a region needs"),
}
SIMULATION = {
    "draws": ("每年模拟次数", "Draws a year"),
    "seed": ("随机种子", "Seed"),
    "quantiles": ("位次区间的分位数", "Quantiles of the ranks"),
}


def definitions(rules: Mapping[str, Any]) -> pl.DataFrame:
    """One row an indicator of the scoreboard (columns DEFINITION)."""
    rows = [
        {c: row.get(c) for c in DEFINITION} | {"position": n, "name_zh": row["zh"], "name_en": row["en"]}
        for n, row in enumerate(rules["indicators"], start=1)
    ]
    return pl.DataFrame(rows, schema=DEFINITION, orient="row")


def choices(rules: Mapping[str, Any]) -> pl.DataFrame:
    """One row an option (columns CHOICE): those that are fixed, and those that a draw takes by their probability.
    Raises ValueError for a factor whose probabilities don't add to one, or whose baseline is not just one option or
    is left to chance."""
    rows = [dict(zip(CHOICE, (n, *row), strict=True)) for n, row in enumerate(_choices(rules), start=1)]
    return pl.DataFrame(rows, schema=CHOICE, orient="row").sort("step", "position", maintain_order=True)


def _choices(rules: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for row in rules["dimensions"]:
        yield 1, "dimension", row["dimension"], None, True, "维度", "Dimension", row["zh"], row["en"]
    for row in rules["indicators"]:
        yield 2, "indicator", row["indicator"], None, True, "指标", "Indicator", row["zh"], row["en"]
    for key, (zh, en) in NEEDED.items():
        yield 2, f"needed.{key}", str(rules["needed"][key]), None, True, zh, en, None, None
    for choice in rules["choices"]:
        options = choice["options"]
        whole = sum(option["probability"] for option in options)
        if abs(whole - 1) > 1e-9 or sum(bool(option.get("baseline")) for option in options) != 1:
            raise ValueError(f"composite.yml: {choice['factor']}: probabilities add to {whole}, or no one baseline")
        if chance := [o["option"] for o in options if o.get("baseline") and o["option"] in ("random", "one")]:
            raise ValueError(f"composite.yml: {choice['factor']}: {chance[0]} is left to chance, no baseline")
        for option in options:
            yield (
                choice["step"], choice["factor"], option["option"], option["probability"],
                bool(option.get("baseline")), choice["zh"], choice["en"], option["zh"], option["en"],
            )  # fmt: skip
    for key, (zh, en) in SIMULATION.items():
        yield 7, f"simulation.{key}", str(rules["simulation"][key]), None, True, zh, en, None, None
