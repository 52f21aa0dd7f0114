"""The first sheet of a workbook as a table; openpyxl, which is no requirement, reads it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pandas as pd

from .bounds import MOST_BYTES, too_many_cells
from .header import check_first_line, name_columns
from .table import Table
from .text_numbers import numbers_of


def read_workbook(file: Path) -> Table:
    """The values of the first sheet that has any; of formulas, what was computed last.

    Raises
    ------
    ValueError
        If openpyxl is missing, the workbook is too large when unpacked, or a row is wider than the header.
    """
    try:
        import openpyxl
    except ImportError:
        raise ValueError(
            "workbooks are read by openpyxl, which is not installed: pip install openpyxl, or save the sheet as CSV "
            "UTF-8"
        ) from None
    with zipfile.ZipFile(file) as archive:
        if (size := sum(member.file_size for member in archive.infolist())) > MOST_BYTES:
            raise ValueError(f"unpacks to {size / 1024**3:.1f} GiB; save the sheet as CSV or Parquet")
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    try:
        return _first_table(book)
    finally:
        book.close()


def _first_table(book: Any) -> Table:
    for sheet in book.worksheets:
        too_many_cells(sheet.max_row or 0, sheet.max_column or 0)
        rows = [row for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row)]
        if rows:
            notes = [f"sheet '{sheet.title}' of {len(book.sheetnames)}"] if len(book.sheetnames) > 1 else []
            return _table(rows, notes)
    raise ValueError("it is empty")


def _table(rows: list[tuple], notes: list[str]) -> Table:
    width = max(len(row) for row in rows)
    header = ["" if cell is None else str(cell) for cell in rows[0]]
    header += [""] * (width - len(header))
    cells = [[*row, *[None] * (width - len(row))] for row in rows[1:]]
    columns = pd.DataFrame(cells, columns=range(width)).infer_objects()
    columns, more = numbers_of(columns)
    frame, named = name_columns(columns, header)
    check_first_line(frame)
    return Table(frame, (*notes, *more, *named))
