"""Numbers that are printed and can be worked out: shares and intensities against what they are made of, ranks
against the values that they order.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from transforms.points import DUST, KEY
from transforms.schema import findings

PLACED = ["table", *KEY, "edition", "document", "sheet", "cell"]


def ratio_findings(
    points: pl.DataFrame, indicators: pl.DataFrame, members: pl.DataFrame, rules: Sequence[Mapping[str, Any]]
) -> pl.DataFrame:
    """Printed ratios that differ from the quotient of the printed numbers by more than the digits of all three
    leave open. A region of several members takes their sums.

    `rules`: check, times, and either value, numerator, denominator, or shares and of (two stems: every share under
    the one is the like-named part under the other, over the whole that this part belongs to).
    """
    made = pl.concat([_formulas(indicators, rule) for rule in rules])
    needed = pl.concat([made["numerator"], made["denominator"]]).unique().to_list()
    values = _values(points.filter("known", ~pl.col("aside"), pl.col("indicator").is_in(needed)), members)
    top = values.select(numerator="indicator", region="region", period="period", top="value", top_half="half")
    bottom = values.select(
        denominator="indicator", region="region", period="period", bottom="value", bottom_half="half"
    )
    worked = (
        points.filter("known", ~pl.col("aside"))
        .join(made, left_on="indicator", right_on="value", maintain_order="left")
        .join(top, on=["numerator", "region", "period"], maintain_order="left")
        .join(bottom, on=["denominator", "region", "period"], maintain_order="left")
        .filter(pl.col("top") != 0, pl.col("bottom") != 0)
        .with_columns(computed=pl.col("times") * pl.col("top") / pl.col("bottom"))
        .with_columns(
            residual=pl.col("value") - pl.col("computed"),
            tolerance=pl.col("half")
            + pl.col("computed").abs()
            * (pl.col("top_half") / pl.col("top").abs() + pl.col("bottom_half") / pl.col("bottom").abs() + DUST),
        )
        .filter(pl.col("residual").abs() > pl.col("tolerance"))
    )
    return findings(
        {name: row[name] for name in (*PLACED, "check", "residual", "tolerance")}
        | {
            "message": f"{row['cell']} says {row['raw']}; {row['numerator']} over {row['denominator']}"
            f" makes it {row['computed']:.6g}"
        }
        for row in worked.iter_rows(named=True)
    )


def _formulas(indicators: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """check, value, numerator, denominator, times: one row for each printed ratio."""
    if "shares" in rule:
        stem = rule["shares"] + "."
        names = indicators.filter(pl.col("indicator").str.starts_with(stem)).select(
            value="indicator", numerator=pl.lit(rule["of"] + ".") + pl.col("indicator").str.strip_prefix(stem)
        )
        rows = names.with_columns(denominator=pl.col("numerator").str.replace(r"\.[^.]+$", ""))
    else:
        rows = pl.DataFrame({name: [rule[name]] for name in ("value", "numerator", "denominator")})
    return rows.with_columns(check=pl.lit(rule["check"]), times=pl.lit(float(rule["times"])))


def _values(points: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """One value for each indicator, region and period, the most precise that is printed (of equals the earliest);
    regions that no table prints are the sums of their members."""
    printed = (
        points.sort("half", "edition", "point")
        .unique(KEY, keep="first", maintain_order=True)
        .select(*KEY, "value", "half")
    )
    sizes = members.group_by("region").agg(size=pl.len())
    sums = (
        printed.rename({"region": "member"})
        .join(members.select("region", "member"), on="member")
        .group_by(KEY)
        .agg(pl.col("value", "half").sum(), found=pl.len())
        .join(sizes, on="region")
        .filter(pl.col("found") == pl.col("size"))
        .join(printed, on=KEY, how="anti")
    )
    return pl.concat([printed, sums.select(printed.columns)])


def rank_findings(points: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Printed ranks that contradict the values beside them: the fewest rows whose removal leaves an order.

    `rule`: check, suffix (of a rank's indicator behind the one that it ranks).
    """
    ranks = points.filter("known", pl.col("indicator").str.ends_with(rule["suffix"])).with_columns(
        of=pl.col("indicator").str.strip_suffix(rule["suffix"])
    )
    pane = ["block", "region", "period"]
    values = points.filter("known").select(*pane, of="indicator", ranked="value")
    lists = (
        ranks.join(values, on=[*pane, "of"])
        .sort("block", "of", "period", "value", "ranked", descending=[False, False, False, False, True])
        .with_columns(falls=pl.col("ranked") <= pl.col("ranked").shift(1).over("block", "of", "period"))
    )
    astray = lists.filter((~pl.col("falls")).any().over("block", "of", "period"))
    return findings(
        {name: row[name] for name in (*PLACED,)}
        | {
            "check": rule["check"],
            "message": f"{row['cell']} ranks {row['raw']} with {row['ranked']:.10g} {row['of']}: other rows say"
            " otherwise",
        }
        for _, pane_rows in astray.group_by("block", "of", "period", maintain_order=True)
        for row in _out_of_order(pane_rows)
    )


def _out_of_order(rows: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows outside a longest run of values that never rise."""
    falling = [-value for value in rows["ranked"]]
    tails: list[float] = []
    ends: list[int] = []
    back: list[int] = []
    for index, value in enumerate(falling):
        spot = bisect_right(tails, value)
        if spot == len(tails):
            tails.append(value)
            ends.append(index)
        else:
            tails[spot], ends[spot] = value, index
        back.append(ends[spot - 1] if spot else -1)
    kept, index = set(), ends[-1]
    while index >= 0:
        kept.add(index)
        index = back[index]
    yield from (row for index, row in enumerate(rows.iter_rows(named=True)) if index not in kept)
