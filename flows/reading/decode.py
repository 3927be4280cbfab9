"""Bytes to text, in any encoding in which Chinese or machine-delivered tables come."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from transforms.grid import Unreadable

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A declared GB2312 or GBK page uses characters beyond it often enough; the superset reads them all.
SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "big5": "big5hkscs"}
DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
SAMPLE = 65536
"""bytes, or characters, that an encoding is judged by"""
CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


def decode(data: bytes, *, markup: bool = False) -> str:
    """The text of a file: by byte order mark, by what a page declares (`markup`), else by what fits best.

    Raises Unreadable when no encoding makes text of it. A single broken character at the end (a truncated
    file) becomes U+FFFD rather than vanishing.
    """
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace")
    if data[:4096].count(b"\x00") * 8 > len(data[:4096]):
        return _utf16(data)
    if markup and (declared := _as_declared(data)) is not None:
        return declared
    detectors: tuple[Callable[[bytes], str | None], ...] = (lambda _: "utf-8", _double_byte, _guess)
    for detect in detectors:
        likely = detect(data)
        found = _strictly(data, likely) if likely else None
        if found is not None and _is_plain(found):
            return found
    raise Unreadable("neither a workbook nor text in a known encoding: fetch the file again")


def _strictly(data: bytes, encoding: str) -> str | None:
    """The text, None when a byte does not fit; an incomplete last character becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(data, final=False)
    except UnicodeDecodeError:
        return None
    pending = decoder.getstate()[0]
    return f"{text}\ufffd" if pending else text


def _is_plain(text: str) -> bool:
    """Hardly any control characters in it."""
    return len(CONTROL.findall(text[:SAMPLE])) <= len(text[:SAMPLE]) // 50


def _as_declared(data: bytes) -> str | None:
    found = DECLARED.search(data[:8192])
    if not found:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return None
    encoding = SUPERSETS.get(name, name)
    if encoding.startswith(("utf-16", "utf-32")) or encoding in ("utf-7", "idna", "punycode"):
        return None  # the declaration was read as ASCII, so the page is not in it
    try:
        text = _strictly(data, encoding)
        # A page with a few broken bytes keeps its numbers; one that is mostly wrong is detected anew.
        if text is None:
            text = data.decode(encoding, errors="replace")
            return text if text.count("\ufffd") <= len(text) // 1000 else None
    except (LookupError, UnicodeError, AssertionError):
        return None
    return text


def _utf16(data: bytes) -> str:
    whole = data[: len(data) // 2 * 2]
    texts = [whole.decode(order, errors="replace") for order in ("utf-16-le", "utf-16-be")]
    text = max(texts, key=lambda text: sum(text.count(mark) for mark in "\n,;\t<>0123456789"))
    if not _is_plain(text) or text.count("\ufffd") > len(text) // 50:
        raise Unreadable("neither a workbook nor text (it is full of zero bytes): fetch the file again")
    return text


def _double_byte(data: bytes) -> str | None:
    """GB18030 or Big5, whichever makes the more everyday characters of the bytes; None when neither does."""
    # The everyday characters stand in the first plane of each code: lead bytes B0-D7 and A4-C6.
    shares = {
        "gb18030": _everyday(data, "gb18030", 0xB0, 0xD7, 0xA1),
        "big5hkscs": _everyday(data, "big5hkscs", 0xA4, 0xC6, 0x40),
    }
    best = max(shares, key=lambda encoding: shares[encoding])
    return best if shares[best] > 0.5 else None


def _everyday(data: bytes, encoding: str, first: int, last: int, trail: int) -> float:
    text = _strictly(data[:SAMPLE], encoding)
    if text is None:
        return 0.0
    pairs = [char.encode(encoding, errors="replace") for char in text if char > "\x7f" and char != "\ufffd"]
    everyday = sum(
        pair[0] in (0xA1, 0xA3) or (first <= pair[0] <= last and pair[1] >= trail)
        for pair in pairs
        if len(pair) == 2
    )
    return everyday / len(pairs) if pairs else 0.0


def _guess(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SAMPLE]).best()
    return best.encoding if best else None
