"""Corrections as data: what a document says in a cell, what it shall be, why, and by what evidence.

An entry of data/corrections/*.yml:

    - document: 5c0f…             # sha256 of the file, or its first 12 digits or more;
      table: …  edition: …        # or, for every printing: table and edition
      sheet: …                    # optional
      cell: E12
      says: "368633!"             # exactly what stands there: a correction of anything else is refused
      shall_be: "3686332"         # in the printed unit and form
      why: …
      evidence: …

An applied correction has observation status I (imputed) and says in its note what stood there. One whose cell says
something else is an error; one whose document is not in the data waits. A whole document is set aside by

    - document: 5c0f…
      set_aside: true
      why: …
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from transforms.numbers import parse_text
from transforms.schema import SOURCE_CELL, findings

PREFIX = 12


@dataclass(frozen=True)
class Corrected:
    """Cells, quarantine and findings after the corrections; `places` (document, sheet, cell) were corrected."""

    cells: pl.DataFrame
    quarantine: pl.DataFrame
    findings: pl.DataFrame
    places: pl.DataFrame


def checked(entry: dict[str, Any]) -> dict[str, Any]:
    """A correction as it was given. Raises ValueError for one that does not say which cell, of which document or
    printings, says what, shall be what, why, and by what evidence; or which document is set aside, and why."""
    needs = ("document", "why") if entry.get("set_aside") else ("cell", "says", "shall_be", "why", "evidence")
    if missing := [key for key in needs if key not in entry]:
        raise ValueError(f"a correction lacks {', '.join(missing)}: {entry}")
    if sha := entry.get("document"):
        if len(str(sha)) < PREFIX:
            raise ValueError(f"a correction's document needs {PREFIX} digits or more: {sha}")
    elif not (entry.get("table") and entry.get("edition")):
        raise ValueError(f"a correction names a document, or a table and an edition: {entry}")
    return entry


def set_aside(document: str, corrections: Sequence[Mapping[str, Any]]) -> str | None:
    """Why a document is set aside, if it is."""
    for entry in corrections:
        if entry.get("set_aside") and document.startswith(str(entry["document"])):
            return str(entry["why"])
    return None


def correct(cells: pl.DataFrame, quarantine: pl.DataFrame, corrections: Sequence[Mapping[str, Any]]) -> Corrected:
    """Apply the corrections, each as `checked`."""
    found: list[dict[str, Any]] = []
    mended: list[dict[str, Any]] = []
    for entry in corrections:
        if entry.get("set_aside"):  # before anything is put together: flows/documents/collect.py
            continue
        targets = _targets(cells, quarantine, entry)
        for target in targets:
            outcome = _mend(target, cells, entry)
            (mended if "value" in outcome else found).append(outcome)
        if not targets and _present(cells, quarantine, entry):
            found.append(_stale(_named(entry), entry, "there is no such cell in it"))
    rows = pl.DataFrame(mended, schema=SOURCE_CELL, orient="row")
    places = rows.select("document", "sheet", "cell")
    kept = cells.join(places, on=places.columns, how="anti", nulls_equal=True, maintain_order="left")
    return Corrected(
        pl.concat([kept, rows]),
        quarantine.join(places, on=places.columns, how="anti", nulls_equal=True, maintain_order="left"),
        findings([*found, *(_applied(row) for row in mended)]),
        places,
    )


def _where(entry: Mapping[str, Any]) -> pl.Expr:
    """The rows of the document that a correction names."""
    if entry.get("document"):
        return pl.col("document").str.starts_with(str(entry["document"]))
    return (pl.col("table") == entry["table"]) & (pl.col("edition") == entry["edition"])


def _targets(cells: pl.DataFrame, quarantine: pl.DataFrame, entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    place = _where(entry) & (pl.col("cell") == entry["cell"])
    if entry.get("sheet"):
        place &= pl.col("sheet") == entry["sheet"]
    read = cells.filter(place & (pl.col("role") == "value")).to_dicts()
    aside = quarantine.filter(place).to_dicts()
    return [row for row in (*read, *aside) if _saying(row, entry) or not entry.get("table")]


def _saying(row: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    return (row["raw"] or "").strip() == str(entry["says"] or "").strip()


def _present(cells: pl.DataFrame, quarantine: pl.DataFrame, entry: Mapping[str, Any]) -> bool:
    return not cells.filter(_where(entry)).is_empty() or not quarantine.filter(_where(entry)).is_empty()


def _mend(row: Mapping[str, Any], cells: pl.DataFrame, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The corrected SOURCE_CELL row, or the finding that says why there is none."""
    if not _saying(row, entry):
        return _stale(row, entry, f"it says “{row['raw'] or ''}” now")
    number = parse_text(str(entry["shall_be"]))
    if number is None or number.value is None:
        return _stale(row, entry, f"“{entry['shall_be']}” is no number")
    model = _neighbours(cells, row)
    if row.get("unit") is None and model.is_empty():
        return _stale(row, entry, "no other number of its column says what unit it is in")
    like = dict(row) if row.get("unit") else model.row(0, named=True)
    factor = float(model["factor"].median()) if model.height else 1.0  # type: ignore[arg-type]
    place = re.fullmatch(r"([A-Z]+)([0-9]+)", row["cell"])
    if place is None:
        return _stale(row, entry, f"{row['cell']} is no address of a cell")
    base = {name: row.get(name) for name in SOURCE_CELL}
    return base | {
        "row": int(place[2]) - 1,
        "column": _column(place[1]),
        "role": "value",
        "value": number.value * factor,
        "unit": like["unit"],
        "published_unit": like["published_unit"],
        "resolution": 10.0**-number.decimals * factor,
        "status": "I",
        "note": f"“{row['raw'] or ''}” shall be {entry['shall_be']}: {entry['why']} ({entry['evidence']})",
    }


def _neighbours(cells: pl.DataFrame, row: Mapping[str, Any]) -> pl.DataFrame:
    """The other numbers of the row's column, with canonical units in one printed unit."""
    printed = pl.col("raw").str.replace_all(r"[,\s]", "").cast(pl.Float64, strict=False)
    return cells.filter(
        pl.col("document") == row["document"],
        pl.col("sheet").eq_missing(pl.lit(row["sheet"], pl.String)),
        pl.col("indicator") == row["indicator"],
        pl.col("cell") != row["cell"],
        pl.col("value") != 0,
        printed != 0,
    ).with_columns(factor=pl.col("value") / printed)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


_KEYS = ("table", "region", "indicator", "period", "edition", "document", "sheet", "cell")


def _named(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: entry.get(name) for name in _KEYS}


def _stale(row: Mapping[str, Any], entry: Mapping[str, Any], why: str) -> dict[str, Any]:
    text = f"a correction of {entry['cell']} from “{entry['says']}” to {entry['shall_be']} was not applied: {why}"
    return {name: row.get(name) for name in _KEYS} | {"check": "correction_stale", "message": text}


def _applied(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in _KEYS} | {
        "check": "correction_applied",
        "severity": "info",
        "acknowledged": True,
        "message": row["note"],
        "reason": row["note"],
    }
