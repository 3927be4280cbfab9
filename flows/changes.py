"""CHANGES.md: what a release brings, in plain words, for the people who use its numbers.

Everything it says is read from the release itself and from its comparison with the one before; no clock, so the
same release says the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from flows.changes_layout import layout, missing
from flows.showing.terminal import number
from flows.showing.wording import Mart, Names, capped, text

FILE = "CHANGES.md"
EXAMPLES = 5
"""Restated numbers of one indicator that are spelt out."""

Changes = list[dict[str, Any]]


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
        missing(changes, mart, names) if before_id else [],
        layout(changes, mart, names) if before_id else [],
        _changed(changes, names),
        _restated(changes, mart, names),
        _withdrawn(changes, names),
        _set_aside(mart, names),
        _findings(mart, names),
        _not_read(mart),
    ]
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def _arrived(changes: Changes, before_id: str | None, mart: Mart, names: Names) -> list[str]:
    fresh = [c for c in changes if c["kind"] == "new"]
    total = sum(c["numbers"] for c in fresh)
    title = "## What came" if before_id else "## What it holds"
    if not fresh:
        return [title, "", "No new numbers."]
    of_edition: dict[str, dict[str, int]] = {}
    for change in fresh:
        tables = of_edition.setdefault(change["edition"], {})
        tables[change["table"]] = tables.get(change["table"], 0) + change["numbers"]
    editions = sorted(of_edition, key=_newest_first, reverse=True)
    titles = dict(mart("edition").lazy().select("edition", "name_zh").collect().iter_rows())
    lines = [title, "", f"{number(total)} numbers in {len(editions)} editions.", ""]
    for edition in editions:
        tables = of_edition[edition]
        listed = ", ".join(f"`{name}` ({number(count)})" for name, count in sorted(tables.items()))
        count = number(sum(tables.values()))
        lines.append(f"- **{edition}** {text(titles.get(edition))}: {count} numbers: {listed}")
    codes = sorted({c["indicator"] for c in fresh} - _known_before(changes, mart, before_id))
    if before_id and codes:
        lines += ["", "Indicators that were not there before:", ""]
        lines += capped([f"- {names.indicator(code)}" for code in codes])
    return lines


def _newest_first(edition: str) -> tuple[str, str]:
    series, _, year = edition.rpartition("/")
    return year, series


def _known_before(changes: Changes, mart: Mart, before_id: str | None) -> set[str]:
    """Indicators that have at least one number that is not new."""
    if not before_id:
        return set()
    numbers = mart("observation").lazy().filter(pl.col("value").is_not_null())
    there = numbers.group_by("indicator", "edition").len().collect()
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
    lines += capped(f"- {names.indicator(c['indicator'])} {_was_is(c, names)}, {c['edition']}" for c in revised)
    if rounded:
        lines += [
            "",
            f"{number(rounded)} numbers are the same but for their last digits: "
            "another printing shows more or fewer.",
        ]
    return lines


def _restated(changes: Changes, mart: Mart, names: Names) -> list[str]:
    """What editions that came with this release say of numbers that earlier editions printed."""
    came = sorted({c["edition"] for c in changes if c["kind"] == "new"})
    again = pl.col("to_edition").is_in(came) & pl.col("from_edition").is_not_null()
    reprints = mart("revision").lazy().filter(again).collect()
    if reprints.is_empty():
        return []
    counts = dict(reprints.group_by("kind").len().iter_rows())
    lines = ["## What was restated", ""]
    lines.append(
        f"Of {number(reprints.height)} numbers that an edition prints again after the one before,"
        f" {number(counts.get('revised', 0))} were restated, {number(counts.get('rounding', 0))} differ only by"
        f" rounding, {number(counts.get('withdrawn', 0))} are no longer printed."
    )
    for kind, says in (("revised", "restated"), ("withdrawn", "no longer printed")):
        groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        for row in reprints.filter(pl.col("kind") == kind).iter_rows(named=True):
            groups.setdefault((row["to_edition"], row["from_edition"], row["indicator"]), []).append(row)
        ordered = sorted(groups.items(), key=lambda g: (-max(map(_size, g[1])), -len(g[1]), g[0]))
        if ordered:
            lines += ["", *capped(_group(says, *place, rows, names) for place, rows in ordered)]
    return lines


def _group(says: str, to: str, before: str, code: str, rows: list[dict[str, Any]], names: Names) -> str:
    """What one edition restates of one indicator: how many numbers, and the largest by region and year."""
    rows = sorted(rows, key=lambda c: (-_size(c), c["region"], c["period"]))
    shown = "; ".join(_was_is(row, names) for row in rows[:EXAMPLES])
    more = f"; … and {number(len(rows) - EXAMPLES)} more" if len(rows) > EXAMPLES else ""
    return f"- **{to}** after {before}, {names.indicator(code)}: {number(len(rows))} {says}: {shown}{more}"


def _was_is(change: dict[str, Any], names: Names) -> str:
    old, new = change["old_value"], change["new_value"]
    where = f"{names.region(change['region'])} {change['period']}"
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
    return [
        "## What was withdrawn",
        "",
        f"{number(len(gone))} numbers that the release before had are gone:",
        "",
        *capped(f"- {names.indicator(c['indicator'])} {_was_is(c, names)}, {c['edition']}" for c in gone),
    ]


def _set_aside(mart: Mart, names: Names) -> list[str]:
    rows = mart("quarantine").lazy().filter(pl.col("cell").is_not_null()).collect()
    if rows.is_empty():
        return []
    files = dict(mart("document").lazy().select("document", "names").collect().iter_rows())
    lines = [
        "## What was set aside",
        "",
        f"{number(rows.height)} cells stand in no table until they are mended (`highlands quarantine`):",
        "",
    ]
    return lines + capped(_one_set_aside(r, files, names) for r in rows.iter_rows(named=True))


def _one_set_aside(row: dict[str, Any], files: dict[str, str], names: Names) -> str:
    where = f"{text(files.get(row['document']))}, {text(row['sheet'])} {row['cell']}"
    mend = f". Suggested: {text(row['suggestion'])}" if row["suggestion"] else ""
    return f"- {where} says “{text(row['raw'])}”{_of(row, names)}: {text(row['reason'])}{mend}"


def _of(row: dict[str, Any], names: Names) -> str:
    if not row["indicator"]:
        return ""
    return f" for {names.indicator(row['indicator'])} {names.region(row['region'])} {row['period'] or ''}".rstrip()


def _findings(mart: Mart, names: Names) -> list[str]:
    found = mart("finding").lazy().collect()
    if found.is_empty():
        return ["## What the checks found", "", "Nothing."]
    lines = ["## What the checks found"]
    for severity, says in (("error", "Errors"), ("warning", "Warnings"), ("info", "Notes")):
        rows = found.filter(pl.col("severity") == severity, ~pl.col("acknowledged"))
        if not rows.is_empty():
            lines += ["", f"### {says}: {number(rows.height)}", "", *_by_check(rows, "message", names)]
    known = found.filter("acknowledged")
    if not known.is_empty():
        lines += ["", f"### Known and explained: {number(known.height)}", "", *_by_check(known, "reason", names)]
    return lines


def _by_check(rows: pl.DataFrame, said: str, names: Names) -> list[str]:
    """A line for each check, table and edition, with what the farthest off of its findings says."""
    size = pl.col("residual").abs() / pl.col("tolerance").clip(1e-9)
    ordered = rows.with_columns(size=size.fill_null(0)).sort("size", "message", descending=[True, False])
    groups = ordered.group_by("check", "table", "edition", maintain_order=True).agg(
        pl.len(), pl.col("size", "indicator", "region", "period", said).first()
    )
    newest = groups.sort(
        "edition", "check", "size", "table", descending=[True, False, True, False], nulls_last=True
    )
    return capped(_one_check(row, said, names) for row in newest.iter_rows(named=True))


def _one_check(row: dict[str, Any], said: str, names: Names) -> str:
    where = " ".join(
        f"`{row[name]}`" if name == "table" else row[name] for name in ("edition", "table") if row[name]
    )
    place = [names.indicator(row["indicator"])] if row["indicator"] else []
    place += [names.region(row["region"])] if row["region"] else []
    place += [str(row["period"])] if row["period"] and row["region"] else []
    shown = f"{' '.join(place)}: {text(row[said])}" if place else text(row[said])
    times = f"{number(row['len'])} times, such as " if row["len"] > 1 else ""
    return f"- `{row['check']}`{' in ' + where if where else ''}: {times}{shown}"


def _not_read(mart: Mart) -> list[str]:
    not_read = pl.col("outcome").is_in(["unrecognised", "unreadable"])
    rows = mart("document").lazy().filter(not_read).sort("names", "document").collect()
    if rows.is_empty():
        return []
    return [
        "## Files that nobody knows, or that could not be read",
        "",
        *capped(
            [f"- {text(r['names'])}: {r['outcome']}: {text(r['reason'])}" for r in rows.iter_rows(named=True)]
        ),
    ]
