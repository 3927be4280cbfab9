"""The floor: one process that decrypts and parses every file and does nothing else."""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path

import lxml.html
import msoffcrypto
from python_calamine import CalamineError, CalamineWorkbook


def main() -> None:
    """Parse the files of the folders that are named."""
    began = time.perf_counter()
    cells = parsed(sys.argv[1:])
    print(json.dumps({"seconds": time.perf_counter() - began, "cells": cells}))


def parsed(folders: list[str]) -> int:
    """Decrypt and parse every file of some folders; the number of cells."""
    cells = 0
    for file in sorted(file for folder in folders for file in Path(folder).iterdir()):
        data = file.read_bytes()
        if data.startswith((b"\xd0\xcf\x11\xe0", b"PK")):
            book = _open(data)
            for name in book.sheet_names:
                cells += sum(map(len, book.get_sheet_by_name(name).to_python(skip_empty_area=False)))
        else:
            cells += sum(1 for _ in lxml.html.fromstring(data).iter("td"))
    return cells


def _open(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError:  # encrypted with the password that every Excel tries by itself
        office, plain = msoffcrypto.OfficeFile(io.BytesIO(data)), io.BytesIO()
        office.load_key(password="VelvetSweatshop")
        office.decrypt(plain)
        return CalamineWorkbook.from_filelike(io.BytesIO(plain.getvalue()))


if __name__ == "__main__":
    main()
