"""The steps of a refresh as plain functions over one `Run`; flows/refresh.py says in what order they happen."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from flows import cache, candidates, changes, checks, gate, landing, manifest, releases, storage
from flows.collect import Collected, collect, read_one
from flows.declarations import DATA, ROOT, Declarations
from flows.diff import compare, counts
from flows.documents import DocumentResult
from flows.given import Given, Problem, expand
from flows.home import Home
from flows.staging import staging
from flows.warehouse import Warehouse
from transforms.judge import Judged, judge

KEEP_RELEASES = 10


class Run:
    """One refresh: what it works on and what each step has made so far."""

    def __init__(self, home: Home, declarations: Declarations | None = None) -> None:
        self.home = home
        self.declarations = declarations or Declarations()
        self.fingerprint = manifest.fingerprint()
        self.reading = cache.reading_fingerprint()
        self.seconds: dict[str, float] = {}
        self.problems: list[Problem] = []
        self.given: list[landing.Landed] = []
        self.documents: list[landing.Document] = []
        self.results: list[DocumentResult] = []
        self.done = 0
        self.collected: Collected | None = None
        self.judged: Judged | None = None
        self.warehouse: Warehouse | None = None
        self.checked: checks.Checked | None = None
        self.folder: Path | None = None
        self.changes: list[dict[str, Any]] = []
        self.reasons: list[str] = []
        self.outcome = "unchanged"
        self.release: str | None = None
        self.candidate: str | None = None

    def close(self) -> None:
        """Let go of the marts in memory."""
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


def sources(paths: list[Path], raw: bool, inbox: bool) -> list[Path]:
    """What a refresh reads: the given paths, the project's raw sources, the inbox."""
    found = list(paths)
    if raw:
        found.append(DATA / "raw")
    if inbox and not paths and (DATA / "inbox").is_dir():
        found.append(DATA / "inbox")
    return found


def land(run: Run, paths: Iterable[Path], declared: dict[str, Any] | None) -> None:
    """Keep every given file. Raises FileNotFoundError for a path that is not there."""
    with run.timed("land"):
        files: Iterator[Given] = expand(paths, run.problems, skip=run.home.path)
        run.given = landing.land(run.home, files, declared)
        run.documents = landing.landed(run.home)


def is_unchanged(run: Run) -> bool:
    """Whether the current release is already what these inputs, declarations and code give."""
    now = releases.current(run.home)
    if now is None:
        return False
    made_of = manifest.read(now.path)
    run.release = now.id
    return made_of["fingerprint"] == run.fingerprint and made_of["inputs"] == run.inputs


def read_ahead(run: Run) -> None:
    """Read every document now; the flow's reading task then finds the results."""
    with run.timed("read"):
        run.results = read(run, run.documents)


def read(run: Run, documents: list[landing.Document]) -> list[DocumentResult]:
    """Read some documents (from the cache where nothing changed); `run.done` counts them for the progress bar."""
    results = []
    for document in documents:
        results.append(read_one(run.home, document, run.declarations, run.reading))
        run.done += 1
    return results


def judge_cells(run: Run) -> None:
    """Put the documents together and judge every cell by identities, plausibility and corrections."""
    with run.timed("collect"):
        run.collected = collect(run.documents, run.results)
    with run.timed("judge"):
        declarations = run.declarations
        run.judged = judge(
            run.collected.cells,
            run.collected.quarantine,
            declarations.indicators,
            declarations.members,
            {"identities": declarations.rules("identities"), "plausibility": declarations.rules("plausibility")},
            declarations.rules("known_errors"),
            declarations.corrections,
            run.collected.findings,
        )


def build(run: Run) -> None:
    """Build the marts in memory."""
    assert run.collected and run.judged
    with run.timed("build"):
        run.folder = candidates.begin(run.home)
        run.warehouse = Warehouse(staging(run.declarations, run.collected, run.judged))


def check(run: Run) -> None:
    """Great Expectations on every mart; its findings join the others."""
    assert run.warehouse and run.folder
    with run.timed("check"):
        run.checked = checks.check(run.warehouse.mart, ROOT / "expectations", run.folder / "data_docs")
        run.warehouse.add_findings(run.checked.findings)


def assemble(run: Run) -> None:
    """Write the candidate: Parquet, database, exports, manifest; compare it with the current release."""
    assert run.warehouse and run.folder
    with run.timed("assemble"):
        run.warehouse.write(run.folder)
        storage.assemble(run.folder)
        described = manifest.describe(run.folder, run.fingerprint, run.inputs, **_counts(run))
        now = releases.current(run.home)
        run.changes = compare(now.path if now else None, run.folder)
        changes.write(run.folder, described["id"], now.id if now else None, run.changes, run.warehouse.mart)
    run.candidate = described["id"]


def _counts(run: Run) -> dict[str, Any]:
    assert run.warehouse
    documents = run.warehouse.mart("document")
    return {
        "editions": sorted(run.warehouse.mart("edition")["edition"].to_list()),
        "documents": dict(sorted(documents.group_by("outcome").len().iter_rows())),
    }


def publish(run: Run) -> None:
    """Reject, hold or publish the candidate. Only publishing changes what is current."""
    assert run.folder and run.checked
    with run.timed("publish"):
        now = releases.current(run.home)
        if not run.checked.success:
            run.outcome, run.reasons = "rejected", run.checked.critical_failures
            _keep_rejected(run)
            return
        rules, events = run.declarations.rules("gate"), run.declarations.rules("events")
        run.reasons = gate.reasons(rules, events, run.folder, now.path if now else None)
        complete = candidates.complete(run.home, run.folder)
        run.candidate = complete.name
        if run.reasons:
            candidates.hold(run.home, complete, run.reasons, run.changes)
            run.outcome = "held"
            return
        run.release = releases.publish(run.home, complete, changes=counts(run.changes)).id
        run.candidate, run.outcome = None, "published"
        releases.prune(run.home, KEEP_RELEASES)


def everything(run: Run) -> dict[str, Any]:
    """All steps after landing, in their order, in this process: the flow without Prefect."""
    read_ahead(run)
    for step in (judge_cells, build, check, assemble, publish):
        step(run)
    return summary(run)


def _keep_rejected(run: Run) -> None:
    """A rejected candidate is gone; what the checks said stays readable in the home."""
    assert run.folder
    docs = run.home.path / "rejected"
    shutil.rmtree(docs, ignore_errors=True)
    shutil.copytree(run.folder / "data_docs", docs / "data_docs")
    candidates.discard(run.home, run.folder)
    run.home.journal({"event": "rejected", "reasons": run.reasons})


def summary(run: Run) -> dict[str, Any]:
    """What a refresh says at its end: the JSON of the contract."""
    documents = {"read": 0, "duplicate": 0, "unrecognised": 0, "unreadable": 0}
    findings = {"error": 0, "warning": 0, "info": 0}
    quarantined = 0
    if run.warehouse:
        for outcome, number in run.warehouse.mart("document").group_by("outcome").len().iter_rows():
            documents[outcome] += number
        for severity, number in run.warehouse.mart("finding").group_by("severity").len().iter_rows():
            findings[severity] += number
        quarantined = run.warehouse.mart("quarantine").height
    documents["duplicate"] += sum(not landed.new for landed in run.given)
    return {
        "outcome": run.outcome,
        "release": run.release if run.outcome in ("published", "unchanged") else None,
        "candidate": run.candidate if run.outcome == "held" else None,
        "documents": documents,
        "findings": findings,
        "quarantined": quarantined,
        "seconds": run.seconds,
        "reasons": run.reasons,
        "changes": counts(run.changes),
        "problems": [{"path": p.path, "reason": p.reason} for p in run.problems],
        "not_read": _not_read(run),
        "home": str(run.home.path),
    }


def _not_read(run: Run) -> list[dict[str, Any]]:
    """The documents that no table came from: name, outcome, reason."""
    if run.warehouse is None:
        return []
    documents = run.warehouse.mart("document").filter(pl.col("outcome").is_in(["unrecognised", "unreadable"]))
    return documents.select(name="names", outcome="outcome", reason="reason").sort("name", "reason").to_dicts()


