"""Looking at a home: what is current, what is held, what was set aside, what changed."""

from __future__ import annotations

from typing import Any

from flows.diff import compare, counts
from flows.home import candidates, lock, manifest, releases
from flows.home.folder import Home
from flows.looking.query import query


def status(home: Home) -> dict[str, Any]:
    """Current release, editions, rows of each mart, open findings by severity, quarantined cells, held candidates."""
    now = releases.current(home)
    said: dict[str, Any] = {
        "release": now.id if now else None,
        "published_at": now.published_at if now else None,
        "home": str(home.path),
        "editions": [],
        "tables": {},
        "findings": {"error": 0, "warning": 0, "info": 0},
        "acknowledged": 0,
        "quarantined": 0,
        "documents": {},
        "candidates": [
            {"id": c.id, "reasons": list(c.reasons), "against": c.against, "held_at": c.held_at}
            for c in candidates.held(home)
        ],
        "releases": [{"id": r.id, "published_at": r.published_at, "user": r.user} for r in releases.releases(home)],
    }
    holder = lock.holder(home)
    if holder and not holder.is_gone:
        said["refreshing"] = str(holder)
    if now is None:
        return said
    made = manifest.read(now.path)
    said["editions"] = made.get("editions", [])
    said["documents"] = made.get("documents", {})
    said["tables"] = {name: mart["rows"] for name, mart in sorted(made["parquet"].items())}
    said["quarantined"] = said["tables"].get("quarantine", 0)
    for severity, known, number in query(
        home, "select severity, acknowledged, count(*) from finding group by all"
    ).rows:
        if known:
            said["acknowledged"] += number
        else:
            said["findings"][severity] += number
    return said


def quarantine(home: Home) -> dict[str, Any]:
    """What was set aside in the current release."""
    rows = query(
        home,
        "select q.*, d.names as name from quarantine as q left join document as d using (document)"
        " order by d.names, q.sheet, q.cell",
    )
    return {"quarantine": rows.records()}


def claims(home: Home) -> dict[str, Any]:
    """The paper's statements with their verdicts."""
    return {"claims": query(home, "select * from claim order by position").records()}


def diff(home: Home, a: str | None, b: str | None) -> dict[str, Any]:
    """Changes from release `a` (default: the one that was current before) to `b` (default: the current one). Raises
    Unknown."""
    if a is not None and b is None:
        old, new = _folder(home, None), _folder(home, a)
        if a != "candidate":
            old, new = new, old
    else:
        new = _folder(home, b)
        before = releases.before(home)
        old = _folder(home, a) if a else (before.path.name, before.path) if before else (None, None)
    changes = compare(old[1], new[1])
    return {"from": old[0], "to": new[0], "counts": counts(changes), "changes": changes}


def _folder(home: Home, name: str | None) -> tuple[Any, Any]:
    """(id, folder) of a release or candidate; the current one without a name."""
    if name is None:
        now = releases.current(home)
        if now is None:
            raise releases.Unknown("nothing is published yet")
        return now.id, now.path
    if name == "candidate":
        waiting = candidates.held(home)
        if not waiting:
            raise releases.Unknown("no candidate is held")
        return waiting[0].id, waiting[0].path
    try:
        found = releases.find(home, name)
        return found.id, found.path
    except releases.Unknown as unknown:
        try:
            held = candidates.find(home, name)
        except releases.Unknown as neither:
            raise releases.Unknown(f"{unknown}; {neither}") from neither
        return held.id, held.path
