"""CHANGES.md: what a release brings, in plain words, for the people who use its numbers.

Everything it says is read from the release itself and from its comparison with the one before; no clock, so the
same release says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import polars as pl

from flows.terminal import clean, number

FILE = "CHANGES.md"
MOST = 15
"""Entries of a list that are spelt out; how many more there are is said."""
SETTLED = ("unchanged", "rounding")

Mart = Callable[[str], pl.DataFrame]
Changes = list[dict[str, Any]]


class Names:
    """Codes as people know them: `R&D经费内部支出`, `上海 (310000)`."""

    def __init__(self, mart: Mart) -> None:
        self.indicators = dict(mart("indicator").select("indicator", "name_zh").iter_rows())
        self.regions = dict(mart("region").select("region", "name_zh").iter_rows())

    def indicator(self, code: str | None) -> str:
        """`R&D经费内部支出 (rd_expenditure)`; the code alone where it has no name."""
        name = self.indicators.get(code or "")
        return f"{text(name)} (`{code}`)" if name else f"`{text(code)}`"

    def region(self, code: str | None) -> str:
        """`上海`; the code where it has no name."""
        return text(self.regions.get(code or "") or code)


def write(folder: Path, release_id: str, before_id: str | None, changes: Changes, mart: Mart) -> None:
    """Writes CHANGES.md into the candidate `folder`. `changes` is flows.diff.compare with the release `before_id`
    (None: there was none); `mart` gives the candidate's marts by name."""
    (folder / FILE).write_text(notes(release_id, before_id, changes, mart), encoding="utf-8")


def notes(release_id: str, before_id: str | None, changes: Changes, mart: Mart) -> str:
    """The text of CHANGES.md."""
    names = Names(mart)
    compared = f"compared with release `{before_id}`" if before_id else "the first release of this home"
    sections = [
        [f"# Release {release_id}", "", f"This is what changed, {compared}."],
        _arrived(changes, before_id, mart, names),
        _changed(changes, names),
        _restated(changes, before_id, mart, names),
        _withdrawn(changes, names),
        _set_aside(mart, names),
        _findings(mart),
        _not_read(mart),
    ]
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def text(value: Any) -> str:
    """A value as harmless Markdown: one line, no markup that a document could have brought."""
    shown = clean(value)
    for character in "\\`*_[]<>|#":
        shown = shown.replace(character, "\\" + character)
    return shown


def _arrived(changes: Changes, before_id: str | None, mart: Mart, names: Names) -> list[str]:
    fresh = [c for c in changes if c["kind"] == "new"]
    total = sum(c["numbers"] for c in fresh)
    title = "## What came" if before_id else "## What it holds"
    if not fresh:
        return [title, "", "No new numbers."]
    editions = sorted({c["edition"] for c in fresh}, key=_newest_first, reverse=True)
    titles = dict(mart("edition").select("edition", "name_zh").iter_rows())
    lines = [title, "", f"{number(total)} numbers in {len(editions)} editions.", ""]
    for edition in editions:
        own = [c for c in fresh if c["edition"] == edition]
        tables: dict[str, int] = {}
        for change in own:
            tables[change["table"]] = tables.get(change["table"], 0) + change["numbers"]
        listed = ", ".join(f"`{name}` ({number(count)})" for name, count in sorted(tables.items()))
        count = number(sum(tables.values()))
        lines.append(f"- **{edition}** {text(titles.get(edition))}: {count} numbers: {listed}")
    codes = sorted({c["indicator"] for c in fresh} - _known_before(changes, mart, before_id))
    if before_id and codes:
        lines += ["", "Indicators that were not there before:", ""]
        lines += _capped([f"- {names.indicator(code)}" for code in codes])
    return lines


def _newest_first(edition: str) -> tuple[str, str]:
    series, _, year = edition.rpartition("/")
    return year, series


def _known_before(changes: Changes, mart: Mart, before_id: str | None) -> set[str]:
    """Indicators that have at least one number that is not new."""
    if not before_id:
        return set()
    there = mart("observation").filter(pl.col("value").is_not_null()).group_by("indicator", "edition").len()
    new: dict[tuple[str, str], int] = {}
    for change in changes:
        if change["kind"] == "new":
            key = (change["indicator"], change["edition"])
            new[key] = new.get(key, 0) + change["numbers"]
    return {code for code, edition, count in there.iter_rows() if count > new.get((code, edition), 0)}


def _changed(changes: Changes, names: Names) -> list[str]:
    """Numbers of an edition that was there before and reads otherwise now: a correction, another printing."""
    revised = sorted((c for c in changes if c["kind"] == "revised"), key=_size, reverse=True)
    rounded = sum(c["kind"] == "rounding" for c in changes)
    if not revised and not rounded:
        return []
    lines = ["## What reads otherwise than before, in the same edition", ""]
    lines += _capped([f"- {_was_is(c, names)}, {c['edition']}" for c in revised])
    if rounded:
        lines += ["", f"{number(rounded)} numbers are the same but for their last digits: "
                      "another printing shows more or fewer."]
    return lines


def _restated(changes: Changes, before_id: str | None, mart: Mart, names: Names) -> list[str]:
    """What editions that came with this release say of numbers that earlier editions printed."""
    came = {c["edition"] for c in changes if c["kind"] == "new"}
    revisions = mart("revision").filter(pl.col("to_edition").is_in(sorted(came)) & pl.col("from_edition").is_not_null())
    if revisions.is_empty():
        return []
    counts = dict(revisions.group_by("kind").len().iter_rows())
    lines = ["## What was restated", "",
             f"Of {number(revisions.height)} numbers that an edition reprints from the one before, "
             f"{number(counts.get('revised', 0))} were restated, {number(counts.get('rounding', 0))} differ by "
             f"rounding only, {number(counts.get('withdrawn', 0))} are no longer printed."]
    for kind, says in (("revised", "restated"), ("withdrawn", "no longer printed")):
        rows = revisions.filter(pl.col("kind") == kind)
        if rows.is_empty():
            continue
        lines += ["", f"The largest that were {says}:" if kind == "revised" else f"What is {says}:", ""]
        ordered = sorted(rows.to_dicts(), key=lambda c: (_size(c), c["to_edition"]), reverse=True)
        lines += _capped([f"- {_was_is(c, names)}, {c['from_edition']} → {c['to_edition']}" for c in ordered])
    by_table = revisions.filter(pl.col("kind") == "revised").group_by("to_edition", "indicator").len()
    if by_table.height > 1:
        lines += ["", "Where:", ""]
        rows = sorted(by_table.iter_rows(), key=lambda r: (-r[2], r[0], r[1]))
        lines += _capped([f"- {edition}, {names.indicator(code)}: {number(count)}" for edition, code, count in rows])
    return lines


def _was_is(change: dict[str, Any], names: Names) -> str:
    old, new = change["old_value"], change["new_value"]
    where = f"{names.indicator(change['indicator'])} {names.region(change['region'])} {change['period']}"
    if new is None:
        return f"{where}: {number(old)}, now nothing"
    by = f" ({100 * (new - old) / abs(old):+.2f} %)" if old else ""
    return f"{where}: {number(old)} → {number(new)}{by}"


def _size(change: dict[str, Any]) -> float:
    """How large a change is, relative to what it was."""
    old, new = change["old_value"], change["new_value"]
    return 0.0 if new is None or old is None else abs(new - old) / max(abs(old), 1e-12)


def _withdrawn(changes: Changes, names: Names) -> list[str]:
    gone = [c for c in changes if c["kind"] == "withdrawn"]
    if not gone:
        return []
    return ["## What was withdrawn", "", f"{number(len(gone))} numbers that the release before had are gone:", "",
            *_capped([f"- {_was_is(c, names)}, {c['edition']}" for c in gone])]


def _set_aside(mart: Mart, names: Names) -> list[str]:
    rows = mart("quarantine").filter(pl.col("cell").is_not_null())
    if rows.is_empty():
        return []
    files = dict(mart("document").select("document", "names").iter_rows())
    lines = ["## What was set aside", "",
             f"{number(rows.height)} cells stand in no table until they are mended (`highlands quarantine`):", ""]
    return lines + _capped(_one_set_aside(r, files, names) for r in rows.iter_rows(named=True))


def _one_set_aside(row: dict[str, Any], files: dict[str, str], names: Names) -> str:
    where = f"{text(files.get(row['document']))}, {text(row['sheet'])} {row['cell']}"
    mend = f". Suggested: {text(row['suggestion'])}" if row["suggestion"] else ""
    return f"- {where} says “{text(row['raw'])}”{_of(row, names)}: {text(row['reason'])}{mend}"


def _of(row: dict[str, Any], names: Names) -> str:
    if not row["indicator"]:
        return ""
    return f" for {names.indicator(row['indicator'])} {names.region(row['region'])} {row['period'] or ''}".rstrip()


def _findings(mart: Mart) -> list[str]:
    found = mart("finding")
    if found.is_empty():
        return ["## What the checks found", "", "Nothing."]
    lines = ["## What the checks found"]
    for severity, says in (("error", "Errors"), ("warning", "Warnings"), ("info", "Notes")):
        rows = found.filter((pl.col("severity") == severity) & ~pl.col("acknowledged"))
        if not rows.is_empty():
            lines += ["", f"### {says}: {number(rows.height)}", "", *_by_check(rows, "message")]
    known = found.filter("acknowledged")
    if not known.is_empty():
        lines += ["", f"### Known and explained: {number(known.height)}", "", *_by_check(known, "reason")]
    return lines


def _by_check(rows: pl.DataFrame, said: str) -> list[str]:
    """A line for each check and what it says; those that say the same are counted."""
    counted = rows.group_by("check", said).len().sort(["check", "len", said], descending=[False, True, False])
    return _capped([
        f"- `{check}`: {text(message)}" + (f" ({number(count)} times)" if count > 1 else "")
        for check, message, count in counted.iter_rows()
    ])


def _not_read(mart: Mart) -> list[str]:
    rows = mart("document").filter(pl.col("outcome").is_in(["unrecognised", "unreadable"])).sort("names", "document")
    if rows.is_empty():
        return []
    return ["## Documents that were not read", "", *_capped([
        f"- {text(r['names'])}: {r['outcome']}: {text(r['reason'])}" for r in rows.iter_rows(named=True)
    ])]


def _capped(lines: Iterable[str]) -> list[str]:
    listed = list(lines)
    more = len(listed) - MOST
    return listed if more <= 1 else [*listed[:MOST], f"- … and {number(more)} more"]
