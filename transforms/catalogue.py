"""Everything declared that reading needs, parsed once: contracts, code lists, units, series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from transforms.contracts import Contract
from transforms.regions import Label, Regions
from transforms.text import latin, squash
from transforms.units import Units


@dataclass(frozen=True)
class Clusters:
    """Identity of science and technology clusters over renames (data/reference/clusters.csv). The list is open:
    a cluster that it does not know gets a code made of its own name."""

    by_name: Mapping[str, str]

    def resolve(self, label: str, english: str = "") -> Label:
        """The code of a cluster printed in either language."""
        for name in (label, english):
            code = self.by_name.get(squash(name)) or self.by_name.get(latin(name) or "-")
            if code:
                return Label(code)
        made = "_".join(part for part in _words(english or label) if part)
        return Label(f"cluster_{made}" if made else None, None if made else f"“{label}” names no cluster")


def _words(name: str) -> list[str]:
    return [latin(part) or part for part in squash(name.replace(" ", "_")).replace("-", "_").split("_")]


@dataclass(frozen=True)
class Catalogue:
    """Contracts by name and title; resolvers of labels by what a contract says its rows are; units; the year
    offset of each series; the canonical unit of each indicator."""

    contracts: Mapping[str, Contract]
    regions: Regions
    economies: Regions
    clusters: Clusters
    units: Units
    indicator_units: Mapping[str, str]
    offsets: Mapping[str, int]
    by_title: dict[str, list[Contract]] = field(default_factory=dict)

    @cached_property
    def stating(self) -> tuple[Contract, ...]:
        """Contracts of pages that state numbers in sentences."""
        return tuple(c for c in self.contracts.values() if c.statements)

    @cached_property
    def others(self) -> tuple[Contract, ...]:
        """Contracts of tables whose rows are not regions."""
        tables = (c for c in self.contracts.values() if c.rows != "region")
        return tuple(c for c in tables if c.panel or c.at(None).columns)

    def __post_init__(self) -> None:
        for contract in self.contracts.values():
            for title in contract.titles:
                self.by_title.setdefault(title, []).append(contract)

    def edition(self, contract: Contract, year: int) -> str:
        """The edition that prints a contract's table for a data year."""
        return contract.edition_of(year, self.offsets.get(contract.series or "", 0))
