"""Where the rows of a mart lie: in `marts/<name>.parquet`, or, once they outgrow one file, in parts below
`marts/<name>/`, one for each series and edition, in Hive's manner, named for their content:

    marts/observation/series=st-yearbook/edition=st-yearbook%2F2022/5f0c….parquet

data/rules/partitions.yml says which marts can be divided, by which columns, and from how many rows on;
HIGHLANDS_PART_ROWS sets that number for a trial.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from flows.project import DATA, load_yaml

if TYPE_CHECKING:
    import duckdb
    import polars as pl

Result = TypeVar("Result")

RULES = DATA / "rules" / "partitions.yml"
LIMIT_VARIABLE = "HIGHLANDS_PART_ROWS"
NOTHING = "__HIVE_DEFAULT_PARTITION__"
"""How Hive, DuckDB and Polars write a null in a path."""


def columns(mart: str) -> list[str]:
    """The columns by whose values a mart is divided once it has grown, an edition's first; none for one that is
    never divided."""
    return list(_rules()["marts"].get(mart, ()))


def growing() -> set[str]:
    """The marts that can outgrow one file."""
    return set(_rules()["marts"])


def limit() -> int:
    """The most rows that such a mart has in one file."""
    return int(os.environ.get(LIMIT_VARIABLE) or _rules()["rows"])


@cache
def _rules() -> dict[str, Any]:
    return dict(load_yaml(RULES))


def keyed() -> int:
    """The most rows of a table whose key the database declares: it would hold the whole index in memory."""
    return int(_rules()["keyed"])


def shown() -> int:
    """The most rows of a mart that the report holds."""
    return int(_rules()["report"])


def bounded(spill: Path | None) -> dict[str, Any]:
    """The settings of a DuckDB connection that works within the memory that the rules allow, and beyond it in the
    folder `spill`; without one, as far as the machine goes."""
    return {"memory_limit": _rules()["memory"], "temp_directory": str(spill)} if spill else {}


def as_needed(connection: duckdb.DuckDBPyConnection, call: Callable[[], Result]) -> Result:
    """What a call on a bounded connection gives; with all the memory that there is, should it not do with what it is
    allowed: DuckDB cannot put everything on disk, and more memory is better than no marts."""
    import duckdb

    try:
        return call()
    except duckdb.OutOfMemoryException:
        connection.execute("reset memory_limit")
        return call()


def files(file: Path) -> list[Path]:
    """What there is of the mart `file` (…/marts/<name>.parquet): that file, or its parts, sorted; else nothing."""
    if file.is_file():
        return [file]
    return sorted(file.with_suffix("").rglob("*.parquet"))


def marts(release: Path) -> dict[str, list[Path]]:
    """The files of every mart of a release or candidate, by name."""
    folder = release / "marts"
    found = {path.stem: files(folder / f"{path.stem}.parquet") for path in sorted(folder.glob("*"))}
    return {name: parts for name, parts in found.items() if parts}


def scan(release: Path) -> Callable[[str], pl.LazyFrame]:
    """What gives the marts of a release or candidate by name, of which no more is read than is asked for; a mart that
    is not there raises KeyError."""
    import polars as pl

    def mart(name: str) -> pl.LazyFrame:
        if not (found := files(release / "marts" / f"{name}.parquet")):
            raise KeyError(name)
        return pl.scan_parquet(found, glob=False, hive_partitioning=False)

    return mart


def is_divided(found: Iterable[Path]) -> bool:
    """Whether the files of a mart are parts."""
    return any("=" in path.parent.name for path in found)


def folder(mart: str, values: Sequence[str | None]) -> str:
    """The folder, relative to marts/, of the rows with those values in the mart's columns; the series, too, is that
    of the edition, `series/year`."""
    series = values[0].partition("/")[0] if values[0] else None
    named = [("series", series), *zip(columns(mart), values, strict=True)]
    return "/".join([mart, *(f"{column}={_escaped(value)}" for column, value in named)])


def _escaped(value: str | None) -> str:
    return NOTHING if value is None else quote(value, safe="")


def relation(found: Iterable[Path]) -> str:
    """SQL that reads the files of a mart, whatever characters their paths have."""
    paths = (glob.escape(str(path)).replace("'", "''") for path in found)
    return "read_parquet([" + ", ".join(f"'{path}'" for path in paths) + "], hive_partitioning = false)"
