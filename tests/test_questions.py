"""The pages for analysts: every statement runs, every answer is what the release of the committed sources says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.looking.query import query
from flows.project import ROOT
from flows.steps import Run
from tests import questions

TEXT = questions.PAGE.read_text(encoding="utf-8")
STATEMENTS = questions.statements(TEXT)
PAGES = sorted((ROOT / "docs").glob("*.md"))
LINK = re.compile(r"\[[^\]]+\]\(([^)#]+)\)")
RENEW = "docs/questions.md is out of date: .venv/bin/python -m tests.questions writes its answers anew"


def test_there_are_ten_questions_each_with_sql_and_its_tables() -> None:
    parts = re.split(r"^## \d+\. ", TEXT, flags=re.MULTILINE)[1:]
    assert len(parts) == 10
    for part in parts:
        assert part.partition("\n")[0].endswith("?")
        assert questions.statements(part), part[:80]
        assert "Tables: [" in part, part[:80]


@pytest.mark.parametrize("number", range(len(STATEMENTS)))
def test_an_answer_is_what_the_release_says(raw_run: Run, number: int) -> None:
    sql, answer = STATEMENTS[number]
    assert answer == questions.answered(raw_run.home, sql), RENEW


def test_every_statement_runs_on_other_releases_and_finds_something(published_run: Run) -> None:
    empty = [sql for sql, _ in STATEMENTS if not query(published_run.home, sql).rows]
    papers = [sql for sql in empty if "cluster" in sql]  # yearbooks and bulletins hold no clusters
    assert empty == papers


def test_the_home_of_published_yearbooks_shows_the_restatements(published_run: Run) -> None:
    """What the page says of a home that was given the yearbooks of a decade."""
    sql = next(sql for sql, _ in STATEMENTS if "from revision" in sql)
    rows = {row["to_edition"]: row for row in query(published_run.home, sql).records()}
    assert rows["st-yearbook/2020"]["revised"] == 204
    assert rows["st-yearbook/2021"]["rounding"] >= 237


def test_renewing_a_page_that_is_right_changes_nothing_and_one_without_answers_is_filled(raw_run: Run) -> None:
    bare = questions.BLOCK.sub(lambda match: f"```sql\n{match['sql']}\n```\n", TEXT)
    assert bare != TEXT
    assert questions.renewed(bare, raw_run.home) == TEXT
    assert questions.renewed(TEXT, raw_run.home) == TEXT


def test_no_rows_and_awkward_values_can_be_shown(raw_run: Run) -> None:
    assert questions.answered(raw_run.home, "select 1 as a where false") == "No rows.\n"
    shown = questions.answered(
        raw_run.home, "select 'a|b' as t, null as n, true as y, 12345.5 as x, date '2022-01-02' as d"
    )
    assert shown.splitlines()[2] == "| a\\|b |  | yes | 12,345.5 | 2022-01-02 |"


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "README.md"], ids=lambda page: page.name
)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_sql_file_of_the_page_has_its_comment_in_the_dictionary(raw_run: Run) -> None:
    known = {
        row[0] for row in query(raw_run.home, "select distinct \"table\" from dictionary where comment_zh <> ''").rows
    }
    linked = {Path(target).stem for target in LINK.findall(TEXT) if target.endswith(".sql")}
    assert linked <= known
