"""Ways to die: a process killed before any chosen line of a module, and one killed at any moment."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from flows.home import candidates, durable, lock, releases
from flows.home import folder as home
from flows.home.folder import Home
from tests.small_releases import DIFF, held, publish, stamp_of

STEPS = tuple(module.__file__ for module in (releases, candidates, durable, home))
"""Where a death is worth trying: the modules that change a home."""


def dies_before_line(number: int, work: Callable[[], None]) -> bool:
    """Runs `work` in a forked process, killed before the `number`-th line of STEPS; False if it got through.

    The kill is the system's own SIGKILL: no clean-up runs, as with a power switch.
    """
    pid = os.fork()
    if pid == 0:
        signal.alarm(60)  # never hang
        lines = 0

        def count(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal lines
            if frame.f_code.co_filename not in STEPS:
                return None
            if event == "line":
                lines += 1
                if lines == number:
                    os.kill(os.getpid(), signal.SIGKILL)
            return count

        sys.settrace(count)
        try:
            work()
        finally:
            sys.settrace(None)
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


def die_at_lines(folder: Path, numbers: range) -> int:
    """Approves a held candidate, killed before each of the given lines in turn; returns how often it died.

    After each death the home is checked, mended and the approval repeated.
    """
    template = Home(folder / "template")
    with lock.exclusive(template):
        first = publish(template, 1)
        candidate = held(template, 2)
    for died, number in enumerate(numbers):
        home = Home(shutil.copytree(template.path, folder / "home", symlinks=True))

        def approve(home: Home = home) -> None:
            with lock.exclusive(home):
                candidates.approve(home, candidate.id, "good", "me", DIFF)

        if not dies_before_line(number, approve):
            assert releases.current_id(home) == candidate.id
            return died
        check_after_death(home)
        if releases.current_id(home) == first.id:
            approve()
        assert releases.current_id(home) == candidate.id
        assert candidates.held(home) == []
        assert (previous := releases.previous(home)) is not None
        assert previous.id == first.id
        shutil.rmtree(home.path)
    raise AssertionError("more lines than were tried")


def publish_forever(folder: str) -> None:
    """Lands, publishes, rolls back, holds, approves and prunes until somebody ends the process."""
    from flows.documents.given import Given
    from flows.home.landing import land

    place = Home(folder)
    stamp = 0
    with lock.exclusive(place):
        candidates.sweep(place)
        print("started", flush=True)
        while True:
            stamp = stamp % 6 + 1
            land(place, [Given(f"{stamp}-{number}.csv", f"{stamp},{number}".encode()) for number in range(3)])
            publish(place, stamp)
            candidates.approve(place, held(place, stamp + 10).id, "looked at", "test", DIFF)
            releases.rollback(place)
            held(place, stamp + 20)
            releases.prune(place, keep=4)


def kill_at_a_random_moment(place: Home, chance: random.Random) -> None:
    """Starts `publish_forever` in a process of its own and kills it somewhere in its course."""
    command = [sys.executable, "-m", "tests.crashes", str(place.path)]
    root = Path(__file__).parent.parent
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        time.sleep(chance.uniform(0, 0.8))
        process.kill()


def check_after_death(place: Home) -> None:
    """What must be true of any home after any death, before anything was mended, and after."""
    from flows.home.landing import damaged, landed
    from flows.home.sealing import verify

    name = releases.current_id(place)
    if name is not None:
        verify(place.current.resolve())
        stamp_of(place.current)
        assert releases.releases(place)
    assert damaged(place) == {}
    assert all(document.names[0].endswith(".csv") for document in landed(place)), "a document lost its name"
    with lock.exclusive(place):
        candidates.sweep(place)
        assert releases.current_id(place) == name, "clearing away changed the current release"
        assert candidates.sweep(place) == [], "clearing away once is enough"
        for candidate in candidates.held(place):
            verify(candidate.path)
        for release in releases.releases(place):
            verify(release.path)
    assert not [path for path in place.path.rglob(".*") if durable.is_unfinished(path.name)]


if __name__ == "__main__":
    publish_forever(sys.argv[1])
