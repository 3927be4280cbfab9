"""Releases: immutable folders named for their content, and `current`, the link that says which one counts.

A publication is: verify, note it in the journal, move the candidate into place, swap the link. The journal's line
comes first and says what was current until then, so that nothing needs to be written after the swap: a full disk
can stop a publication but not spoil it, and a line whose swap never came is known by what the next one saw.

Every function that changes something must be called inside `flows.home.lock.exclusive`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.home import durable, lock, remote
from flows.home.folder import Home
from flows.home.manifest import MANIFEST, is_there, read
from flows.home.sealing import Broken, verify

PUBLISHED, ROLLED_BACK = "published", "rolled back"
APPROVAL = "approval.json"
"""Kept with a release for good: who approved it, why, and what exactly."""


class Unknown(LookupError):
    """There is no such release or candidate. The message is for people."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Release:
    """A published release: when (UTC) and by whom it was last published; both empty if the journal was lost."""

    id: str
    path: Path
    published_at: str = ""
    user: str = ""


def current(home: Home) -> Release | None:
    """The current release, its path free of the link, so that a reader stays with one release throughout."""
    name = current_id(home)
    if name is None or not (home.releases / name / MANIFEST).is_file():
        return None
    return next((each for each in releases(home) if each.id == name), Release(name, home.releases / name))


def before(home: Home) -> Release | None:
    """The release that was current until the current one was made so, by publishing it or by going back to it."""
    name = next((event["before"] for event, effective in reversed(switches(home)) if effective), None)
    return next((release for release in releases(home) if release.id == name), None)


def sound(home: Home) -> Release | None:
    """The release that a candidate is compared with: the current one or, where files of that are gone, the last one of
    which none are."""
    now = current(home)
    for release in [now, *releases(home)] if now else []:
        with suppress(OSError, ValueError):
            if is_there(release.path, read(release.path)):
                return release
    return None


def current_id(home: Home) -> str | None:
    """The id that the link says, whether or not that release can be read. Raises HomeError."""
    with durable.guarded("Reading the current release", home.current):
        try:
            return home.current.readlink().name
        except FileNotFoundError:
            return None


def releases(home: Home) -> list[Release]:
    """Every release that can be gone back to, the last published first, by the journal."""
    published: dict[str, Release] = {}
    for event, effective in switches(home):
        name = event["release"]
        if effective and event["event"] == PUBLISHED:
            published.pop(name, None)  # published again: it moves to the end
            published[name] = Release(name, home.releases / name, event["time"], event["user"])
    if (name := current_id(home)) and name not in published:
        published[name] = Release(name, home.releases / name)
    return [release for release in reversed(published.values()) if release.path.is_dir()]


def switches(home: Home) -> list[tuple[dict[str, Any], bool]]:
    """The journal's publications and rollbacks, each with whether it took effect: whether the next one, or now
    `current`, saw its release."""
    events = [event for event in home.events() if event["event"] in (PUBLISHED, ROLLED_BACK)]
    seen = [event["before"] for event in events[1:]] + [current_id(home)]
    return [(event, event["release"] == then) for event, then in zip(events, seen, strict=False)]


def interrupted(home: Home) -> list[Path]:
    """Releases whose last publication moved the folder into place and did not come to the swap of the link."""
    took_effect = {event["release"]: effective for event, effective in switches(home)}
    folders = [home.releases / name for name, effective in took_effect.items() if not effective]
    return sorted(folder for folder in folders if folder.is_dir())


def previous(home: Home) -> Release | None:
    """The release published before the current one: what `rollback` goes back to."""
    known = releases(home)
    names = [release.id for release in known]
    name = current_id(home)
    older = known[names.index(name) + 1 :] if name in names else []
    return older[0] if older else None


def find(home: Home, name: str) -> Release:
    """The release with this id, or the beginning of an id that only one has. Raises Unknown."""
    matching = [release for release in releases(home) if name and release.id.startswith(name)]
    if len(matching) != 1:
        known = ", ".join(release.id for release in releases(home)) or "none"
        raise Unknown(f"{'no' if not matching else 'more than one'} release {name}; there are: {known}")
    return matching[0]


def rolled_back(home: Home) -> dict[str, dict[str, Any]]:
    """The journal's line for every release that somebody went back from and that was not published since."""
    left: dict[str, dict[str, Any]] = {}
    for event, effective in switches(home):
        if effective:
            left.pop(event["release"], None)
        if effective and event["event"] == ROLLED_BACK:
            left[event["before"]] = event
    return left


def publish(home: Home, candidate: Path, **noted: Any) -> Release:
    """Makes the complete candidate in `candidate` the current release; `noted` goes into the journal's line.

    A release with its id that is already there, and whole, is used as it is. Raises Broken or HomeError; the
    current release is then what it was.
    """
    lock.require(home)
    name = candidate.name
    target = home.make(home.releases) / name
    with durable.guarded("Publishing", home.releases):
        verify(candidate)
        if target.exists() and not _is_whole(target, candidate):
            durable.remove(target)
        _note(home, PUBLISHED, name, noted)
        if target.exists():
            if (approval := candidate / APPROVAL).exists():
                durable.write(target / APPROVAL, approval.read_bytes())
            _switch(home, name)
            with suppress(OSError):  # it is published; what is left of the candidate will be swept
                durable.remove(candidate)
        else:
            durable.move(candidate, target)
            _switch(home, name)
    return find(home, name)


def rollback(home: Home, name: str | None = None, **noted: Any) -> Release:
    """Makes an earlier release, by default the previous one, current again.

    Raises Unknown when there is none, Broken when it is no longer whole, HomeError; nothing has changed then.
    """
    lock.require(home)
    target = find(home, name) if name else previous(home)
    if target is None:
        raise Unknown("there is no earlier release to go back to")
    if target.id == current_id(home):
        return target
    with durable.guarded("Rolling back", home.releases):
        verify(target.path)
        _note(home, ROLLED_BACK, target.id, noted)
        _switch(home, target.id)
    return target


def _note(home: Home, event: str, name: str, noted: dict[str, Any]) -> None:
    home.journal({"event": event, "release": name, "before": current_id(home), **noted})


def _switch(home: Home, name: str) -> None:
    if shared := remote.of(home):
        shared.switch(name)
    durable.point(home.current, f"{home.releases.name}/{name}")


def _is_whole(folder: Path, like: Path) -> bool:
    """Whether a release is whole, and has every file that a candidate of its id has."""
    try:
        verify(folder)
    except Broken:
        return False
    return all((folder / file.relative_to(like)).exists() for file in like.rglob("*"))


def prune(home: Home, keep: int = 10) -> list[str]:
    """Removes all but the `keep` last published releases, never the current or previous one; returns the ids.

    What people approved outlives its release, in the home's approvals/. A release that cannot be removed now is
    left to the next run: the publication before it has taken place and is not to be reported as failed.
    """
    lock.require(home)
    listed = [release.id for release in releases(home)]
    folders = [path.name for path in durable.entries(home.releases)]
    known = [*listed, *(name for name in folders if name not in listed)]  # never current: older than all that were
    before = previous(home)
    kept = {*known[:keep], current_id(home), before.id if before else None}
    gone = []
    with suppress(OSError, durable.HomeError):
        for name in known:
            if name not in kept:
                _remove(home, name)
                gone.append(name)
    return gone


def _remove(home: Home, name: str) -> None:
    if (approval := home.releases / name / APPROVAL).exists():
        durable.write(home.make(home.approvals) / f"{name}.json", approval.read_bytes())
    durable.remove(home.releases / name)
    if shared := remote.of(home):
        shared.remove(home.releases / name)
    home.journal({"event": "removed", "release": name})
