"""A draft contract for a table never seen: what its title, heads, units and sums say; the uncertain is marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from transforms.catalogue import Catalogue
from transforms.contracts import head_en, head_zh, title_key
from transforms.grid import Sheet
from transforms.layout import TITLE_NUMBER, Block, Head, region_blocks
from transforms.numbers import is_numeric
from transforms.partitions import partitions
from transforms.recognise import years_in
from transforms.tables import year_label
from transforms.text import brackets, has_cjk, latin, split_languages, squash, without_brackets
from transforms.units import is_unit_line

_DULL = {"by", "region", "of", "the", "and", "in", "on", "for", "from", "to", "statistics", "number", "with", "at"}


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
    """Labels of a table of items: texts in the first column that have a number to their right."""
    labels = {}
    for row in sheet.rows:
        texts = [v for v in row[:2] if isinstance(v, str) and v.strip() and not is_numeric(v)]
        if texts and sum(is_numeric(v) for v in row) and not is_unit_line(texts[0]):
            labels[squash(texts[0])] = texts[0]
    return lambda text: labels.get(squash(text))


def _draft(sheet: Sheet, group: list[Block], axis: str, catalogue: Catalogue) -> Draft:
    draft = Draft({})
    first = group[0]
    zh, en = _titles(first)
    name = _slug(en) or "new_table"
    draft.body |= {"table": name, "series": "st-yearbook", "zh": zh, "en": en, "rows": axis}
    draft.remarks["series"] = "the publication that prints it (data/reference/editions.yml)"
    if name == "new_table":
        draft.remarks["table"] = "no English title: give it a name"
    unit = _line_unit(first, catalogue)
    if unit:
        draft.body["unit"] = unit
    heads = [h for block in group for h in block.heads]
    if heads and all(h.year for h in heads):
        draft.body |= {"columns": "years", "indicator": name}
    else:
        draft.body["columns"] = _columns(heads, name, bool(unit), draft, catalogue)
        _sums(sheet, group, draft)
    if axis == "item":
        draft.body["items"] = list(_item_rows(sheet, first))
        for column in draft.body["columns"] if isinstance(draft.body["columns"], list) else []:
            column["indicator"] += ".{item}"
    if draft.body["columns"] != "years" and axis != "year" and not any(years_in(t) for _, _, t in first.front):
        draft.remarks["zh"] = "the title states no year: declare it with --as TABLE --year YEAR"
    return draft


def _titles(block: Block) -> tuple[str, str]:
    """The Chinese and English title above a block: the numbered line if there is one, and the first line after it
    without Chinese."""
    lines = [text for _, _, text in block.front if not is_unit_line(text) and not text.startswith("(")]
    chinese = [t for t in lines if has_cjk(t)]
    numbered = [t for t in chinese if TITLE_NUMBER.match(squash(t))]
    zh = (numbered or chinese or [""])[0]
    after = lines[lines.index(zh) + 1 :] if zh in lines else lines
    english = [" ".join(t.split()) for t in after if not has_cjk(t) and re.search("[A-Za-z]{3}", t)]
    en = re.sub(r"\s*[(（](?:19|20)\d{2}[)）]\s*$", "", " ".join(english[:2])).strip()
    return title_key(split_languages(zh)[0]), en


def _slug(text: str, most: int = 6) -> str:
    words = [w for w in re.findall(r"[a-z0-9]+", text.lower().replace("r&d", "rd").replace("s&t", "st")) if w]
    kept = [w for w in words if w not in _DULL] or words
    return "_".join(kept[:most]).lstrip("0123456789_")


def _line_unit(block: Block, catalogue: Catalogue) -> str | None:
    for _, _, text in block.front:
        if is_unit_line(text) and catalogue.units.of_line(text):
            spelled = re.sub(r"^(?:计量)?单位[::]?", "", squash(text))
            return spelled if catalogue.units.find(spelled) else re.split(r"[,，、.]", spelled)[0]
    return None


def _columns(
    heads: list[Head], name: str, has_line: bool, draft: Draft, catalogue: Catalogue
) -> list[dict[str, Any]]:
    columns: list[dict[str, Any]] = []
    used: set[str] = set()
    nearest = [head_zh(h.forms[0][0]) for h in heads]
    repeated = {form for form in nearest if nearest.count(form) > 1}
    for n, head in enumerate(heads):
        zh, en = (
            next((f for f in head.forms if head_zh(f[0]) not in repeated), head.forms[-1])
            if head.own
            else ("", "")
        )
        shown_zh, shown_en = _shown(zh), " ".join(re.sub(r"[(（][^()（）]*[)）]", "", en).split())
        code = _slug(shown_en if latin(shown_en) else "", 4) or f"column_{n + 1}"
        code = code if code not in used else f"{code}_{n + 1}"
        used.add(code)
        column: dict[str, Any] = {"indicator": f"{name}.{code}", "zh": shown_zh}
        if head_en(en) and has_cjk(zh):
            column["en"] = shown_en
        else:
            draft.remarks[f"columns.{n}"] = "no English head: give the indicator a name"
        unit = next((b for t in (*head.own, *head.spanned) for b in brackets(t) if catalogue.units.parse(b)), None)
        if unit:
            column["unit"] = unit
        elif not has_line:
            column["unit"] = "个"
            draft.remarks[f"columns.{n}"] = "no unit is printed: say which"
        if squash(zh).startswith("#") or any(squash(t).startswith("#") for t in head.own):
            column["of_which"] = True
        columns.append(column)
    return columns


def _shown(zh: str) -> str:
    """A Chinese head as a contract spells it: units, blanks and marks removed."""
    return squash(without_brackets(zh)).lstrip("#")


def _item_rows(sheet: Sheet, block: Block) -> Iterator[dict[str, Any]]:
    used: set[str] = set()
    for n, r in enumerate(block.rows):
        zh, inner = split_languages(sheet.text(r, block.label_column))
        en = sheet.text(r, block.english_column) if block.english_column is not None else inner
        code = _slug(en if latin(en) and en != zh else "", 4) or f"row_{n + 1}"
        code = code if code not in used else f"{code}_{n + 1}"
        used.add(code)
        if head_zh(zh):
            yield {"code": code, "zh": _shown(zh)} | (
                {"en": " ".join(en.split())} if en.strip() and en != zh else {}
            )


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
