"""Results of reading, kept by content: reused while a document, the declarations and the reading code are the same."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from flows.declarations import DATA, ROOT, contract_files
from flows.documents.document import CANDIDATE, DocumentResult
from flows.home import durable
from flows.home.folder import Home
from flows.home.landing import Document
from flows.home.manifest import libraries
from flows.project import visible
from transforms.schema import FINDING, QUARANTINE, SOURCE_CELL, frame

FRAMES = {"cells": SOURCE_CELL, "quarantine": QUARANTINE, "findings": FINDING, "candidates": CANDIDATE}
HASH = hashlib.sha256().digest_size
_READING = ("flows/project.py", "flows/declarations.py")
_READING_FOLDERS = ("flows/documents", "flows/reading", "transforms")
_DECLARED = (
    "regions.csv", "indicators.csv", "units.yml", "misprints.yml", "wordings.yml", "clusters.csv", "editions.yml"
)


def reading_fingerprint() -> str:
    """Hash of everything but the document itself that decides what reading it gives."""
    files = [ROOT / name for name in _READING]
    files += [file for folder in _READING_FOLDERS for file in visible(ROOT / folder, "*.py")]
    files += [DATA / "reference" / name for name in _DECLARED] + contract_files()
    digest = hashlib.sha256(libraries().encode())
    for path in files:
        if path.exists():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def key(document: Document, fingerprint: str) -> str:
    """The name under which a document's result is kept. `fingerprint` is that of reading."""
    return hashlib.sha256(f"{document.sha256} {document.declared!r} {fingerprint}".encode()).hexdigest()


@dataclass(frozen=True)
class Kept:
    """A result as it is kept. What it says of the whole document is at hand: row, content, `spoken` (the series of its
    cells and the contracts that an untitled one may be under), its digest, whether another reading would give the same;
    the frames come when they are asked for."""

    row: dict[str, Any]
    content: str
    spoken: tuple[str, ...]
    digest: str
    settled: bool
    _blob: bytes | Path

    @property
    def blob(self) -> bytes:
        """The encoded result. Raises OSError when it is gone."""
        return self._blob if isinstance(self._blob, bytes) else self._blob.read_bytes()

    def result(self) -> DocumentResult:
        """The result itself. Raises OSError when it is gone."""
        return decoded(self.blob)


def load(home: Home, name: str) -> Kept | None:
    """A kept result; None when there is none or it is damaged."""
    path = home.cache / name
    try:
        return kept(path.read_bytes(), path)
    except (OSError, ValueError, KeyError):
        return None


def keep(home: Home, name: str, blob: bytes) -> Kept:
    """Keep an encoded result. One that another reading may change stays in memory for this run and is read again in the
    next, as where the cache cannot be written: that is no reason to fail."""
    path = home.cache / name
    if not (result := kept(blob)).settled:
        return result
    try:
        home.cache.mkdir(parents=True, exist_ok=True)
        with durable.replacing(path) as aside:
            aside.write_bytes(blob)
    except OSError:
        return result
    return replace(result, _blob=path)


def encoded(result: DocumentResult) -> bytes:
    """A result as bytes: the hash of all that follows, the length of the head, the head as JSON, each frame that has
    rows as an Arrow stream, which polars reads and writes in a fifth of the time that an Arrow file takes it."""
    blobs = []
    for name in FRAMES:
        buffer = io.BytesIO()
        rows = getattr(result, name)
        if rows.height:
            rows.write_ipc_stream(buffer, compression="lz4")
        blobs.append(buffer.getvalue())
    editions = set(result.cells["edition"].to_list()) - {None}
    said = {edition.partition("/")[0] for edition in editions} | set(result.candidates["contract"].to_list())
    facts = {
        "row": result.row, "content": result.content, "spoken": sorted(said), "settled": result.settled,
        "lengths": [len(b) for b in blobs],
    }  # fmt: skip
    head = json.dumps(facts).encode()
    body = b"".join([len(head).to_bytes(8, "little"), head, *blobs])
    return hashlib.sha256(body).digest() + body


def decoded(blob: bytes) -> DocumentResult:
    """What `encoded` was given. Raises ValueError, KeyError or PolarsError for anything else."""
    head, at = _head(blob)
    frames = {}
    for name, length in zip(FRAMES, head["lengths"], strict=True):
        part = blob[at : at + length]
        frames[name] = pl.read_ipc_stream(io.BytesIO(part)) if length else frame(FRAMES[name])
        at += length
    return DocumentResult(head["row"], content=head["content"], settled=head["settled"], **frames)


def kept(blob: bytes, where: Path | None = None) -> Kept:
    """An encoded result that lies in a file, or in memory. Raises ValueError when the bytes are not those that were
    encoded."""
    if hashlib.sha256(blob[HASH:]).digest() != blob[:HASH]:
        raise ValueError("a kept result is damaged")
    head, _ = _head(blob)
    spoken = tuple(head["spoken"])
    return Kept(head["row"], head["content"], spoken, blob[:HASH].hex(), head["settled"], where or blob)


def _head(blob: bytes) -> tuple[dict[str, Any], int]:
    """The head, and where the frames begin."""
    begin = HASH + 8
    end = begin + int.from_bytes(blob[HASH:begin], "little")
    return json.loads(blob[begin:end]), end


def sweep(home: Home, keep: set[str]) -> None:
    """Drop results that nothing refers to any more."""
    for path in home.cache.glob("*") if home.cache.exists() else ():
        if path.name not in keep and path.is_file():
            path.unlink(missing_ok=True)
