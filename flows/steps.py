"""The steps of a refresh as plain functions over one `Run`; flows/refresh.py says in what order they happen."""

from __future__ import annotations

import shutil
from typing import Any

from flows import changes, gate, report
from flows.beginning import is_unchanged, land
from flows.diff import compare, counts
from flows.documents import fanout
from flows.documents.cache import Kept
from flows.documents.judging import divided, judge_all
from flows.home import candidates, landing, manifest, releases
from flows.marts import datapackage, parts, sdmx
from flows.marts.assembly import Assembly
from flows.marts.derived import derived
from flows.marts.staging import staging
from flows.marts.warehouse import Warehouse
from flows.project import ROOT
from flows.run import Run
from flows.summary import offending, summary
from flows.validation.checking import Check

__all__ = ["Run", "everything", "is_unchanged", "land", "summary"]

KEEP_RELEASES = 10


class Changed(Exception):
    """What decides a release was changed while it was made."""


def read_ahead(run: Run) -> None:
    """Read every document now; the flow's reading task then finds the results."""
    with run.timed("read"):
        run.results = read(run, run.documents)


def read(run: Run, documents: list[landing.Document]) -> list[Kept]:
    """Read some documents (from the cache where nothing changed); `run.done` counts them for the progress bar."""

    def done() -> None:
        run.done += 1

    return fanout.read_all(run.home, documents, run.declarations, run.reading, done, run.starting)


def judge_cells(run: Run) -> None:
    """Judge every cell by identities, plausibility and corrections, one source after the other."""
    with run.timed("judge"):
        found = divided(run.home, run.documents, run.results, run.declarations, run.reading)
        run.verdicts = judge_all(run.home, found, run.declarations)
        run.unsettled = sorted(result.row["document"] for result in run.results if not result.settled)
        run.results = []


def build(run: Run) -> None:
    """Build the marts from sql/ in memory and write them, but those that have not changed. Great Expectations checks
    each as it comes, and the database takes it in, a large one once it is out of memory. Broken keys and references
    reject the candidate."""
    assert run.verdicts
    with run.timed("build"):
        run.folder, cache = candidates.begin(run.home), run.home.cache
        made = staging(run.declarations, run.verdicts) | derived(run.declarations.rules("composite"))
        run.warehouse = Warehouse(made, spill=cache / "spill", kept=cache / "marts")
        run.checking = Check(run.folder / "marts", ROOT / "expectations", cache / "held")
        run.database = Assembly(run.folder)
        for name in run.warehouse.make(run.folder):
            run.checking.has_come(name)
            if name != "finding" and not run.warehouse.is_large(name):  # to findings, the checks may add
                run.database.has_come(name)
        run.warehouse.write_dictionary(run.folder)
        run.database.has_come("dictionary")
        run.checking.finish(run.folder / "data_docs")
        broken = run.warehouse.integrity()
        run.rejections = broken["message"].to_list()
        run.warehouse.keep(run.folder, but=set(broken["table"]))
        run.warehouse.add_findings(broken)
        for name in run.warehouse.let_go():
            run.database.has_come(name)
        run.database.settle()


def check(run: Run) -> None:
    """What Great Expectations says of every mart joins the findings. A critical failure rejects the candidate."""
    assert run.warehouse and run.folder and run.checking
    with run.timed("check"):
        run.checked = run.checking.result()
        run.rejections = [*run.checked.critical_failures, *run.rejections]
        run.warehouse.add_findings(run.checked.findings)


def assemble(run: Run) -> None:
    """Complete the candidate: findings, manifest, change notes, report, database, data package; compare it with the
    current release. To a candidate that the checks reject nothing more is added."""
    assert run.warehouse and run.folder and run.checked
    if run.rejections:
        return
    assert run.database
    mart = parts.scan(run.folder)
    with run.timed("assemble"):
        run.warehouse.write_one(run.folder, "finding")
        run.candidate = manifest.describe(run.folder, run.fingerprint, run.inputs, **_counts(run))["id"]
        now = releases.sound(run.home)
        run.changes = compare(now.path if now else None, run.folder)
        changes.write(run.folder, run.candidate, now.id if now else None, run.changes, mart)
    with run.timed("report"):
        about = {
            "release": run.candidate,
            "previous": now.id if now else None,
            "changes": run.changes,
            "checks": run.checked.statistics,
        }
        report.write(run.folder, mart, about)
    with run.timed("write"):
        sdmx.export(run.folder)
        run.database.has_come("finding")
        run.database.finish()
        datapackage.write(run.folder)


def _counts(run: Run) -> dict[str, Any]:
    assert run.warehouse
    documents = run.warehouse.mart("document")
    return {
        "editions": sorted(run.warehouse.mart("edition")["edition"].to_list()),
        "documents": dict(sorted(documents.group_by("outcome").len().iter_rows())),
        **({"unsettled": run.unsettled} if run.unsettled else {}),
    }


def publish(run: Run) -> None:
    """Reject, hold or publish the candidate. Only publishing changes what is current."""
    assert run.folder
    with run.timed("publish"):
        _still_the_same(run)
        if run.rejections:
            run.outcome, run.reasons = "rejected", [*run.rejections, *offending(run)]
            _keep_rejected(run)
            return
        now, rules, events = releases.sound(run.home), run.declarations.rules("gate"), run.declarations.rules("events")
        if run.candidate != releases.current_id(run.home):  # which only was damaged, and is made again
            run.reasons = gate.reasons(rules, events, run.folder, now.path if now else None)
        complete = candidates.complete(run.home, run.folder)
        left = releases.rolled_back(run.home).get(complete.name)
        if left:
            run.reasons.append(f"rolled_back: {left['user']} went back from this release on {left['time'][:10]}")
        run.candidate = complete.name
        if run.reasons:
            candidates.hold(run.home, complete, run.reasons, run.changes)
            run.outcome = "held"
            return
        run.release = releases.publish(run.home, complete, changes=counts(run.changes)).id
        run.candidate, run.outcome = None, "published"
        releases.prune(run.home, KEEP_RELEASES)


def _still_the_same(run: Run) -> None:
    """Raises Changed when code or declarations are not those that the run began with: it may have loaded either. What
    it kept for the next one goes, too."""
    assert run.folder
    if manifest.fingerprint() == run.fingerprint:
        return
    if run.database:
        run.database.leave()  # its thread may still write into the folder
    candidates.discard(run.home, run.folder)
    shutil.rmtree(run.home.cache, ignore_errors=True)
    raise Changed("code or declarations were changed during this refresh: nothing was published; refresh again")


def everything(run: Run) -> dict[str, Any]:
    """All steps after landing, in their order, in this process: the flow without Prefect."""
    read_ahead(run)
    for step in (judge_cells, build, check, assemble, publish):
        step(run)
    return summary(run)


def _keep_rejected(run: Run) -> None:
    """A rejected candidate is gone; what the checks said stays readable in the home."""
    assert run.folder
    if run.database:
        run.database.leave()  # its thread still writes into the folder
    docs = run.home.path / "rejected"
    shutil.rmtree(docs, ignore_errors=True)
    shutil.copytree(run.folder / "data_docs", docs / "data_docs")
    candidates.discard(run.home, run.folder)
    run.home.journal({"event": "rejected", "reasons": run.reasons})
