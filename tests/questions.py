"""docs/questions.md: its statements and answers. `python -m tests.questions` writes the answers anew, from a release
built of data/raw (or from the home that is named)."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from flows.home.folder import Home
from flows.looking.query import query
from flows.project import DATA, ROOT

PAGE = ROOT / "docs" / "questions.md"
BLOCK = re.compile(r"```sql\n(?P<sql>.*?)\n```\n(?:\n(?P<answer>(?:\|[^\n]*\n)+|No rows\.\n))?", re.DOTALL)
GROUPED = 10_000
"""Numbers from here on have their thousands apart; years stay as they are."""


def statements(text: str) -> list[tuple[str, str]]:
    """(SQL, the answer below it) of a page, in order; the answer is empty where none stands."""
    return [(match["sql"], match["answer"] or "") for match in BLOCK.finditer(text)]


def answered(home: Home, sql: str) -> str:
    """The answer of a home's current release, as a table in Markdown."""
    answer = query(home, sql)
    if not answer.rows:
        return "No rows.\n"
    numbers = [all(_is_number(row[n]) for row in answer.rows) for n in range(len(answer.columns))]
    rule = ["--:" if number else ":--" for number in numbers]
    return "".join(map(_line, [answer.columns, rule, *([_shown(v) for v in row] for row in answer.rows)]))


def renewed(text: str, home: Home) -> str:
    """The page with every answer as the home gives it."""
    return BLOCK.sub(lambda match: f"```sql\n{match['sql']}\n```\n\n{answered(home, match['sql'])}", text)


def _line(values: Iterable[str]) -> str:
    return f"| {' | '.join(values)} |\n"


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | Decimal):
        return f"{value:,.10g}" if abs(value) >= GROUPED else f"{value:.10g}"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= GROUPED else str(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Write the page's answers anew."""
    from tests.conftest import refresh

    with tempfile.TemporaryDirectory() as folder:
        home = Home(sys.argv[1] if len(sys.argv) > 1 else folder)
        if len(sys.argv) == 1:
            refresh(home, DATA / "raw")
        PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), home), encoding="utf-8")


if __name__ == "__main__":
    main()
