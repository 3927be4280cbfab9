"""Great Expectations in a process of its own, kept for the next release: it imports beside everything else that
starts, and checks the marts' Parquet files while others are computed and the database is assembled."""

from __future__ import annotations

import atexit
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from flows.processes.apart import Apart, Died

if TYPE_CHECKING:
    from flows.validation.checks import Checked

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
    """A check of the Parquet files in `marts` with the suites in `suites`, Data Docs into `docs`, what held before
    in `kept`. It begins at once on all marts but those that come `later`. Should the process die, the check is made
    in this one."""

    def __init__(self, marts: Path, suites: Path, docs: Path, kept: Path, later: Collection[str] = ()) -> None:
        self._marts, self._suites, self._docs, self._kept = marts, suites, docs, kept
        self._process: Apart | None = None
        try:
            start()
            _kept[0].ask("begin_files", marts, suites, kept, tuple(later))
            self._process = _kept[0]
        except OSError:
            pass

    def rest(self) -> None:
        """The marts that came later are there."""
        try:
            if self._process:
                self._process.ask("finish_files", self._docs)
        except Died:
            self._process = None

    def result(self) -> Checked:
        """What the suites say, once `rest` has been called."""
        try:
            if self._process:
                self._process.answer()
                checked: Checked = self._process.answer()
                return checked
        except Died:
            pass
        from flows.validation import checks

        return checks.check_files(self._marts, self._suites, self._docs, self._kept)


@atexit.register
def _end() -> None:
    while _kept:
        _kept.pop().end()
