"""What a worker's environment says: which home it works on, which folder is its inbox."""

from __future__ import annotations

import os
from pathlib import Path

from flows.home.folder import Home
from flows.project import DATA

HOME_VARIABLE, INBOX_VARIABLE = "HIGHLANDS_HOME", "HIGHLANDS_INBOX"


def home(given: str | None = None) -> Home:
    """The home to work on: `given`, what HIGHLANDS_HOME names, or data/warehouse."""
    return Home(given or os.environ.get(HOME_VARIABLE) or DATA / "warehouse")


def inbox() -> Path:
    """The folder that is watched: what HIGHLANDS_INBOX names, or data/inbox."""
    return Path(os.environ.get(INBOX_VARIABLE) or DATA / "inbox").absolute()
