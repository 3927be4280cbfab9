"""What every test shares: where the published tables are, a catalogue, and homes refreshed once a session."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows import steps
from flows.declarations import DATA, ROOT, Declarations
from flows.home import candidates, lock
from flows.home.folder import Home
from flows.processes.server import server
from flows.steps import Run

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_LOGGING_TO_API_ENABLED", "false")  # a server that is gone would be waited for at the end

PUBLISHED = ROOT.parent / "shared" / "published"


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of real published tables; the test skips where it is absent."""
    if not PUBLISHED.is_dir():
        pytest.skip("../shared/published is not there: tests on real published tables are skipped")
    return PUBLISHED


@pytest.fixture(scope="session")
def truth(published: Path) -> dict[str, dict[str, str]]:
    """yearbook.csv by file name: table_family, data_year, container."""
    with (published / "yearbook.csv").open(encoding="utf-8") as stream:
        return {row["file"]: row for row in csv.DictReader(stream)}


@pytest.fixture(scope="session")
def declarations() -> Declarations:
    """The project's declarations."""
    return Declarations()


def refresh(home: Home, *paths: Path, declared: dict | None = None) -> Run:
    """A whole refresh without Prefect: the same steps in the same order."""
    run = Run(home)
    with lock.exclusive(home, 60):
        candidates.sweep(home)
        steps.land(run, paths, declared)
        if not steps.is_unchanged(run):
            steps.everything(run)
    return run


@pytest.fixture
def refreshed() -> Callable[..., Run]:
    """The function `refresh`, for tests that make homes of their own."""
    return refresh


@pytest.fixture(scope="session")
def published_run(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A home that holds every published yearbook table and bulletin."""
    home = Home(tmp_path_factory.mktemp("published"))
    return refresh(home, published / "yearbook", published / "bulletin")


@pytest.fixture(scope="session")
def raw_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A home that holds the committed sources."""
    return refresh(Home(tmp_path_factory.mktemp("raw")), DATA / "raw")


@pytest.fixture(scope="session")
def prefect_harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One Prefect server for all tests that run flows: that of a refresh, with its database prepared
    (Prefect's own harness makes a hundred migrations first)."""
    from prefect.context import refresh_global_settings_context

    with server(Home(tmp_path_factory.mktemp("prefect"))) as api:
        refresh_global_settings_context()  # not only for this thread: runners have threads of their own
        os.environ.pop("PREFECT_API_URL")  # for those who run flows in this process only
        api.ready()
        yield
    refresh_global_settings_context()
