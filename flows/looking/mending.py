"""For a known table with a changed head or title: the line of its contract to change, as a patch."""

from __future__ import annotations

import re
from difflib import unified_diff
from pathlib import Path
from typing import Any

from transforms.contracts import LATEST, Column, head_zh, title_key
from transforms.recognise import Failure, Problem
from transforms.text import similar, split_languages

_ZH = re.compile(r"(?P<key>\bzh: )(?P<value>\{[^}]*\}|\[[^\]]*\]|\"[^\"]*\"|[^,}\n]+)")


def patch(failure: Failure, path: Path, year: int | None) -> str | None:
    """A unified diff of the contract at `path` that would let the failed table through, or None when no single
    spelling explains the failure. A head keeps its old spelling for earlier data years."""
    if failure.contract is None:
        return None
    before = path.read_text(encoding="utf-8").splitlines(keepends=True)
    after = list(before)
    for problem in failure.problems:
        if problem.check == "title_changed" and problem.found:
            _edit(after, lambda line: line.startswith("zh:"), title_key(problem.found), None)
    for column, found in _renamed(failure):
        indicator = column.indicator
        _edit(after, lambda line, code=indicator: _is_column(line, code), found, year)
    if after == before:
        return None
    return "".join(unified_diff(before, after, f"a/{path.name}", f"b/{path.name}", n=1))


def _is_column(line: str, indicator: str) -> bool:
    return re.search(rf"indicator: \"?{re.escape(indicator)}\"?\s*(?:,|\}}|$)", line.rstrip()) is not None


def _renamed(failure: Failure) -> list[tuple[Column, str]]:
    """Missing columns with the extra heads that are most like them, one each."""
    assert failure.contract
    layout = failure.contract.at(None)
    columns = {c.printed: c for c in layout.columns}
    missing = [
        columns[p.expected] for p in failure.problems if p.check == "head_missing" and p.expected in columns
    ]
    extra = [_chinese(p) for p in failure.problems if p.check == "head_extra" and p.found]
    pairs = []
    for column in missing:
        if not extra:
            break
        best = max(extra, key=lambda text: max((similar(head_zh(text), form) for form in column.zh), default=0.0))
        extra.remove(best)
        pairs.append((column, best))
    return pairs


def _chinese(problem: Problem) -> str:
    zh, _ = split_languages(problem.found or "")
    return re.sub(r"[#\s]", "", re.sub(r"[(（][^()（）]*[)）]", "", zh))


def _edit(lines: list[str], is_line: Any, spelling: str, year: int | None) -> None:
    """Change the `zh:` of the line found (or of one of the two lines below it, for a column in block style)."""
    for n, line in enumerate(lines):
        if not is_line(line):
            continue
        for k in range(n, min(n + 3, len(lines))):
            found = _ZH.search(lines[k])
            if found:
                value = _with(found["value"].strip(), spelling, year)
                lines[k] = lines[k][: found.start("value")] + value + lines[k][found.end("value") :]
                return


def _with(value: str, spelling: str, year: int | None) -> str:
    if value.startswith("{") and year:
        return f"{value[:-1]}, {year}: {spelling}}}"
    if value.startswith("["):
        return f"{value[:-1]}, {spelling}]"
    return f"{{0: {value}, {year}: {spelling}}}" if year and year != LATEST else f"[{value}, {spelling}]"
