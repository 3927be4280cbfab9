"""An HTML page to a grid: one sheet `page`, the page's text and its tables in reading order.

Each block of text outside the data tables is a row with its text in column A; each data table's rows follow
in place, cells at their true columns. Tables that only lay out the page are walked, not gridded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree
from lxml import html as markup

from flows.reading.blanks import BREAK, EDGE, tidy
from flows.reading.decode import decode
from flows.reading.limits import check_cells, trimmed
from transforms.grid import Grid, Sheet, Unreadable, Value

BLOCKS = frozenset("""
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table tbody td tfoot th
    thead tr ul
""".split())  # noqa: SIM905
DROPPED = frozenset("""
    button canvas datalist del embed head iframe input noframes noscript object option s script select strike style
    svg template textarea title
""".split())  # noqa: SIM905
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
# A table is there for the layout when a cell holds another table, or a heading, list or form, or an article.
LAYOUT = etree.XPath(
    "boolean(.//table | .//h1 | .//h2 | .//h3 | .//ul | .//ol | .//form | .//article"
    " | .//td[count(p | div) > 8]) or @role = 'presentation' or count(.//td | .//th) < 2"
)
WIDEST_SPAN = 1000
RAISE = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

Area = tuple[int, int, int, int]
Part: TypeAlias = "str | etree._Element"


def read_html(data: bytes) -> Grid:
    """The page as one sheet. Raises Unreadable for a page that says nothing."""
    root = _parsed(CONTROL.sub("", decode(data, markup=True)))
    rows: list[list[Value]] = []
    merged: list[Area] = []
    for part in _parts(root):
        if isinstance(part, str):
            rows.append([part])
        else:
            _append_table(part, rows, merged)
    kept = trimmed(rows)
    if not kept:
        raise Unreadable("an HTML page without any text (perhaps a script draws it): save the table itself")
    check_cells(sum(map(len, kept)))
    return Grid("html", (Sheet("page", kept, tuple(merged)),))


def _parsed(text: str) -> etree._Element:
    # The text was decoded before, because a declaration in the page may belie its bytes.
    parser = markup.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)
    try:
        return markup.document_fromstring(text.encode("utf-8", errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Unreadable(f"an HTML page that cannot be parsed ({error}): fetch it again") from error


def _parts(root: etree._Element) -> Iterator[Part]:
    """The page's text blocks and data tables, in reading order."""
    pieces: list[str] = []
    for piece in _pieces(root, gridding=True):
        if isinstance(piece, str) and piece:
            pieces.append(piece)
            continue
        if (text := tidy("".join(pieces))) is not None:
            yield text
        pieces.clear()
        if not isinstance(piece, str):
            yield piece
    if (text := tidy("".join(pieces))) is not None:
        yield text


def _pieces(root: etree._Element, *, gridding: bool) -> Iterator[Part]:
    """Bits of text as they follow each other, "" at a block's edge; `gridding` yields data tables whole."""
    walk = etree.iterwalk(root, events=("start", "end", "comment"))
    for event, element in walk:
        is_block = event != "comment" and element.tag in BLOCKS and element is not root
        yield "" if is_block else EDGE
        if event != "start":
            if element is not root and element.tail:
                yield element.tail
        elif _is_dropped(element):
            walk.skip_subtree()
        elif element.tag == "sup" and (raised := "".join(element.itertext(with_tail=False)).strip()).isdecimal():
            walk.skip_subtree()
            yield raised.translate(RAISE)  # a footnote or a power, and no digit of the number before it
        elif gridding and element.tag == "table" and not LAYOUT(element):
            walk.skip_subtree()
            yield element
        else:
            if element.tag == "br":
                yield BREAK
            if element.text:
                yield element.text


def _is_dropped(element: etree._Element) -> bool:
    style = element.get("style")
    return element.tag in DROPPED or element.get("hidden") is not None or bool(style and HIDDEN.search(style))


def _append_table(table: etree._Element, rows: list[list[Value]], merged: list[Area]) -> None:
    """Adds a data table's rows; a cell's value stands in its top left place, its span in `merged`."""
    for caption in table.iterchildren("caption"):
        if (text := _text(caption)) is not None:
            rows.append([text])
    lines = [line for line in table.iter("tr") if not _is_dropped(line)]
    taken_until: list[int] = []  # for each column, the first row below the cell that reaches down into it
    first, cells = len(rows), 0
    for number, line in enumerate(lines):
        row: list[Value] = []
        column = 0
        for cell in line.iterchildren("td", "th"):
            if _is_dropped(cell):
                continue
            while column < len(taken_until) and taken_until[column] > number:
                column += 1
            across = min(_span(cell, "colspan") or 1, WIDEST_SPAN)
            down = min(_span(cell, "rowspan") or len(lines), len(lines) - number)
            cells += across
            check_cells(cells)
            taken_until += [0] * (column + across - len(taken_until))
            taken_until[column : column + across] = [number + down] * across
            row += [None] * (column + across - len(row))
            row[column] = _text(cell)
            if across > 1 or down > 1:
                merged.append((first + number, column, first + number + down - 1, column + across - 1))
            column += across
        rows.append(row)


def _text(element: etree._Element) -> str | None:
    return tidy("".join(str(piece) or BREAK for piece in _pieces(element, gridding=False)))


def _span(cell: etree._Element, name: str) -> int:
    stated = re.match(r"\s*(\d{1,6})", cell.get(name) or "1")
    return int(stated[1]) if stated else 1
