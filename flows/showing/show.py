"""What people see of each command's answer. Scripts take --json."""

from __future__ import annotations

import os
import shlex
from typing import Any

from flows.progress import progress
from flows.project import DATA
from flows.showing.show_detail import diff, explained, inspected
from flows.showing.terminal import MOST, STYLES, counted, number, say, table

__all__ = [
    "answer", "approved", "claims", "diff", "draft", "error", "explained", "inspected", "progress", "quarantine",
    "refreshed", "rolled_back", "status",
]  # fmt: skip


def error(text: str) -> None:
    """What went wrong, on standard error."""
    say(("error: ", "bold red"), text, stderr=True)


def refreshed(said: dict[str, Any]) -> None:
    """The end of a refresh: outcome, documents, findings, and what to do where a person has to decide."""
    outcome, name = said["outcome"], said["candidate"] or said["release"] or ""
    where = {"held": f"candidates/{name}", "rejected": ""}.get(outcome, "current")
    place = (f"{said['home']}/{where}" if where else "", "dim")
    say((outcome, STYLES[outcome]), f"  {_kind(outcome)} {name}  ", place)
    counted("documents", said["documents"])
    taken = [{"name": p["path"], "outcome": "not taken", "reason": p["reason"]} for p in said["problems"]]
    _named_files([*said["not_read"], *taken])
    counted("findings", said["findings"] | {"known and explained": said.get("acknowledged", 0)})
    if outcome != "unchanged":
        counted("numbers", {"new findings" if k == "finding" else k: n for k, n in said["changes"].items()})
    if said["quarantined"]:
        say(
            f"quarantined   {number(said['quarantined'])}",
            (f"   {_command(said, 'quarantine')} lists them", "dim"),
        )
    _decide(said, outcome, name)
    seconds = said["seconds"]
    stages = ", ".join(f"{stage} {took:.1f}" for stage, took in seconds.items())
    say((f"{sum(seconds.values()):.1f} s: {stages}", "dim"))


def _decide(said: dict[str, Any], outcome: str, name: str) -> None:
    """Why a candidate did not become current, and what a person can do about it."""
    for reason in said["reasons"][:MOST]:
        say("  - ", reason)
    if len(said["reasons"]) > MOST:
        say(f"  … and {len(said['reasons']) - MOST} more reasons")
    if outcome == "held":
        say("to look at it     ", _command(said, "diff candidate"))
        say("to publish it     ", _command(said, f"approve {name} --reason TEXT"))
    if outcome == "rejected":
        say("what is wrong     ", f"{said['home']}/rejected/data_docs/index.html")
    if outcome in ("held", "rejected"):
        say("the current release is what it was")


def _command(said: dict[str, Any], words: str) -> str:
    """A command as it has to be typed for the home that is meant."""
    own = said["home"] == str(DATA / "warehouse") or "HIGHLANDS_HOME" in os.environ
    return f"highlands {words}" if own else f"highlands {words} --home {shlex.quote(said['home'])}"


def _kind(outcome: str) -> str:
    return {"held": "candidate", "rejected": "no release"}.get(outcome, "release")


def _named_files(files: list[dict[str, Any]]) -> None:
    for file in files[:MOST]:
        say(
            "  ",
            (file["outcome"], STYLES.get(file["outcome"], "yellow")),
            f"  {file['name']}: ",
            file["reason"] or "",
        )
    if len(files) > MOST:
        say(f"  … and {len(files) - MOST} more: highlands quarantine")


def status(said: dict[str, Any]) -> None:
    """A home at a glance."""
    say("home          ", said["home"], hang=14)
    if said["release"]:
        say("release       ", (said["release"], "bold green"), f"  published {_time(said['published_at'])}")
    else:
        say("release       ", ("none yet", "bold yellow"), f"  run: {_command(said, 'refresh')}")
    if said.get("refreshing"):
        say("refreshing    ", said["refreshing"], hang=14)
    if said["release"]:
        say("editions      ", _editions(said["editions"]), hang=14)
        counted("documents", said["documents"])
        counted("findings", said["findings"] | {"known and explained": said["acknowledged"]})
        say(f"quarantined   {number(said['quarantined'])}")
    for held in said["candidates"]:
        say("held          ", (held["id"], "bold yellow"), f"  since {_time(held['held_at'])}")
        for reason in held["reasons"][:MOST]:
            say("  - ", reason)
        say("  to publish it:  ", _command(said, f"approve {held['id']} --reason TEXT"))
    if said["tables"]:
        say("")
        table(["table", "rows"], list(said["tables"].items()))
    older = [
        [r["id"], _time(r["published_at"]), r["user"]] for r in said["releases"] if r["id"] != said["release"]
    ]
    if older:
        say("")
        table(["earlier release", "published", "by"], older[:MOST])


def _time(stamp: str | None) -> str:
    """A journal's time (ISO 8601, UTC) to the minute."""
    return f"{stamp[:16].replace('T', ' ')} UTC" if stamp else ""


def _editions(names: list[str]) -> str:
    """Editions by series, with their years: `st-yearbook 2011-2013, 2022`."""
    years: dict[str, list[str]] = {}
    for name in sorted(names):
        series, _, year = name.rpartition("/")
        years.setdefault(series, []).append(year)
    return "; ".join(f"{series} {', '.join(_runs(own))}" for series, own in years.items())


def _runs(years: list[str]) -> list[str]:
    """Years, those in a row as `first-last`."""
    runs: list[list[str]] = []
    for year in years:
        if runs and year.isdigit() and runs[-1][-1].isdigit() and int(year) == int(runs[-1][-1]) + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return [run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]


def answer(said: dict[str, Any]) -> None:
    """Rows of a query."""
    table(said["columns"], said["rows"], grouped=False)


def quarantine(said: dict[str, Any]) -> None:
    """What was set aside, file by file: cells with one reason together."""
    rows = said["quarantine"]
    files: dict[tuple[str, str], dict[tuple[str, str], list[dict[str, Any]]]] = {}
    for row in rows:
        reasons = files.setdefault((row["name"] or row["document"], row["document"]), {})
        reasons.setdefault((row["reason"] or "", row["suggestion"] or ""), []).append(row)
    for (name, document), reasons in files.items():
        say((name, "bold"), (f"  {document[:12]}", "dim"))
        for (reason, suggestion), own in reasons.items():
            say("  ", (_places(own), "yellow"), reason)
            if suggestion:
                say("    ", ("suggested: ", "dim"), suggestion)
    cells = sum(1 for row in rows if row["cell"])
    say(
        f"{number(cells)} cells and {number(len(rows) - cells)} files are set aside"
        if rows
        else "nothing is set aside"
    )


def _places(rows: list[dict[str, Any]]) -> str:
    """Where something stands and what it says: `Sheet1 B7 “3”, C7 “4”: `; nothing for a whole file."""
    shown = []
    sheet = None
    for row in rows[:MOST]:
        if row["cell"]:
            where = row["cell"] if row["sheet"] == sheet else f"{row['sheet']} {row['cell']}"
            shown.append(f"{where} “{row['raw'] or ''}”")
            sheet = row["sheet"]
    more = f", … and {number(len(rows) - MOST)} more" if len(rows) > MOST else ""
    return f"{', '.join(shown)}{more}: " if shown else ""


def claims(said: dict[str, Any]) -> None:
    """The paper's statements in each reading, and what limits or would decide a verdict."""
    rows = said["claims"]
    table(
        ["claim", "verdict", "statement", "expected", "observed", "remark"],
        [[r["claim"], r["verdict"], _read(r), r["expected"], r["observed"], r["remark"]] for r in rows],
        styles=[STYLES.get(r["verdict"], "") for r in rows],
    )
    if rows:
        query = f"select evidence from claim where claim = '{rows[0]['claim']}'"
        say("the query behind a verdict: ", f'highlands query "{query}"')


def _read(claim: dict[str, Any]) -> str:
    """A statement with the way it is read."""
    reading = claim["reading_zh"]
    return f"{claim['statement_zh']}（{reading}）" if reading else claim["statement_zh"]


def approved(said: dict[str, Any]) -> None:
    """A candidate that was let through."""
    say(
        ("published", STYLES["published"]),
        f"  release {said['release']}  approved by {said['person']}: ",
        said["reason"],
    )


def rolled_back(said: dict[str, Any]) -> None:
    """The release that is current again."""
    say("current release is ", (said["release"], "bold green"))


def draft(said: dict[str, Any]) -> None:
    """Contracts to edit, as they are: standard output is the file. On standard error, what could not be."""
    print("---\n".join(contract["yaml"] for contract in said["contracts"]), end="")
    for reason in said["reasons"]:
        error(reason)
    if not said["contracts"] and not said["reasons"]:
        error("there is no table with a head and a column of known labels in it")
