"""What a file is, told by its bytes and never by its name.

Of the 239 published workbooks whose name ends in `.xls`, 17 are HTML pages and 190 are encrypted.
"""

from __future__ import annotations

import io
import re
import zipfile

import olefile

from flows.reading.biff import is_encrypted
from flows.reading.limits import check_directory
from transforms.grid import Unreadable

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BM", "a picture (BMP)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"{\\rtf", "a Word document (RTF)"),
    (b"Rar!\x1a\x07", "an archive (RAR)"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)"),
    (b"\x1f\x8b", "an archive (gzip)"),
    (b"BZh", "an archive (bzip2)"),
    (b"\xfd7zXZ\x00", "an archive (xz)"),
    (b"\x28\xb5\x2f\xfd", "an archive (zstd)"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"CAJ\x00", "a CAJ document"),
    (b"HN\x00\x00", "a CAJ document"),
    (b"ARROW1", "an Arrow file"),
    (b"KDH ", "a CAJ document"),
)
BIFF_BEFORE_1997 = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")
HTML_START = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|table|meta|title|style|div|center|p|h[1-6]|tr|td)\b", re.IGNORECASE
)


def sniff(data: bytes) -> str:
    """The container: xls, xls-encrypted, xlsx, xlsx-encrypted, xlsb, ods, zip, pdf, parquet, html or text.

    Raises Unreadable, saying what it is and what to do, for anything that holds no table highlands can read.
    """
    if not data:
        raise Unreadable("the file is empty (0 bytes): fetch it again")
    if data.startswith(OLE_MAGIC):
        return _ole(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(data)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith(BIFF_BEFORE_1997):
        raise Unreadable("a workbook older than Excel 95: open it and save it as .xlsx")
    return _textual(data)


def _ole(data: bytes) -> str:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            if ole.exists("EncryptionInfo"):
                return "xlsx-encrypted"
            for stream in ("Workbook", "Book"):
                if ole.exists(stream):
                    return "xls-encrypted" if is_encrypted(ole.openstream(stream).read()) else "xls"
            if ole.exists("WordDocument"):
                raise Unreadable("a Word document: save its table as .xlsx or .csv")
            if ole.exists("PowerPoint Document"):
                raise Unreadable("a PowerPoint presentation: save its table as .xlsx or .csv")
            named = bool(ole.listdir())
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("a truncated or damaged workbook (no directory in it): fetch it again") from error
    if not named:
        raise Unreadable("a truncated or damaged workbook (its directory is empty): fetch it again")
    raise Unreadable("an Office file without a workbook in it: save the table as .xlsx or .csv")


def _zip(data: bytes) -> str:
    check_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            kind = archive.open("mimetype").read(100) if "mimetype" in names else b""
    except Exception as error:
        raise Unreadable("a truncated or damaged .xlsx or zip archive: fetch it again") from error
    if "[Content_Types].xml" in names:
        if "xl/workbook.bin" in names:
            return "xlsb"
        if any(name.lower().startswith("xl/") for name in names):
            return "xlsx"
        what = "a Word document" if any(name.startswith("word/") for name in names) else "an Office file"
        raise Unreadable(f"{what} without a workbook in it: save its table as .xlsx or .csv")
    if kind.startswith(b"application/vnd.oasis.opendocument"):
        if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return "ods"
        raise Unreadable("an OpenDocument file that is no spreadsheet: save its table as .ods, .xlsx or .csv")
    return "zip"


def _textual(data: bytes) -> str:
    for magic, what in FOREIGN:
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:512]):
            raise Unreadable(f"{what}, not a table: fetch the table as .xls, .xlsx, .html, .csv or .pdf")
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        raise Unreadable("a picture (WebP), not a table: fetch the table as .xls, .xlsx, .html, .csv or .pdf")
    head = data[:65536]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head.count(b"\x00") > len(head) // 8:
        head = head.replace(b"\x00", b"")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise Unreadable("an Excel 2003 XML workbook: open it and save it as .xlsx")
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<") and HTML_START.search(head):
        return "html"
    if re.search(rb"<table\b", head, re.IGNORECASE) and re.search(rb"<tr\b", head, re.IGNORECASE):
        return "html"  # a piece of a page, with some words before its table
    return "text"
