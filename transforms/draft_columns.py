"""The columns and items of a draft contract: codes, heads in both languages, units, "of which"; doubts as remarks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from transforms.catalogue import Catalogue
from transforms.contracts import head_en, head_zh
from transforms.grid import Sheet
from transforms.layout import Block, Head
from transforms.numbers import is_numeric
from transforms.text import brackets, has_cjk, latin, split_languages, squash, without_brackets
from transforms.units import Unit, is_unit_line, spelled_on

_DULL = {"by", "region", "of", "the", "and", "in", "on", "for", "from", "to", "statistics", "number", "with", "at"}
_RANK = re.compile(r"位次|排名|名次|\b(?:rank|ranking|precedence)\b", re.I)
_TOTAL = ("total", "national_total", "grand_total")
Row = dict[str, Any]
NO_UNIT = "“{}” is no unit that data/reference/units.yml lists: add it there"


def slug(text: str, most: int = 6) -> str:
    """An English text as a part of a code: its first words, without the dull ones."""
    words = [w for w in re.findall(r"[a-z0-9]+", text.lower().replace("r&d", "rd").replace("s&t", "st")) if w]
    kept = [w for w in words if w not in _DULL] or words
    return "_".join(kept[:most]).lstrip("0123456789_")


def glossary(catalogue: Catalogue) -> dict[str, str]:
    """What contracts call in English that which they call so in Chinese: names for heads printed without English."""
    found: dict[str, str] = {}
    for contract in catalogue.contracts.values():
        layout = contract.at(None)
        declared = contract.body.get("columns")
        for column in declared if isinstance(declared, list) else []:
            zh, en = _first(column.get("zh")), _first(column.get("en"))
            if zh and en:
                found.setdefault(head_zh(zh), en)
        for item in layout.items:
            if item.zh and item.en:
                found.setdefault(item.zh[0], item.code.replace("_", " ") or "total")
    return found


def _first(spelled: Any) -> str:
    while isinstance(spelled, dict | list):
        spelled = next(iter(spelled.values() if isinstance(spelled, dict) else spelled), "")
    return str(spelled or "")


def line_unit(block: Block, heads: list[Head], catalogue: Catalogue) -> tuple[str | None, str | None]:
    """(the unit of columns that state none, a remark): of a line that lists several, the first one that no column
    states itself; of a line with a unit that nobody knows, that one."""
    said = {u.code for h in heads for u in _own(h, catalogue)}
    unknown = None
    for _, _, text in block.front:
        spelled = spelled_on(text)
        if not spelled:
            continue
        if not catalogue.units.of_line(text):
            unknown = unknown or spelled
            continue
        if catalogue.units.find(spelled):
            return spelled, None
        parts = [p for p in re.split(r"[,，、./;(（]", spelled) if catalogue.units.find(p)]
        free = [p for p in parts if (u := catalogue.units.find(p)) and u.code not in said] or parts
        return free[0], f"the line says {spelled}: which columns are in which unit?" if len(parts) > 1 else None
    return unknown, None


def _own(head: Head, catalogue: Catalogue) -> list[Unit]:
    return [u for text in (*head.own, *head.spanned) for u in catalogue.units.in_brackets(text)]


def columns(
    heads: list[Head], name: str, line: tuple[str | None, str | None], remarks: dict[str, str], catalogue: Catalogue
) -> list[Row]:
    """The columns; what is uncertain about the n-th is in remarks["columns.n"]."""
    made: list[Row] = []
    used: set[str] = set()
    known = glossary(catalogue)
    nearest = [head_zh(h.forms[0][0]) for h in heads]
    repeated = {form for form in nearest if nearest.count(form) > 1}
    for n, head in enumerate(heads):
        zh, en = _forms(head, repeated)
        english = " ".join(re.sub(r"[(（][^()（）]*[)）]", "", en).split())
        named = english if latin(english) and not (has_cjk(english)) else known.get(head_zh(zh), "")
        code = _unused(slug(named, 4) or f"column_{n + 1}", n, used)
        column: Row = {"indicator": f"{name}.{code}", "zh": shown(zh)}
        doubts = []
        if head_en(en) and has_cjk(zh):
            column["en"] = english
        elif not named:
            doubts.append("no English head: give the indicator a name")
        if squash(zh).startswith("#") or any(squash(t).startswith(("#", "其中")) for t in head.own):
            column["of_which"] = True
        doubts += _unit(column, head, f"{zh} {en}", line, made, catalogue)
        if doubts:
            remarks[f"columns.{n}"] = "; ".join(doubts)
        made.append(column)
    return made


def _forms(head: Head, repeated: set[str]) -> tuple[str, str]:
    if not head.own:
        return "", ""
    return next((f for f in head.forms if head_zh(f[0]) not in repeated), head.forms[-1])


def _unit(
    column: Row, head: Head, said: str, line: tuple[str | None, str | None], before: list[Row], catalogue: Catalogue
) -> list[str]:
    """Adds the printed unit to a column; returns what is doubtful about it."""
    texts = [b for t in (*head.own, *head.spanned) for b in brackets(t)]
    if own := next((b for b in texts if catalogue.units.parse(b)), None):
        column["unit"] = own
        return []
    if _RANK.search(said):
        column |= {"unit": "位", "type": "rank"}
        return []
    if column.get("of_which") and before and before[-1].get("unit"):
        column["unit"] = before[-1]["unit"]
        return []
    if line[0]:
        return [line[1]] if line[1] else []
    column["unit"] = "个"
    if unknown := next((b for b in texts if has_cjk(b)), None):
        return [NO_UNIT.format(unknown) + ", and say it here"]
    return ["no unit is printed: say which"]


def _unused(code: str, n: int, used: set[str]) -> str:
    code = code if code not in used else f"{code}_{n + 1}"
    used.add(code)
    return code


def shown(zh: str) -> str:
    """A Chinese head as a contract spells it: units, blanks and marks removed."""
    return squash(without_brackets(zh)).lstrip("#")


def items(sheet: Sheet, block: Block, beside: int | None, catalogue: Catalogue) -> Iterator[tuple[Row, str | None]]:
    """The items of a block, each with a remark or None. Where the heads are years (`beside` is then the column of
    units, or -1) an item has a unit of its own."""
    used: set[str] = set()
    known, above = glossary(catalogue), "个"
    for n, r in enumerate(block.rows):
        zh, inner = split_languages(sheet.text(r, block.label_column))
        en = sheet.text(r, block.english_column) if block.english_column is not None else inner
        if not head_zh(zh):
            continue
        named = without_brackets(en) if latin(en) and en != zh else known.get(head_zh(zh), "")
        code = _unused(slug(named, 4) or f"row_{n + 1}", n, used)
        item: Row = {"code": "" if code in _TOTAL else code, "zh": shown(zh)}
        if en.strip() and en != zh:
            item["en"] = " ".join(without_brackets(en).split())
        remark = None
        if beside is not None:
            printed = [*brackets(sheet.text(r, block.label_column)), *brackets(en)]
            printed += [sheet.text(r, beside)] if beside >= 0 else []
            own = next((text.strip() for text in printed if catalogue.units.find(text)), None)
            item["unit"] = above = own or above
            remark = None if own else "no unit is printed: that of the row above, or which?"
        yield item, remark


def label_texts(sheet: Sheet) -> dict[str, str]:
    """Labels of a table of items by their normal form: texts in the first columns that have a number to their right
    that is no year."""
    found = {}
    for row in sheet.rows:
        texts = [v for v in row[:2] if isinstance(v, str) and v.strip() and not is_numeric(v)]
        numbers = [v for v in row if is_numeric(v) and not re.fullmatch(r"(?:19|20)\d\d(?:\.0)?", str(v).strip())]
        if texts and numbers and not is_unit_line(texts[0]):
            found[squash(texts[0])] = texts[0]
    return found
