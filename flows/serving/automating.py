"""Notifications as declared in data/operations/notifications.yml, made so in Prefect: blocks and automations.

Everything made here carries a name that begins with `highlands`; what is no longer declared is removed again.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from prefect.blocks import notifications
from prefect.blocks.core import Block
from prefect.client.orchestration import SyncPrefectClient
from prefect.events.schemas.automations import AutomationCore

from flows.project import DATA, DeclarationError, load_yaml

PREFIX = "highlands: "
VARIABLE = re.compile(r"\$\{(\w+)\}")
NOTIFICATIONS_VARIABLE = "HIGHLANDS_NOTIFICATIONS"
"""Names a file that stands in for data/operations/notifications.yml."""


def apply(client: SyncPrefectClient) -> list[str]:
    """Make the declared notifications, and only those, exist. Returns their names."""
    wanted = declared()
    there = {each.name: each for each in client.read_automations() if each.name.startswith(PREFIX)}
    for each in wanted:
        if each.name in there:
            client.update_automation(there[each.name].id, each)
        else:
            client.create_automation(each)
    names = [each.name for each in wanted]
    for name, gone in there.items():
        if name not in names:
            client.delete_automation(gone.id)
    return names


def declared() -> list[AutomationCore]:
    """One automation for each message to each target; the targets' blocks are saved on the way."""
    path = Path(os.environ.get(NOTIFICATIONS_VARIABLE) or DATA / "operations" / "notifications.yml")
    said = load_yaml(path)
    try:
        return [each for target in said["targets"] for each in _to(path, target, said["messages"])]
    except (KeyError, TypeError, AttributeError) as error:
        raise DeclarationError(f"{path}: {error!r} is missing or not what it should be") from error


def _to(path: Path, target: dict[str, Any], messages: dict[str, Any]) -> list[AutomationCore]:
    fields = {key: _filled(value) for key, value in target["fields"].items()}
    if None in fields.values():
        return []
    block = str(_block(path, target, fields).save(f"highlands-{target['name']}", overwrite=True))
    wanted = target.get("messages", messages)
    return [_automation(path, _message(f"{name} to {target['name']}", messages[name], block)) for name in wanted]


def _message(name: str, message: dict[str, Any], block: str) -> dict[str, Any]:
    trigger = {"match": message.get("match", {}), "match_related": message.get("related", {})}
    return {
        "name": name,
        "description": "Declared in data/operations/notifications.yml.",
        "trigger": {"type": "event", "posture": "Reactive", "expect": message["events"], **trigger},
        "actions": [
            {
                "type": "send-notification",
                "block_document_id": block,
                "subject": message["subject"],
                "body": message["body"],
            }
        ],
    }


def _automation(path: Path, said: dict[str, Any]) -> AutomationCore:
    try:
        return AutomationCore.model_validate({**said, "name": PREFIX + said["name"]})
    except (KeyError, TypeError, ValueError) as error:
        raise DeclarationError(f"{path}: {said.get('name', said)}: {error}") from error


def _block(path: Path, target: dict[str, Any], fields: dict[str, Any]) -> Block:
    """The target as a notification block of Prefect."""
    kinds = {
        kind.get_block_type_slug(): kind
        for kind in vars(notifications).values()
        if isinstance(kind, type) and issubclass(kind, Block) and getattr(kind, "_block_type_name", None)
    }
    kind = kinds.get(target["block"])
    if kind is None:
        raise DeclarationError(f"{path}: {target['name']}: no block {target['block']}; there are {', '.join(kinds)}")
    try:
        return kind(**fields)
    except ValueError as error:
        raise DeclarationError(f"{path}: {target['name']}: {error}") from error


def _filled(value: Any) -> Any:
    """A field with its ${NAME}s filled from the environment; None when one of them is not set."""
    if not isinstance(value, str):
        return value
    if any(name not in os.environ for name in VARIABLE.findall(value)):
        return None
    return VARIABLE.sub(lambda found: os.environ[found[1]], value)
