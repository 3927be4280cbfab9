"""All documents of a home judged, source by source: what a source gave is in memory only while it is judged.

The verdicts are kept by content, as Parquet: a source of which no document, declaration or rule has changed is not
judged again, and the marts are built from these files.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache as once
from pathlib import Path
from threading import Thread

import polars as pl

from flows.declarations import Declarations
from flows.documents import cache
from flows.documents.cache import Kept
from flows.documents.collect import collect
from flows.documents.fanout import helpers
from flows.home import shelf
from flows.home.folder import Home
from flows.home.landing import Document
from flows.processes.apart import Apart, Died
from transforms.judge import judge
from transforms.sources import NOTHING, sources
from transforms.staged import staged

FRAMES = {"cells": "source_cell", "quarantine": "quarantine", "findings": "finding", "documents": "document"}
"""What is kept of each source, and as which staging table."""
LEAST = 4
"""Sources for each helping process, below which it isn't worth its imports."""


@dataclass(frozen=True)
class Verdicts:
    """What was judged: by staging table the Parquet files, one for each source."""

    files: dict[str, list[Path]]

    def frame(self, table: str) -> pl.DataFrame:
        """A staging table of all sources."""
        return pl.read_parquet(self.files[table], glob=False)

    def distinct(self, table: str, column: str) -> list[str]:
        """The values that a column of a staging table has, but null."""
        found = pl.scan_parquet(self.files[table], glob=False).select(pl.col(column).drop_nulls().unique()).collect()
        return sorted(found[column].to_list())


@dataclass(frozen=True)
class Source:
    """Documents that are judged together, what reading them gave, and the folder of the verdicts on them."""

    folder: Path
    documents: tuple[Document, ...]
    results: tuple[Kept, ...]

    def carried(self) -> Source:
        """The same with everything in memory, for a machine that does not see this one's cache."""
        return replace(self, results=tuple(cache.kept(kept.blob) for kept in self.results))

    def is_judged(self) -> bool:
        """Whether the verdicts are there and are those that were kept."""
        return shelf.is_whole(self.folder)


def divided(
    home: Home, documents: Sequence[Document], results: Sequence[Kept], declarations: Declarations, fingerprint: str
) -> list[Source]:
    """The sources of a home, one without documents when it has none. `fingerprint` is that of reading."""
    by_hash = {result.row["document"]: result for result in sorted(results, key=lambda r: r.row["document"])}
    landed = {document.sha256: document for document in documents}
    rules = _fingerprint(declarations, fingerprint)
    found = []
    spoken = {sha: _spoken(kept, declarations) for sha, kept in by_hash.items()}
    for hashes in sources(spoken, _compared(declarations)) or [[]]:
        own, read = tuple(landed[sha] for sha in hashes), tuple(by_hash[sha] for sha in hashes)
        found.append(Source(home.cache / "judged" / _key(own, read, rules), own, read))
    return found


def judge_all(home: Home, found: Sequence[Source], declarations: Declarations) -> Verdicts:
    """The verdicts on all sources; several are judged at once, each in a process of one core. Raises HomeError when
    they cannot be kept."""
    unjudged = [source for source in found if not source.is_judged()]
    helping, left = min(helpers() + 1, len(unjudged) // LEAST), deque(unjudged)
    threads = [Thread(target=_helped, args=(left, declarations.data), daemon=True) for _ in range(helping)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for source in unjudged:
        if not source.is_judged():
            judge_source(source, declarations)
    folders = [source.folder for source in found]
    shelf.sweep(home.cache / "judged", {folder.name for folder in folders})
    return Verdicts({table: [folder / f"{name}.parquet" for folder in folders] for name, table in FRAMES.items()})


def _helped(unjudged: deque[Source], data: Path) -> None:
    """A process judges one source after the other, until none is left or it dies."""
    helper = None
    with suppress(Died, OSError, IndexError):
        helper = Apart("flows.documents.judging", POLARS_MAX_THREADS="1")
        while True:
            helper.ask("judge_source_of", unjudged.popleft(), data)
            helper.answer()
    if helper:
        helper.end()


def judge_source_of(source: Source, data: Path) -> None:
    """`judge_source` with the declarations of a folder."""
    judge_source(source, _declarations(data))


@once
def _declarations(data: Path) -> Declarations:
    return Declarations(data)


def _spoken(kept: Kept, declarations: Declarations) -> list[str]:
    """The series that a document is of or may be of, and its content: a copy is judged with what it is a copy of."""
    contracts = declarations.contracts
    named = [(contracts[name].series or name) if name in contracts else name for name in kept.spoken]
    return [*(named or [NOTHING]), *([f"content {kept.content}"] if kept.content else [])]


def _compared(declarations: Declarations) -> list[str]:
    """Series whose numbers are held against each other: all that are declared, but those that stand apart."""
    return [name for name, body in declarations.series.items() if not body.get("apart")]


def judge_source(source: Source, declarations: Declarations) -> None:
    """Judge the documents of one source and keep the verdicts in its folder. Raises HomeError when that is not
    possible."""
    results = [kept.result() for kept in source.results]
    collected = collect(list(source.documents), results, declarations.corrections)
    judged = judge(
        collected.cells,
        collected.quarantine,
        declarations.indicators,
        declarations.members,
        {"identities": declarations.rules("identities"), "plausibility": declarations.rules("plausibility")},
        declarations.rules("known_errors"),
        declarations.corrections,
        collected.findings,
    )
    frames = {
        "cells": judged.cells,
        "quarantine": judged.quarantine,
        "findings": judged.findings.unique(maintain_order=True),
        "documents": collected.documents,
    }

    def write(aside: Path) -> None:
        for name, table in FRAMES.items():
            staged(table, frames[name]).write_parquet(aside / f"{name}.parquet", compression="lz4")

    shelf.fill(source.folder, write)


def _fingerprint(declarations: Declarations, reading: str) -> str:
    """Hash of everything but the documents that decides what becomes of them; reading's covers all of the code."""
    rules = [declarations.rules(name) for name in ("identities", "plausibility", "known_errors")]
    return shelf.name(repr((reading, rules, declarations.corrections, declarations.members.rows())))


def _told(document: Document) -> str:
    """All that was said about a document."""
    return f"{document.sha256} {document.declared!r} {' | '.join(document.names)}"


def _key(documents: Sequence[Document], results: Sequence[Kept], rules: str) -> str:
    """The name of the verdicts on some documents, of which reading gave something."""
    both = zip(documents, results, strict=True)
    return shelf.name(rules, *sorted(f"{kept.digest} {_told(d)}" for d, kept in both))
