"""How large a file of the user's may be: looked at before anything is unpacked, and said in the message."""

from __future__ import annotations

from pathlib import Path

MOST_CELLS = 200_000_000  # rows times columns: 1.6 GB as doubles
MOST_BYTES = 2 * 1024**3  # of a table in text, which is read as a whole
MOST_PIXELS = 100_000_000  # of one image; a sheet of A4 at 600 dpi has 35 million
MOST_LETTERS = 100_000  # of one cell of a table; a quote that is never closed makes one cell of the whole rest


def too_many_cells(n_rows: int, n_columns: int) -> None:
    """Refuse a table that would not fit into memory.

    Raises
    ------
    ValueError
        If rows times columns are more than ``MOST_CELLS``.
    """
    if n_rows * n_columns > MOST_CELLS:
        raise ValueError(
            f"holds {n_rows} x {n_columns} = {n_rows * n_columns:.2g} numbers; up to {MOST_CELLS:.2g} are read: "
            "keep a sample of the rows or fewer columns"
        )


def too_many_bytes(file: Path) -> None:
    """Refuse a text that would not fit into memory.

    Raises
    ------
    ValueError
        If the file is larger than ``MOST_BYTES``.
    """
    if (size := file.stat().st_size) > MOST_BYTES:
        raise ValueError(
            f"is {size / 1024**3:.1f} GiB large; text is read up to {MOST_BYTES / 1024**3:.0f} GiB: "
            "save it as Parquet or NPY, or keep a sample of the rows"
        )
