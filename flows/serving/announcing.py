"""What happened in a home, told to Prefect as events, which automations and notifications hang on.

It is told from the journal, not by the runs: a release that was published on the command line, or by a run that
died right after, is announced like any other. `announced.json` in the home says how far the telling has come, and
every line of the journal gives its event an id, so that what is told twice counts once.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.events.schemas.events import Event, RelatedResource, Resource

from flows.home import durable, lock, releases
from flows.home.folder import Home
from flows.serving import asking
from flows.serving.telling import folder, links, sentence

MARK = "announced.json"
TOLD = {"published": "published", "held": "held", "rejected": "rejected", "rolled back": "rolled_back"}
"""The journal's events that are told, and the last part of the event's name, highlands.release.<part>."""
Line = dict[str, Any]


def begin(home: Home) -> None:
    """Where nothing was ever told, start from now: the past of an older home is no news."""
    if not (home.path / MARK).exists():
        with lock.exclusive(home, 60):
            _mark(home, len(home.events()))


def announce(home: Home, wait_seconds: float = 60) -> list[str]:
    """Tell what has not been told yet, and bring the approvals that are asked for in line with what is held.

    Returns the names of the events. Raises Busy, HomeError, or what Prefect's client raises; what was not told
    then will be the next time.
    """
    with lock.exclusive(home, wait_seconds), get_client(sync_client=True) as client:
        lines = home.events()
        events = [event(home, line) for line in pending(home, lines)]
        if events:
            send(client, events)
        asking.reconcile(client, home)
        _mark(home, len(lines))
    return [each.event for each in events]


def is_news(home: Home) -> bool:
    """Whether the journal has grown since the last telling. Cheap; takes no lock."""
    return len(home.events()) > _told(home)


def pending(home: Home, lines: list[Line]) -> list[Line]:
    """The journal's lines to tell, oldest first: those that took effect and say something new. A candidate that is
    held, or a refresh that is rejected, again for the same reasons is told once."""
    told, found = _told(home), []
    switched = iter(releases.switches(home))
    last: Line = {}
    for index, line in enumerate(lines):
        effective = next(switched)[1] if line["event"] in (releases.PUBLISHED, releases.ROLLED_BACK) else True
        if line["event"] not in TOLD or not effective:
            continue
        again = line["event"] in ("held", "rejected") and _without_time(line) == _without_time(last)
        if index >= told and not again:
            found.append(line)
        last = line
    return found


def event(home: Home, line: Line) -> Event:
    """A line of the journal as an event; the release or candidate is its resource."""
    name = line.get("candidate") or line.get("release") or "none"
    return Event(
        id=uuid5(NAMESPACE_URL, f"{home.path} {json.dumps(line, sort_keys=True, ensure_ascii=False)}"),
        event=f"highlands.release.{TOLD[line['event']]}",
        resource=_resource(home, name),
        related=_related(),
        payload={**line, "home": str(home.path), "text": sentence(line), **links(home, folder(home, line))},
    )


def failed(home: Home, error: BaseException) -> None:
    """Tell that a run failed. Never raises: the failure itself matters more."""
    payload = {"event": "failed", "home": str(home.path), "text": f"A run failed: {error or repr(error)}"}
    told = Event(
        event="highlands.release.failed",
        resource=_resource(home, "none"),
        related=_related(),
        payload=payload,
    )
    try:
        with get_client(sync_client=True) as client:
            send(client, [told])
    except Exception as second:
        error.add_note(f"and that could not be told: {second!r}")


def send(client: SyncPrefectClient, events: list[Event]) -> None:
    """Hand events to the server and return once it has them (prefect.events.emit_event only queues them)."""
    client.request("POST", "/events", json=[each.model_dump(mode="json") for each in events]).raise_for_status()


def _resource(home: Home, name: str) -> Resource:
    return Resource(
        {
            "prefect.resource.id": f"highlands.release.{name}",
            "prefect.resource.name": name,
            "highlands.home": str(home.path),
        }
    )


def _related() -> list[RelatedResource]:
    """The flow run that tells, if it is one."""
    from prefect.runtime import flow_run

    if not flow_run.id:
        return []
    return [_role("flow-run", flow_run.id, flow_run.name), _role("flow", flow_run.flow_name, flow_run.flow_name)]


def _role(role: str, identity: str | UUID, name: str) -> RelatedResource:
    return RelatedResource(
        {
            "prefect.resource.id": f"prefect.{role}.{identity}",
            "prefect.resource.role": role,
            "prefect.resource.name": name,
        }
    )


def _told(home: Home) -> int:
    try:
        return int(json.loads((home.path / MARK).read_bytes())["lines"])
    except (OSError, ValueError, TypeError, KeyError):
        return 0


def _mark(home: Home, lines: int) -> None:
    durable.write(home.path / MARK, json.dumps({"lines": lines}).encode())


def _without_time(line: Line) -> Line:
    return {key: value for key, value in line.items() if key not in ("time", "user")}
