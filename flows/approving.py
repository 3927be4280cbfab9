"""A person lets a held candidate through: exactly the one that was shown, with the reason kept for good."""

from __future__ import annotations

from typing import Any

from flows.diff import compare
from flows.home import candidates, lock, releases
from flows.home.folder import Home, user


def approve(home: Home, name: str, reason: str, person: str | None = None) -> dict[str, Any]:
    """Publish a held candidate. Its comparison with the current release is made anew and must be the one that was
    recorded when it was held. `name` is an id, the beginning of one, or `candidate` for the last held. Raises
    Unknown, Refused, Broken, Busy."""
    with lock.exclusive(home, 60):
        candidates.sweep(home)
        held = candidates.held(home)
        found = held[0] if name == "candidate" and held else candidates.find(home, name)
        now = releases.sound(home)
        changes = compare(now.path if now else None, found.path)
        release = candidates.approve(home, found.id, reason, person or user(), changes)
    return {"outcome": "published", "release": release.id, "reason": reason, "person": person or user()}
