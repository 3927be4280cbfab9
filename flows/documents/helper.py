"""Documents read to the end in a helping process: bytes to grid to recognised and conformed cells, encoded.

What a document is refused for is decided elsewhere, always in the same surroundings (flows/reading/pool.py): here
an unreadable one is only passed over, and one that hangs or crashes takes just this process along.
"""

from __future__ import annotations

import signal
from functools import cache as once
from pathlib import Path
from typing import Any

from flows.declarations import DATA, Declarations
from flows.documents import cache
from flows.documents.document import read_document
from flows.home.folder import Home
from flows.home.landing import Damaged, Document, read_bytes
from flows.reading.here import read_here
from flows.reading.limits import MAX_MEMORY, MAX_SECONDS


def warm() -> None:
    """The declarations loaded, and bounds on time and memory: half of what a reader may need beyond what this process
    has, so that whatever is read here can be read there."""
    _declarations(DATA)
    try:
        import resource

        own = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (own + MAX_MEMORY // 2,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        pass  # the bounds on bytes, cells and expansion remain
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the parent to handle
    signal.signal(signal.SIGALRM, signal.SIG_DFL)


def read_batch(home: Path, data: Path, documents: list[Document]) -> list[bytes | None]:
    """Each document's encoded result; None for one that must be read elsewhere."""
    return [_read(Home(home), document, _declarations(data)) for document in documents]


def _read(home: Home, document: Document, declarations: Declarations) -> bytes | None:
    try:
        data = read_bytes(home, document.sha256)
    except Damaged:
        return None
    signal.alarm(MAX_SECONDS)  # ends the process, native code or not
    try:
        result = read_document(document.sha256, data, declarations.catalogue, pair(document.declared), read_here)
        return cache.encoded(result) if result.row["outcome"] != "unreadable" else None
    except Exception:  # out of memory, in whatever part of the reading
        return None
    finally:
        signal.alarm(0)


def pair(declared: dict[str, Any] | None) -> tuple[str, int] | None:
    """A declaration as the readers take it."""
    return (str(declared["table"]), int(declared["year"])) if declared else None


@once
def _declarations(data: Path) -> Declarations:
    declarations = Declarations(data)
    _ = declarations.catalogue
    return declarations
