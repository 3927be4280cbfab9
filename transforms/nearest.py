"""For a document that no contract fits: the contracts that come nearest, by title and heads."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.catalogue import Catalogue
from transforms.contracts import head_zh, title_key
from transforms.grid import Grid
from transforms.text import has_cjk, latin, similar, split_languages

NEAR = 0.5


@dataclass(frozen=True)
class Near:
    """A contract that comes near: how many of the heads that it needs are there, and how like a title is to its own
    (0 to 1)."""

    contract: str
    heads: int
    needed: int
    title: float

    def why(self) -> str:
        """What of it is there and what is not."""
        heads = f"{min(self.heads, self.needed)} of its {self.needed} heads"
        if self.title < NEAR:
            return f"{self.contract} has {heads} and not its title"
        return f"{self.contract} has a title like it and {heads}"


def nearest(grid: Grid, catalogue: Catalogue, most: int = 3) -> list[Near]:
    """Up to `most` contracts, nearest first; [] when nothing comes near any."""
    texts = [
        value
        for sheet in grid.sheets
        for row in sheet.rows[:40]
        for value in row
        if isinstance(value, str) and 1 < len(value) < 120
    ][:200]
    heads = {head_zh(split_languages(t)[0]) for t in texts} | {latin(t) for t in texts}
    scores = []
    for contract in catalogue.contracts.values():
        titles = [t for t in contract.titles if has_cjk(t)]
        by_title = max(
            (similar(title_key(split_languages(x)[0]), t) for x in texts[:12] if has_cjk(x) for t in titles),
            default=0.0,
        )
        columns = contract.at(None).columns
        named = sum(any(form in heads for form in (*c.zh, *c.en)) for c in columns)
        needed = max(sum(not c.optional for c in columns), 2)
        score = max(by_title, min(named / needed, 1.0))
        if score >= NEAR:
            scores.append((-score, contract.name, Near(contract.name, named, needed, by_title)))
    return [near for _, _, near in sorted(scores, key=lambda each: each[:2])[:most]]
