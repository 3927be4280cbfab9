"""The unit of a column: what its head says, else what spans it, else its table's unit line, checked against the
contract and between the two languages."""

from __future__ import annotations

from transforms.catalogue import Catalogue
from transforms.contracts import filled
from transforms.grid import Sheet, a1
from transforms.layout import is_unit_head
from transforms.recognise import Matched, Problem, Table
from transforms.tables import item_labels
from transforms.text import brackets
from transforms.units import Unit, is_unit_line


class UnitMismatch(Exception):
    """Units that contradict each other or the contract."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def column_unit(m: Matched, table: Table, catalogue: Catalogue) -> tuple[Unit, Unit]:
    """(printed, canonical) unit of a column. Raises UnitMismatch when units contradict."""
    canonical = catalogue.units.by_code.get(catalogue.indicator_units.get(indicator_of(m), ""))
    layout = table.contract.at(table.year)
    expected = catalogue.units.find(m.column.unit or layout.unit or "") or canonical
    canonical = canonical or expected
    if expected is None or canonical is None:
        raise UnitMismatch(_problem(m, f"no unit is known for {indicator_of(m)}", "a unit", ""))
    own = [u for text in (*m.head.own, *m.head.spanned) for u in catalogue.units.in_brackets(text)]
    if own:
        return _own(own, expected, m), canonical
    return _of_line(line_units(table, catalogue), expected, m, table, catalogue), canonical


def indicator_of(m: Matched) -> str:
    """The indicator that decides a column's unit: that of the whole, in an item table."""
    return filled(m.column.indicator, None)


def has_item_units(table: Table) -> bool:
    """Whether every row of the table has a unit of its own."""
    items = table.contract.at(table.year).items
    return bool(items) and all(item.unit for item in items)


def item_units(sheet: Sheet, table: Table, catalogue: Catalogue) -> dict[str, tuple[Unit, Unit]]:
    """(printed, canonical) unit by item code, for a table whose rows have units of their own: what the label or the
    column of units says, else what the contract says. A row without a code ("") has the unit of things. Raises
    UnitMismatch when what is printed is no multiple of what the contract says."""
    if not has_item_units(table):
        return {}
    found = dict.fromkeys(("", "total"), (catalogue.units.by_code["each"],) * 2)
    known = item_labels(table.contract)
    beside = next((h.column for h in table.block.heads if is_unit_head(h.text)), None)
    printed = {}
    for r in table.block.rows:
        label = sheet.text(r, table.block.label_column)
        texts = [*brackets(label), *([sheet.text(r, beside)] if beside is not None else [])]
        own = next((unit for text in texts if (unit := catalogue.units.find(text))), None)
        if own and (code := known(label)):
            printed[code] = own, r
    for item in table.contract.at(table.year).items:
        expected = catalogue.units.find(item.unit or "")
        if expected is None:
            raise UnitMismatch(Problem("unit_unknown", f"“{item.unit}” of {item.code} is no known unit"))
        code = item.code or "total"
        own, r = printed.get(code, (expected, table.block.first))
        if own.dimension != expected.dimension:
            message = f"the row {code} is in {own.code}, the contract says {expected.code}"
            cell = a1(r, table.block.label_column)
            raise UnitMismatch(Problem("units_disagree", message, cell, expected.code, own.code))
        found[code] = own, expected
    return found


def _own(own: list[Unit], expected: Unit, m: Matched) -> Unit:
    shown = ", ".join(dict.fromkeys(u.code for u in own))
    if any(u.dimension != own[0].dimension or u.factor != own[0].factor for u in own):
        raise UnitMismatch(_problem(m, f"the head “{m.head.text}” states two units ({shown})", "one unit", shown))
    if own[0].dimension != expected.dimension:
        message = f"the head “{m.head.text}” is in {shown}, the contract says {expected.code}"
        raise UnitMismatch(_problem(m, message, expected.code, shown))
    return own[0]


def _of_line(line: list[Unit], expected: Unit, m: Matched, table: Table, catalogue: Catalogue) -> Unit:
    """A column without a unit of its own has that of the line. A line that lists several units has one for each
    kind of column; one that fits no column at all is a contradiction."""
    fitting = [u for u in line if u.dimension == expected.dimension]
    if len({u.factor for u in fitting}) == 1 and not (m.column.unit and len(line) > 1):
        return fitting[0]
    if line and not fitting and not _serves_another(line, table, catalogue):
        shown = ", ".join(u.code for u in line)
        message = f"the unit line says {shown}, the contract says {expected.code} for “{m.column.printed}”"
        raise UnitMismatch(_problem(m, message, expected.code, shown))
    return expected


def line_units(table: Table, catalogue: Catalogue) -> list[Unit]:
    """The units of the line above the table, Chinese and English, which must have one in common."""
    lines = [(text, catalogue.units.of_line(text)) for _, _, text in table.block.front]
    for text, units in lines:
        if is_unit_line(text) and not units:
            message = f"“{text}” states a unit that data/reference/units.yml does not list"
            raise UnitMismatch(Problem("unit_unknown", message, expected="a known unit", found=text))
    chinese = [u for text, units in lines if is_unit_line(text) for u in units]
    english = [u for text, units in lines if not is_unit_line(text) for u in units]
    if chinese and english:
        values = {(u.dimension, u.factor) for u in english}
        if not any((u.dimension, u.factor) in values for u in chinese):
            zh, en = ", ".join(u.code for u in chinese), ", ".join(u.code for u in english)
            message = f"the unit line says {zh} in Chinese and {en} in English"
            raise UnitMismatch(Problem("units_disagree", message, expected=zh, found=en))
    return chinese or english


def _serves_another(line: list[Unit], table: Table, catalogue: Catalogue) -> bool:
    """Whether the unit line is that of other columns of the table: it may contradict this one then."""
    layout = table.contract.at(table.year)
    units = [catalogue.units.find(c.unit or layout.unit or "") for c in layout.columns]
    return any(u and u.dimension == printed.dimension for u in units for printed in line)


def _problem(m: Matched, message: str, expected: str, found: str) -> Problem:
    return Problem("units_disagree", message, a1(m.head.row, m.head.column), expected, found)
