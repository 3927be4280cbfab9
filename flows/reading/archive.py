"""Zip archives to their members: names made harmless, sizes bounded, one archive within another unpacked, too."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from flows.reading.decode import decode
from flows.reading.limits import MAX_BYTES, MAX_EXPANDED, check_bytes, check_directory, check_expansion
from flows.reading.sniff import sniff
from transforms.grid import Unreadable

UTF8_FLAG, ENCRYPTED_FLAG = 0x800, 0x1
UNICODE_PATH = 0x7075
LITTER = re.compile(r"(^|/)(__MACOSX/|\.|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
UNSAFE = re.compile('[\x00-\x1f\x7f<>:"|?*\ufffd]')
LINK = 0xA000
BROKEN = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError, struct.error)
NESTED = 1
"""how many archives deep an archive within an archive is unpacked"""


def members(data: bytes) -> list[tuple[str, bytes]]:
    """(harmless relative name, bytes) of every file in a zip archive that can be had; see `unpack`."""
    return unpack(data)[0]


def unpack(data: bytes) -> tuple[list[tuple[str, bytes]], list[tuple[str, str]]]:
    """The members of a zip archive as (harmless relative name, bytes), and the refused ones as (name, reason).

    Members of an archive within the archive stand under its name (`inner.zip/table.xls`). Folders and what
    systems leave lying about (`__MACOSX`, `.DS_Store`, `~$…`) are passed over. Raises Unreadable for an
    archive that is damaged or a bomb.
    """
    check_bytes(data)
    check_directory(data)
    found: list[tuple[str, bytes]] = []
    refused: list[tuple[str, str]] = []
    _unpack(data, "", NESTED, found, refused)
    return found, refused


def _unpack(
    data: bytes, under: str, depth: int, found: list[tuple[str, bytes]], refused: list[tuple[str, str]]
) -> None:
    for name, content in _files(data, sum(len(content) for _, content in found)):
        if isinstance(content, str):
            refused.append((under + name, content))
        elif not content.startswith(b"PK") or _container(content) != "zip":
            found.append((under + name, content))
        elif depth == 0:
            refused.append((under + name, "an archive within an archive within an archive: unpack it first"))
        else:
            try:
                _unpack(content, f"{under}{name}/", depth - 1, found, refused)
            except Unreadable as reason:
                refused.append((under + name, str(reason)))


def _files(data: bytes, spent: int) -> Iterator[tuple[str, bytes | str]]:
    """(name, bytes, or the reason why they cannot be had) of each member, `spent` bytes already expanded."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            check_expansion((entry.filename, entry.compress_size, entry.file_size) for entry in entries)
            for entry in entries:
                name = _harmless(_name(entry))
                if entry.filename.endswith(("/", "\\")) or not name or LITTER.search(name):
                    continue
                content = _content(archive, entry)
                spent += len(content)
                if spent > MAX_EXPANDED:
                    raise Unreadable(f"the archives expand beyond {MAX_EXPANDED} bytes: taken for a zip bomb")
                yield name, content
    except BROKEN as error:
        raise Unreadable(f"a truncated or damaged zip archive ({error}): fetch it again") from error


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | str:
    if entry.flag_bits & ENCRYPTED_FLAG:
        return "encrypted in its archive: unpack it with its password first"
    if entry.external_attr >> 16 & 0xF000 == LINK:
        return "a link, not a file: put the file itself into the archive"
    if entry.file_size > MAX_BYTES:
        return f"has {entry.file_size} bytes once unpacked, at most {MAX_BYTES} are read: split it"
    try:
        with archive.open(entry) as file:  # gives at most the size that the directory states, and checks the CRC
            return file.read(MAX_BYTES + 1)
    except (*BROKEN, zlib.error, EOFError, RuntimeError) as error:
        return f"damaged in its archive ({error}): fetch it again"


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as its maker wrote it: by flag, by the Unicode extra field, else whatever encoding fits it."""
    if entry.flag_bits & UTF8_FLAG:
        return entry.filename
    raw = entry.orig_filename.encode("cp437", errors="replace")
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == UNICODE_PATH and size > 5 and struct.unpack_from("<I", extra, 5)[0] == zlib.crc32(raw):
            return extra[9 : 4 + size].decode("utf-8", errors="replace")
        extra = extra[4 + size :]
    try:
        return decode(raw)
    except Unreadable:
        return entry.filename


def _harmless(name: str) -> str:
    """A relative path that stays where it is put: no root, no drive, no climbing, no control characters."""
    parts = re.sub(r"^[A-Za-z]:", "", name.replace("\\", "/")).split("/")
    return "/".join(UNSAFE.sub("_", part.strip())[:200] for part in parts if part.strip(". "))


def _container(data: bytes) -> str:
    try:
        return sniff(data)
    except Unreadable:
        return ""
