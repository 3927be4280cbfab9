"""What is declared under data/, parsed plainly (without the project's own loaders), for the tests of it."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from transforms.units import Units

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
PUBLISHED = ROOT.parent / "shared" / "published"
CONTRACTS = sorted((DATA / "contracts").glob("*.yml"))


@cache
def parsed(path: Path) -> Any:
    """A YAML file's content."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def table(name: str) -> list[dict[str, str]]:
    """The rows of a table of data/reference."""
    with (DATA / "reference" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def reference(name: str) -> Any:
    return parsed(DATA / "reference" / name)


def texts(declared: Any) -> list[str]:
    """Every spelling of a declared text: text, list, or map by year."""
    if declared is None:
        return []
    if isinstance(declared, dict):
        return [t for part in declared.values() for t in texts(part)]
    return [t for part in declared for t in texts(part)] if isinstance(declared, list) else [str(declared)]


def flat(text: str) -> str:
    """Letters, digits and Chinese characters only, without accents, in lower case."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^0-9a-z\u4e00-\u9fff]", "", folded.lower())


def pairs(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(indicator, printed unit) of everything a contract reads, item codes filled in."""
    table_unit = next(iter(texts(body.get("unit"))), "")
    if body.get("columns") == "years":
        yield body["indicator"], table_unit
        return
    columns = [c for c in body.get("columns", []) if c.get("type") != "period"]
    for column in [*columns, *body.get("statements", [])]:
        unit = next(iter(texts(column.get("unit"))), table_unit)
        for item in body.get("items", [{"code": ""}]):
            filled = column["indicator"].replace("{item}", item["code"]).split(".")
            yield ".".join(part for part in filled if part), unit


INDICATORS = {row["indicator"]: row for row in table("indicators.csv")}
UNITS = Units.of(reference("units.yml"))
REGIONS = {row["code"]: row for row in table("regions.csv")}
SCHEMA = json.loads((DATA / "contracts" / "contract.schema.json").read_text(encoding="utf-8"))
