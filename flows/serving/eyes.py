"""The watch of `highlands serve`: runs for an inbox with news, dead runs begun again, the journal told."""

from __future__ import annotations

import time
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound
from prefect.logging import get_logger

from flows.home.folder import Home
from flows.home.lock import Busy
from flows.serving import announcing, watching
from flows.serving.reviving import Reviver

DEPLOYMENT = "highlands/inbox"
PATIENCE = 20
"""After how many settling times the complete files of an inbox no longer wait for one that never gets complete."""


class Eyes:
    """What was last seen of one inbox and one journal. A look never raises: what failed is tried again."""

    def __init__(self, home: Home, inbox: Path, settle_seconds: float, begun_at_most: int) -> None:
        self.home = home
        self.inbox = inbox
        self.settle = settle_seconds
        self.started = ""
        self.waiting_since: float | None = None
        self.reviver = Reviver(home, begun_at_most)
        self.logger = get_logger("highlands.watch")
        announcing.begin(home)
        self.reconciled = False

    def look(self) -> None:
        """One look at everything."""
        for part in (self._inbox, self._runs, self._journal):
            try:
                part()
            except Busy:
                continue
            except Exception as error:
                self.logger.warning("will try again: %s", error or repr(error))

    def _inbox(self) -> None:
        seen = watching.look(self.inbox, self.settle)
        if not seen.key or seen.key == self.started or self._is_growing(seen):
            return
        files = len(seen.complete)
        if start(seen.key, f"inbox: {files} file{'s' if files > 1 else ''}"):
            self.logger.info("%s complete files in %s: a run is due", files, self.inbox)
            self.started = seen.key

    def _is_growing(self, seen: watching.Seen) -> bool:
        """Whether to wait for files that are still being written; not for ever."""
        if not seen.growing:
            self.waiting_since = None
            return False
        self.waiting_since = self.waiting_since or time.monotonic()
        return time.monotonic() - self.waiting_since < PATIENCE * self.settle

    def _runs(self) -> None:
        with get_client(sync_client=True) as client:
            for name in self.reviver.look(client):
                self.logger.warning("%s died and is begun again", name)

    def _journal(self) -> None:
        if announcing.is_news(self.home) or not self.reconciled:
            announcing.announce(self.home, 0)
            self.reconciled = True


def start(key: str, name: str) -> bool:
    """Start a run of the inbox deployment, once for each `key`: asked again, by this watch or another one, Prefect
    gives the run that it has. False when the deployment is not there."""
    with get_client(sync_client=True) as client:
        try:
            deployment = client.read_deployment_by_name(DEPLOYMENT)
        except ObjectNotFound:
            return False
        client.create_flow_run_from_deployment(deployment.id, idempotency_key=f"inbox {key}", name=name)
    return True
