"""Take the pictures of the report that the documentation shows: python docs/take_pictures.py RELEASE_FOLDER

Needs Chromium and the test tools. The pictures in docs/pictures/ are of a home that holds data/raw and the published
tables.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).parent / "pictures"
READY = "() => document.querySelector('main').dataset.ready === location.hash"
DRAWN = "() => Promise.all([...document.querySelectorAll('.canvas')].map((canvas) => canvas.need()))"
# name, view, address parameters, width, height, what to bring into sight, what to point at
VIEWS: tuple[tuple[str, str, str, int, int, str | None, str | None], ...] = (
    ("overview", "overview", "lang=en&theme=light", 1280, 1180, None, None),
    ("structure", "structure", "lang=en&theme=light", 1280, 900, "#by-region", '.mark[aria-label^="Beijing:"]'),
    ("regions", "regions/120000,310000,440000/rd_intensity?vintages=1", "lang=en&theme=dark", 1280, 1000, None, None),
    ("map", "regions/110000/rd_expenditure", "lang=zh&theme=light", 1280, 860, "#one-year", None),
    ("composite", "highlands", "lang=en&theme=light", 1280, 960, "#composite", None),
    ("claims", "paper/claims", "lang=zh&theme=light", 1280, 1000, None, None),
    ("table-4", "paper/table-4", "lang=en&theme=light", 1280, 1000, None, "tr:nth-child(4) button.number >> nth=2"),
    ("revisions", "quality/revisions", "lang=en&theme=light", 1280, 900, None, None),
    ("phone", "highlands/yangtze_river_delta", "lang=zh&theme=dark", 390, 844, None, None),
)


def take(browser: Any, release: Path) -> None:
    """One picture a view."""
    for name, view, asked, width, height, sight, point in VIEWS:
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(f"{(release / 'report' / 'index.html').as_uri()}?{asked}#/{view}")
        page.wait_for_function(READY)
        page.evaluate(DRAWN)
        if sight:
            page.locator(sight).evaluate("(element) => element.scrollIntoView()")
        if point:
            page.locator(point).first.hover(force=True)
            page.locator("#source").wait_for()
        page.wait_for_timeout(300)
        page.screenshot(path=PICTURES / f"{name}.png")
        page.close()


if __name__ == "__main__":
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        take(browser, Path(sys.argv[1]).resolve())
        browser.close()
