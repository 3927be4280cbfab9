"""Great Expectations imported, silently and without what nobody uses, and spared its most repeated work."""

from __future__ import annotations

import logging
import operator
import os
import warnings
from typing import Any

from flows.processes.later import later
from flows.validation import data_docs

DISTRIBUTIONS = ("scipy.stats", "altair")
"""What only expectations on distributions use: a third of the time that Great Expectations takes to import."""
_configured: dict[int, tuple[Any, list[Any], Any]] = {}


def warm() -> None:
    """Import Great Expectations, silently; meant for a thread beside other work."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module="great_expectations")
    later(*DISTRIBUTIONS)
    import great_expectations.expectations
    import great_expectations.render.renderer

    for name in list(logging.root.manager.loggerDict):  # some of its modules set a level of their own
        if name.startswith("great_expectations"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    _configure_once(great_expectations.expectations.Expectation)
    data_docs.environment()


def forget() -> None:
    """Let go of the configurations that were kept."""
    _configured.clear()


def _configure_once(expectation: Any) -> None:
    """Great Expectations builds an expectation's configuration anew at each of some seventy uses, a third of all
    its time: from here on once, for as long as the expectation's fields stay the same objects."""
    if expectation.configuration.fget.__name__ == "once":
        return
    build = expectation.configuration.fget

    def once(self: Any) -> Any:
        mine, fields, built = _configured.get(id(self), (None, [], None))
        now = list(self.__dict__.values())
        if mine is not self or len(fields) != len(now) or not all(map(operator.is_, fields, now)):
            built = build(self)
            _configured[id(self)] = (self, now, built)
        return built

    expectation.configuration = property(once)
