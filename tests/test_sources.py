"""Sources are judged each for itself: which documents make one, and that nothing but the verdicts depends on it."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import archive
from flows import steps
from flows.declarations import DATA, Declarations
from flows.documents import judging, spread
from flows.documents.fanout import helpers
from flows.documents.judging import Source, divided, judge_all
from flows.home import lock
from flows.home.folder import Home
from flows.run import Run
from transforms.sources import NOTHING, sources

NAMES = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), max_size=3)


@given(st.dictionaries(st.text(max_size=4), NAMES), st.sets(st.sampled_from(["a", "b", "c"])))
def test_documents_that_share_a_name_are_in_one_group_and_no_others(
    spoken: Mapping[str, list[str]], compared: set[str]
) -> None:
    groups = sources(spoken, compared)
    assert sorted(document for group in groups for document in group) == sorted(spoken)
    of = {document: n for n, group in enumerate(groups) for document in group}
    reached = {
        document: {"" if name in compared else name for name in said} or {NOTHING} for document, said in spoken.items()
    }
    for group in groups:
        named = set().union(*(reached[document] for document in group))
        for document in spoken:
            assert (of[document] == of[group[0]]) == bool(reached[document] & named)


def test_series_of_the_project_are_held_against_each_other_and_others_stand_alone() -> None:
    spoken = {"1": ["st-yearbook"], "2": ["county-yearbook"], "3": ["rd-bulletin"], "4": [], "5": ["county-yearbook"]}
    assert sources(spoken, ["st-yearbook", "rd-bulletin"]) == [["1", "3"], ["2", "5"], ["4"]]


def test_a_declared_series_may_stand_apart(run: Run) -> None:
    declared = run.declarations
    series = {**declared.series, "st-yearbook": {**declared.series["st-yearbook"], "apart": True}}
    assert "st-yearbook" in judging._compared(declared)
    declared.__dict__["series"] = series
    assert "st-yearbook" not in judging._compared(declared) and "rd-bulletin" in judging._compared(declared)


@pytest.fixture(scope="module")
def volumes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The committed workbooks in six volumes, each a series of its own."""
    folder = tmp_path_factory.mktemp("volumes")
    archive.make(sorted((DATA / "raw" / "yearbook").glob("*.xlsx")), folder, 6)
    return folder


@pytest.fixture
def run(volumes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Five of the volumes, read and not judged yet."""
    monkeypatch.setenv("HIGHLANDS_CONTRACTS", str(volumes / "contracts"))
    run = Run(Home(tmp_path / "home"), Declarations())
    _read(run, [file for file in sorted((volumes / "files").iterdir()) if not file.name.startswith("0005")])
    return run


def _read(run: Run, files: list[Path]) -> None:
    with lock.exclusive(run.home, 60):
        steps.land(run, files, None)
        steps.read_ahead(run)


def _sources(run: Run) -> list[Source]:
    return divided(run.home, run.documents, run.results, run.declarations, run.reading)


def _bytes(home: Home) -> dict[str, bytes]:
    folder = home.cache / "judged"
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_sources_judged_at_once_or_spread_or_one_by_one_have_the_same_verdicts(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _sources(run)
    assert [len(source.documents) for source in found] == [5] * 5
    for source in found:
        judging.judge_source(source, run.declarations)
    alone = _bytes(run.home)
    assert len(alone) == 5 * (len(judging.FRAMES) + 1)
    shutil.rmtree(run.home.cache / "judged")
    monkeypatch.setenv("HIGHLANDS_HELPERS", "1")
    verdicts = judge_all(run.home, found, run.declarations)
    assert _bytes(run.home) == alone
    assert verdicts.distinct("source_cell", "edition")[0].startswith("st-yearbook/")
    shutil.rmtree(run.home.cache / "judged")
    monkeypatch.setattr(spread, "_own_fingerprint", lambda: run.reading)  # other tests have other contracts
    carried = pickle.dumps([source.carried() for source in found])
    given = spread.judge_batch.fn(str(run.home.path), carried, run.reading)
    assert given == {} and _bytes(run.home) == alone


def test_only_a_source_that_changed_or_whose_verdicts_are_damaged_is_judged_again(
    run: Run, volumes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge_all(run.home, _sources(run), run.declarations)
    first = _bytes(run.home)
    judged: list[Path] = []
    real = judging.judge_source

    def noted(source: Source, declared: Declarations) -> None:
        judged.append(source.folder)
        real(source, declared)

    monkeypatch.setattr(judging, "judge_source", noted)
    monkeypatch.setenv("HIGHLANDS_HELPERS", "0")
    judge_all(run.home, _sources(run), run.declarations)
    assert judged == []
    spoilt = _sources(run)[3].folder / "cells.parquet"
    spoilt.write_bytes(spoilt.read_bytes()[:-9] + b"123456789")
    judge_all(run.home, _sources(run), run.declarations)
    assert judged == [spoilt.parent] and _bytes(run.home) == first
    _read(run, sorted((volumes / "files").glob("0005-*1-07*")))
    judge_all(run.home, _sources(run), run.declarations)
    assert len(judged) == 2 and set(first) < set(_bytes(run.home))


def test_a_core_on_which_a_server_starts_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HIGHLANDS_HELPERS", raising=False)
    for cores, alone, beside in ((1, 0, 0), (2, 1, 0), (8, 7, 6), (64, 15, 14)):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        assert (helpers(), helpers(1)) == (alone, beside)
    monkeypatch.setenv("HIGHLANDS_HELPERS", "3")
    assert helpers(1) == 3, "what is said holds"
