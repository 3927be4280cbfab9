"""One refresh at a time: who holds a home is said, and nobody waits for the dead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from flows.home import lock
from flows.home.folder import Home

HOLD = """
import sys, time
from flows.home import lock
from flows.home.folder import Home
with lock.exclusive(Home(sys.argv[1])):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""
FORK = "    import os\n    if os.fork() == 0: time.sleep(30); os._exit(0)\n"
HOLD_AND_FORK = HOLD.replace("    print", FORK + "    print")


def hold(home: Home, seconds: float, script: str = HOLD) -> subprocess.Popen[str]:
    """Another process that holds the home."""
    command = [sys.executable, "-c", script, str(home.path), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_the_second_one_is_told_who_holds_the_home(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    other = hold(home, 60)
    try:
        with pytest.raises(lock.Busy, match=rf"process {other.pid} of .+ on .+ since .+"), lock.exclusive(home):
            pass
    finally:
        end(other)


def test_the_second_one_waits_if_it_may(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    other = hold(home, 0.5)
    with lock.exclusive(home, wait_seconds=30) as dead:
        assert dead is None, "a holder that let go is not dead"
        assert (holder := lock.holder(home)) is not None
        assert holder.pid == os.getpid()
    assert other.wait() == 0
    assert lock.holder(home) is None


@pytest.mark.parametrize("script", [HOLD, HOLD_AND_FORK], ids=["alone", "with a child that lives on"])
def test_a_dead_holder_is_found_out_at_once(tmp_path: Path, script: str) -> None:
    home = Home(tmp_path / "home")
    other = hold(home, 60, script)
    other.kill()
    other.wait()
    try:
        before = time.monotonic()
        with lock.exclusive(home, wait_seconds=4) as dead:  # a child lets go of it as soon as it gets to run
            assert dead is not None
            assert dead.pid == other.pid
        assert time.monotonic() - before < 5
    finally:
        if script is HOLD_AND_FORK:
            os.killpg(other.pid, signal.SIGKILL)
    with lock.exclusive(home) as dead:
        assert dead is None, "the dead holder was dealt with by the one before"


def test_only_one_of_many_threads_is_inside(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    inside: list[int] = []
    seen: list[int] = []

    def refresh(number: int) -> None:
        with lock.exclusive(home, wait_seconds=60):
            inside.append(number)
            time.sleep(0.01)
            seen.append(len(inside))
            inside.remove(number)

    threads = [threading.Thread(target=refresh, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1] * 6


def test_an_error_inside_lets_go_and_passes_through(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with pytest.raises(ZeroDivisionError), lock.exclusive(home):
        _ = 1 / 0
    with pytest.raises(TimeoutError, match="mine"), lock.exclusive(home):
        raise TimeoutError("mine")
    with lock.exclusive(home) as dead:
        assert dead is None


def test_a_note_that_nobody_can_read_does_not_matter(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.make(home.path)
    home.holder.write_text('{"pid": 1')
    with lock.exclusive(home) as dead:
        assert dead is None


def test_changing_a_home_that_is_not_held_is_a_mistake_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="must be held"):
        lock.require(Home(tmp_path))
