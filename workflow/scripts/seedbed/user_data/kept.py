"""What a data set keeps of the table it comes from, beside the numbers that methods see."""

from __future__ import annotations

import numpy as np

from seedbed.user_data.formats.table import Table

from .choices import Choice


def origin(table: Table, choice: Choice, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Where rows come from.

    Parameters
    ----------
    table : Table
    choice : Choice
        ``id_column`` names the column with the ids, if there is one.
    rows : ndarray of int
        Places in the table.

    Returns
    -------
    dict of ndarray
        ``rows``, the rows of the file counted from one, and ``ids``, texts.
    """
    kept = {"rows": table.row_numbers[rows]}
    return kept | {"ids": ids_of(table, choice)[rows]} if choice.id_column is not None else kept


def ids_of(table: Table, choice: Choice) -> np.ndarray:
    """The ids of all rows as texts; whole numbers without a decimal point."""
    column = table.frame[str(choice.id_column)]
    values = column.to_numpy()
    if values.dtype.kind == "f" and (values == np.floor(values)).all():
        values = values.astype(np.int64) if np.abs(values).max(initial=0) < 2**53 else values
    return values.astype(str)
