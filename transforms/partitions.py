"""Columns of a table that add up to another column in every row, within what the printed digits allow."""

from __future__ import annotations

from transforms.grid import Value
from transforms.numbers import Number, parse

LEAST_ROWS = 5


def partitions(table: list[list[Value]], of_which: set[int]) -> list[tuple[int, list[int]]]:
    """(total, parts) for every run of neighbouring columns that adds up to the column before it, or to an earlier
    total; "of which" columns are no parts. `table` is rows of cells."""
    numbers = [[parse(value) for value in row] for row in table]
    width = len(numbers[0]) if numbers else 0
    found: list[tuple[int, list[int]]] = []
    start = 1
    while start < width:
        hit = None
        for total in range(start):
            if total in of_which:
                continue
            parts = []
            for column in range(start, width):
                if column in of_which:
                    continue
                parts.append(column)
                if len(parts) > 1 and _adds_up(numbers, total, parts):
                    hit = (total, list(parts))
            if hit:
                break
        if hit is None:
            start += 1
        else:
            found.append(hit)
            start = hit[1][-1] + 1
    return found


def _adds_up(numbers: list[list[Number | None]], total: int, parts: list[int]) -> bool:
    rows = 0
    for row in numbers:
        whole = row[total]
        terms = [row[p] for p in parts]
        if whole is None or whole.value is None or any(t is None for t in terms):
            continue
        summed = sum(t.value or 0.0 for t in terms if t)
        slack = sum(10.0**-t.decimals for t in (whole, *terms) if t) / 2 + 1e-9 * abs(whole.value)
        if abs(summed - whole.value) > slack:
            return False
        rows += whole.value != 0
    return rows >= LEAST_ROWS
