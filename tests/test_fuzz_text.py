"""What reads printed text, fuzzed a little; `python -m tests.fuzz --minutes 10` does it at length."""

from __future__ import annotations

import pytest

from tests.fuzz import PROPERTIES, check


@pytest.mark.parametrize("name", PROPERTIES)
def test_property(name: str) -> None:
    check(name)
