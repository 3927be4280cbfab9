"""Where the project's declarations lie and how a file of them is read; light enough for every command."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"


class DeclarationError(Exception):
    """A declaration that cannot be used: which file, which key, what is wrong."""


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
