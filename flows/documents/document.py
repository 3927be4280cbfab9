"""One document: bytes read, its tables recognised and conformed. What it yields depends on nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from flows.reading import read
from transforms.catalogue import Catalogue
from transforms.column_units import UnitMismatch
from transforms.conform import Reading, conform
from transforms.contracts import title_key
from transforms.grid import Grid, Sheet, Unreadable, Unsettled, a1
from transforms.nearest import Near, nearest
from transforms.recognise import Failure, Problem, Table
from transforms.schema import SOURCE_CELL, frame
from transforms.statements import stated
from transforms.tables import Declared, find_tables

UNKNOWN = Problem("table_unknown", "a table of regions that no contract describes", severity="info")
CANDIDATE = SOURCE_CELL | {"contract": pl.String, "panel": pl.Boolean}


@dataclass
class DocumentResult:
    """What reading a document gave: its row of the document dimension, its cells, what was set aside, findings,
    and for untitled printings the cells under each candidate contract; whether another reading would give the same."""

    row: dict[str, Any]
    cells: pl.DataFrame
    quarantine: pl.DataFrame
    findings: pl.DataFrame
    candidates: pl.DataFrame
    content: str = ""
    settled: bool = True


def read_document(
    sha: str,
    data: bytes,
    catalogue: Catalogue,
    declared: Declared | None = None,
    reader: Callable[[bytes], Grid] = read,
) -> DocumentResult:
    """Read one document. Never raises for what is in the file: an unreadable or unknown one says so in its row
    (`outcome`, `reason`, `candidates`) and in findings. `reader` makes the grid and raises Unreadable only."""
    row: dict[str, Any] = {"document": sha, "bytes": len(data), "outcome": "unrecognised"}
    reading = Reading(sha)
    try:
        grid = reader(data)
    except Unreadable as error:
        row |= {"outcome": "unreadable", "reason": str(error)}
        reading.findings.append(_document_finding(sha, "document_unreadable", str(error)))
        return replace(_result(row, reading, [], ""), settled=not isinstance(error, Unsettled))
    row["container"] = grid.container
    candidates: list[tuple[Table, Reading]] = []
    failures: list[tuple[str, Failure]] = []
    for sheet in grid.sheets:
        _read_sheet(sheet, grid, reading, candidates, failures, catalogue, declared)
    _conclude(row, reading, candidates, failures, grid, catalogue)
    return _result(row, reading, candidates, _content(grid))


def _read_sheet(
    sheet: Sheet,
    grid: Grid,
    reading: Reading,
    candidates: list[tuple[Table, Reading]],
    failures: list[tuple[str, Failure]],
    catalogue: Catalogue,
    declared: Declared | None,
) -> None:
    found = find_tables(sheet, catalogue, declared)
    failures += [(sheet.name, failure) for failure in found.failures]
    for table in found.tables:
        problem = _conform(reading, sheet, table, catalogue, grid.container)
        if problem:
            failures.append((sheet.name, Failure(table.contract, table.block, (problem,))))
    for options in found.candidates:
        for table in options:
            part = Reading(reading.document)
            if _conform(part, sheet, table, catalogue, grid.container) is None:
                candidates.append((table, part))
    reading.cells += stated(sheet, reading.document, catalogue)
    failures += [(sheet.name, Failure(None, block, (UNKNOWN,))) for block in found.unknown]
    for failure in found.failures:
        for problem in failure.problems:
            reading.findings.append(_problem_row(problem, failure, reading.document, sheet.name))


def _conform(reading: Reading, sheet: Sheet, table: Table, catalogue: Catalogue, container: str) -> Problem | None:
    try:
        conform(reading, sheet, table, catalogue, container)
    except UnitMismatch as mismatch:
        failure = Failure(table.contract, table.block, (mismatch.problem,))
        reading.findings.append(_problem_row(mismatch.problem, failure, reading.document, sheet.name))
        return mismatch.problem
    return None


def _conclude(
    row: dict[str, Any],
    reading: Reading,
    candidates: list[tuple[Table, Reading]],
    failures: list[tuple[str, Failure]],
    grid: Grid,
    catalogue: Catalogue,
) -> None:
    """Outcome and reason of a readable document."""
    if reading.cells or reading.quarantine:
        tables = sorted({c["table"] for c in (*reading.cells, *reading.quarantine)})
        editions = sorted({c["edition"] for c in reading.cells if c["edition"]})
        periods = [c["period"] for c in reading.cells if c["period"]]
        row |= {
            "outcome": "read",
            "tables": " | ".join(tables),
            "edition": " | ".join(editions),
            "period": max(periods, default=None),
        }
        reading.quarantine += [_table_aside(sheet, failure, reading.document) for sheet, failure in failures]
        return
    if candidates:
        said = {title_key(v) for s in grid.sheets for row in s.rows[:5] for v in row if isinstance(v, str)}
        options = {t.contract.name: title_key(t.contract.body.get("caption", "-")) not in said for t, _ in candidates}
        names = sorted(options, key=lambda name: (options[name], name))
        row |= {
            "reason": "no title that a contract has: not yet known by its numbers; declare it with"
            " --as TABLE --year YEAR or give the workbook of the same table",
            "candidates": " | ".join(names),
        }
    elif told := [(sheet, f) for sheet, f in failures if f.problems != (UNKNOWN,)]:
        reasons = [
            f"sheet “{sheet}”, {f.contract.name if f.contract else 'no contract'}: {p.message}"
            for sheet, f in told
            for p in f.problems
        ]
        named = {f.contract.name for _, f in told if f.contract}
        row |= {"reason": "; ".join(reasons), "candidates": " | ".join(sorted(named))}
    else:
        near = nearest(grid, catalogue)
        row |= {"reason": _unrecognised(near), "candidates": " | ".join(each.contract for each in near)}
        reading.findings.append(
            _document_finding(reading.document, "document_unrecognised", row["reason"], "info")
        )


def _unrecognised(near: list[Near]) -> str:
    """Why no contract fits, and what to do."""
    draft = "`highlands inspect FILE --contract` drafts one"
    if not near:
        return f"no contract has such a title or such heads; {draft}"
    whole = next((each.contract for each in near if each.heads >= each.needed), None)
    declare = f"declare it with --as {whole} --year YEAR if that is what it is; " if whole else ""
    return f"no contract has such a title and such heads: {', '.join(each.why() for each in near)}; {declare}{draft}"


def _table_aside(sheet: str, failure: Failure, document: str) -> dict[str, Any]:
    """A whole table set aside from a document whose other tables are read."""
    block = failure.block
    return {
        "document": document,
        "sheet": sheet,
        "cell": a1(block.first, block.label_column) if block else None,
        "raw": f"table of {len(block.rows)} rows" if block else None,
        "reason": "; ".join(p.message for p in failure.problems),
        "suggestion": "`highlands inspect FILE` prints the line of the contract to change"
        if failure.contract
        else "`highlands inspect FILE --contract` drafts a contract",
        "table": failure.contract.table if failure.contract else None,
    }


def _problem_row(problem: Problem, failure: Failure, document: str, sheet: str) -> dict[str, Any]:
    expected = (
        f"; expected {problem.expected}" if problem.expected and problem.expected not in problem.message else ""
    )
    return {
        "check": problem.check,
        "severity": "error",
        "document": document,
        "sheet": sheet,
        "cell": problem.cell,
        "table": failure.contract.table if failure.contract else None,
        "message": problem.message + expected,
    }


def _document_finding(sha: str, check: str, reason: str, severity: str = "warning") -> dict[str, Any]:
    return {"check": check, "severity": severity, "document": sha, "message": reason}


def _content(grid: Grid) -> str:
    """Hash of what the sheets say, for telling a re-saved copy from a second printing."""
    said = repr([sheet.rows for sheet in grid.sheets]).encode("utf-8", "surrogatepass")
    return hashlib.sha256(said).hexdigest()


def _result(
    row: dict[str, Any], reading: Reading, candidates: list[tuple[Table, Reading]], content: str
) -> DocumentResult:
    cells, quarantine, found = reading.frames()
    parts = [
        part.frames()[0].with_columns(
            contract=pl.lit(table.contract.name), panel=pl.lit(bool(table.contract.panel))
        )
        for table, part in candidates
    ]
    pending = pl.concat(parts) if parts else frame(CANDIDATE)
    return DocumentResult(row, cells, quarantine, found, pending, content)
