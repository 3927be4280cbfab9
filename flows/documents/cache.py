"""Results of reading, kept by content: reused while a document, the declarations and the reading code are the same."""

from __future__ import annotations

import hashlib
import io
import json
from contextlib import suppress

import polars as pl

from flows.declarations import DATA, ROOT, contract_files
from flows.documents.document import CANDIDATE, DocumentResult
from flows.home import durable
from flows.home.folder import Home
from transforms.schema import FINDING, QUARANTINE, SOURCE_CELL

FRAMES = {"cells": SOURCE_CELL, "quarantine": QUARANTINE, "findings": FINDING, "candidates": CANDIDATE}
EMPTY = {name: pl.DataFrame(schema=schema) for name, schema in FRAMES.items()}
"""Most results have three: one of each kind for all of them."""
_READING = ("flows/documents/document.py", "flows/documents/cache.py", "flows/declarations.py")
_DECLARED = (
    "regions.csv", "indicators.csv", "units.yml", "misprints.yml", "wordings.yml", "clusters.csv", "editions.yml"
)


def reading_fingerprint() -> str:
    """Hash of everything but the document itself that decides what reading it gives."""
    files = [ROOT / name for name in _READING]
    files += sorted((ROOT / "flows" / "reading").glob("*.py")) + sorted((ROOT / "transforms").glob("*.py"))
    files += [DATA / "reference" / name for name in _DECLARED] + contract_files()
    digest = hashlib.sha256()
    for path in files:
        if path.exists():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def key(sha256: str, declared: object, fingerprint: str) -> str:
    """The name under which a document's result is kept."""
    return hashlib.sha256(f"{sha256} {declared!r} {fingerprint}".encode()).hexdigest()


def load(home: Home, name: str) -> DocumentResult | None:
    """A kept result; None when there is none or it cannot be used."""
    try:
        return decoded((home.cache / name).read_bytes())
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError):
        return None


def save(home: Home, name: str, result: DocumentResult) -> None:
    """Keep a result. A cache that cannot be written is no reason to fail: the result is read again next time."""
    keep(home, name, encoded(result))


def keep(home: Home, name: str, blob: bytes) -> None:
    """Keep an encoded result, like `save`."""
    path = home.cache / name
    with suppress(OSError):
        home.cache.mkdir(parents=True, exist_ok=True)
        with durable.replacing(path) as aside:
            aside.write_bytes(blob)


def encoded(result: DocumentResult) -> bytes:
    """A result as bytes: the length of the head, the head as JSON, each frame that has rows in Arrow's format."""
    blobs = []
    for name in FRAMES:
        buffer = io.BytesIO()
        frame = getattr(result, name)
        if frame.height:
            frame.write_ipc(buffer, compression="lz4")
        blobs.append(buffer.getvalue())
    head = json.dumps({"row": result.row, "content": result.content, "lengths": [len(b) for b in blobs]}).encode()
    return b"".join([len(head).to_bytes(8, "little"), head, *blobs])


def decoded(blob: bytes) -> DocumentResult:
    """What `encoded` was given. Raises ValueError, KeyError or PolarsError for anything else."""
    size = int.from_bytes(blob[:8], "little")
    head = json.loads(blob[8 : 8 + size])
    frames, at = {}, 8 + size
    for name, length in zip(FRAMES, head["lengths"], strict=True):
        part = blob[at : at + length]
        frames[name] = pl.read_ipc(io.BytesIO(part)) if length else EMPTY[name]
        at += length
    return DocumentResult(head["row"], content=head["content"], **frames)


def sweep(home: Home, keep: set[str]) -> None:
    """Drop results that nothing refers to any more."""
    for path in home.cache.glob("*") if home.cache.exists() else ():
        if path.name not in keep and path.is_file():
            path.unlink(missing_ok=True)
