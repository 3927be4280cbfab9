"""Error values of a workbook (`#REF!`, `#DIV/0!`): calamine gives them as empty cells, which would lose them.

A number that its maker's spreadsheet could not compute must be set aside later, so its cell has to say so.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator

import olefile
from lxml import etree

from flows.reading.biff import BOUNDSHEET, records
from transforms.grid import Unreadable

Errors = dict[int, dict[tuple[int, int], str]]
"""by index of the sheet in its workbook: (row, column) -> the error's text"""

TEXTS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
BOF, BOOLERR, FORMULA = 0x809, 0x205, 0x06
# What the two records look like that carry an error; most workbooks have none, and are walked no further.
BIFF_ERROR = re.compile(rb"\x05\x02\x08\x00.{7}\x01|\x06\x00.{8}\x02.[\x00-\x2a].{3}\xff\xff", re.DOTALL)
XML_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
XLSB_ERRORS = frozenset({3, 11})
"""BrtCellError, BrtFmlaError"""
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def error_cells(data: bytes) -> Errors:
    """The error values of a plain (decrypted) xls or xlsx.

    Raises Unreadable for an xlsb that holds any: it has to be saved as .xlsx.
    """
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if "xl/workbook.bin" in parts.namelist():
                _refuse_xlsb_errors(parts)
            return _xlsx_errors(parts) if "xl/workbook.xml" in parts.namelist() else {}
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        stream = ole.openstream("Workbook").read() if ole.exists("Workbook") else b""
    return _xls_errors(stream) if BIFF_ERROR.search(stream) else {}


def _xls_errors(stream: bytes) -> Errors:
    begins: dict[int, int] = {}
    errors: Errors = {}
    sheet = -1
    for at, kind, size in records(stream):
        body = at + 4
        if kind == BOUNDSHEET and size >= 4:
            begins[struct.unpack_from("<I", stream, body)[0]] = len(begins)
        elif kind == BOF:
            sheet = begins.get(at, sheet)
        elif (code := _error_code(kind, stream[body : body + size])) is not None:
            row, column = struct.unpack_from("<HH", stream, body)
            errors.setdefault(sheet, {})[row, column] = TEXTS.get(code, "#ERROR!")
    return errors


def _error_code(kind: int, body: bytes) -> int | None:
    if kind == BOOLERR and len(body) >= 8 and body[7] == 1:
        return body[6]
    if kind == FORMULA and len(body) >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff":
        return body[8]
    return None


def _xlsx_errors(parts: zipfile.ZipFile) -> Errors:
    names = set(parts.namelist())
    errors: Errors = {}
    for index, part in enumerate(_sheet_parts(parts)):
        content = parts.read(part) if part in names else b""
        if XML_ERROR.search(content):
            errors[index] = dict(_xml_errors(content))
    return errors


def _sheet_parts(parts: zipfile.ZipFile) -> list[str]:
    """The part of each sheet, in the workbook's order."""
    targets = {
        link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target") or "")).lstrip("/")
        for link in _elements(parts.read("xl/_rels/workbook.xml.rels"), "Relationship")
    }
    sheets = _elements(parts.read("xl/workbook.xml"), "sheet")
    keys = [next((value for key, value in sheet.items() if key.endswith("}id")), "") for sheet in sheets]
    return [targets.get(key, "") for key in keys]


def _xml_errors(content: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    row = column = -1
    for element in _elements(content, "row", "c"):
        stated = element.get("r") or ""
        if str(element.tag).endswith("row"):
            row, column = int(stated) - 1 if stated.isdigit() else row + 1, -1
            continue
        column += 1
        if found := REFERENCE.fullmatch(stated):
            column = 0
            for letter in found[1]:
                column = column * 26 + ord(letter) - 64
            row, column = int(found[2]) - 1, column - 1
        if element.get("t") == "e":
            yield (row, column), "".join(str(piece) for piece in element.itertext()).strip() or "#ERROR!"


def _elements(content: bytes, *names: str) -> list[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
    root = etree.fromstring(content, parser)
    return [] if root is None else list(root.iter(*(f"{{*}}{name}" for name in names)))


def _refuse_xlsb_errors(parts: zipfile.ZipFile) -> None:
    for name in parts.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".bin") and _has_xlsb_error(parts.read(name)):
            raise Unreadable("an .xlsb workbook with error values in its cells: open it and save it as .xlsx")


def _has_xlsb_error(content: bytes) -> bool:
    at = 0
    while at < len(content):
        kind, at = _varint(content, at, 2, shift=8)
        size, at = _varint(content, at, 4, shift=7)
        if kind in XLSB_ERRORS:
            return True
        at += size
    return False


def _varint(content: bytes, at: int, most: int, shift: int) -> tuple[int, int]:
    """A record's type (whole bytes, shift 8) or size (7 bits a byte) and where the next thing begins."""
    value = 0
    for place in range(most):
        byte = content[at] if at < len(content) else 0
        at += 1
        value |= (byte if shift == 8 else byte & 0x7F) << (shift * place)
        if not byte & 0x80:
            break
    return value, at
