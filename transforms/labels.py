"""Rows of a recognised table with what their labels mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from transforms.catalogue import Catalogue
from transforms.grid import Sheet
from transforms.recognise import Table
from transforms.regions import Label
from transforms.tables import item_labels, year_label
from transforms.text import split_languages, squash


def labelled(sheet: Sheet, table: Table, catalogue: Catalogue) -> Iterator[tuple[int, Label, bool]]:
    """(row, label, whether it says anything but zeros) for every row with a known label or any content. A code
    printed twice keeps its first row; the second names the clash."""
    block, resolve, seen = table.block, _resolver(table, catalogue), dict[str, int]()
    repeats = table.contract.rows == "record" or any(m.column.kind == "period" for m in table.columns)
    for r in block.rows:
        printed = sheet.text(r, block.label_column)
        label = resolve(printed, _english(sheet, r, table))
        contents = {text for m in table.columns if (text := sheet.text(r, m.head.column).strip())}
        if label.code is None and not contents:
            continue
        if label.code is None and not printed.strip():
            label = Label(None, "the row has numbers and no label")
        elif label.code in seen and not repeats:
            rows = f"rows {seen[label.code] + 1} and {r + 1}"
            label = Label(None, f"“{squash(printed)}” ({label.code}) is printed twice, in {rows}")
        elif label.code is not None:
            seen[label.code] = r
        yield r, label, bool(printed.strip() or contents - {"0"})


def _english(sheet: Sheet, row: int, table: Table) -> str:
    """The English label, joined with a second line that stands alone below (`Hong Kong,` / `Macao & Taiwan`)."""
    column, labels = table.block.english_column, table.block.label_column
    if column is None:
        return ""
    text, below = sheet.text(row, column), sheet.text(row + 1, column)
    alone = below.strip() and not any(sheet.text(row + 1, c).strip() for c in range(sheet.width) if c != column)
    return f"{text} {below}" if alone and sheet.text(row, labels).strip() else text


def _resolver(table: Table, catalogue: Catalogue) -> Callable[[str, str], Label]:
    """How the row labels of a table become codes, by what its contract says a row is."""
    contract = table.contract
    if contract.rows == "cluster":
        return catalogue.clusters.resolve
    if contract.rows == "economy":
        return catalogue.economies.resolve
    if contract.rows == "record":
        return lambda zh, en: Label("CN")
    if contract.rows == "year":
        return lambda zh, en: Label(year_label(zh), None if year_label(zh) else f"“{squash(zh)}” is no year")
    if contract.rows == "item":
        known = item_labels(contract)

        def item(zh: str, en: str) -> Label:
            code = known(zh) or known(en)
            return Label(code) if code else Label(None, f"“{squash(zh)}” is no row of {contract.name}")

        return item
    own = {squash(str(label)): str(code) for label, code in contract.body.get("labels", {}).items()}

    def region(zh: str, en: str) -> Label:
        code = own.get(squash(split_languages(zh)[0]))
        return Label(code) if code else catalogue.regions.resolve(zh, en)

    return region if own else catalogue.regions.resolve
