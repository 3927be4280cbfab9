"""The landing: every file that a home was ever given, by the SHA-256 of its bytes, append-only.

`landing/<sha256>` holds the bytes and `landing/<sha256>.json` what was said about them: the base names they came
under and, if somebody declared it, which table and year they are. The same bytes under two names are one document
with both. What was said is written before the bytes, so that no document is ever without a name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.documents.given import Given
from flows.home import durable, remote, store
from flows.home.folder import Home
from transforms.grid import Unsettled

BATCH_FILES, BATCH_BYTES = 64, 32 * 2**20
"""Files are forced to the disk together, but never more than this at a time."""
SHA256 = re.compile("[0-9a-f]{64}")


class Damaged(Unsettled):
    """The bytes kept for a document are no longer the bytes that were given."""


@dataclass(frozen=True)
class Document:
    """A document of the landing: `declared` is {"table", "year"} or None."""

    sha256: str
    names: tuple[str, ...]
    bytes: int
    declared: dict[str, Any] | None = None


@dataclass(frozen=True)
class Landed(Document):
    """A document just handed over; `new` when the home had never seen its bytes."""

    new: bool = True


def land(home: Home, files: Iterable[Given]) -> list[Landed]:
    """Keeps every file given, one entry a file in the order given, and returns once all are safe on the disk,
    and in the store that the home shares with other machines.

    What a file is declared as replaces an earlier declaration of the same bytes. Raises HomeError. Call it inside
    `lock.exclusive`.
    """
    folder = home.make(home.landing)
    landed: list[Landed] = []
    batch: list[Given] = []
    size = 0
    with durable.guarded("Keeping a file", folder):
        for given in files:
            batch.append(given)
            size += len(given.data)
            if len(batch) >= BATCH_FILES or size >= BATCH_BYTES:
                landed += _land(home, batch)
                batch, size = [], 0
        landed += _land(home, batch)
    if shared := remote.of(home):
        names = {document.sha256 for document in landed}
        shared.keep(path for name in sorted(names) for path in (folder / name, folder / f"{name}.json"))
    if new := [document.sha256 for document in landed if document.new]:
        home.journal({"event": "landed", "documents": new})
    return landed


def _land(home: Home, batch: list[Given]) -> list[Landed]:
    """One batch: all bytes and all that is said about them aside, one sync, then renamed, what is said first."""
    landed: list[Landed] = []
    said: dict[Path, dict[str, Any]] = {}
    contents: dict[Path, bytes] = {}
    for given in batch:
        sha = hashlib.sha256(given.data).hexdigest()
        kept, note = home.landing / sha, home.landing / f"{sha}.json"
        before = said.get(note) or _said(note)
        names = sorted({*before["names"], given.name})
        claim = given.declared or before["declared"]
        if {"names": names, "declared": claim} != before:
            said[note] = {"names": names, "declared": claim}
        new = kept not in contents and not kept.exists()
        if new or (kept not in contents and kept.read_bytes() != given.data):  # damaged, and here is the cure
            contents[kept] = given.data
        landed.append(Landed(sha, tuple(names), len(given.data), claim, new))
    notes = {path: json.dumps(note, ensure_ascii=False, sort_keys=True).encode() for path, note in said.items()}
    _write(home.landing, {**notes, **contents})
    return landed


def _write(folder: Path, contents: dict[Path, bytes]) -> None:
    aside = {path: durable.temporary(folder) for path in contents}
    try:
        for path, data in contents.items():
            aside[path].write_bytes(data)
            durable.protect(aside[path])
        durable.sync(aside.values())
        for path in contents:
            aside[path].replace(path)
    finally:
        for path in aside.values():
            path.unlink(missing_ok=True)
    if contents:
        durable.sync([folder])


def _said(note: Path) -> dict[str, Any]:
    """What was said about a document so far; nothing, when nothing readable is there."""
    try:
        said = json.loads(note.read_bytes())
        return {"names": [str(name) for name in said["names"]], "declared": said["declared"]}
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return {"names": [], "declared": None}


def landed(home: Home) -> list[Document]:
    """Every document of the home, by hash. Bytes are not read; a name that was lost is shown as the hash."""
    documents = []
    with durable.guarded("Reading the landing", home.landing):
        for path in durable.entries(home.landing):
            if SHA256.fullmatch(path.name):
                said = _said(home.landing / f"{path.name}.json")
                names = tuple(said["names"]) or (path.name,)
                documents.append(Document(path.name, names, path.stat().st_size, said["declared"]))
    return documents


def read_bytes(home: Home, sha256: str) -> bytes:
    """The bytes of a document, from the store if they are gone or damaged here. Raises Damaged where neither has them
    as their hash says."""
    try:
        data = (home.landing / sha256).read_bytes()
        why = "is damaged, its bytes no longer match its hash"
    except OSError as error:
        data, why = b"", f"cannot be read ({error.strerror})"
    if hashlib.sha256(data).hexdigest() == sha256:
        return data
    data = store.fetch(sha256) or b""
    if hashlib.sha256(data).hexdigest() == sha256:
        return data
    raise Damaged(f"the kept file {why}: give it again")


def damaged(home: Home) -> dict[str, str]:
    """Every document whose bytes can no longer be trusted, with the reason; reads the whole landing."""
    found = {}
    for document in landed(home):
        try:
            read_bytes(home, document.sha256)
        except Damaged as reason:
            found[document.sha256] = str(reason)
    return found
