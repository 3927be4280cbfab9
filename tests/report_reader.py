"""Reading a report in tests: its data files, and its pages in a browser."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

Marts = Callable[[str], pl.DataFrame]
ABOUT = {
    "release": "0123456789ab",
    "previous": "ba9876543210",
    "changes": [{"kind": "new", "table": "rd_intensity", "edition": "st-yearbook/2022", "numbers": 3}],
    "checks": {"suites": 2, "expectations": 5, "failed": {"critical": 0, "warning": 1, "info": 0}},
}
CALL = re.compile(r'highlands\.(table|facts)\(("[^"]+"),(.*)\);')
VIEWS = (
    "overview", "structure", "structure?like=440000&by=points", "clusters", "highlands", "highlands/jing_jin_ji",
    "highlands/greater_bay_area", "regions", "regions/110000,440000/rd_intensity?vintages=1", "paper/claims",
    "paper/table-1", "paper/table-2", "paper/table-3", "paper/table-4", "paper/table-5", "quality/findings",
    "quality/checks", "quality/quarantine", "quality/corrections", "quality/revisions", "quality/changes",
    "quality/coverage", "quality/documents", "dictionary/tables", "dictionary/tables/observation",
    "dictionary/indicators/rd_intensity", "dictionary/regions", "dictionary/sources", "dictionary?q=patent",
)  # fmt: skip

FEW = (
    "overview", "structure", "clusters", "highlands", "highlands/greater_bay_area", "regions", "paper/claims",
    "paper/table-4", "quality/findings", "quality/coverage", "dictionary/tables/observation", "dictionary?q=patent",
)  # fmt: skip


def marts_of(release: Path) -> Marts:
    """The marts of a release, by name."""

    def mart(name: str) -> pl.DataFrame:
        file = release / "marts" / f"{name}.parquet"
        if not file.exists():
            raise KeyError(name)
        return pl.read_parquet(file)

    return mart


def none(name: str) -> pl.DataFrame:
    """No mart at all."""
    raise KeyError(name)


def datasets(folder: Path) -> dict[str, Any]:
    """What the data files of a report hand to the page, by name."""
    found: dict[str, Any] = {}
    for file in sorted((folder / "report" / "data").glob("*.js")):
        for line in file.read_text("utf-8").splitlines():
            call = CALL.fullmatch(line)
            assert call, f"{file.name}: {line[:80]}"
            found[json.loads(call[2])] = json.loads(call[3])
    return found


def number(text: str) -> float:
    """A number as the page writes it."""
    return float(text.replace(",", "").replace("\u2212", "-"))


def holds(text: str, value: Any, factor: str = "") -> bool:
    """Whether a text shows a value (times a factor), to the decimals that it shows."""
    if value is None:
        return text in ("–", "")
    if isinstance(value, str):
        return text == value
    decimals = len(text.partition(".")[2])
    return math.isclose(number(text), value * float(factor or 1), rel_tol=1e-12, abs_tol=0.5000001 * 10**-decimals)


class Reader:
    """A page of the report, and everything that went wrong or was asked for while it was read."""

    def __init__(self, browser: Any, place: Path, **context: Any) -> None:
        self.home = (place / "report" / "index.html").as_uri()
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", **context)
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", self._told)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def _told(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(message.text)

    def open(self, view: str = "overview", asked: str = "") -> None:
        """Load the report at a view."""
        self.page.goto(f"{self.home}{asked}#/{view}")
        self.page.wait_for_function(READY)

    def go(self, view: str) -> None:
        """Go to a view by its link, without loading the report again, and draw all of its plots."""
        self.page.evaluate("view => { location.hash = '#/' + view; }", view)
        self.page.wait_for_function(READY)
        self.page.evaluate(DRAWN)

    def texts(self, selector: str) -> list[str]:
        """The texts of all that match."""
        return [text.strip() for text in self.page.locator(selector).all_text_contents()]

    def marks(self, plot: int) -> list[dict[str, Any]]:
        """The points that a plot of the page draws, with the middle and the width of each on the screen."""
        return self.page.evaluate(MARKS, plot)


READY = "() => document.querySelector('main').dataset.ready === (location.hash || '#/overview')"
DRAWN = """() => Promise.all([...document.querySelectorAll('.canvas')].map(async (canvas) => {
  if (canvas.clientWidth) await canvas.need(); }))"""
MARKS = """(n) => [...document.querySelectorAll('.canvas')[n].querySelectorAll('.mark')].map((mark) => {
  const box = mark.getBoundingClientRect();
  return { ...mark.__data__.datum, px: box.x + box.width / 2, py: box.y + box.height / 2, wide: box.width };
})"""
# every number that says which mart it is from, on all pages of all tables
NUMBERS = """() => {
  const found = [];
  const take = () => {
    for (const { dataset, textContent } of document.querySelectorAll('[data-mart]'))
      found.push([dataset.mart, dataset.row, dataset.column, dataset.factor || '', textContent]);
  };
  take();
  for (let turn = 0; turn < 200; turn += 1) {
    const next = [...document.querySelectorAll('.pager button:last-child:not([disabled])')];
    if (!next.length) break;
    next.forEach((button) => button.click());
    take();
  }
  return found;
}"""
# numbers in tables that neither say which mart they are from nor that they were counted or computed
UNEXPLAINED = """() => [...document.querySelectorAll('td.number')].filter((cell) => /\\d/.test(cell.textContent)
  && !cell.querySelector('[data-mart], [data-fact], [data-computed]') && !/^\\d{4}$/.test(cell.textContent.trim()))
  .map((cell) => cell.textContent)"""
PLOTS = """() => [...document.querySelectorAll('.canvas')].filter((canvas) => canvas.clientWidth).map((canvas) => {
  const marks = [...canvas.querySelectorAll('.mark')];
  const points = canvas.spec ? canvas.spec.datasets.points.length : 0;
  const title = canvas.closest('figure').querySelector('h3').textContent;
  return [title, points, marks.length, marks.filter((mark) => mark.getAttribute('aria-label')).length];
})"""
SPECS = "() => [...document.querySelectorAll('.canvas')].map((canvas) => canvas.spec).filter(Boolean)"
# texts whose letters are not of the language that they are marked with
UNMARKED = """() => {
  const wrong = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const parent = walker.currentNode.parentElement;
    if (!text || parent.closest('script, style, svg, code, noscript, option')) continue;
    const chinese = /[\\u4e00-\\u9fff]/.test(text);
    const marked = parent.closest('[lang]').lang;
    const english = /[a-z]{4,} [a-z]{3,}/.test(text);
    if (chinese !== (marked === 'zh-CN') && (chinese || english)) wrong.push(`${marked}: ${text.slice(0, 60)}`);
  }
  return wrong;
}"""
