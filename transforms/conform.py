"""Recognised tables as long cells: regions and periods as codes, numbers in canonical units, the rest set aside.

Grain of the result: one row a cell of the table's body. Nothing in the body is dropped: a cell is in `cells`
(a number, a published symbol, or the text of a text column) or in `quarantine` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from transforms.catalogue import Catalogue
from transforms.grid import Sheet, Value, a1
from transforms.numbers import Number, parse, parse_text
from transforms.recognise import Matched, Problem, Table
from transforms.regions import Label
from transforms.schema import QUARANTINE, SOURCE_CELL, findings, frame
from transforms.tables import item_labels
from transforms.text import squash
from transforms.units import Unit, factor, is_unit_line


class UnitMismatch(Exception):
    """Units that contradict each other or the contract."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass
class Reading:
    """What one document yielded: cells (SOURCE_CELL), quarantine and finding rows."""

    document: str
    cells: list[dict[str, Any]] = field(default_factory=list)
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """The three frames in their schemas."""
        columns = {name: [cell.get(name) for cell in self.cells] for name in SOURCE_CELL}
        cells = pl.DataFrame(columns, schema=SOURCE_CELL)
        return cells, frame(QUARANTINE, self.quarantine), findings(self.findings)


def conform(reading: Reading, sheet: Sheet, table: Table, catalogue: Catalogue, container: str) -> None:
    """Add a table's cells to a reading. Raises UnitMismatch when its units contradict; the reading is then
    unchanged."""
    units = {id(m): _unit(m, table, catalogue) for m in table.columns if m.column.kind != "text"}
    rows = _labels(reading, sheet, table, catalogue)
    edition = catalogue.edition(table.contract, table.year or 0) if table.year is not None else None
    base = {"document": reading.document, "sheet": sheet.name, "table": table.contract.table}
    for problem in table.problems:
        reading.findings.append(_finding(problem, base, edition, table.year))
    for matched in table.columns:
        _column(reading, sheet, table, matched, units.get(id(matched)), rows, base, edition, catalogue, container)
        if matched.period and isinstance(sheet.value(matched.head.row, matched.head.column), float):
            reading.cells.append(_period_cell(sheet, matched, base, edition))


def _period_cell(sheet: Sheet, m: Matched, base: dict[str, Any], edition: str | None) -> dict[str, Any]:
    r, c = m.head.row, m.head.column
    return base | {
        "cell": a1(r, c),
        "row": r,
        "column": c,
        "role": "period",
        "raw": sheet.text(r, c),
        "period": m.period,
        "edition": edition,
        "status": "A",
    }


def _labels(reading: Reading, sheet: Sheet, table: Table, catalogue: Catalogue) -> list[tuple[int, Label, str]]:
    """The rows with what their labels mean. A code printed twice keeps its first row if both say the same."""
    block, resolve = table.block, _resolver(table, catalogue)
    rows, seen = [], {}
    for r in block.rows:
        zh = sheet.text(r, block.label_column)
        en = _english(sheet, r, table)
        label = resolve(zh, en)
        contents = [t for m in table.columns if (t := sheet.text(r, m.head.column).strip())]
        if label.code is None and not any(contents):
            continue
        if label.code in seen:
            label = Label(None, f"“{squash(zh)}” ({label.code}) stands in rows {seen[label.code] + 1} and {r + 1}")
        elif label.code is not None:
            seen[label.code] = r
        problem = label.problem or label.misprint
        if problem:
            reading.findings.append(
                {
                    "check": "label_unknown" if label.problem else "label_misprint",
                    "severity": "error" if label.problem and (zh.strip() or set(contents) - {"0"}) else "info",
                    "table": table.contract.table,
                    "region": label.code,
                    "message": problem,
                    "period": table.year,
                    "document": reading.document,
                    "sheet": sheet.name,
                    "cell": a1(r, block.label_column),
                }
            )
        rows.append((r, label, zh))
    return rows


def _english(sheet: Sheet, row: int, table: Table) -> str:
    """The English label, with a second line that stands alone in the next row (`Hong Kong,` / `Macao & Taiwan`)."""
    column, labels = table.block.english_column, table.block.label_column
    if column is None:
        return ""
    text, below = sheet.text(row, column), sheet.text(row + 1, column)
    alone = below.strip() and not any(sheet.text(row + 1, c).strip() for c in range(sheet.width) if c != column)
    return f"{text} {below}" if alone and sheet.text(row, labels).strip() else text


def _resolver(table: Table, catalogue: Catalogue) -> Callable[[str, str], Label]:
    contract = table.contract
    if contract.rows == "item":
        known = item_labels(contract)

        def item(zh: str, en: str) -> Label:
            code = known(zh) or known(en)
            return Label(code) if code else Label(None, f"“{squash(zh)}” is no row of {contract.name}")

        return item
    if contract.rows == "record":
        return lambda zh, en: Label("CN")
    return catalogue.resolver(contract)


def _unit(m: Matched, table: Table, catalogue: Catalogue) -> tuple[Unit, Unit]:
    """(printed, canonical) unit of a column: what its head says in brackets, else what spans it, else for an
    "of which" column its neighbour's, else the table's unit line; checked against the contract's."""
    indicator = m.column.indicator.replace(".{item}", "")
    canonical = catalogue.units.by_code.get(catalogue.indicator_units.get(indicator, ""))
    layout = table.contract.at(table.year)
    expected = catalogue.units.find(m.column.unit or layout.unit or "") or canonical
    if canonical is None:
        canonical = expected
    if expected is None or canonical is None:
        raise UnitMismatch(_unit_problem(table, m, f"no unit is known for {indicator}", "a unit", ""))
    own = [u for form in (m.head.own, m.head.spanned) for text in form for u in catalogue.units.in_brackets(text)]
    if own:
        if any(u.dimension != own[0].dimension for u in own):
            shown = ", ".join(u.code for u in own)
            raise UnitMismatch(_unit_problem(table, m, f"the head “{m.head.text}” states two units", shown, shown))
        if own[0].dimension != expected.dimension:
            message = f"the head “{m.head.text}” is in {own[0].code}, the contract says {expected.code}"
            raise UnitMismatch(_unit_problem(table, m, message, expected.code, own[0].code))
        return own[0], canonical
    line = _line_units(table, catalogue)
    fitting = [u for u in line if u.dimension == expected.dimension]
    if len({u.factor for u in fitting}) == 1 and not m.column.unit:
        return fitting[0], canonical
    if line and not fitting and not _line_serves_another(line, table, catalogue):
        shown = ", ".join(u.code for u in line)
        message = f"the unit line says {shown}, the contract says {expected.code} for “{m.column.printed}”"
        raise UnitMismatch(_unit_problem(table, m, message, expected.code, shown))
    return (fitting[0] if fitting and not m.column.unit else expected), canonical


def _line_units(table: Table, catalogue: Catalogue) -> list[Unit]:
    """The units of the line above the table, Chinese and English, which must have one in common."""
    lines = [(text, catalogue.units.of_line(text)) for _, _, text in table.block.front]
    chinese = [u for text, units in lines if is_unit_line(text) for u in units]
    english = [u for text, units in lines if not is_unit_line(text) for u in units]
    if chinese and english:
        values = {(u.dimension, u.factor) for u in english}
        if not any((u.dimension, u.factor) in values for u in chinese):
            zh, en = ", ".join(u.code for u in chinese), ", ".join(u.code for u in english)
            message = f"the unit line says {zh} in Chinese and {en} in English"
            raise UnitMismatch(Problem("units_disagree", message, expected=zh, found=en))
    return chinese or english


def _line_serves_another(line: list[Unit], table: Table, catalogue: Catalogue) -> bool:
    """Whether the unit line is that of other columns of the table: it may contradict this one then."""
    units = [catalogue.units.find(c.unit or "") for c in table.contract.at(table.year).columns]
    return any(u and u.dimension == printed.dimension for u in units for printed in line)


def _unit_problem(table: Table, m: Matched, message: str, expected: str, found: str) -> Problem:
    return Problem("units_disagree", message, a1(m.head.row, m.head.column), expected, found)


def _column(
    reading: Reading,
    sheet: Sheet,
    table: Table,
    m: Matched,
    unit: tuple[Unit, Unit] | None,
    rows: list[tuple[int, Label, str]],
    base: dict[str, Any],
    edition: str | None,
    catalogue: Catalogue,
    container: str,
) -> None:
    """The cells of one column below its head."""
    c = m.head.column
    period = m.period or table.contract.period or table.year
    values = [(r, label, sheet.value(r, c)) for r, label, _ in rows]
    if m.column.kind == "text" or unit is None:
        _text_cells(reading, sheet, m, values, base | {"edition": edition, "period": period})
        return
    printed, canonical = unit
    scale = factor(printed, canonical)
    numbers = [parse(v) for _, _, v in values]
    floor = table.contract.at(table.year).decimals
    shared = _shared_decimals(values, numbers, container)
    for (r, label, value), number in zip(values, numbers, strict=True):
        indicator, region = _key(table, m, label)
        cell = base | {
            "cell": a1(r, c),
            "raw": sheet.text(r, c),
            "indicator": indicator,
            "region": region,
            "period": period,
            "edition": edition,
        }
        if label.code is None or number is None:
            if value is not None and sheet.text(r, c).strip():
                _set_aside(reading, cell, label)
            continue
        decimals = max(number.decimals, shared, floor) if number.value is not None else 0
        reading.cells.append(
            cell
            | {
                "row": r,
                "column": c,
                "role": "value",
                "status": number.status,
                "note": number.note,
                "value": None if number.value is None else _scaled(number.value, scale, decimals),
                "unit": canonical.code,
                "published_unit": printed.code,
                "resolution": 10.0**-decimals * scale if number.value is not None else None,
            }
        )


def _scaled(value: float, scale: float, decimals: int) -> float:
    """In canonical units, without the dust that binary multiplication adds to what was printed."""
    return value if scale == 1 else round(value * scale, max(decimals + 8, 8))


def _key(table: Table, m: Matched, label: Label) -> tuple[str, str | None]:
    if table.contract.rows != "item":
        return m.column.indicator, label.code
    code = "" if label.code == "total" else (label.code or "")
    parts = m.column.indicator.replace("{item}", code).split(".")
    return ".".join(p for p in parts if p), "CN"


def _shared_decimals(values: list[tuple[int, Label, Value]], numbers: list[Number | None], container: str) -> int:
    """Digits after the point that a column is published with, where its container drops trailing zeros: number
    cells and HTML printings. Columns of computed floats (more than two decimals) have no such rule."""
    drops = [
        n.decimals
        for (_, _, v), n in zip(values, numbers, strict=True)
        if n and n.value is not None and (isinstance(v, float) or container == "html")
    ]
    return max(drops) if drops and max(drops) <= 2 else 0


def _text_cells(
    reading: Reading, sheet: Sheet, m: Matched, values: list[tuple[int, Label, Value]], base: dict[str, Any]
) -> None:
    c = m.head.column
    for r, label, value in values:
        if value is None or label.code is None:
            continue
        reading.cells.append(
            base
            | {
                "cell": a1(r, c),
                "row": r,
                "column": c,
                "role": "text",
                "raw": sheet.text(r, c).strip(),
                "indicator": m.column.indicator,
                "region": label.code,
                "status": "A",
            }
        )


def _set_aside(reading: Reading, cell: dict[str, Any], label: Label) -> None:
    """A cell that has no place in the marts as it stands, with the reason and what might mend it."""
    if label.code is None:
        reason, check = label.problem or "its row has no region", "label_unknown"
    else:
        reason, check = f"“{cell['raw']}” is not a number that highlands' grammar knows", "number_unreadable"
    reading.quarantine.append(cell | {"reason": reason, "suggestion": _suggestion(cell["raw"])})
    if check == "number_unreadable":
        reading.findings.append(
            {
                "check": check,
                "severity": "warning",
                "message": reason,
                **{
                    k: cell[k]
                    for k in ("table", "indicator", "region", "period", "edition", "document", "sheet", "cell")
                },
            }
        )


def _suggestion(raw: str) -> str | None:
    """What a damaged number may have been: common confusions of scanning undone, if a number results."""
    mended = raw.strip().translate(str.maketrans("OoIl|！!：:；;", "00111      "[:11])).replace(" ", "")
    number = parse_text(mended)
    return f"perhaps {mended}" if number and number.value is not None and mended != raw.strip() else None


def _finding(problem: Problem, base: dict[str, Any], edition: str | None, year: int | None) -> dict[str, Any]:
    return base | {
        "check": problem.check,
        "severity": problem.severity,
        "message": problem.message,
        "cell": problem.cell,
        "edition": edition,
        "period": year,
    }
