"""Fuzzing of what reads printed text: numbers, units, labels, heads, titles, tables, documents and their judgement.

    python -m tests.fuzz --minutes 10

tries every property below with new seeds until the time is up, and every kind of damage on every table with other
draws; tests/test_fuzz_text.py tries each property a little. Any exception but the declared ones (Unreadable,
UnitMismatch) is a failure, and so is any verdict but the expected one.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from math import isfinite
from typing import Any

import hypothesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.declarations import DATA, Declarations
from flows.documents.document import DocumentResult, read_document
from flows.reading.here import read_here
from tests import workbooks
from tests.damage import KINDS
from tests.damage_home import Pair, Surroundings, batches, complaints
from transforms.column_units import UnitMismatch
from transforms.conform import Reading, conform
from transforms.contracts import head_en, head_zh, title_key
from transforms.grid import Grid, Sheet, Unreadable, Value, a1
from transforms.layout import Head
from transforms.nearest import nearest
from transforms.numbers import parse
from transforms.recognise import eras, match_heads
from transforms.tables import find_tables
from transforms.text import latin, split_languages, squash
from transforms.titles import years_in

SIGNS = "0123456789.,-+ %()（）[]【】#:：;；/*'\"=<>&\\\n\t\u3000\u00a0\u2009\u200b\ufeff"
ODD = "０９．，－＋①⑳²³⁻₁㈠…—−‰٣Ⅷ½\ud800\u0301\u202e"
WORDS = (
    "单位：万元", "单位:个，亿元", "(10 000 yuan)", "(%)", "全 国", "北    京", "北京\nBeijing", "Beijing", "国外",
    "东部地区", "Eastern Region", "地 区", "Region", "R&D经费\n内部支出\nTotal", "#研究人员", "基础研究", "Basic",
    "企业数(个)", "篇 数(篇)", "SCI", "位 次", "2019", "2021年", "合计", "其他", "续表", "Continued", "注：", "Foreign",
    "1-7 各地区研究与试验发展(R&D)经费内部支出(2021年)", "1-8 各地区研究与试验发展(R&D)经费投入强度",
    "8-9 国内三种专利有效数按地区分布(2021年)", "Three Kinds of Domestic Patent in Force by Region(2021)",
    "5-2 各地区高技术产业生产经营情况(2015年)", "8-36 技术市场技术输出地域(合同数)", "Rank", "Cluster",
)  # fmt: skip
texts = st.one_of(
    st.text(st.sampled_from(SIGNS + ODD), max_size=20),
    st.text(max_size=12),
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map("\n".join),
    st.builds(lambda a, b: a + b, st.sampled_from(WORDS), st.text(st.sampled_from(SIGNS + ODD), max_size=4)),
)
# No reader lets half a surrogate pair through, so that no cell holds one.
values: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    texts.map(lambda text: text.replace("\ud800", "")),
    st.floats(),
    st.integers(-(10**6), 10**9).map(float),
    st.integers(0, 10**9).map(str),
)
areas = st.builds(
    lambda top, left, down, right: (top, left, top + down, left + right), *[st.integers(0, 9) for _ in range(4)]
)
small_sheets = st.builds(
    lambda rows, merged: Sheet("s", tuple(map(tuple, rows)), tuple(merged)),
    st.lists(st.lists(values, max_size=7), max_size=14),
    st.lists(areas, max_size=3),
)


@cache
def declared() -> Declarations:
    return Declarations()


@cache
def printed() -> dict[str, tuple[str, Sheet]]:
    """Container and first sheet of every keyed source."""
    found: dict[str, tuple[str, Sheet]] = {}
    for file in sorted((DATA / "raw").rglob("*.*")):
        if file.suffix != ".yml":
            grid = read_here(file.read_bytes())
            found[file.name] = grid.container, grid.sheets[0]
    return found


def numbers(value: Value) -> None:
    """A cell is a number within bounds, a symbol, a blank, or nothing of the grammar."""
    number = parse(value)
    if number is None:
        return
    assert number.status in ("A", "N", "O")
    assert 0 <= number.decimals <= 20
    assert number.value is None or (isfinite(number.value) and abs(number.value) < 1e18)
    if isinstance(value, str) and number.value:
        folded = "".join(c for c in squash(value) if c.isdigit())
        assert folded, value


def units(text: str) -> None:
    """A text states units or none."""
    known = declared().catalogue.units
    for found in (known.of_line(text), known.parse(text), known.in_brackets(text)):
        assert all(unit.code in known.by_code for unit in found)


def labels(pair: tuple[str, str]) -> None:
    """A label is a known code, or a problem in words."""
    catalogue = declared().catalogue
    for resolve in (catalogue.regions.resolve, catalogue.economies.resolve, catalogue.clusters.resolve):
        label = resolve(*pair)
        assert bool(label.code) != bool(label.problem)


def normal_forms(text: str) -> None:
    """Texts have normal forms; languages are split without loss."""
    zh, en = split_languages(text)
    assert zh + en == text or (zh, en) == (text, text)
    assert not any(c.isspace() for form in (squash, head_zh, title_key) for c in form(text))
    for form in (latin, head_en):
        assert form(form(text)) == form(text), text
    assert all(1900 <= year < 2100 for year in years_in(text))


def heads(drawn: tuple[list[tuple[list[str], list[str]]], int]) -> None:
    """Heads are matched to a contract, or the problems say where they don't fit."""
    parts, turn = drawn
    contracts = list(declared().catalogue.contracts.values())
    contract = contracts[turn % len(contracts)]
    made = [Head(c, 3, tuple(own), tuple(above)) for c, (own, above) in enumerate(parts, 2)]
    for year in eras(contract):
        matched, problems = match_heads(made, contract, year)
        assert len({m.head.column for m in matched}) == len(matched)
        assert all(p.message and p.severity in ("error", "warning", "info") for p in problems)


def conformed(sheet: Sheet, container: str = "xlsx") -> None:
    """What a sheet holds is read, set aside or refused; nothing is read twice, or from elsewhere."""
    catalogue = declared().catalogue
    found = find_tables(sheet, catalogue)
    assert all(p.message for f in found.failures for p in f.problems)
    for tables in [found.tables, *([table] for options in found.candidates for table in options)]:
        reading = Reading("d")
        for table in tables:
            try:
                conform(reading, sheet, table, catalogue, container)
            except UnitMismatch as mismatch:
                assert mismatch.problem.message
        reading.frames()
        _accounted(reading, sheet)
    nearest(Grid(container, (sheet,)), catalogue)


def _accounted(reading: Reading, sheet: Sheet) -> None:
    there = {a1(r, c): sheet.text(r, c) for r, row in enumerate(sheet.rows) for c in range(len(row))}
    read = [c for c in reading.cells if c["role"] == "value"]
    assert all(there.get(c["cell"], "") == c["raw"] for c in [*read, *reading.quarantine])
    assert not {c["cell"] for c in read} & {q["cell"] for q in reading.quarantine}
    assert all(q["reason"] for q in reading.quarantine)
    once = Counter((c["table"], c["cell"], c["edition"]) for c in read)
    assert all(n == 1 for n in once.values()), once.most_common(3)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, Sheet]:
    """A keyed sheet with some of its cells, rows, columns and merged areas changed."""
    container, sheet = printed()[draw(st.sampled_from(sorted(printed())))]
    rows = [[*row, *[None] * (sheet.width - len(row))] for row in sheet.rows]
    merged = list(sheet.merged)
    for _ in range(draw(st.integers(1, 6))):
        r, c = draw(st.integers(0, len(rows) - 1)), draw(st.integers(0, max(len(rows[0]) - 1, 0)))
        other, change = draw(st.integers(0, len(rows) - 1)), draw(st.integers(0, 8))
        if change <= 2:
            rows[r][c : c + 1] = [draw(values)]
        elif change == 3:
            rows[r], rows[other] = rows[other], rows[r]
        elif change == 4:
            rows.insert(other, list(rows[r]))
        elif change == 5 and len(rows) > 1:
            del rows[r]
        elif change == 6:
            for row in rows:
                row.insert(c, row[c] if c < len(row) else None)
        elif change == 7:
            for row in rows:
                del row[c : c + 1]
        else:
            merged = [*merged[1:], draw(areas)]
        if not rows[0]:
            break
    return container, Sheet(sheet.name, tuple(map(tuple, rows)), tuple(merged))


def mutations(drawn: tuple[str, Sheet]) -> None:
    """A changed table is read, set aside or refused, too."""
    conformed(drawn[1], drawn[0])


def documents(drawn: tuple[tuple[str, Sheet], int]) -> None:
    """The bytes of a changed table, cut anywhere, are a document of one of four outcomes."""
    (_, sheet), end = drawn
    data = workbooks.csv_bytes(sheet.rows, "utf-8-sig" if end % 2 else "gb18030", errors="replace")
    _result(data if end > 3000 else data[: end % max(len(data), 1)])


def _result(data: bytes) -> DocumentResult:
    result = read_document("d" * 64, data, declared().catalogue)
    assert result.row["outcome"] in ("read", "unrecognised", "unreadable")
    assert result.row["outcome"] == "read" or result.row["reason"]
    return result


@cache
def _around() -> Surroundings:
    names = ("st-yearbook-2021-1-07.xlsx", "st-yearbook-2022-1-07.xls", "st-yearbook-2022-1-14.xls")
    files = {name: (DATA / "raw" / "yearbook" / name).read_bytes() for name in names}
    return Surroundings(declared(), files)


def judgements(drawn: tuple[str, Sheet]) -> None:
    """A home with a changed table is judged: findings in words, and no cell both in the marts and set aside."""
    sheet = drawn[1]
    data = workbooks.csv_bytes(sheet.rows, errors="replace")
    outcome = _around().judge({"damaged": data})["damaged"]
    assert all(outcome.findings["message"])
    assert not set(outcome.numbers.drop_nulls("value")["cell"]) & set(outcome.aside["cell"])


def readers(drawn: tuple[str, list[tuple[int, bytes]]]) -> None:
    """Changed bytes of a file are a grid or unreadable."""
    name, changes = drawn
    file = next((DATA / "raw").rglob(name))
    data = bytearray(file.read_bytes())
    for at, piece in changes:
        spot = at % len(data)
        data[spot : spot + len(piece)] = piece
    try:
        grid = read_here(bytes(data))
    except Unreadable as reason:
        assert str(reason)
        return
    assert grid.sheets


Property = tuple[Callable[[Any], None], Callable[[], st.SearchStrategy[Any]], int]
PROPERTIES: dict[str, Property] = {
    "numbers": (numbers, lambda: values, 300),
    "units": (units, lambda: texts, 200),
    "labels": (labels, lambda: st.tuples(texts, texts), 150),
    "normal forms": (normal_forms, lambda: texts, 300),
    "heads": (
        heads,
        lambda: st.tuples(
            st.lists(st.tuples(st.lists(texts, max_size=3), st.lists(texts, max_size=2)), max_size=6),
            st.integers(0, 1000),
        ),
        100,
    ),
    "sheets": (conformed, lambda: small_sheets, 120),
    "mutations": (mutations, mutated, 60),
    "documents": (documents, lambda: st.tuples(mutated(), st.integers(0, 6000)), 25),
    "judgements": (judgements, mutated, 6),
    "readers": (
        readers,
        lambda: st.tuples(
            st.sampled_from(sorted(printed())),
            st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6),
        ),
        20,
    ),
}
"""What must hold, of what, and how many examples the test suite tries."""


def check(name: str, examples: int | None = None, seed: int | None = None) -> None:
    """Try a property; the same examples each time unless a seed is given."""
    holds, strategy, few = PROPERTIES[name]

    def once(drawn: Any) -> None:
        holds(drawn)

    test = settings(
        max_examples=examples or few,
        deadline=None,
        database=None,
        derandomize=seed is None,
        suppress_health_check=list(HealthCheck),
    )(given(strategy())(once))
    (hypothesis.seed(seed)(test) if seed is not None else test)()


def damage(seed: int) -> Iterator[tuple[int, str]]:
    """Every kind of damage on every table, other cells than the suite draws: pairs tried, and what is wrong."""
    from tests.test_damage import SHARING, keyed_files

    around = Surroundings(declared(), keyed_files())
    for batch in batches((Pair(kind, table) for kind in KINDS for table in kind.on), SHARING):
        wrong = complaints(around, batch, str(seed))
        yield len(batch), "\n".join(
            f"{pair.kind.name} in {pair.file}: {text}" for pair, said in wrong.items() for text in said
        )


def main() -> None:
    """Every property with new seeds until the time is up; exit code 1 if any failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    end, tried, failed, seed = time.monotonic() + asked.minutes * 60, Counter[str](), 0, asked.seed
    kinds = damage(seed)
    while time.monotonic() < end:
        seed += 1
        for name in PROPERTIES:
            examples = PROPERTIES[name][2] * 3
            try:
                check(name, examples, seed)
            except Exception:
                failed += 1
                print(f"{name} failed with seed {seed}:\n{traceback.format_exc()}", flush=True)
            tried[name] += examples
        for pairs, wrong in islice(kinds, 20):
            tried["kinds of damage"] += pairs
            failed += bool(wrong)
            print(wrong, end="\n" if wrong else "", flush=True)
    print("; ".join(f"{name}: {count}" for name, count in tried.items()), f"examples tried, {failed} failures")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
