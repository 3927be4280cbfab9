"""How printed text is compared: one normal form for Chinese, one for English, one split between the two."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAS_CJK = re.compile(f"[{CJK}]")
_LETTER = re.compile(r"[^\W\d_]")
RAISED = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089"
CIRCLED = "\u2460-\u2473\u24ea-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf"
_FOOTNOTES = re.compile(f"[{CIRCLED}]+|(?<![0-9])[{RAISED}]+(?!\\w)")
_BRACKETED = re.compile(r"[(\[（【]([^()\[\]（）【】]*)[)\]）】]")


@lru_cache(maxsize=65536)
def squash(text: str) -> str:
    """Text with compatibility forms folded (full-width brackets and digits), every blank and footnote mark removed."""
    return re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", _FOOTNOTES.sub("", text)))


@lru_cache(maxsize=65536)
def latin(text: str) -> str:
    """English text as compared: lower case, letters and digits only, no footnote marks, `&` as and."""
    if not text.isascii():  # else none of this changes anything
        whole = unicodedata.normalize("NFKC", _FOOTNOTES.sub("", text))
        text = "".join(c for c in unicodedata.normalize("NFKD", whole) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "", text.replace("&", "and").lower())


def has_cjk(text: str) -> bool:
    """Whether the text has a Chinese character."""
    return _HAS_CJK.search(text) is not None


def has_letters(text: str) -> bool:
    """Whether the text has a letter of any script."""
    return _LETTER.search(text) is not None


@lru_cache(maxsize=65536)
def split_languages(text: str) -> tuple[str, str]:
    """A bilingual cell as (Chinese, English). The Chinese part ends with the last Chinese character and the
    bracket that closes after it; a cell without Chinese (`SCI`, `2011`) counts as both."""
    if not has_cjk(text):
        return text, text
    last = max(i for i, c in enumerate(text) if _HAS_CJK.match(c))
    end = last + 1
    closing = re.match(r"[^()（）\n]{0,3}[)）\]】]", text[end:])
    if closing and text[: last + 1].count("(") + text[: last + 1].count("（") > text[: last + 1].count(")") + text[
        : last + 1
    ].count("）"):
        end += closing.end()
    return text[:end], text[end:]


def without_brackets(text: str) -> str:
    """Text without what stands in brackets (units in heads)."""
    return _BRACKETED.sub("", text)


def brackets(text: str) -> list[str]:
    """What stands in brackets, in order."""
    return [found.strip() for found in _BRACKETED.findall(text)]


def similar(a: str, b: str) -> float:
    """Likeness of two strings, 0 to 1."""
    return SequenceMatcher(None, a, b, autojunk=False).ratio() if a and b else 0.0
