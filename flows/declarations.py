"""Everything that is declared as data, loaded once: contracts, reference tables, rules, corrections."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from flows.project import DATA, ROOT, DeclarationError, further_contracts, load_yaml, read_csv, visible
from transforms.catalogue import Catalogue, Clusters
from transforms.contracts import LATEST, Contract, filled, spellings
from transforms.corrections import checked
from transforms.regions import Regions
from transforms.text import latin, squash
from transforms.units import Units
from transforms.wordings import Wordings

__all__ = ["DATA", "ROOT", "DeclarationError", "Declarations", "contract_files", "load_yaml", "read_csv"]


def contract_files() -> list[Path]:
    """The project's contracts and those of the folder that HIGHLANDS_CONTRACTS names."""
    folders = [DATA / "contracts", *filter(None, [further_contracts()])]
    return [path for folder in folders for path in visible(folder, "**/*.yml")]


@dataclass(frozen=True)
class Declarations:
    """The declared knowledge of highlands; each part is loaded when first asked for."""

    data: Path = DATA
    paths: dict[str, Path] = field(default_factory=dict, compare=False)
    _rules: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def contracts(self) -> dict[str, Contract]:
        """Contracts by name. Raises DeclarationError naming the file."""
        found: dict[str, Contract] = {}
        for path in contract_files():
            if (body := load_yaml(path)) is None:
                continue  # a shell has just made it, for the draft to go into
            try:
                contract = Contract.of(body, self.misprints, self.wordings, self.newest)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise DeclarationError(f"{path}: not a contract: {error!r}") from error
            if contract.name in found:
                raise DeclarationError(f"{path}: the name {contract.name} is taken by another contract")
            found[contract.name] = contract
            self.paths[contract.name] = path
        return found

    def reference(self, name: str) -> Any:
        """A file of data/reference: rows of a csv, or what a yml holds."""
        path = self.data / "reference" / name
        return load_yaml(path) if path.suffix == ".yml" else read_csv(path)

    def rules(self, name: str) -> Any:
        """A file of data/rules; an empty list when there is none."""
        if name not in self._rules:
            path = self.data / "rules" / f"{name}.yml"
            self._rules[name] = load_yaml(path) or [] if path.exists() else []
        return self._rules[name]

    @cached_property
    def corrections(self) -> list[dict[str, Any]]:
        """All corrections of data/corrections, in file order. Raises DeclarationError naming the file."""
        found = []
        for path in visible(self.data / "corrections", "*.yml"):
            try:
                found += [checked(entry) for entry in load_yaml(path) or []]
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise DeclarationError(f"{path}: not a list of corrections: {error}") from error
        return found

    @cached_property
    def units(self) -> Units:
        """The unit code list."""
        return Units.of(self.reference("units.yml"))

    @cached_property
    def series(self) -> dict[str, dict[str, Any]]:
        """Edition series by name."""
        return self.reference("editions.yml")["series"]

    @cached_property
    def newest(self) -> dict[str, int]:
        """The newest data year of each series that is declared as released: what contracts were written by."""
        return {
            name: max(body["released"]) - int(body.get("offset", 0))
            for name, body in self.series.items()
            if body.get("released")
        }

    @cached_property
    def misprints(self) -> list[dict[str, Any]]:
        """Known misprints: printed, meant, part (head, region, title), where, perhaps under (Chinese head)."""
        return self.reference("misprints.yml")

    @cached_property
    def wordings(self) -> Wordings:
        """Words that mean the same in titles, heads and sentences."""
        return Wordings.of(self.reference("wordings.yml"))

    @cached_property
    def clusters(self) -> list[dict[str, str]]:
        """Identity of clusters over renames: code, names, aliases, economies."""
        return self.reference("clusters.csv")

    @cached_property
    def members(self) -> pl.DataFrame:
        """Which regions a region consists of: region, member, valid_from, note."""
        rows = self.reference("region_members.csv")
        return pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String), orient="row").with_columns(
            pl.col("valid_from").replace("", None).cast(pl.Int32)
        )

    @cached_property
    def indicators(self) -> pl.DataFrame:
        """The indicator dimension: data/reference/indicators.csv, and what contracts add that it lacks."""
        declared = {row["indicator"]: row for row in self.reference("indicators.csv")}
        columns = list(next(iter(declared.values())))
        for contract in self.contracts.values():
            for row in _own_indicators(contract, self.units):
                declared.setdefault(row["indicator"], {c: row.get(c, "") for c in columns})
        rows = sorted(declared.values(), key=lambda row: row["indicator"])
        frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
        frame = frame.with_columns(pl.all().replace("", None))
        return frame.with_columns(additive=pl.col("additive").str.to_lowercase().eq("true").fill_null(value=False))

    @cached_property
    def catalogue(self) -> Catalogue:
        """What reading needs of all this."""
        misprints = {str(r["printed"]): str(r["meant"]) for r in self.misprints if r["part"] == "region"}
        indicators = self.indicators
        return Catalogue(
            contracts=self.contracts,
            regions=Regions([r for r in self.reference("regions.csv") if r["kind"] != "economy"], misprints),
            economies=Regions(_economies(self.reference("regions.csv"))),
            clusters=_clusters(self.clusters),
            units=self.units,
            indicator_units=dict(zip(indicators["indicator"], indicators["unit"], strict=True)),
            offsets={name: int(body.get("offset", 0)) for name, body in self.series.items()},
        )


def _own_indicators(contract: Contract, units: Units) -> list[dict[str, str]]:
    """Indicator rows that a contract states or implies: names from its heads and items, unit from its printed
    unit, and where a column says so parent, partition and additivity."""
    body = contract.body
    declared = [] if body.get("columns") == "years" else body.get("columns", [])
    panel = [{"indicator": contract.panel, "zh": body.get("zh"), "en": body.get("en")}] if contract.panel else []
    items = body.get("items") or [{"code": ""}]
    return [
        _own_indicator(column, item, body, units)
        for column in [*declared, *panel, *contract.statements]
        if column.get("type", "number") in ("number", "rank", "text")
        for item in items
    ]


def _own_indicator(column: dict[str, Any], item: dict[str, Any], body: Any, units: Units) -> dict[str, str]:
    unit = units.find(_first(item.get("unit") or column.get("unit") or body.get("unit")))
    names = {
        key: " · ".join(
            n for n in (column.get(f"name_{key}") or _first(column.get(key)), _first(item.get(key))) if n
        )
        for key in ("zh", "en")
    }
    code = filled(column["indicator"], str(item["code"] or ""))
    return {
        "indicator": code,
        "name_zh": names["zh"] or code,
        "name_en": names["en"] or names["zh"] or code,
        "unit": unit.code if unit else "",
        "parent": filled(column.get("parent", ""), str(item["code"] or "")),
        "partition": column.get("partition", ""),
        "additive": str(bool(column.get("additive", False))).lower(),
        "category": column.get("category", "uncategorised"),
    }


def _first(spelling: Any) -> str:
    return str(next(iter(spellings(spelling, LATEST)), ""))


def _economies(regions: list[dict[str, str]]) -> list[dict[str, str]]:
    """Economies: ISO 3166-1 in English from pycountry, with the names and aliases that regions.csv adds."""
    import pycountry

    own = {r["code"]: r for r in regions if r["kind"] == "economy"}
    rows = list(own.values())
    for country in pycountry.countries:
        if country.alpha_2 not in own:
            names = {getattr(country, key, "") for key in ("name", "common_name", "official_name", "alpha_3")}
            rows.append(
                {
                    "code": country.alpha_2,
                    "name_zh": "",
                    "name_en": country.name,
                    "alias_zh": "",
                    "alias_en": "|".join(sorted(names - {""})),
                }
            )
    return rows


def _clusters(rows: list[dict[str, str]]) -> Clusters:
    names: dict[str, str] = {}
    for row in rows:
        for name in (row["name_zh"], row["name_en"], *(row.get("aliases") or "").split("|")):
            for form in (squash(name), latin(name)):
                if form:
                    names.setdefault(form, row["code"])
    return Clusters(names)
