"""The same documents, read and judged on any task runner, leave the same in the cache, of which marts are built."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest

from flows import steps
from flows.declarations import DATA
from flows.documents import cache, spread
from flows.home import lock
from flows.home.folder import Home
from flows.project import DeclarationError
from flows.run import Run

FEW = [DATA / "raw" / "paper", DATA / "raw" / "gii", DATA / "raw" / "bulletin"]


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A home with a few documents, read and judged without a task runner."""
    run = Run(Home(tmp_path_factory.mktemp("task") / "home"))
    with lock.exclusive(run.home, 60):
        steps.land(run, FEW, None)
        steps.read_ahead(run)
        steps.judge_cells(run)
    return run


def kept(home: Home) -> dict[str, bytes]:
    """Everything in the cache, by its path there."""
    files = (path for path in home.cache.rglob("*") if path.is_file())
    return {path.relative_to(home.cache).as_posix(): path.read_bytes() for path in files}


@pytest.mark.usefixtures("prefect_harness")
@pytest.mark.parametrize("runner", ["threads", "processes", "dask"])
def test_a_task_runner_leaves_the_same(
    runner: str, landed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if runner == "dask":
        pytest.importorskip("prefect_dask", reason="requirements-dask.lock is not installed")
    monkeypatch.setenv("HIGHLANDS_TASK_RUNNER", runner)
    monkeypatch.setenv("HIGHLANDS_WORKERS", "1")
    expected = kept(landed.home)
    shutil.copytree(landed.home.landing, tmp_path / "home" / "landing")
    run = Run(Home(tmp_path / "home"))
    run.documents = landed.documents
    spread.read(run)
    by_runner = kept(run.home)
    assert by_runner == {name: blob for name, blob in expected.items() if "/" not in name}
    steps.read_ahead(run)
    assert kept(run.home) == by_runner, "nothing was left to read"
    spread.judge(run)
    assert kept(run.home) == expected


def test_a_batch_is_read_in_the_usual_surroundings_where_its_helper_cannot(
    landed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread, "_helped", lambda home, batch: [None] * len(batch))
    shutil.copytree(landed.home.landing, tmp_path / "home" / "landing")
    document = landed.documents[0]
    assert spread.read_batch.fn(str(tmp_path / "home"), pickle.dumps([document]), landed.reading) == {}
    name = cache.key(document, landed.reading)
    assert (tmp_path / "home" / "cache" / name).read_bytes() == (landed.home.cache / name).read_bytes()


def test_an_unknown_task_runner_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIGHLANDS_TASK_RUNNER", "carrier pigeons")
    with pytest.raises(DeclarationError, match="carrier pigeons"):
        spread.runner()
