"""PDF and Parquet as grids."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.reading import read, sniff
from tests.workbooks import pdf
from transforms.grid import Unreadable

EDGES = [50, 80, 230, 290, 350, 410]
HEADS = ["Rank", "Cluster name", "Economy", "PCT", "Publications", "Share"]
RANKING = [
    ["1", "Tokyo-Yokohama", "JP", "113244", "143822", "10.7"],
    ["2", "Shenzhen-Hong Kong-", "CN/HK", "87301", "153183", "8.2"],
    ["", "Guangzhou", "", "", "", ""],
    ["3", "Beijing", "CN", "30120", "241637", "2.8"],
    ["4", "Seoul", "KR", "40817", "114396", "3.9"],
    ["5", "San Jose-San Francisco, CA", "US", "39748", "89974", "3.8"],
]
JOINED = ("2", "Shenzhen-Hong Kong-\nGuangzhou", "CN/HK", "87301", "153183", "8.2")


def _set(rows: list[list[str]], top: float) -> list[tuple[float, float, str]]:
    lines = ((top + 14 * number, row) for number, row in enumerate(rows))
    return [(x, y, text) for y, row in lines for x, text in zip(EDGES, row, strict=True) if text]


def test_a_ranking_set_with_blanks_alone_goes_on_over_pages() -> None:
    first = [(50, 40, "Table 1. Top science and technology clusters"), *_set([HEADS, *RANKING[:4]], 60)]
    second = [(50, 40, "Global Innovation Index 2022"), *_set([HEADS, *RANKING[4:], RANKING[3]], 60)]
    data = pdf([([*first, (50, 800, "96")], []), ([*second, (50, 800, "97")], [])])
    assert sniff(data) == "pdf"
    grid = read(data)
    assert grid.container == "pdf"
    (sheet,) = grid.sheets
    assert sheet.rows == (
        ("Table 1. Top science and technology clusters",),
        tuple(HEADS),
        tuple(RANKING[0]),
        JOINED,
        tuple(RANKING[3]),
        tuple(RANKING[4]),
        tuple(RANKING[5]),
        tuple(RANKING[3]),
        ("96",),
        ("Global Innovation Index 2022",),
        ("97",),
    )


def test_a_head_over_two_columns_is_a_merged_area() -> None:
    above = [(80, 50, "Where"), (290, 50, "Applications, publications")]
    (sheet,) = read(pdf([([*above, *_set([HEADS, *RANKING[3:]], 64)], [])])).sheets
    assert sheet.rows[0] == (None, "Where", None, "Applications, publications")
    assert (0, 3, 0, 4) in sheet.merged


def test_a_ruled_table_keeps_its_spans_and_chinese_text() -> None:
    down, across = [60, 80, 100, 120, 140], [50, 150, 250, 350]
    rules = [(50, y, 350, y) for y in down if y != 80] + [(150, 80, 350, 80)]
    rules += [(x, 60, x, 140) for x in across if x != 250] + [(250, 80, 250, 140)]
    texts = [
        (50, 50, "各地区研究与试验发展经费"),
        (60, 85, "地 区"),
        (160, 75, "经费支出"),
        (160, 95, "基础研究"),
        (260, 95, "应用研究"),
        (60, 115, "北 京"),
        (160, 115, "1,234.50"),
        (260, 115, "67"),
        (60, 135, "天 津"),
        (160, 135, "3"),
    ]
    (sheet,) = read(pdf([(texts, rules)])).sheets
    assert sheet.rows == (
        ("各地区研究与试验发展经费",),
        ("地 区", "经费支出"),
        (None, "基础研究", "应用研究"),
        ("北 京", "1,234.50", "67"),
        ("天 津", "3"),
    )
    assert sheet.merged == ((1, 0, 2, 0), (1, 1, 1, 2))


def _parquet(columns: dict[str, pa.Array]) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def test_parquet_is_a_head_and_its_rows() -> None:
    data = _parquet(
        {
            "region": pa.array(["北京", None, ""]).dictionary_encode(),
            "year": pa.array([2021, 2022, None], pa.int16()),
            "big": pa.array([2**53 + 1, 1, 2], pa.int64()),
            "single": pa.array([0.1, float("nan"), 2.5], pa.float32()),
            "double": pa.array([279563072.7, None, float("inf")]),
            "exact": pa.array([Decimal("1.50"), None, None]),
            "day": pa.array([datetime.date(2021, 9, 22), None, None]),
            "yes": pa.array([True, False, None]),
        }
    )
    grid = read(data)
    assert grid.container == "parquet"
    assert grid.sheets[0].rows == (
        ("region", "year", "big", "single", "double", "exact", "day", "yes"),
        ("北京", 2021.0, str(2**53 + 1), 0.1, 279563072.7, "1.50", "2021-09-22", "TRUE"),
        (None, 2022.0, 1.0, None, None, None, None, "FALSE"),
        (None, None, 2.0, 2.5, "inf"),
    )


def test_parquet_without_rows_or_torn_is_unreadable() -> None:
    data = _parquet({"a": pa.array([1, 2])})
    with pytest.raises(Unreadable, match="without a single row"):
        read(_parquet({"a": pa.array([], pa.int8())}))
    for end in range(4, len(data), 7):
        with pytest.raises(Unreadable):
            read(data[:end])
