"""Row labels to codes, from Chinese and English, which must agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from transforms.text import has_letters, latin, similar, split_languages, squash


@dataclass(frozen=True)
class Label:
    """What a row label means: the code, or why none could be settled; `misprint` says what was read through."""

    code: str | None
    problem: str | None = None
    misprint: str | None = None


class Regions:
    """The code list of regions with every published spelling (data/reference/regions.csv)."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], misprints: Mapping[str, str] | None = None) -> None:
        self.zh: dict[str, str] = {}
        self.en: dict[str, str] = {}
        self.names: dict[str, tuple[str, str]] = {}
        self.spellings: dict[str, tuple[list[str], list[str]]] = {}
        self.misprints = {squash(k): squash(v) for k, v in (misprints or {}).items()}
        self.latin_misprints = {latin(k): latin(v) for k, v in (misprints or {}).items() if latin(k)}
        for row in rows:
            code = row["code"]
            self.names[code] = (row["name_zh"], row["name_en"])
            zh = [squash(n) for n in (row["name_zh"], *(row.get("alias_zh") or "").split("|")) if n]
            en = [latin(n) for n in (row["name_en"], *(row.get("alias_en") or "").split("|")) if latin(n or "")]
            self.spellings[code] = (zh, en)
            for name in zh:
                self.zh.setdefault(name, code)
            for name in en:
                self.en.setdefault(name, code)
        self.resolve = lru_cache(maxsize=65536)(self._resolve)
        self.known = lru_cache(maxsize=65536)(self._known)

    def _known(self, text: str) -> str | None:
        """The code of a label whose Chinese (or, without Chinese, English) is known."""
        if not has_letters(text):  # most cells of a sheet are numbers
            return None
        zh, _ = split_languages(text)
        flat = squash(zh)
        return self.zh.get(flat) or self.zh.get(self.misprints.get(flat, "")) or self._english(zh)

    def _english(self, text: str) -> str | None:
        flat = latin(text)
        return self.en.get(flat) or self.en.get(self.latin_misprints.get(flat, ""))

    def _resolve(self, printed_zh: str, printed_en: str = "") -> Label:
        """The code that both languages name. One may be a misprint near the other's name (edit likeness);
        two known names of different regions, or no known name, are a problem for people."""
        zh_part, en_part = split_languages(printed_zh)
        english = printed_en if latin(printed_en) else ("" if zh_part == en_part else en_part)
        by_zh = self.zh.get(squash(zh_part)) or self.zh.get(self.misprints.get(squash(zh_part), ""))
        by_en = self._english(english)
        if by_zh is None and zh_part == en_part:
            by_zh = self._english(zh_part)
        shown = " / ".join(part.strip() for part in (zh_part, english) if part.strip())
        if by_zh and by_en:
            if by_zh == by_en:
                return Label(by_zh)
            return Label(None, f"“{shown}” names two regions: {by_zh} in Chinese, {by_en} in English")
        if by_zh:
            return self._one_language(by_zh, latin(english), self.spellings[by_zh][1], shown, 0.6)
        if by_en:
            return self._one_language(by_en, squash(zh_part), self.spellings[by_en][0], shown, 0.5)
        return Label(None, f"“{shown}” is no known region")

    def _one_language(self, code: str, other: str, spellings: list[str], shown: str, least: float) -> Label:
        if not other or other in spellings:
            return Label(code)
        if any(name.startswith(other) or similar(other, name) >= least for name in spellings):
            return Label(code, misprint=f"“{shown}” read as {code} ({self.names[code][0]})")
        return Label(None, f"“{shown}”: one language names {code} ({self.names[code][0]}), the other does not")
