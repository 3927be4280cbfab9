"""The closed grammar of published numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.grid import a1, raw_text
from transforms.numbers import Number, is_numeric, parse


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("18197705", 18197705.0, 0),
        ("18197704.8", 18197704.8, 1),
        ("2.00", 2.0, 2),
        ("122 526", 122526.0, 0),
        ("127,418", 127418.0, 0),
        ("1,234,567.5", 1234567.5, 1),
        ("３４５．６", 345.6, 1),
        ("－3.5", -3.5, 1),
        ("−12", -12.0, 0),
        (" 7 ", 7.0, 0),
        ("0", 0.0, 0),
    ],
)
def test_numbers_as_printed(text: str, value: float, decimals: int) -> None:
    assert parse(text) == Number(value, decimals, "A")


@pytest.mark.parametrize(
    ("text", "status", "value"),
    [("", "O", None), ("  ", "O", None), ("…", "N", None), ("...", "N", None), ("-", "A", 0.0), ("—", "A", 0.0)],
)
def test_symbols(text: str, status: str, value: float | None) -> None:
    assert parse(text) == Number(value, 0, status)


@pytest.mark.parametrize("mark", ["①", "㉑", "②③", "²", "¹⁰", "❶", "*"])
def test_a_footnote_mark_is_kept_beside_the_number(mark: str) -> None:
    assert parse(f"279{mark}") == Number(279.0, 0, "A", mark)


def test_of_a_double_written_out_fifteen_digits_count() -> None:
    assert parse("159682844.00000003") == Number(159682844.00000003, 0, "A")
    assert parse("33219067.10000002") == Number(33219067.10000002, 1, "A")


def test_no_number_is_beyond_measure() -> None:
    assert parse("9" * 400) is None
    assert parse(1e300) is None
    assert parse(5e-324) == Number(5e-324, 20, "A")
    assert parse(f"0.{'0' * 400}1") == Number(0.0, 20, "A")


@pytest.mark.parametrize(
    "text",
    ["368633!", "1,2", "12,34", "1 23", "O12", "1O2", "1e5", "1.2.3", "--5", "5-", "12%", "北京", "=1+1", "nan", "inf",
     "1_000", "+", "①", ".", "1.", ".5", "1,234,56", "0x10", "٣", "42²5",
     "2⒈5", "⑴", "10⁴元"],
)
def test_outside_the_grammar_nothing_is_guessed(text: str) -> None:
    assert parse(text) is None


def test_number_cells_have_the_digits_a_spreadsheet_shows() -> None:
    assert parse(183277121.29999998) == Number(183277121.29999998, 1, "A")
    assert parse(40194.0) == Number(40194.0, 0, "A")
    assert parse(1e-7) == Number(1e-7, 7, "A")
    assert parse(float("nan")) is None
    assert parse(None) == Number(None, 0, "O")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3))
def test_every_printed_decimal_is_read_back_exactly(number: object) -> None:
    parsed = parse(f"{number:f}")
    assert parsed is not None
    assert parsed.value == float(f"{number:f}")
    assert parsed.decimals == 3


@given(st.integers(min_value=0, max_value=10**15), st.sampled_from([",", " "]))
def test_thousands_groups(number: int, mark: str) -> None:
    assert parse(f"{number:,}".replace(",", mark)) == Number(float(number), 0, "A")


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_is_not(text: str) -> None:
    parsed = parse(text)
    assert parsed is None or parsed.value is None or isinstance(parsed.value, float)
    assert is_numeric(text) == (parsed is not None and parsed.value is not None)


def test_addresses_and_shortest_text() -> None:
    corners = {(0, 0): "A1", (6, 1): "B7", (99, 25): "Z100", (0, 26): "AA1", (1, 701): "ZZ2", (1, 702): "AAA2"}
    assert {place: a1(*place) for place in corners} == corners
    assert [raw_text(v) for v in (40194.0, 18197704.8, None, "x ", 0.1)] == ["40194", "18197704.8", "", "x ", "0.1"]
