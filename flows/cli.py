"""The command line: arguments in, exit codes out. What a command does stands in the module that it calls.

Exit codes: 0 done, 1 an unexpected failure, 2 wrong usage or a path that is not there, 3 held for approval,
4 rejected by a check.
"""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from flows.command import Named, cli, command, require, say
from flows.home.folder import Home
from flows.processes.collector import uncollected
from flows.showing import show

EXIT = {"published": 0, "unchanged": 0, "held": 3, "rejected": 4}
TELEMETRY_OFF = {
    "DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "GX_ANALYTICS_ENABLED": "false",
}


def main() -> None:
    """The entry point `highlands`."""
    os.environ.update({k: v for k, v in TELEMETRY_OFF.items() if k not in os.environ})
    leaving: list[int] = []
    atexit.register(_leave, leaving)
    try:
        cli(prog_name="highlands")
    except SystemExit as stop:
        leaving.append(stop.code if isinstance(stop.code, int) else int(stop.code is not None))
        raise


def _leave(leaving: list[int]) -> None:
    """The last thing that happens, after every thread and exit hook: native libraries are not taken down piece by
    piece, which costs time and makes DuckDB's binding complain of objects that Prefect keeps."""
    if leaving:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(leaving[0])


@command("refresh")
@click.argument("paths", nargs=-1, type=Named())
@click.option("--as", "table", help="The table that the given files are, where they don't say so.")
@click.option("--year", type=int, help="The data year that the given files are of.")
@click.option("--only-raw", is_flag=True, help="Leave the inbox out.")
@click.option("--no-raw", is_flag=True, help="Leave data/raw out: the home holds just what it was given.")
@click.option("--wait", type=float, default=600, show_default=True, help="Seconds to wait for another refresh.")
def refresh(
    home: Home, as_json: bool, paths: tuple[Path, ...], table: str | None, year: int | None, only_raw: bool,
    no_raw: bool, wait: float,
) -> int:
    """Land files or folders, then ingest, conform, check, build and publish."""
    from flows.running import run_refresh

    said = run_refresh(home, list(paths), raw=not no_raw, inbox=not only_raw, wait=wait, table=table, year=year,
                       quiet=as_json)
    say(said, as_json, show.refreshed)
    return EXIT[said["outcome"]]


@command("status")
def status(home: Home, as_json: bool) -> None:
    """Current release, editions and tables in it, counts, open findings, quarantine, held candidates."""
    from flows.looking.status import status as look

    say(look(home), as_json, show.status)


@command("inspect")
@click.argument("file", type=Named())
@click.option("--contract", is_flag=True, help="Print a contract to edit for an unknown table.")
def inspect(home: Home, as_json: bool, file: Path, contract: bool) -> int:
    """What the program sees in one file, touching nothing."""
    from flows.reading import pool

    pool.begin()  # it imports its libraries while this process imports its own
    with uncollected():
        from flows.declarations import Declarations
        from flows.looking.inspecting import inspect as look

    del home
    if contract:
        from flows.looking.drafting import draft

        drafted = draft(file, Declarations())
        say(drafted, as_json, show.draft)
        return int(bool(drafted["reasons"]) and not drafted["contracts"])
    seen = look(file, Declarations())
    say(seen[0] if len(seen) == 1 else {"documents": seen}, as_json, show.inspected)
    return 0


@command("query", ignore_unknown_options=True)  # "-- a comment" is no option
@click.argument("sql")
def query(home: Home, as_json: bool, sql: str) -> None:
    """Read-only SQL on the current release."""
    from flows.looking.query import query as ask

    answer = ask(home, sql)
    say({"columns": answer.columns, "rows": answer.rows}, as_json, show.answer)


@command("explain")
@click.argument("indicator")
@click.argument("region")
@click.argument("period", type=int)
def explain(home: Home, as_json: bool, indicator: str, region: str, period: int) -> None:
    """One number, whole: every vintage, its cells, its derivation, the checks that touched it."""
    from flows.looking.explain import explain as look

    say(look(home, indicator, region, period), as_json, show.explained)


@command("diff")
@click.argument("a", required=False)
@click.argument("b", required=False)
def diff(home: Home, as_json: bool, a: str | None, b: str | None) -> None:
    """What changed between two releases; `candidate` names a held one."""
    from flows.looking.status import diff as look

    say(look(home, a, b), as_json, show.diff)


@command("approve")
@click.argument("candidate")
@click.option("--reason", required=True, help="Why it may be published; kept for good.")
def approve(home: Home, as_json: bool, candidate: str, reason: str) -> None:
    """Publish a held candidate."""
    from flows.approving import approve as publish

    require(home)
    say(publish(home, candidate, reason), as_json, show.approved)


@command("rollback")
@click.argument("release", required=False)
def rollback(home: Home, as_json: bool, release: str | None) -> None:
    """Make an earlier release, by default the previous one, the current one."""
    from flows.home import lock, releases

    require(home)
    with lock.exclusive(home, 60):
        now = releases.rollback(home, release)
    say({"release": now.id}, as_json, show.rolled_back)


@command("quarantine")
def quarantine(home: Home, as_json: bool) -> None:
    """Every cell, row and file that was set aside, why, and what would mend it."""
    from flows.looking.status import quarantine as look

    say(look(home), as_json, show.quarantine)


@command("claims")
def claims(home: Home, as_json: bool) -> None:
    """The paper's statements with their verdicts."""
    from flows.looking.status import claims as look

    say(look(home), as_json, show.claims)


@command("serve")
@click.option("--inbox", type=Named(), envvar="HIGHLANDS_INBOX", show_default="data/inbox",
              help="The folder to watch.")
@click.option("--port", type=click.IntRange(1, 65535), default=4200, show_default=True,
              help="Where Prefect's pages are, unless PREFECT_API_URL names a server.")
def serve(home: Home, as_json: bool, inbox: Path | None, port: int) -> None:
    """The scheduled deployments, a worker for them and the watch over the inbox, for a data engineer."""
    from flows.serving.serve import serve as run

    del as_json
    run(home, inbox, port)
