"""A home shared by several machines through S3: one history, one lock, and whoever dies leaves a whole release."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from flows.beginning import is_unchanged
from flows.documents import cache
from flows.documents.given import Given
from flows.documents.spread import read_batch
from flows.home import candidates, durable, landing, lock, releases, remote
from flows.home.folder import Home
from flows.home.sealing import verify
from flows.home.store import VARIABLE, opened
from flows.run import Run
from tests.small_releases import DIFF, held, publish, stamp_of

lease = pytest.importorskip("flows.home.lease", reason="requirements-s3.lock is not installed")
server = pytest.importorskip("moto.server", reason="requirements-s3.lock is not installed")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A local server that speaks S3's protocol."""
    running = server.ThreadedMotoServer(port=0, verbose=False)
    running.start()
    yield "http://{}:{}".format(*running.get_host_and_port())
    running.stop()


@pytest.fixture
def store(endpoint: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Any:
    """An empty store that the environment names."""
    import boto3

    settings = {
        "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
    }  # fmt: skip
    bucket = f"b{abs(hash(request.node.name)) % 10**9}"
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3").create_bucket(Bucket=bucket)
    monkeypatch.setenv(VARIABLE, f"s3://{bucket}/statistics/highlands")
    return opened(os.environ[VARIABLE])


@pytest.fixture
def here(tmp_path: Path) -> Home:
    return Home(tmp_path / "here")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Home:
    return Home(tmp_path / "elsewhere")


def look(home: Home) -> None:
    """What any command that changes a home does first and last."""
    with lock.exclusive(home, 5):
        pass


def test_two_machines_have_one_history(store: Any, here: Home, elsewhere: Home) -> None:
    with lock.exclusive(here):
        first = publish(here, 1)
    with lock.exclusive(elsewhere):
        assert (now := releases.current(elsewhere)) is not None and now.id == first.id
        second = publish(elsewhere, 2)
        assert (before := releases.previous(elsewhere)) is not None and before.id == first.id
    with lock.exclusive(here):
        assert stamp_of(here.current) == 2
        releases.rollback(here)
    look(elsewhere)
    assert stamp_of(elsewhere.current) == 1
    assert releases.rolled_back(elsewhere).keys() == {second.id}
    assert elsewhere.journal_file.read_bytes() == here.journal_file.read_bytes()
    for each in (first, second):
        verify(elsewhere.releases / each.id)


def test_a_home_of_its_own_founds_the_store(
    store: Any, here: Home, elsewhere: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = os.environ[VARIABLE]
    monkeypatch.delenv(VARIABLE)
    with lock.exclusive(here):
        landing.land(here, [Given("a.csv", b"a,b\n1,2\n")])
        publish(here, 1)
        publish(here, 2)
        waiting = held(here, 3)
    monkeypatch.setenv(VARIABLE, address)
    look(here)
    look(elsewhere)
    assert stamp_of(elsewhere.current) == 2
    assert len(releases.releases(elsewhere)) == 2
    assert [each.id for each in candidates.held(elsewhere)] == [waiting.id]
    assert [document.names for document in landing.landed(elsewhere)] == [("a.csv",)]


def test_documents_are_there_before_landing_returns_and_names_come_together(
    store: Any, here: Home, elsewhere: Home
) -> None:
    with lock.exclusive(here):
        [document] = landing.land(here, [Given("a.csv", b"a,b\n1,2\n")])
        assert bytes(store.get(f"landing/{document.sha256}").bytes()) == b"a,b\n1,2\n"
    with lock.exclusive(elsewhere):
        assert not landing.land(elsewhere, [Given("b.csv", b"a,b\n1,2\n")])[0].new
    look(here)
    assert [each.names for each in landing.landed(here)] == [("a.csv", "b.csv")]


def test_a_worker_reads_a_document_that_its_machine_does_not_have(store: Any, here: Home, elsewhere: Home) -> None:
    with lock.exclusive(here):
        [document] = landing.land(here, [Given("a.csv", b"a,b\n1,2\n")])
    assert landing.read_bytes(elsewhere, document.sha256) == b"a,b\n1,2\n"
    (elsewhere.make(elsewhere.landing) / document.sha256).write_bytes(b"a,b\n1,3\n")
    assert landing.read_bytes(elsewhere, document.sha256) == b"a,b\n1,2\n", "damaged here, whole there"
    given = read_batch.fn(str(elsewhere.path), pickle.dumps([document]), cache.reading_fingerprint())
    assert [cache.decoded(blob).row["document"] for blob in given.values()] == [document.sha256]
    with pytest.raises(landing.Damaged):
        landing.read_bytes(elsewhere, "0" * 64)


def test_a_candidate_held_here_is_approved_there(store: Any, here: Home, elsewhere: Home) -> None:
    with lock.exclusive(here):
        publish(here, 1)
        waiting = held(here, 2)
    with lock.exclusive(elsewhere):
        candidates.approve(elsewhere, waiting.id, "good", "王", DIFF)
    look(here)
    assert stamp_of(here.current) == 2
    assert candidates.held(here) == []
    assert candidates.approvals(here, waiting.id)[0]["person"] == "王"


def test_what_is_pruned_leaves_the_store(store: Any, here: Home, elsewhere: Home) -> None:
    with lock.exclusive(here):
        old, *_ = (publish(here, stamp) for stamp in (1, 2, 3))
        assert releases.prune(here, keep=2) == [old.id]
    look(elsewhere)
    assert len(releases.releases(elsewhere)) == 2
    keys = [each["path"] for chunk in store.list() for each in chunk]
    assert not [key for key in keys if old.id in key]


def test_one_at_a_time(store: Any, here: Home, elsewhere: Home) -> None:
    with lock.exclusive(here), pytest.raises(lock.Busy, match="is being changed by process"), lock.exclusive(elsewhere):
        pass
    look(elsewhere)


def test_a_dead_holder_is_followed_when_its_time_is_up(
    store: Any, here: Home, elsewhere: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LEASE", 1.0)
    dead = lease.Lease(store, {"host": "gone", "home": "/gone", "pid": 1, "user": "", "since": "", "command": ""})
    monkeypatch.setattr(dead._renewing, "run", lambda: None)
    dead.acquire(0)
    with pytest.raises(lock.Busy, match="on gone"), lock.exclusive(here):
        pass
    look(here)


def test_who_lost_the_lease_publishes_nothing(
    store: Any, here: Home, elsewhere: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lock.exclusive(here):
        publish(here, 1)
    with pytest.raises(remote.Lost), lock.exclusive(here):
        suspended = remote.of(here)
        assert suspended
        suspended._lease._ended.set()  # it beats no more
        monkeypatch.setattr(lease, "LEASE", 1.0)
        with lock.exclusive(elsewhere, 5):
            publish(elsewhere, 2)
        publish(here, 3)
    look(here)
    assert (stamp_of(here.current), stamp_of(elsewhere.current)) == (2, 2)

    with pytest.raises(remote.Lost, match="another machine published"), lock.exclusive(here):
        monkeypatch.setattr(remote.Remote, "check", lambda self: None)  # it has not noticed yet
        store.put("current.json", b"{}")
        publish(here, 3)


class Killed(BaseException):
    """The process is gone: nothing that would come after happens."""


class Dying:
    """A store that a process writes to until it is killed, before a certain write."""

    def __init__(self, store: Any, writes: int) -> None:
        self._store, self._left = store, writes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put(self, *args: Any, **options: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise Killed
        return self._store.put(*args, **options)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_killed_before_any_write(store: Any, here: Home, elsewhere: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "LEASE", 0.1)
    monkeypatch.setattr(lease, "POLL", 0.05)
    monkeypatch.setattr(remote.Remote, "check", lambda self: None)  # so short a lease runs out in time
    with lock.exclusive(here):
        publish(here, 1)
    stamps: list[int] = []
    for write in range(30):
        dying = Dying(store, write)
        with monkeypatch.context() as patch, suppress(Killed):
            patch.setattr("flows.home.store.opened", lambda address, dying=dying: dying)
            with lock.exclusive(here, 5):
                publish(here, write + 2)
        look(elsewhere)
        stamps.append(stamp_of(elsewhere.current))
        verify(elsewhere.current.resolve())
        assert stamps[-1] in (write + 2, *stamps[-2:-1], 1)
        if dying._left >= 0:
            break
    assert write > 8 and stamps[0] == 1 and stamps[-1] == write + 2
    look(here)
    assert stamp_of(here.current) == write + 2


def test_a_refresh_elsewhere_has_nothing_to_do(
    raw_run: Run, store: Any, here: Home, elsewhere: Home
) -> None:
    shutil.copytree(raw_run.home.path, here.path, symlinks=True)
    look(here)
    with lock.exclusive(elsewhere):
        run = Run(elsewhere)
        run.documents = landing.landed(elsewhere)
        assert is_unchanged(run)
    assert run.release == raw_run.release
    assert read_back(elsewhere) == read_back(raw_run.home)


def read_back(home: Home) -> dict[str, bytes]:
    """Every file of the current release."""
    release = home.current.resolve()
    return {str(file.relative_to(release)): file.read_bytes() for file in release.rglob("*") if file.is_file()}


def test_a_store_that_cannot_be_reached_is_an_error_for_people(
    store: Any, here: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "")
    monkeypatch.setenv(VARIABLE, "s3://there-is-no-such-bucket/x")
    with pytest.raises(durable.HomeError, match="there-is-no-such-bucket"), lock.exclusive(here):
        pass
