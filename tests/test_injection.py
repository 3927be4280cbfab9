"""What stands in a hostile file stays text: in exports, on the terminal, in change notes, Data Docs and the report."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli import cli
from flows.home.folder import Home
from flows.steps import Run
from tests import workbooks

MARKUP = '<script>document.title="taken"</script><img src=x onerror="alert(1)">'
FORMULA = "=HYPERLINK(\"http://example.invalid\",\"1\")"
COMMANDS = ["@SUM(1+1)|cmd' /C calc'!A0", "+1+1", "-1-1", "\x1b[31m12\x1b]0;taken\x07", "1\u202e2", FORMULA]
NAMES = {"activity": "=cmd|' C calc'!A0 <b>.xlsx", "empty": "<img src=x onerror=alert(1)>.xls"}


def hostile() -> bytes:
    """Table 1-7 whose cells, labels, notes and sheet name would do something."""
    rows = [
        ["北京", "Beijing", "30", "5", MARKUP, "15"],
        ["天津", "Tianjin", COMMANDS[0], "1", "2", "3"],
        ["河北", "Hebei", "6", COMMANDS[1], COMMANDS[2], "3"],
        ["山西", "Shanxi", "6", "1", "2", COMMANDS[5]],
        [f"火星{MARKUP}", "=1+1", "6", "1", "2", "3"],
    ]
    lines = [
        ["1-7 各地区研究与试验发展(R&D)经费内部支出(2021年)"],
        ["单位：万元", None, None, None, None, "(10 000 yuan)"],
        ["地区", "Region", "R&D经费内部支出", "基础研究", "应用研究", "试验发展"],
        *rows,
        [],
        [f"注：{FORMULA}{MARKUP}"],
    ]
    return workbooks.csv_bytes(lines)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    from tests.conftest import refresh

    folder = tmp_path_factory.mktemp("hostile")
    (folder / NAMES["activity"]).write_bytes(hostile())
    (folder / NAMES["empty"]).write_bytes(MARKUP.encode())
    return refresh(Home(tmp_path_factory.mktemp("hostile-home")), folder)


class Active(HTMLParser):
    """What a page would run: scripts with their text, and attributes that act."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.acts: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script"
        self.acts += [f"{name}={value}" for name, value in attrs if name.startswith("on")]
        self.acts += [str(value) for name, value in attrs if name in ("href", "src") and "javascript:" in str(value)]

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside and ("alert(" in data or "taken" in data):
            self.acts.append(data)


def test_it_was_read_and_set_aside(run: Run) -> None:
    assert run.outcome == "published" and run.warehouse
    raw = set(run.warehouse.mart("quarantine")["raw"])
    assert {MARKUP, *COMMANDS[:3], FORMULA} <= raw


def test_no_page_runs_anything(run: Run) -> None:
    pages = sorted(run.home.current.rglob("*.html"))
    assert len(pages) > 2
    for page in pages:
        active = Active()
        active.feed(page.read_text("utf-8"))
        assert not active.acts, page
    for data in (run.home.current / "report" / "data").rglob("*.js"):
        assert "<" not in data.read_text("utf-8"), data


def test_the_change_notes_hold_no_markup(run: Run) -> None:
    notes = (run.home.current / "CHANGES.md").read_text("utf-8")
    assert "script" in notes
    assert "<" not in notes.replace("\\<", "")


def test_no_exported_cell_is_a_formula(run: Run) -> None:
    for file in run.home.current.rglob("*.csv"):
        for row in csv.reader(io.StringIO(file.read_text("utf-8"))):
            for cell in row:
                assert not cell.startswith(("=", "+", "@", "\t", "\r")), (file.name, cell)
                assert not cell.startswith("-") or float(cell) < 0, (file.name, cell)


@pytest.mark.parametrize("command", [["quarantine"], ["status"], ["query", "select * from quarantine"],
                                     ["query", "select * from document"], ["query", "select * from finding"]])
def test_the_terminal_gets_no_control_character(run: Run, command: list[str]) -> None:
    shown = CliRunner().invoke(cli, [command[0], "--home", str(run.home.path), *command[1:]])
    assert shown.exit_code == 0, shown.output
    assert not {c for c in shown.stdout if ord(c) < 32 and c != "\n"} and "\u202e" not in shown.stdout
    told = CliRunner().invoke(cli, [command[0], "--home", str(run.home.path), "--json", *command[1:]])
    json.loads(told.stdout)


def test_what_is_inspected_is_shown_as_text(tmp_path: Path) -> None:
    file = tmp_path / "\x1b[31m=1.csv"
    file.write_bytes(hostile().replace("2021年".encode(), "2021年\x1b[2J".encode()))
    shown = CliRunner().invoke(cli, ["inspect", "--home", str(tmp_path / "home"), str(file)])
    assert shown.exit_code == 0, shown.output
    assert "\x1b" not in shown.stdout
