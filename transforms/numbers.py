"""The closed grammar of published numbers. What it does not accept is set aside, never turned into null.

    number   = [sign] digits ["." digits] | [sign] groups of three ["." digits]
    marks    = circled or raised digits or * after the number: footnotes
    Numbers are below 10^18. Of a double written out (`159682844.00000003`) 15 digits count.
    "" blank: not available (O)      "…" "..." below the unit shown (N)      "-" "—" nil (0, A)
Statuses are SDMX OBS_STATUS codes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from transforms.grid import Value
from transforms.text import CIRCLED, RAISED

_MARKS = re.compile(f"[{RAISED}{CIRCLED}*＊]+$")
# Compatibility folding makes digits of these: `2⒈5` is not 21.5.
_FALSE_DIGITS = re.compile(f"[{RAISED}{CIRCLED}\u2474-\u249b\U0001f100-\U0001f10c]")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:[, ][0-9]{3})+)(?:\.[0-9]+)?")
_BELOW_UNIT = {"…", "……", "...", "......"}
_LIMIT = 1e18
_MOST_DECIMALS = 20  # what is left of a difference of doubles, such as 2.8e-17, has no printed digits
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
    bare = _MARKS.sub("", text.strip())
    note = text.strip()[len(bare) :] or None
    if _FALSE_DIGITS.search(bare):
        return None
    body = unicodedata.normalize("NFKC", bare).translate(_FOLD | _SPACED).strip()
    if not body:
        return None if note else Number(None, 0, "O")
    if body in _BELOW_UNIT:
        return Number(None, 0, "N", note)
    if body in _NIL:
        return Number(0.0, 0, "A", note)
    if not _NUMBER.fullmatch(body):
        return None
    digits = body.replace(",", "").replace(" ", "")
    number = float(digits)
    decimals = min(len(digits.partition(".")[2]), _MOST_DECIMALS)
    if decimals > 4 and digits == repr(number):
        decimals = _shown_decimals(number)
    return Number(number, decimals, "A", note) if abs(number) < _LIMIT else None


@lru_cache(maxsize=131072)
def parse_float(number: float) -> Number | None:
    """A number cell: the value exactly, its decimals as a spreadsheet shows them (15 significant digits)."""
    return Number(number, _shown_decimals(number), "A") if abs(number) < _LIMIT else None


def _shown_decimals(number: float) -> int:
    """Decimals of the 15 significant digits that a double holds."""
    mantissa, _, exponent = format(number, ".15g").partition("e")
    decimals = len(mantissa.partition(".")[2]) - (int(exponent) if exponent else 0)
    return min(max(decimals, 0), _MOST_DECIMALS)


def parse(value: Value) -> Number | None:
    """The number that a cell states; None when what stands there is outside the grammar."""
    if value is None:
        return Number(None, 0, "O")
    return parse_float(value) if isinstance(value, float) else parse_text(value)


def is_numeric(value: Value) -> bool:
    """Whether a cell holds a number proper (not a blank, a symbol or text)."""
    parsed = parse(value)
    return parsed is not None and parsed.value is not None
