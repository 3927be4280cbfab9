"""Analysts who are connected all day: processes that query through `current` while releases come and go."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from flows.home import releases
from flows.home.folder import Home
from tests.small_releases import publish

READ = """
import os
import sys
import time
from pathlib import Path
from tests.small_releases import stamp_of
answers, changes, last = 0, 0, None
while not Path(sys.argv[2]).exists():
    stamp = stamp_of(Path(sys.argv[1]))
    answers, changes, last = answers + 1, changes + (stamp != last), stamp
    if answers == 1:
        print("reading", flush=True)
        os.nice(5)  # eight of them would starve the publisher on a small machine
    time.sleep(0.02)
print(answers, changes)
"""


def read_while_publishing(home: Home, stop: Path, publications: int, rollbacks: int) -> tuple[int, int]:
    """Eight processes on fresh connections through `current`; any error in any of them raises."""
    publish(home, 1)
    command = [sys.executable, "-c", READ, str(home.current), str(stop)]
    root = Path(__file__).parent.parent
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) for _ in range(8)]
    try:
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "reading\n"
        back = publications // rollbacks
        for number in range(publications):
            publish(home, number + 2)
            if number % back == back - 1:
                releases.rollback(home)
            releases.prune(home, keep=10)
            time.sleep(0.05)
    finally:
        stop.touch()
        outputs = [reader.communicate(timeout=60)[0].split() for reader in readers]
    assert [reader.returncode for reader in readers] == [0] * 8
    return sum(int(answers) for answers, _ in outputs), sum(int(changes) for _, changes in outputs)
