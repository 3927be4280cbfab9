"""Suites, failing rows, severities and Data Docs, on a small sound release and on damaged copies of it."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from flows.validation import check_frames, checks, suites
from tests import sound_marts
from transforms.schema import FINDING

ROOT = Path(__file__).parent.parent
SUITES = ROOT / "expectations"

Marts = dict[str, pl.DataFrame]


@pytest.fixture
def marts() -> Marts:
    return sound_marts.marts()


def put(marts: Marts, table: str, row: int, /, **values: object) -> None:
    """Write values into one row of a mart."""
    rows = marts[table].to_dicts()
    rows[row].update(values)
    marts[table] = pl.DataFrame(rows, infer_schema_length=None)


def again(marts: Marts, table: str) -> None:
    """Repeat the first row of a mart."""
    marts[table] = pl.concat([marts[table], marts[table].head(1)])


def without(marts: Marts, table: str, row: int) -> None:
    """Take one row out of a mart."""
    rows = marts[table].to_dicts()
    del rows[row]
    marts[table] = pl.DataFrame(rows, infer_schema_length=None)


def only(marts: Marts, tmp_path: Path, *tables: str, docs: Path | None = None) -> checks.Checked:
    """Check the suites of some marts only: the others' frames are there to be looked into."""
    for table in tables:
        (tmp_path / f"{table}.yml").write_text((SUITES / f"{table}.yml").read_text("utf-8"), "utf-8")
    return checks.check(marts, tmp_path, docs)


def suite(folder: Path, entries: str, name: str = "thing", more: str = "") -> Path:
    """A folder with one suite."""
    text = f"en: Things\nzh: 事物\nkey: [id]\n{more}\nexpectations:\n{entries}"
    (folder / f"{name}.yml").write_text(text, "utf-8")
    return folder


def test_a_sound_release_passes(marts: Marts) -> None:
    checked = checks.check(marts, SUITES)
    assert checked.findings.is_empty(), checked.findings.get_column("message").to_list()
    assert checked.success
    assert not checked.critical_failures
    assert checked.statistics["suites"] == len(list(SUITES.glob("*.yml")))
    assert checked.findings.schema == pl.Schema(FINDING)


def test_a_release_without_a_single_document_is_only_a_warning(marts: Marts) -> None:
    dimensions = {"region", "region_member", "indicator"}
    empty = {name: frame if name in dimensions else frame.clear() for name, frame in marts.items()}
    checked = checks.check(empty, SUITES)
    assert checked.success, checked.critical_failures
    assert checked.findings.get_column("check").to_list() == ["gx.not_empty"]


def test_a_mart_that_comes_in_pieces_is_judged_as_a_whole(marts: Marts, monkeypatch: pytest.MonkeyPatch) -> None:
    again(marts, "observation")
    put(marts, "observation", 1, region="nowhere")
    put(marts, "observation", 2, value=None, status="A")
    put(marts, "source_cell", 0, resolution=-1.0)
    whole = checks.check(marts, SUITES)
    monkeypatch.setattr(check_frames, "PIECE", 2)
    parted = checks.check(marts, SUITES)
    assert {"gx.key_unique", "gx.region_known", "gx.value_or_reason"} <= set(whole.findings["check"])
    assert parted.findings.sort(*FINDING).equals(whole.findings.sort(*FINDING))
    assert parted.statistics == whole.statistics
    assert sorted(parted.critical_failures) == sorted(whole.critical_failures)


def test_a_mart_is_divided_only_where_every_expectation_looks_at_rows() -> None:
    by_table = {suite.table: suite for suite in suites.load(SUITES)}
    assert by_table["observation"].apart() == ["edition", "indicator", "period", "region"]
    assert by_table["revision"].apart() == ["from_edition", "indicator", "period", "region", "to_edition"]
    mean = suites.Rule("mean", "expect_column_mean_to_be_between", {"column": "value"}, "warning", "", "")
    assert replace(by_table["observation"], rules=(*by_table["observation"].rules, mean)).apart() == []


def test_every_suite_has_a_mart_and_every_mart_a_suite() -> None:
    built = {path.stem for path in (ROOT / "sql").glob("*.sql")}
    assert built <= {suite.table for suite in suites.load(SUITES)}


def test_every_suite_says_why_in_both_languages() -> None:
    for one in suites.load(SUITES):
        for rule in one.rules:
            assert rule.en.endswith("."), (one.table, rule)
            assert re.search("[\u4e00-\u9fff]", rule.zh), (one.table, rule)


DAMAGE = {
    "a number twice": ("observation", lambda m: again(m, "observation"), "key_unique", "error"),
    "no region": ("observation", lambda m: put(m, "observation", 0, region=None), "key_complete", "error"),
    "unknown region": ("observation", lambda m: put(m, "observation", 0, region="XX"), "region_known", "error"),
    "unknown indicator": (
        "observation",
        lambda m: put(m, "observation", 0, indicator="x"),
        "indicator_known",
        "error",
    ),
    "unknown edition": (
        "observation",
        lambda m: put(m, "observation", 0, edition="x/1"),
        "edition_known",
        "error",
    ),
    "unknown document": (
        "observation",
        lambda m: put(m, "observation", 0, document="f"),
        "document_known",
        "error",
    ),
    "unknown status": ("observation", lambda m: put(m, "observation", 0, status="?"), "status_known", "error"),
    "a year misread": ("observation", lambda m: put(m, "observation", 0, period=202), "period_plausible", "error"),
    "a future year": (
        "observation",
        lambda m: put(m, "observation", 0, period=2030),
        "period_before_edition",
        "error",
    ),
    "another unit": (
        "observation",
        lambda m: put(m, "observation", 0, unit="100m_cny"),
        "unit_of_indicator",
        "error",
    ),
    "a value for a blank": (
        "observation",
        lambda m: put(m, "observation", 0, status="O"),
        "blank_has_no_value",
        "error",
    ),
    "no value, no reason": (
        "observation",
        lambda m: put(m, "observation", 0, value=None),
        "value_or_reason",
        "warning",
    ),
    "a lost minus": ("observation", lambda m: put(m, "observation", 0, value=-1.0), "not_negative", "error"),
    "no percentage": (
        "observation",
        lambda m: put(m, "observation", 4, value=244.0),
        "percent_plausible",
        "error",
    ),
    "two latest": ("observation", lambda m: put(m, "observation", 0, is_latest=True), "latest_once", "error"),
    "no latest": ("observation", lambda m: put(m, "observation", 1, is_latest=False), "latest_once", "error"),
    "a cell twice": ("source_cell", lambda m: again(m, "source_cell"), "key_unique", "error"),
    "a shifted row": ("source_cell", lambda m: put(m, "source_cell", 0, row=5), "address_is_place", "error"),
    "no address": ("source_cell", lambda m: put(m, "source_cell", 0, cell="7B"), "address_form", "error"),
    "no year": ("source_cell", lambda m: put(m, "source_cell", 0, period=None), "number_complete", "error"),
    "worthless digits": (
        "source_cell",
        lambda m: put(m, "source_cell", 0, resolution=0.0),
        "resolution_positive",
        "warning",
    ),
    "a share beyond the whole": (
        "rd_structure_by_region",
        lambda m: put(m, "rd_structure_by_region", 1, basic_share=101.0),
        "share_plausible",
        "error",
    ),
    "shares off by two": (
        "rd_structure_by_region",
        lambda m: put(m, "rd_structure_by_region", 1, share_sum=102.0),
        "shares_near_100",
        "warning",
    ),
    "shares of a wrong column": (
        "rd_structure_by_region",
        lambda m: put(m, "rd_structure_by_region", 1, share_sum=162.0),
        "shares_make_a_whole",
        "error",
    ),
    "an unknown sector": (
        "rd_structure_by_sector",
        lambda m: put(m, "rd_structure_by_sector", 1, sector="x"),
        "sector_known",
        "error",
    ),
    "a rank twice": ("cluster_ranking", lambda m: put(m, "cluster_ranking", 1, rank=1), "rank_once", "warning"),
    "a lost rank": ("cluster_ranking", lambda m: without(m, "cluster_ranking", 1), "rank_consecutive", "warning"),
    "negative patents": (
        "cluster_ranking",
        lambda m: put(m, "cluster_ranking", 1, publications=-1.0),
        "not_negative",
        "error",
    ),
    "ranks across a break": (
        "cluster_rank_change",
        lambda m: put(m, "cluster_rank_change", 1, places_gained=2),
        "never_across_a_break",
        "error",
    ),
    "too many clusters": (
        "cluster_by_economy",
        lambda m: put(m, "cluster_by_economy", 0, counted=101),
        "count_plausible",
        "error",
    ),
    "a target without words": (
        "highland_target",
        lambda m: put(m, "highland_target", 0, target=None),
        "text_complete",
        "error",
    ),
    "rank beyond peers": (
        "highland_profile",
        lambda m: put(m, "highland_profile", 0, rank=32),
        "rank_among_peers",
        "error",
    ),
    "no revision at all": ("revision", lambda m: put(m, "revision", 0, kind="revised"), "kind_fits", "error"),
    "acknowledged for nothing": (
        "finding",
        lambda m: put(m, "finding", 0, reason=None),
        "acknowledged_with_reason",
        "warning",
    ),
    "still counted": (
        "quarantine",
        lambda m: put(m, "quarantine", 0, cell="B6", period=2021),
        "left_the_marts",
        "error",
    ),
    "set aside for nothing": ("quarantine", lambda m: put(m, "quarantine", 0, reason=None), "says_why", "error"),
    "a folder in a name": (
        "document",
        lambda m: put(m, "document", 0, names="/home/me/a.xls"),
        "names_without_folders",
        "warning",
    ),
    "unreadable for nothing": (
        "document",
        lambda m: put(m, "document", 1, reason=None),
        "outcome_explained",
        "warning",
    ),
    "no SHA-256": ("document", lambda m: put(m, "document", 1, document="x"), "sha256", "error"),
    "an undated edition": (
        "edition",
        lambda m: put(m, "edition", 1, release_date=None),
        "provenance_complete",
        "warning",
    ),
    "a lost province": ("region_member", lambda m: without(m, "region_member", 3), "members_complete", "error"),
    "an orphan": ("indicator", lambda m: put(m, "indicator", 1, parent="x"), "parent_known", "error"),
    "an addend of nothing": (
        "indicator",
        lambda m: put(m, "indicator", 1, parent=None),
        "addend_has_parent",
        "error",
    ),
    "an unknown verdict": ("claim", lambda m: put(m, "claim", 0, verdict="maybe"), "verdict_known", "error"),
    "a column twice": ("dictionary", lambda m: again(m, "dictionary"), "key_unique", "error"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_found_with_its_severity(kind: str, marts: Marts, tmp_path: Path) -> None:
    table, damage, slug, severity = DAMAGE[kind]
    damage(marts)
    checked = only(marts, tmp_path, table)
    found = checked.findings.filter(pl.col("check") == f"gx.{slug}")
    assert set(found["severity"]) == {severity}, checked.findings.to_dicts()
    assert set(found["table"]) == {table}
    assert checked.success == ("error" not in checked.findings["severity"].to_list())
    assert bool(checked.critical_failures) != checked.success


def test_a_failing_row_is_named_by_its_key(marts: Marts, tmp_path: Path) -> None:
    put(marts, "observation", 2, value=-7.0)
    (row,) = only(marts, tmp_path, "observation").findings.to_dicts()
    named = {key: row[key] for key in ("indicator", "region", "period", "edition")}
    assert named == {
        "indicator": "rd_expenditure",
        "region": "110000",
        "period": 2020,
        "edition": "st-yearbook/2021",
    }
    assert row["message"].startswith("Spending, people")
    assert row["acknowledged"] is False


def test_many_failing_rows_are_counted_and_the_first_named(tmp_path: Path) -> None:
    folder = suite(
        tmp_path,
        "- {type: expect_column_values_to_be_between, kwargs: {column: x, max_value: 0}, "
        "severity: info, check: small, en: Small., zh: 小}",
    )
    frame = pl.DataFrame({"id": range(50), "x": [1.0] * 50})
    checked = checks.check({"thing": frame}, folder)
    assert checked.success
    assert checked.statistics["failed"] == {"critical": 0, "warning": 0, "info": 1}
    assert checked.findings.height == checks.SHOWN + 1
    assert checked.findings["severity"].unique().to_list() == ["info"]
    assert "50 rows" in checked.findings["message"][-1]


def test_what_cannot_be_judged_is_critical_whatever_its_severity(tmp_path: Path) -> None:
    folder = suite(
        tmp_path,
        """
- {type: expect_column_values_to_be_between, kwargs: {column: gone, max_value: 0}, severity: info, en: A., zh: 甲}
- {check: nonsense, holds: nothing_here = 1, severity: info, en: B., zh: 乙}
- {check: sense, holds: id > 0, severity: info, en: C., zh: 丙}
""",
    )
    checked = checks.check({"thing": pl.DataFrame({"id": [1, 2]})}, folder)
    assert not checked.success
    assert len(checked.critical_failures) == 2
    assert "gone" in checked.critical_failures[0]
    assert "nothing_here" in checked.critical_failures[1]
    assert checked.findings["severity"].to_list() == ["error", "error"]


def test_a_mart_that_is_missing_is_critical_unless_it_is_optional(tmp_path: Path) -> None:
    entry = "- {check: sense, holds: id > 0, severity: info, en: C., zh: 丙}"
    assert not checks.check({}, suite(tmp_path, entry)).success
    checked = checks.check({}, suite(tmp_path, entry, more="optional: true"))
    assert checked.success
    assert checked.statistics["suites"] == 0


def test_marts_can_be_fetched_by_name(marts: Marts, tmp_path: Path) -> None:
    asked: list[str] = []

    def fetch(name: str) -> pl.DataFrame:
        asked.append(name)
        return marts[name]

    for table in ("region", "region_member"):
        (tmp_path / f"{table}.yml").write_text((SUITES / f"{table}.yml").read_text("utf-8"), "utf-8")
    assert checks.check(fetch, tmp_path).success
    assert sorted(asked) == ["region", "region_member"]


def test_marts_can_be_parquet_files(marts: Marts, tmp_path: Path) -> None:
    put(marts, "region", 3, parent="nowhere")
    for name, frame in marts.items():
        frame.write_parquet(tmp_path / f"{name}.parquet")
    (row,) = checks.check(lambda name: tmp_path / f"{name}.parquet", SUITES).findings.to_dicts()
    assert (row["check"], row["region"]) == ("gx.parent_known", "cn_west")
    (tmp_path / "region_member.parquet").unlink()
    gone = checks.check(lambda name: tmp_path / f"{name}.parquet", SUITES)
    assert gone.critical_failures[-1] == "region_member: The release has this mart."


@pytest.mark.parametrize(
    "entry",
    [
        "- {holds: id > 0, severity: grave, check: x, en: C., zh: 丙}",
        "- {holds: id > 0, type: expect_x, severity: info, check: x, en: C., zh: 丙}",
        "- {holds: id > 0, severity: info, check: x, en: C.}",
        "- {holds: id > 0, severity: info, check: x, en: C., zh: 丙, columm: id}",
    ],
)
def test_a_suite_with_a_slip_is_refused_by_name(entry: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"expectations/thing\.yml"):
        suites.load(suite(tmp_path, entry))


def test_one_suite_serves_several_marts(tmp_path: Path) -> None:
    entry = "- {check: positive, holds: id > 0, severity: info, en: C., zh: 丙}"
    folder = suite(tmp_path, entry, more="marts: [one, two]")
    checked = checks.check({"one": pl.DataFrame({"id": [1]}), "two": pl.DataFrame({"id": [-1]})}, folder)
    assert checked.findings["table"].to_list() == ["two"]
    assert checked.findings["message"].to_list() == ["C. Not so: id -1."]


class Links(HTMLParser):
    """Everything that a page loads or leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action", "srcset")]


def test_data_docs_stand_alone_and_link(marts: Marts, tmp_path: Path) -> None:
    put(marts, "observation", 0, value=-1.0, region="<script>alert(1)</script>")
    docs = tmp_path / "docs"
    checks.check(marts, SUITES, docs)
    pages = sorted(docs.rglob("*.html"))
    assert len(pages) == 1 + len(list(SUITES.glob("*.yml")))
    assert sorted(docs.rglob("*.*")) == pages
    for page in pages:
        links = Links()
        text = page.read_text("utf-8")
        links.feed(text)
        assert "script" not in links.tags
        assert not re.search(r"https?://|url\(|@import", text), page
        for address in links.addresses:
            assert (page.parent / address.split("#")[0]).exists(), (page, address)
    index = (docs / "index.html").read_text("utf-8")
    assert 'href="validations/observation.html"' in index
    assert "failed" in index
    observation = (docs / "validations" / "observation.html").read_text("utf-8")
    assert "&lt;script&gt;" in observation
    assert "Spending, people" in observation
    assert "经费、人员" in observation


def test_data_docs_are_the_same_each_time(marts: Marts, tmp_path: Path) -> None:
    put(marts, "observation", 0, value=-1.0)
    for name in ("one", "two"):
        only(marts, tmp_path, "observation", "region", docs=tmp_path / name)
    one, two = (
        {page.relative_to(docs): page.read_bytes() for page in docs.rglob("*.html")}
        for docs in (tmp_path / "one", tmp_path / "two")
    )
    assert len(one) == 3
    assert one == two


def test_great_expectations_is_imported_only_when_checking() -> None:
    code = (
        "import sys, flows.validation.checks;"
        " sys.exit('great_expectations' in sys.modules or 'pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
