"""`python -m benchmarks.questions RELEASE [REPEAT]`: the ten questions of docs/questions.md asked of a release's
database, each several times; milliseconds, as `highlands query` would see them once it is connected."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from benchmarks.__main__ import machine
from flows.home.manifest import DATABASE
from flows.looking.query import connect
from flows.project import ROOT

PAGE = ROOT / "docs" / "questions.md"


def main() -> None:
    """Print a row for each question."""
    release, repeat = Path(sys.argv[1]).resolve(), int((sys.argv[2:] or ["7"])[0])
    about = machine()
    print(f"{about['cpu']}, {about['cores']} cores, load {about['load'][0]:.1f}, DuckDB {about['versions']['duckdb']}")
    print(f"{'question':60} {'first':>8} {'median':>8} {'most':>8}   rows")
    for number, (title, sql) in enumerate(questions(PAGE.read_text("utf-8")), start=1):
        took, rows = [], 0
        with connect(release / DATABASE) as connection:
            for _ in range(repeat):
                began = time.perf_counter()
                rows = len(connection.execute(sql).fetchall())
                took.append(1000 * (time.perf_counter() - began))
        print(f"{number:2} {title[:57]:57} {took[0]:8.1f} {statistics.median(took):8.1f} {max(took):8.1f} {rows:6}")


def questions(page: str) -> list[tuple[str, str]]:
    """Title and SQL of every question of the page."""
    sections = page.split("\n## ")[1:]
    return [
        (section.partition("\n")[0].partition(". ")[2], section.partition("```sql\n")[2].partition("\n```")[0])
        for section in sections
    ]


if __name__ == "__main__":
    main()
