"""Identities: what adds up is never reported, what does not is reported exactly where it is wrong."""

from __future__ import annotations

import os

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from flows.steps import Run
from tests.printed import (
    EAST,
    MEMBERS,
    PARTS,
    PROVINCES,
    TOTAL,
    WEST,
    aside,
    cells,
    judged,
    open_errors,
    rules,
    whole,
)
from transforms.regional import divisions

EXAMPLES = int(os.environ.get("HIGHLANDS_EXAMPLES", "40"))
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
ROUND = {(part, p): 1000.0 + 37 * i + 211 * j for j, p in enumerate(PROVINCES) for i, part in enumerate(PARTS)}
SUMS = ("parts_and_total", "part_within_total", "provinces_and_zone", "regions_and_nation", "rows_swapped")
amounts = st.floats(0, 5_000_000, allow_nan=False)
true_parts = st.fixed_dictionaries({(part, p): amounts for part in PARTS for p in PROVINCES})
somewhere = st.sampled_from([(i, r) for i in (TOTAL, *PARTS) for r in ("CN", "cn_east", "cn_west", *PROVINCES)])


def table(**changes: str) -> dict[tuple[str, str], str]:
    """The round table, with cells changed: `basic_110000="1"`."""
    texts = whole(ROUND)
    for name, text in changes.items():
        part, region = name.split("_", 1)
        texts[TOTAL if part == "total" else f"spending.{part}", region] = text
    return texts


@settings(max_examples=EXAMPLES, deadline=None, phases=WITHOUT_SHRINKING)
@given(true_parts, st.integers(0, 2))
def test_true_sums_are_never_reported(parts: dict, decimals: int) -> None:
    result = judged(cells(whole(parts, decimals)))
    assert [f for f in open_errors(result) if f["check"] in SUMS] == []
    assert result.quarantine.is_empty()


@settings(max_examples=EXAMPLES, deadline=None, phases=WITHOUT_SHRINKING)
@given(true_parts, somewhere, st.integers(60, 900_000), st.booleans())
def test_damage_beyond_the_digits_is_reported_at_its_cell(
    parts: dict, place: tuple[str, str], by: int, up: bool
) -> None:
    texts = whole(parts)
    texts[place] = str(int(texts[place]) + (by if up else -by))
    found = [f for f in open_errors(judged(cells(texts))) if f["check"] in SUMS]
    assert [(f["indicator"], f["region"]) for f in found] == [place]
    assert found[0]["cell"]


def test_a_convicted_cell_leaves_the_marts_with_its_mend() -> None:
    result = judged(cells(table(basic_110000="9000")))
    assert [(q["cell"], q["raw"], q["suggestion"]) for q in result.quarantine.to_dicts()] == [("C4", "9000", "1000")]
    assert result.cells.filter(pl.col("cell") == "C4").is_empty()
    assert result.cells.height == len(table()) - 1


def test_a_small_slip_is_reported_and_stays() -> None:
    result = judged(cells(table(basic_110000="1007")))
    assert [(f["region"], f["indicator"]) for f in open_errors(result)] == [("110000", "spending.basic")]
    assert result.quarantine.is_empty()


def test_a_slip_that_the_source_itself_carries_up_convicts_nobody() -> None:
    parts = dict(ROUND)
    texts = whole(parts)
    for region in ("CN", "cn_east", "110000"):
        texts["spending.basic", region] = str(int(texts["spending.basic", region]) + 5000)
    result = judged(cells(texts))
    assert {f["region"] for f in open_errors(result)} == {"CN", "cn_east", "110000"}
    assert all(f["cell"] is None and f["residual"] == 5000 for f in open_errors(result))
    assert result.quarantine.is_empty()


def test_two_errors_in_one_column_are_both_found() -> None:
    result = judged(cells(table(basic_110000="9000", basic_120000="8000")))
    assert {(f["region"], f["cell"]) for f in open_errors(result)} == {("110000", "C4"), ("120000", "C5")}


def test_two_errors_in_one_row_are_both_found() -> None:
    result = judged(cells(table(basic_110000="9000", applied_110000="8000")))
    assert {(f["region"], f["cell"]) for f in open_errors(result)} == {("110000", "C4"), ("110000", "D4")}


def test_a_blank_that_the_sums_contradict_is_convicted_and_stays_blank() -> None:
    result = judged(cells(table(basic_110000="")))
    assert result.quarantine["suggestion"].to_list() == ["1000"]
    assert result.cells.filter(pl.col("cell") == "C4")["status"].to_list() == ["O"]


def test_a_blank_that_the_sum_leaves_no_room_for_is_negligible() -> None:
    small = ROUND | {("spending.basic", "540000"): 0.3}
    texts = whole(small)
    texts["spending.basic", "540000"] = ""
    result = judged(cells(texts))
    blank = result.cells.filter((pl.col("region") == "540000") & (pl.col("indicator") == "spending.basic"))
    assert blank["status"].to_list() == ["N"]
    assert "leaves at most" in blank["note"][0]
    assert open_errors(result) == []


def test_a_symbol_below_the_unit_shown_counts_as_up_to_a_unit() -> None:
    small = ROUND | {("spending.basic", "540000"): 0.4}
    texts = whole(small)
    texts["spending.basic", "540000"] = "…"
    assert open_errors(judged(cells(texts))) == []


def test_the_sum_proposes_what_an_unreadable_cell_should_say() -> None:
    texts = table(basic_110000="100!")
    result = judged(cells(texts), aside(texts))
    assert open_errors(result) == []
    row = result.quarantine.to_dicts()[0]
    assert row["suggestion"] == "1000"
    assert "no number" in row["reason"] and "parts_and_total" in row["reason"]


def test_numbers_that_slipped_down_a_line_are_offered_to_the_blank_above() -> None:
    from transforms.missing import strayed_rows
    from transforms.schema import QUARANTINE, frame

    texts = table() | {(i, "540000"): "" for i in (TOTAL, *PARTS)}
    stray = {"document": "d" * 64, "sheet": "1", "cell": "C10", "raw": "225", "indicator": "spending.basic"}
    found = strayed_rows(frame(QUARANTINE, [stray | {"reason": "no label"}]), cells(texts))
    assert found.select("cell", "home").rows() == [("C10", "225 in C9 (540000)")]


def test_counts_are_exact() -> None:
    kinds = {"grants.invention": 7, "grants.design": 5}
    texts = {("grants", p): "12" for p in PROVINCES} | {("grants", "CN"): "72"}
    texts |= {(kind, p): str(n) for kind, n in kinds.items() for p in PROVINCES}
    texts |= {(kind, "CN"): str(6 * n) for kind, n in kinds.items()}
    assert open_errors(judged(cells(texts))) == []
    texts["grants.design", "110000"] = "6"
    found = open_errors(judged(cells(texts)))
    assert [(f["region"], f["indicator"], f["residual"]) for f in found] == [("110000", "grants.design", 1)]


def test_an_of_which_column_is_no_addend_and_at_most_its_parent() -> None:
    texts = table() | {("spending.labour", p): "100" for p in PROVINCES}
    assert open_errors(judged(cells(texts))) == []
    texts["spending.labour", "110000"] = "900000"
    assert {f["check"] for f in open_errors(judged(cells(texts)))} == {"part_within_total"}


def test_rows_beside_the_provinces_count_towards_the_nation() -> None:
    texts = table()
    for indicator in (TOTAL, *PARTS):
        texts[indicator, "hk_mo_tw"] = "30" if indicator == TOTAL else "10"
        texts[indicator, "CN"] = str(int(texts[indicator, "CN"]) + (30 if indicator == TOTAL else 10))
    assert open_errors(judged(cells(texts))) == []
    texts |= {(i, code): "5" if i != TOTAL else "15" for i in (TOTAL, *PARTS) for code in ("810000", "820000")}
    assert open_errors(judged(cells(texts))) == [], "an aggregate stands for its rows"


def test_an_older_division_is_told_by_its_sums() -> None:
    rule = rules()["identities"]["regions"]
    former = divisions(MEMBERS, rule).filter(pl.col("division") > 0)
    assert former["division"].n_unique() == 2
    assert set(former["zones"].explode()) == {"cn_central", "cn_east", "cn_west"}


def test_a_lost_row_is_named_with_what_the_sums_leave_for_it() -> None:
    rule = rules()["identities"]["regions"]["missing"]
    assert rule["at_least"] > 5, "the tables of these tests have six provinces"
    ten = [f"{n}0000" for n in (11, 12, 13, 14, 15, 21, 22, 23, 31, 32)]
    members = pl.DataFrame([("CN", p) for p in ten], schema=["region", "member"], orient="row")
    from transforms.missing import missing_regions
    from transforms.points import points
    from transforms.schema import QUARANTINE, frame

    texts = {(TOTAL, "CN"): "100"} | {(TOTAL, p): "10" for p in ten[:-1]}
    said = missing_regions(points(cells(texts), frame(QUARANTINE)), members, rules()["identities"]["regions"])
    assert said.select("check", "severity", "region").rows() == [("region_missing", "warning", "320000")]
    assert "spending 2021: 10.0" in said["message"][0]


def test_printings_agree_within_the_coarser_ones_digit() -> None:
    fine, coarse = cells(whole(ROUND, 1)), cells(whole(ROUND), document="e" * 64)
    assert open_errors(judged(pl.concat([fine, coarse]))) == []
    off = whole(ROUND) | {("spending.basic", "CN"): str(int(whole(ROUND)["spending.basic", "CN"]) + 1)}
    found = open_errors(judged(pl.concat([fine, cells(off, document="e" * 64)])))
    assert [(f["check"], f["region"], abs(f["residual"])) for f in found] == [("two_printings", "CN", 1)]


def test_a_number_that_two_documents_print_alike_is_the_publishers() -> None:
    texts = table(basic_cn_east="90000")
    both = pl.concat([cells(texts), cells(texts, document="e" * 64)])
    result = judged(both)
    assert result.quarantine.is_empty()
    assert all("another printing says the same" in f["message"] for f in open_errors(result))


def test_yearbook_and_bulletin_print_the_years_number_alike() -> None:
    yearbook = cells({(TOTAL, "CN"): "279563072.7"})
    bulletin = cells({(TOTAL, "CN"): "27956.3"}, "b" * 64, "rd-bulletin/2021", table="bulletin", scale=10000)
    assert open_errors(judged(pl.concat([yearbook, bulletin]))) == []
    other = cells({(TOTAL, "CN"): "27958.3"}, "b" * 64, "rd-bulletin/2021", table="bulletin", scale=10000)
    assert [f["check"] for f in open_errors(judged(pl.concat([yearbook, other])))] == ["yearbook_and_bulletin"]
    restated = cells({(TOTAL, "CN"): "27958.3"}, "b" * 64, "rd-bulletin/2022", table="bulletin", scale=10000)
    assert open_errors(judged(pl.concat([yearbook, restated]))) == [], "a later edition may restate it"


def test_shares_add_to_100_and_follow_from_the_parts() -> None:
    shares = {("share.basic", "CN"): "40.01", ("share.applied", "CN"): "60.00"}
    assert open_errors(judged(cells(shares, table="shares"))) == []
    found = open_errors(judged(cells(shares | {("share.basic", "CN"): "40.05"}, table="shares")))
    assert [(f["check"], round(f["residual"], 2)) for f in found] == [("shares_to_100", 0.05)]
    parts = cells({(TOTAL, "CN"): "1000", ("spending.basic", "CN"): "400", ("spending.applied", "CN"): "600"})
    made = judged(pl.concat([parts, cells(shares | {("share.basic", "CN"): "41.00"}, "e" * 64, table="shares")]))
    assert "share_and_parts" in {f["check"] for f in open_errors(made)}


def test_ranks_follow_from_the_values() -> None:
    texts = {("papers", p): str(600 - 100 * i) for i, p in enumerate(PROVINCES)}
    texts |= {("papers.rank", p): str(i + 1) for i, p in enumerate(PROVINCES)}
    assert open_errors(judged(cells(texts))) == []
    found = open_errors(judged(cells(texts | {("papers", "130000"): "700"})))
    assert [(f["check"], f["region"]) for f in found] == [("rank_and_value", "130000")]


def test_rows_of_two_zones_that_changed_places_are_both_named() -> None:
    texts = table()
    swapped = {(i, {"110000": "510000", "510000": "110000"}.get(r, r)): text for (i, r), text in texts.items()}
    result = judged(cells(swapped))
    assert {(f["check"], f["region"]) for f in open_errors(result)} == {
        ("rows_swapped", "110000"),
        ("rows_swapped", "510000"),
    }


@pytest.mark.parametrize("region", ["CN", "cn_east", "110000"])
def test_a_known_error_is_acknowledged_and_hides_no_damage(region: str) -> None:
    texts = whole(ROUND)
    for row in ("CN", "cn_east", "110000"):
        texts["spending.basic", row] = str(int(texts["spending.basic", row]) + 500)
    known = [
        {
            "check": "parts_and_total",
            "table": "spending",
            "edition": "st-yearbook/2022",
            "reason": "the source's own.",
            "evidence": "carried up.",
            "residuals": {TOTAL: {"110000": 500, "cn_east": 500, "CN": 500}},
        }
    ]
    result = judged(cells(texts), known=known)
    assert open_errors(result) == []
    assert result.findings["acknowledged"].to_list() == [True, True, True]
    assert result.findings["reason"].unique().to_list() == ["the source's own. carried up."]
    texts["spending.applied", region] = str(int(texts["spending.applied", region]) + 77)
    found = open_errors(judged(cells(texts), known=known))
    assert [(f["region"], f["indicator"]) for f in found] == [(region, "spending.applied")]


def test_a_known_error_that_is_not_there_any_more_is_a_finding() -> None:
    known = [
        {
            "check": "parts_and_total",
            "table": "spending",
            "edition": edition,
            "reason": "r",
            "evidence": "e",
            "residuals": {TOTAL: {"110000": 500}},
        }
        for edition in ("st-yearbook/2022", "st-yearbook/2021")
    ]
    result = judged(cells(table()), known=known)
    assert result.findings.select("check", "severity", "edition").rows() == [
        ("known_error_stale", "warning", "st-yearbook/2022")
    ]


def test_a_later_edition_that_prints_a_known_error_again_is_covered() -> None:
    texts = whole(ROUND)
    for row in ("CN", "cn_east", "110000"):
        texts["spending.basic", row] = str(int(texts["spending.basic", row]) + 500)
    entry = {
        "check": "parts_and_total",
        "table": "spending",
        "edition": "st-yearbook/2022",
        "period": 2021,
        "reason": "r",
        "evidence": "e",
        "residuals": {TOTAL: {"110000": 500, "cn_east": 500, "CN": 500}},
    }
    assert open_errors(judged(cells(texts, edition="st-yearbook/2023"), known=[entry])) == []
    assert len(open_errors(judged(cells(texts, edition="st-yearbook/2021"), known=[entry]))) == 3
    mended = judged(cells(whole(ROUND), edition="st-yearbook/2023"), known=[entry])
    assert mended.findings.is_empty(), "what a later edition mends is no finding"


def test_a_zone_that_leaves_out_a_province_is_said_to() -> None:
    texts = table()
    for indicator in (TOTAL, *PARTS):
        short = int(texts[indicator, "cn_west"]) - int(texts[indicator, "540000"])
        texts[indicator, "cn_west"] = str(short)
    found = open_errors(judged(cells(texts)))
    assert {f["region"] for f in found} == {"cn_west", "CN"}
    assert all("the number of 540000" in f["message"] for f in found)


def test_findings_of_reading_can_be_known_too() -> None:
    from transforms.schema import findings

    said = findings([{"check": "label_unknown", "table": "spending", "period": 2021, "message": "no label"}])
    known = [
        {
            "check": "label_unknown",
            "table": "spending",
            "edition": "st-yearbook/2022",
            "period": 2021,
            "reason": "r",
            "evidence": "e",
            "regions": {"*": ["*"]},
        }
    ]
    result = judged(cells(table()), known=known, found=said)
    assert open_errors(result) == []


def test_published_tables_hold_but_for_what_is_known(published_run: Run) -> None:
    found = published_run.verdicts.frame("finding")  # type: ignore[union-attr]
    sums = found.filter(
        pl.col("check").is_in(
            [
                "parts_and_total",
                "part_within_total",
                "provinces_and_zone",
                "regions_and_nation",
                "two_printings",
                "yearbook_and_bulletin",
                "region_missing",
                "rows_swapped",
                "rank_and_value",
                "known_error_stale",
            ]
        )
    )
    still_open = sums.filter((pl.col("severity") != "info") & ~pl.col("acknowledged"))
    assert still_open.select("table", "edition", "region", "indicator", "cell").rows() == [
        ("patent_applications", "st-yearbook/2020", "220000", "patent_applications.design", "F14")
    ]
    known = sums.filter("acknowledged").select("table", "period", "region", pl.col("residual").round(1)).rows()
    for golden in [
        ("rd_expenditure_by_activity", 2021, "310000", 19671.9),
        ("rd_expenditure_by_activity", 2021, "cn_east", 19672.0),
        ("rd_expenditure_by_activity", 2021, "CN", 19672.0),
        ("rd_expenditure_by_source_of_funds", 2015, "330000", 123.0),
    ]:
        assert golden in known


def test_published_cells_that_are_set_aside(published_run: Run) -> None:
    aside = published_run.verdicts.frame("quarantine").filter(pl.col("region").is_not_null())  # type: ignore[union-attr]
    assert set(aside.select("period", "region", "raw", "suggestion").rows()) == {
        (2012, "110000", "368633!", "3686332"),
        (2019, "220000", "", "2503"),
    }


def test_blanks_of_published_tables_are_negligible(published_run: Run) -> None:
    cells_ = published_run.verdicts.frame("source_cell")  # type: ignore[union-attr]
    tibet = cells_.filter(
        pl.col("region") == "540000",
        pl.col("indicator") == "rd_expenditure.foreign_funds",
        pl.col("value").is_null(),
        pl.col("period") >= 2012,
    )
    assert tibet.height > 0
    assert set(tibet["status"]) == {"N"}


def test_zones_of_provinces_not_of_tables() -> None:
    assert set(EAST) | set(WEST) == set(PROVINCES)
