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
from tests import report_reader
from tests.report_reader import ABOUT, FEW, PLOTS, READY, VIEWS, Marts, Reader, datasets, holds, marts_of, none, number

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def mart(raw_run: Any) -> Marts:
    """The marts of the committed sources."""
    return marts_of(raw_run.home.current)


@pytest.fixture(scope="module")
def place(mart: Marts, raw_run: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report among the other files of its release."""
    folder = tmp_path_factory.mktemp("release")
    report.write(folder, mart, ABOUT)
    for beside in raw_run.home.current.resolve().iterdir():
        if beside.name != "report":
            (folder / beside.name).symlink_to(beside)
    return folder


@pytest.fixture(scope="module")
def shared(browser: Any, place: Path) -> Reader:
    """The report as most tests read it: wide, light, English."""
    reader = Reader(browser, place)
    reader.open()
    return reader


@pytest.fixture
def reader(shared: Reader) -> Iterator[Reader]:
    """The shared page, in English, which must not have complained by the end of a test."""
    if shared.page.evaluate("document.documentElement.lang") != "en":
        shared.page.locator("#language").click()
    yield shared
    assert shared.wrong == []


@pytest.fixture(scope="module")
def walked(shared: Reader) -> dict[str, dict[str, Any]]:
    """What every view shows: headings, plots, and numbers with where they are from, on all pages of all tables."""
    seen = {}
    for view in VIEWS:
        shared.go(view)
        heads, plots = shared.texts("h1"), shared.page.evaluate(PLOTS)
        shared.page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        shared.page.wait_for_timeout(20)
        unexplained = shared.page.evaluate(report_reader.UNEXPLAINED)
        numbers = shared.page.evaluate(report_reader.NUMBERS)
        seen[view] = {"heads": heads, "plots": plots, "numbers": numbers, "unexplained": unexplained}
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
            assert holds(text, value, factor), f"{view}: {name}[{row}].{column} is {value}, the page says {text}"
            seen += 1
    assert seen > 3000


def test_every_number_in_a_table_says_where_it_is_from(walked: dict[str, dict[str, Any]]) -> None:
    assert {view: shown["unexplained"] for view, shown in walked.items() if shown["unexplained"]} == {}


def test_sums_and_tallies_are_right(reader: Reader, mart: Marts) -> None:
    reader.go("paper/table-4")
    rows = reader.page.locator("main table").first.locator("tbody tr").all()
    assert len(rows) == 9
    for row in rows:
        printed = row.locator("td .number[data-column=printed]").all_text_contents()
        told = row.locator("[data-computed=sum]").inner_text()
        assert number(told) == pytest.approx(sum(map(number, printed)), abs=0.005)
    reader.go("quality/checks")
    found = mart("finding").group_by("check").len()
    told = dict(zip(reader.texts("tbody th code"), reader.texts("tbody td:nth-child(4)"), strict=True))
    assert {check: number(text) for check, text in told.items()} == dict(found.iter_rows())


def test_counts_of_the_overview_are_those_of_the_marts(reader: Reader, mart: Marts) -> None:
    reader.go("overview")
    facts = "[...document.querySelectorAll('[data-fact]')].map((e) => [e.dataset.fact, e.textContent])"
    told = dict(reader.page.evaluate(facts))
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


def test_plots_are_valid_vega_lite(reader: Reader) -> None:
    altair = pytest.importorskip("altair")
    for view in ("structure", "clusters", "highlands/jing_jin_ji", "regions", "quality/coverage"):
        reader.go(view)
        for spec in reader.page.evaluate(report_reader.SPECS)[:1]:
            altair.Chart.from_dict({**spec, "datasets": {}}, validate=True)


def test_points_of_the_triangle_are_where_their_shares_put_them(reader: Reader, mart: Marts) -> None:
    reader.go("structure?whole=1")
    marks = {mark["region"]: mark for mark in reader.marks(0)}
    all_rows = mart("rd_structure_by_region").filter(pl.col("period") == pl.col("period").max())
    yearbook = (pl.col("basis") != "shares") & pl.col("edition").str.starts_with("st-")
    rows = {row["region"]: row for row in all_rows.filter(yearbook).to_dicts() if row["region"] in marks}
    assert len(rows) > 30 and {"jing_jin_ji", "yangtze_river_delta", "chengdu_chongqing", "CN"} <= rows.keys()
    flat = {}
    for code, row in rows.items():
        shares = [row["basic_share"], row["applied_share"], row["experimental_share"]]
        assert [marks[code][activity] for activity in ("basic", "applied", "experimental")] == shares
        flat[code] = ((shares[1] + shares[0] / 2) / row["share_sum"], shares[0] / row["share_sum"])
    one, other = marks["110000"], marks["320000"]  # two points give the scale, all others must lie on it
    across = (one["px"] - other["px"]) / (flat["110000"][0] - flat["320000"][0])
    up = (other["py"] - one["py"]) / (flat["110000"][1] - flat["320000"][1])
    assert up / across == pytest.approx(math.sqrt(3) / 2, rel=0.02)
    for code, (x, y) in flat.items():
        assert marks[code]["px"] - other["px"] == pytest.approx(across * (x - flat["320000"][0]), abs=1.5)
        assert other["py"] - marks[code]["py"] == pytest.approx(up * (y - flat["320000"][1]), abs=1.5)


def test_clusters_lie_on_logarithmic_axes(reader: Reader, mart: Marts) -> None:
    reader.go("clusters")
    heights = {mark["cluster"]: mark["py"] for mark in reader.marks(0)}
    ranking = mart("cluster_ranking").filter(pl.col("year") == pl.col("year").max()).drop_nulls("pct_applications")
    assert len(heights) == ranking.height > 10
    rows = ranking.sort("pct_applications").to_dicts()
    low, high = rows[0], rows[-1]
    powers = {row["cluster"]: math.log(row["pct_applications"] / low["pct_applications"]) for row in rows}
    scale = (heights[low["cluster"]] - heights[high["cluster"]]) / powers[high["cluster"]]
    for code, power in powers.items():
        assert heights[low["cluster"]] - heights[code] == pytest.approx(scale * power, abs=1.5)


def test_lines_map_and_bars_of_a_region_are_its_observations(reader: Reader, mart: Marts) -> None:
    reader.go("regions/110000,310000/rd_intensity")
    latest = mart("observation").filter((pl.col("indicator") == "rd_intensity") & pl.col("is_latest"))
    known = {(row["region"], row["period"]): row["value"] for row in latest.to_dicts()}
    series = reader.marks(0)
    assert {mark["region"] for mark in series} == {"110000", "310000"}
    assert all(mark["exact"] == known[mark["region"], mark["period"]] for mark in series)
    assert len(series) == sum(region in ("110000", "310000") for region, _ in known)
    year = max(period for _, period in known)
    tiles = {mark["region"]: mark["exact"] for mark in reader.marks(1)}
    assert len(tiles) == 34 and all(value == known.get((code, year)) for code, value in tiles.items())
    bars = reader.marks(2)
    assert [bar["exact"] for bar in bars] == sorted((bar["exact"] for bar in bars), reverse=True)
    unit = bars[0]["wide"] / bars[0]["exact"]
    assert all(bar["wide"] == pytest.approx(unit * bar["exact"], abs=1.5) for bar in bars)


def test_intervals_of_the_composite_are_its_ranks(reader: Reader, mart: Marts) -> None:
    reader.go("highlands")
    score = mart("composite_score").filter((pl.col("period") == pl.col("period").max()) & pl.col("rank").is_not_null())
    last = reader.page.locator(".canvas").count() - 1
    drawn = {mark["region"]: [mark[c] for c in ("rank", "low", "median", "high")] for mark in reader.marks(last)}
    assert drawn == {
        row["region"]: [row["rank"], row["rank_05"], row["rank_50"], row["rank_95"]] for row in score.to_dicts()
    }


def test_a_number_shows_its_cell_when_pointed_at_focused_and_walked_to(reader: Reader, mart: Marts) -> None:
    reader.go("regions/110000/rd_expenditure")
    reader.page.locator(".behind summary").first.click()
    button = reader.page.locator(".behind tbody button.number").first
    rows = mart("observation").to_dicts()
    row = rows[int(button.get_attribute("data-row") or -1)]
    button.hover()
    box = reader.page.locator("#source")
    box.wait_for()
    names = mart("document").filter(pl.col("document") == row["document"])["names"][0]
    assert all(word in box.inner_text() for word in (row["raw"], row["cell"], names))
    assert button.get_attribute("aria-describedby") == "source"
    reader.page.keyboard.press("Escape")
    assert box.is_hidden()
    button.focus()
    box.wait_for()
    reader.page.keyboard.press("ArrowDown")
    below = rows[int(reader.page.evaluate("document.activeElement.dataset.row"))]
    assert below is not row and below["raw"] in box.inner_text()
    reader.page.locator("h1").click()
    assert box.is_hidden()


def test_a_point_shows_its_cells_with_the_mouse_and_with_the_keys(reader: Reader, mart: Marts) -> None:
    reader.go("structure")
    box = reader.page.locator("#source")
    for name in ("Beijing-Tianjin-Hebei", "Beijing"):
        reader.page.locator(f'.canvas .mark[aria-label^="{name}:"]').first.hover(force=True)
        box.get_by_text(name, exact=False).first.wait_for()
    wanted = (pl.col("indicator") == "rd_expenditure.basic") & (pl.col("region") == "110000") & pl.col("is_latest")
    row = mart("observation").filter(wanted).sort("period").to_dicts()[-1]
    assert row["raw"] in box.inner_text() and row["cell"] in box.inner_text()
    stops = reader.page.locator(".canvas").first.locator('[tabindex="0"]')
    assert stops.count() == 1
    stops.focus()
    label = "document.activeElement.getAttribute('aria-label')"
    first = reader.page.evaluate(label)
    reader.page.keyboard.press("ArrowRight")
    assert reader.page.evaluate(label) != first and box.is_visible()


def test_the_language_switch_changes_every_text_and_its_mark(reader: Reader) -> None:
    for view in ("overview", "structure", "paper/claims", "quality/findings", "dictionary/indicators"):
        reader.go(view)
        english = reader.texts("h1, h2, nav a")
        assert reader.page.evaluate(report_reader.UNMARKED) == []
        reader.page.locator("#language").click()
        reader.page.wait_for_function("() => /[\u4e00-\u9fff]/.test(document.querySelector('h1').textContent)")
        chinese = reader.texts("h1, h2, nav a")
        both = [one for one in english if one in chinese and re.search("[A-Za-z]{4}", one)]
        assert len(chinese) == len(english) and both == [], view
        assert reader.page.evaluate(report_reader.UNMARKED) == []
        reader.page.locator("#language").click()
        reader.page.wait_for_function("() => !/[\u4e00-\u9fff]/.test(document.querySelector('h1').textContent)")


def test_the_theme_follows_the_system_and_the_switch(browser: Any, place: Path) -> None:
    dark = Reader(browser, place, color_scheme="dark")
    dark.open()
    ground, theme = "getComputedStyle(document.body).backgroundColor", "document.documentElement.dataset.theme"
    before = dark.page.evaluate(ground)
    assert dark.page.evaluate(theme) == "dark"
    dark.page.locator("#theme").click()
    assert dark.page.evaluate(ground) != before
    assert dark.page.locator("#theme").get_attribute("aria-pressed") == "false"
    dark.page.reload()
    dark.page.wait_for_function(READY)
    assert dark.page.evaluate(theme) == "light"
    dark.context.close()


def test_the_slider_moves_the_year_of_view_and_link(reader: Reader, mart: Marts) -> None:
    before = sorted(mart("rd_structure_by_region")["period"].unique())[-2]
    reader.go("structure")
    slider = reader.page.locator("input[type=range]").first
    slider.focus()
    reader.page.keyboard.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == str(before)
    assert f"year={before}" in reader.page.evaluate("location.hash")
    assert str(before) in reader.page.locator("figure h3").first.inner_text()
    reader.page.evaluate(report_reader.DRAWN)
    point = next(mark for mark in reader.marks(0) if mark["region"] == "110000")
    row = mart("rd_structure_by_region").filter((pl.col("region") == "110000") & (pl.col("period") == before))
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


def test_choices_of_lists_are_part_of_the_link(reader: Reader, mart: Marts) -> None:
    reader.go("quality/findings?severity=error&status=explained")
    wanted = (pl.col("severity") == "error") & pl.col("acknowledged")
    known = mart("finding").filter(wanted).height
    assert reader.texts(".tools .status") == [f"{known} rows"]
    reader.page.get_by_text("Open", exact=True).click()
    assert "status=open" in reader.page.evaluate("location.hash")
    reader.go("paper/claims?verdict=contradicted")
    verdicts = mart("claim").filter(pl.col("verdict") == "contradicted")["statement"].unique()
    assert reader.page.locator(".claim").count() == len(verdicts) > 0
    reader.go(f"paper/claims/{verdicts[0]}")
    assert reader.page.locator(f"[id='claim-{verdicts[0]}']").count() == 1


def test_search_finds_by_name_code_and_chinese(reader: Reader) -> None:
    searches = {"R&D intensity": "rd_intensity", "发明专利": "patents_in_force.invention", "440300": "440300"}
    for words, wanted in searches.items():
        reader.page.locator("#search").fill(words)
        reader.page.wait_for_function("words => document.querySelector('h2')?.textContent.includes(words)", arg=words)
        assert wanted in reader.page.locator("main").inner_text()
        assert reader.page.evaluate("document.activeElement.id") == "search"
    reader.page.locator("#search").fill("")


def test_tables_sort_filter_and_download(reader: Reader, mart: Marts, tmp_path: Path) -> None:
    reader.go("quality/documents")
    reader.page.get_by_role("button", name="Bytes").click()
    sizes = [number(text) for text in reader.texts("tbody td:nth-child(4)")]
    assert sizes == sorted(mart("document")["bytes"], reverse=True)[: len(sizes)]
    assert reader.page.locator('th[aria-sort="descending"]').count() == 1
    reader.page.get_by_label("Filter").fill("csv")
    shown = reader.texts("tbody tr")
    assert shown and all("csv" in row for row in shown)
    reader.page.get_by_label("Filter").fill("")
    for button, name in (
        (reader.page.get_by_role("button", name="CSV"), "documents.csv"),
        (reader.page.get_by_role("link", name="Parquet", exact=True), "document.parquet"),
    ):
        with reader.page.expect_download() as waiting:
            button.click()
        assert waiting.value.suggested_filename == name
        waiting.value.save_as(tmp_path / name)
    told = pl.read_csv(tmp_path / "documents.csv", infer_schema=False)
    documents = mart("document")
    assert told.columns == documents.columns and sorted(told["document"]) == sorted(documents["document"])
    assert pl.read_parquet(tmp_path / "document.parquet").equals(documents)


def test_regions_are_added_and_left_out_and_tiles_answer(reader: Reader) -> None:
    reader.go("regions/110000/rd_expenditure")
    reader.page.get_by_label("Add a region").select_option("440000")
    assert "110000,440000" in reader.page.evaluate("location.hash")
    reader.page.get_by_role("button", name="Remove Beijing").click()
    assert reader.texts(".chip") == ["Guangdong ×"]
    reader.page.evaluate(report_reader.DRAWN)
    reader.page.locator('.mark[aria-label^="Sichuan:"]').first.click(force=True)
    assert "440000,510000" in reader.page.evaluate("location.hash")


def test_axe_finds_nothing_wrong(browser: Any, place: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    views = {
        "light": ("overview", "regions", "paper/claims?verdict=contradicted", "dictionary/sources"),
        "dark": ("structure", "clusters", "highlands/jing_jin_ji", "quality/findings"),
    }
    for scheme, part in views.items():
        one = Reader(browser, place, color_scheme=scheme)
        one.open()
        for view in part:
            one.go(view)
            found = axe.run(one.page, options={"resultTypes": ["violations"]}).response["violations"]
            told = [(v["id"], v["nodes"][0]["html"][:160], v["nodes"][0].get("failureSummary")) for v in found]
            assert told == [], f"{view} ({scheme})"
        one.context.close()


def test_without_a_mouse(reader: Reader) -> None:
    reader.go("overview")
    reader.page.reload()
    reader.page.wait_for_function(READY)
    focus = "[document.activeElement.className, document.activeElement.id]"
    reader.page.keyboard.press("Tab")
    assert "skip" in reader.page.evaluate(focus)
    reader.page.keyboard.press("Enter")
    assert "main" in reader.page.evaluate(focus)
    reader.page.locator('nav a[data-page="clusters"]').focus()
    reader.page.keyboard.press("Enter")
    reader.page.locator(".page.clusters").wait_for()
    assert "main" in reader.page.evaluate(focus)
    assert reader.page.locator('nav a[aria-current="page"]').first.inner_text() == "Clusters"


def test_a_phone_scrolls_one_way_only(browser: Any, place: Path) -> None:
    phone = Reader(browser, place)
    phone.page.set_viewport_size({"width": 360, "height": 740})
    phone.open("overview", "?lang=zh")
    for view in FEW:
        phone.go(view)
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360, view
    assert phone.wrong == []
    phone.context.close()


def test_on_paper(reader: Reader) -> None:
    reader.go("structure")
    reader.page.emulate_media(media="print")
    hidden = reader.page.locator(".search, header.site nav, .downloads, .switches, .under").all()
    assert hidden and not any(element.is_visible() for element in hidden)
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
        addresses = "[...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href'))"
        links |= set(reader.page.evaluate(addresses))
    for link in sorted(link for link in links if not link.startswith("#")):
        assert (place / "report" / link).exists(), link


def test_without_scripts_it_says_where_the_numbers_are(browser: Any, place: Path) -> None:
    plain = Reader(browser, place, java_script_enabled=False)
    plain.page.goto(plain.home)
    assert "highlands.duckdb" in plain.page.locator("noscript").inner_text()
    plain.context.close()


def test_pages_say_what_is_missing_where_marts_are(browser: Any, tmp_path: Path, mart: Marts) -> None:
    def one_table(name: str) -> pl.DataFrame:
        frame = mart(name)
        if name == "observation":
            return frame.filter(pl.col("indicator") == "rd_intensity")
        return frame if name in ("region", "indicator", "region_member", "dictionary") else frame.clear()

    for name, marts, views in (("none", none, VIEWS), ("one", one_table, FEW)):
        report.write(tmp_path / name, marts, {})
        bare = Reader(browser, tmp_path / name)
        bare.open()
        for view in views:
            bare.go(view)
            heads = bare.texts("h1")
            assert len(heads) == 1 and "could not" not in heads[0], f"{name}: {view}"
        assert bare.wrong == [], name
        bare.context.close()


def test_hostile_text_stays_text(browser: Any, tmp_path: Path, mart: Marts) -> None:
    evil = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>'
    texts = {"raw", "message", "reason", "suggestion", "names", "printed", "statement_en", "comment_en"}

    def marts(name: str) -> pl.DataFrame:
        frame = mart(name)
        return frame.with_columns(pl.lit(evil).alias(column) for column in frame.columns if column in texts)

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
