"""A draft contract for a table never seen: what its title, heads, units and sums say; the uncertain is marked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from transforms.catalogue import Catalogue
from transforms.contracts import title_key
from transforms.draft_columns import NO_UNIT, Row, columns, items, label_texts, line_unit, slug
from transforms.grid import Sheet
from transforms.layout import TITLE_NUMBER, Block, is_unit_head, region_blocks
from transforms.partitions import partitions
from transforms.tables import year_label
from transforms.text import has_cjk, split_languages, squash
from transforms.titles import years_in
from transforms.units import is_unit_line


@dataclass
class Draft:
    """A contract's keys, in the order of a contract file, and for each key or column what a person should look at
    (`"columns.2.en"` → remark). `area` says where the table is."""

    body: dict[str, Any]
    remarks: dict[str, str] = field(default_factory=dict)
    area: str = ""


def drafts(sheet: Sheet, catalogue: Catalogue) -> list[Draft]:
    """A draft for each table of a sheet; parts that stand side by side or continue (续表) make one."""
    axis, blocks = _find(sheet, catalogue)
    found: list[Draft] = []
    parts: list[list[Block]] = []
    for block in blocks:
        if parts and (_continues(block) or block.first <= parts[-1][0].last):
            parts[-1].append(block)
        else:
            parts.append([block])
    for group in parts:
        found.append(_draft(sheet, group, axis, catalogue))
    return found


def _continues(block: Block) -> bool:
    return any(re.search("续表|continued", text, re.I) for _, _, text in block.front)


def _find(sheet: Sheet, catalogue: Catalogue) -> tuple[str, list[Block]]:
    """What the rows are, and the blocks: regions, years, or else whatever stands in the first column of texts."""
    for axis, known in (("region", catalogue.regions.known), ("year", year_label), ("item", _items(sheet))):
        blocks = [b for b in region_blocks(sheet, known) if len(b.rows) > 2 and b.heads]
        if blocks:
            return axis, blocks
    return "item", []


def _items(sheet: Sheet) -> Callable[[str], str | None]:
    labels = label_texts(sheet)
    return lambda text: labels.get(squash(text))


def _draft(sheet: Sheet, group: list[Block], axis: str, catalogue: Catalogue) -> Draft:
    draft = Draft({})
    first = group[0]
    zh, en = _titles(first)
    number = next((n for _, _, text in first.front if (n := TITLE_NUMBER.match(squash(text)))), None)
    name = slug(en) or (f"table_{'_'.join(re.findall(r'[0-9]+', number.group()))}" if number else "new_table")
    draft.body |= {"table": name, "series": "st-yearbook", "zh": zh, "en": en, "rows": axis}
    draft.remarks["series"] = "the publication that prints it (data/reference/editions.yml)"
    if not slug(en):
        draft.remarks["table"] = "no English title: give it a name"
        del draft.body["en"]
    every = [h for block in group for h in block.heads]
    heads = [h for h in every if not is_unit_head(h.text)]
    panel = bool(heads) and all(h.year for h in heads)
    of_line = line_unit(first, heads, catalogue)
    if of_line[0]:
        draft.body["unit"] = of_line[0]
        if not catalogue.units.find(of_line[0]):
            draft.remarks["unit"] = NO_UNIT.format(of_line[0])
    if panel:
        draft.body |= {"columns": "years", "indicator": name}
        if not of_line[0] and axis != "item":
            draft.body["unit"] = "个"
            draft.remarks["unit"] = "no unit is printed: say which"
    else:
        draft.body["columns"] = columns(heads, name, of_line, draft.remarks, catalogue)
        _sums(sheet, group, draft)
    if axis == "item":
        units = next((h.column for h in every if is_unit_head(h.text)), -1)
        _items_of(draft, list(items(sheet, first, units if panel and not of_line[0] else None, catalogue)))
    if not panel and axis != "year" and not any(years_in(t) for _, _, t in first.front):
        draft.remarks["zh"] = "the title states no year: declare it with --as TABLE --year YEAR"
    return draft


def _items_of(draft: Draft, found: list[tuple[Row, str | None]]) -> None:
    """The items, and `{item}` in the indicators that they fill."""
    draft.body["items"] = [item for item, _ in found]
    draft.remarks |= {f"items.{n}": remark for n, (_, remark) in enumerate(found) if remark}
    if draft.body["columns"] == "years":
        draft.body["indicator"] += ".{item}"
        return
    for column in draft.body["columns"]:
        column["indicator"] += ".{item}"
        if "parent" in column:
            column["parent"] += ".{item}"


def _titles(block: Block) -> tuple[str, str]:
    """The Chinese and English title above a block: the numbered line if there is one, and the first line after it
    without Chinese, or what stands behind the Chinese title in its cell."""
    lines = [text for _, _, text in block.front if not is_unit_line(text) and not text.startswith("(")]
    chinese = [t for t in lines if has_cjk(t)]
    numbered = [t for t in chinese if TITLE_NUMBER.match(squash(t))]
    zh = (numbered or chinese or [""])[0]
    after = lines[lines.index(zh) + 1 :] if zh in lines else lines
    english = [" ".join(t.split()) for t in after if not has_cjk(t) and re.search("[A-Za-z]{3}", t)]
    within = " ".join(split_languages(zh)[1].split()) if has_cjk(zh) else ""
    en = re.sub(r"\s*[(（](?:19|20)\d{2}[)）]\s*$", "", " ".join(english[:2]) or within).strip()
    return title_key(split_languages(zh)[0]), en if re.search("[A-Za-z]{3}", en) else ""


def _sums(sheet: Sheet, group: list[Block], draft: Draft) -> None:
    """Columns that add up to another one in every row, within the digits printed: proposed identities."""
    columns = draft.body["columns"]
    at, rows = [], group[0].rows
    for block in group:
        if len(block.rows) == len(rows):
            at += [(block, h.column) for h in block.heads]
    if len(at) != len(columns):
        return
    table = [[sheet.value(block.rows[i], c) for block, c in at] for i in range(len(rows))]
    for k, (total, parts) in enumerate(partitions(table, {n for n, c in enumerate(columns) if c.get("of_which")})):
        for part in parts:
            columns[part] |= {
                "parent": columns[total]["indicator"],
                "partition": f"part_{k + 1}",
                "additive": True,
            }
        names = ", ".join(columns[p]["zh"] for p in parts)
        draft.remarks[f"columns.{parts[0]}"] = f"{names} add up to {columns[total]['zh']} in every row"
