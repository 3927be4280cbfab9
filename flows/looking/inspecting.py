"""What the program sees in one file, touching nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flows.declarations import Declarations
from flows.documents.document import DocumentResult, read_document
from flows.documents.given import Given, Problem, expand
from flows.looking.mending import patch
from flows.reading import read
from transforms.grid import Sheet, Unreadable, a1
from transforms.layout import region_blocks
from transforms.recognise import Failure
from transforms.tables import find_tables
from transforms.titles import years_in


def inspect(path: Path, declarations: Declarations) -> list[dict[str, Any]]:
    """One description for each document in a file (several in an archive). Raises FileNotFoundError."""
    problems: list[Problem] = []
    described = [_describe(given, declarations) for given in expand([path], problems)]
    described += [{"name": p.path, "outcome": "unreadable", "reason": p.reason} for p in problems]
    return described


def _describe(given: Given, declarations: Declarations) -> dict[str, Any]:
    catalogue = declarations.catalogue
    declared = (given.declared["table"], given.declared["year"]) if given.declared else None
    sha = hashlib.sha256(given.data).hexdigest()
    result = read_document(sha, given.data, catalogue, declared)
    shown: dict[str, Any] = {"name": given.name, "document": sha} | {
        k: result.row.get(k) for k in ("container", "bytes", "outcome", "tables", "edition", "period", "reason")
    }
    candidates = result.row.get("candidates")
    shown["candidates"] = candidates.split(" | ") if candidates else []
    shown["cells"] = result.cells.height
    shown["quarantined"] = result.quarantine.height
    shown["findings"] = _findings(result)
    try:
        grid = read(given.data, given.name)
    except Unreadable:
        return shown | {"sheets": []}
    shown["sheets"] = [_sheet(sheet, declarations, declared) for sheet in grid.sheets]
    return shown


def _findings(result: DocumentResult) -> list[dict[str, Any]]:
    return result.findings.select("check", "severity", "sheet", "cell", "message").to_dicts()


def _sheet(sheet: Sheet, declarations: Declarations, declared: tuple[str, int] | None) -> dict[str, Any]:
    catalogue = declarations.catalogue
    found = find_tables(sheet, catalogue, declared)
    blocks = region_blocks(sheet, catalogue.regions.known)
    return {
        "sheet": sheet.name,
        "rows": sheet.height,
        "columns": sheet.width,
        "blocks": [
            {
                "area": f"{a1(b.first, b.label_column)}:{a1(b.last, max((h.column for h in b.heads), default=0))}",
                "above": [text for _, _, text in b.front][-6:],
                "heads": {a1(h.row, h.column): h.text for h in b.heads},
            }
            for b in blocks
        ],
        "tables": [
            {"table": t.contract.table, "contract": t.contract.name, "year": t.year, "title": t.title}
            for t in found.tables
        ],
        "failures": [_failure(f, declarations) for f in found.failures],
    }


def _failure(failure: Failure, declarations: Declarations) -> dict[str, Any]:
    contract = failure.contract
    stated = [y for _, _, text in failure.block.front for y in years_in(text)] if failure.block else []
    return {
        "contract": contract.name if contract else None,
        "problems": [
            {"check": p.check, "cell": p.cell, "expected": p.expected, "found": p.found, "message": p.message}
            for p in failure.problems
        ],
        "patch": patch(failure, declarations.paths[contract.name], max(stated, default=None))
        if contract
        else None,
    }
