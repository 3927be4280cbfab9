"""The same documents, read on any task runner, are the same release."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.declarations import DATA, ROOT
from flows.home.folder import Home
from tests.conftest import refresh

FEW = [DATA / "raw" / "paper", DATA / "raw" / "gii"]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The marts of a few documents, read without a task runner."""
    run = refresh(Home(tmp_path_factory.mktemp("expected") / "home"), *FEW)
    run.close()
    return {file.name: file.read_bytes() for file in (run.home.current / "marts").glob("*.parquet")}


@pytest.mark.parametrize("runner", ["threads", "processes", "dask"])
def test_a_task_runner_gives_the_same_release(runner: str, expected: dict[str, bytes], tmp_path: Path) -> None:
    if runner == "dask":
        pytest.importorskip("prefect_dask", reason="requirements-dask.lock is not installed")
    environment = os.environ | {"HIGHLANDS_TASK_RUNNER": runner, "HIGHLANDS_WORKERS": "2"}
    environment.pop("PREFECT_API_URL", None)
    said = subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()",
         "refresh", "--home", str(tmp_path / "home"), "--no-raw", "--json", *map(str, FEW)],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stdout + said.stderr
    theirs = (tmp_path / "home" / "current" / "marts").glob("*.parquet")
    assert {file.name: file.read_bytes() for file in theirs} == expected


def test_an_unknown_task_runner_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.documents import spread
    from flows.project import DeclarationError

    monkeypatch.setenv("HIGHLANDS_TASK_RUNNER", "carrier pigeons")
    with pytest.raises(DeclarationError, match="carrier pigeons"):
        spread.runner()
