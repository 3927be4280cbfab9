"""Candidates: releases that are built but not yet published, and the approval of those that were held.

A candidate is built under a temporary name, sealed, and renamed to `candidates/<id>`; from then on it is as
immutable as a release. A held one has `held.json` beside its marts: why, against which release, the exact diff.
An approval is bound to that diff and is kept with the release for good, in `approval.json`.

Every function that changes something must be called inside `flows.home.lock.exclusive`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.home import durable, lock, manifest, releases
from flows.home.folder import Home
from flows.home.releases import APPROVAL, Release, Unknown, current_id, interrupted

HELD = "held.json"
Diff = list[dict[str, Any]]


class Refused(Exception):
    """A candidate may not be published: something changed since it was shown. The message is for people."""


@dataclass(frozen=True)
class Held:
    """A held candidate: the reasons, the release it was compared with, and the hash of that comparison."""

    id: str
    path: Path
    reasons: tuple[str, ...]
    against: str | None
    diff_hash: str
    held_at: str


def begin(home: Home) -> Path:
    """A new empty folder to build a candidate in; should the process die, `sweep` removes it."""
    lock.require(home)
    folder = durable.temporary(home.make(home.candidates))
    return home.make(folder)


def complete(home: Home, folder: Path) -> Path:
    """Seals what was built in `folder` and gives it the name that its manifest says: candidates/<id>."""
    lock.require(home)
    target = home.candidates / manifest.read(folder)["id"]
    with durable.guarded("Completing the candidate", folder):
        durable.seal(folder)
        if target.exists():
            durable.remove(target)
        durable.move(folder, target)
    return target


def diff_hash(diff: Diff) -> str:
    """SHA-256 of a comparison: a list of changes as plain JSON values, in the order in which they are shown."""
    return hashlib.sha256(_json(diff)).hexdigest()


def hold(home: Home, candidate: Path, reasons: list[str], diff: Diff) -> Held:
    """Keeps a complete candidate for a person to decide on; `diff` is the comparison with the current release."""
    lock.require(home)
    now = releases.current(home)
    note = {
        "reasons": reasons,
        "against": now.id if now else None,
        "diff_hash": diff_hash(diff),
        "diff": diff,
        "held_at": _now(),
    }
    with durable.guarded("Holding the candidate", candidate):
        durable.write(candidate / HELD, _json(note))
    home.journal({"event": "held", "candidate": candidate.name, "reasons": reasons})
    return _held(candidate, note)


def held(home: Home) -> list[Held]:
    """Every held candidate, the last held first."""
    with durable.guarded("Reading the candidates", home.candidates):
        notes = [note for path in durable.entries(home.candidates) if (note := path / HELD).exists()]
        found = [_held(note.parent, json.loads(note.read_bytes())) for note in notes]
    return sorted(found, key=lambda candidate: (candidate.held_at, candidate.id), reverse=True)


def difference(held: Held) -> Diff:
    """The comparison that was recorded when the candidate was held: what a person was, or is to be, shown."""
    with durable.guarded("Reading a candidate", held.path):
        return list(json.loads((held.path / HELD).read_bytes())["diff"])


def find(home: Home, name: str) -> Held:
    """The held candidate with this id, or the beginning of an id that only one has. Raises Unknown."""
    known = held(home)
    matching = [candidate for candidate in known if name and candidate.id.startswith(name)]
    if len(matching) != 1:
        ids = ", ".join(candidate.id for candidate in known) or "none"
        raise Unknown(f"{'no' if not matching else 'more than one'} held candidate {name}; there are: {ids}")
    return matching[0]


def approve(home: Home, name: str, reason: str, person: str, diff: Diff) -> Release:
    """Publishes a held candidate. `diff` is its comparison with the current release, made anew.

    Raises Refused when that is not the diff that was shown or the current release is another one, Unknown, Broken
    or HomeError; the current release is then what it was.
    """
    lock.require(home)
    if not reason.strip():
        raise Refused("an approval needs a reason")
    candidate = find(home, name)
    now = releases.current(home)
    if candidate.against != (now.id if now else None):
        raise Refused(
            f"candidate {candidate.id} was compared with release {candidate.against}, but the current one is "
            f"{now.id if now else 'none'}: refresh again and look at the new comparison"
        )
    if candidate.diff_hash != diff_hash(diff):
        raise Refused(f"what candidate {candidate.id} changes is no longer what was shown: refresh again")
    approval = {
        "reason": reason,
        "person": person,
        "time": _now(),
        "against": candidate.against,
        "reasons": candidate.reasons,
        "diff_hash": candidate.diff_hash,
        "diff": diff,
    }
    with durable.guarded("Recording the approval", candidate.path):
        durable.write(candidate.path / APPROVAL, _json([*approvals(home, candidate.id), approval]))
    noted = {"approved_by": person, "reason": reason, "diff_hash": candidate.diff_hash}
    return releases.publish(home, candidate.path, **noted)


def approvals(home: Home, name: str) -> list[dict[str, Any]]:
    """Every approval of a release, pruned or not, the oldest first; none for one that needed no person."""
    for record in (home.releases / name / APPROVAL, home.approvals / f"{name}.json"):
        if record.exists():
            return list(json.loads(record.read_bytes()))
    return []


def discard(home: Home, candidate: Path) -> None:
    """Removes a candidate that nobody wants."""
    lock.require(home)
    with durable.guarded("Discarding the candidate", candidate):
        durable.remove(candidate)


def sweep(home: Home) -> list[str]:
    """Clears away what runs that died or were refused left behind; returns what it did, for people.

    Unfinished files and folders go, and so do candidates that are not held or that are the current release by now.
    A held candidate whose approval was interrupted between its two renames is a held candidate again.
    """
    lock.require(home)
    done = []
    with durable.guarded("Clearing away", home.path):
        for path in interrupted(home):
            if (path / HELD).exists() and not (home.candidates / path.name).exists():
                durable.move(path, home.make(home.candidates) / path.name)
                done.append(f"the approval of candidate {path.name} was interrupted: it is held again")
        for path in _leftovers(home):
            durable.remove(path)
            done.append(f"removed {path.relative_to(home.path)}")
    return done


def _leftovers(home: Home) -> list[Path]:
    candidates, releases = durable.entries(home.candidates), durable.entries(home.releases)
    places = [home.path, home.landing, home.cache, home.candidates, home.releases, *candidates, *releases]
    unfinished = [path for place in places for path in place.glob(".*") if durable.is_unfinished(path.name)]
    now = current_id(home)
    return [*unfinished, *(path for path in candidates if path.name == now or not (path / HELD).exists())]


def _held(path: Path, note: dict[str, Any]) -> Held:
    return Held(path.name, path, tuple(note["reasons"]), note["against"], note["diff_hash"], note["held_at"])


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False).encode()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
