"""What every command has: a home, people's or scripts' output, and errors turned into messages and exit codes."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from flows.home.folder import Home
from flows.project import DATA, DeclarationError
from flows.showing import show


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


def say(said: Any, as_json: bool, people: Callable[[Any], None]) -> None:
    """A command's answer: as JSON, or as `people` shows it."""
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


def require(home: Home) -> None:
    """Raises NoRelease for a home that is neither there nor in a store, before a lock makes its folder."""
    from flows.home import store
    from flows.looking.query import NoRelease

    if not home.path.is_dir() and not store.is_configured():
        raise NoRelease(home)
