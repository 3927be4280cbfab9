"""The long form of the tests of publishing: `make torture COUNT=200`, or one part with `--only`.

lines      an approval killed before every single line that it executes
publisher  a process that lands, publishes, approves, rolls back and prunes, killed COUNT times at random moments
refresh    a refresh of data/raw killed COUNT times at random moments, each time finished by another one, which
           must end in the release of an undisturbed one; and COUNT / 10 times the command as shipped, with Prefect
readers    eight processes on fresh connections through `current` while COUNT / 10 releases are published and a
           quarter as many rolled back
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from flows.home import candidates, lock, releases
from flows.home.folder import Home
from flows.home.landing import damaged
from flows.home.sealing import verify
from tests.crashes import check_after_death, die_at_lines, kill_at_a_random_moment
from tests.readers import read_while_publishing
from tests.small_releases import publish

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT / "data" / "raw"
EARLIER = ("paper", "gii")
"""The folders of data/raw that the first release is made of; the refresh that is killed adds the others."""

WITHOUT_PREFECT = """
import sys
from pathlib import Path
from flows.home import candidates, lock
from flows import steps
from flows.home.folder import Home
home = Home(sys.argv[1])
with lock.exclusive(home, 60):
    candidates.sweep(home)
    run = steps.Run(home)
    steps.land(run, [Path(path) for path in sys.argv[2:]], None)
    if not steps.is_unchanged(run):
        steps.everything(run)
"""

HIGHLANDS = "from flows.cli import main; main()"


def lines(_: int, folder: Path, __: random.Random) -> str:
    """Every line of an approval."""
    return f"died before {die_at_lines(folder, range(1, 100_000))} lines in turn"


def publisher(count: int, folder: Path, chance: random.Random) -> str:
    """Random moments of the publisher alone."""
    home = Home(folder / "home")
    with lock.exclusive(home):
        expected = publish(home, 1).id
    found: Counter[str] = Counter()
    for number in range(count):
        kill_at_a_random_moment(home, chance)
        with lock.exclusive(home) as dead:
            assert dead is not None, "the dead holder was not found out"
        found["interrupted between the journal and the swap"] += bool(releases.interrupted(home))
        found["unfinished folders"] += any(path.name.startswith(".") for path in home.candidates.iterdir())
        check_after_death(home)
        _say(number + 1, count)
    with lock.exclusive(home):
        assert publish(home, 1).id == expected
    return f"died {count} times; left behind: {dict(found)}"


def refresh(count: int, folder: Path, chance: random.Random) -> str:
    """Random moments of a whole refresh."""
    said = []
    for prefect, times in ((False, count), (True, count // 10)):
        template = Home(folder / f"template-{prefect}")
        _refresh(template, [RAW / name for name in EARLIER], prefect).wait()
        reference = _copy(template, folder / f"reference-{prefect}")
        began = time.monotonic()
        assert _refresh(reference, [RAW], prefect).wait() == 0, _log(reference).read_text()
        seconds = time.monotonic() - began
        expected = releases.current_id(reference)
        assert expected != releases.current_id(template), "the second refresh published something new"
        moments: Counter[str] = Counter()
        while (died := moments.total()) < times:
            home = _copy(template, folder / f"home-{prefect}")
            after = chance.uniform(0, seconds)
            if moment := _kill_and_finish(home, prefect, after, expected):
                moments[moment] += 1
                _say(died + 1, times)
            else:
                seconds = after  # it was through by then
            shutil.rmtree(home.path)
        how = "the command as shipped" if prefect else "the steps without Prefect"
        said.append(f"{how}: died {times} times in {seconds:.1f} s, {dict(moments)}")
    return "; ".join(said)


def _kill_and_finish(home: Home, prefect: bool, after: float, expected: str | None) -> str:
    """One death and what follows; returns in which state it left the home, "" if it was through before."""
    before = releases.current_id(home)
    process = _refresh(home, [RAW], prefect)
    time.sleep(after)
    process.kill()
    died = process.wait() == -signal.SIGKILL
    try:
        now = releases.current_id(home)
        assert now in (before, expected)
        verify(home.current.resolve())
        assert damaged(home) == {}
        assert _refresh(home, [RAW], prefect).wait() == 0, _log(home).read_text()
        assert releases.current_id(home) == expected, "the next refresh ended in another release"
        verify(home.current.resolve())
        with lock.exclusive(home) as dead:
            assert dead is None
            assert candidates.sweep(home) == []
    finally:
        _end_group(process.pid)
    return "" if not died else "before the swap" if now == before else "after the swap"


def _refresh(home: Home, paths: list[Path], prefect: bool) -> subprocess.Popen[bytes]:
    given = [str(path) for path in paths]
    command = [sys.executable, "-c", WITHOUT_PREFECT, str(home.path), *given]
    if prefect:
        command = [sys.executable, "-c", HIGHLANDS, "refresh", "--no-raw", "--home", str(home.path), *given]
    with _log(home).open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, start_new_session=True, stdout=log, stderr=log)


def _log(home: Home) -> Path:
    return home.path.with_name(f"{home.path.name}.log")


def _end_group(group: int) -> None:
    """Ends what a killed refresh left running: Prefect's server is a process of its own."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _copy(home: Home, place: Path) -> Home:
    subprocess.run(["cp", "-a", str(home.path), str(place)], check=True)
    return Home(place)


def readers(count: int, folder: Path, _: random.Random) -> str:
    """Readers while releases come and go."""
    with lock.exclusive(home := Home(folder / "home")):
        published = max(count // 10, 4)
        answers, changes = read_while_publishing(home, folder / "stop", published, published // 4)
    return f"{published} published, {published // 4} rolled back, {answers} whole answers, {changes} changes seen"


def _say(done: int, count: int) -> None:
    print(f"\r{done}/{count}", end="" if done < count else "\n", file=sys.stderr, flush=True)


def main() -> None:
    """Runs the parts; the first thing that is not as it should be ends it with its traceback."""
    parts = {part.__name__: part for part in (lines, publisher, refresh, readers)}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None, help="repeats a run's random moments")
    parser.add_argument("--only", choices=sorted(parts), action="append")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(2**32)
    print(f"seed {seed}")
    for name in options.only or parts:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            result = parts[name](options.count, Path(folder), random.Random(seed))
        print(f"{name}: {result}; no harm done ({time.monotonic() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
