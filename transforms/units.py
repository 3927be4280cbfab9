"""Units as printed, in both languages, and what they are worth in an indicator's canonical unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from transforms.text import brackets, has_cjk, latin, squash

_UNIT_LINE = re.compile(r"^[(\[【]?(?:(?:19|20)\d\d年)?(?:计量|金额|货币|数量)?单位[::]?(.+?)(?:人民币)?[)\]】]?$")
_ENGLISH_LINE = re.compile(r"^[(\[]?units?:(.+?)[)\]]?$", re.I)


@dataclass(frozen=True)
class Unit:
    """A unit of data/reference/units.yml: its dimension and its factor to the dimension's base."""

    code: str
    dimension: str
    factor: float


@dataclass(frozen=True)
class Units:
    """The units by code and by printed spelling."""

    by_code: Mapping[str, Unit]
    zh: Mapping[str, Unit]
    en: Mapping[str, Unit]
    _cache: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> Units:
        """From the rows of units.yml: code, dimension, factor, zh spellings, en spellings."""
        by_code: dict[str, Unit] = {}
        zh: dict[str, Unit] = {}
        en: dict[str, Unit] = {}
        for row in rows:
            unit = Unit(row["code"], row["dimension"], float(row.get("factor", 1)))
            by_code[unit.code] = unit
            zh |= {squash(str(s)): unit for s in row.get("zh") or () if squash(str(s)) not in zh}
            en |= {latin_unit(str(s)): unit for s in row.get("en") or () if latin_unit(str(s)) not in en}
        return cls(by_code, zh, en)

    def find(self, spelling: str) -> Unit | None:
        """The unit that a printed spelling in either language names."""
        if spelling not in self._cache:
            english = None if has_cjk(spelling) else self.en.get(latin_unit(spelling))
            self._cache[spelling] = self.zh.get(squash(spelling)) or english
        return self._cache[spelling]

    def parse(self, text: str) -> list[Unit]:
        """All units that a text such as `个，亿元` or `unit,100 million yuan` lists; [] if any is unknown."""
        whole = self.find(text)
        if whole:
            return [whole]
        found = [self.find(part) for part in re.split(r"[,，、;；.。/]+", text) if part.strip()]
        return [u for u in found if u] if found and all(found) else []

    def in_brackets(self, text: str) -> list[Unit]:
        """Units that stand in brackets in a head."""
        return [unit for inner in brackets(text) for unit in self.parse(inner)]

    def of_line(self, text: str) -> list[Unit]:
        """Units of a unit line: `单位：万元`, perhaps with `(10 000 yuan)` behind it, or a cell that is nothing but
        `(10 000 yuan)` or `Unit: 10 000 yuan`. None when its two languages contradict each other."""
        flat = squash(text)
        if chinese := spelled_on(text):
            return self.parse(chinese) or self._both(chinese)
        if english := _ENGLISH_LINE.match(flat):
            return self.parse(english.group(1))
        if len(flat) > 2 and flat[0] in "([" and flat[-1] in ")]":
            return self.parse(text.strip().strip("()（）[]【】 \n\r"))
        return []

    def _both(self, line: str) -> list[Unit]:
        """The units of `%(%)`, `万元(10000yuan` or `万元Unit:10000yuan` as far as both languages say the same."""
        found = re.match(r"^(.+?)(?:[(\[]?units?:|[(\[])(.+?)[)\]]*$", line, re.I)
        if not found:
            return []
        chinese, english = self.parse(found.group(1)), self.parse(found.group(2))
        said = {(u.dimension, u.factor) for u in english}
        return chinese if any((u.dimension, u.factor) in said for u in chinese) else []


def spelled_on(text: str) -> str | None:
    """What a Chinese unit line says, known units or not; None for any other cell."""
    found = _UNIT_LINE.match(squash(text))
    return found.group(1) if found else None


def is_unit_line(text: str) -> bool:
    """Whether a cell is a Chinese unit line, known unit or not."""
    return spelled_on(text) is not None


def latin_unit(text: str) -> str:
    """English unit spelling as compared; keeps `%` apart from nothing."""
    return latin(text) or squash(text)


def factor(printed: Unit, canonical: Unit) -> float:
    """What one printed unit is in canonical units. Raises ValueError across dimensions."""
    if printed.dimension != canonical.dimension:
        raise ValueError(f"{printed.code} is {printed.dimension}, {canonical.code} is {canonical.dimension}")
    return printed.factor / canonical.factor
