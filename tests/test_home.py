"""A disk that is full, a home that is read-only or another's: a clear message, and nothing is lost or changed."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from flows.documents.given import Given
from flows.home import candidates, landing, lock, releases
from flows.home.durable import HomeError, guarded
from flows.home.folder import Home
from tests.crashes import check_after_death
from tests.small_disks import as_nobody, fill, mounted, read_only
from tests.small_releases import build, held, publish, stamp_of

KIB = 1024


def test_looking_at_a_home_leaves_no_trace(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert releases.current(home) is None
    assert releases.previous(home) is None
    assert landing.landed(home) == []
    assert candidates.held(home) == []
    assert lock.holder(home) is None
    assert home.events() == []
    assert not home.path.exists()


def test_the_journal_says_what_when_and_who(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.journal({"event": "tried", "name": "北京\u2028\udcff\n"})
    home.journal({"event": "tried again"})
    lines = home.journal_file.read_bytes().splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["tried", "tried again"]
    assert {"time", "user", "event", "name"} == json.loads(lines[0]).keys()
    assert home.events()[0]["name"] == "北京\u2028\udcff\n"


def test_a_full_disk_stops_a_refresh_and_spoils_nothing(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=12m") as disk:
        home = Home(disk / "home")
        with lock.exclusive(home):
            landing.land(home, [Given("a.csv", b"1")])
            first = publish(home, 1)
        refused = 0
        for spare in [*range(0, 64 * KIB, 8 * KIB), *range(64 * KIB, 4096 * KIB, 256 * KIB)]:
            ballast = fill(disk, spare)
            try:
                with lock.exclusive(home):
                    candidates.sweep(home)
                    landing.land(home, [Given(f"{spare}.csv", os.urandom(9000))])
                    publish(home, 2)
                break
            except HomeError as error:
                refused += 1
                assert "the disk is full" in str(error)
                assert str(disk) in str(error)
                assert "Free some space" in str(error)
            finally:
                ballast.unlink()
            assert releases.current_id(home) == first.id
            check_after_death(home)
            assert stamp_of(home.current) == 1
        assert refused > 8
        assert stamp_of(home.current) == 2


def test_a_disk_that_is_full_at_the_last_step(tmp_path: Path) -> None:
    """The candidate is complete; what fails is the journal's line, for want of room, or the link's inode."""
    with mounted(tmp_path / "disk", "size=12m,nr_inodes=200") as disk:
        home = Home(disk / "home")
        with lock.exclusive(home):
            publish(home, 1)
            candidate = held(home, 2)
            home.journal_file.write_bytes(home.journal_file.read_bytes().ljust(4096, b"\n"))
            ballast = fill(disk, 0)
            with pytest.raises(HomeError, match="the disk is full"):
                releases.publish(home, candidate.path)
            assert stamp_of(home.current) == 1
            assert candidates.held(home) == [candidate]
            ballast.unlink()

            free = os.statvfs(disk).f_favail
            files = [disk / f"inode-{number}" for number in range(free)]
            for file in files:
                file.touch()
            with pytest.raises(HomeError, match="the disk is full"):
                releases.publish(home, candidate.path)
            assert stamp_of(home.current) == 1
            for file in files:
                file.unlink()
            candidates.sweep(home)
            assert candidates.held(home) == [candidate]
            releases.publish(home, candidate.path)
            assert stamp_of(home.current) == 2


def test_a_read_only_home(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=12m") as disk:
        home = Home(disk / "home")
        with lock.exclusive(home):
            publish(home, 1)
            candidate = held(home, 2)
            changes = (
                lambda: landing.land(home, [Given("a.csv", b"1")]),
                lambda: build(home, 3),
                lambda: releases.publish(home, candidate.path),
                lambda: home.journal({"event": "tried"}),
            )
            with read_only(disk):
                for change in changes:
                    with pytest.raises(HomeError, match="read-only"):
                        change()
        with read_only(disk):
            with pytest.raises(HomeError, match="read-only"), lock.exclusive(home):
                pass
            assert stamp_of(home.current) == 1, "it can still be read"
            assert (now := releases.current(home)) is not None
            assert now.user


def test_a_home_without_permission(tmp_path: Path) -> None:
    import filelock  # noqa: F401 - what is imported later may be out of the other account's reach

    home = Home(tmp_path / "home")
    with lock.exclusive(home):
        publish(home, 1)
    for folder in [tmp_path, *tmp_path.parents[:-2]]:
        folder.chmod(folder.stat().st_mode | 0o011)

    def ask() -> str:
        said = []
        for what in (
            lambda: releases.current(home),
            lambda: landing.landed(home),
            lambda: candidates.held(home),
            home.events,
            lambda: lock.exclusive(home).__enter__(),
        ):
            try:
                said.append(str(what()))
            except HomeError as error:
                said.append(str(error))
            except Exception as error:
                said.append(repr(error))
        return "\n".join(said)

    home.path.chmod(0)
    closed = as_nobody(ask).splitlines()
    home.path.chmod(0o755)
    assert len(closed) == 5
    assert all("permission denied" in line and "--home" in line for line in closed), closed
    open_to_readers = as_nobody(ask).splitlines()
    assert open_to_readers[0].startswith("Release("), open_to_readers
    assert "permission denied" in open_to_readers[-1]
    assert stamp_of(home.current) == 1


def test_a_file_where_the_home_should_be(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    with pytest.raises(HomeError, match="a file stands where a folder should be"):
        Home(tmp_path / "home").make(tmp_path / "home" / "landing")
    with pytest.raises(HomeError, match="a file stands where"), lock.exclusive(Home(tmp_path / "home")):
        pass


def test_only_what_the_system_refuses_becomes_a_home_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), guarded("Dividing", tmp_path):
        _ = 1 / 0
    with pytest.raises(HomeError, match=r"Building failed: the disk is full"), guarded("Building", tmp_path):
        raise RuntimeError(f"IO Error: could not write: {os.strerror(errno.ENOSPC)}")
