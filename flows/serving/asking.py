"""Approvals asked for in Prefect: one waiting run for every held release that can still be published as shown."""

from __future__ import annotations

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Scheduled

from flows.home import candidates, releases
from flows.home.candidates import Held
from flows.home.folder import Home

FLOW, DEPLOYMENT = "highlands-approval", "approval"
WITHDRAWN = "nothing to approve any more: it was published elsewhere, or the current release is another one by now"
OPEN = [StateType.SCHEDULED, StateType.PENDING, StateType.PAUSED]


def reconcile(client: SyncPrefectClient, home: Home) -> None:
    """Ask for each held release that has not been asked for, and take back what can no longer be approved. Does
    nothing where the deployment is not there. Call it inside `lock.exclusive`."""
    try:
        deployment = client.read_deployment_by_name(f"{FLOW}/{DEPLOYMENT}")
    except ObjectNotFound:
        return
    now = releases.current_id(home)
    askable = {key(held): held for held in candidates.held(home) if held.against == now}
    for run in _open(client):
        if run.idempotency_key and run.idempotency_key not in askable:
            client.set_flow_run_state(run.id, Cancelled(message=WITHDRAWN), force=True)
    for name, held in askable.items():
        run = client.create_flow_run_from_deployment(
            deployment.id, parameters={"candidate": held.id}, idempotency_key=name, name=f"approve {held.id}"
        )
        if run.state and run.state.is_cancelled() and run.state.message == WITHDRAWN:
            client.set_flow_run_state(run.id, Scheduled(message="it can be approved again"), force=True)


def key(held: Held) -> str:
    """What a question is about: this candidate, with this comparison. The same question is asked once."""
    return f"highlands approve {held.id} {held.against} {held.diff_hash}"


def _open(client: SyncPrefectClient) -> list[FlowRun]:
    return client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=[FLOW])),
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=OPEN))),
    )
