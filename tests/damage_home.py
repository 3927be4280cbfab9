"""What a home makes of a damaged printing among sound ones: read, put together and judged, without marts."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isclose
from typing import Any, NamedTuple

import polars as pl

from flows.declarations import Declarations
from flows.documents.collect import collect
from flows.documents.document import DocumentResult, read_document
from flows.reading import read
from tests.damage import (
    Aside,
    Found,
    Kind,
    Printing,
    ReadThrough,
    Spot,
    Unchanged,
    Unreadable,
    Unrecognised,
    Verdict,
    WithinDigits,
)
from transforms.judge import Judged, judge

SAME = ["check", "severity", "acknowledged", "table", "region", "indicator", "period", "edition", "cell", "mine"]
NUMBER = ["table", "indicator", "region", "period", "edition"]


@dataclass(frozen=True)
class Outcome:
    """Of a judged home what concerns one document: its hash, its row of the dimension, numbers and cells set aside;
    all findings, with whether they are its own (`mine`)."""

    document: str
    row: dict[str, Any]
    numbers: pl.DataFrame
    aside: pl.DataFrame
    findings: pl.DataFrame

    @classmethod
    def of(cls, document: str, documents: pl.DataFrame, judged: Judged) -> Outcome:
        mine = pl.col("document") == document
        return cls(
            document,
            documents.filter(mine).row(0, named=True),
            judged.cells.filter(mine, pl.col("role") == "value"),
            judged.quarantine.filter(mine),
            judged.findings.with_columns(mine=mine),
        )


class Pair(NamedTuple):
    """A kind of damage and the file that it is tried on."""

    kind: Kind
    file: str


@dataclass(frozen=True)
class Surroundings:
    """Sound files by name, among which some are damaged."""

    declarations: Declarations
    files: Mapping[str, bytes]
    printings: dict[str, Printing] = field(default_factory=dict)

    @cached_property
    def results(self) -> dict[str, DocumentResult]:
        return {name: self.read(data) for name, data in self.files.items()}

    @cached_property
    def sound(self) -> dict[str, Outcome]:
        """What becomes of the files when none is damaged."""
        return self.judge({})

    @cached_property
    def additive(self) -> frozenset[str]:
        return frozenset(self.declarations.indicators.filter("additive")["indicator"])

    @cached_property
    def rules(self) -> dict[str, Any]:
        return {part: self.declarations.rules(part) for part in ("identities", "plausibility", "known_errors")}

    def read(self, data: bytes) -> DocumentResult:
        return read_document(hashlib.sha256(data).hexdigest(), data, self.declarations.catalogue)

    def printing(self, name: str, seed: str) -> Printing:
        """The printing of a file, to be damaged; `seed` decides what is drawn."""
        if name not in self.printings:
            grid = read(self.files[name])
            self.printings[name] = Printing.of(grid, self.declarations.catalogue, self.additive)
        return self.printings[name].fresh(random.Random(seed))

    def judge(self, replaced: Mapping[str, bytes], beside: Iterable[bytes] = ()) -> dict[str, Outcome]:
        """What becomes of every file of the home in which some are replaced, with more files beside them."""
        results = self.results | {name: self.read(data) for name, data in replaced.items()}
        read = [*results.values(), *map(self.read, beside)]
        collected = collect([], {r.row["document"]: r for r in read}.values())
        judged = judge(
            collected.cells,
            collected.quarantine,
            self.declarations.indicators,
            self.declarations.members,
            self.rules,
            self.rules["known_errors"],
            self.declarations.corrections,
            collected.findings,
        )
        shas = {name: result.row["document"] for name, result in results.items()}
        return {name: Outcome.of(sha, collected.documents, judged) for name, sha in shas.items()}


def batches(pairs: Iterable[Pair], sharing: Iterable[frozenset[str]]) -> list[tuple[Pair, ...]]:
    """Kinds and files in batches that are judged in one home: files of a batch don't share numbers."""
    made: list[list[Pair]] = []
    apart = list(sharing)

    def fits(batch: list[Pair], pair: Pair) -> bool:
        together = any(other.file == pair.file or {other.file, pair.file} in apart for other in batch)
        return not together and not pair.kind.alone and not any(other.kind.alone for other in batch)

    for pair in pairs:
        home = next((batch for batch in made if fits(batch, pair)), None)
        if home is None:
            made.append([pair])
        else:
            home.append(pair)
    return [tuple(batch) for batch in made]


def complaints(around: Surroundings, batch: Iterable[Pair], seed: str = "") -> dict[Pair, list[str]]:
    """What is wrong with the verdicts on files that are damaged in one home; [] for the expected verdict."""
    sound: dict[str, bytes] = {}
    damaged: dict[str, bytes] = {}
    verdicts: dict[Pair, Verdict] = {}
    beside: list[bytes] = []
    for pair in batch:
        printing = around.printing(pair.file, f"{pair.kind.name}{seed}")
        if pair.kind.before:
            pair.kind.before(printing)
            sound[pair.file] = printing.save()
        result = pair.kind.damage(printing)
        damaged[pair.file], verdicts[pair] = result if isinstance(result, tuple) else (printing.save(), result)
        beside += printing.others
    before = around.judge(sound) if sound else around.sound
    after = around.judge(damaged, beside)
    return {pair: list(compare(before[pair.file], after[pair.file], verdict)) for pair, verdict in verdicts.items()}


def compare(sound: Outcome, damaged: Outcome, verdict: Verdict) -> Iterator[str]:
    """How a damaged document's outcome differs from its verdict."""
    new = damaged.findings.join(sound.findings, on=SAME, how="anti", nulls_equal=True)
    tables = pl.concat([sound.numbers, damaged.numbers]).select("table", "edition").unique()
    others = new.filter(~pl.col("mine").fill_null(False)).join(tables, on=tables.columns, how="semi")
    opened = pl.concat([new.filter("mine"), others]).filter(~pl.col("acknowledged"))
    opened = opened.filter(pl.col("check") != "table_renumbered")  # says that a number moved; that is no fault
    outcome = damaged.row["outcome"]
    expected = {Unreadable: "unreadable", Unrecognised: "unrecognised"}.get(type(verdict), "read")
    if outcome != expected:
        yield f"the document is {outcome}: {damaged.row['reason']}; found {_said(opened)}"
    match verdict:
        case Unreadable(says):
            if says.lower() not in (damaged.row["reason"] or "").lower():
                yield f"the reason is {damaged.row['reason']}"
        case Unrecognised(check, says):
            yield from _refused(damaged, opened, check, says)
        case Aside():
            yield from _set_aside(damaged, opened, verdict)
        case Found():
            yield from _found(damaged, opened, verdict)
        case ReadThrough(check):
            if check not in opened.filter(pl.col("severity") == "info")["check"].to_list():
                yield f"no {check}: {_said(opened)}"
            yield from _alike(sound, damaged, opened.filter(pl.col("severity") != "info"))
        case Unchanged(another, twice):
            yield from _alike(sound, damaged, opened, another, 2 if twice else 1)
        case WithinDigits():
            yield from _quiet(opened)
            yield from _as_many(sound, damaged)


def _refused(damaged: Outcome, opened: pl.DataFrame, check: str, says: str) -> Iterator[str]:
    if check and check not in opened.filter("mine")["check"].to_list():
        yield f"no finding of {check}: {_said(opened)}"
    if damaged.numbers.height:
        yield f"{damaged.numbers.height} numbers are in the marts all the same"
    if not damaged.row["reason"] or says not in damaged.row["reason"]:
        yield f"the reason is {damaged.row['reason']}"


def _set_aside(damaged: Outcome, opened: pl.DataFrame, verdict: Aside) -> Iterator[str]:
    aside = damaged.aside.filter(pl.col("cell").is_not_null())
    if set(aside["cell"]) != verdict.cells:
        yield f"set aside are {sorted(aside['cell'])}, not {sorted(verdict.cells)}; found {_said(opened)}"
    if verdict.suggests is not None and not all(_near(text, verdict.suggests) for text in aside["suggestion"]):
        yield f"suggested is {aside['suggestion'].to_list()}, not {verdict.suggests}"
    if not all(aside["reason"]):
        yield "no reason is given"
    errors = opened.filter(pl.col("severity") == "error")
    if verdict.checks and errors.filter(pl.col("check").is_in(list(verdict.checks))).is_empty():
        yield f"no finding of {sorted(verdict.checks)}: {_said(opened)}"
    if not verdict.checks:
        yield from _quiet(errors)


def _near(text: str | None, number: float) -> bool:
    """Whether a suggestion names a number, or one within rounding of it."""
    named = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text or "")]
    return any(isclose(n, number, rel_tol=1e-3, abs_tol=3) for n in named)


def _found(damaged: Outcome, opened: pl.DataFrame, verdict: Found) -> Iterator[str]:
    right = opened.filter(pl.col("check").is_in(list(verdict.checks)), pl.col("severity") != "info")
    for spot in verdict.spots:
        if not any(_stands(row, spot) for row in right.iter_rows(named=True)):
            yield f"nothing stands at {spot}: {_said(opened)}"
    if verdict.regions is not None:
        errors = opened.filter(pl.col("severity") == "error")
        yield from _quiet(errors.filter(~pl.col("region").is_in(list(verdict.regions)).fill_null(False)))
    missing = verdict.convicted - set(damaged.aside["cell"])
    if missing:
        yield f"not set aside: {sorted(missing)}"


def _stands(row: Mapping[str, Any], spot: Spot) -> bool:
    """Whether a finding stands at a spot. One that names no cell stands at a row."""
    return all(
        wanted is None or row[name] == wanted
        for name, wanted in (("region", spot.region), ("cell", spot.cell), ("indicator", spot.indicator))
    )


def _alike(
    sound: Outcome, damaged: Outcome, opened: pl.DataFrame, another: str | None = None, times: int = 1
) -> Iterator[str]:
    """The numbers are those of the sound document (so many times, and some of another table), nothing is set aside,
    nothing is found."""
    yield from _quiet(opened)
    before = pl.concat([sound.numbers.select(*NUMBER, "value")] * times).sort(*NUMBER, "value")
    every = damaged.numbers.select(*NUMBER, "value").sort(*NUMBER, "value")
    after = every.filter(pl.col("table") != another) if another else every
    if another and after.height == every.height:
        yield f"nothing of {another} is read"
    lost = before.join(after, on=NUMBER, how="anti", nulls_equal=True)
    gained = after.join(before, on=NUMBER, how="anti", nulls_equal=True)
    if lost.height or gained.height or before.height != after.height:
        yield f"{before.height} numbers became {after.height}: lost {lost.rows()[:3]}, new {gained.rows()[:3]}"
    elif other := [pair for pair in zip(before.rows(), after.rows(), strict=True) if not _same(*pair)]:
        yield f"{len(other)} numbers are others: {other[:3]}"
    cells = damaged.aside.filter(pl.col("cell").is_not_null()).height - sound.aside.height
    if cells:
        yield f"{cells} cells are set aside: {damaged.aside.select('cell', 'raw', 'reason').rows()[:3]}"


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether two numbers are one but for what writing a double in decimals may lose."""
    return one == other or (None not in (one[-1], other[-1]) and isclose(one[-1], other[-1], rel_tol=1e-14))


def _as_many(sound: Outcome, damaged: Outcome) -> Iterator[str]:
    if damaged.numbers.height != sound.numbers.height:
        yield f"{sound.numbers.height} numbers became {damaged.numbers.height}"


def _quiet(opened: pl.DataFrame) -> Iterator[str]:
    if opened.height:
        yield f"found without need: {_said(opened)}"


def _said(findings: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Findings, briefly."""
    message = pl.col("message").str.slice(0, 180)
    return findings.select("severity", "check", "region", "indicator", "period", "cell", message).rows()[:8]
