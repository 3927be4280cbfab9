"""How much damage is caught, measured small; tests/detection.py measures it with thousands of changes."""

from __future__ import annotations

from flows.steps import Run
from tests.detection import measure, warehouse


def test_changed_digits_are_reported_where_they_are(published_run: Run) -> None:
    rate = measure(warehouse(published_run), trials=120, seed=7)
    assert rate.counted > 80
    assert rate.at_row >= 0.99 * rate.counted, rate.missed
    assert rate.at_cell >= 0.99 * rate.crossing, rate.missed
