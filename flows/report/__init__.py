"""The report of a release: `report/index.html`, static pages that need nothing but the files beside them.

Everything shown is taken from the marts in the browser: `contents` says which marts go into which data file,
`columns` how they are written, `page` makes the frame that the scripts in assets/ fill, `scripts` the plots' library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from flows.marts import parts
from flows.report import columns, contents, page, scripts

Marts = Callable[[str], pl.DataFrame]


def write(folder: Path, mart: Marts, about: Mapping[str, Any]) -> None:
    """Write `folder`/report/: index.html, its script and style, the plots' library and data/*.js.

    `mart` gives a mart as a frame and raises KeyError for one that is not there; it is then looked for in
    `folder`/marts, where the dictionary comes into being, and else the pages say that they lack it.
    `about` may hold: release, previous (ids), changes (list of flat dicts, as flows.diff.compare gives them),
    checks (statistics of flows.validation.checks.Checked). The same marts and `about` give the same bytes.
    """
    report = folder / "report"
    data = report / "data"
    data.mkdir(parents=True, exist_ok=True)
    files = contents.files(_or_file(mart, folder / "marts"), about)
    for name, sets in files.items():
        text = "".join(columns.script(dataset, content) for dataset, content in sets.items())
        (data / name).write_text(text, "utf-8")
    (report / "vega.js").write_text(scripts.vega(), "utf-8")
    (report / "report.js").write_text(page.script(), "utf-8")
    (report / "report.css").write_text(page.style(), "utf-8")
    (report / "index.html").write_text(page.html(about), "utf-8")


def _or_file(mart: Marts, marts: Path) -> Marts:
    def either(name: str) -> pl.DataFrame:
        try:
            return mart(name)
        except KeyError:
            if not (files := parts.files(marts / f"{name}.parquet")):
                raise
            return pl.read_parquet(files, glob=False, hive_partitioning=False)

    return either


def warm() -> None:
    """Make the plots' library ready, which takes seconds the first time on a machine."""
    scripts.vega()
