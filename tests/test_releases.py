"""Publishing cannot go wrong: whatever dies, fills up or is refused, the current release is whole."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows.home import candidates, lock, manifest, releases
from flows.home.folder import Home
from flows.home.sealing import Broken, verify
from tests.crashes import check_after_death, die_at_lines, kill_at_a_random_moment
from tests.readers import read_while_publishing
from tests.small_releases import DIFF, ROWS, build, held, publish, stamp_of, write_marts


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty home that this test holds."""
    home = Home(tmp_path / "home")
    with lock.exclusive(home):
        yield home


# Identity


def test_the_id_follows_from_code_and_content_alone(tmp_path: Path) -> None:
    ids = set()
    for place in ("one", "another place"):
        with lock.exclusive(home := Home(tmp_path / place)):
            ids.add(publish(home, 1).id)
            assert publish(home, 2).id not in ids
    assert len(ids) == 1
    parquet = {"a": "0" * 64, "b": "1" * 64}
    first = manifest.release_id("f" * 64, parquet)
    assert first == manifest.release_id("f" * 64, dict(reversed(parquet.items())))
    assert first != manifest.release_id("e" * 64, parquet)
    assert first != manifest.release_id("f" * 64, {"a": "1" * 64, "b": "0" * 64})
    assert len(first) == 12


def test_the_fingerprint_is_of_code_and_declarations_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(manifest.CONTRACTS_VARIABLE, raising=False)
    for name in ("flows/cli.py", "sql/revision.sql", "data/contracts/a.yml", "data/raw/a.xls", "README.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    first = manifest.fingerprint(tmp_path)
    assert first == manifest.fingerprint(shutil.copytree(tmp_path, tmp_path / "elsewhere"))

    (tmp_path / "data/raw/a.xls").write_text("more")
    (tmp_path / "flows/__pycache__").mkdir()
    (tmp_path / "flows/__pycache__/cli.pyc").write_text("compiled")
    (tmp_path / "sql/.revision.sql.swp").write_text("an editor's")
    assert manifest.fingerprint(tmp_path) == first, "neither data nor what tools leave behind counts"

    (tmp_path / "sql/revision.sql").rename(tmp_path / "sql/restatement.sql")
    assert (renamed := manifest.fingerprint(tmp_path)) != first
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/extra.yml").write_text("table: mine")
    monkeypatch.setenv(manifest.CONTRACTS_VARIABLE, str(tmp_path / "mine"))
    assert manifest.fingerprint(tmp_path) != renamed


def test_the_manifest_knows_neither_time_nor_place(home: Home) -> None:
    path = publish(home, 1).path
    text = (path / "manifest.json").read_text()
    assert str(home.path) not in text
    assert json.loads(text).keys() == {"id", "fingerprint", "inputs", "parquet", "editions"}
    assert json.loads(text)["parquet"]["observation"]["rows"] == ROWS + 1


# Publishing, going back, pruning


def test_current_is_the_release_published_last(home: Home) -> None:
    assert releases.current(home) is None
    assert releases.releases(home) == []
    first, second = publish(home, 1), publish(home, 2)
    assert stamp_of(home.current) == 2
    assert releases.current(home) == second
    assert releases.previous(home) == first
    assert [release.id for release in releases.releases(home)] == [second.id, first.id]
    assert second.published_at > first.published_at
    assert not home.current.readlink().is_absolute(), "a home can be moved"


def test_published_files_are_read_only(home: Home) -> None:
    path = publish(home, 1).path
    files = [file for file in path.rglob("*") if file.is_file()]
    assert {file.stat().st_mode & 0o222 for file in files} == {0}


def test_the_database_is_of_the_format_that_duckdb_1_1_reads(home: Home) -> None:
    with (publish(home, 1).path / manifest.DATABASE).open("rb") as file:
        header = file.read(20)
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:20], "little") == 64, "storage version 64 is that of 1.0 and 1.1"


def test_going_back_and_publishing_again(home: Home) -> None:
    first, second, third = (publish(home, stamp) for stamp in (1, 2, 3))
    assert releases.rollback(home, person="me").id == second.id
    assert releases.rollback(home).id == first.id, "and further back, not forth again"
    with pytest.raises(releases.Unknown, match="no earlier release"):
        releases.rollback(home)
    assert set(releases.rolled_back(home)) == {third.id, second.id}
    assert releases.rolled_back(home)[third.id]["person"] == "me"
    assert releases.rollback(home, third.id[:6]).id == third.id
    assert stamp_of(home.current) == 3
    with pytest.raises(releases.Unknown, match="no release 0123"):
        releases.rollback(home, "0123")

    again = publish(home, 1)
    assert again.id == first.id
    assert [release.id for release in releases.releases(home)] == [first.id, third.id, second.id]
    assert list(home.candidates.iterdir()) == []


def test_pruning_spares_what_counts(home: Home) -> None:
    published = [publish(home, stamp) for stamp in range(1, 7)]
    candidate = held(home, 9)
    releases.rollback(home, published[0].id)
    assert releases.prune(home, keep=3) == [published[2].id, published[1].id]
    assert stamp_of(home.current) == 1
    assert [release.id for release in releases.releases(home)] == [
        published[5].id, published[4].id, published[3].id, published[0].id,
    ]  # fmt: skip
    assert [each.id for each in candidates.held(home)] == [candidate.id]
    assert releases.prune(home, keep=3) == []


def test_the_one_before_survives_even_when_one_is_kept(home: Home) -> None:
    for stamp in (1, 2, 3):
        publish(home, stamp)
    releases.prune(home, keep=1)
    releases.rollback(home)
    assert stamp_of(home.current) == 2


def test_a_home_whose_journal_is_lost_still_works(home: Home) -> None:
    first, second = publish(home, 1), publish(home, 2)
    home.journal_file.unlink()
    assert (now := releases.current(home)) is not None
    assert (now.id, now.published_at) == (second.id, "")
    assert releases.prune(home) == []
    assert candidates.sweep(home) == []
    third = publish(home, 3)
    assert [release.id for release in releases.releases(home)] == [third.id]
    assert first.path.is_dir()


def test_a_torn_line_of_the_journal_is_passed_over(home: Home) -> None:
    publish(home, 1)
    with home.journal_file.open("a") as file:
        file.write('{"event": "published", "rel')
    publish(home, 2)
    assert [event["event"] for event in home.events()] == ["published", "published"]


# Verification


def break_manifest(path: Path) -> None:
    (path / "manifest.json").write_text("{}")


def break_id(path: Path) -> None:
    text = (path / "manifest.json").read_text()
    (path / "manifest.json").write_text(text.replace("c0de", "c0da"))


def break_parquet(path: Path) -> None:
    data = bytearray((path / "marts/observation.parquet").read_bytes())
    data[100] ^= 1
    (path / "marts/observation.parquet").write_bytes(data)


def lose_parquet(path: Path) -> None:
    (path / "marts/revision.parquet").unlink()


def leave_wal(path: Path) -> None:
    (path / "highlands.duckdb.wal").write_bytes(b"")


def truncate_database(path: Path) -> None:
    data = (path / "highlands.duckdb").read_bytes()
    (path / "highlands.duckdb").write_bytes(data[: len(data) // 2])


def change_number(path: Path) -> None:
    with duckdb.connect(str(path / "highlands.duckdb")) as connection:
        connection.sql("UPDATE marts.observation SET value = value + 1e-9 WHERE key = 7")


def swap_row(path: Path) -> None:
    with duckdb.connect(str(path / "highlands.duckdb")) as connection:
        connection.sql("DELETE FROM marts.observation WHERE key = 7")
        connection.sql("INSERT INTO marts.observation FROM marts.observation WHERE key = 8")


def rename_column(path: Path) -> None:
    with duckdb.connect(str(path / "highlands.duckdb")) as connection:
        connection.sql("ALTER TABLE marts.observation RENAME COLUMN raw TO text")


def add_table(path: Path) -> None:
    with duckdb.connect(str(path / "highlands.duckdb")) as connection:
        connection.sql("CREATE TABLE marts.extra AS SELECT 1")


DAMAGES = [
    break_manifest, break_id, break_parquet, lose_parquet, leave_wal, truncate_database, change_number,
    swap_row, rename_column, add_table,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_candidate_is_never_published(home: Home, damage: object) -> None:
    publish(home, 1)
    candidate = build(home, 2)
    for file in candidate.rglob("*"):
        file.chmod(0o755)
    assert callable(damage)
    damage(candidate)
    with pytest.raises(Broken, match=candidate.name):
        releases.publish(home, candidate)
    assert stamp_of(home.current) == 1
    assert len(releases.releases(home)) == 1


def test_a_damaged_release_is_not_gone_back_to_but_published_anew(home: Home) -> None:
    first = publish(home, 1)
    second = publish(home, 2)
    (first.path / "marts/observation.parquet").chmod(0o644)
    break_parquet(first.path)
    with pytest.raises(Broken):
        releases.rollback(home)
    assert releases.current(home) == second
    assert publish(home, 1).id == first.id
    verify(first.path)


def test_a_home_with_any_name_can_be_verified(tmp_path: Path) -> None:
    with lock.exclusive(home := Home(tmp_path / "it's [a] home* of 北京?")):
        (plain := tmp_path / "plain").mkdir()
        write_marts(plain, 4)
        folder = candidates.begin(home)
        shutil.copytree(plain, folder, dirs_exist_ok=True)
        manifest.describe(folder, "c0de" * 16, [])
        releases.publish(home, candidates.complete(home, folder))
        assert stamp_of(home.current) == 4


# Held candidates


def test_an_approval_is_kept_with_the_release_for_good(home: Home) -> None:
    first = publish(home, 1)
    candidate = held(home, 2)
    assert stamp_of(home.current) == 1
    assert [(each.id, each.reasons) for each in candidates.held(home)] == [
        (candidate.id, ("a number was withdrawn",))
    ]
    release = candidates.approve(home, candidate.id[:5], "the bureau withdrew it", "王", DIFF)
    assert stamp_of(home.current) == 2
    assert candidates.held(home) == []
    [approval] = json.loads((release.path / "approval.json").read_text("utf-8"))
    assert approval["reason"] == "the bureau withdrew it"
    assert approval["person"] == "王"
    assert approval["diff"] == DIFF
    assert approval["against"] == first.id
    assert (release.path / "approval.json").stat().st_mode & 0o222 == 0

    for stamp in (3, 4):
        publish(home, stamp)
    assert release.id in releases.prune(home, keep=1)
    assert candidates.approvals(home, release.id) == [approval], "it outlives its release"


def test_an_approval_is_bound_to_the_diff_that_was_shown(home: Home) -> None:
    publish(home, 1)
    candidate = held(home, 2)
    for reason, diff, why in (
        ("good", [{**DIFF[0], "old": 1.6}], "no longer what was shown"),
        ("good", [], "no longer what was shown"),
        (" ", DIFF, "needs a reason"),
    ):
        with pytest.raises(candidates.Refused, match=why):
            candidates.approve(home, candidate.id, reason, "me", diff)
    publish(home, 3)
    with pytest.raises(candidates.Refused, match="was compared with release"):
        candidates.approve(home, candidate.id, "good", "me", DIFF)
    assert stamp_of(home.current) == 3
    releases.rollback(home)
    candidates.approve(home, candidate.id, "good", "me", DIFF)
    assert stamp_of(home.current) == 2


def test_a_candidate_that_was_tampered_with_is_not_approved(home: Home) -> None:
    publish(home, 1)
    candidate = held(home, 2)
    (candidate.path / "highlands.duckdb").chmod(0o644)
    change_number(candidate.path)
    with pytest.raises(Broken):
        candidates.approve(home, candidate.id, "good", "me", DIFF)
    assert stamp_of(home.current) == 1


def test_approving_what_was_a_release_before_adds_to_its_record(home: Home) -> None:
    publish(home, 1)
    for reason in ("first", "second"):
        candidates.approve(home, held(home, 2).id, reason, "me", DIFF)
        releases.rollback(home)
    release = candidates.approve(home, held(home, 2).id, "third", "me", DIFF)
    assert [each["reason"] for each in candidates.approvals(home, release.id)] == ["first", "second", "third"]
    assert candidates.held(home) == []


def test_an_unknown_candidate(home: Home) -> None:
    with pytest.raises(releases.Unknown, match="no held candidate abc; there are: none"):
        candidates.approve(home, "abc", "good", "me", DIFF)
    rejected = build(home, 1)
    with pytest.raises(releases.Unknown):
        candidates.approve(home, rejected.name, "good", "me", DIFF)
    assert candidates.sweep(home) == [f"removed candidates/{rejected.name}"]


# Dying


def test_killed_before_any_line_of_an_approval(tmp_path: Path) -> None:
    """Of all lines that an approval executes, every 17th here and each in `make torture`."""
    assert die_at_lines(tmp_path, range(5, 10_000, 17)) > 12


def test_killed_after_the_swap_to_a_release_that_was_there_before(home: Home) -> None:
    publish(home, 1)
    publish(home, 2)
    releases.rollback(home)
    candidate = held(home, 2)
    kept = shutil.copytree(candidate.path, home.path / "aside")
    releases.publish(home, candidate.path)
    kept.rename(candidate.path)
    assert candidates.sweep(home) == [f"removed candidates/{candidate.id}"]
    assert candidates.held(home) == []


def test_an_interrupted_approval_of_a_release_that_was_pruned_long_ago(home: Home) -> None:
    old = publish(home, 1)
    publish(home, 2)
    publish(home, 3)
    assert releases.prune(home, keep=2) == [old.id]
    candidate = held(home, 1)
    home.journal({"event": releases.PUBLISHED, "release": old.id, "before": releases.current_id(home)})
    candidate.path.rename(home.releases / candidate.id)
    assert candidates.held(home) == []
    assert candidates.sweep(home) == [f"the approval of candidate {old.id} was interrupted: it is held again"]
    assert candidates.approve(home, old.id, "good", "me", DIFF).id == old.id


def test_killed_at_random_moments(tmp_path: Path) -> None:
    """Eight here, any number in `make torture`."""
    home = Home(tmp_path / "home")
    chance = random.Random(3)
    with lock.exclusive(home):
        expected = publish(home, 1).id
    for _ in range(8):
        kill_at_a_random_moment(home, chance)
        check_after_death(home)
    with lock.exclusive(home):
        assert publish(home, 1).id == expected


# Readers


def test_eight_readers_never_notice(home: Home, tmp_path: Path) -> None:
    answers, changes = read_while_publishing(home, tmp_path / "stop", publications=20, rollbacks=5)
    assert answers >= 8 * 5
    assert changes > 8, "the readers saw releases change"
