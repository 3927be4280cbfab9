"""The edition dimension: what each edition that appears in the cells is, and the day it appeared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

EDITION = {
    "edition": pl.String, "series": pl.String, "year": pl.Int32, "data_year": pl.Int32, "release_date": pl.Date,
    "name_zh": pl.String, "name_en": pl.String, "producer": pl.String, "licence": pl.String,
    "approximate": pl.Boolean,
}


def editions(found: Iterable[str], series: Mapping[str, Mapping[str, Any]]) -> pl.DataFrame:
    """One row for each edition, from data/reference/editions.yml. An edition whose day is not declared takes the
    series' usual month and day in its own year (`approximate`)."""
    return pl.DataFrame(
        [_edition(edition, series) for edition in sorted(set(found))], schema=EDITION, orient="row"
    )


def _edition(edition: str, series: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    name, _, number = edition.partition("/")
    body = series.get(name, {})
    year = int(number)
    data_year = year - int(body.get("offset", 0))
    declared = body.get("released", {}).get(year)
    month, day = (int(part) for part in str(body.get("default_release", "12-31")).split("-"))
    usual = date(data_year + int(body.get("default_release_after", 1)), month, day)
    return {
        "edition": edition,
        "series": name,
        "year": year,
        "data_year": data_year,
        "release_date": date.fromisoformat(str(declared["date"])) if declared else usual,
        "name_zh": f"{body.get('name_zh', name)} {year}",
        "name_en": f"{body.get('name_en', name)} {year}",
        "producer": " / ".join(body[key] for key in ("producer_zh", "producer_en") if key in body) or None,
        "licence": " / ".join(body[key] for key in ("terms_zh", "terms_en") if key in body) or None,
        "approximate": declared is None or bool(declared.get("approximate")),
    }


def methodology(series: Mapping[str, Mapping[str, Any]]) -> pl.DataFrame:
    """Stretches of one methodology between breaks: series, since (edition year), names."""
    rows = [
        (name, int(stretch["since"]), stretch["name_zh"], stretch["name_en"])
        for name, body in series.items()
        for stretch in body.get("methodology", [])
    ]
    schema = {"series": pl.String, "since": pl.Int32, "name_zh": pl.String, "name_en": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
