"""`python -m benchmarks.archive FOLDER TIMES [FILES]`: a larger archive of distinct documents, for measuring.

Copy k of a real workbook is the same table in volume k of an invented yearbook, as its title says. The numbers stay
what they are: times anything, they would no longer add up within their last digits. FOLDER/contracts has the
contracts of the volumes (name it in HIGHLANDS_CONTRACTS), FOLDER/files the workbooks, as plain xlsx. Volume 0 is real.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook

from flows.declarations import DATA, Declarations
from flows.reading import read
from transforms.contracts import title_key
from transforms.grid import Grid, Unreadable, Value
from transforms.text import has_cjk, latin, split_languages

TITLE = re.compile(r"^(\s*(?:[0-9]+(?:[-–—][0-9]+)+)?\s*)(.*)$", re.DOTALL)


def main() -> None:
    """Write the archive; prints how many workbooks it has."""
    out, times = Path(sys.argv[1]), int(sys.argv[2])
    source = Path(sys.argv[3]) if len(sys.argv) > 3 else DATA.parent.parent / "shared" / "published" / "yearbook"
    print(make(sorted(file for file in source.iterdir() if file.is_file()), out, times))


def make(files: list[Path], out: Path, times: int) -> int:
    """`times` volumes of every workbook among `files`; how many were written."""
    catalogue = Declarations().catalogue
    titles = frozenset(title for contract in catalogue.contracts.values() for title in contract.titles)
    for folder in (out / "files", out / "contracts"):
        folder.mkdir(parents=True, exist_ok=True)
    for contract in catalogue.contracts.values():
        for volume in range(1, times) if contract.series == "st-yearbook" else ():
            text = yaml.safe_dump(_volume(dict(contract.body), volume), allow_unicode=True)
            (out / "contracts" / f"{contract.name}-{volume}.yml").write_text(text, "utf-8")
    number = 0
    for file in files:
        try:
            grid = read(file.read_bytes(), file.name)
        except Unreadable:
            continue
        if grid.container != "html":  # untitled: one such would be placed beside its original only
            for volume in range(times):
                _write(grid, volume, titles, out / "files" / f"{volume:04d}-{file.stem}.xlsx")
                number += 1
    return number


def _volume(body: dict[str, Any], volume: int) -> dict[str, Any]:
    name = body.get("name", body["table"])
    titles = {key: _spelled(body[key], volume) for key in ("zh", "en") if key in body}
    return body | titles | {"name": f"{name}-{volume}", "series": f"volume-{volume}"}


def _spelled(spelling: Any, volume: int) -> Any:
    """A title in all its spellings, with the volume."""
    if isinstance(spelling, dict):
        return {year: _spelled(each, volume) for year, each in spelling.items()}
    if isinstance(spelling, list):
        return [_spelled(each, volume) for each in spelling]
    return _titled(str(spelling), volume)


def _titled(text: str, volume: int) -> str:
    found = TITLE.match(text)
    assert found
    return f"{found[1]}{f'卷{volume}' if has_cjk(text) else f'Volume {volume} '}{found[2]}"


def _write(grid: Grid, volume: int, titles: frozenset[str], path: Path) -> None:
    book = Workbook(write_only=True)
    for sheet in grid.sheets:
        page = book.create_sheet(sheet.name[:31])
        for row in sheet.rows:
            page.append([_changed(value, volume, titles) for value in row])
    book.save(path)


def _changed(value: Value, volume: int, titles: frozenset[str]) -> Value:
    """Titles with the volume, all else as it is."""
    if volume == 0 or not isinstance(value, str) or len(value) >= 200:
        return value
    if title_key(split_languages(value)[0]) in titles or _english(value) in titles:
        return _titled(value, volume)
    return value


def _english(text: str) -> str:
    return latin(re.sub(r"[(（]?(?:19|20)\d{2}[)）]?", "", text)) or "-"


if __name__ == "__main__":
    main()
