"""What a release is: the id that its content gives it, and manifest.json, which says what it was made of.

Nothing here knows the time or the place: the same inputs and code give the same manifest on any machine.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from flows.marts import parts
from flows.project import CONTRACTS_VARIABLE, ROOT, further_contracts, visible

DECIDING = (
    "flows", "transforms", "sql", "expectations",
    "data/contracts", "data/reference", "data/rules", "data/corrections",
)  # fmt: skip
"""The folders of the project that decide what becomes of a document."""
REQUIREMENTS = ROOT / "requirements.in"
"""The libraries by name."""
MANIFEST = "manifest.json"
MARTS = "marts"
DATABASE = "highlands.duckdb"
REPORT = "report/index.html"
Manifest = dict[str, Any]


def fingerprint(project: Path = ROOT) -> str:
    """SHA-256 over the names and bytes of all code and declarations, wherever the project lies, the versions of the
    libraries, and the one setting that shows in a release."""
    digest = hashlib.sha256(f"{libraries()} {os.environ.get(parts.LIMIT_VARIABLE)}\n".encode())
    for name, file in _deciding_files(project):
        digest.update(f"{name}\n{hash_file(file)}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _deciding_files(project: Path) -> Iterator[tuple[str, Path]]:
    folders = [(name, project / name) for name in DECIDING]
    if extra := further_contracts():
        folders.append((CONTRACTS_VARIABLE, extra))
    for prefix, folder in folders:
        for file in visible(folder, "**/*"):
            yield "/".join((prefix, *file.relative_to(folder).parts)), file


@cache
def libraries() -> str:
    """The libraries that highlands runs on, each with the version that is installed: they decide, too. Those that they
    need themselves follow from the lock file."""
    named = (re.match(r"[\w-]+", line) for line in REQUIREMENTS.read_text("utf-8").splitlines())
    return " ".join(f"{name.group()}={_version(name.group())}" for name in named if name)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_of(files: dict[str, str]) -> str:
    """The hash of a mart from those of its files, {path: sha256}: that of the one file, or one over all parts."""
    if [name.count("/") for name in files] == [0]:
        return next(iter(files.values()))
    return hashlib.sha256("\n".join(f"{sha} {name}" for name, sha in sorted(files.items())).encode()).hexdigest()


def release_id(code: str, parquet: dict[str, str]) -> str:
    """The id of a release: 12 hex digits over the fingerprint of the code and {mart: SHA-256 of its Parquet}."""
    lines = [code, *(f"{name} {sha}" for name, sha in sorted(parquet.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def describe(folder: Path, code: str, inputs: Iterable[str], **more: Any) -> Manifest:
    """The manifest of the release whose marts lie in `folder`, written to it as manifest.json.

    `code` is the fingerprint, `inputs` the SHA-256 of every document; `more` (editions, counts) goes in as it is
    and must not depend on time or place. Keys: id, fingerprint, inputs, parquet {mart: {sha256, rows, bytes}}, and
    for a mart that is divided its parts {path below marts/: sha256}.
    """
    import pyarrow.parquet as pq

    parquet = {}
    for name, files in parts.marts(folder).items():
        hashes = {file.relative_to(folder / MARTS).as_posix(): hash_file(file) for file in files}
        rows = sum(pq.read_metadata(file).num_rows for file in files)
        size = sum(file.stat().st_size for file in files)
        parquet[name] = {"sha256": hash_of(hashes), "rows": rows, "bytes": size}
        if parts.is_divided(files):
            parquet[name]["parts"] = hashes
    identity = release_id(code, {name: mart["sha256"] for name, mart in parquet.items()})
    manifest = {"id": identity, "fingerprint": code, "inputs": sorted(inputs), "parquet": parquet, **more}
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", "utf-8")
    return manifest


def is_there(folder: Path, manifest: Manifest) -> bool:
    """Whether the files of a release are all there, marts with as many bytes as they had: the quick question, which
    opens none of them (flows.home.sealing asks the thorough one)."""
    sizes = {name: sum(file.stat().st_size for file in files) for name, files in parts.marts(folder).items()}
    said = {name: mart.get("bytes", sizes.get(name)) for name, mart in manifest["parquet"].items()}
    return sizes == said and all((folder / name).is_file() for name in (DATABASE, REPORT))


def read(folder: Path) -> Manifest:
    """The manifest of a release or candidate. Raises FileNotFoundError, or ValueError when it is damaged."""
    manifest = json.loads((folder / MANIFEST).read_bytes())
    if not isinstance(manifest, dict) or not {"id", "fingerprint", "inputs", "parquet"} <= manifest.keys():
        raise ValueError("manifest.json lacks what a release needs")
    return manifest
