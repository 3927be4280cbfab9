"""What people see of each command's answer. Scripts take --json."""

from __future__ import annotations

from typing import Any

from flows.progress import progress
from flows.terminal import number, say, table

__all__ = [
    "answer", "approved", "claims", "diff", "draft", "error", "explained", "inspected", "progress", "quarantine",
    "refreshed", "rolled_back", "status",
]  # fmt: skip

OUTCOMES = {
    "published": "bold green", "unchanged": "bold green", "held": "bold yellow", "rejected": "bold red",
    "read": "green", "duplicate": "dim", "unrecognised": "yellow", "unreadable": "red",
    "confirmed": "green", "confirmed_with_caveat": "yellow", "contradicted": "red", "not_testable": "dim",
    "error": "red", "warning": "yellow", "info": "dim",
}  # fmt: skip
MOST = 25
"""Rows of a long list that are shown; the rest is counted."""


def error(text: str) -> None:
    """What went wrong, on standard error."""
    say(("error: ", "bold red"), text, stderr=True)


def refreshed(said: dict[str, Any]) -> None:
    """The end of a refresh: outcome, documents, findings, and what to do where a person has to decide."""
    outcome, name = said["outcome"], said.get("candidate") or said.get("release")
    say((outcome, OUTCOMES[outcome]), f"  {_kind(outcome)} {name or ''}", (f"  {said.get('folder') or ''}", "dim"))
    _counted("documents", said["documents"])
    _named_files(said.get("set_aside", []) + [
        {"name": p["path"], "outcome": "not taken", "reason": p["reason"]} for p in said.get("problems", [])
    ])
    _counted("findings", said["findings"])
    _counted("numbers", said.get("changes", {}))
    if said["quarantined"]:
        say(f"quarantined   {number(said['quarantined'])}", ("   see: highlands quarantine", "dim"))
    for reason in said.get("reasons", []):
        say("  - ", reason)
    if outcome == "held":
        say(f"to publish it: highlands approve {name} --reason TEXT", ("   what changes: highlands diff candidate", "dim"))
    if outcome == "rejected":
        say(f"what the checks say: {said.get('data_docs') or 'rejected/data_docs/index.html in the home'}")
    if outcome in ("held", "rejected"):
        say("the current release is what it was")
    total = sum(said.get("seconds", {}).values())
    say((f"{total:.1f} s: " + ", ".join(f"{k} {v:.1f}" for k, v in said.get("seconds", {}).items()), "dim"))


def _kind(outcome: str) -> str:
    return {"held": "candidate", "rejected": "no release"}.get(outcome, "release")


def _counted(what: str, counts: dict[str, int]) -> None:
    """One line of counts; those that are nought are left out."""
    parts: list[str | tuple[str, str]] = [f"{what:<12}  "]
    for name, count in counts.items():
        if count:
            parts.append((f"{number(count)} {name}", OUTCOMES.get(name, "")))
            parts.append("   ")
    say(*parts[:-1] if len(parts) > 1 else (f"{what:<12}  none",))


def _named_files(files: list[dict[str, Any]]) -> None:
    for file in files[:MOST]:
        say("  ", (file["outcome"], OUTCOMES.get(file["outcome"], "yellow")), f"  {file['name']}: ", file["reason"] or "")
    if len(files) > MOST:
        say(f"  … and {len(files) - MOST} more: highlands quarantine")


def status(said: dict[str, Any]) -> None:
    """A home at a glance."""
    say("home          ", said["home"])
    if said["release"]:
        say("release       ", (said["release"], "bold green"), f"  published {said['published_at']}")
    else:
        say("release       ", ("none yet", "bold yellow"), "  run: highlands refresh")
    if said.get("refreshing"):
        say("refreshing    ", said["refreshing"])
    if said["release"]:
        say("editions      ", ", ".join(said["editions"]))
        _counted("documents", said["documents"])
        _counted("findings", said["findings"] | {"acknowledged": said["acknowledged"]})
        say(f"quarantined   {number(said['quarantined'])}")
    for held in said["candidates"]:
        say("held          ", (held["id"], "bold yellow"), f"  since {held['held_at']}")
        for reason in held["reasons"]:
            say("  - ", reason)
        say("  to publish it: ", f"highlands approve {held['id']} --reason TEXT")
    table(["table", "rows"], list(said["tables"].items()), title="")
    older = [r for r in said["releases"] if r["id"] != said["release"]]
    table(["earlier release", "published", "by"], [[r["id"], r["published_at"], r["user"]] for r in older[:MOST]],
          title="to go back: highlands rollback [RELEASE]")


def answer(said: dict[str, Any]) -> None:
    """Rows of a query."""
    table(said["columns"], said["rows"], grouped=False)


def quarantine(said: dict[str, Any]) -> None:
    """What was set aside, file by file."""
    rows = said["quarantine"]
    if not rows:
        say("nothing is set aside")
        return
    table(
        ["file", "sheet", "cell", "text", "reason", "suggestion"],
        [[r["name"] or r["document"], r["sheet"], r["cell"], r["raw"] if r["cell"] else None, r["reason"], r["suggestion"]]
         for r in rows],
    )


def claims(said: dict[str, Any]) -> None:
    """The paper's statements."""
    rows = said["claims"]
    table(
        ["claim", "verdict", "statement", "expected", "observed", "evidence"],
        [[r["claim"], r["verdict"], r["statement_zh"], r["expected"], r["observed"], r["evidence"]] for r in rows],
        styles=[OUTCOMES.get(r["verdict"], "") for r in rows],
    )


def approved(said: dict[str, Any]) -> None:
    """A candidate that was let through."""
    say(("published", OUTCOMES["published"]), f"  release {said['release']}  approved by {said['person']}: ", said["reason"])


def rolled_back(said: dict[str, Any]) -> None:
    """The release that is current again."""
    say("current release is ", (said["release"], "bold green"))


def draft(said: Any) -> None:
    """A contract to edit, as it is: standard output is the file."""
    print(said if isinstance(said, str) else said.get("contract", said))  # noqa: T201


def diff(said: dict[str, Any]) -> None:
    """What changed between two releases, the largest restatements first."""
    say(f"{said['from'] or 'nothing'} → {said['to']}")
    _counted("numbers", said["counts"])
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for change in said["changes"]:
        by_kind.setdefault(change["kind"], []).append(change)
    _changed("revised", sorted(by_kind.get("revised", []), key=_size, reverse=True))
    _changed("withdrawn", by_kind.get("withdrawn", []))
    fresh = by_kind.get("new", [])
    table(["edition", "table", "indicator", "numbers"],
          [[c["edition"], c["table"], c["indicator"], c["numbers"]] for c in fresh[:MOST]], title=_title("new", fresh))
    found = by_kind.get("finding", [])
    table(["check", "severity", "table", "edition", "indicator", "region", "period", "findings"],
          [[c["check"], c["severity"], c["table"], c["edition"], c["indicator"], c["region"], _year(c["period"]),
            c["numbers"]] for c in found[:MOST]], title=_title("new findings", found))


def _changed(kind: str, changes: list[dict[str, Any]]) -> None:
    table(
        ["edition", "indicator", "region", "period", "was", "is", "change %"],
        [[c["edition"], c["indicator"], c["region"], _year(c["period"]), c["old_value"], c["new_value"], _percent(c)]
         for c in changes[:MOST]],
        title=_title(kind, changes),
    )


def _title(kind: str, rows: list[dict[str, Any]]) -> str:
    return f"{kind} ({number(len(rows))}{f', the first {MOST}' if len(rows) > MOST else ''})"


def _size(change: dict[str, Any]) -> float:
    old, new = change["old_value"], change["new_value"]
    return abs(new - old) / max(abs(old), 1e-12)


def _percent(change: dict[str, Any]) -> str:
    old, new = change["old_value"], change["new_value"]
    return f"{100 * (new - old) / abs(old):+.2f}" if old and new is not None else ""


def _year(period: Any) -> str:
    """A year is a name, not a quantity: never grouped."""
    return "" if period is None else str(period)


def inspected(said: dict[str, Any]) -> None:
    """What one file looks like to the program."""
    for n, document in enumerate(said.get("documents", [said])):
        if n:
            say("")
        _inspected(document)


def _inspected(said: dict[str, Any]) -> None:
    say((said["outcome"] or "", OUTCOMES.get(said["outcome"], "")), "  ", (said["name"], "bold"),
        (f"  {said.get('container') or ''}  {number(said.get('bytes'))} bytes  {said.get('document', '')}", "dim"))
    if said.get("reason"):
        say("  ", said["reason"])
    if said.get("tables"):
        say(f"  table {said['tables']}  edition {said['edition']}  period {said['period']}  "
            f"{number(said['cells'])} cells, {number(said['quarantined'])} quarantined")
    for sheet in said.get("sheets", []):
        _sheet(sheet)
    for candidate in said.get("candidates", []):
        say("  nearest: ", candidate)
    for finding in said.get("findings", []):
        say("  ", (finding["severity"], OUTCOMES[finding["severity"]]), f"  {finding['check']}  {finding['cell'] or ''}  ",
            finding["message"])


def _sheet(sheet: dict[str, Any]) -> None:
    say("  sheet ", (sheet["sheet"], "bold"), f"  {sheet['rows']} rows, {sheet['columns']} columns")
    for found in sheet["tables"]:
        say("    ", ("recognised", "green"), f"  {found['table']} {found['year'] or ''}  (contract {found['contract']})  ",
            found["title"] or "")
    for block in sheet["blocks"]:
        say(f"    {block['area']}  ", (" / ".join(text for text in block["above"] if text), "dim"))
        say("      heads: ", ", ".join(f"{cell} {head}" for cell, head in block["heads"].items()))
    for failure in sheet["failures"]:
        say("    ", ("not", "yellow"), f" {failure['contract'] or 'a table'}:")
        for problem in failure["problems"][:MOST]:
            say(f"      {problem['check']}  {problem['cell'] or ''}  ", problem["message"] or
                f"expected {problem['expected']}, found {problem['found']}")


def explained(said: dict[str, Any]) -> None:
    """One number, whole."""
    names = " ".join(n for n in (said.get("indicator_zh"), said.get("indicator_en")) if n)
    say((said["indicator"], "bold cyan"), f"  {names}")
    say((said["region"], "bold cyan"), "  ", " ".join(n for n in (said.get("region_zh"), said.get("region_en")) if n),
        f"  {said['period']}")
    for vintage in said["vintages"]:
        _vintage(vintage)


def _vintage(vintage: dict[str, Any]) -> None:
    shown = number(vintage["value"]) or "no value"
    say("")
    say((vintage["edition"] or "", "bold"), "  ", (shown, "bold green"), f" {vintage.get('unit_en') or vintage['unit']}",
        f"  status {vintage['status']}", ("  latest" if vintage.get("is_latest") else "", "green"),
        (f"  published {vintage['release_date']}" if vintage.get("release_date") else "", "dim"))
    change = vintage.get("revision")
    if change:
        say(f"  {change['kind']}", f" since {change['from_edition']}: {number(change['old_value'])}" if
            change.get("from_edition") else "")
    if vintage["derivation"]:
        say("  = ", vintage["derivation"])
    table(["", "document", "file", "sheet", "cell", "text"],
          [[c.get("of") or "", c["document"][:12], c["name"], c["sheet"], c["cell"], c["raw"]] for c in vintage["cells"]],
          title=" ", indent=2)
    for check in vintage["checks"]:
        known = "  known: " + (check.get("reason") or "") if check.get("acknowledged") else ""
        say("  ", (check["severity"], OUTCOMES.get(check["severity"], "green")), f"  {check['check']}  ",
            check["message"] or "", (known, "dim"))
    for note in vintage.get("notes", []):
        say("  note  ", note)
