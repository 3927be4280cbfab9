"""The same documents, read on any task runner, are the same release."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.declarations import ROOT
from flows.run import Run


@pytest.mark.parametrize("runner", ["threads", "processes", "dask"])
def test_a_task_runner_gives_the_same_release(runner: str, raw_run: Run, tmp_path: Path) -> None:
    if runner == "dask":
        pytest.importorskip("prefect_dask", reason="requirements-dask.lock is not installed")
    environment = os.environ | {"HIGHLANDS_TASK_RUNNER": runner, "HIGHLANDS_WORKERS": "2"}
    environment.pop("PREFECT_API_URL", None)
    said = subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()",
         "refresh", "--home", str(tmp_path / "home"), "--only-raw", "--json"],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stdout + said.stderr
    release = json.loads(said.stdout.splitlines()[-1])["release"]
    theirs = tmp_path / "home" / "releases" / release / "marts"
    for parquet in sorted((raw_run.home.current / "marts").glob("*.parquet")):
        assert (theirs / parquet.name).read_bytes() == parquet.read_bytes(), parquet.name


def test_an_unknown_task_runner_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.documents import spread
    from flows.project import DeclarationError

    monkeypatch.setenv("HIGHLANDS_TASK_RUNNER", "carrier pigeons")
    with pytest.raises(DeclarationError, match="carrier pigeons"):
        spread.runner()
