"""The command line as scripts use it: JSON shapes, exit codes, and nothing changed where something is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flows import running, steps
from flows.cli import cli
from flows.declarations import DATA
from flows.home.folder import Home
from flows.home.landing import landed
from flows.steps import Run
from tests import workbooks

REFRESH = {"outcome", "release", "candidate", "documents", "findings", "quarantined", "seconds"}
TITLE = "1-7 各地区研究与试验发展(R&D)经费内部支出(%d年)"
HEADS = ["地区", "Region", "R&D经费内部支出", "基础研究", "应用研究", "试验发展"]


def table(year: int, *rows: tuple[str, str, int, int, int]) -> bytes:
    """Table 1-7 of a data year with a few regions."""
    body = [[zh, en, str(a + b + c), str(a), str(b), str(c)] for zh, en, a, b, c in rows]
    unit = ["单位：万元", None, None, None, None, "(10 000 yuan)"]
    return workbooks.xlsx([("1", [[TITLE % year], unit, HEADS, *body], [])])


class Shell:
    """Commands on one home, in this process; the `shell` fixture lets the flow's steps run without Prefect."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *arguments: str, code: int = 0) -> Any:
        result = CliRunner().invoke(cli, [arguments[0], "--home", str(self.home), "--json", *arguments[1:]])
        assert result.exit_code == code, (arguments, result.output, result.exception)
        return json.loads(result.stdout)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    def without_prefect(run: Run, api: None) -> dict[str, Any]:
        return steps.everything(run)

    monkeypatch.setattr(running, "_flow", without_prefect)
    monkeypatch.setattr(running, "_prepared_server", lambda home: nullcontext())
    return Shell(tmp_path / "home")


BEIJING, TIANJIN, HEBEI = ("北京", "Beijing", 4, 6, 15), ("天津", "Tianjin", 1, 1, 4), ("河北", "Hebei", 1, 2, 4)


def test_published_unchanged_held_approved_rolled_back_rejected(shell: Shell, tmp_path: Path) -> None:
    first, later, spoilt = tmp_path / "a.xlsx", tmp_path / "b.xlsx", tmp_path / "c.xlsx"
    first.write_bytes(table(2020, BEIJING, TIANJIN, HEBEI))
    later.write_bytes(table(2021, BEIJING, TIANJIN))
    spoilt.write_bytes(table(2022, ("北京", "Beijing", -4, -6, -15), TIANJIN, HEBEI))

    published = shell("refresh", "--no-raw", str(first))
    assert set(published) >= REFRESH
    assert published["outcome"] == "published"
    assert published["documents"] == {"read": 1, "duplicate": 0, "unrecognised": 0, "unreadable": 0}
    assert set(published["findings"]) == {"error", "warning", "info"}
    assert shell("refresh", "--no-raw", str(first))["outcome"] == "unchanged"

    held = shell("refresh", "--no-raw", str(later), code=3)
    assert (held["outcome"], held["release"]) == ("held", None)
    assert any(reason.startswith("region_missing") and "130000" in reason for reason in held["reasons"])
    state = shell("status")
    assert state["release"] == published["release"]
    assert [c["id"] for c in state["candidates"]] == [held["candidate"]]
    assert shell("diff", "candidate")["counts"]["new"] == 8
    assert "no release" in shell("diff", "nope", code=2)["error"]
    approved = shell("approve", held["candidate"], "--reason", "Hebei is printed in a later volume")
    assert approved["release"] == held["candidate"]
    assert shell("status")["editions"] == ["st-yearbook/2021", "st-yearbook/2022"]
    assert shell("diff")["counts"]["new"] == 8

    assert shell("rollback")["release"] == published["release"]
    assert shell("diff")["counts"]["withdrawn"] == 8, "what going back has changed"
    again = shell("refresh", "--no-raw", code=3)
    assert any(reason.startswith("rolled_back") for reason in again["reasons"])

    rejected = shell("refresh", "--no-raw", str(spoilt), code=4)
    assert rejected["outcome"] == "rejected"
    assert any("c.xlsx" in reason and "C4: “-25”" in reason for reason in rejected["reasons"])
    assert shell("status")["release"] == published["release"]


def test_wrong_usage_and_paths_that_are_not_there(shell: Shell, tmp_path: Path) -> None:
    missing = str(tmp_path / "nowhere")
    for arguments in (
        ("refresh", missing), ("inspect", missing), ("refresh", "--as", "rd_intensity"), ("query", "select 1"),
        ("explain", "rd_expenditure", "CN", "2021"), ("rollback",), ("approve", "x", "--reason", "y"), ("claims",),
    ):
        assert "error" in shell(*arguments, code=2), arguments
    assert not shell.home.exists()
    assert CliRunner().invoke(cli, ["no-such-command"]).exit_code == 2


def test_what_the_command_line_declares_is_of_the_files_that_it_names(shell: Shell, tmp_path: Path) -> None:
    """data/raw is read beside them; nothing is kept of a declaration that cannot be."""
    file = tmp_path / "a.xlsx"
    file.write_bytes(table(2020, BEIJING, TIANJIN, HEBEI))
    for arguments, said in (
        (("--as", "rd_intensity", "--year", "20200", str(file)), "1900 to 2200"),
        (("--as", "rd_intensty", "--year", "2020", str(file)), "rd_intensity"),
        (("--as", "rd_intensity", "--year", "2020"), "name them"),
        (("--year", "2020", str(file)), "go together"),
        (("",), "empty"),
    ):
        result = CliRunner().invoke(cli, ["refresh", "--home", str(shell.home), "--json", *arguments])
        assert (result.exit_code, said in result.output) == (2, True), result.output
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "gone")
    assert "link to nothing" in shell("refresh", str(link), code=2)["error"]
    assert not shell.home.exists()
    shell("refresh", "--as", "rd_expenditure_by_activity", "--year", "2020", str(file))
    declared = {document.names: document.declared for document in landed(Home(shell.home)) if document.declared}
    assert declared == {("a.xlsx",): {"table": "rd_expenditure_by_activity", "year": 2020}}


def test_a_draft_may_go_straight_into_the_contracts(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`inspect FILE --contract > data/contracts/mars.yml`: the shell makes the file first."""
    contract, file = tmp_path / "contracts" / "mars.yml", tmp_path / "mars.csv"
    contract.parent.mkdir()
    monkeypatch.setenv("HIGHLANDS_CONTRACTS", str(contract.parent))
    file.write_text("9-9 各地区火星探测(2021年)\n单位：件\n地区,发射,失败\n北京,1,0\n天津,2,1\n河北,3,1\n", "utf-8")
    contract.touch()
    contract.write_text(shell("inspect", str(file), "--contract")["contracts"][0]["yaml"], "utf-8")
    assert shell("inspect", str(file))["outcome"] == "read"
    (tmp_path / "no.xls").write_bytes(b"\xd0\xcf\x11\xe0 torn")
    assert shell("inspect", str(tmp_path / "no.xls"), "--contract", code=1)["reasons"]


def test_a_folder_of_a_thousand_files_is_a_refresh_like_any_other(tmp_path: Path) -> None:
    """As shipped: Prefect's server refuses more than half a megabyte of parameters."""
    files = tmp_path / "files"
    files.mkdir()
    for n in range(1000):
        (files / f"{n}.csv").write_text(f"a,b\n{n},{n}\n", "utf-8")
    (files / "a.xlsx").write_bytes(table(2020, BEIJING, TIANJIN, HEBEI))
    command = [sys.executable, "-c", "from flows.cli import main; main()", "refresh", "--home", str(tmp_path / "home")]
    command += ["--json", "--no-raw", str(files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=240)
    said = json.loads(done.stdout)
    assert (said["outcome"], said["documents"]["unrecognised"], done.stderr) == ("published", 1000, "")


def test_questions_to_a_release(raw_run: Run) -> None:
    shell = Shell(raw_run.home.path)
    state = shell("status")
    assert set(state) >= {"release", "editions", "tables", "findings", "quarantined", "candidates"}
    assert state["tables"]["observation"] > 2_500
    explained = shell("explain", "rd_expenditure.basic", "110000", "2021")
    vintage = explained["vintages"][-1]
    assert set(vintage) >= {"edition", "value", "unit", "status", "cells", "derivation", "checks"}
    assert vintage["value"] == 4225133.6
    assert {"document", "name", "sheet", "cell", "raw"} <= set(vintage["cells"][0])
    highland = shell("explain", "rd_share.basic", "jing_jin_ji", "2021")["vintages"][0]
    assert highland["derivation"]
    every = shell("explain", "rd_share.basic", "jing_jin_ji", "2021")["vintages"]
    assert [vintage["is_latest"] for vintage in every] == [False] * (len(every) - 1) + [True]
    assert {cell["name"] for cell in highland["cells"]} >= {"st-yearbook-2022-1-07.xls"}
    assert shell("query", "select 1 as one")["rows"] == [[1]]
    assert shell("query", "-- a comment\nselect 1/0, 'nan'::double, 2")["rows"] == [[None, None, 2]]
    assert "no statement" in shell("query", ";", code=2)["error"]
    assert "error" in shell("query", "create table x (a int)", code=2)
    assert "error" in shell("query", "select * from read_csv('/etc/passwd')", code=2)
    assert {claim["verdict"] for claim in shell("claims")["claims"]} == {
        "confirmed", "confirmed_with_caveat", "contradicted", "not_testable"
    }
    assert shell("quarantine")["quarantine"] == []


@pytest.mark.parametrize("name", [f"st-yearbook-2022-1-{number}" for number in ("14.xls", "04.xlsx", "07.xls")])
def test_inspect_touches_nothing(shell: Shell, name: str) -> None:
    seen = shell("inspect", str(DATA / "raw" / "yearbook" / name))
    assert (seen["outcome"], seen["edition"]) == ("read", "st-yearbook/2022")
    assert seen["sheets"][0]["tables"][0]["table"] == seen["tables"]
    assert not shell.home.exists()


def test_the_command_as_shipped_runs_the_flow_with_a_server_of_its_own(tmp_path: Path) -> None:
    """One real `highlands refresh`: Prefect, Great Expectations, the publisher; then "nothing new" without them."""
    source, home = tmp_path / "a.xlsx", tmp_path / "home"
    source.write_bytes(table(2020, BEIJING, TIANJIN, HEBEI))
    command = [sys.executable, "-c", "from flows.cli import main; main()", "refresh", "--home", str(home), "--json",
               "--no-raw", str(source)]
    first = subprocess.run(command, capture_output=True, text=True, check=True, timeout=240)
    said = json.loads(first.stdout)
    assert said["outcome"] == "published"
    assert {"read", "judge", "build", "check", "publish"} <= set(said["seconds"])
    assert first.stderr == ""
    again = subprocess.run([*command[:1], "-X", "importtime", *command[1:]], capture_output=True, text=True, check=True)
    assert json.loads(again.stdout)["outcome"] == "unchanged"
    assert not any(f"| {library}" in again.stderr for library in ("prefect", "great_expectations", "polars"))
    assert (home / "current" / "report" / "index.html").exists()
    assert (home / "current" / "data_docs" / "index.html").exists()


@pytest.mark.parametrize("arguments", [["claims"], ["claims", "--json"], ["query", "from indicator"], ["status"]])
def test_a_reader_that_has_seen_enough_is_no_failure(raw_run: Run, arguments: list[str]) -> None:
    """As `| head -1`: what is said goes into a pipe that nobody reads."""
    code = "import sys; sys.stdin.read(); from flows.cli import main; main()"
    command = [sys.executable, "-c", code, *arguments, "--home", str(raw_run.home.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert started.stdin and started.stdout and started.stderr
        started.stdout.close()
        started.stdin.close()  # it begins
        assert started.stderr.read() == b""
        assert started.wait(60) == 0
