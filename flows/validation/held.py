"""Suites that held: known by the bytes of every mart they read, the suite and the code that checks, so that a mart
that did not change is not checked again. What is kept is the suite's page; only suites that held wholly are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from flows.home.durable import replacing
from flows.home.manifest import hash_file
from flows.marts import parts
from flows.validation.suites import Suite

CODE = ("checks.py", "check_frames.py", "suites.py", "data_docs.py")


class Held:
    """The suites that held before, kept in `folder`, for the marts' Parquet files in `marts`."""

    def __init__(self, folder: Path, marts: Path) -> None:
        self._folder, self._marts = folder, marts
        self._hashes: dict[str, str] = {}
        self._used: set[str] = set()
        code = [hash_file(Path(__file__).with_name(name)) for name in CODE]
        self._code = f"{version('great-expectations')} {code}"

    def page(self, suite: Suite) -> str | None:
        """The page of a suite that held for these very bytes; None when it has to run."""
        key = self._key(suite)
        try:
            proof, _, page = (self._folder / key).read_bytes().partition(b"\n")
        except OSError:
            return None
        if proof.decode("ascii", "replace") != hashlib.sha256(page).hexdigest():
            return None
        self._used.add(key)
        return page.decode()

    def keep(self, pages: Iterable[tuple[Suite, str]]) -> None:
        """Keep the pages of suites that held, and nothing that is not of use any more. That it cannot be kept is
        no reason to fail."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            for suite, page in pages:
                key = self._key(suite)
                if key not in self._used:
                    content = page.encode()
                    with replacing(self._folder / key) as aside:
                        aside.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
                    self._used.add(key)
            for path in self._folder.iterdir():
                if path.name not in self._used:
                    path.unlink(missing_ok=True)

    def _key(self, suite: Suite) -> str:
        read = sorted({suite.table, *suite.uses, *(table for table, _ in suite.references())})
        told = "\n".join([self._code, repr(suite), *(f"{name} {self._hash(name)}" for name in read)])
        return hashlib.sha256(told.encode()).hexdigest()

    def _hash(self, mart: str) -> str:
        if mart not in self._hashes:
            self._hashes[mart] = " ".join(map(hash_file, parts.files(self._marts / f"{mart}.parquet")))
        return self._hashes[mart]
