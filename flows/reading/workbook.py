"""Workbooks to grids: xls, xlsx, xlsb and ods through calamine, encrypted ones through msoffcrypto first.

Values only: formulas and macros are never looked at, a formula's cell gives the value it was saved with.
"""

from __future__ import annotations

import datetime
import io
import math
import re
import zipfile

import msoffcrypto
import python_calamine

from flows.reading.biff import decrypted_xls
from flows.reading.errors import error_cells
from flows.reading.limits import check_cells, check_directory, check_expansion, check_sheets, trimmed
from transforms.grid import Grid, Sheet, Unreadable, Value

EVERY_EXCEL_TRIES = "VelvetSweatshop"
"""the password with which Excel encrypts a merely protected workbook, and that every Excel tries by itself"""
ADDRESS = re.compile(r"\s*(?:https?://|www\.)\S+\s*", re.IGNORECASE)


def read_workbook(data: bytes, container: str) -> Grid:
    """All sheets that hold anything, at true coordinates.

    Numbers become float, text stays as it is, booleans TRUE/FALSE, dates ISO text. Raises Unreadable for a
    password other than Excel's own and for damage.
    """
    if container.endswith("-encrypted"):
        data = decrypted(data, container)
    if data.startswith(b"PK"):
        _check_parts(data)
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as book:
            check_sheets(len(book.sheet_names))
            errors = error_cells(data)
            sheets = tuple(
                _sheet(book.get_sheet_by_name(meta.name), errors.get(index, {}))
                for index, meta in enumerate(book.sheets_metadata)
                if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
            )
    except python_calamine.PasswordError as error:
        raise Unreadable("encrypted with a password of its own: open it and save it without one") from error
    except (python_calamine.CalamineError, OSError) as error:
        raise Unreadable(f"a truncated or damaged workbook ({error}): fetch it again") from error
    check_cells(sum(sheet.height * sheet.width for sheet in sheets))
    kept = tuple(sheet for sheet in sheets if not _is_empty(sheet))
    if not kept:
        raise Unreadable("the workbook has no cell with anything in it: fetch it again")
    return Grid(container, kept)


def decrypted(data: bytes, container: str) -> bytes:
    """The workbook behind Excel's default password. Raises Unreadable when it has another one."""
    try:
        if container == "xls-encrypted":
            return decrypted_xls(data, EVERY_EXCEL_TRIES)
        plain = io.BytesIO()
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        office.load_key(password=EVERY_EXCEL_TRIES)
        office.decrypt(plain)
        return plain.getvalue()
    except msoffcrypto.exceptions.InvalidKeyError as error:
        raise Unreadable("encrypted with a password of its own: open it and save it without one") from error
    except Exception as error:
        raise Unreadable(f"an encrypted workbook that cannot be opened ({error}): fetch it again") from error


def _check_parts(data: bytes) -> None:
    check_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            check_expansion((part.filename, part.compress_size, part.file_size) for part in parts.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable(f"a truncated or damaged workbook ({error}): fetch it again") from error


def _sheet(sheet: python_calamine.CalamineSheet, errors: dict[tuple[int, int], str]) -> Sheet:
    check_cells(sheet.total_height * sheet.total_width)
    cells = [[_value(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), text in errors.items():
        if row < len(cells) and column < len(cells[row]):
            cells[row][column] = text
    rows = trimmed(cells)
    areas = sheet.merged_cell_ranges or ()
    merged = sorted((top, left, bottom, right) for (top, left), (bottom, right) in areas)
    return Sheet(sheet.name, rows, tuple(merged))


def _value(cell: object) -> Value:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else str(cell)
    if isinstance(cell, datetime.date | datetime.datetime | datetime.time):
        return cell.isoformat()
    return None if cell is None else str(cell)


def _is_empty(sheet: Sheet) -> bool:
    """Nothing in it, or only the address that an aggregator leaves in a sheet of its own (`CNKI`)."""
    filled = [cell for row in sheet.rows for cell in row if cell is not None and str(cell).strip()]
    return not filled or (len(filled) == 1 and bool(ADDRESS.fullmatch(str(filled[0]))))
