"""Recognised tables as long cells: regions and periods as codes, numbers in canonical units, the rest set aside.

Grain of the result: one row a cell of the table's body. Nothing in the body is dropped: a cell is in `cells`
(a number, a published symbol, or the text of a text column) or in `quarantine` with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl

from transforms.catalogue import Catalogue
from transforms.column_units import column_unit, has_item_units, item_units
from transforms.contracts import filled
from transforms.grid import Sheet, Value, a1
from transforms.labels import labelled
from transforms.numbers import Number, parse, parse_text
from transforms.recognise import Matched, Problem, Table
from transforms.schema import QUARANTINE, SOURCE_CELL, findings, frame
from transforms.units import Unit, factor

PERCENT = "percent"
"""The unit whose sign may stand behind each number, too."""


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
        return pl.DataFrame(columns, schema=SOURCE_CELL), frame(QUARANTINE, self.quarantine), findings(self.findings)


class Row(NamedTuple):
    """A labelled row: where it is, the code it has (None: why not), its period and edition."""

    row: int
    code: str | None
    problem: str | None
    period: int | None
    edition: str | None


def conform(reading: Reading, sheet: Sheet, table: Table, catalogue: Catalogue, container: str) -> None:
    """Add a table's cells to a reading. Raises UnitMismatch when its units contradict; the reading is then
    unchanged."""
    units = {
        m.column.indicator: column_unit(m, table, catalogue)
        for m in table.columns
        if _is_number(m) and not has_item_units(table)
    }
    of_items = item_units(sheet, table, catalogue)
    base = {"document": reading.document, "sheet": sheet.name, "table": table.contract.table}
    rows = list(_rows(reading, sheet, table, catalogue, base))
    for problem in table.problems:
        reading.findings.append(_problem_finding(problem, table, base, rows))
    _strays(reading, sheet, table, rows, base)
    if labels := table.contract.body.get("label_indicator"):
        about = [row._replace(code="CN") for row in rows] if table.contract.rows == "item" else rows
        reading.cells += _text_cells(sheet, table.block.label_column, labels, about, base)
    for m in table.columns:
        if m.column.kind == "text":
            reading.cells += _text_cells(sheet, m.head.column, m.column.indicator, rows, base)
        elif m.column.kind == "period":
            reading.cells += _row_periods(sheet, m, rows, base)
        else:
            given = units.get(m.column.indicator)
            of_rows = [given or of_items[row.code or ""] for row in rows]
            _numbers(reading, sheet, table, m, of_rows, rows, base, container)
            reading.cells += _head_period(sheet, m, base, rows)


def _is_number(m: Matched) -> bool:
    return m.column.kind in ("number", "rank")


def _rows(
    reading: Reading, sheet: Sheet, table: Table, catalogue: Catalogue, base: dict[str, Any]
) -> Iterator[Row]:
    """The rows with codes, periods and editions; labels that say something odd become findings."""
    stated = next((m.head.column for m in table.columns if m.column.kind == "period"), None)
    for r, label, shown in labelled(sheet, table, catalogue):
        year = table.year
        if stated is not None:
            number = parse(sheet.value(r, stated))
            year = int(number.value) if number and number.value else None
        edition = catalogue.edition(table.contract, year) if year else None
        if label.problem or label.misprint:
            reading.findings.append(base | {
                "check": "label_unknown" if label.problem else "label_misprint",
                "severity": ("error" if shown else "info") if label.problem else "info",
                "region": label.code,
                "period": year,
                "message": label.problem or label.misprint,
                "cell": a1(r, table.block.label_column),
                "edition": edition,
            })
        if table.contract.rows == "year":
            yield Row(r, "CN" if label.code else None, label.problem, int(label.code or 0) or None, edition)
        else:
            yield Row(r, label.code, label.problem, table.contract.period or year, edition)


def _numbers(
    reading: Reading, sheet: Sheet, table: Table, m: Matched, units: list[tuple[Unit, Unit]], rows: list[Row],
    base: dict[str, Any], container: str,
) -> None:
    """The cells of one column of numbers; `units` are the printed and canonical one of each row."""
    c = m.head.column
    values = [sheet.value(row.row, c) for row in rows]
    numbers = [parse(_plain(value, printed)) for value, (printed, _) in zip(values, units, strict=True)]
    least = max(_shared_decimals(values, numbers, container), table.contract.at(table.year).decimals)
    for row, value, number, (printed, canonical) in zip(rows, values, numbers, units, strict=True):
        indicator, region = _key(table, m, row.code)
        cell = {
            **base, "cell": a1(row.row, c), "raw": sheet.text(row.row, c), "indicator": indicator, "region": region,
            "period": m.period or row.period, "edition": row.edition,
        }
        if row.code is None or number is None:
            if value is not None and cell["raw"].strip():
                _set_aside(reading, cell, row)
        else:
            cell.update(
                row=row.row, column=c, role="value", unit=canonical.code, published_unit=printed.code,
                **_measured(number, least, factor(printed, canonical)),
            )
            reading.cells.append(cell)


def _plain(value: Value, printed: Unit) -> Value:
    """A value without the sign that its unit says already."""
    if printed.code != PERCENT or not isinstance(value, str):
        return value
    return value.strip().removesuffix("%").removesuffix("％")


def _measured(number: Number, least_decimals: int, scale: float) -> dict[str, Any]:
    """Value and resolution in canonical units, without the dust that binary multiplication adds."""
    if number.value is None:
        return {"value": None, "resolution": None, "status": number.status, "note": number.note}
    decimals = max(number.decimals, least_decimals)
    value = number.value if scale == 1 else round(number.value * scale, decimals + 8)
    return {"value": value, "resolution": 10.0**-decimals * scale, "status": number.status, "note": number.note}


def _shared_decimals(values: list[Value], numbers: list[Number | None], container: str) -> int:
    """Digits after the point that a column is published with, where its container drops trailing zeros: number
    cells and HTML printings. Nine numbers in ten keep theirs; what a few have beyond the half of the column is a
    slip. Columns of computed floats (more than two decimals) have no such rule."""
    kept = sorted(
        number.decimals for value, number in zip(values, numbers, strict=True)
        if number and number.value is not None and (isinstance(value, float) or container == "html")
    )
    shared = kept[len(kept) // 2] if kept else 0
    return shared if shared <= 2 else 0


def _key(table: Table, m: Matched, code: str | None) -> tuple[str, str | None]:
    """(indicator, region) of a cell: an item fills the indicator's template, every other label is the region."""
    if table.contract.rows != "item":
        return m.column.indicator, code
    return filled(m.column.indicator, code), "CN"


def _strays(reading: Reading, sheet: Sheet, table: Table, rows: list[Row], base: dict[str, Any]) -> None:
    """Set aside what stands beside the table, under no head."""
    of = {row.row: row for row in rows}
    for r, c in table.block.strays:
        cell = base | {"cell": a1(r, c)}
        if row := of.get(r):
            cell |= {"region": row.code, "period": row.period, "edition": row.edition}
        reason = f"“{sheet.text(r, c).strip()}” stands in a column without a head"
        reading.quarantine.append(cell | {"raw": sheet.text(r, c), "reason": reason})
        reading.findings.append(cell | {"check": "cell_without_head", "severity": "warning", "message": reason})


def _text_cells(
    sheet: Sheet, c: int, indicator: str, rows: list[Row], base: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    for row in rows:
        text = sheet.text(row.row, c).strip()
        if text and row.code is not None:
            yield base | {
                "cell": a1(row.row, c), "row": row.row, "column": c, "role": "text", "raw": text,
                "indicator": indicator, "region": row.code, "period": row.period, "edition": row.edition,
                "status": "A",
            }


def _row_periods(sheet: Sheet, m: Matched, rows: list[Row], base: dict[str, Any]) -> Iterator[dict[str, Any]]:
    c = m.head.column
    for row in rows:
        yield base | {
            "cell": a1(row.row, c), "row": row.row, "column": c, "role": "period", "raw": sheet.text(row.row, c),
            "region": row.code, "period": row.period, "edition": row.edition, "status": "A",
        }


def _head_period(sheet: Sheet, m: Matched, base: dict[str, Any], rows: list[Row]) -> Iterator[dict[str, Any]]:
    """A head that is a year and stands in a number cell is a number that was read, too."""
    r, c = m.head.row, m.head.column
    if m.period and isinstance(sheet.value(r, c), float):
        yield base | {
            "cell": a1(r, c), "row": r, "column": c, "role": "period", "raw": sheet.text(r, c),
            "period": m.period, "edition": rows[0].edition if rows else None, "status": "A",
        }


def _set_aside(reading: Reading, cell: dict[str, Any], row: Row) -> None:
    """A cell that has no place in the marts as it stands, with the reason and what might mend it."""
    if row.code is None:
        reading.quarantine.append(cell | {"reason": row.problem or "its row has no label", "suggestion": None})
        return
    reason = f"“{cell['raw']}” is no number in the grammar of published numbers"
    reading.quarantine.append(cell | {"reason": reason, "suggestion": _suggestion(cell["raw"])})
    named = {key: cell[key] for key in cell if key != "raw"}
    reading.findings.append(named | {"check": "number_unreadable", "severity": "warning", "message": reason})


def _suggestion(raw: str) -> str | None:
    """What a damaged number may have been: what scanning confuses undone, if most of it is a number then."""
    mended = "".join(c for c in raw.translate(str.maketrans("OoIl|", "00111")) if c in "0123456789.-")
    number = parse_text(mended) if len(mended) * 2 > len(raw.strip()) else None
    return f"perhaps {mended}" if number and number.value is not None and mended != raw.strip() else None


def _problem_finding(problem: Problem, table: Table, base: dict[str, Any], rows: list[Row]) -> dict[str, Any]:
    return base | {
        "check": problem.check, "severity": problem.severity, "message": problem.message, "cell": problem.cell,
        "edition": rows[0].edition if rows else None, "period": table.year,
    }
