"""The damage corpus: every kind of damage to a printed table gets its verdict; none crashes, none passes silently."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flows.declarations import DATA, Declarations
from tests import damage_cells, damage_files, damage_tables  # noqa: F401
from tests.damage import KINDS
from tests.damage_home import Pair, Surroundings, batches, complaints

RAW = DATA / "raw"
TABLES = {
    "activity": "st-yearbook-2022-1-07.xls",
    "activity_2020": "st-yearbook-2021-1-07.xlsx",
    "funds": "st-yearbook-2022-1-14.xls",
    "personnel": "st-yearbook-2022-1-04.xlsx",
    "intensity": "st-yearbook-2022-1-08.xls",
    "enterprises": "st-yearbook-2022-2-14.xlsx",
    "operation": "st-yearbook-2022-5-02.xls",
    "patents": "st-yearbook-2022-8-09.xlsx",
    "papers": "st-yearbook-2022-8-17.xls",
    "outflow": "st-yearbook-2022-8-36.xls",
    "value_out": "st-yearbook-2022-8-37.xlsx",
    "rounded": "st-yearbook-2022-1-07-rounded.html",
}


SHARING = [
    frozenset(pair)
    for pair in (
        ("activity", "activity_2020"),
        ("activity", "rounded"),
        ("activity", "funds"),
        ("activity_2020", "rounded"),
        ("rounded", "funds"),
        ("outflow", "value_out"),
    )
]
"""Tables that print or continue each other's numbers: one of them is damaged at a time."""
PAIRS = [Pair(kind, table) for kind in KINDS for table in kind.on]


@pytest.fixture(scope="module")
def keyed(declarations: Declarations) -> Surroundings:
    files = {name: (RAW / "yearbook" / file).read_bytes() for name, file in TABLES.items()}
    bulletin = (RAW / "bulletin" / "rd-bulletin-2021.html").read_bytes()
    return Surroundings(declarations, files | {"bulletin": bulletin})


@pytest.fixture(scope="module")
def verdicts(keyed: Surroundings) -> Callable[[Pair], list[str]]:
    """What is wrong with the verdict on a pair; the other pairs of its batch are judged along with it."""
    batch_of = {pair: batch for batch in batches(PAIRS, SHARING) for pair in batch}
    known: dict[Pair, list[str]] = {}

    def verdict(pair: Pair) -> list[str]:
        if pair not in known:
            known.update(complaints(keyed, batch_of[pair]))
        return known[pair]

    return verdict


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.kind.name} in {pair.file}")
def test_a_keyed_table(verdicts: Callable[[Pair], list[str]], pair: Pair) -> None:
    assert verdicts(pair) == []
