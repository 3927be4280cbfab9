"""What must hold in the marts: `expectations/*.yml`, and what became of it.

A suite is one file for one mart; the file's name is the mart's name, unless `marts` lists several that are alike:

    en: One number of one edition          # what a row is, in both languages
    zh: …
    key: [indicator, region, period]       # names a failing row to people
    uses: [edition]                        # other marts that `holds` looks into
    optional: true                         # a release may lack this mart
    expectations:
      - type: expect_column_values_to_be_in_set
        kwargs: {column: region, value_set: {in_table: region.region}}
        severity: critical                 # critical rejects the release | warning | info
        check: region_known                # the finding's slug; the type when left out
        en: Why it must hold
        zh: …
      - type: expect_column_values_to_not_be_null
        columns: [region, period]          # the same for several columns
        …
      - check: latest_once                 # any condition in DuckDB's SQL, true or null in every row
        holds: count(*) filter (is_latest) over (partition by indicator, region, period) = 1
        …
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from flows.project import visible

SEVERITIES = ("critical", "warning", "info")
TRUE_IN_EVERY_ROW = "expect_column_values_to_be_in_set"
BY_ROW = ("expect_column_values_", "expect_compound_columns_", "expect_column_pair_values_")
UNIQUE = "_to_be_unique"
COLUMN_KWARGS = ("column", "column_A", "column_B", "column_list")


@dataclass(frozen=True)
class Rule:
    """One expectation: its Great Expectations type and arguments, how grave a failure is, and why it stands."""

    check: str
    type: str
    kwargs: Mapping[str, Any]
    severity: str
    en: str
    zh: str
    holds: str | None = None

    def columns(self) -> Iterator[str]:
        """The columns it may read: those of its arguments, and any word of its condition."""
        yield from re.findall(r"\w+", self.holds or "")
        for name in COLUMN_KWARGS:
            value = self.kwargs.get(name, ())
            yield from [value] if isinstance(value, str) else value


@dataclass(frozen=True)
class Suite:
    """All expectations of one mart; `key` names its rows."""

    table: str
    en: str
    zh: str
    key: tuple[str, ...]
    uses: tuple[str, ...]
    optional: bool
    rules: tuple[Rule, ...]

    def apart(self) -> list[str]:
        """Columns by whose values the rows can be checked in groups, with the same outcome: those in which all rows
        must differ, or the key where none need. None when an expectation looks at a column as a whole."""
        of_columns = [rule for rule in self.rules if list(rule.columns())]
        if any(not rule.type.startswith(BY_ROW) for rule in of_columns):
            return []
        unique = [set(rule.columns()) for rule in of_columns if rule.type.endswith(UNIQUE)]
        shared = set.intersection(*unique) if unique else set(self.key)
        return sorted(shared)

    def reads(self) -> set[str]:
        """The marts that decide its outcome."""
        return {self.table, *self.uses, *(table for table, _ in self.references())}

    def references(self) -> set[tuple[str, str]]:
        """The (mart, column) pairs that value sets are taken from."""
        sets = (rule.kwargs.get("value_set") for rule in self.rules)
        return {reference(values) for values in sets if isinstance(values, Mapping)}


@dataclass(frozen=True)
class Outcome:
    """What became of one rule: `rows` are the first failing rows, `failed` counts them all when known."""

    rule: Rule
    success: bool
    rows: tuple[Mapping[str, Any], ...] = ()
    failed: int | None = None
    observed: Any = None
    exception: str | None = None

    def and_of(self, other: Outcome, most: int) -> Outcome:
        """The outcome of two groups of rows, with so many failing rows at most."""
        failed = None if self.failed is None and other.failed is None else (self.failed or 0) + (other.failed or 0)
        return replace(
            self,
            success=self.success and other.success,
            rows=(*self.rows, *other.rows)[:most],
            failed=failed,
            observed=other.observed if self.success else self.observed,
            exception=self.exception or other.exception,
        )

    @property
    def critical(self) -> bool:
        """Whether it rejects the release: a critical rule that fails, or any that could not be judged."""
        return not self.success and (self.rule.severity == "critical" or self.exception is not None)

    @property
    def failed_as(self) -> str | None:
        """The severity it failed with, None when it holds."""
        return None if self.success else "critical" if self.critical else self.rule.severity


def reference(value_set: Mapping[str, str]) -> tuple[str, str]:
    """`{in_table: region.region}` as ("region", "region")."""
    table, _, column = value_set["in_table"].partition(".")
    return table, column


def load(folder: Path) -> list[Suite]:
    """Every suite of a folder, by name; raises ValueError naming the file and the entry that is wrong."""
    suites = []
    for path in visible(folder, "*.yml"):
        declared = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        suites += [parse(mart, path.name, declared) for mart in declared.get("marts", [path.stem])]
    return suites


def parse(table: str, file: str, declared: Mapping[str, Any]) -> Suite:
    """One suite from its declaration; raises ValueError naming the file and the entry that is wrong."""
    try:
        return Suite(
            table=table,
            en=declared["en"],
            zh=declared["zh"],
            key=tuple(declared["key"]),
            uses=tuple(declared.get("uses", ())),
            optional=declared.get("optional", False),
            rules=tuple(rule for entry in declared["expectations"] for rule in _rules(file, entry)),
        )
    except KeyError as missing:
        raise ValueError(f"expectations/{file}: {missing} is missing") from missing


def _rules(file: str, entry: Mapping[str, Any]) -> Iterator[Rule]:
    """The rules of one entry: one, or one for each of its `columns`."""
    unknown = entry.keys() - {"check", "type", "kwargs", "columns", "holds", "severity", "en", "zh"}
    if unknown or entry.get("severity") not in SEVERITIES or ("type" in entry) == ("holds" in entry):
        raise ValueError(
            f"expectations/{file}: {dict(entry)} needs either type or holds, a severity out of"
            f" {', '.join(SEVERITIES)}, and nothing else but check, kwargs, columns, en, zh"
        )
    if "holds" in entry:
        kwargs = {"column": entry["check"], "value_set": [True]}
        yield Rule(
            entry["check"], TRUE_IN_EVERY_ROW, kwargs, entry["severity"], entry["en"], entry["zh"], entry["holds"]
        )
        return
    check = entry.get("check", entry["type"])
    rule = Rule(check, entry["type"], entry.get("kwargs", {}), entry["severity"], entry["en"], entry["zh"])
    if "columns" not in entry:
        yield rule
    for column in entry.get("columns", ()):
        yield replace(rule, kwargs={"column": column, **rule.kwargs})
