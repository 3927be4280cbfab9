"""A machine-delivered Parquet table to a grid: a row of column names, then the rows."""

from __future__ import annotations

import io
import math

import pyarrow as pa
import pyarrow.parquet as pq

from flows.reading.limits import MAX_EXPANDED, check_cells, trimmed
from transforms.grid import Grid, Sheet, Unreadable, Value

EXACT = 2**53
"""integers beyond it are not all floats: they are kept as text"""


def read_parquet(data: bytes) -> Grid:
    """One sheet `table`. Numbers become float, decimals and large integers text, NaN and null empty.

    Raises Unreadable for a damaged or oversized file.
    """
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        meta = file.metadata
        check_cells((meta.num_rows + 1) * meta.num_columns)
        if sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups)) > MAX_EXPANDED:
            raise Unreadable(f"the table would expand beyond {MAX_EXPANDED} bytes: split it")
        table = file.read()
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0][:200]
        raise Unreadable(f"a truncated or damaged Parquet file ({reason}): fetch it again") from error
    columns = [_values(column) for column in table.columns]
    rows = trimmed([list(table.column_names), *zip(*columns, strict=True)])
    if len(rows) < 2:
        raise Unreadable("a Parquet table without a single row: fetch it again")
    return Grid("parquet", (Sheet("table", rows),))


def _values(column: pa.ChunkedArray) -> list[Value]:
    if pa.types.is_float32(column.type) or pa.types.is_float16(column.type):
        # Through the shortest text: 0.1 in single precision is 0.1, not 0.10000000149011612.
        return [None if text in (None, "nan") else float(text) for text in column.cast(pa.string()).to_pylist()]
    return [_value(value) for value in column.to_pylist()]


def _value(value: object) -> Value:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return float(value) if abs(value) <= EXACT else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None if math.isnan(value) else str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return value if isinstance(value, str) else _text(value)


def _text(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
