"""What people see: aligned, coloured on terminals only, harmless whatever a cell says; and light to import."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.cells import cell_len

from flows.progress import STAGES, position
from flows.showing import show
from flows.showing.terminal import clean, number, table

ROOT = Path(__file__).resolve().parents[1]
SUMMARY: dict[str, Any] = {
    "outcome": "published",
    "release": "0123456789ab",
    "candidate": None,
    "documents": {"read": 1200, "duplicate": 0, "unrecognised": 1, "unreadable": 0},
    "findings": {"error": 0, "warning": 2, "info": 0},
    "quarantined": 0,
    "seconds": {"read": 1.25},
    "reasons": [],
    "changes": {"new": 4000},
    "problems": [],
    "not_read": [{"name": "a [bold].csv", "outcome": "unrecognised", "reason": "no contract fits"}],
    "home": "warehouse",
}


def on_terminal(code: str, columns: int = 60, **environment: str) -> str:
    """What a piece of Python prints to a terminal."""
    ours, theirs = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    settings = {**kept, "TERM": "xterm-256color", "COLUMNS": str(columns), **environment}
    with subprocess.Popen([sys.executable, "-c", code], stdout=theirs, cwd=ROOT, env=settings) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                data = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not data:
                break
            seen += data
    os.close(ours)
    assert process.returncode == 0
    return seen.decode()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (279563072.7, "279,563,072.7"),
        (40194.0, "40,194"),
        (0.1 + 0.2, "0.3"),
        (-0.5, "-0.5"),
        (1e15, "1,000,000,000,000,000"),
        (1e-9, "0.000000001"),
        (float("nan"), "nan"),
        (2021, "2,021"),
        (None, ""),
    ],
)
def test_numbers_are_written_out(value: float | None, shown: str) -> None:
    assert number(value) == shown


def test_ungrouped_numbers_can_be_copied() -> None:
    assert number(279563072.7, grouped=False) == "279563072.7"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc", "a b c"),
        ("abc\u202edef", "abc\\u202edef"),
        ("\ud800", "\\ud800"),
        ("全国\u3000总计", "全国\u3000总计"),
        (None, ""),
    ],
)
def test_no_text_can_move_or_colour_the_terminal(text: str | None, shown: str) -> None:
    assert clean(text) == shown


def test_columns_line_up_with_chinese_in_them(capsys: pytest.CaptureFixture[str]) -> None:
    table(["region", "value"], [["北京", 1.5], ["Shanghai", 1234.0], ["[red]x[/red]", None]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("value")
    assert {cell_len(line) for line in lines[:4]} == {cell_len(lines[0])}
    assert lines[4] == "[red]x[/red]"


def test_long_rows_are_never_cut_where_no_terminal_is(capsys: pytest.CaptureFixture[str]) -> None:
    show.answer({"columns": ["text"], "rows": [("x" * 500,)]})
    assert "x" * 500 in capsys.readouterr().out


def test_a_terminal_gets_colour_and_its_own_width() -> None:
    code = "from flows.showing import show; show.answer({'columns': ['名称', 'n'], 'rows': [('字' * 50, 2021)]})"
    seen = on_terminal(code)
    assert "\x1b[" in seen and "2021" in seen
    assert seen.count("字") == 50
    plain = on_terminal(code, NO_COLOR="1")
    assert "\x1b[3" not in plain
    assert all(cell_len(line) <= 60 for line in plain.replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines())


def test_markup_in_a_cell_stays_text_on_a_terminal() -> None:
    code = (
        "from flows.showing import show;"
        " show.answer({'columns': ['x'], 'rows': [('[red]a[/red] \\x1b]0;title\\x07',)]})"
    )
    seen = on_terminal(code)
    assert "[red]a[/red] \\x1b]0;title\\x07" in seen


def test_the_end_of_a_refresh(capsys: pytest.CaptureFixture[str]) -> None:
    show.refreshed(SUMMARY)
    said = capsys.readouterr().out
    assert "published  release 0123456789ab  warehouse/current" in said
    assert "1,200 read   1 unrecognised" in said
    assert "unrecognised  a [bold].csv: no contract fits" in said
    assert "2 warning" in said and "0 error" not in said


def test_a_held_candidate_says_why_and_how_to_publish_it(capsys: pytest.CaptureFixture[str]) -> None:
    held = {"outcome": "held", "release": None, "candidate": "ba9876543210", "reasons": ["table_missing: one"]}
    show.refreshed(SUMMARY | held)
    said = capsys.readouterr().out
    assert "highlands approve ba9876543210 --reason TEXT" in said
    assert "table_missing: one" in said and "the current release is what it was" in said


def test_a_rejected_candidate_says_where_the_checks_are(capsys: pytest.CaptureFixture[str]) -> None:
    show.refreshed(SUMMARY | {"outcome": "rejected", "release": None, "reasons": ["observation: 3 rows"]})
    assert "warehouse/rejected/data_docs/index.html" in capsys.readouterr().out


def test_errors_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    show.error("no such file: \x1b[2J")
    said = capsys.readouterr()
    assert said.out == "" and said.err == "error: no such file: \\x1b[2J\n"


def test_a_diff_shows_the_largest_restatement_first(capsys: pytest.CaptureFixture[str]) -> None:
    change = {"kind": "revised", "edition": "e/1", "indicator": "i", "region": "r", "period": 2020, "table": "t"}
    changes = [change | {"old_value": 100.0, "new_value": 101.0}, change | {"old_value": 10.0, "new_value": 20.0}]
    show.diff({"from": "a", "to": "b", "counts": {"revised": 2}, "changes": changes})
    said = capsys.readouterr().out
    assert said.index("+100.00") < said.index("+1.00")
    assert "2020" in said and "2,020" not in said


def test_progress_follows_the_stages() -> None:
    run: Any = SimpleNamespace(seconds={}, documents=[1, 2, 3, 4], done=1)
    assert position(run) == ("reading 1 of 4 documents", STAGES["read"][1] / 4)
    run.seconds = {"land": 0.1, "read": 1.0}
    assert position(run)[0] == "starting Prefect"
    run.seconds = {"land": 0.1, "read": 1.0, "judge": 1.0}  # a schedule's run starts no Prefect of its own
    assert position(run)[0] == "building the marts"
    run.seconds |= dict.fromkeys(STAGES, 1.0)
    assert position(run) == ("done", 100.0)


def test_the_command_line_starts_without_anything_heavy() -> None:
    heavy = ["polars", "duckdb", "rich", "prefect", "great_expectations", "pandas", "pyarrow"]
    code = f"import sys, flows.cli; print([m for m in {heavy} if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert said.stdout.strip() == "[]"


def test_looking_does_not_load_what_building_needs() -> None:
    heavy = ["polars", "prefect", "great_expectations", "pandas", "pyarrow", "numpy"]
    light = "flows.looking.status, flows.looking.explain, flows.showing.show"
    code = f"import sys, {light}; print([m for m in {heavy} if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert said.stdout.strip() == "[]"


def test_a_draft_is_a_file_to_edit(capsys: pytest.CaptureFixture[str]) -> None:
    contracts = [
        {"name": "a", "sheet": "1", "yaml": "table: a\n"},
        {"name": "b", "sheet": "2", "yaml": "table: b\n"},
    ]
    show.draft({"contracts": contracts, "reasons": ["x.zip: damaged"]})
    said = capsys.readouterr()
    assert said.out == "table: a\n---\ntable: b\n"
    assert said.err == "error: x.zip: damaged\n"


def test_quarantine_puts_cells_with_one_reason_together(capsys: pytest.CaptureFixture[str]) -> None:
    row = {"document": "d" * 64, "name": "a.xls", "sheet": "1", "reason": "no label", "suggestion": None}
    cells = [row | {"cell": f"{letter}7", "raw": "3"} for letter in "BC"]
    show.quarantine({"quarantine": [*cells, row | {"name": "b.csv", "cell": None, "sheet": None, "raw": "b.csv"}]})
    said = capsys.readouterr().out
    assert "  1 B7 “3”, C7 “3”: no label" in said
    assert "2 cells and 1 files are set aside" in said


def test_status_shows_editions_as_years(capsys: pytest.CaptureFixture[str]) -> None:
    editions = ["st-yearbook/2012", "st-yearbook/2011", "gii-clusters/2017", "st-yearbook/2014"]
    said = {
        "home": "w", "release": "abc", "published_at": "2023-01-02T03:04:05.678+00:00", "editions": editions,
        "documents": {"read": 3}, "findings": {"error": 1}, "acknowledged": 2, "quarantined": 0, "candidates": [],
        "tables": {"observation": 12000}, "releases": [],
    }  # fmt: skip
    show.status(said)
    shown = capsys.readouterr().out
    assert "gii-clusters 2017; st-yearbook 2011-2012, 2014" in shown
    assert "published 2023-01-02 03:04 UTC" in shown and "12,000" in shown
