"""What people see of each command's answer. Scripts take --json."""

from __future__ import annotations

from typing import Any

from flows.progress import progress
from flows.show_detail import diff, explained, inspected
from flows.terminal import MOST, STYLES, counted, number, say, table

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
    say(
        (outcome, STYLES[outcome]),
        f"  {_kind(outcome)} {name}  ",
        (f"{said['home']}/{where}" if where else "", "dim"),
    )
    counted("documents", said["documents"])
    taken = [{"name": p["path"], "outcome": "not taken", "reason": p["reason"]} for p in said["problems"]]
    _named_files([*said["not_read"], *taken])
    counted("findings", said["findings"])
    counted("numbers", said["changes"])
    if said["quarantined"]:
        say(f"quarantined   {number(said['quarantined'])}", ("   highlands quarantine lists them", "dim"))
    for reason in said["reasons"][:MOST]:
        say("  - ", reason)
    if len(said["reasons"]) > MOST:
        say(f"  … and {len(said['reasons']) - MOST} more reasons")
    if outcome == "held":
        say("to look at it:   highlands diff candidate")
        say("to publish it:   highlands approve ", name, " --reason TEXT")
    if outcome == "rejected":
        say("what the checks say:   ", f"{said['home']}/rejected/data_docs/index.html")
    if outcome in ("held", "rejected"):
        say("the current release is what it was")
    seconds = said["seconds"]
    stages = ", ".join(f"{stage} {took:.1f}" for stage, took in seconds.items())
    say((f"{sum(seconds.values()):.1f} s: {stages}", "dim"))


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
    say("home          ", said["home"])
    if said["release"]:
        say("release       ", (said["release"], "bold green"), f"  published {said['published_at']}")
    else:
        say("release       ", ("none yet", "bold yellow"), "  run: highlands refresh")
    if said.get("refreshing"):
        say("refreshing    ", said["refreshing"])
    if said["release"]:
        say("editions      ", ", ".join(said["editions"]))
        counted("documents", said["documents"])
        counted("findings", said["findings"] | {"acknowledged": said["acknowledged"]})
        say(f"quarantined   {number(said['quarantined'])}")
    for held in said["candidates"]:
        say("held          ", (held["id"], "bold yellow"), f"  since {held['held_at']}")
        for reason in held["reasons"]:
            say("  - ", reason)
        say("  to publish it: ", f"highlands approve {held['id']} --reason TEXT")
    table(["table", "rows"], list(said["tables"].items()), title="")
    older = [r for r in said["releases"] if r["id"] != said["release"]]
    table(
        ["earlier release", "published", "by"],
        [[r["id"], r["published_at"], r["user"]] for r in older[:MOST]],
        title="to go back: highlands rollback [RELEASE]",
    )


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
        [
            [
                r["name"] or r["document"],
                r["sheet"],
                r["cell"],
                r["raw"] if r["cell"] else None,
                r["reason"],
                r["suggestion"],
            ]
            for r in rows
        ],
    )


def claims(said: dict[str, Any]) -> None:
    """The paper's statements."""
    rows = said["claims"]
    table(
        ["claim", "verdict", "statement", "expected", "observed", "evidence"],
        [[r["claim"], r["verdict"], r["statement_zh"], r["expected"], r["observed"], r["evidence"]] for r in rows],
        styles=[STYLES.get(r["verdict"], "") for r in rows],
    )


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


def draft(said: Any) -> None:
    """A contract to edit, as it is: standard output is the file."""
    print(said if isinstance(said, str) else said.get("contract", said))
