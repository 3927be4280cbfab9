"""`python -m tests.remote_publisher HOME STAMP WRITES`: publishes release STAMP of a home that shares a store, and dies
at once, as if killed, before its write to the store number WRITES (counted from 1; 0: it lives)."""

from __future__ import annotations

import os
import sys
from typing import Any

from flows import lock, remote
from flows.home import Home
from tests.small_releases import publish


class Dying:
    """A store whose owner dies before a certain write."""

    def __init__(self, store: Any, writes: int) -> None:
        self._store, self._left = store, writes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put(self, *args: Any, **options: Any) -> Any:
        """A write, unless it is the one."""
        self._left -= 1
        if self._left == 0:
            os._exit(9)
        return self._store.put(*args, **options)


def main() -> None:
    """Publish, or die."""
    home, stamp, writes = Home(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    whole = remote._store
    remote._store = lambda address: Dying(whole(address), writes)  # type: ignore[assignment]
    with lock.exclusive(home, 30):
        publish(home, stamp)


if __name__ == "__main__":
    main()
