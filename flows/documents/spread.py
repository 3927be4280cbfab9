"""Reading and judging spread over one of Prefect's task runners, chosen by configuration:

    HIGHLANDS_TASK_RUNNER   threads, processes, or dask (needs requirements-dask.lock); unset: flows/documents/fanout.py
    HIGHLANDS_WORKERS       how many at once; by default one a core
    HIGHLANDS_DASK          the address of a Dask scheduler; without it a cluster is made on this machine

Tasks are handed documents to read, then sources to judge, and leave what comes of it in the home's cache, which all
workers must see; where machines share a home through a store (HIGHLANDS_REMOTE), a worker takes documents from there
and gives back what it made. Which worker did what decides nothing: the same documents give the same release.
"""

from __future__ import annotations

import os
import pickle
from functools import cache as once
from pathlib import Path
from threading import local
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import wait

from flows.declarations import DATA, Declarations
from flows.documents import cache
from flows.documents.collect import read_one
from flows.documents.judging import Source, divided, judge_source
from flows.home import store
from flows.home.folder import Home
from flows.home.landing import Document
from flows.processes.apart import Apart
from flows.project import DeclarationError
from flows.run import Run

LEAST, MOST = 16, 128
"""Documents in a batch: a task costs the server a tenth of a second, whatever is in it."""
SHARES = 12
"""Batches for each worker, if that makes them neither too small nor too large, so that all end at about one time."""
_kept = local()
_handed_out: list[tuple[Any, ...]] = []


def configured() -> str | None:
    """The task runner that the environment asks for, if any."""
    return os.environ.get("HIGHLANDS_TASK_RUNNER") or None


def runner() -> Any:
    """That task runner. Raises DeclarationError for an unknown one, or when Dask is not installed."""
    workers, name = _workers(), configured()
    if name == "threads":
        from prefect.task_runners import ThreadPoolTaskRunner

        return ThreadPoolTaskRunner(max_workers=workers)
    if name == "processes":
        from prefect.task_runners import ProcessPoolTaskRunner

        return ProcessPoolTaskRunner(max_workers=workers)
    if name != "dask":
        raise DeclarationError(f"HIGHLANDS_TASK_RUNNER is {name}: it can be threads, processes or dask")
    os.environ.setdefault("DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED", "False")  # a hundred samples a second of each
    try:
        from prefect_dask import DaskTaskRunner
    except ImportError as error:
        raise DeclarationError("HIGHLANDS_TASK_RUNNER is dask: install requirements-dask.lock first") from error
    if address := os.environ.get("HIGHLANDS_DASK"):
        return DaskTaskRunner(address=address)
    own = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
    return DaskTaskRunner(cluster_kwargs=own)


def _workers() -> int:
    return int(os.environ.get("HIGHLANDS_WORKERS") or os.cpu_count() or 1)


def read(run: Run) -> None:
    """Read into the cache whatever document of a run it does not have."""
    unread = [
        document
        for document in run.documents
        if not (run.home.cache / cache.key(document, run.reading)).exists()
    ]
    size = min(max(len(unread) // (_workers() * SHARES), LEAST), MOST)
    with run.timed("read"):
        for made in _all(read_batch, run, _batches(unread, size), run.reading):
            for name, blob in made.items():
                cache.keep(run.home, name, blob)


def judge(run: Run) -> None:
    """Judge whatever source of a run is not judged, if there are several."""
    found = divided(run.home, run.documents, run.results, run.declarations, run.reading)
    unjudged = [source for source in found if not source.is_judged()]
    if len(unjudged) < _workers():
        return
    if store.is_configured():  # a worker elsewhere does not see this machine's cache
        unjudged = [source.carried() for source in unjudged]
    size = max(len(unjudged) // (_workers() * SHARES), 1)
    with run.timed("judge"):
        for made in _all(judge_batch, run, _batches(unjudged, size), run.reading):
            for name, blob in made.items():
                place = run.home.cache / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(blob)


def _batches(things: list[Any], size: int) -> list[list[Any]]:
    return [things[at : at + size] for at in range(0, len(things), size)]


def _all(task_of_batch: Any, run: Run, batches: list[list[Any]], *more: Any) -> list[Any]:
    """What a task makes of each batch. A batch goes as bytes: Prefect looks for futures in every object that it is
    handed, and Dask makes a token of each, which took longer than reading the documents."""
    if not batches:
        return []
    _handed_out[:] = [(task_of_batch, str(run.home.path), pickle.dumps(batch), *more) for batch in batches]
    named = spread.with_options(name="highlands-" + task_of_batch.name.partition(" ")[0], task_runner=runner())
    try:
        return list(named())
    finally:
        _handed_out.clear()


@flow
def spread() -> list[Any]:
    """Submit what is handed out. The flow has no parameters, nor does it enclose anything: Prefect's server would
    refuse those of some thousand documents as too large, and Dask sends both along with every single task."""
    futures = [task_of_batch.submit(*arguments) for task_of_batch, *arguments in _handed_out]
    wait(futures)
    return [future.result() for future in futures]


@task(name="read a batch", cache_policy=NO_CACHE, persist_result=False, log_prints=False)
def read_batch(home: str, batch: bytes, fingerprint: str) -> dict[str, bytes]:
    """Read some documents (pickled) into the home's cache; what they gave, by its name there, if this machine's is
    another."""
    _require(fingerprint)
    given, here, documents = {}, Home(home), pickle.loads(batch)
    for document, blob in zip(documents, _helped(home, documents), strict=True):
        name = cache.key(document, fingerprint)
        made = cache.keep(here, name, blob) if blob else read_one(here, document, _declarations(), fingerprint)
        if store.is_configured():
            given[name] = made.blob
    return given


@task(name="judge a batch", cache_policy=NO_CACHE, persist_result=False, log_prints=False)
def judge_batch(home: str, batch: bytes, fingerprint: str) -> dict[str, bytes]:
    """Judge some sources (pickled) into the home's cache; the files of their verdicts, by their names there, if this
    machine's is another."""
    _require(fingerprint)
    found: list[Source] = pickle.loads(batch)
    for source in found:
        judge_source(source, _declarations())
    if not store.is_configured():
        return {}
    files = (file for source in found for file in sorted(source.folder.iterdir()))
    return {file.relative_to(Home(home).cache).as_posix(): file.read_bytes() for file in files}


def _helped(home: str, batch: list[Document]) -> list[bytes | None]:
    """What this worker's helping process, which parses and conforms in one place, makes of a batch; None for a
    document that has to be read in the usual surroundings."""
    try:
        helper = _kept.__dict__.get("helper") or Apart("flows.documents.helper", POLARS_MAX_THREADS="1")
        _kept.helper = helper
        helper.ask("read_batch", Path(home), DATA, batch)
        return list(helper.answer())
    except Exception:  # whatever became of it, no document is lost
        if helper := _kept.__dict__.pop("helper", None):
            helper.end()
        return [None] * len(batch)


@once
def _declarations() -> Declarations:
    return Declarations()


def _require(fingerprint: str) -> None:
    """Raises DeclarationError unless this worker reads as the refresh would that it works for."""
    if fingerprint != _own_fingerprint():
        raise DeclarationError("this worker has other code, libraries or declarations than the refresh: restart it")


@once
def _own_fingerprint() -> str:
    return cache.reading_fingerprint()
