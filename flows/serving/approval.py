"""Approving a held release in Prefect: the run shows what would change, waits, and publishes exactly that."""

from __future__ import annotations

from typing import Any, Literal

from prefect import flow
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import flow_run
from prefect.states import Completed, Failed, State
from pydantic import Field

from flows.approving import approve
from flows.diff import counts
from flows.home import candidates, releases
from flows.home.candidates import Held, Refused
from flows.home.folder import Home
from flows.home.releases import Unknown
from flows.home.sealing import Broken
from flows.serving import announcing, reviving, surroundings
from flows.serving.asking import FLOW
from flows.serving.telling import bullets, counted, links

EXAMPLES = 20
"""Changed numbers that the question spells out; the report has them all."""


class Decision(RunInput):
    """What a person decides about a held release."""

    decision: Literal["publish", "decline"] = Field(
        title="Decision", description="Declined, it stays held and is not asked for again."
    )
    reason: str = Field(min_length=1, title="Reason", description="Why; kept with the release for good.")
    person: str = Field(min_length=1, title="Your name", description="Who decides; kept with the release for good.")
    shown: str = Field("", title="Comparison", description="What was shown above. Leave it as it is.")


@flow(name=FLOW, flow_run_name="approve {candidate}")
def approval(candidate: str, reason: str = "", person: str = "", home: str | None = None) -> State[Any]:
    """Publish a held candidate: with a `reason` at once, else after somebody has looked and decided.

    Ends Published, Declined, or Failed as Refused when what was shown is no longer what would be published.
    """
    where = surroundings.home(home)
    with reviving.alive(where, flow_run.id):
        try:
            state = _decide(where, candidate, reason.strip(), person)
        except (Refused, Unknown, Broken) as error:
            return Failed(name="Refused", message=str(error))
        announcing.announce(where)
    return state


def _decide(home: Home, candidate: str, reason: str, person: str) -> State[Any]:
    """Ask unless there is a reason; then publish or decline. Raises Refused, Unknown, Broken."""
    if candidates.approvals(home, candidate) and releases.current_id(home) == candidate:
        return Completed(name="Published", message=f"release {candidate} is current")  # by a run that died since
    held = candidates.find(home, candidate)
    shown = held.diff_hash
    if not reason:
        decision = suspend_flow_run(wait_for_input=_question(home, held), key="decision")
        reason, person, shown = decision.reason, decision.person, decision.shown
        if decision.decision == "decline":
            home.journal({"event": "declined", "candidate": held.id, "declined_by": person, "reason": reason})
            return Completed(name="Declined", message=f"{person}: {reason}")
    if shown != held.diff_hash:
        raise Refused(f"what candidate {held.id} changes is no longer what was shown: look at it again")
    said = approve(home, held.id, reason, person or None)
    message = f"release {said['release']}, approved by {said['person']}: {reason}"
    return Completed(name="Published", message=message)


def _question(home: Home, held: Held) -> type[Decision]:
    field = Decision.model_fields["shown"]
    shown = Field(held.diff_hash, title=field.title, description=field.description)  # a bare value would lose them
    return Decision.with_initial_data(description=question(home, held), shown=shown)


def question(home: Home, held: Held) -> str:
    """What a person has to know before deciding, as Markdown: why it is held, what changes, where to look."""
    changes = candidates.difference(held)
    examples = [_example(change) for change in changes if "old_value" in change]
    more = len(examples) - EXAMPLES
    return "\n".join(
        [
            f"## Candidate {held.id} is held",
            "",
            f"Compared with release `{held.against}`: {counted(counts(changes))}.",
            "",
            bullets(list(held.reasons)),
            *(["", "| | was | would be |", "|---|---|---|", *examples[:EXAMPLES]] if examples else []),
            *([f"| … and {more} more | | |"] if more > 0 else []),
            "",
            *(f"- {name}: {address}" for name, address in links(home, held.path).items()),
            "- on the command line: `highlands diff candidate`",
        ]
    )


def _example(change: dict[str, Any]) -> str:
    where = " ".join(str(change[key]) for key in ("indicator", "region", "period", "edition"))
    return f"| {where} | {change['old_value']} | {change['new_value']} |"
