"""The closed grammar of published numbers. What it does not accept is set aside, never turned into null.

    number   = [sign] digits ["." digits] | [sign] groups of three ["." digits]
    marks    = circled digits or * after the number: footnotes
    "" blank: not available (O)      "…" "..." below the unit shown (N)      "-" "—" nil (0, A)
Statuses are SDMX OBS_STATUS codes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

from transforms.grid import Value

_MARKS = re.compile(r"[\u2460-\u2473\u2776-\u277f*＊]+$")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:[, ][0-9]{3})+)(?:\.[0-9]+)?")
_BELOW_UNIT = {"…", "……", "...", "......"}
_NIL = {"-", "--", "—-", "-—"}
_FOLD = {0x2212: "-", 0x2013: "-", 0x2014: "-", 0x2015: "-", 0xFF0D: "-", 0xFF0B: "+", 0xA0: " ", 0x3000: " "}
_SPACED = {0x2009: " ", 0x202F: " ", 0x2002: " ", 0x2003: " "}


@dataclass(frozen=True, slots=True)
class Number:
    """A parsed cell: the value as printed (null unless a number stands there), the digits after the decimal
    point, the SDMX status, and a footnote mark if there was one."""

    value: float | None
    decimals: int
    status: str
    note: str | None = None


@lru_cache(maxsize=131072)
def parse_text(text: str) -> Number | None:
    """The number that a text cell states, or None when the text is outside the grammar."""
    body = unicodedata.normalize("NFKC", _strip_marks(text)).translate(_FOLD | _SPACED).strip()
    marks = _MARKS.search(text.strip())
    note = marks.group() if marks else None
    if not body:
        return None if note else Number(None, 0, "O")
    if body in _BELOW_UNIT:
        return Number(None, 0, "N", note)
    if body in _NIL:
        return Number(0.0, 0, "A", note)
    if not _NUMBER.fullmatch(body):
        return None
    digits = body.replace(",", "").replace(" ", "")
    return Number(float(digits), len(digits.partition(".")[2]), "A", note)


def _strip_marks(text: str) -> str:
    return _MARKS.sub("", text.strip())


@lru_cache(maxsize=131072)
def parse_float(number: float) -> Number | None:
    """A number cell: the value exactly, its decimals as a spreadsheet shows them (15 significant digits)."""
    if not isfinite(number):
        return None
    mantissa, _, exponent = format(number, ".15g").partition("e")
    decimals = len(mantissa.partition(".")[2]) - (int(exponent) if exponent else 0)
    return Number(number, max(decimals, 0), "A")


def parse(value: Value) -> Number | None:
    """The number that a cell states; None when what stands there is outside the grammar."""
    if value is None:
        return Number(None, 0, "O")
    return parse_float(value) if isinstance(value, float) else parse_text(value)


def is_numeric(value: Value) -> bool:
    """Whether a cell holds a number proper (not a blank, a symbol or text)."""
    parsed = parse(value)
    return parsed is not None and parsed.value is not None
