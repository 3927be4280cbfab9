"""Great Expectations in a process of its own, kept for the next release: it imports beside everything else that
starts, and checks the marts' Parquet files while others are computed and the database is assembled."""

from __future__ import annotations

import atexit
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from flows.processes.apart import Apart, Died

if TYPE_CHECKING:
    from flows.validation.verdict import Checked

_kept: list[Apart] = []


def start() -> None:
    """Begin the process, unless one is there and free: a run that failed may have left an answer unfetched."""
    while _kept and not _kept[0].idle:
        _kept.pop().end()
    if not _kept:
        _kept.append(Apart("flows.validation.checks"))


def wait() -> None:
    """Return once the process is ready."""
    _kept[0].ask("warm")
    _kept[0].answer()


class Check:
    """A check of the Parquet files in `marts` with the suites in `suites`, what held before in `kept`: each suite runs
    once all that it reads `has_come`. Should the process die, the check is made in this one."""

    def __init__(self, marts: Path, suites: Path, kept: Path) -> None:
        self._files = marts, suites, kept
        self._process: Apart | None = None
        with suppress(OSError):
            start()
            self._process = _kept[0]
        self._ask("begin_files", *self._files)

    def has_come(self, mart: str) -> None:
        """A mart is there, and will not change."""
        self._ask("has_come", mart)

    def finish(self, docs: Path) -> None:
        """All marts are there. Data Docs go into `docs`."""
        self._docs = docs
        self._ask("finish_files", docs)

    def result(self) -> Checked:
        """What the suites say, once `finish` has been called."""
        try:
            while self._process:
                answer = self._process.answer()
                if not self._process.asked:
                    checked: Checked = answer
                    return checked
        except Died:
            pass
        from flows.validation import checks

        marts, suites, kept = self._files
        return checks.check_files(marts, suites, self._docs, kept)

    def _ask(self, function: str, *arguments: object) -> None:
        try:
            if self._process:
                self._process.ask(function, *arguments)
        except Died:
            self._process = None


@atexit.register
def _end() -> None:
    while _kept:
        _kept.pop().end()
