"""Bulletins and cluster rankings of years to come, in the wordings and containers that copies of them have."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from flows.declarations import Declarations
from flows.documents.document import read_document
from tests import workbooks
from tests.new_editions import KEY, later_page


@pytest.mark.parametrize("year", [2022, 2023, 2024])
@pytest.mark.parametrize(
    "reworded",
    [
        {},
        {"研究与试验发展（R&amp;D）": "R&amp;D"},
        {"（": "(", "）": ")"},
        {"[1]": "", "[2]": "[1]"},
        {"看，各类企业": "看，企业"},
    ],
)
def test_bulletins_of_years_to_come(
    year: int, reworded: dict[str, str], published: Path, declarations: Declarations
) -> None:
    page = (published / "bulletin" / "2021.html").read_bytes()
    known = read_document("d", page, declarations.catalogue).cells
    text = later_page(page, year - 2021).decode("utf-8")
    for said, other in reworded.items():
        text = text.replace(said, other)
    found = read_document("d", text.encode("utf-8"), declarations.catalogue)
    wanted = known.with_columns(pl.col("period") + year - 2021, edition=pl.lit(f"rd-bulletin/{year}"))
    columns = [*KEY, "table", "value", "unit"]
    assert found.cells.select(columns).sort(columns).equals(wanted.select(columns).sort(columns))
    assert found.quarantine.is_empty()


RANKING = [
    ["1", "Tokyo–Yokohama", "JP", "127,418", "115,020", "10.1", "1.6", "5.9", "1", "0"],
    ["2", "Shenzhen–Hong Kong–Guangzhou", "CN/HK", "113,482", "153,180", "9.0", "2.2", "5.6", "2", "0"],
    ["3", "Seoul", "KR", "63,447", "133,604", "5.1", "1.9", "3.5", "4", "1"],
    ["4", "Bengaluru", "IN", "2,100", "21,000", "0.2", "0.3", "0.2", "60", "56"],
]
HEADS = [
    "Rank",
    "Cluster name",
    "Economy(ies)",
    "PCT applications",
    "Scientific publications",
    "Share of total PCT filings, %",
    "Share of total pubs, %",
    "Total",
    "Rank {previous}",
    "Rank change",
]
TITLES = [
    "Global Innovation Index {year}: top science and technology clusters",
    "GII {year} top 100 S&T clusters",
    "Table 1 Top 100 clusters, {year}",
    "The top 100 innovation clusters worldwide, {year}",
    "Science and Technology Cluster Ranking {year}",
    "Appendix IV Global Innovation Index science and technology cluster ranking {year}",
    "{year}年全球百强创新集群",
    "{year}年全球创新指数科技集群排名",
]


@pytest.mark.parametrize("year", [2023, 2024, 2025])
@pytest.mark.parametrize("title", TITLES)
def test_cluster_rankings_of_any_year(year: int, title: str, declarations: Declarations) -> None:
    heads = [head.replace("{previous}", str(year - 1)) for head in HEADS]
    body = [list(row) for row in RANKING]
    if year >= 2025:
        heads[5:5], heads[8:8] = ["VC deals"], ["Share of total VC deals, %"]
        for row in body:
            row[5:5], row[8:8] = ["1,234"], ["2.0"]
    said = title.replace("{year}", str(year))
    copies = [
        workbooks.xlsx([("Top 100", [[said], heads, *body], [])]),
        workbooks.html_page([heads, *body], above=[said]),
        workbooks.csv_bytes([[said], heads, *body]),
    ]
    for data in copies:
        found = read_document("d", data, declarations.catalogue)
        assert found.row["outcome"] == "read", found.row
        assert found.row["edition"] == f"gii-clusters/{year}"
        cells = found.cells.filter(pl.col("value").is_not_null())
        assert cells.height == len(RANKING) * (len(heads) - 2)
        deals = cells.filter(pl.col("indicator") == "cluster.vc_deals")["value"].to_list()
        assert deals == ([1234.0] * len(RANKING) if year >= 2025 else [])
        before = cells.filter(pl.col("indicator") == "cluster.previous_rank")["value"].to_list()
        assert before == [1, 2, 4, 60]


@pytest.mark.parametrize(
    "title, heads",
    [
        ("GII 2024: top 100 clusters by S&T intensity", HEADS[:5]),
        (
            "GII 2024 top 100 S&T clusters",
            [*HEADS[:3], "PCT applications per capita", "Scientific articles per capita"],
        ),
        ("GII 2024 top 100 S&T clusters", [*HEADS[:4], "VC deals"]),
        ("GII 2024 and 2023: top 100 S&T clusters", HEADS[:5]),
    ],
)
def test_what_is_no_cluster_ranking_of_that_year(title: str, heads: list[str], declarations: Declarations) -> None:
    """Rankings by intensity, measures that the edition does not have, titles that state two years."""
    data = workbooks.xlsx([("x", [[title], heads, *[row[: len(heads)] for row in RANKING]], [])])
    assert read_document("d", data, declarations.catalogue).row["outcome"] == "unrecognised"


def test_a_declared_ranking_is_no_table_of_regions(declarations: Declarations) -> None:
    """Beijing and Shanghai among the clusters make no table of regions that would then be set aside."""
    rows = [
        ["rank", "cluster", "economy"],
        ["1", "Beijing", "China"],
        ["2", "Shanghai", "China"],
        ["3", "Seoul", "Korea"],
    ]
    found = read_document("d", workbooks.csv_bytes(rows), declarations.catalogue, ("cluster_ranking", 2023))
    assert found.row["outcome"] == "read"
    assert found.quarantine.is_empty()
    assert found.findings.is_empty()
