"""Text for people on a terminal: tables that line up, numbers, colour where there is a terminal for it.

Nothing here imports rich before something is printed. Whatever comes from a document goes through `clean`: a cell
can neither colour, move nor retitle the terminal that shows it.
"""

from __future__ import annotations

import math
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

STYLES = {
    "published": "bold green", "unchanged": "bold green", "held": "bold yellow", "rejected": "bold red",
    "read": "green", "duplicate": "dim", "unrecognised": "yellow", "unreadable": "red", "not taken": "red",
    "confirmed": "green", "confirmed_with_caveat": "yellow", "contradicted": "red", "not_testable": "dim",
    "error": "red", "warning": "yellow", "info": "dim", "known": "cyan",
}  # fmt: skip
"""What has an outcome has its colour."""
MOST = 25
"""Rows of a long list that are shown; the rest is counted."""
HARMFUL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
PLAIN_WIDTH = 1_000_000
"""Nothing is wrapped or cropped where no terminal is: the next program gets whole lines."""
MOST_STYLED = 2_000
"""Rows that a table is laid out for with care; longer ones are printed line by line."""


def clean(value: Any) -> str:
    """A value as text of one line without control characters; None is empty."""
    text = "" if value is None else str(value)
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in "\r\n\t":
        return " "
    if unicodedata.category(character) in HARMFUL:
        return character.encode("unicode_escape").decode()
    return character


def number(value: float | int | None, grouped: bool = True) -> str:
    """A number as people read it: at most twelve digits, no exponent; empty for None."""
    if value is None:
        return ""
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        value = Decimal(f"{value:.12g}")  # type: ignore[assignment]
    return (
        format(value, ",f" if grouped else "f")
        if isinstance(value, Decimal)
        else f"{value:{',' if grouped else ''}}"
    )


def console(stderr: bool = False) -> Console:
    """Where people read: markup, emoji and highlighting off, as wide as the terminal."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")  # a name that the locale cannot show is no reason to fail
    wide = None if stream.isatty() else PLAIN_WIDTH
    made = Console(file=stream, markup=False, emoji=False, highlight=False, width=wide, soft_wrap=wide is not None)
    made.on_broken_pipe = _passed_on  # type: ignore[method-assign]
    return made


def _passed_on() -> None:
    """Rich would end the program as failed; the command line knows better what became of it."""
    raise BrokenPipeError


def say(*parts: str | tuple[str, str], stderr: bool = False, hang: int = 0) -> None:
    """One line from plain texts and (text, style) pairs; what doesn't fit on it goes on further in, at `hang`."""
    out, text = console(stderr), line(*parts)
    hang = hang or len(text.plain) - len(text.plain.lstrip()) + 4
    if not out.is_terminal or text.cell_len <= out.width or out.width <= 2 * hang:
        out.print(text)
        return
    first, *others = text.wrap(out, out.width - hang)
    out.print(first)
    for other in others:
        out.print(line(" " * hang) + other)


def line(*parts: str | tuple[str, str]) -> Text:
    """Plain texts and (text, style) pairs as one text."""
    from rich.text import Text

    made = Text()
    for part in parts:
        text, style = (part, "") if isinstance(part, str) else part
        made.append(clean(text) if text.strip() else text, style=style or None)
    return made


def counted(what: str, counts: dict[str, int]) -> None:
    """One line of counts; those that are nought are left out."""
    parts: list[str | tuple[str, str]] = [f"{what:<12}  "]
    for name, count in counts.items():
        if count:
            parts.append((f"{number(count)} {name}", STYLES.get(name, "")))
            parts.append("   ")
    say(*parts[:-1] if len(parts) > 1 else (f"{what:<12}  none",))


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    styles: Sequence[str] | None = None,
    grouped: bool = True,
    title: str = "",
    indent: int = 0,
) -> None:
    """Rows under heads; columns of numbers to the right. `styles` colours rows. Prints nothing for no rows unless
    there is no title (then the heads alone)."""
    filled = [list(row) for row in rows]
    if title and not filled:
        return
    right = [_is_numeric(row[n] for row in filled) for n in range(len(columns))]
    texts = [[_text(value, grouped) for value in row] for row in filled]
    out = console()
    if title:
        out.print()
        out.print(line((title, "bold")))
    if out.is_terminal and len(texts) <= MOST_STYLED:
        out.print(_styled(columns, texts, right, styles, indent))
    else:
        _plain(columns, texts, right, indent)


def _text(value: Any, grouped: bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return number(value, grouped)  # type: ignore[arg-type]
    return clean(value)


def _is_numeric(values: Iterable[Any]) -> bool:
    seen = {isinstance(v, int | float | Decimal) and not isinstance(v, bool) for v in values if v is not None}
    return seen == {True}


def _styled(
    columns: Sequence[str], rows: list[list[str]], right: list[bool], styles: Sequence[str] | None, indent: int
) -> Any:
    from rich import box
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold cyan", show_edge=False)
    for name, is_number in zip(columns, right, strict=True):
        made.add_column(
            Text(clean(name)), justify="right" if is_number else "left", no_wrap=is_number, overflow="fold"
        )
    for n, row in enumerate(rows):
        made.add_row(*(Text(text) for text in row), style=styles[n] if styles else None)
    return Padding(made, (0, 0, 0, indent)) if indent else made


def _plain(columns: Sequence[str], rows: list[list[str]], right: list[bool], indent: int) -> None:
    """Aligned by the width that Chinese has on a terminal, one line a row, nothing cropped."""
    from rich.cells import cell_len

    heads = [clean(name) for name in columns]
    widths = [max([cell_len(h), *(cell_len(row[n]) for row in rows)]) for n, h in enumerate(heads)]
    write = sys.stdout.write
    for row in [heads, ["-" * width for width in widths], *rows]:
        cells = []
        for text, width, is_number in zip(row, widths, right, strict=True):
            gap = " " * (width - cell_len(text))
            cells.append(gap + text if is_number else text + gap)
        write(" " * indent + "  ".join(cells).rstrip() + "\n")
