"""A draft contract as a file to edit: what transforms/drafting.py proposes, written as YAML with its remarks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from flows.declarations import Declarations
from flows.documents.given import Problem, expand
from flows.reading import read
from transforms.drafting import Draft, drafts
from transforms.grid import Unreadable

HEAD = """\
# Draft from {name}, sheet {sheet}. Look at the lines marked with "?", then save it as a file of its own in
# data/contracts/ or in the folder that HIGHLANDS_CONTRACTS names; the next refresh reads the table.
"""


def draft(path: Path, declarations: Declarations) -> dict[str, Any]:
    """Draft contracts for every table in a file: {"contracts": [{"name", "sheet", "yaml"}]}. Raises
    FileNotFoundError; a file that cannot be read gives its reason."""
    problems: list[Problem] = []
    found: list[dict[str, Any]] = []
    reasons: list[str] = []
    for given in expand([path], problems):
        try:
            grid = read(given.data, given.name)
        except Unreadable as error:
            reasons.append(str(error))
            continue
        for sheet in grid.sheets:
            for made in drafts(sheet, declarations.catalogue):
                text = HEAD.format(name=given.name, sheet=sheet.name) + as_yaml(made)
                found.append({"name": made.body["table"], "sheet": sheet.name, "yaml": text})
    reasons += [f"{p.path}: {p.reason}" for p in problems]
    return {"contracts": found, "reasons": reasons}


def as_yaml(made: Draft) -> str:
    """The draft as a contract file; a remark stands behind "# ?" on its line."""
    lines = []
    for key, value in made.body.items():
        remark = made.remarks.get(key)
        if isinstance(value, list):
            lines.append(f"{key}:")
            for n, row in enumerate(value):
                lines.append(f"  - {_flow(row)}{_remark(made.remarks.get(f'{key}.{n}'))}")
        else:
            lines.append(f"{key}: {_scalar(value)}{_remark(remark)}")
    return "\n".join(lines) + "\n"


def _remark(remark: str | None) -> str:
    return f"   # ? {remark}" if remark else ""


def _flow(row: dict[str, Any]) -> str:
    return yaml.safe_dump(row, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000).strip()


def _scalar(value: Any) -> str:
    text = yaml.safe_dump(value, allow_unicode=True, width=10_000, default_flow_style=True)
    return text.removesuffix("...\n").strip()
