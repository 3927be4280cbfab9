"""The command line: arguments in, exit codes out. What a command does stands in the module that it calls.

Exit codes: 0 done, 1 an unexpected failure, 2 wrong usage or a path that is not there, 3 held for approval,
4 rejected by a check.
"""

from __future__ import annotations

import atexit
import json
import math
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

import click

from flows.home.folder import Home
from flows.processes.collector import uncollected
from flows.project import DATA, DeclarationError
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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Regional science and technology statistics, from published tables to checked marts."""


class Named(click.Path):
    """A file or folder that has a name: an empty one, as a variable of the shell that is not set gives, would be the
    folder that one happens to be in."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value):
            self.fail("the name is empty: say which file or folder is meant", param, ctx)
        return super().convert(value, param, ctx)


def command(name: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A command with the options that all have, and errors turned into messages and exit codes."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @cli.command(name, help=function.__doc__, context_settings=settings)
        @click.option("--home", envvar="HIGHLANDS_HOME", type=Named(),
                      default=DATA / "warehouse", show_default="data/warehouse", help="The home to work in.")
        @click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
        @wraps(function)
        def run(home: Path, as_json: bool, **arguments: Any) -> None:
            sys.exit(_guarded(function, Home(home), as_json, arguments))

        return run

    return decorate


def _guarded(function: Callable[..., Any], home: Home, as_json: bool, arguments: dict[str, Any]) -> int:
    from flows.home.candidates import Refused
    from flows.home.durable import HomeError
    from flows.home.lock import Busy
    from flows.home.releases import Unknown
    from flows.home.sealing import Broken
    from flows.looking.query import NoRelease, QueryError

    try:
        return int(function(home, as_json, **arguments) or 0)
    except (FileNotFoundError, NoRelease, QueryError, Unknown, DeclarationError, Refused, click.UsageError) as error:
        return _fail(error, as_json, 2)
    except (HomeError, Busy, Broken, OSError, MemoryError) as error:
        return _fail(error, as_json, 1)
    except KeyboardInterrupt:
        return _fail(RuntimeError("interrupted: nothing was published"), as_json, 1)
    except Exception as error:
        if os.environ.get("HIGHLANDS_DEBUG"):
            raise
        return _fail(error, as_json, 1)


def _fail(error: BaseException, as_json: bool, code: int) -> int:
    text = error.format_message() if isinstance(error, click.ClickException) else str(error) or repr(error)
    if as_json:
        click.echo(json.dumps({"error": text, "exit": code}, ensure_ascii=False))
    show.error(text)
    return code


def _say(said: Any, as_json: bool, people: Callable[[Any], None]) -> None:
    try:
        if as_json:
            click.echo(_json(said))
        else:
            people(said)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has seen enough, as `head` has: what was done is done
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _json(said: Any) -> str:
    """As JSON, which knows neither infinity nor what is not a number: they are null."""
    try:
        return json.dumps(said, ensure_ascii=False, default=str, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(said), ensure_ascii=False, default=str)


def _finite(said: Any) -> Any:
    if isinstance(said, dict):
        return {key: _finite(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [_finite(value) for value in said]
    return None if isinstance(said, float) and not math.isfinite(said) else said


def _require(home: Home) -> None:
    """Raises NoRelease for a home that is not there, before a lock makes its folder."""
    from flows.looking.query import NoRelease

    if not home.path.is_dir():
        raise NoRelease(home)


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
    _say(said, as_json, show.refreshed)
    return EXIT[said["outcome"]]


@command("status")
def status(home: Home, as_json: bool) -> None:
    """Current release, editions and tables in it, counts, open findings, quarantine, held candidates."""
    from flows.looking.status import status as look

    _say(look(home), as_json, show.status)


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
        _say(drafted, as_json, show.draft)
        return int(bool(drafted["reasons"]) and not drafted["contracts"])
    seen = look(file, Declarations())
    _say(seen[0] if len(seen) == 1 else {"documents": seen}, as_json, show.inspected)
    return 0


@command("query", ignore_unknown_options=True)  # "-- a comment" is no option
@click.argument("sql")
def query(home: Home, as_json: bool, sql: str) -> None:
    """Read-only SQL on the current release."""
    from flows.looking.query import query as ask

    answer = ask(home, sql)
    _say({"columns": answer.columns, "rows": answer.rows}, as_json, show.answer)


@command("explain")
@click.argument("indicator")
@click.argument("region")
@click.argument("period", type=int)
def explain(home: Home, as_json: bool, indicator: str, region: str, period: int) -> None:
    """One number, whole: every vintage, its cells, its derivation, the checks that touched it."""
    from flows.looking.explain import explain as look

    _say(look(home, indicator, region, period), as_json, show.explained)


@command("diff")
@click.argument("a", required=False)
@click.argument("b", required=False)
def diff(home: Home, as_json: bool, a: str | None, b: str | None) -> None:
    """What changed between two releases; `candidate` names a held one."""
    from flows.looking.status import diff as look

    _say(look(home, a, b), as_json, show.diff)


@command("approve")
@click.argument("candidate")
@click.option("--reason", required=True, help="Why it may be published; kept for good.")
def approve(home: Home, as_json: bool, candidate: str, reason: str) -> None:
    """Publish a held candidate."""
    from flows.approving import approve as publish

    _require(home)
    _say(publish(home, candidate, reason), as_json, show.approved)


@command("rollback")
@click.argument("release", required=False)
def rollback(home: Home, as_json: bool, release: str | None) -> None:
    """Make an earlier release, by default the previous one, the current one."""
    from flows.home import lock, releases

    _require(home)
    with lock.exclusive(home, 60):
        now = releases.rollback(home, release)
    _say({"release": now.id}, as_json, show.rolled_back)


@command("quarantine")
def quarantine(home: Home, as_json: bool) -> None:
    """Every cell, row and file that was set aside, why, and what would mend it."""
    from flows.looking.status import quarantine as look

    _say(look(home), as_json, show.quarantine)


@command("claims")
def claims(home: Home, as_json: bool) -> None:
    """The paper's statements with their verdicts."""
    from flows.looking.status import claims as look

    _say(look(home), as_json, show.claims)


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
