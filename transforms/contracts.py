"""Contracts: what a published table looks like, stated once, with what an edition changes from that edition on.

A contract is data (data/contracts/*.yml); `Contract.at(year)` gives the table as that data year prints it.
Anywhere in a contract a spelling may be one text, a list of accepted texts, or a map from a data year to either,
meaning "from that data year on".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from transforms.text import latin, squash, without_brackets
from transforms.wordings import Wordings

LATEST = 9999
NONE = Wordings()


@dataclass(frozen=True)
class Column:
    """A column as one data year prints it: the indicator it holds and the accepted heads in both languages
    (normal forms), its printed unit, whether it may be absent, whether it is an "of which" column, its kind:
    number, rank, text or period, and Chinese heads that mean the same (data/reference/wordings.yml)."""

    indicator: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    printed: str
    unit: str | None
    optional: bool
    of_which: bool
    kind: str
    worded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """A row of an item table: its code (fills `{item}`), accepted labels, and its printed unit where every row has
    one of its own."""

    code: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    unit: str | None = None


@dataclass(frozen=True)
class Layout:
    """A contract at one data year."""

    titles_zh: tuple[str, ...]
    titles_en: tuple[str, ...]
    columns: tuple[Column, ...]
    items: tuple[Item, ...]
    unit: str | None
    decimals: int


@dataclass(frozen=True)
class Contract:
    """One published table. `name` is unique; `table` is the family it belongs to; `rows` says what a row is
    (region, cluster, economy, item, year, record); `panel` is the indicator of a table whose heads are years."""

    name: str
    table: str
    series: str | None
    edition: str | None
    period: int | None
    rows: str
    panel: str | None
    label: tuple[tuple[str, ...], tuple[str, ...]]
    statements: tuple[Mapping[str, Any], ...]
    misprints: tuple[tuple[str, str, str], ...] = field(repr=False)
    body: Mapping[str, Any] = field(repr=False, compare=False, hash=False)
    newest: int = field(default=LATEST, repr=False, compare=False, hash=False)
    wordings: Wordings = field(default=NONE, repr=False, compare=False, hash=False)
    _layouts: dict[int, Layout] = field(default_factory=dict, repr=False, compare=False, hash=False)

    @classmethod
    def of(
        cls,
        body: Mapping[str, Any],
        misprints: Iterable[Mapping[str, Any]] = (),
        wordings: Wordings = NONE,
        newest: Mapping[str, int] = MappingProxyType({}),
    ) -> Contract:
        """From a parsed contract file, the rows of misprints.yml, the words that mean the same, and the newest data
        year of each series that contracts were written by. Raises KeyError or ValueError when a needed key is
        missing."""
        columns = body.get("columns", [])
        panel = body["indicator"] if columns == "years" else None
        label = body.get("label") or {}
        return cls(
            name=body.get("name", body["table"]),
            table=body["table"],
            series=body.get("series"),
            edition=body.get("edition"),
            period=body.get("period"),
            rows=body.get("rows", "region"),
            panel=panel,
            label=(_forms(label.get("zh"), LATEST, head_zh), _forms(label.get("en"), LATEST, latin)),
            statements=tuple(body.get("statements") or ()),
            misprints=tuple(
                (head_en(row["printed"]), head_zh(row.get("under") or ""), head_en(row["meant"]))
                for row in misprints
                if row["part"] == "head"
            ),
            body=body,
            wordings=wordings,
            newest=newest.get(body.get("series", ""), LATEST),
        )

    def at(self, year: int | None) -> Layout:
        """The table as data year `year` prints it (None: the latest spelling)."""
        key = LATEST if year is None else year
        if key not in self._layouts:
            self._layouts[key] = _layout(self.body, key, self.wordings)
        return self._layouts[key]

    @cached_property
    def titles(self) -> frozenset[str]:
        """Every Chinese title any edition prints, in normal form, and those that mean the same; English titles."""
        spelled = {title_key(t) for t in _all_spellings(self.body.get("zh"))}
        spelled |= {other for title in spelled for other in self.wordings.others(title)}
        return frozenset(spelled) | frozenset(latin(t) for t in _all_spellings(self.body.get("en")))

    @cached_property
    def title_like(self) -> tuple[re.Pattern[str], ...]:
        """Patterns that stand for titles, for a table whose copies each have a title of their own."""
        return tuple(re.compile(pattern, re.I) for pattern in self.body.get("title_like") or ())

    @cached_property
    def row_names(self) -> frozenset[str]:
        """What a sheet must say somewhere to hold the table: the label column's heads, or an item's label."""
        items = [form for item in self.at(None).items for form in (*item.zh, *item.en)]
        return frozenset(form for form in (*self.label[0], *self.label[1], *items) if form)

    def meant(self, english: str, chinese: tuple[str, ...]) -> str | None:
        """What a known misprint of an English head means, under the Chinese heads it stands with."""
        found = (m for printed, under, m in self.misprints if printed == english and (not under or under in chinese))
        return next(found, None)

    def edition_of(self, year: int, offset: int) -> str:
        """The edition that prints data year `year`: fixed, or the series and the year its offset gives."""
        return self.edition or f"{self.series}/{year + offset}"


def filled(template: str, item: str | None) -> str:
    """An indicator template with its item; the total's is empty, or `total`."""
    own = "" if item in (None, "total") else item
    return ".".join(part for part in template.replace("{item}", own or "").split(".") if part)


@lru_cache(maxsize=65536)
def head_zh(text: str) -> str:
    """A Chinese head as compared: no units, blanks, hyphens, "of which" marks."""
    return re.sub(r"[#\-:]|其中[::]?", "", squash(without_brackets(text))).lower()


@lru_cache(maxsize=65536)
def head_en(text: str) -> str:
    """An English head as compared."""
    return latin(without_brackets(text))


@lru_cache(maxsize=65536)
def title_key(text: str) -> str:
    """A title as compared: without table number, year, 续表, blanks and trailing punctuation."""
    flat = squash(text)
    flat = re.sub(r"^(?:附?表)\d{0,2}(?=(?:19|20)\d{2}年)|^附?表\d+(?:[-.]\d+)*|^\d+(?:[-–—.]\d+)+", "", flat)
    flat = re.sub(r"[(\[](?:19|20)\d{2}年?[-—–~](?:19|20)\d{2}年?[)\]]", "", flat)
    flat = re.sub(r"[(\[]?(?:19|20)\d{2}(?:年度?)?[)\]]|(?:19|20)\d{2}年度?", "", flat)
    return flat.replace("续表", "").strip("　.。:")


def _layout(body: Mapping[str, Any], year: int, wordings: Wordings) -> Layout:
    declared = body.get("columns", [])
    columns = [] if declared == "years" else [_column(c, year, wordings) for c in declared if _applies(c, year)]
    return Layout(
        titles_zh=tuple(title_key(t) for t in spellings(body.get("zh"), year)),
        titles_en=tuple(latin(t) for t in spellings(body.get("en"), year)),
        columns=tuple(columns),
        items=tuple(
            Item(
                str(i["code"] or ""),
                _forms(i.get("zh"), year, head_zh),
                _forms(i.get("en"), year, head_en),
                next(iter(spellings(i.get("unit"), year)), None),
            )
            for i in body.get("items", [])
            if _applies(i, year)
        ),
        unit=next(iter(spellings(body.get("unit"), year)), None),
        decimals=int(body.get("decimals", 0)),
    )


def _column(declared: Mapping[str, Any], year: int, wordings: Wordings) -> Column:
    zh, en = ([_with_years(t, year) for t in spellings(declared.get(key), year)] for key in ("zh", "en"))
    forms = tuple(head_zh(t) for t in zh)
    return Column(
        indicator=declared["indicator"],
        zh=forms,
        en=tuple(head_en(t) for t in en),
        printed=next(iter(zh or en), ""),
        unit=next(iter(spellings(declared.get("unit"), year)), None),
        optional=bool(declared.get("optional", False)),
        of_which=bool(declared.get("of_which", False)),
        kind=declared.get("type", "number"),
        worded=tuple(other for form in forms for other in wordings.others(form, head_zh) if other not in forms),
    )


def _with_years(text: str, year: int) -> str:
    """A head that states the edition or the one before: `Rank {previous}`."""
    return text.replace("{year}", str(year)).replace("{previous}", str(year - 1))


def _applies(declared: Mapping[str, Any], year: int) -> bool:
    return declared.get("since", 0) <= year <= declared.get("until", LATEST)


def spellings(declared: Any, year: int) -> list[str]:
    """Accepted spellings at a data year: text | [text] | {from year: text | [text]}."""
    if declared is None:
        return []
    if isinstance(declared, Mapping):
        begun = [y for y in declared if y <= year] or [min(declared)]
        return spellings(declared[max(begun)], year)
    return [str(d) for d in declared] if isinstance(declared, list) else [str(declared)]


def _all_spellings(declared: Any) -> list[str]:
    if isinstance(declared, Mapping):
        return [text for part in declared.values() for text in spellings(part, LATEST)]
    return spellings(declared, LATEST)


def _forms(declared: Any, year: int, normal: Any) -> tuple[str, ...]:
    return tuple(normal(text) for text in spellings(declared, year))
