"""Damage to single cells: digits, signs, marks, and what else may stand where a number should."""

from __future__ import annotations

from collections.abc import Callable

from tests.damage import PROVINCES, Aside, Found, Printing, Spot, Unchanged, Verdict, WithinDigits, kind
from transforms.grid import Value

SUMS = frozenset(
    {"parts_and_total", "provinces_and_zone", "regions_and_nation", "two_printings", "yearbook_and_bulletin"}
)
ADDITIVE = ("activity_2020", "funds", "patents", "personnel")
"""Tables whose rows and columns both add up: what happens to a cell is known to be there and nowhere else."""
ALL = (*ADDITIVE, "enterprises", "outflow")


def _altered(p: Printing, digits: int, change: Callable[[str], str]) -> Verdict:
    """A drawn number changed by a function of its text: found at exactly its cell, and set aside."""
    while True:
        region, column, r, text = p.a_number(digits)
        new = change(text)
        if abs(float(new) - float(text)) > max(1000.0, 0.01 * float(text)):
            break
    cell = p.retype(r, column.index, new)
    return Found(SUMS, (Spot(region, cell),), frozenset({region}), frozenset({cell}))


@kind("a wrong digit", *ADDITIVE)
def wrong_digit(p: Printing) -> Verdict:
    return _altered(p, 4, lambda text: str((int(text[0]) + 4) % 9 + 1) + text[1:])


@kind("a lost digit", *ADDITIVE)
def lost_digit(p: Printing) -> Verdict:
    return _altered(p, 4, lambda text: text[:1] + text[2:])


@kind("a digit too many", *ADDITIVE)
def extra_digit(p: Printing) -> Verdict:
    return _altered(p, 4, lambda text: text[:1] + text)


@kind("two digits transposed", *ADDITIVE)
def transposed(p: Printing) -> Verdict:
    return _altered(p, 4, lambda text: text[1] + text[0] + text[2:])


@kind("a lost decimal point", "activity", "activity_2020")
def lost_point(p: Printing) -> Verdict:
    return _altered(p, 6, lambda text: text.replace(".", ""))


@kind("a decimal point moved", "activity", "activity_2020")
def moved_point(p: Printing) -> Verdict:
    return _altered(p, 6, lambda text: f"{float(text) / 10:.2f}")


@kind("a minus too many", *ADDITIVE)
def extra_minus(p: Printing) -> Verdict:
    region, column, r, text = p.a_number(5)
    cell = p.retype(r, column.index, f"-{text}")
    return Found(SUMS | {"below_nothing"}, (Spot(region, cell),), frozenset({region}), frozenset({cell}))


def _loss(p: Printing) -> None:
    """A loss in Gansu, taken off its zone and the nation."""
    c = next(column.index for column in p.columns if column.indicator == "high_tech_profit")
    profit = float(p.text(p.regions["620000"], c))
    for region in ("620000", "cn_west", "CN"):
        r = p.regions[region]
        p.put(r, c, round(float(p.text(r, c)) - profit - 31.5, 5))


@kind("a lost minus", "operation", before=_loss)
def lost_minus(p: Printing) -> Verdict:
    c = next(column.index for column in p.columns if column.indicator == "high_tech_profit")
    p.put(p.regions["620000"], c, 31.5)
    return Found(SUMS, (Spot("cn_west", None, "high_tech_profit"), Spot("CN", None, "high_tech_profit")))


@kind("the last digit, within rounding", "activity", "activity_2020")
def last_digit(p: Printing) -> Verdict:
    for r in (p.regions[region] for region in PROVINCES):
        total, *parts = (float(p.text(r, column.index)) for column in p.numbers)
        if abs(sum(parts) - total) < 0.05:
            p.put(r, p.numbers[-1].index, round(parts[-1] + 0.1, 1))
            return WithinDigits()
    raise AssertionError("no row adds up exactly")


@kind("a digit in a table without parts", "outflow")
def digit_of_a_region(p: Printing) -> Verdict:
    """Only the sums over regions speak; which of the zone's provinces it is, its series tells."""
    region, column, r, text = p.a_number(4)
    cell = p.retype(r, column.index, "9" + text)
    return Found(SUMS, (Spot(region, cell),), frozenset({region}))


@kind("a total that is wrong", *ADDITIVE)
def wrong_total(p: Printing) -> Verdict:
    region, r = p.a_province()
    column = p.numbers[0]
    text = p.text(r, column.index)
    cell = p.retype(r, column.index, str((int(text[0]) + 4) % 9 + 1) + text[1:])
    return Found(SUMS, (Spot(region, cell),), frozenset({region}), frozenset({cell}))


@kind("a wrong digit in a zone", "activity_2020", "funds", "personnel")
def wrong_zone(p: Printing) -> Verdict:
    column, r = p.a_part(), p.regions["cn_west"]
    text = p.text(r, column.index)
    cell = p.retype(r, column.index, str((int(text[0]) + 4) % 9 + 1) + text[1:])
    return Found(SUMS, (Spot("cn_west", cell),), frozenset({"cn_west"}), frozenset({cell}))


@kind("a wrong digit in the nation", *ADDITIVE)
def wrong_nation(p: Printing) -> Verdict:
    column, r = p.a_part(), p.regions["CN"]
    text = p.text(r, column.index)
    cell = p.retype(r, column.index, str((int(text[0]) + 4) % 9 + 1) + text[1:])
    return Found(SUMS, (Spot("CN", cell),), frozenset({"CN"}), frozenset({cell}))


@kind("two wrong digits in a row", "activity", "funds", "personnel")
def two_in_a_row(p: Printing) -> Verdict:
    region, r = p.a_province()
    cells = []
    for column, grown in zip([c for c in p.numbers if c.part][:2], (3, 5), strict=True):
        text = p.text(r, column.index)
        cells.append(p.retype(r, column.index, str((int(text[0]) + grown) % 9 + 1) + text[1:]))
    return Found(SUMS, tuple(Spot(region, cell) for cell in cells), frozenset({region}))


@kind("two wrong digits in a column", "activity", "funds", "patents")
def two_in_a_column(p: Printing) -> Verdict:
    column, spots = p.a_part(), []
    for region in p.draw.sample(("110000", "320000", "330000", "420000", "440000", "610000"), 2):
        r = p.regions[region]
        text = p.text(r, column.index)
        spots.append(Spot(region, p.retype(r, column.index, text[:1] + text)))
    return Found(SUMS, tuple(spots), frozenset(str(s.region) for s in spots))


def _unreadable(p: Printing, change: Callable[[str], Value], digits: int = 4, has: str = "") -> Verdict:
    """A drawn number made no number: set aside, and the sums say what it was."""
    while True:
        _, column, r, text = p.a_number(digits)
        if has in text.partition(".")[0]:
            break
    number = float(text)
    cell = p.put(r, column.index, change(text))
    return Aside(frozenset({cell}), number)


@kind("O for 0", *ADDITIVE)
def letter_o(p: Printing) -> Verdict:
    return _unreadable(p, lambda text: text.replace("0", "O", 1), has="0")


@kind("l for 1", *ADDITIVE)
def letter_l(p: Printing) -> Verdict:
    return _unreadable(p, lambda text: text.replace("1", "l", 1), has="1")


@kind("a stray ! in the place of a digit", *ADDITIVE)
def stray_mark(p: Printing) -> Verdict:
    return _unreadable(p, lambda text: text.partition(".")[0][:-1] + "!", 6)


@kind("a comma for the point", "activity", "activity_2020")
def decimal_comma(p: Printing) -> Verdict:
    return _unreadable(p, lambda text: f"{float(text):.1f}".replace(".", ","))


@kind("a comma for the point that makes thousands of it", "operation")
def comma_makes_thousands(p: Printing) -> Verdict:
    """`258,861` for 258.861 is a number of the grammar; its sum is not."""
    c = next(column.index for column in p.columns if column.indicator == "high_tech_revenue")
    p.put(p.regions["630000"], c, "258,861")
    return Found(SUMS, (Spot("CN", None, "high_tech_revenue"), Spot("cn_west", None, "high_tech_revenue")))


@kind("a percent sign", *ADDITIVE)
def percent(p: Printing) -> Verdict:
    return _unreadable(p, lambda text: f"{text}%")


@kind("the unit in the cell", "activity", "patents")
def unit_in_cell(p: Printing) -> Verdict:
    return _unreadable(p, lambda text: f"{text}万元")


@kind("a number in powers of ten", "activity", "activity_2020")
def scientific(p: Printing) -> Verdict:
    return _unreadable(p, lambda text: f"{float(text):.7E}")


@kind("an apostrophe and a zero-width blank", *ADDITIVE)
def invisible(p: Printing) -> Verdict:
    return _unreadable(p, lambda text: f"'{text}\u200b")


@kind("text in a number cell", *ALL)
def words(p: Printing) -> Verdict:
    _, column, r, _ = p.a_number()
    return Aside(frozenset({p.put(r, column.index, "见注释")}))


@kind("an error of the spreadsheet", *ALL)
def spreadsheet_error(p: Printing) -> Verdict:
    return _unreadable(p, lambda text: "#DIV/0!") if "outflow" not in p.table.contract.table else words(p)


@kind("formula-like text", *ADDITIVE)
def formula_text(p: Printing) -> Verdict:
    """In a text cell: an apostrophe kept it from being worked out. It is neither worked out nor read."""
    p.container = "csv"
    return _unreadable(p, lambda text: "=1+1")


@kind("a formula without a result", *ADDITIVE)
def formula(p: Printing) -> Verdict:
    p.container = "xlsx"
    region, column, r, _ = p.a_number(5)
    cell = p.put(r, column.index, "=1+1")
    return Found(SUMS, (Spot(region, cell),), frozenset({region}), frozenset({cell}))


@kind("a command in a cell", *ADDITIVE)
def command(p: Printing) -> Verdict:
    return _unreadable(p, lambda text: "@SUM(1+1)|cmd' /C calc'!A0")


@kind("markup in a cell", *ADDITIVE)
def markup(p: Printing) -> Verdict:
    return _unreadable(p, lambda text: "<script>alert(1)</script>")


@kind("true for a number", *ADDITIVE)
def truth(p: Printing) -> Verdict:
    return _unreadable(p, lambda text: "TRUE")


@kind("a blank among the parts", *ADDITIVE)
def blank(p: Printing) -> Verdict:
    region, column, r, _ = p.a_number(5)
    cell = p.put(r, column.index, None)
    return Found(SUMS, (Spot(region, cell),), frozenset({region}), frozenset({cell}))


@kind("a sign for less than the unit, where there is more", *ADDITIVE)
def below_unit(p: Printing) -> Verdict:
    region, column, r, _ = p.a_number(5)
    cell = p.put(r, column.index, "…")
    return Found(SUMS, (Spot(region, cell),), frozenset({region}), frozenset({cell}))


@kind("a sign for nil, where there is more", *ADDITIVE)
def nil(p: Printing) -> Verdict:
    region, column, r, _ = p.a_number(5)
    cell = p.put(r, column.index, "-")
    return Found(SUMS, (Spot(region, cell),), frozenset({region}), frozenset({cell}))


@kind("the number of the row above", "activity_2020", "funds", "personnel")
def from_above(p: Printing) -> Verdict:
    region, column, r, _ = p.a_number(5)
    cell = p.put(r, column.index, p.rows[r - 1][column.index] or p.rows[r - 2][column.index])
    return Found(SUMS, (Spot(region, cell),), frozenset({region}), frozenset({cell}))


def _rewritten(p: Printing, change: Callable[[str], str]) -> Verdict:
    """Every number of a column written otherwise: read as before."""
    column = p.a_part()
    for r in p.regions.values():
        if text := p.text(r, column.index).strip():
            p.put(r, column.index, change(text))
    return Unchanged()


def _grouped(text: str, mark: str) -> str:
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}".replace(",", mark) + point + rest


@kind("commas between thousands", *ALL)
def commas(p: Printing) -> Verdict:
    return _rewritten(p, lambda text: _grouped(text, ","))


@kind("thin blanks between thousands", *ALL)
def thin_blanks(p: Printing) -> Verdict:
    return _rewritten(p, lambda text: _grouped(text, "\u2009"))


@kind("full-width digits", *ALL)
def full_width(p: Printing) -> Verdict:
    return _rewritten(p, lambda text: text.translate({i: i + 0xFEE0 for i in range(0x2E, 0x3A)}))


@kind("blanks around numbers", *ALL)
def padded(p: Printing) -> Verdict:
    return _rewritten(p, lambda text: f"\u3000{text}\u00a0\n")


@kind("a footnote mark", *ALL)
def footnote(p: Printing) -> Verdict:
    _, column, r, text = p.a_number()
    p.put(r, column.index, f"{text}①")
    return Unchanged()


@kind("a raised footnote mark", *ALL)
def raised_footnote(p: Printing) -> Verdict:
    """`4225133²` is not 42251332."""
    _, column, r, text = p.a_number()
    p.put(r, column.index, f"{text}\u00b2")
    return Unchanged()


@kind("a raised digit within a number", *ADDITIVE)
def raised_digit(p: Printing) -> Verdict:
    return _unreadable(p, lambda text: text[0] + "\u00b2" + text[2:])


@kind("numbers kept as text", "activity", "activity_2020", "outflow", "operation")
def as_text(p: Printing) -> Verdict:
    for r in p.regions.values():
        for column in p.numbers:
            value = p.rows[r][column.index]
            p.put(r, column.index, f"{value:.15g}" if isinstance(value, float) else value)
    return Unchanged()


