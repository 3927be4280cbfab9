"""Where the project's declarations lie and how a file of them is read; light enough for every command."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
CONTRACTS_VARIABLE = "HIGHLANDS_CONTRACTS"
"""Names a folder of further contracts, which decide as well."""


class DeclarationError(Exception):
    """A declaration that cannot be used: which file, which key, what is wrong."""


def further_contracts() -> Path | None:
    """The folder that the environment names, from wherever a process was started."""
    named = os.environ.get(CONTRACTS_VARIABLE)
    return Path(named).absolute() if named else None


def visible(folder: Path, pattern: str) -> list[Path]:
    """The files below a folder that match a pattern, sorted, but hidden ones and compiled code: what an editor keeps
    beside a declaration declares nothing."""
    found = []
    for path in sorted(folder.glob(pattern)):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in parts):
            found.append(path)
    return found


def load_yaml(path: Path) -> Any:
    """A YAML file parsed. Raises DeclarationError with file and line."""
    try:
        with path.open(encoding="utf-8") as stream:
            return yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise DeclarationError(f"{path}: {error}") from error


def read_csv(path: Path) -> list[dict[str, str]]:
    """A reference table as text rows."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
