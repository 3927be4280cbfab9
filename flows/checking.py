"""Great Expectations in a process of its own, kept for the next release: it imports beside everything else that
starts, and checks the marts' Parquet files while the database is assembled."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from pathlib import Path

from flows import checks
from flows.apart import Apart, Died

_kept: list[Apart] = []


def start() -> None:
    """Begin the process, unless one is there and free: a run that failed may have left an answer unfetched."""
    while _kept and not _kept[0].idle:
        _kept.pop().end()
    if not _kept:
        _kept.append(Apart("flows.checks"))


def begin(marts: Path, suites: Path, docs: Path) -> Callable[[], checks.Checked]:
    """Check the Parquet files of a folder with every suite of another; the result is a call away. Should the
    process die, the check is made in this one."""
    try:
        start()
        _kept[0].ask("check_files", marts, suites, docs)
    except OSError:
        return lambda: checks.check_files(marts, suites, docs)
    return lambda: _result(marts, suites, docs)


def _result(marts: Path, suites: Path, docs: Path) -> checks.Checked:
    try:
        checked: checks.Checked = _kept[0].answer()
        return checked
    except Died:
        return checks.check_files(marts, suites, docs)


@atexit.register
def _end() -> None:
    while _kept:
        _kept.pop().end()
