"""Words and links about a home's releases, for messages and for Prefect's pages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from flows import gate
from flows.home.folder import Home

URL_VARIABLE = "HIGHLANDS_URL"
"""Where the home is served to browsers, if it is: links then begin with it instead of file://."""
KINDS = {
    "new": "new numbers",
    "revised": "revised numbers",
    "withdrawn": "withdrawn numbers",
    "rounding": "numbers rounded otherwise",
    "finding": "findings that were not there before",
}
PAGES = {"report": "report/index.html", "data_docs": "data_docs/index.html", "changes": "CHANGES.md"}


def links(home: Home, folder: Path) -> dict[str, str]:
    """Addresses of the report, the Data Docs and the change notes of a release, a candidate or what was rejected;
    only of those that are there."""
    return {name: address(home, page) for name, place in PAGES.items() if (page := folder / place).is_file()}


def address(home: Home, page: Path) -> str:
    """A page of the home as an address."""
    base = os.environ.get(URL_VARIABLE)
    return f"{base.rstrip('/')}/{page.relative_to(home.path).as_posix()}" if base else page.as_uri()


def folder(home: Home, line: dict[str, Any]) -> Path:
    """The folder that a line of the journal is about."""
    if line["event"] == "held":
        return home.candidates / line["candidate"]
    if line["event"] == "rejected":
        return home.path / "rejected"
    return home.releases / line["release"]


def sentence(line: dict[str, Any]) -> str:
    """What a line of the journal means, for people: one sentence, and the reasons below it."""
    if line["event"] == "published":
        by = f", approved by {line['approved_by']}: {line['reason']}" if "approved_by" in line else ""
        listed = f" ({counted(line['changes'])})" if "changes" in line else ""
        return f"Release {line['release']} is published{listed}{by}."
    if line["event"] == "rolled back":
        return f"Release {line['release']} is current again; {line['before']} was rolled back by {line['user']}."
    if line["event"] == "held":
        return f"Candidate {line['candidate']} waits for approval:\n{bullets(line['reasons'])}"
    return f"A refresh was rejected, the current release is what it was:\n{bullets(line['reasons'])}"


def counted(changes: dict[str, int]) -> str:
    """How many of each kind of change, in words: `350 new numbers, 10 findings`."""
    return ", ".join(f"{changes[kind]} {said}" for kind, said in KINDS.items() if changes.get(kind)) or "no changes"


def bullets(reasons: list[str]) -> str:
    """Reasons as a list, the first dozen of them."""
    return "\n".join(f"- {reason}" for reason in gate.first_lines(list(reasons)).splitlines())
