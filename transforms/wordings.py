"""Words that mean the same: data/reference/wordings.yml applied to titles, heads and sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import product

from transforms.text import squash

MOST = 64
"""Spellings that one text is given at most."""


@dataclass(frozen=True)
class Wordings:
    """Groups of spellings that mean the same."""

    groups: tuple[tuple[str, ...], ...] = ()
    _parts: dict[Callable[[str], str], tuple[re.Pattern[str], dict[str, tuple[str, ...]]]] = field(
        default_factory=dict, repr=False, compare=False, hash=False
    )

    @classmethod
    def of(cls, rows: Iterable[Iterable[str]]) -> Wordings:
        """From the rows of wordings.yml."""
        return cls(tuple(tuple(str(spelling) for spelling in row) for row in rows))

    def others(self, text: str, normal: Callable[[str], str] = squash) -> tuple[str, ...]:
        """The other spellings of a text in the normal form `normal`, without the text itself."""
        if not self.groups or not text:
            return ()
        parts = self._spelled(text, normal)
        if all(len(part) == 1 for part in parts):
            return ()
        spelled = ("".join(choice) for choice, _ in zip(product(*parts), range(MOST), strict=False))
        return tuple(dict.fromkeys(each for each in spelled if each != text))

    def pattern(self, text: str) -> str:
        """A regular expression for a squashed text in all its spellings; footnote marks (`[1]`) may stand anywhere."""
        parts = self._spelled(text, squash) if self.groups else [(text,)]
        return "".join(
            _plain(part[0]) if len(part) == 1 else f"(?:{'|'.join(map(_plain, sorted(part, key=len, reverse=True)))})"
            for part in parts
        )

    def _spelled(self, text: str, normal: Callable[[str], str]) -> list[tuple[str, ...]]:
        """The pieces of a text, each with every spelling that it may have."""
        pattern, known = self._known(normal)
        return [known.get(part, (part,)) for part in pattern.split(text)]

    def _known(self, normal: Callable[[str], str]) -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
        if normal not in self._parts:
            known: dict[str, tuple[str, ...]] = {}
            for group in self.groups:
                spelled = tuple(dict.fromkeys(normal(spelling) for spelling in group))
                known |= dict.fromkeys(spelled, spelled)
            longest = sorted(known, key=len, reverse=True)
            self._parts[normal] = re.compile(f"({'|'.join(map(re.escape, longest))})"), known
        return self._parts[normal]


def _plain(text: str) -> str:
    """Literal text between whose characters a footnote mark may stand."""
    bare = re.sub(r"\[\d{1,2}\]", "", text)
    return r"(?:\[\d{1,2}\])?".join(map(re.escape, bare)) + (r"(?:\[\d{1,2}\])?" if bare else "")
