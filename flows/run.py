"""One refresh under way: what it works on and what each step has made so far."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.documents.given import Problem
from flows.home import landing, manifest
from flows.home.folder import Home

if TYPE_CHECKING:  # what a run needs once it has something to do takes a second to import
    from flows.declarations import Declarations
    from flows.documents.cache import Kept
    from flows.documents.judging import Verdicts
    from flows.marts.assembly import Assembly
    from flows.marts.warehouse import Warehouse
    from flows.validation.checking import Check
    from flows.validation.verdict import Checked


class Run:
    """One refresh: what it works on and what each step has made so far."""

    def __init__(self, home: Home, declarations: Declarations | None = None) -> None:
        self.home = home
        self._declarations = declarations
        self.fingerprint = manifest.fingerprint()
        self.seconds: dict[str, float] = {}
        self.problems: list[Problem] = []
        self.given: list[landing.Landed] = []
        self.documents: list[landing.Document] = []
        self.results: list[Kept] = []
        self.unsettled: list[str] = []
        self.done = 0
        self.starting = 0
        self.verdicts: Verdicts | None = None
        self.warehouse: Warehouse | None = None
        self.checking: Check | None = None
        self.checked: Checked | None = None
        self.rejections: list[str] = []
        self.database: Assembly | None = None
        self.folder: Path | None = None
        self.changes: list[dict[str, Any]] = []
        self.reasons: list[str] = []
        self.outcome = "unchanged"
        self.release: str | None = None
        self.candidate: str | None = None

    @cached_property
    def declarations(self) -> Declarations:
        """Everything that is declared as data."""
        from flows.declarations import Declarations

        return self._declarations or Declarations()

    @cached_property
    def reading(self) -> str:
        """Hash of all that decides what reading a document gives."""
        from flows.documents import cache

        return cache.reading_fingerprint()

    def close(self) -> None:
        """Let go of the marts in memory, once nothing is under way any more."""
        if self.database:
            self.database.leave()
        if self.warehouse:
            self.warehouse.__exit__(None, None, None)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Adds the time a block takes to a stage."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = round(self.seconds.get(stage, 0.0) + time.perf_counter() - began, 4)

    @property
    def inputs(self) -> list[str]:
        """What the release is made of: every document with its names and what was declared of it."""
        return [f"{d.sha256} {'|'.join(d.names)} {d.declared or ''}".strip() for d in self.documents]
