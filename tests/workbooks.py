"""Writers of every container that is read: for tests, and for keying sources of the project's own.

A sheet is (name, rows, merged): rows of text, numbers or None, merged areas as (top, left, bottom, right),
0-based, inclusive.
"""

from __future__ import annotations

import csv
import hashlib
import io
import struct
from collections.abc import Iterable, Sequence
from html import escape

import msoffcrypto
import openpyxl
import xlwt
from cryptography.hazmat.primitives.ciphers import Cipher
from msoffcrypto.method import rc4
from openpyxl.utils import get_column_letter
from xlwt.CompoundDoc import XlsDoc

from flows.reading.biff import BLOCK, BOUNDSHEET, FILEPASS, PLAIN, records

Cell = str | float | int | bool | None
Area = tuple[int, int, int, int]
Page = tuple[Sequence[tuple[float, float, str]], Sequence[tuple[float, float, float, float]]]
SheetLike = tuple[str, Sequence[Sequence[Cell]], Sequence[Area]]

DEFAULT_PASSWORD = "VelvetSweatshop"
SALT = bytes(range(16))
VERIFIER = bytes(range(16, 32))


def xls(sheets: Iterable[SheetLike]) -> bytes:
    """A binary workbook (BIFF8)."""
    book = xlwt.Workbook(encoding="utf-8")
    for name, rows, merged in sheets:
        sheet = book.add_sheet(name)
        for top, left, bottom, right in merged:
            sheet.merge(top, bottom, left, right)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value not in (None, ""):
                    sheet.write(number, column, value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def xlsx(sheets: Iterable[SheetLike]) -> bytes:
    """An OOXML workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows, merged in sheets:
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                if value not in (None, ""):
                    sheet.cell(number, column, value)
        for top, left, bottom, right in merged:
            last = f"{get_column_letter(right + 1)}{bottom + 1}"
            sheet.merge_cells(f"{get_column_letter(left + 1)}{top + 1}:{last}")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def encrypt_xlsx(data: bytes, password: str = DEFAULT_PASSWORD) -> bytes:
    """An OOXML workbook behind a password (agile encryption)."""
    file = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(data)).encrypt(password, file)
    return file.getvalue()


def encrypt_xls(data: bytes, password: str = DEFAULT_PASSWORD) -> bytes:
    """A binary workbook behind a password (RC4, MS-XLS 2.2.10): FILEPASS after the first BOF, the rest encrypted.

    Salt and verifier are fixed, so that the same workbook gives the same bytes.
    """
    office = msoffcrypto.OfficeFile(io.BytesIO(data))
    filepass = _filepass(password)
    stream = _with_filepass(office.ole.openstream("Workbook").read(), filepass)
    cipher = b"".join(
        _rc4(password, SALT, block, stream[at : at + BLOCK])
        for block, at in enumerate(range(0, len(stream), BLOCK))
    )
    encrypted = bytearray(cipher)
    for at, kind, size in records(stream):
        kept = 4 + (size if kind in PLAIN else 4 if kind == BOUNDSHEET else 0)
        encrypted[at : at + kept] = stream[at : at + kept]
    file = io.BytesIO()
    XlsDoc().save(file, bytes(encrypted))
    return file.getvalue()


def html_page(
    table: Sequence[Sequence[Cell]],
    merged: Sequence[Area] = (),
    *,
    above: Sequence[str] = (),
    below: Sequence[str] = (),
    encoding: str = "utf-8",
) -> bytes:
    """A page in the form of the publisher's printings: blank lines, text blocks, one table, text blocks."""
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in merged}
    covered = {
        (row, column)
        for top, left, bottom, right in merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
    lines = ["", "", "", "<html>", f"<head>{meta}</head>", "<body>"]
    lines += [*(f"<div>{escape(text)}</div>" for text in above), '<table class="tb">']
    for number, row in enumerate(table):
        cells = []
        for column, value in enumerate(row):
            if (number, column) in covered:
                continue
            down, across = spans.get((number, column), (1, 1))
            span = f' rowspan="{down}"' * (down > 1) + f' colspan="{across}"' * (across > 1)
            text = "&nbsp;" if value is None else escape(str(value)).replace("\n", "<br>")
            cells.append(f"<td{span}>{text}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines += ["</table>", *(f"<div>{escape(text)}</div>" for text in below), "</body>", "</html>", ""]
    return "\n".join(lines).encode(encoding)


def csv_bytes(
    rows: Iterable[Sequence[Cell]],
    encoding: str = "utf-8",
    delimiter: str = ",",
    *,
    bom: bool = False,
    errors: str = "strict",
) -> bytes:
    """Delimited text; `bom` puts a byte order mark before it."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return ("\ufeff" * bom + text.getvalue()).encode(encoding, errors)


def pdf(pages: Iterable[Page]) -> bytes:
    """A PDF of A4 pages (texts, rules): texts as (x, y, text), rules as (x0, y0, x1, y1), y from the top.

    Chinese is set in a font that readers know by name, so that nothing is embedded.
    """
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        b" /DescendantFonts [5 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
        b" /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /Ascent 880 /Descent -120"
        b" /FontBBox [0 -120 1000 880] /CapHeight 700 /ItalicAngle 0 /StemV 80 >> >>",
    ]
    kids = []
    for texts, rules in pages:
        drawn = [f"{x0} {842 - y0} m {x1} {842 - y1} l S".encode() for x0, y0, x1, y1 in rules]
        drawn += [_shown(x, 842 - y, text) for x, y, text in texts]
        content = b"\n".join(drawn)
        bodies.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        kids.append(len(bodies) + 1)
        bodies.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % len(bodies)
        )
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    bodies[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), listed)
    return _numbered(bodies)


def _shown(x: float, y: float, text: str) -> bytes:
    try:
        escaped = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        return b"BT /F1 10 Tf %.1f %.1f Td (%s) Tj ET" % (x, y, escaped)
    except UnicodeEncodeError:
        return b"BT /F2 10 Tf %.1f %.1f Td <%s> Tj ET" % (x, y, text.encode("utf-16-be").hex().encode())


def _numbered(bodies: Sequence[bytes]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start)
    return bytes(out)


def _rc4(password: str, salt: bytes, block: int, data: bytes) -> bytes:
    # The key derivation is private to msoffcrypto; so is the place of ARC4 in cryptography, which it settles.
    return Cipher(rc4.ARC4(rc4._makekey(password, salt, block)), mode=None).encryptor().update(data)


def _filepass(password: str) -> bytes:
    verifier = _rc4(password, SALT, 0, VERIFIER + hashlib.md5(VERIFIER).digest())
    body = struct.pack("<HHH", 1, 1, 1) + SALT + verifier
    return struct.pack("<HH", FILEPASS, len(body)) + body


def _with_filepass(stream: bytes, filepass: bytes) -> bytes:
    """The stream with the record after its first BOF, and the sheets' offsets moved by as much."""
    out = bytearray(stream)
    for at, kind, _ in records(stream):
        if kind == BOUNDSHEET:
            (begins,) = struct.unpack_from("<I", stream, at + 4)
            struct.pack_into("<I", out, at + 4, begins + len(filepass))
    (size,) = struct.unpack_from("<H", stream, 2)
    return bytes(out[: 4 + size]) + filepass + bytes(out[4 + size :])
