"""A home that several machines share, by way of an object store (store.py).

The home stays the folder to work in, as DuckDB needs files; the store holds the same things under the same names and
is the truth. Whoever locks the home takes the lease of the store first, fetches what others made, and leaves what
this process made. A release is published by one conditional write of the object `current`, once every file of the
release is there and has the size and hash it should have; only then does the home's own link move. So a death at any
moment leaves the old release or the new one, here and there, and several machines have one history.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from flows.home import durable, store
from flows.home.folder import Home
from flows.home.manifest import MANIFEST

CURRENT, JOURNAL, HELD = "current.json", "journal.jsonl", "held.json"
AT_ONCE = 8


class Lost(Exception):
    """The store was taken over, or changed by somebody else, while this process worked. Nothing was published."""


_open: dict[str, Remote] = {}


def of(home: Home) -> Remote | None:
    """The store of a home that this process has locked; None when it has none."""
    return _open.get(str(home.path))


@contextmanager
def shared(home: Home, wait_seconds: float, note: dict[str, Any]) -> Iterator[None]:
    """Holds the store of a home for the block: what others made is here when it begins, and what was made here is
    there when it ends. One is configured. Raises lease.Taken, Lost, or HomeError."""
    address = os.environ[store.VARIABLE]
    from flows.home.lease import Lease

    with store.explained(address):
        objects = store.opened(address)
        lease = Lease(objects, {**note, "home": _place(home)})
        lease.acquire(wait_seconds)
    try:
        remote = Remote(home, objects, lease, address)
        with store.explained(address):
            remote.pull()
        _open[str(home.path)] = remote
        yield
        try:
            with store.explained(address):
                remote.push()
        except (durable.HomeError, Lost):
            if not remote.published:  # that has taken place and is not to be reported as failed
                raise
    finally:
        _open.pop(str(home.path), None)
        with suppress(Exception):  # a lease that cannot be given back runs out
            lease.release()


def _place(home: Home) -> str:
    """This very folder on this very machine since it was started, whatever other machines call theirs."""
    try:
        started = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        started = f"{uuid.getnode():x}"
    about = home.path.stat()
    return f"{started} {about.st_dev} {about.st_ino}"


class Remote:
    """The store of a home while it is held."""

    def __init__(self, home: Home, objects: Any, lease: Any, address: str) -> None:
        self._home, self._store, self._lease, self._address = home, objects, lease, address
        self._there: dict[str, tuple[int, str]] = {}
        self._current: str | None = None
        self.published = False

    # From there to here

    def pull(self) -> None:
        """Makes the home what the store says. A store that holds nothing is left to `push`: the home founds it."""
        self._there = self._listed("")
        if JOURNAL not in self._there:
            return
        for top in ("landing", "approvals"):
            self._fetch(self._home.path, (key for key in self._there if key.startswith(f"{top}/")))
        self._folders(self._home.releases, MANIFEST)
        self._folders(self._home.candidates, HELD)
        for folder in durable.entries(self._home.candidates):
            if f"candidates/{folder.name}/{HELD}" not in self._there:
                durable.remove(folder)  # decided on elsewhere
        self._fetch(self._home.path, [JOURNAL])
        self._follow()

    def _folders(self, folder: Path, last: str) -> None:
        """Every release or candidate that is not here, each whole or not at all; `last` is what is put there last."""
        for name in [key.split("/")[1] for key in self._there if key.startswith(folder.name) and key.endswith(last)]:
            if not (folder / name).exists():
                aside = durable.temporary(self._home.make(folder))
                prefix = f"{folder.name}/{name}/"
                self._fetch(aside, [key for key in self._there if key.startswith(prefix)], len(prefix))
                durable.seal(aside)
                durable.move(aside, folder / name)

    def _fetch(self, folder: Path, keys: Iterable[str], cut: int = 0) -> None:
        """Objects to files below `folder`, but for those that are the same here."""
        files = {key: folder / key[cut:] for key in keys}
        wanted = {key: file for key, file in files.items() if not self._same(key, file)}
        for parent in sorted({file.parent for file in wanted.values()}):
            parent.mkdir(parents=True, exist_ok=True)
        self._each(self._download, wanted.items())

    def _download(self, item: tuple[str, Path]) -> None:
        key, file = item
        with durable.replacing(file) as aside, aside.open("wb") as stream:
            for piece in self._store.get(key):
                stream.write(piece)

    def _follow(self) -> None:
        """The home's link goes where the store's `current` says, once that release is here and proven whole."""
        from flows.home.sealing import verify

        if CURRENT not in self._there:
            return
        got = self._store.get(CURRENT)
        self._current, name = got.meta["e_tag"], json.loads(bytes(got.bytes()))["release"]
        target = f"{self._home.releases.name}/{name}"
        if not self._home.current.is_symlink() or str(self._home.current.readlink()) != target:
            verify(self._home.releases / name)
            durable.point(self._home.current, target)

    # From here to there

    def push(self) -> None:
        """Makes the store what the home is, but for what is current."""
        self.check()
        if JOURNAL not in self._there:  # a home of its own until now
            for folder in durable.entries(self._home.releases):
                self._put(self._files(folder), MANIFEST)
        self.keep(file for file in durable.entries(self._home.landing) if file.is_file())
        self._put(durable.entries(self._home.approvals))
        held = [folder for folder in durable.entries(self._home.candidates) if (folder / HELD).exists()]
        for folder in held:
            self._put(self._files(folder), HELD)
        for name in {key.split("/")[1] for key in self._there if key.startswith("candidates/")}:
            if name not in {folder.name for folder in held}:
                self.remove(self._home.candidates / name)
        if CURRENT not in self._there and self._home.current.is_symlink():
            self.switch(self._home.current.readlink().name)
        if self._home.journal_file.exists():
            self._put([self._home.journal_file])

    def keep(self, files: Iterable[Path]) -> None:
        """Files of the landing: what is said about a document before its bytes."""
        files = list(files)
        self._put(file for file in files if file.suffix)
        self._put(file for file in files if not file.suffix and self._key(file) not in self._there)

    def switch(self, name: str) -> None:
        """Publishes a release that lies in the home. Raises Lost when somebody else published since `pull`."""
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        folder = self._home.releases / name
        with store.explained(self._address):
            self.check()
            self._put(self._files(folder), MANIFEST)
            there = self._listed(f"{self._key(folder)}/")
            if short := [file for file in self._files(folder) if there.get(self._key(file), (-1,))[0] != _size(file)]:
                raise Lost(f"{short[0].name} of release {name} did not arrive whole at {self._address}")
            self._put([self._home.journal_file])
            self.check()
            try:
                mode: Any = {"e_tag": self._current} if self._current else "create"
                put = self._store.put(CURRENT, json.dumps({"release": name}).encode(), mode=mode)
            except (AlreadyExistsError, PreconditionError):
                raise Lost(f"another machine published at {self._address} meanwhile: refresh again") from None
            self._current, self.published = put["e_tag"], True
            self._there[CURRENT] = (0, "")

    def remove(self, folder: Path) -> None:
        """Takes a release or candidate out of the store, what makes it one first."""
        prefix = f"{self._key(folder)}/"
        keys = sorted(key for key in self._there if key.startswith(prefix))
        keys.sort(key=lambda key: not key.endswith((f"/{MANIFEST}", f"/{HELD}")))
        for some in (keys[:1], keys[1:]):
            if some:
                self._store.delete(some)
        for key in keys:
            del self._there[key]

    def check(self) -> None:
        """Raises Lost unless the lease still holds."""
        if not self._lease.is_held():
            raise Lost(f"the lease of {self._address} ran out and may be another's by now: refresh again")

    def _put(self, files: Iterable[Path], last: str = "") -> None:
        """Files that are not there, or not the same; those named `last` when all others are."""
        wanted = [file for file in files if not self._same(self._key(file), file)]
        self._each(self._upload, [file for file in wanted if file.name != last])
        self._each(self._upload, [file for file in wanted if file.name == last])

    def _upload(self, file: Path) -> None:
        key = self._key(file)
        with file.open("rb") as stream:
            put = self._store.put(key, stream)
        self._there[key] = (_size(file), _plain(put["e_tag"]))

    def _same(self, key: str, file: Path) -> bool:
        """Whether object and file are the same: a document of the landing by its name, else by size and, where the
        object was put in one piece, by MD5, which its tag then is."""
        size, etag = self._there.get(key, (-1, ""))
        if not file.is_file() or _size(file) != size:
            return False
        if key.startswith("landing/") and not file.suffix:
            return True
        if "-" in etag:  # put in several pieces
            return True
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() == etag

    def _listed(self, prefix: str) -> dict[str, tuple[int, str]]:
        return {
            each["path"]: (each["size"], _plain(each["e_tag"]))
            for chunk in self._store.list(prefix or None) for each in chunk
        }

    def _files(self, folder: Path) -> list[Path]:
        return sorted(path for path in folder.rglob("*") if path.is_file())

    def _key(self, path: Path) -> str:
        return path.relative_to(self._home.path).as_posix()

    def _each(self, function: Any, items: Iterable[Any]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(function, items))


def _size(file: Path) -> int:
    return file.stat().st_size


def _plain(etag: str | None) -> str:
    return (etag or "").strip('"')
