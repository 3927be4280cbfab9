"""Blanks in markup: which of them part words, and which only stand between the pieces of a page.

Chinese is set without blanks, yet pages print `<span>全国</span> <span>27956.3</span> <span>亿元</span>`.
"""

from __future__ import annotations

import re

EDGE = "\x00"
"""where one piece of a page ends and the next begins"""
BREAK = "\x01"
"""a line break within a text"""

BLANK = " \t\r\n\xa0"
RUN = re.compile(f"[{BLANK}{EDGE}]+")
WIDTHLESS = re.compile("[\u200b\u200c\u200d\u2060\ufeff\xad]")
HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
SIGNS = "\u3001-\u3003\u3008-\u3020\uff01-\uff5e\u2018-\u201f\u2026\u2014"
IS_HAN = re.compile(f"[{HAN}]")
IS_SIGN = re.compile(f"[{SIGNS}]")
IS_DIGIT = re.compile(r"[\d%.]")


def tidy(text: str) -> str | None:
    """A text block without the blanks that carry nothing; None when nothing remains.

    Runs of blanks (NBSP is one) become one; a run at the EDGE of two pieces vanishes beside Chinese signs and
    between Chinese characters and digits. BREAK becomes a line break, empty lines are dropped. Blanks within
    one piece and ideographic blanks between characters stay: `地　区` is printed so.
    """
    lines = (RUN.sub(_blank, line).strip(f"{BLANK}\u3000") for line in WIDTHLESS.sub("", text).split(BREAK))
    return "\n".join(line for line in lines if line) or None


def _blank(run: re.Match[str]) -> str:
    if run[0].strip(EDGE) == "":
        return ""
    if EDGE not in run[0]:
        return " "
    text = run.string
    before = text[run.start() - 1] if run.start() else ""
    after = text[run.end()] if run.end() < len(text) else ""
    if IS_SIGN.match(before) or IS_SIGN.match(after):
        return ""
    han = [bool(IS_HAN.match(char)) for char in (before, after)]
    digit = [bool(IS_DIGIT.match(char)) for char in (before, after)]
    joined = any(han) and (han[0] or digit[0]) and (han[1] or digit[1])
    return "" if joined else " "
