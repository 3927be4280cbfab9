"""The report of a release: `report/index.html`, static pages that need nothing but the files beside them.

Everything shown is taken from the marts in the browser: `contents` says which marts go into which data file,
`columns` how they are written, `page` makes the frame that the scripts in assets/ fill, `scripts` the plots' library.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.report import columns, contents, page, scripts
from flows.report.contents import Marts


def write(folder: Path, mart: Marts, about: Mapping[str, Any]) -> None:
    """Write `folder`/report/: index.html, its script and style, the plots' library and data/*.js.

    `mart` gives a mart as a frame and raises KeyError for one that is not there; the pages then say that they lack it.
    `about` may hold: release, previous (ids), changes (list of flat dicts, as flows.diff.compare gives them),
    checks (statistics of flows.validation.verdict.Checked). The same marts and `about` give the same bytes.
    """
    report = folder / "report"
    data = report / "data"
    data.mkdir(parents=True, exist_ok=True)
    for name, sets in contents.files(mart, about).items():
        with (data / name).open("w", encoding="utf-8") as file:
            for dataset, content in sets.items():
                file.writelines(columns.script(dataset, content))
    (report / "vega.js").write_text(scripts.vega(), "utf-8")
    (report / "report.js").write_text(page.script(), "utf-8")
    (report / "report.css").write_text(page.style(), "utf-8")
    (report / "index.html").write_text(page.html(about), "utf-8")


def warm() -> None:
    """Make the plots' library ready, which takes seconds the first time on a machine."""
    scripts.vega()
