"""What people see of one file, one number, and the difference between two releases."""

from __future__ import annotations

from typing import Any

from flows.showing.terminal import MOST, STYLES, counted, number, say, table

Row = dict[str, Any]
PATCH = {"+": "green", "-": "red"}
SEVERITIES = ["error", "warning", "info", "known"]


def diff(said: Row) -> None:
    """What changed between two releases, the largest restatements first."""
    say(f"{said['from'] or 'nothing'} → {said['to']}")
    counted("numbers", {"new findings" if k == "finding" else k: n for k, n in said["counts"].items()})
    by_kind: dict[str, list[Row]] = {}
    for change in said["changes"]:
        by_kind.setdefault(change["kind"], []).append(change)
    _changed("revised", sorted(by_kind.get("revised", []), key=_size, reverse=True))
    _changed("withdrawn", by_kind.get("withdrawn", []))
    fresh = _summed(by_kind.get("new", []), ("edition", "table"))
    table(
        ["edition", "table", "indicators", "numbers"],
        [[*place, kinds, numbers] for place, (kinds, numbers) in fresh[:MOST]],
        title=_title("new, by table", fresh),
    )
    found = [c | {"severity": "known" if c["acknowledged"] else c["severity"]} for c in by_kind.get("finding", [])]
    checks = _summed(found, ("severity", "check", "edition", "table"))
    checks.sort(key=lambda group: SEVERITIES.index(group[0][0]))
    table(
        ["", "check", "edition", "table", "findings"],
        [[*place, numbers] for place, (_, numbers) in checks[:MOST]],
        styles=[STYLES.get(place[0], "") for place, _ in checks[:MOST]],
        title=_title("new findings, by check and table", checks),
    )


def _summed(changes: list[Row], by: tuple[str, ...]) -> list[tuple[tuple[str, ...], tuple[int, int]]]:
    """Entries put together by some of their columns: how many there are and how many numbers they count."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for change in changes:
        groups.setdefault(tuple(change[name] or "" for name in by), []).append(change["numbers"])
    return [(place, (len(numbers), sum(numbers))) for place, numbers in groups.items()]


def _changed(kind: str, changes: list[Row]) -> None:
    table(
        ["edition", "indicator", "region", "period", "was", "is", "change %"],
        [
            [
                c["edition"],
                c["indicator"],
                c["region"],
                _year(c["period"]),
                c["old_value"],
                c["new_value"],
                _percent(c),
            ]
            for c in changes[:MOST]
        ],
        title=_title(kind, changes),
    )


def _title(kind: str, rows: list[Any]) -> str:
    return f"{kind} ({number(len(rows))}{f', the first {MOST}' if len(rows) > MOST else ''})"


def _size(change: Row) -> float:
    old, new = change["old_value"], change["new_value"]
    return abs(new - old) / max(abs(old), 1e-12)


def _percent(change: Row) -> str:
    old, new = change["old_value"], change["new_value"]
    return f"{100 * (new - old) / abs(old):+.2f}" if old and new is not None else ""


def _year(period: Any) -> str:
    """A year is a name, not a quantity: never grouped."""
    return "" if period is None else str(period)


def inspected(said: Row) -> None:
    """What one file looks like to the program."""
    for n, document in enumerate(said.get("documents", [said])):
        if n:
            say("")
        _inspected(document)


def _inspected(said: Row) -> None:
    say(
        (said["outcome"] or "", STYLES.get(said["outcome"], "")),
        "  ",
        (said["name"], "bold"),
        (f"  {said.get('container') or ''}  {number(said.get('bytes'))} bytes  {said.get('document', '')}", "dim"),
    )
    if said.get("reason"):
        say("  ", said["reason"])
    if said.get("tables"):
        say(
            f"  table {said['tables']}  edition {said['edition']}  period {said['period']}  "
            f"{number(said['cells'])} cells, {number(said['quarantined'])} quarantined"
        )
    for sheet in said.get("sheets", []):
        _sheet(sheet)
    for candidate in said.get("candidates", []):
        say("  nearest: ", candidate)
    for finding in said.get("findings", []):
        say(
            "  ",
            (finding["severity"], STYLES[finding["severity"]]),
            f"  {finding['check']}  {finding['cell'] or ''}  ",
            finding["message"],
        )


def _sheet(sheet: Row) -> None:
    say("  sheet ", (sheet["sheet"], "bold"), f"  {sheet['rows']} rows, {sheet['columns']} columns")
    for found in sheet["tables"]:
        say(
            "    ",
            ("recognised", "green"),
            f"  {found['table']} {found['year'] or ''}  (contract {found['contract']})  ",
            found["title"] or "",
        )
    for block in sheet["blocks"]:
        say(f"    {block['area']}  ", (" / ".join(text for text in block["above"] if text), "dim"))
        say("      heads: ", ", ".join(f"{cell} {head}" for cell, head in block["heads"].items()))
    for failure in sheet["failures"]:
        say("    ", ("not", "yellow"), f" {failure['contract'] or 'a table'}:")
        for problem in failure["problems"][:MOST]:
            say(
                f"      {problem['check']}  {problem['cell'] or ''}  ",
                problem["message"] or f"expected {problem['expected']}, found {problem['found']}",
            )
        for line in (failure["patch"] or "").splitlines():
            say("      ", (line, PATCH.get(line[:1], "dim")))


def explained(said: Row) -> None:
    """One number, whole: edition by edition, with its cells and checks."""
    say((said["indicator"], "bold cyan"), "  ", _named(said, "indicator"))
    say((said["region"], "bold cyan"), "  ", _named(said, "region"), f"  {said['period']}")
    for vintage in said["vintages"]:
        _vintage(vintage, said)


def _named(said: Row, what: str) -> str:
    names = (said.get(f"{what}_zh"), said.get(f"{what}_en"))
    return "  ".join(dict.fromkeys(name for name in names if name))


def _vintage(vintage: Row, said: Row) -> None:
    say("")
    say(
        (vintage["edition"] or "", "bold"),
        "  ",
        (number(vintage["value"]) or "no value", "bold green" if vintage["value"] is not None else "bold yellow"),
        f" {vintage.get('unit_en') or vintage['unit'] or ''}  status {vintage['status']}",
        ("  latest" if vintage.get("is_latest") else "", "green"),
        (f"  published {vintage['release_date']}" if vintage.get("release_date") else "", "dim"),
    )
    _revised(vintage.get("revision"))
    for part in (vintage["derivation"] or "").split("; ") if vintage["derivation"] else []:
        say("  = " if part == vintage["derivation"].split("; ")[0] else "    ", part)
    _cells(vintage["cells"])
    for cell in vintage["set_aside"]:
        say("  ", ("set aside", "yellow"), f"  {cell['cell']} says “{cell['raw'] or ''}”: ", cell["reason"] or "")
        if cell["suggestion"]:
            say("             suggested: ", cell["suggestion"])
    for note in dict.fromkeys(c["note"] for c in vintage["cells"] if c.get("note")):
        say("  ", ("note", "cyan"), "  ", note)
    told: set[str | None] = set()
    for check in vintage["checks"]:
        _check(check, said, told)


def _revised(revision: Row | None) -> None:
    if revision and revision["from_edition"]:
        was = f"  {revision['kind']} since {revision['from_edition']}"
        say(was if revision["kind"] == "unchanged" else f"{was}, which says {number(revision['old_value'])}")


def _cells(cells: list[Row]) -> None:
    if not cells:
        return
    heads = ["document", "file", "sheet", "cell", "text"]
    rows = [[c["document"][:12], c["name"], c["sheet"], c["cell"], c["raw"]] for c in cells]
    if any(c.get("of") for c in cells):
        heads, rows = ["of", *heads], [[c.get("of"), *row] for c, row in zip(cells, rows, strict=True)]
    say("")
    table(heads, rows, indent=2)
    say("")


def _check(check: Row, said: Row, told: set[str | None]) -> None:
    """A check with its place, where that is not the number's own; a reason is told once."""
    outcome = check["outcome"]
    shown = check["severity"] if outcome == "found" else outcome
    same = (check["indicator"] or said["indicator"], check["region"] or said["region"])
    place = check.get("of") or ("" if same == (said["indicator"], said["region"]) else " ".join(same))
    where = ", ".join(part for part in (place, check["name"] if outcome != "held" else "") if part)
    say(
        "  ",
        (f"{shown:<7}", STYLES.get(shown, "")),
        f"  {check['check']}  ",
        (f"({where})  " if where else "", "dim"),
        check["message"] or "",
    )
    if check["reason"] not in told | {None, check["message"]}:
        say("           ", (check["reason"], "dim"))
        told.add(check["reason"])
