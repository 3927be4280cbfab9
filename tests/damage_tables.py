"""Damage to rows, columns, heads and labels: what stands in another's place, is lost, or is there twice."""

from __future__ import annotations

from tests.damage import Aside, Column, Found, Printing, ReadThrough, Spot, Unchanged, Unrecognised, Verdict, kind
from tests.damage_cells import SUMS
from transforms.grid import Value, a1
from transforms.text import has_cjk, split_languages

MOVED = SUMS | {"rows_swapped", "rows_exchanged", "level_of_another", "columns_exchanged", "rows_copied", "jump"}
SLIPS = SUMS | {"unit_slip", "magnitude_slip", "reprint_differs", "jump"}


def _numbers(p: Printing, region: str) -> list[Value]:
    return [p.rows[r][column.index] for column, r in p.every(region)]


def _fill(p: Printing, region: str, values: list[Value]) -> None:
    for (column, r), value in zip(p.every(region), values, strict=True):
        p.put(r, column.index, value)


def _swap(p: Printing, one: str, other: str) -> None:
    first, second = _numbers(p, one), _numbers(p, other)
    _fill(p, one, second)
    _fill(p, other, first)


@kind("numbers a row too low", "activity_2020", "funds", "patents", "personnel")
def shifted_rows(p: Printing) -> Verdict:
    """From a province down every number slipped by a row; the last row's stand below the table, without a label."""
    slipped = [region for region, r in p.regions.items() if r >= p.regions["370000"]]
    values = [_numbers(p, region) for region in slipped]
    for region, moved in zip(slipped[1:], values, strict=False):
        _fill(p, region, moved)
    _fill(p, "370000", [None] * len(p.numbers))
    stray = [p.put(p.last + 1, c.index, value) for c, value in zip(p.numbers, values[-1], strict=True)]
    return Found(SUMS, (Spot(),), convicted=frozenset(stray))


@kind("a column of numbers a row too low", "activity_2020", "funds", "patents", "personnel")
def shifted_column(p: Printing) -> Verdict:
    column = p.a_part()
    slipped = [region for region, r in p.regions.items() if r >= p.regions["370000"]]
    values = [p.text(p.regions[region], column.index) for region in slipped]
    for region, value in zip(slipped[1:], values, strict=False):
        p.retype(p.regions[region], column.index, value or "0")
    p.put(p.regions["370000"], column.index, None)
    return Found(SUMS, tuple(Spot(region) for region in slipped if region in ("370000", "410000", "420000", "440000")))


@kind("numbers of two regions of two zones swapped", "activity_2020", "funds", "personnel")
def rows_of_two_zones(p: Printing) -> Verdict:
    _swap(p, "320000", "510000")
    return Found(MOVED, (Spot("320000"), Spot("510000")), frozenset({"320000", "510000"}))


@kind("numbers of two regions of one zone swapped", "activity", "rounded")
def rows_of_one_zone(p: Printing) -> Verdict:
    """Every sum still holds: the year before and the other printing speak."""
    _swap(p, "320000", "460000")
    return Found(MOVED, (Spot("320000"), Spot("460000")), frozenset({"320000", "460000"}))


@kind("a row copied over another", "activity_2020", "funds", "patents", "personnel", "enterprises")
def copied_row(p: Printing) -> Verdict:
    _fill(p, "330000", _numbers(p, "320000"))
    return Found(MOVED, (Spot("330000"),))


@kind("a row without its numbers", "activity_2020", "funds", "patents", "personnel", "enterprises")
def emptied_row(p: Printing) -> Verdict:
    _fill(p, "320000", [None] * len(p.numbers))
    return Found(SUMS, tuple(Spot("320000", a1(r, c.index)) for c, r in p.every("320000") if c.part))


@kind("rows in reverse order", "activity", "funds", "patents", "personnel", "papers")
def reversed_rows(p: Printing) -> Verdict:
    rows = sorted(p.regions.values())
    for r, row in zip(rows, [p.rows[r] for r in reversed(rows)], strict=True):
        p.rows[r] = row
    return Unchanged()


@kind("a province's row left out", "activity_2020", "funds", "patents", "personnel", "enterprises", "outflow")
def dropped_row(p: Printing) -> Verdict:
    region, r = p.a_province()
    p.delete_row(r)
    return Found(frozenset({"region_missing"}), (Spot(region),), frozenset())


@kind("a zone's row left out", "activity_2020", "funds", "personnel")
def dropped_zone(p: Printing) -> Verdict:
    p.delete_row(p.regions["cn_central"])
    return Found(frozenset({"region_missing"}), (Spot("cn_central"),), frozenset())


@kind("the nation's row left out", "activity_2020", "funds", "patents", "personnel")
def dropped_nation(p: Printing) -> Verdict:
    p.delete_row(p.regions["CN"])
    return Found(frozenset({"region_missing"}), (Spot("CN"),), frozenset())


@kind("a province printed twice", "activity_2020", "funds", "patents", "personnel", "outflow")
def doubled_row(p: Printing) -> Verdict:
    _, r = p.a_province()
    p.insert_rows(r + 1, [list(p.rows[r])])
    cells = [a1(r + 1, c.index) for c in p.columns if p.text(r, c.index).strip()]
    return Aside(frozenset(cells), checks=frozenset({"label_unknown"}))


@kind("blank rows within", "activity_2020", "funds", "patents", "personnel", "outflow")
def blank_rows(p: Printing) -> Verdict:
    for region in ("130000", "320000", "610000"):
        p.insert_rows(p.regions[region], [[None] * len(p.rows[0])] * 2)
    return Unchanged()


@kind("empty columns before the table", "activity", "funds", "patents", "personnel", "enterprises", "outflow")
def moved_right(p: Printing) -> Verdict:
    p.insert_column(0)
    p.insert_column(0)
    return Unchanged()


@kind("an empty column within", "activity_2020", "funds", "patents", "personnel", "outflow")
def empty_column(p: Printing) -> Verdict:
    p.insert_column(p.numbers[-1].index)
    return Unchanged()


@kind("a needed column left out", "activity_2020", "funds", "patents", "personnel", "operation", "papers")
def dropped_column(p: Printing) -> Verdict:
    p.delete_column(p.numbers[1].index)
    return Unrecognised("head_missing")


@kind("a column printed twice", "activity_2020", "funds", "patents", "operation")
def doubled_column(p: Printing) -> Verdict:
    c = p.numbers[-1].index
    p.insert_column(c + 1, {r: p.rows[r][c] for r in range(p.table.block.top, len(p.rows))})
    return Unrecognised("head_repeated")


@kind("a column that no edition had", "activity_2020", "funds", "patents", "operation", "outflow")
def extra_column(p: Printing) -> Verdict:
    at = p.numbers[-1].index + 1
    values: dict[int, Value] = dict.fromkeys(p.regions.values(), "17")
    p.insert_column(at, values | {p.table.block.top: "火星探测\nMars\nExploration"})
    return Unrecognised("head_extra")


@kind("a head that is lost", "activity_2020", "patents", "funds", "operation", "outflow")
def lost_head(p: Printing) -> Verdict:
    column = p.numbers[-1]
    for r in p.heads_of(column):
        p.put(r, column.index, None)
    return Unrecognised("head_missing")


@kind("columns in another order", "funds", "patents", "personnel", "outflow")
def columns_moved(p: Printing) -> Verdict:
    """Heads and numbers together: nothing is lost. But years that don't ascend are no year panel."""
    one, other = p.numbers[-1].index, p.numbers[-2].index
    for r in range(min(p.heads_of(p.numbers[-1]) + p.heads_of(p.numbers[-2])), len(p.rows)):
        p.rows[r][one], p.rows[r][other] = p.rows[r][other], p.rows[r][one]
    return Unrecognised("years_disordered") if p.numbers[-1].period else Unchanged()


def _columns_swapped(p: Printing) -> tuple[Column, Column]:
    """The numbers of two parts in each other's columns: every sum still holds."""
    one, other = [c for c in p.numbers if c.part][-2:]
    for r in p.regions.values():
        p.rows[r][one.index], p.rows[r][other.index] = p.rows[r][other.index], p.rows[r][one.index]
    return one, other


@kind("numbers of two columns swapped", "activity", "rounded")
def swapped_columns(p: Printing) -> Verdict:
    """Found by the year before; a printing without a title is placed by its numbers, and now it can't be."""
    one, other = _columns_swapped(p)
    if p.container == "html":
        return Unrecognised(says="72 of 144 figures agree")
    return Found(MOVED, (Spot(None, None, min(one.indicator, other.indicator)),))


def _halves(text: str) -> tuple[str, str]:
    """A head cell as Chinese and the rest; a cell without Chinese is all rest."""
    return split_languages(text) if has_cjk(text) else ("", text)


def _swap_heads(p: Printing, chinese: bool) -> None:
    """Swap the heads of two parts in one language, cell by cell."""
    one, other = [c for c in p.numbers if c.part][-2:]
    block = p.table.block
    for r in range(max(min(p.heads_of(one)), min(p.heads_of(other))), block.first):
        (zh, en), (zh_other, en_other) = _halves(p.text(r, one.index)), _halves(p.text(r, other.index))
        if chinese:
            zh, zh_other = zh_other, zh
        else:
            en, en_other = en_other, en
        p.put(r, one.index, (zh + en) or None)
        p.put(r, other.index, (zh_other + en_other) or None)


@kind("two Chinese heads swapped", "activity", "activity_2020", "funds", "patents")
def swapped_chinese_heads(p: Printing) -> Verdict:
    _swap_heads(p, chinese=True)
    return Unrecognised("heads_disagree")


@kind("two English heads swapped", "activity", "activity_2020", "funds", "patents")
def swapped_english_heads(p: Printing) -> Verdict:
    _swap_heads(p, chinese=False)
    return Unrecognised("heads_disagree")


@kind("two heads swapped in both languages", "activity")
def swapped_heads(p: Printing) -> Verdict:
    _swap_heads(p, chinese=True)
    _swap_heads(p, chinese=False)
    return Found(MOVED, (Spot(None, None, "rd_expenditure.applied"),))


@kind("an English head misread", "activity_2020", "patents", "enterprises")
def misread_head(p: Printing) -> Verdict:
    column = next(c for c in p.numbers if c.indicator.endswith((".experimental", ".design")))
    for r in p.heads_of(column):
        text = p.text(r, column.index)
        p.put(r, column.index, text.replace("Experimental", "Experimenta1").replace("Design", "Desi9n"))
    return ReadThrough("head_misprint")


@kind("a head with a footnote mark", "activity_2020", "funds", "patents", "personnel")
def head_with_mark(p: Printing) -> Verdict:
    column = p.numbers[-1]
    for r in p.heads_of(column):
        zh, en = _halves(p.text(r, column.index))
        if zh:
            p.put(r, column.index, f"{zh}①{en}")
            break
    return Unchanged()


@kind("a year head misprinted", "outflow", "intensity")
def wrong_year_head(p: Printing) -> Verdict:
    column = p.numbers[-1]
    p.put(p.heads_of(column)[0], column.index, float((column.period or 0) - 9))
    return Unrecognised("years_disordered")


@kind("a year head printed twice", "outflow", "intensity")
def year_twice(p: Printing) -> Verdict:
    column = p.numbers[-1]
    p.put(p.heads_of(column)[0], column.index, float((column.period or 0) - 1))
    return Unrecognised("head_repeated")


@kind("two year heads swapped", "value_out", "intensity")
def swapped_years(p: Printing) -> Verdict:
    one, other = p.numbers[-1], p.numbers[-2]
    r = p.heads_of(one)[0]
    p.rows[r][one.index], p.rows[r][other.index] = p.rows[r][other.index], p.rows[r][one.index]
    return Unrecognised("years_disordered")


def _labels(p: Printing, c: int) -> None:
    one, other = p.regions["320000"], p.regions["510000"]
    p.rows[one][c], p.rows[other][c] = p.rows[other][c], p.rows[one][c]


@kind("two Chinese labels swapped", "activity_2020", "funds", "patents", "personnel", "outflow")
def swapped_chinese_labels(p: Printing) -> Verdict:
    _labels(p, p.label)
    return Aside(p.cells(["320000", "510000"]), checks=frozenset({"label_unknown"}))


@kind("two English labels swapped", "activity_2020", "funds", "patents", "personnel", "outflow")
def swapped_english_labels(p: Printing) -> Verdict:
    _labels(p, p.label + 1)
    return Aside(p.cells(["320000", "510000"]), checks=frozenset({"label_unknown"}))


@kind("two labels swapped in both languages", "activity_2020", "funds", "personnel")
def swapped_labels(p: Printing) -> Verdict:
    _labels(p, p.label)
    _labels(p, p.label + 1)
    return Found(MOVED, (Spot("320000"), Spot("510000")), frozenset({"320000", "510000"}))


@kind("a label that names no region", "activity_2020", "funds", "patents", "personnel", "outflow")
def unknown_label(p: Printing) -> Verdict:
    region, r = p.a_province()
    p.put(r, p.label, "火    星")
    p.put(r, p.label + 1, "Mars")
    return Aside(p.cells([region]), checks=frozenset({"label_unknown"}))


@kind("a label that is lost", "activity_2020", "funds", "patents", "personnel", "outflow")
def lost_label(p: Printing) -> Verdict:
    region, r = p.a_province()
    p.put(r, p.label, None)
    p.put(r, p.label + 1, None)
    return Aside(p.cells([region]), checks=frozenset({"label_unknown"}))


@kind("a label misread", "activity_2020", "funds", "patents", "personnel", "outflow")
def misread_label(p: Printing) -> Verdict:
    p.put(p.regions["120000"], p.label, "大 津")
    return ReadThrough("label_misprint")


@kind("a label with a footnote mark", "activity_2020", "funds", "patents", "personnel", "outflow")
def label_with_mark(p: Printing) -> Verdict:
    r = p.regions["610000"]
    p.put(r, p.label, f"{p.text(r, p.label)}②")
    return Unchanged()


@kind("labels in Chinese only", "activity_2020", "funds", "patents", "personnel")
def no_english_labels(p: Printing) -> Verdict:
    p.delete_column(p.label + 1)
    return Unchanged()


@kind("labels in English only", "activity_2020", "funds", "patents", "personnel")
def no_chinese_labels(p: Printing) -> Verdict:
    for r in range(p.first, p.last + 1):
        p.rows[r][p.label] = p.rows[r][p.label + 1]
    p.delete_column(p.label + 1)
    return Unchanged()


@kind("a row slipped to the left", "activity_2020", "funds", "personnel")
def row_to_the_left(p: Printing) -> Verdict:
    """Its first number stands in the place of the English label."""
    _, r = p.a_province()
    del p.rows[r][p.label + 1]
    return Aside(
        frozenset(a1(r, c.index) for c in p.columns[:-1] if p.text(r, c.index).strip()),
        checks=frozenset({"label_unknown"}),
    )


@kind("a row slipped to the right", "activity_2020", "funds", "patents", "personnel")
def row_to_the_right(p: Printing) -> Verdict:
    """Its last number stands beside the table."""
    region, r = p.a_province()
    p.rows[r].insert(p.numbers[0].index, None)
    stray = a1(r, p.numbers[-1].index + 1)
    return Found(SUMS, (Spot(region),), convicted=frozenset({stray}))


def _scaled(p: Printing, regions: list[str], columns: list[Column], factor: float) -> None:
    for region in regions:
        for column in columns:
            if text := p.text(p.regions[region], column.index).strip():
                value = float(text.replace(",", "")) * factor
                p.retype(p.regions[region], column.index, f"{value:.10g}" if factor < 1 else f"{value:.0f}")


@kind("a column in another unit", "activity", "funds", "personnel")
def column_scaled(p: Printing) -> Verdict:
    column = p.a_part()
    _scaled(p, list(p.regions), [column], 1e-4)
    return Found(SLIPS, tuple(Spot(region) for region in ("110000", "440000", "CN")))


@kind("a row in another unit", "activity", "activity_2020", "patents", "personnel", "outflow")
def row_scaled(p: Printing) -> Verdict:
    """The row's own sum holds: those over regions speak, and the year before says which row."""
    region, _ = p.a_province()
    _scaled(p, [region], p.numbers, 1e4)
    before = p.table.contract.name == "rd_expenditure_by_activity" and p.table.year == 2021
    return Found(SLIPS, (Spot(region if before else None),))


@kind("the whole table in a larger unit", "activity", "rounded")
def table_scaled_down(p: Printing) -> Verdict:
    """All sums hold: the year before, the other printing and the other tables speak."""
    _scaled(p, list(p.regions), p.numbers, 1e-4)
    if p.container == "html":
        return Unrecognised(says="0 of 144 figures agree")
    return Found(SLIPS, tuple(Spot(None, None, c.indicator) for c in p.numbers))


@kind("the whole table in a smaller unit", "activity", "funds")
def table_scaled_up(p: Printing) -> Verdict:
    _scaled(p, list(p.regions), p.numbers, 1e4)
    return Found(SLIPS, (Spot(None, None, "rd_expenditure"),))
