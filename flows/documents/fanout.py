"""Many documents read at once: this process and helping ones beside it, one a further core."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from threading import Thread

from flows.declarations import Declarations
from flows.documents import cache
from flows.documents.cache import Kept
from flows.documents.collect import read_one
from flows.home.folder import Home
from flows.home.landing import Document
from flows.processes.apart import Apart

BATCH = 6
LEAST = 24
"""Documents below which a helping process, which imports for half a second, isn't worth it."""
FEW = 500
"""Documents that are read before Prefect's server, which starts meanwhile, would be ready: its core is left to it."""
DEATHS = 20
"""Helping processes that documents may take along before the rest is read without."""


def helpers(taken: int = 0) -> int:
    """How many processes help this one: HIGHLANDS_HELPERS, or one for each further core that is not `taken`."""
    said = os.environ.get("HIGHLANDS_HELPERS", "")
    return int(said) if said.isdecimal() else max(min((os.cpu_count() or 1) - 1, 15) - taken, 0)


def read_all(
    home: Home,
    documents: list[Document],
    declarations: Declarations,
    fingerprint: str,
    done: Callable[[], None] = lambda: None,
    starting: int = 0,
) -> list[Kept]:
    """The result of every document, in their order; from the cache where nothing changed. `done` is called after
    each one. `starting` is how many other processes start meanwhile."""
    results: dict[str, Kept] = {}
    unread: deque[Document] = deque()
    for document in documents:
        kept = cache.load(home, cache.key(document, fingerprint))
        if kept:
            results[document.sha256] = kept
            done()
        else:
            unread.append(document)

    def take(document: Document, result: Kept) -> None:
        results[document.sha256] = result
        done()

    number = helpers(starting if len(unread) < FEW else 0) if len(unread) >= LEAST else 0
    left: deque[Document] = deque()
    threads = [Thread(target=_helped, args=(home, declarations, fingerprint, unread, left, take), daemon=True)
               for _ in range(number)]
    for thread in threads:
        thread.start()
    _alone(home, declarations, fingerprint, unread, take)
    for thread in threads:
        thread.join()
    _alone(home, declarations, fingerprint, left, take)
    return [results[document.sha256] for document in documents]


def _alone(
    home: Home, declarations: Declarations, fingerprint: str, unread: deque[Document],
    take: Callable[[Document, Kept], None],
) -> None:
    while unread:
        try:
            document = unread.popleft()
        except IndexError:  # a helper was quicker
            return
        take(document, read_one(home, document, declarations, fingerprint))


def _helped(
    home: Home, declarations: Declarations, fingerprint: str, unread: deque[Document], left: deque[Document],
    take: Callable[[Document, Kept], None],
) -> None:
    """A helping process is given batches from the far end until none is left; what it cannot read, or dies of,
    is `left`."""
    deaths, helper = 0, None
    try:
        while deaths < DEATHS and (batch := _batch(unread)):
            try:
                helper = helper or Apart("flows.documents.helper", POLARS_MAX_THREADS="1")
                helper.ask("read_batch", home.path, declarations.data, batch)
                blobs = helper.answer()
            except Exception:  # whatever became of it, no document is lost
                deaths += 1
                blobs = [None] * len(batch)
                if helper:
                    helper.end()
                    helper = None
            for document, blob in zip(batch, blobs, strict=True):
                if blob is None:
                    left.append(document)
                else:
                    take(document, cache.keep(home, cache.key(document, fingerprint), blob))
    finally:
        if helper:
            helper.end()


def _batch(unread: deque[Document]) -> list[Document]:
    batch: list[Document] = []
    while unread and len(batch) < BATCH:
        try:
            batch.append(unread.pop())
        except IndexError:
            break
    return batch
