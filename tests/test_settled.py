"""What lies in circumstances is no property of a document or of a release: it is neither kept for good nor mistaken
for what would be made anew."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flows import steps
from flows.beginning import is_unchanged
from flows.declarations import DATA, Declarations, contract_files
from flows.documents import fanout, judging, spread
from flows.home import landing, lock, manifest, shelf
from flows.home.durable import HomeError
from flows.home.folder import Home
from flows.processes.apart import Apart
from flows.project import CONTRACTS_VARIABLE, DeclarationError, visible
from flows.reading import limits, pool
from flows.run import Run
from tests import workbooks
from tests.test_command_line import BEIJING, HEBEI, TIANJIN, table
from transforms.corrections import checked
from transforms.grid import Grid, Sheet, Unreadable, Unsettled

Refreshed = Callable[..., Run]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A small table 1-7."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(table(2020, BEIJING, TIANJIN, HEBEI))
    return path


def observations(run: Run) -> int:
    assert run.warehouse
    return run.warehouse.mart("observation").height


def outcomes(run: Run) -> dict[str, str]:
    assert run.warehouse
    return dict(run.warehouse.mart("document").select("names", "outcome").iter_rows())


def is_new(run: Run) -> bool:
    """Whether a refresh of nothing more would have something to do."""
    return not is_unchanged(run)


# Documents


def test_a_damaged_document_counts_again_once_it_is_given_again(
    tmp_path: Path, file: Path, refreshed: Refreshed
) -> None:
    whole, home = refreshed(Home(tmp_path / "whole"), file), Home(tmp_path / "home")
    with lock.exclusive(home, 60):
        [document] = landing.land(home, [landing.Given("a.xlsx", file.read_bytes())])
        kept = home.landing / document.sha256
        kept.chmod(0o644)
        kept.write_bytes(b"torn")
    torn = refreshed(home)
    assert (outcomes(torn), observations(torn)) == ({"a.xlsx": "unreadable"}, 0)
    assert not is_new(torn), "still damaged: nothing else can come of it"
    mended = refreshed(home, file)
    assert (outcomes(mended), observations(mended)) == ({"a.xlsx": "read"}, observations(whole))
    assert (mended.candidate or mended.release) == whole.release
    assert "unsettled" not in manifest.read(home.candidates / mended.candidate if mended.candidate else home.current)


def test_a_document_whose_reader_was_killed_is_read_another_time(
    tmp_path: Path, file: Path, refreshed: Refreshed, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, home = refreshed(Home(tmp_path / "whole"), file), Home(tmp_path / "home")
    with monkeypatch.context() as patched:
        patched.setattr(pool, "_ask", lambda worker, data: worker.kill())
        killed = refreshed(home, file)
    assert outcomes(killed) == {"a.xlsx": "unreadable"}
    assert is_new(killed)
    assert (again := refreshed(home)).release == whole.release and outcomes(again) == {"a.xlsx": "read"}
    assert not is_new(again)


def test_only_the_document_can_be_at_fault_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    for signal, settled in ((-9, False), (-15, False), (-14, False), (-27, True), (-11, True)):
        monkeypatch.setattr(pool, "_ask", lambda worker, data: None)
        monkeypatch.setattr(pool, "_end", lambda worker, code=signal: code)
        with pytest.raises(Unreadable) as refused:
            pool.read_apart(b"a,b")
        assert isinstance(refused.value, Unsettled) != settled, signal


def test_a_document_that_makes_releases_be_rejected_can_be_set_aside(
    tmp_path: Path, file: Path, refreshed: Refreshed
) -> None:
    home, spoilt = Home(tmp_path / "home"), tmp_path / "spoilt.xlsx"
    spoilt.write_bytes(table(2022, ("北京", "Beijing", -4, -6, -15), TIANJIN, HEBEI))
    assert refreshed(home, file, spoilt).outcome == "rejected"
    declared = Declarations()
    [document] = [each for each in landing.landed(home) if each.names == ("spoilt.xlsx",)]
    entry = {"document": document.sha256[:12], "set_aside": True, "why": "a draft that was withdrawn"}
    declared.__dict__["corrections"] = [checked(entry)]
    run = Run(home, declared)
    with lock.exclusive(home, 60):
        steps.land(run, [])
        steps.everything(run)
    assert (run.outcome, outcomes(run)) == ("published", {"a.xlsx": "read", "spoilt.xlsx": "unrecognised"})
    assert run.warehouse
    [aside] = run.warehouse.mart("quarantine").to_dicts()
    assert aside["raw"] == "spoilt.xlsx"
    assert aside["reason"] == "set aside by data/corrections: a draft that was withdrawn"
    with pytest.raises(ValueError, match="why"):
        checked({"document": document.sha256, "set_aside": True})


def test_much_text_is_refused_wherever_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook holds a text once that may stand in every cell."""
    monkeypatch.setattr(limits, "MAX_TEXT", 1000)
    sheet = Sheet("1", tuple((f"{'x' * 10}", 1.0) for _ in range(100)))
    assert limits.check_text(Grid("xlsx", (sheet,))).sheets == (sheet,)
    with pytest.raises(Unreadable, match="characters"):
        limits.check_text(Grid("xlsx", (sheet, sheet)))


def test_no_document_is_lost_whatever_becomes_of_a_helper(
    tmp_path: Path, declarations: Declarations, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(Home(tmp_path / "home"), declarations)
    for n in range(fanout.LEAST):
        (tmp_path / f"{n}.csv").write_text(f"a,b\n{n},{n}\n", "utf-8")
    with lock.exclusive(run.home, 60):
        steps.land(run, sorted(tmp_path.glob("*.csv")))

    def answer(helper: Apart) -> None:
        raise MemoryError("too much for it")

    monkeypatch.setenv("HIGHLANDS_HELPERS", "1")
    monkeypatch.setattr(Apart, "answer", answer)
    monkeypatch.setattr(fanout, "_alone", _slowly(fanout._alone))
    steps.read_ahead(run)
    assert [result.row["document"] for result in run.results] == [document.sha256 for document in run.documents]


def _slowly(alone: Callable[..., None]) -> Callable[..., None]:
    """Reading alone that begins once a helper has taken what it takes."""

    def waiting(*arguments: object) -> None:
        import time

        time.sleep(0.5)
        alone(*arguments)

    return waiting


# Releases


@pytest.mark.parametrize("harm", ["a mart cut short", "no database", "no mart", "no report"])
def test_a_current_release_that_is_not_whole_is_made_again(
    harm: str, tmp_path: Path, file: Path, refreshed: Refreshed
) -> None:
    home = Home(tmp_path / "home")
    made = refreshed(home, file)
    release = home.current.resolve()
    target = {
        "a mart cut short": "marts/observation.parquet", "no database": "highlands.duckdb",
        "no mart": "marts/claim.parquet", "no report": "report/index.html",
    }[harm]  # fmt: skip
    before = (release / target).read_bytes()
    (release / target).parent.chmod(0o755)
    (release / target).unlink()
    if harm == "a mart cut short":
        (release / target).write_bytes(before[:100])
    assert is_new(made)
    again = refreshed(home)
    assert (again.outcome, again.release) == ("published", made.release)
    assert (home.current / target).stat().st_size == len(before)


def test_a_declaration_that_says_nothing_new_is_in_the_release_all_the_same(
    tmp_path: Path, file: Path, refreshed: Refreshed
) -> None:
    home, said = Home(tmp_path / "home"), {"table": "rd_expenditure_by_activity", "year": 2020}
    first = refreshed(home, file)
    second = refreshed(home, file, declared=said)
    assert second.warehouse and second.release and second.release != first.release
    assert second.warehouse.mart("document")["declared"].to_list() == ["rd_expenditure_by_activity 2020"]
    assert not is_new(second)


def test_what_changes_while_a_release_is_made_is_not_published(
    tmp_path: Path, file: Path, refreshed: Refreshed, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    first = refreshed(home, file)
    other = tmp_path / "b.xlsx"
    other.write_bytes(table(2021, BEIJING, TIANJIN, HEBEI))
    with lock.exclusive(home, 60), monkeypatch.context() as patched:
        run = Run(home)
        steps.land(run, [other])
        patched.setattr(manifest, "fingerprint", lambda: "e" * 64)  # as after `git pull`
        with pytest.raises(steps.Changed, match="refresh again"):
            steps.everything(run)
    assert home.current.resolve().name == first.release
    assert not home.cache.exists() and not list(home.candidates.iterdir())


# What decides


def test_libraries_and_the_size_of_parts_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.documents.cache import reading_fingerprint
    from flows.marts import keeping, parts

    def keys() -> tuple[str, ...]:
        manifest.libraries.cache_clear()
        return manifest.fingerprint(), reading_fingerprint(), keeping._code.__wrapped__()

    before = keys()
    with monkeypatch.context() as patched:
        patched.setattr(manifest, "_version", lambda name: "99" if name == "pycountry" else "1")
        assert not set(before) & set(keys())
    assert keys() == before
    monkeypatch.setenv(parts.LIMIT_VARIABLE, "100")
    assert keys()[0] != before[0]


def test_hidden_files_declare_nothing(tmp_path: Path) -> None:
    for name in ("a.yml", ".a.yml.swp", ".draft.yml", "b/.c/d.yml", "b/e.yml", "__pycache__/f.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [file.relative_to(tmp_path).as_posix() for file in visible(tmp_path, "**/*.yml")] == ["a.yml", "b/e.yml"]


def test_a_helper_finds_contracts_where_the_command_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "own.yml").write_text("table: own\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(CONTRACTS_VARIABLE, "mine")
    helper = Apart("flows.declarations")
    helper.ask("contract_files")
    assert helper.answer() == contract_files() == [*visible(DATA / "contracts", "**/*.yml"), tmp_path / "mine/own.yml"]
    helper.end()


def test_a_worker_with_other_declarations_refuses(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="restart it"):
        spread.read_batch.fn(str(tmp_path), b"", "f" * 64)
    with pytest.raises(DeclarationError, match="restart it"):
        spread.judge_batch.fn(str(tmp_path), b"", "f" * 64)


def test_two_that_keep_the_same_at_once_both_have_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "shelf" / shelf.name("x")

    def write(aside: Path) -> None:
        (aside / "a").write_text("1")

    def quicker(aside: Path) -> None:
        write(aside)
        shelf.fill(folder, write)  # as another process does meanwhile

    shelf.fill(folder, quicker)
    shelf.fill(folder, quicker)
    assert shelf.is_whole(folder) and [path.name for path in folder.parent.iterdir()] == [folder.name]
    (folder / shelf.SEAL).write_text(json.dumps({}))
    shelf.fill(folder, write)
    assert shelf.is_whole(folder) and [path.name for path in folder.parent.iterdir()] == [folder.name]
    (folder / shelf.SEAL).write_text(json.dumps({}))
    monkeypatch.setattr(shelf.durable, "remove", lambda path: None)
    with pytest.raises(HomeError):
        shelf.fill(folder, write)


def test_verdicts_are_on_what_reading_gave(tmp_path: Path, file: Path, declarations: Declarations) -> None:
    run = Run(Home(tmp_path / "home"), declarations)
    with lock.exclusive(run.home, 60):
        steps.land(run, [file])
        steps.read_ahead(run)
    [source] = judging.divided(run.home, run.documents, run.results, declarations, run.reading)
    kept = run.home.landing / run.documents[0].sha256
    kept.chmod(0o644)
    kept.write_bytes(workbooks.xlsx([("1", [["?"]], [])]))
    shutil.rmtree(run.home.cache)
    steps.read_ahead(run)
    [other] = judging.divided(run.home, run.documents, run.results, declarations, run.reading)
    assert source.folder != other.folder
