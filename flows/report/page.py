"""The frame of the report: index.html, one script and one style sheet, put together from templates/ and assets/."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

HERE = Path(__file__).parent
SCRIPTS = (
    "base/words", "base/store", "base/router",
    "parts/sources", "parts/controls", "parts/grid", "parts/figure",
    "plots/marks", "plots/lines", "plots/bars", "plots/ternary", "plots/tiles", "plots/intervals",
    "pages/overview", "pages/glance", "pages/soundness",
    "pages/structure", "pages/sectors", "pages/likeness", "pages/compare",
    "pages/clusters", "pages/clusterscatter", "pages/clusterchanges",
    "pages/highlands", "pages/profile", "pages/targets", "pages/scoreboard", "pages/regions", "pages/regionplots",
    "pages/paper", "pages/quality", "pages/checks", "pages/setaside", "pages/revisions", "pages/coverage",
    "pages/dictionary", "pages/search",
    "base/start",
)  # fmt: skip
STYLES = ("base", "frame", "parts", "pages", "print")
PAGES = (
    ("overview", "Overview", "概览"),
    ("structure", "R&D structure", "研发结构"),
    ("clusters", "Clusters", "科技集群"),
    ("highlands", "Highlands", "科创高地"),
    ("regions", "Regions", "地区"),
    ("paper", "The paper", "论文"),
    ("quality", "Quality", "质量"),
    ("dictionary", "Dictionary", "词典"),
)


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def html(about: Mapping[str, Any]) -> str:
    """index.html: navigation and landmarks in both languages; the pages are filled in by the script."""
    return _templates().get_template("index.html.j2").render(pages=PAGES, release=about.get("release") or "")


@cache
def script() -> str:
    """All of assets/js as one script in a scope of its own."""
    parts = [(HERE / "assets" / "js" / f"{name}.js").read_text("utf-8") for name in SCRIPTS]
    return "(function () {\n'use strict';\n" + "\n".join(parts) + "})();\n"


@cache
def style() -> str:
    """All of assets/css as one sheet."""
    return "\n".join((HERE / "assets" / "css" / f"{name}.css").read_text("utf-8") for name in STYLES)
