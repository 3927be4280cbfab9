"""Findings out of judged identities: one for each cell to blame, each row that stays broken, each known error; and
which cells leave the marts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from transforms.identities import Judgement
from transforms.schema import FINDING, findings
from transforms.suggest import suggestions

WHERE = ["table", "region", "indicator", "period", "edition"]
LINK = ["document", "sheet"]


def culprit_rows(judgement: Judgement, points: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Culprits with what is to be said of them: the points' columns, corrected, suggestion, lead (check),
    residual, tolerance, others (what else they close), elsewhere (the same number printed in another document),
    convicted.

    Convicted beyond doubt: independent identities agree on the corrected value (a row's sum and a column's, two
    partitions of a total; not the nation's two sums), the correction is many times what their digits leave open
    (`rule`: times_the_digits), every identity of the cell holds with it, and no other document prints the number
    as it stands. A blank holds no value that could be lost: it is convicted by one.
    """
    names = judgement.names
    leads = names.select("check", "residual", "tolerance", lead="identity", total="indicator")
    others = (
        judgement.culprits.select("point", "lead", identity="closes")
        .explode("identity")
        .filter(pl.col("identity") != pl.col("lead"))
        .join(names.select("identity", "kind", other="check", of="region"), on="identity")
        .group_by("point")
        .agg(others=(pl.col("other") + " (" + pl.col("of") + ")").unique().sort())
    )
    rows = (
        suggestions(judgement.culprits, points)
        .join(leads, on="lead", how="left", maintain_order="left")
        .join(others, on="point", how="left", maintain_order="left")
        .join(_independent(judgement, rule), on="point", how="left", maintain_order="left")
        .join(_elsewhere(judgement.culprits, points), on="point", how="left", maintain_order="left")
        .join(
            _like(_off(judgement.culprits, points), points),
            left_on="point",
            right_on="id",
            how="left",
            maintain_order="left",
        )
        .with_columns(pl.col("elsewhere").fill_null(False))
    )
    agreed = ~pl.col("likely") & (pl.col("independent") > 1) & (pl.col("alike") == 0) & ~pl.col("elsewhere")
    return rows.with_columns(convicted=pl.col("clean") & (agreed | ~pl.col("known")))


def _independent(judgement: Judgement, rule: Mapping[str, Any]) -> pl.DataFrame:
    """How many independent identities speak against each culprit beyond what digits leave open."""
    witness = pl.when(pl.col("check") == "parts_and_total").then("partition").otherwise(pl.lit(""))
    return (
        judgement.culprits.select("point", "shift", identity="closes")
        .explode("identity")
        .join(judgement.names.select("identity", "check", "partition", "tolerance"), on="identity")
        .filter(pl.col("shift").abs() > rule["times_the_digits"] * pl.col("tolerance"))
        .group_by("point")
        .agg(independent=pl.struct("check", witness.alias("witness")).n_unique())
    )


def _elsewhere(culprits: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Whether another document prints the number of a culprit as the culprit does: point, elsewhere."""
    key = ["indicator", "region", "period"]
    mine = points.join(culprits.select("point"), on="point", how="semi").filter("known")
    return (
        mine.select("point", *key, "document", "value", "half")
        .join(points.filter("known").select(*key, "document", "value", "half"), on=key, suffix="_other")
        .filter(
            pl.col("document") != pl.col("document_other"),
            (pl.col("value") - pl.col("value_other")).abs()
            <= pl.max_horizontal("half", "half_other") + 1e-9 * pl.col("value").abs(),
        )
        .select("point", elsewhere=pl.lit(True))
        .unique("point")
    )


def _off(culprits: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Culprits as _like takes them."""
    place = points.select("point", "block", "indicator", "period", "region")
    return culprits.select("point", by="shift").join(place, on="point").rename({"point": "id"})


def _like(off: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """The region whose number in the same column is just what it is off by, left out or counted in: id, like.
    `off`: id, block, indicator, period, region, by."""
    column = ["block", "indicator", "period"]
    rows = points.filter("known", pl.col("value") != 0).select(
        *column, "half", like="region", number=pl.col("value").abs()
    )
    return (
        off.join(rows, on=column)
        .filter(
            pl.col("like") != pl.col("region"),
            (pl.col("number") - pl.col("by").abs()).abs() <= pl.col("half") + 1e-9 * pl.col("number"),
        )
        .sort("id", "like")
        .unique("id", keep="first", maintain_order=True)
        .select("id", "like")
    )


def culprit_findings(rows: pl.DataFrame) -> pl.DataFrame:
    """One finding for each culprit: an error, at exactly its cell; the suggestion for a cell that could not be
    read (which reading has reported) is information."""
    return findings(
        {name: row[name] for name in (*WHERE, *LINK, "cell", "residual", "tolerance", "check")}
        | {"severity": "info" if row["aside"] else "error", "message": _blame(row)}
        for row in rows.iter_rows(named=True)
    )


def _blame(row: dict[str, Any]) -> str:
    says = f"“{row['raw']}”" if row["raw"] else "nothing"
    text = "most likely of several: " if row["likely"] else ""
    text += (
        f"{row['cell']} says {says}; {row['check']} is off by {_number(row['residual'])}"
        f" where the digits allow {_number(row['tolerance'])}"
    )
    if row["others"]:
        text += ", and so are " + ", ".join(row["others"])
    text += f": it should say {row['suggestion']}"
    if row["tolerance"] > 0.51 * (row["resolution"] or 1.0):
        text += f" or within {_number(row['tolerance'])} of it"
    if row["like"]:
        text += f"; the difference is the number of {row['like']}"
    if row["elsewhere"] or row["alike"]:
        text += "; another printing says the same, so the slip is the publisher's"
    return text


def _number(value: float) -> str:
    return format(round(value, 6), ".10g")


def convicted(rows: pl.DataFrame) -> pl.DataFrame:
    """QUARANTINE rows of the cells convicted beyond doubt, and the proposals for cells already set aside."""
    guilty = rows.filter(pl.col("convicted") | pl.col("aside")).sort(*LINK, "cell")
    return guilty.select(
        *LINK,
        "cell",
        pl.col("raw").fill_null(""),
        pl.struct(rows.columns).map_elements(_blame, return_dtype=pl.String).alias("reason")
        if guilty.height
        else pl.lit("").alias("reason"),
        "suggestion",
        "table",
        "indicator",
        "region",
        "period",
        "edition",
        "aside",
    )


def broken_findings(judgement: Judgement, points: pl.DataFrame) -> pl.DataFrame:
    """One error for each identity that stays broken and that no cell explains."""
    names = judgement.names
    rows = _each_difference_once(names.filter("broken"))
    regional = rows.filter(pl.col("kind") == "sum").select(
        "block", "indicator", "period", "region", id="identity", by="left"
    )
    said = rows.join(_carried_up(names), on="identity", how="left", maintain_order="left").join(
        _like(regional, points), left_on="identity", right_on="id", how="left", maintain_order="left"
    )
    return findings(_rows(said))


def _each_difference_once(broken: pl.DataFrame) -> pl.DataFrame:
    """Of several pairs of printings that differ in one number, the one that differs most."""
    pairs = broken.filter(pl.col("kind") == "same").sort(pl.col("left").abs(), descending=True, maintain_order=True)
    once = pairs.unique(["check", "indicator", "region", "period", "edition"], keep="first", maintain_order=True)
    return pl.concat([broken.filter(pl.col("kind") != "same"), once])


def _rows(rows: pl.DataFrame) -> Iterator[dict[str, Any]]:
    for row in rows.iter_rows(named=True):
        parts = row["partition"] if row["kind"] == "sum" and row["partition"] else "provinces"
        text = _SAYS[row["kind"]].format(
            parts=parts,
            off=_number(abs(row["residual"])),
            than="more" if row["residual"] > 0 else "less",
            open=_number(row["tolerance"]),
        )
        if row["known"] is not None:
            text += f"; the known error explains all but {_number(row['left'])} of it"
        if row["like"]:
            text += f"; the difference is the number of {row['like']}"
        if row["carried"]:
            text += "; the provinces' differences add up to the nation's: the source's own, not this printing's"
        yield {name: row[name] for name in (*WHERE, *LINK, "check", "residual", "tolerance")} | {"message": text}


_SAYS = {
    "sum": "the parts ({parts}) add up to {off} {than} than the total; the published digits allow {open}",
    "at_most": "a part is {off} more than its total; the published digits allow {open}",
    "same": "two places print this number {off} apart; the coarser one's digits allow {open}",
}


def _carried_up(names: pl.DataFrame) -> pl.DataFrame:
    """Row sums whose differences, province by province, add up to the nation's: identity, carried."""
    rows = names.filter((pl.col("kind") == "sum") & (pl.col("region") == "CN") & pl.col("broken"))
    key = ["block", "check", "period", "indicator", "partition"]
    provinces = (
        names.filter(pl.col("region").str.contains(r"^\d{6}$"))
        .group_by(key)
        .agg(whole=pl.col("residual").sum(), open=pl.col("tolerance").sum())
    )
    same = rows.join(provinces, on=key).filter(
        (pl.col("whole") - pl.col("residual")).abs() <= pl.col("open") + pl.col("tolerance")
    )
    return names.join(same.select(key), on=key, how="semi").select("identity", carried=pl.lit(True))


def known_findings(judgement: Judgement, known: pl.DataFrame) -> pl.DataFrame:
    """One acknowledged finding for each identity that a known error explains; an entry may say how grave it is."""
    rows = judgement.names.filter(pl.col("known").is_not_null() & ~pl.col("broken") & ~pl.col("closed"))
    said = rows.join(known.select("known", "reason", "severity"), on="known", how="left", maintain_order="left")
    return said.with_columns(
        acknowledged=True,
        severity=pl.col("severity").fill_null("error"),
        message=pl.format("off by {}, as known", pl.col("residual").round(6)),
        cell=pl.lit(None, pl.String),
    ).select(pl.col(name).cast(dtype) for name, dtype in FINDING.items())
