"""Scheduling: the deployments, the watched inbox, what is told of a home, approvals and runs that died.

What needs a Prefect server shares the session's one; a whole service (PostgreSQL, a worker that is killed, the pages in
a browser) is tried by hand as docs/operations.md says.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import yaml

from flows.home import candidates, lock, releases
from flows.home.durable import HomeError
from flows.home.folder import Home
from flows.project import ROOT, DeclarationError, load_yaml
from flows.serving import schedule, surroundings, watching
from tests.small_releases import DIFF, held, publish


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A home that the test holds."""
    home = Home(tmp_path / "home")
    with lock.exclusive(home, 10):
        yield home


@pytest.fixture
def free_home(tmp_path: Path) -> Home:
    """A home with one release and one held candidate that nobody holds."""
    home = Home(tmp_path / "home")
    with lock.exclusive(home, 10):
        publish(home, 1)
        held(home, 2)
    return home


def old(path: Path, text: str = "x", seconds: float = 3600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (time.time() - seconds,) * 2)
    return path


def test_the_schedule_is_daily_in_its_months_and_weekly_in_the_others() -> None:
    said = schedule.declared()
    crons = schedule.crons(said)
    season = {int(month) for month in crons["season"].split()[3].split(",")}
    other = {int(month) for month in crons["otherwise"].split()[3].split(",")}
    assert season == set(said["season"]["months"])
    assert season | other == set(range(1, 13))
    assert not season & other
    assert crons["season"].split()[4] == "*"
    assert crons["otherwise"].split()[4] == "1"


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [("season", "months", [13]), ("season", "months", []), ("season", "at", "25:00"),
     ("otherwise", "weekday", "restday"), ("otherwise", "at", "six")],
)  # fmt: skip
def test_a_schedule_that_cannot_be_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, part: str, key: str, value: Any
) -> None:
    said = load_yaml(schedule.FILE)
    said[part][key] = value
    monkeypatch.setattr(schedule, "FILE", tmp_path / "schedule.yml")
    schedule.FILE.write_text(yaml.safe_dump(said))
    with pytest.raises(DeclarationError, match=r"schedule\.yml"):
        schedule.declared()


def test_prefect_yaml_names_flows_that_are_there_and_one_run_at_a_time() -> None:
    from prefect.flows import load_flow_from_entrypoint

    said = yaml.safe_load((ROOT / "prefect.yaml").read_text())
    assert [each["name"] for each in said["deployments"]] == ["scheduled", "inbox", "approval"]
    for each in said["deployments"]:
        flow = load_flow_from_entrypoint(each["entrypoint"])
        assert each["description"]
        assert "highlands" in each["tags"]
        if flow.name == "highlands":
            assert each["concurrency_limit"] == {"limit": 1, "collision_strategy": "ENQUEUE"}
    filled = schedule.for_prefect()
    text = (ROOT / "prefect.yaml").read_text()
    for name in ("season", "otherwise", "timezone", "version"):
        assert f"schedule.{name}" in text
        assert filled[name]


def test_a_file_is_complete_once_it_rests(tmp_path: Path) -> None:
    whole = old(tmp_path / "1-7.xls")
    old(tmp_path / "deep" / "er" / "8-9.xls")
    old(tmp_path / ".hidden")
    old(tmp_path / "~$open.xlsx")
    seen = watching.look(tmp_path, 0)
    assert sorted(path.name for path in seen.complete) == ["1-7.xls", "8-9.xls"]
    assert not seen.growing
    old(tmp_path / "later.xls.part")
    again = watching.look(tmp_path, 0)
    assert again.key == seen.key
    assert [path.name for path in again.growing] == ["later.xls.part"]
    assert watching.look(tmp_path, 5).complete == {}  # they arrived just now, however old they say they are
    whole.write_text("another")
    assert watching.look(tmp_path, 0).key not in ("", seen.key)
    assert watching.look(tmp_path / "not there", 0).key == ""


def test_a_run_waits_for_files_that_are_being_written_but_not_for_ever(tmp_path: Path) -> None:
    old(tmp_path / "never.part")
    old(tmp_path / "whole.xls")
    began = time.monotonic()
    assert [path.name for path in watching.settled(tmp_path, 0.01, 0.1)] == ["whole.xls"]
    assert time.monotonic() - began < 5


def test_what_may_go_away_by_itself_is_tried_again_and_nothing_else() -> None:
    from flows.serving import deployed

    for error in (OSError("no space"), HomeError("no space"), lock.Busy("busy"), MemoryError(), ConnectionError()):
        assert deployed.is_machine(error)
    for other in (FileNotFoundError("a path"), ValueError(), KeyError(), DeclarationError(), candidates.Refused()):
        assert not deployed.is_machine(other)


@pytest.mark.parametrize(
    ("said", "name", "kind"),
    [("published", "Published", "COMPLETED"), ("unchanged", "Unchanged", "COMPLETED"),
     ("held", "Held", "COMPLETED"), ("rejected", "Rejected", "FAILED")],
)  # fmt: skip
def test_the_state_of_a_run_says_the_outcome(said: str, name: str, kind: str) -> None:
    from flows.serving import deployed

    state = deployed.outcome({"outcome": said, "release": None, "candidate": "abc", "reasons": ["because"]})
    assert (state.name, state.type.value) == (name, kind)
    assert "because" in (state.message or "")


def test_the_environment_names_home_and_inbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HIGHLANDS_HOME", str(tmp_path / "a"))
    monkeypatch.setenv("HIGHLANDS_INBOX", str(tmp_path / "b"))
    assert surroundings.home().path == tmp_path / "a"
    assert surroundings.home(str(tmp_path / "c")).path == tmp_path / "c"
    assert surroundings.inbox() == tmp_path / "b"


def test_the_journal_is_told_once_and_only_what_took_effect(home: Home) -> None:
    from flows.serving import announcing

    first = publish(home, 1)
    home.journal({"event": releases.PUBLISHED, "release": "never", "before": first.id})  # died before the swap
    held(home, 2)
    held(home, 2)
    told = [(line["event"], line.get("release") or line.get("candidate")) for line in pending(home)]
    assert told == [("published", first.id), ("held", candidates.held(home)[0].id)]
    event = announcing.event(home, pending(home)[0])
    assert event.event == "highlands.release.published"
    assert event.resource.id == f"highlands.release.{first.id}"
    assert event.id == announcing.event(home, pending(home)[0]).id
    assert first.id in event.payload["text"]


def pending(home: Home) -> list[dict[str, Any]]:
    from flows.serving import announcing

    return announcing.pending(home, home.events())


def test_the_past_of_an_older_home_is_no_news(free_home: Home) -> None:
    from flows.serving import announcing

    announcing.begin(free_home)
    assert pending(free_home) == []
    assert not announcing.is_news(free_home)
    with lock.exclusive(free_home, 10):
        now = publish(free_home, 3)
    assert announcing.is_news(free_home)
    assert [line["release"] for line in pending(free_home)] == [now.id]


def test_links_lead_to_files_or_to_where_the_home_is_served(free_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.serving.telling import links

    now = releases.current(free_home)
    assert now
    (now.path / "report").mkdir(exist_ok=True)
    (now.path / "report" / "index.html").touch()
    monkeypatch.delenv("HIGHLANDS_URL", raising=False)
    assert links(free_home, now.path)["report"] == (now.path / "report" / "index.html").as_uri()
    monkeypatch.setenv("HIGHLANDS_URL", "https://stat.example/")
    assert links(free_home, now.path)["report"] == f"https://stat.example/releases/{now.id}/report/index.html"
    assert "data_docs" not in links(free_home, now.path)


def test_the_question_names_reasons_and_every_kind_of_change(free_home: Home) -> None:
    from flows.serving.approval import question

    text = question(free_home, candidates.held(free_home)[0])
    assert candidates.held(free_home)[0].id in text
    for reason in candidates.held(free_home)[0].reasons:
        assert reason in text


def test_every_field_of_the_question_says_what_it_is(free_home: Home) -> None:
    from flows.serving import approval as module

    held = candidates.held(free_home)[0]
    asked = module._question(free_home, held).model_json_schema()["properties"]
    for name, field in module.Decision.model_fields.items():
        assert (asked[name]["title"], asked[name]["description"]) == (field.title, field.description)
    assert asked["shown"]["default"] == held.diff_hash


def test_notifications_are_declared_and_need_their_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from flows.serving import automating

    monkeypatch.delenv("HIGHLANDS_NOTIFY_URL", raising=False)
    assert automating.declared() == []
    monkeypatch.setenv("HIGHLANDS_NOTIFICATIONS", str(tmp_path / "mine.yml"))
    (tmp_path / "mine.yml").write_text("targets: [{name: a, block: pigeon-post, fields: {url: x}}]\nmessages: {}\n")
    with pytest.raises(DeclarationError, match="pigeon-post"):
        automating.declared()
    (tmp_path / "mine.yml").write_text("targets: [{name: a}]\n")
    with pytest.raises(DeclarationError, match=r"mine\.yml"):
        automating.declared()


def test_a_run_is_alive_as_long_as_its_process_holds_its_lock(tmp_path: Path) -> None:
    from flows.serving import reviving

    home = Home(tmp_path)
    with reviving.alive(home, "run"):
        assert reviving.is_alive(home, "run")
    assert not reviving.is_alive(home, "run")
    with reviving.alive(home, None):
        pass
    (tmp_path / "runs" / "killed").touch()
    assert not reviving.is_alive(home, "killed")


class Prefect:
    """Stands in for Prefect's client: the runs it knows, the states it is told."""

    def __init__(self, *runs: Any) -> None:
        self.runs = list(runs)
        self.states: list[tuple[Any, str]] = []

    def read_flow_runs(self, **_: Any) -> list[Any]:
        return self.runs

    def set_flow_run_state(self, run: Any, state: Any, force: bool = False) -> None:
        self.states.append((run, state.name))


def run(kind: str, seconds_ago: float = 0, count: int = 1) -> Any:
    from prefect.client.schemas.objects import State, StateType

    then = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    state: Any = State(type=StateType(kind), timestamp=then)
    return SimpleNamespace(id=uuid4(), name=kind.lower(), state=state, run_count=count, end_time=then)


def test_dead_runs_are_begun_again_and_living_ones_let_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.serving import reviving

    home = Home(tmp_path)
    living, dead, crashed = run("RUNNING"), run("RUNNING"), run("CRASHED")
    taken, forgotten, long_ago = run("PENDING"), run("PENDING", 1000), run("CRASHED", 10**6)
    client: Any = Prefect(living, dead, crashed, taken, forgotten, long_ago)
    reviver = reviving.Reviver(home, 3)
    with reviving.alive(home, str(living.id)):
        assert sorted(reviver.look(client)) == ["crashed", "pending"]  # the dead one may just be beginning
        monkeypatch.setattr(reviving, "GRACE", -1)
        client.runs, client.states = [living, dead], []
        assert reviver.look(client) == ["running"]
    assert client.states == [(dead.id, "Crashed"), (dead.id, "AwaitingRetry")]


def test_a_run_that_dies_every_time_is_given_up(tmp_path: Path) -> None:
    from flows.serving import reviving

    client: Any = Prefect(run("CRASHED", count=3))
    assert reviving.Reviver(Home(tmp_path), 3).look(client) == []
    client = Prefect(run("CRASHED", count=0))  # it never even began
    reviver = reviving.Reviver(Home(tmp_path), 3)
    assert [bool(reviver.look(client)) for _ in range(4)] == [True, True, False, False]


@pytest.fixture
def sink() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A local address that takes Apprise's json:// messages, and what arrived there."""
    arrived: list[dict[str, Any]] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            arrived.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Taking)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}/", arrived
    server.shutdown()


@pytest.mark.usefixtures("prefect_harness")
def test_a_declared_target_is_a_block_that_delivers(
    monkeypatch: pytest.MonkeyPatch, sink: tuple[str, list[dict[str, Any]]]
) -> None:
    from prefect.blocks.notifications import SlackWebhook

    from flows.serving import automating

    address, arrived = sink
    monkeypatch.setenv("HIGHLANDS_NOTIFY_URL", address)
    wanted = automating.declared()
    names = {each.name.split()[1] for each in wanted}
    assert names == {"published", "held", "rejected", "failed", "no_worker"}
    block = SlackWebhook.load("highlands-team")
    assert {str(action.block_document_id) for each in wanted for action in each.actions} == {
        str(block._block_document_id)
    }
    block.notify("A release is published", subject="highlands")
    assert [(message["title"], message["message"]) for message in arrived] == [("highlands", "A release is published")]


@pytest.mark.usefixtures("prefect_harness")
def test_held_releases_are_asked_for_once_and_taken_back(free_home: Home) -> None:
    from prefect.client.orchestration import get_client

    from flows.serving import asking
    from flows.serving.approval import approval

    approval.to_deployment("approval").apply()
    with get_client(sync_client=True) as client, lock.exclusive(free_home, 10):
        asking.reconcile(client, free_home)
        asking.reconcile(client, free_home)
        (asked,) = asking._open(client)
        candidate = candidates.held(free_home)[0]
        assert asked.name == f"approve {candidate.id}"
        assert asked.parameters == {"candidate": candidate.id}
        before = releases.current_id(free_home)
        publish(free_home, 5)  # what was compared with is no longer current
        asking.reconcile(client, free_home)
        assert asking._open(client) == []
        releases.rollback(free_home, before)
        asking.reconcile(client, free_home)
        assert [again.id for again in asking._open(client)] == [asked.id]


@pytest.mark.usefixtures("prefect_harness")
def test_an_approval_publishes_exactly_what_was_held(free_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import approving
    from flows.serving import approval as module

    monkeypatch.setattr(approving, "compare", lambda *_: DIFF)
    candidate = candidates.held(free_home)[0]
    where = str(free_home.path)
    done = module.approval(candidate.id, "looked at", "Li Wei", where, return_state=True)
    assert (done.name, releases.current_id(free_home)) == ("Published", candidate.id)
    (kept,) = candidates.approvals(free_home, candidate.id)
    assert (kept["person"], kept["reason"]) == ("Li Wei", "looked at")
    again = module.approval(candidate.id, "looked at", "Li Wei", where, return_state=True)
    assert again.name == "Published"
    refused = module.approval("0123", "looked at", "Li Wei", where, return_state=True)
    assert (refused.name, refused.type.value) == ("Refused", "FAILED")


@pytest.mark.usefixtures("prefect_harness")
def test_an_approval_is_refused_when_something_changed(free_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import approving
    from flows.serving import approval as module

    monkeypatch.setattr(approving, "compare", lambda *_: [*DIFF, {"kind": "new"}])
    candidate, before = candidates.held(free_home)[0], releases.current_id(free_home)
    state = module.approval(candidate.id, "looked at", "Li Wei", str(free_home.path), return_state=True)
    assert (state.name, releases.current_id(free_home)) == ("Refused", before)
    assert "no longer what was shown" in (state.message or "")


def decided(monkeypatch: pytest.MonkeyPatch, decision: str, shown: str) -> None:
    from flows.serving import approval as module

    said = module.Decision(decision=decision, reason="why", person="Li Wei", shown=shown)  # type: ignore[arg-type]
    monkeypatch.setattr(module, "suspend_flow_run", lambda **_: said)


@pytest.mark.usefixtures("prefect_harness")
def test_what_the_form_says_is_done(free_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import approving
    from flows.serving import approval as module

    monkeypatch.setattr(approving, "compare", lambda *_: DIFF)
    candidate, where = candidates.held(free_home)[0], str(free_home.path)
    decided(monkeypatch, "decline", candidate.diff_hash)
    assert module.approval(candidate.id, home=where, return_state=True).name == "Declined"
    assert [held.id for held in candidates.held(free_home)] == [candidate.id]
    decided(monkeypatch, "publish", "another comparison")
    assert module.approval(candidate.id, home=where, return_state=True).name == "Refused"
    decided(monkeypatch, "publish", candidate.diff_hash)
    assert module.approval(candidate.id, home=where, return_state=True).name == "Published"


@pytest.mark.usefixtures("prefect_harness")
def test_the_watch_starts_one_run_for_what_came(tmp_path: Path) -> None:
    from prefect.client.orchestration import get_client

    from flows.serving import deployed, eyes

    home, inbox = Home(tmp_path / "home"), tmp_path / "inbox"
    home.make(home.path)
    assert not eyes.start("before it is deployed", "x")
    deployed.refresh.to_deployment("inbox").apply()
    watch = eyes.Eyes(home, inbox, 0, 3)
    watch.look()
    old(inbox / "a.xls")
    for _ in range(3):
        watch.look()
    eyes.Eyes(home, inbox, 0, 3).look()  # after a restart
    with get_client(sync_client=True) as client:
        runs = [each for each in client.read_flow_runs() if each.name == "inbox: 1 file"]
    assert len(runs) == 1
