"""A table never seen: its draft contract, unedited, reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from flows.declarations import Declarations, load_yaml
from flows.looking.drafting import draft
from flows.reading import read
from transforms.catalogue import Catalogue
from transforms.conform import Reading, conform
from transforms.contracts import Contract
from transforms.numbers import is_numeric
from transforms.tables import find_tables


def catalogue_of(contract: Contract, declarations: Declarations) -> Catalogue:
    known = declarations.catalogue
    return Catalogue(
        {contract.name: contract}, known.regions, known.economies, known.clusters, known.units, {}, known.offsets
    )


def numbers_read(path: Path, contract: Contract, declarations: Declarations) -> tuple[int, int]:
    """(numbers that the contract reads, numbers in the file below its heads)."""
    grid, reading, total = read(path.read_bytes()), Reading("d"), 0
    catalogue = catalogue_of(contract, declarations)
    for sheet in grid.sheets:
        for table in find_tables(sheet, catalogue).tables:
            conform(reading, sheet, table, catalogue, grid.container)
        total += sum(is_numeric(v) for r, row in enumerate(sheet.rows) for v in row if r > 5)
    return sum(c["role"] == "value" and c["value"] is not None for c in reading.cells), total


def test_the_draft_of_every_published_workbook_reads_it(
    published: Path, truth: dict[str, dict[str, str]], declarations: Declarations
) -> None:
    families: dict[str, list[str]] = {}
    for name, row in truth.items():
        if row["container"] == "xls":
            families.setdefault(row["table_family"], []).append(name)
    shares = {}
    for family, names in families.items():
        for name in (names[0], names[-1]):
            path = published / "yearbook" / name
            made = draft(path, declarations)["contracts"]
            assert made, (family, name)
            contract = Contract.of(yaml.safe_load(made[0]["yaml"]))
            got, total = numbers_read(path, contract, declarations)
            shares[family, name] = got / total
    poor = {k: round(v, 3) for k, v in shares.items() if v < 0.9}
    assert not poor, poor


def test_a_draft_proposes_codes_units_and_sums(
    published: Path, truth: dict[str, dict[str, str]], declarations: Declarations
) -> None:
    name = next(
        n
        for n, r in truth.items()
        if r["table_family"] == "rd_expenditure_by_source_of_funds" and r["data_year"] == "2016"
    )
    body = yaml.safe_load(draft(published / "yearbook" / name, declarations)["contracts"][0]["yaml"])
    assert body["zh"] == "各地区按资金来源分研究与试验发展(R&D)经费内部支出"
    assert body["unit"] == "万元"
    funds = [c for c in body["columns"] if c.get("parent")]
    assert [c["zh"] for c in funds] == ["政府资金", "企业资金", "国外资金", "其他资金"]
    assert {c["parent"] for c in funds} == {body["columns"][0]["indicator"]}


def test_every_contract_of_the_project_is_valid_yaml(declarations: Declarations) -> None:
    assert all(load_yaml(path)["table"] for path in (declarations.data / "contracts").glob("*.yml"))


@pytest.mark.parametrize("unit", ["万元", "件", "台", None])
def test_a_draft_marks_what_is_uncertain(unit: str | None, tmp_path: Path, declarations: Declarations) -> None:
    lines = [
        "9-9 各地区火星探测(2021年)",
        f"单位：{unit}" if unit else "",
        "地区,发射,失败",
        "北京,1,0",
        "天津,2,1",
        "河北,3,1",
    ]
    path = tmp_path / "mars.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    text = draft(path, declarations)["contracts"][0]["yaml"]
    assert "# ?" in text
    assert ("no unit is printed" in text) == (unit is None)
    assert ("“台” is no unit that data/reference/units.yml lists" in text) == (unit == "台")
    if unit == "台":
        assert yaml.safe_load(text)["unit"] == "台"
        return
    contract = Contract.of(yaml.safe_load(text))
    assert numbers_read(path, contract, declarations)[0] == 6
