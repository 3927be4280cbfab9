"""What a refresh says at its end."""

from __future__ import annotations

from typing import Any

from flows.diff import counts
from flows.looking.status import status
from flows.run import Run

NUMBER = ["indicator", "region", "period", "edition"]
MOST = 5


def summary(run: Run) -> dict[str, Any]:
    """What a refresh says at its end: the JSON of the contract. Findings are the open ones; what is known of the
    publisher's is `acknowledged`. Files of this call that the home had already count as duplicate."""
    state = _state(run)
    again = sum(not landed.new for landed in run.given)
    return {
        "outcome": run.outcome,
        "release": run.release if run.outcome in ("published", "unchanged") else None,
        "candidate": run.candidate if run.outcome == "held" else None,
        "documents": state["documents"] | {"duplicate": state["documents"].get("duplicate", 0) + again},
        "findings": state["findings"],
        "acknowledged": state["acknowledged"],
        "quarantined": state["quarantined"],
        "seconds": run.seconds,
        "reasons": run.reasons,
        "changes": counts(run.changes),
        "problems": [{"path": p.path, "reason": p.reason} for p in run.problems],
        "not_read": _not_read(run),
        "home": str(run.home.path),
    }


def _state(run: Run) -> dict[str, Any]:
    """Documents by outcome, findings by severity, quarantine: of the marts just built, else of what is current."""
    documents = dict.fromkeys(("read", "duplicate", "unrecognised", "unreadable"), 0)
    if run.warehouse is None:
        now = status(run.home)
        return now | {"documents": documents | now["documents"]}
    found = run.warehouse.mart("finding")
    by_outcome = run.warehouse.mart("document").group_by("outcome").len()
    is_open = found.filter(~found["acknowledged"]).group_by("severity").len()
    return {
        "documents": documents | dict(by_outcome.iter_rows()),
        "findings": dict.fromkeys(("error", "warning", "info"), 0) | dict(is_open.iter_rows()),
        "acknowledged": found["acknowledged"].sum(),
        "quarantined": run.warehouse.mart("quarantine").height,
    }


def _not_read(run: Run) -> list[dict[str, Any]]:
    """The documents that no table came from: name, outcome, reason."""
    if run.warehouse is None:
        return []
    documents = run.warehouse.mart("document")
    documents = documents.filter(documents["outcome"].is_in(["unrecognised", "unreadable"]))
    return documents.select(name="names", outcome="outcome", reason="reason").sort("name", "reason").to_dicts()


def offending(run: Run) -> list[str]:
    """Where the numbers stand for which a candidate is rejected, a line for each cell, as far as a person reads."""
    assert run.warehouse and run.checked
    errors = run.checked.findings.filter(severity="error", acknowledged=False)
    cells = (
        errors.select(NUMBER).unique(maintain_order=True)
        .join(run.warehouse.mart("observation"), on=NUMBER, maintain_order="left")
        .join(run.warehouse.mart("document"), on="document", maintain_order="left")
    )  # fmt: skip
    lines = [
        f"{row['names']} (document {row['document'][:12]}), sheet {row['sheet']}, {row['cell']}: “{row['raw']}”"
        f" for {row['indicator']} of {row['region']} in {row['period']}"
        for row in cells.head(MOST).to_dicts()
    ]
    more = [f"and {cells.height - MOST} more cells"] if cells.height > MOST else []
    mend = ["data/corrections mends a cell, or sets a document aside; the next refresh reads it anew"] if lines else []
    return [*lines, *more, *mend]
