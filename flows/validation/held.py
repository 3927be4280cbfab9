"""Suites that held: known by the bytes of every mart they read, the suite and the code that checks, so that a mart
that did not change is not checked again. What is kept is the suite's page; only suites that held wholly are."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from flows.home import shelf
from flows.home.durable import HomeError
from flows.home.manifest import hash_file, libraries
from flows.marts import parts
from flows.project import visible
from flows.validation.suites import Suite

PAGE = "page.html"


class Held:
    """The suites that held before, kept in `folder`, for the marts' Parquet files in `marts`."""

    def __init__(self, folder: Path, marts: Path) -> None:
        self._folder, self._marts = folder, marts
        self._hashes: dict[str, str] = {}
        self._code = f"{libraries()} {[hash_file(file) for file in visible(Path(__file__).parent, '*.py')]}"

    def page(self, suite: Suite) -> str | None:
        """The page of a suite that held for these very bytes; None when it has to run."""
        place = self._place(suite)
        return (place / PAGE).read_text("utf-8") if shelf.is_whole(place) else None

    def keep(self, pages: Iterable[tuple[Suite, str]]) -> None:
        """Keep the pages of suites that held, and nothing that is not of use any more. That it cannot be kept is
        no reason to fail."""
        places = []
        with suppress(OSError, HomeError):
            for suite, page in pages:
                places.append(self._place(suite))
                if not shelf.is_whole(places[-1]):
                    shelf.fill(places[-1], lambda aside, page=page: _write(aside, page))  # type: ignore[misc]
            shelf.sweep(self._folder, {place.name for place in places})

    def _place(self, suite: Suite) -> Path:
        read = (f"{mart} {self._hash(mart)}" for mart in sorted(suite.reads()))
        return self._folder / shelf.name(self._code, repr(suite), *read)

    def _hash(self, mart: str) -> str:
        if mart not in self._hashes:
            self._hashes[mart] = " ".join(map(hash_file, parts.files(self._marts / f"{mart}.parquet")))
        return self._hashes[mart]


def _write(aside: Path, page: str) -> None:
    (aside / PAGE).write_bytes(page.encode())
