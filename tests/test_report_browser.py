"""The report in headless Chromium: every page, plot, switch and number, with the mouse, the keys and on paper."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows import report
from flows.report import columns
from tests.test_report import ABOUT, datasets, folder, mart, marts_of  # noqa: F401

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
VIEWS = (
    "overview", "structure", "structure?like=440000&by=points", "clusters", "highlands", "highlands/jing_jin_ji",
    "highlands/greater_bay_area", "regions", "regions/110000,440000/rd_intensity?vintages=1", "paper/claims",
    "paper/table-1", "paper/table-2", "paper/table-3", "paper/table-4", "paper/table-5", "quality/findings",
    "quality/checks", "quality/quarantine", "quality/corrections", "quality/revisions", "quality/changes",
    "quality/coverage", "quality/documents", "dictionary/tables", "dictionary/tables/observation",
    "dictionary/indicators/rd_intensity", "dictionary/regions", "dictionary/sources", "dictionary?q=patent",
)  # fmt: skip
READY = "() => document.querySelector('main').dataset.ready === (location.hash || '#/overview')"
DRAWN = """() => Promise.all([...document.querySelectorAll('.canvas')].map(async (canvas) => {
    if (!canvas.drawnWidth && canvas.clientWidth) await canvas.draw(); }))"""


class Reader:
    """A page of the report, and everything that went wrong or was asked for while it was read."""

    def __init__(self, browser: Any, place: Path, **context: Any) -> None:
        self.home = (place / "report" / "index.html").as_uri()
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", **context)
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda told: self.wrong.append(told.text) if told.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

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


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests; they skip where there is none."""
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser ({', '.join(BROWSERS)}): the report is not looked at")
    with sync.sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield one
        one.close()


@pytest.fixture(scope="session")
def place(folder: Path, raw_run: Any) -> Path:  # noqa: F811
    """The report among the other files of its release."""
    for beside in raw_run.home.current.resolve().iterdir():
        if beside.name != "report" and not (folder / beside.name).exists():
            (folder / beside.name).symlink_to(beside)
    return folder


@pytest.fixture(scope="session")
def shared(browser: Any, place: Path) -> Reader:
    """The report as most tests read it: wide, light, English."""
    reader = Reader(browser, place)
    reader.page.set_default_timeout(10_000)
    reader.open()
    return reader


@pytest.fixture
def reader(shared: Reader) -> Iterator[Reader]:
    """The shared page, which must not have complained by the end of a test."""
    yield shared
    assert shared.wrong == []


def number(text: str) -> float:
    """A number as the page writes it."""
    return float(text.replace(",", "").replace("\u2212", "-").replace("+", ""))


def holds(text: str, value: Any) -> bool:
    """Whether a text shows a value, to the decimals that it shows."""
    if value is None:
        return text in ("–", "")
    if isinstance(value, str):
        return text == value
    decimals = len(text.partition(".")[2])
    return math.isclose(number(text), value, rel_tol=1e-12, abs_tol=0.5000001 * 10**-decimals)


@pytest.fixture(scope="session")
def walked(shared: Reader) -> dict[str, dict[str, Any]]:
    """What every view shows: headings, numbers with where they are from (all pages of all tables), plots."""
    seen = {}
    for view in VIEWS:
        shared.go(view)
        heads, plots = shared.texts("h1"), shared.page.evaluate(PLOTS)
        shared.page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        shared.page.wait_for_timeout(20)
        seen[view] = {"heads": heads, "plots": plots, "numbers": shared.page.evaluate(NUMBERS)}
    return seen


def test_every_page_loads_without_an_error_or_a_request_outside(
    walked: dict[str, dict[str, Any]], reader: Reader, place: Path
) -> None:
    for view, shown in walked.items():
        assert len(shown["heads"]) == 1 and "could not" not in shown["heads"][0], view
    outside = [url for url in reader.asked if not url.startswith((place.as_uri() + "/report/", "data:", "blob:"))]
    assert outside == []


def test_every_number_shown_is_its_marts(walked: dict[str, dict[str, Any]], place: Path) -> None:
    sets = {name: columns.unpacked(table) for name, table in datasets(place).items() if "columns" in table}
    seen = 0
    for view, shown in walked.items():
        for name, row, column, factor, text in shown["numbers"]:
            value = sets[name][column][int(row)]
            if isinstance(value, int | float) and factor:
                value *= float(factor)
            assert holds(text, value), f"{view}: {name}[{row}].{column} is {value}, the page says {text}"
            seen += 1
    assert seen > 3000


NUMBERS = """() => {
  const found = [];
  const take = () => { for (const e of document.querySelectorAll('[data-mart]')) found.push([e.dataset.mart, e.dataset.row, e.dataset.column, e.dataset.factor || '', e.textContent]); };
  take();
  for (let turn = 0; turn < 200; turn += 1) {
    const next = [...document.querySelectorAll('.pager button:last-child:not([disabled])')];
    if (!next.length) break;
    next.forEach((button) => button.click());
    take();
  }
  return found;
}"""


def test_counts_of_the_overview_are_those_of_the_marts(reader: Reader, mart: Any) -> None:  # noqa: F811
    reader.go("overview")
    told = dict(reader.page.evaluate("[...document.querySelectorAll('[data-fact]')].map((e) => [e.dataset.fact, e.textContent])"))
    numbers = mart("observation").filter(pl.col("value").is_not_null())
    assert number(told["numbers"]) == numbers.height
    assert told["years"] == f"{numbers['period'].min()}–{numbers['period'].max()}"
    for fact in ("document", "edition", "indicator", "region", "quarantine"):
        assert number(told[fact]) == mart(fact).height
    found = mart("finding")
    for level in ("error", "warning", "info"):
        for word, known in (("open", False), ("known", True)):
            expected = found.filter((pl.col("severity") == level) & (pl.col("acknowledged") == known)).height
            assert number(told[f"{word} {level}"]) == expected
    assert told["expectations"] == "4 / 5"


def test_every_plot_draws_a_mark_for_each_point_and_says_what_it_is(walked: dict[str, dict[str, Any]]) -> None:
    plots = [(view, *plot) for view, shown in walked.items() for plot in shown["plots"]]
    for view, name, points, marks, labelled in plots:
        assert points and points == marks == labelled, f"{view}: {name}: {points}, {marks} marks, {labelled} labels"
    assert len(plots) > 60


PLOTS = """() => [...document.querySelectorAll('.canvas')].filter((c) => c.clientWidth).map((c) => {
  const marks = [...c.querySelectorAll('.mark')];
  return [c.closest('figure').querySelector('h3').textContent, c.spec ? c.spec.datasets.points.length : 0, marks.length, marks.filter((m) => m.getAttribute('aria-label')).length];
})"""

MARKS = """(n) => [...document.querySelectorAll('.canvas')[n].querySelectorAll('.mark')].map((m) => {
  const box = m.getBoundingClientRect(); return {...m.__data__.datum, px: box.x + box.width / 2, py: box.y + box.height / 2, wide: box.width}; })"""


def test_points_of_the_triangle_are_where_their_shares_put_them(reader: Reader, mart: Any) -> None:  # noqa: F811
    reader.go("structure?whole=1")
    marks = {mark["region"]: mark for mark in reader.page.evaluate(MARKS, 0)}
    year = max(mart("rd_structure_by_region")["period"])
    rows = mart("rd_structure_by_region").filter((pl.col("period") == year) & pl.col("region").is_in(list(marks)))
    rows = rows.filter((pl.col("basis") != "shares") & pl.col("edition").str.starts_with("st-"))
    assert rows.height > 30 and {"jing_jin_ji", "yangtze_river_delta", "chengdu_chongqing", "CN"} <= marks.keys()
    places = {row["region"]: row for row in rows.to_dicts()}
    for code, row in places.items():
        assert [marks[code][a] for a in ("basic", "applied", "experimental")] == [
            row["basic_share"], row["applied_share"], row["experimental_share"],
        ]  # fmt: skip
    one, other = marks["110000"], marks["320000"]  # two points give the scale, all others must lie on it
    flat = {c: ((r["applied_share"] + r["basic_share"] / 2) / r["share_sum"], r["basic_share"] / r["share_sum"]) for c, r in places.items()}
    across = (one["px"] - other["px"]) / (flat["110000"][0] - flat["320000"][0])
    up = (other["py"] - one["py"]) / (flat["110000"][1] - flat["320000"][1])
    assert up / across == pytest.approx(math.sqrt(3) / 2, rel=0.02)
    for code, (x, y) in flat.items():
        assert marks[code]["px"] - other["px"] == pytest.approx(across * (x - flat["320000"][0]), abs=1.5)
        assert other["py"] - marks[code]["py"] == pytest.approx(up * (y - flat["320000"][1]), abs=1.5)


def test_clusters_lie_on_logarithmic_axes(reader: Reader, mart: Any) -> None:  # noqa: F811
    reader.go("clusters")
    marks = {mark["cluster"]: mark for mark in reader.page.evaluate(MARKS, 0)}
    ranking = mart("cluster_ranking").filter(pl.col("year") == pl.col("year").max()).drop_nulls(["pct_applications"])
    assert len(marks) == ranking.height > 10
    rows = ranking.sort("pct_applications").to_dicts()
    low, high = rows[0], rows[-1]
    scale = (marks[low["cluster"]]["py"] - marks[high["cluster"]]["py"]) / math.log(high["pct_applications"] / low["pct_applications"])
    for row in rows:
        expected = scale * math.log(row["pct_applications"] / low["pct_applications"])
        assert marks[low["cluster"]]["py"] - marks[row["cluster"]]["py"] == pytest.approx(expected, abs=1.5)


def test_lines_map_and_bars_of_a_region_are_its_observations(reader: Reader, mart: Any) -> None:  # noqa: F811
    reader.go("regions/110000,310000/rd_intensity")
    latest = mart("observation").filter((pl.col("indicator") == "rd_intensity") & pl.col("is_latest"))
    known = {(row["region"], row["period"]): row["value"] for row in latest.to_dicts()}
    series = reader.page.evaluate(MARKS, 0)
    assert {mark["region"] for mark in series} == {"110000", "310000"}
    assert all(mark["exact"] == known[mark["region"], mark["period"]] for mark in series)
    assert len(series) == sum(region in ("110000", "310000") for region, _ in known)
    year = max(period for _, period in known)
    tiles = {mark["region"]: mark["exact"] for mark in reader.page.evaluate(MARKS, 1)}
    assert len(tiles) == 34 and all(value == known.get((code, year)) for code, value in tiles.items())
    bars = reader.page.evaluate(MARKS, 2)
    assert [bar["exact"] for bar in bars] == sorted((bar["exact"] for bar in bars), reverse=True)
    longest = bars[0]
    assert all(bar["wide"] / longest["wide"] == pytest.approx(bar["exact"] / longest["exact"], abs=0.01) for bar in bars)


def test_a_number_shows_its_cell_when_pointed_at_focused_and_walked_to(reader: Reader, mart: Any) -> None:  # noqa: F811
    reader.go("regions/110000/rd_expenditure")
    reader.page.locator(".behind summary").first.click()
    button = reader.page.locator(".behind tbody button.number").first
    row = mart("observation").to_dicts()[int(button.get_attribute("data-row") or -1)]
    button.hover()
    box = reader.page.locator("#source")
    box.wait_for()
    names = mart("document").filter(pl.col("document") == row["document"])["names"][0]
    told = box.inner_text()
    assert row["raw"] in told and row["cell"] in told and names in told
    assert button.get_attribute("aria-describedby") == "source"
    reader.page.keyboard.press("Escape")
    assert box.is_hidden()
    button.focus()
    box.wait_for()
    reader.page.keyboard.press("ArrowDown")
    now = reader.page.evaluate("document.activeElement.dataset.row")
    assert now != button.get_attribute("data-row")
    below = mart("observation").to_dicts()[int(now)]
    assert below["raw"] in box.inner_text()
    reader.page.locator("h1").click()
    assert box.is_hidden()


def test_a_point_shows_its_cells_with_the_mouse_and_with_the_keys(reader: Reader, mart: Any) -> None:  # noqa: F811
    reader.go("structure")
    reader.page.locator('.canvas .mark[aria-label^="Beijing:"]').first.hover(force=True)
    box = reader.page.locator("#source")
    box.wait_for()
    row = mart("observation").filter(
        (pl.col("indicator") == "rd_expenditure.basic") & (pl.col("region") == "110000") & pl.col("is_latest") & (pl.col("period") == 2021)
    ).to_dicts()[0]  # fmt: skip
    assert row["raw"] in box.inner_text() and row["cell"] in box.inner_text()
    stops = reader.page.locator(".canvas").first.locator('[tabindex="0"]')
    assert stops.count() == 1
    stops.focus()
    first = reader.page.evaluate("document.activeElement.getAttribute('aria-label')")
    reader.page.keyboard.press("ArrowRight")
    assert reader.page.evaluate("document.activeElement.getAttribute('aria-label')") != first
    assert box.is_visible()


def test_the_language_switch_changes_every_text_and_its_mark(reader: Reader) -> None:
    for view in ("overview", "structure", "paper/claims", "quality/findings", "dictionary/indicators"):
        reader.go(view)
        english = reader.texts("h1, h2, nav a")
        assert reader.page.evaluate(UNMARKED) == []
        reader.page.locator("#language").click()
        reader.page.wait_for_function("() => document.documentElement.lang === 'zh-CN' && /[\u4e00-\u9fff]/.test(document.querySelector('h1').textContent)")
        chinese = reader.texts("h1, h2, nav a")
        assert len(chinese) == len(english)
        same = [one for one, other in zip(english, chinese, strict=True) if one == other and re.search("[A-Za-z]{4}", one)]
        assert same == [], view
        assert reader.page.evaluate(UNMARKED) == []
        reader.page.locator("#language").click()
        reader.page.wait_for_function("() => document.documentElement.lang === 'en'")
        reader.page.wait_for_function(READY)


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
    if (chinese !== (marked === 'zh-CN') && (chinese || /[a-z]{4,} [a-z]{3,}/.test(text))) wrong.push(`${marked}: ${text.slice(0, 60)}`);
  }
  return wrong;
}"""


def test_the_theme_follows_the_system_and_the_switch(browser: Any, place: Path) -> None:
    dark = Reader(browser, place, color_scheme="dark")
    dark.open()
    ground = "getComputedStyle(document.body).backgroundColor"
    before = dark.page.evaluate(ground)
    assert dark.page.evaluate("document.documentElement.dataset.theme") == "dark"
    dark.page.locator("#theme").click()
    assert dark.page.evaluate(ground) != before
    assert dark.page.locator("#theme").get_attribute("aria-pressed") == "false"
    dark.page.reload()
    dark.page.wait_for_function(READY)
    assert dark.page.evaluate("document.documentElement.dataset.theme") == "light"
    dark.context.close()


def test_the_slider_moves_the_year_of_view_and_link(reader: Reader, mart: Any) -> None:  # noqa: F811
    years = sorted(mart("rd_structure_by_region")["period"].unique())
    reader.go("structure")
    slider = reader.page.locator("input[type=range]").first
    slider.focus()
    reader.page.keyboard.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == str(years[-2])
    assert f"year={years[-2]}" in reader.page.evaluate("location.hash")
    assert str(years[-2]) in reader.page.locator("figure h3").first.inner_text()
    reader.page.evaluate(DRAWN)
    point = next(mark for mark in reader.page.evaluate(MARKS, 0) if mark["region"] == "110000")
    row = mart("rd_structure_by_region").filter((pl.col("region") == "110000") & (pl.col("period") == years[-2]))
    assert point["basic"] in row["basic_share"].to_list()


def test_a_view_can_be_linked_to_with_its_choices(browser: Any, place: Path) -> None:
    fresh = Reader(browser, place)
    fresh.open("regions/440000,CN/rd_intensity?year=2020", "?lang=zh&theme=dark")
    assert fresh.page.evaluate("document.documentElement.lang") == "zh-CN"
    assert fresh.page.locator(".chip").count() == 2
    assert "2020" in fresh.page.locator("#one-year ~ * output").first.inner_text()
    fresh.open("no/such/view")
    assert fresh.page.locator(".page.overview").count() == 1 and fresh.wrong == []
    fresh.context.close()


def test_search_finds_by_name_code_and_chinese(reader: Reader) -> None:
    for words, wanted in (("R&D intensity", "rd_intensity"), ("发明专利", "patents_in_force.invention"), ("440300", "440300")):
        reader.page.locator("#search").fill(words)
        reader.page.wait_for_function("words => document.querySelector('h2')?.textContent.includes(words)", arg=words)
        assert wanted in reader.page.locator("main").inner_text()
        assert reader.page.evaluate("document.activeElement.id") == "search"
    reader.page.locator("#search").fill("")


def test_tables_sort_filter_turn_pages_and_download(reader: Reader, mart: Any, tmp_path: Path) -> None:  # noqa: F811
    reader.go("quality/documents")
    reader.page.get_by_role("button", name="Bytes").click()
    sizes = [number(text) for text in reader.texts("tbody td:nth-child(4)")]
    assert sizes == sorted(mart("document")["bytes"], reverse=True)[: len(sizes)]
    assert reader.page.locator('th[aria-sort="descending"]').count() == 1
    reader.page.get_by_label("Filter").fill("csv")
    shown = reader.texts("tbody tr")
    assert shown and all("csv" in row for row in shown)
    reader.page.get_by_label("Filter").fill("")
    with reader.page.expect_download() as waiting:
        reader.page.get_by_role("button", name="CSV").click()
    waiting.value.save_as(tmp_path / "documents.csv")
    told = pl.read_csv(tmp_path / "documents.csv", infer_schema=False)
    assert sorted(told["document"]) == sorted(mart("document")["document"])
    link = reader.page.get_by_role("link", name="Parquet", exact=True)
    assert (link.get_attribute("href"), link.get_attribute("download")) == ("../marts/document.parquet", "document.parquet")
    with reader.page.expect_download() as waiting:
        link.click()
    waiting.value.save_as(tmp_path / "document.parquet")
    assert pl.read_parquet(tmp_path / "document.parquet").equals(mart("document"))


def test_regions_are_added_and_left_out_and_tiles_answer(reader: Reader) -> None:
    reader.go("regions/110000/rd_expenditure")
    reader.page.get_by_label("Add a region").select_option("440000")
    assert "110000,440000" in reader.page.evaluate("location.hash")
    reader.page.get_by_role("button", name="Remove Beijing").click()
    assert reader.texts(".chip") == ["Guangdong ×"]
    reader.page.evaluate(DRAWN)
    reader.page.locator('.mark[aria-label^="Sichuan:"]').first.click(force=True)
    assert "440000,510000" in reader.page.evaluate("location.hash")


def test_axe_finds_nothing_wrong(browser: Any, place: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    views = ("overview", "structure", "clusters", "highlands/jing_jin_ji", "regions", "paper/claims", "paper/table-4",
             "quality/findings", "quality/coverage", "dictionary/tables/observation")  # fmt: skip
    colours = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
    for scheme, part, options in (("light", views, {"resultTypes": ["violations"]}), ("dark", views, colours)):
        one = Reader(browser, place, color_scheme=scheme)
        one.open()
        for view in part:
            one.go(view)
            found = axe.run(one.page, options=options).response["violations"]
            told = [f"{v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0].get('failureSummary', '')[:200]}" for v in found]
            assert told == [], f"{view} ({scheme})"
        one.context.close()


def test_without_a_mouse(reader: Reader) -> None:
    reader.go("overview")
    reader.page.reload()
    reader.page.wait_for_function(READY)
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.className") == "skip"
    reader.page.keyboard.press("Enter")
    assert reader.page.evaluate("document.activeElement.id") == "main"
    reader.page.locator('nav a[data-page="clusters"]').focus()
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_function("() => location.hash === '#/clusters' && document.querySelector('.page.clusters')")
    assert reader.page.evaluate("document.activeElement.id") == "main"
    assert reader.page.locator('nav a[aria-current="page"]').first.inner_text() == "Clusters"


def test_a_phone_scrolls_one_way_only(browser: Any, place: Path) -> None:
    phone = Reader(browser, place)
    phone.page.set_viewport_size({"width": 360, "height": 740})
    phone.open("overview", "?lang=zh")
    for view in VIEWS:
        phone.go(view)
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360, view
    assert phone.wrong == []
    phone.context.close()


def test_on_paper(reader: Reader) -> None:
    reader.go("structure")
    reader.page.emulate_media(media="print")
    hidden = ".search, header.site nav, .downloads, .switches, .under"
    assert all(not element.is_visible() for element in reader.page.locator(hidden).all())
    assert reader.page.locator(".canvas svg").first.is_visible()
    assert reader.page.pdf(format="A4").startswith(b"%PDF")
    reader.page.emulate_media(media="screen")


def test_the_first_view_is_there_within_a_second(browser: Any, place: Path) -> None:
    times = []
    for _ in range(3):
        fresh = Reader(browser, place)
        fresh.open()
        times.append(fresh.page.evaluate("performance.getEntriesByName('usable')[0].startTime"))
        fresh.context.close()
    assert min(times) < 1000, times


def test_every_link_within_the_release_leads_somewhere(reader: Reader, place: Path) -> None:
    links: set[str] = set()
    for view in ("overview", "quality/findings", "dictionary/tables", "paper/table-4", "highlands"):
        reader.go(view)
        links |= set(reader.page.evaluate("[...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href'))"))
    for link in sorted(link for link in links if not link.startswith("#")):
        assert (place / "report" / link).exists(), link


def test_without_scripts_it_says_where_the_numbers_are(browser: Any, place: Path) -> None:
    plain = Reader(browser, place, java_script_enabled=False)
    plain.page.goto(plain.home)
    assert "highlands.duckdb" in plain.page.locator("noscript").inner_text()
    plain.context.close()


def test_pages_say_what_is_missing_where_marts_are(browser: Any, tmp_path: Path, mart: Any) -> None:  # noqa: F811
    def none(name: str) -> pl.DataFrame:
        raise KeyError(name)

    def one_table(name: str) -> pl.DataFrame:
        frame = mart(name)
        return frame.filter(pl.col("indicator") == "rd_intensity") if name == "observation" else frame.clear() if name not in ("region", "indicator", "region_member", "dictionary") else frame

    for name, marts in (("none", none), ("one", one_table)):
        report.write(tmp_path / name, marts, {})
        bare = Reader(browser, tmp_path / name)
        bare.open()
        for view in VIEWS:
            bare.go(view)
            assert bare.page.locator("h1").count() == 1 and "could not be drawn" not in bare.page.locator("h1").inner_text(), f"{name}: {view}"
        assert bare.wrong == [], name
        bare.context.close()


def test_hostile_text_stays_text(browser: Any, tmp_path: Path, mart: Any) -> None:  # noqa: F811
    evil = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>'

    def marts(name: str) -> pl.DataFrame:
        frame = mart(name)
        texts = [c for c in ("raw", "message", "reason", "suggestion", "names", "target", "statement_en", "comment_en") if c in frame.columns]
        return frame.with_columns(pl.lit(evil).alias(column) for column in texts)

    report.write(tmp_path, marts, {})
    attacked = Reader(browser, tmp_path)
    attacked.open()
    for view in ("quality/findings", "quality/quarantine", "quality/documents", "paper/table-2", "dictionary/tables"):
        attacked.go(view)
        assert attacked.page.locator("main img, main script").count() == 0
        assert "taken" not in attacked.page.title()
    assert "<img" in attacked.page.locator("main").inner_text() and attacked.wrong == []
    attacked.context.close()


def test_the_published_tables_load_and_draw(browser: Any, published_run: Any, tmp_path: Path) -> None:
    report.write(tmp_path, marts_of(published_run.home.current), ABOUT)
    large = Reader(browser, tmp_path)
    large.open()
    assert large.page.evaluate("performance.getEntriesByName('usable')[0].startTime") < 3000
    for view in ("structure", "highlands/yangtze_river_delta", "regions", "quality/revisions", "paper/claims"):
        large.go(view)
        assert all(points == marks for _, points, marks, _ in large.page.evaluate(PLOTS))
    assert large.wrong == []
    large.context.close()
