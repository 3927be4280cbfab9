"""What somebody would write in an afternoon: a published file as a pandas frame of cells, no questions asked."""

from __future__ import annotations

import io
import re
from pathlib import Path

import msoffcrypto
import pandas as pd

TITLE = re.compile(r"(?:19|20)\d{2}")


def tidy(file: Path) -> pd.DataFrame:
    """The numbers of a file as file, sheet, region, column, year, value: the first column with Chinese text is
    taken for the region, the last row without numbers for the heads."""
    frames = [_tidy(raw, file.name, str(sheet)) for sheet, raw in _sheets(file).items() if not raw.empty]
    return pd.concat(frames) if frames else pd.DataFrame()


def _sheets(file: Path) -> dict[str, pd.DataFrame]:
    data = file.read_bytes()
    if not data.startswith((b"\xd0\xcf\x11\xe0", b"PK")):
        return dict(enumerate(pd.read_html(io.BytesIO(data), flavor="lxml")))  # type: ignore[arg-type]
    office = msoffcrypto.OfficeFile(io.BytesIO(data))
    if office.is_encrypted():
        plain = io.BytesIO()
        office.load_key(password="VelvetSweatshop")
        office.decrypt(plain)
        data = plain.getvalue()
    return pd.read_excel(io.BytesIO(data), sheet_name=None, header=None, engine="xlrd")


def _tidy(raw: pd.DataFrame, name: str, sheet: str) -> pd.DataFrame:
    text = raw.map(str)
    year = TITLE.search(" ".join(text.head(3).to_numpy().ravel()))
    numbers = raw.apply(pd.to_numeric, errors="coerce")
    first = int(numbers.notna().sum(axis=1).gt(0).to_numpy().argmax())
    heads = text.iloc[max(first - 1, 0)].to_dict()
    long = numbers.iloc[first:].melt(ignore_index=False, var_name="column", value_name="value").dropna()
    regions = text.iloc[:, 0].str.replace(r"\s", "", regex=True)
    return long.assign(
        file=name, sheet=sheet, region=regions.reindex(long.index).to_numpy(), head=long["column"].map(heads),
        year=int(year.group()) if year else None, column=long["column"].astype(int),
    )
