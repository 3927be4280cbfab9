"""Results of reading, kept by content: reused while a document, the declarations and the reading code are the same."""

from __future__ import annotations

import hashlib
import io
import json
import os
from pathlib import Path

import polars as pl

from flows.declarations import DATA, ROOT, contract_files
from flows.documents import DocumentResult
from flows.home import Home

_FRAMES = ("cells", "quarantine", "findings", "candidates")
_READING = ("flows/documents.py", "flows/cache.py", "flows/declarations.py")
_DECLARED = ("regions.csv", "indicators.csv", "units.yml", "misprints.yml", "clusters.csv", "editions.yml")


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
    path = home.cache / name
    try:
        blob = path.read_bytes()
        size = int.from_bytes(blob[:8], "little")
        header = json.loads(blob[8 : 8 + size])
        frames, at = {}, 8 + size
        for frame, length in zip(_FRAMES, header["lengths"], strict=True):
            frames[frame] = pl.read_ipc(io.BytesIO(blob[at : at + length]))
            at += length
        return DocumentResult(header["row"], content=header["content"], **frames)
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError):
        return None


def save(home: Home, name: str, result: DocumentResult) -> None:
    """Keep a result. A cache that cannot be written is no reason to fail: the result is read again next time."""
    blobs = []
    for frame in _FRAMES:
        buffer = io.BytesIO()
        getattr(result, frame).write_ipc(buffer, compression="zstd")
        blobs.append(buffer.getvalue())
    header = json.dumps(
        {"row": result.row, "content": result.content, "lengths": [len(b) for b in blobs]}
    ).encode()
    path = home.cache / name
    aside = path.with_name(f"{name}.{os.getpid()}.part")
    try:
        home.cache.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(b"".join([len(header).to_bytes(8, "little"), header, *blobs]))
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)


def sweep(home: Home, keep: set[str]) -> None:
    """Drop results that nothing refers to any more."""
    for path in home.cache.glob("*") if home.cache.exists() else ():
        if path.name not in keep:
            Path(path).unlink(missing_ok=True)
