"""Python work in a process of its own: a second core for what holds the interpreter's lock, and a memory apart.

`Apart("flows.validation.checks")` starts a process that imports the module, calls its `warm()` if it has one, and
then calls its functions one at a time as it is asked. Arguments and answers are pickled: paths and hashes, small
frames.
"""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
from contextlib import suppress
from typing import Any

from flows.processes.collector import uncollected
from flows.processes.server import die_with_parent
from flows.project import CONTRACTS_VARIABLE, ROOT, further_contracts


class Died(OSError):
    """The process is gone: killed, out of memory, or it never started."""


class Apart:
    """A process with one module. It ends with this one, however this one ends."""

    def __init__(self, module: str, **environment: str) -> None:
        self.asked = 0
        contracts = {CONTRACTS_VARIABLE: str(folder)} if (folder := further_contracts()) else {}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flows.processes.apart", module],
            cwd=ROOT,
            env=os.environ | contracts | environment,  # it works elsewhere
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one call, no locks
        )

    @property
    def idle(self) -> bool:
        """Whether the process is there and no answer is due from it."""
        return self._process.poll() is None and not self.asked

    def ask(self, function: str, *arguments: Any) -> None:
        """Send a call; `answer` fetches what comes of it. Raises Died."""
        assert self._process.stdin
        try:
            pickle.dump((function, arguments), self._process.stdin)
            self._process.stdin.flush()
            self.asked += 1
        except (OSError, ValueError) as error:
            raise Died(f"a helping process ended: {error}") from error

    def answer(self) -> Any:
        """What the function returned; what it raised is raised here. Raises Died."""
        assert self._process.stdout
        try:
            raised, value = pickle.load(self._process.stdout)
        except (OSError, ValueError, EOFError, pickle.UnpicklingError) as error:
            raise Died(f"a helping process ended: {error!r}") from error
        self.asked -= 1
        if raised:
            raise value
        return value

    def end(self) -> None:
        """End the process now."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()


def main() -> None:
    """Answers until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    with uncollected():
        module = importlib.import_module(sys.argv[1])
        if hasattr(module, "warm"):
            module.warm()
    while True:
        try:
            function, arguments = pickle.load(sys.stdin.buffer)
        except EOFError:
            break
        pickle.dump(_answer(getattr(module, function), arguments), answers)
        answers.flush()
    os._exit(0)  # nothing to tidy up, and native libraries take their time


def _answer(function: Any, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return False, function(*arguments)
    except Exception as error:
        try:
            pickle.loads(pickle.dumps(error))
        except Exception:
            return True, RuntimeError(f"{type(error).__name__}: {error}")
        return True, error


if __name__ == "__main__":
    main()
