"""Tables as Parquet, with what pandas keeps beside the columns: an index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .bounds import too_many_cells
from .header import is_nameless, name_columns
from .messages import name_text
from .table import Table

if TYPE_CHECKING:
    import pyarrow.parquet as pq


def read_parquet(file: Path) -> Table:
    """The table of a Parquet file; the levels of an index that have names are columns apart.

    Raises
    ------
    ValueError
        If the table is too large, texts are not UTF-8, or a level of the index has the name of a column.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as stored:
        too_many_cells(stored.metadata.num_rows, stored.metadata.num_columns)
        _examine_texts(stored)
    frame = pd.read_parquet(file)
    names = [str(name) for name in frame.columns]
    plain = isinstance(frame.index, pd.RangeIndex) and frame.index.names == [None]
    levels = {} if plain else {str(n): frame.index.get_level_values(i) for i, n in _named(frame.index)}
    if twice := sorted(levels.keys() & set(names)):
        raise ValueError(f"{name_text(twice)} names a column and the index; rename one")
    unnamed = 0 if plain else frame.index.nlevels - len(levels)
    notes = (["the index is left out"] if unnamed == 1 else []) + ([f"{unnamed} indices are left out"] * (unnamed > 1))
    notes += [f"the index {name_text(list(levels))} is no feature"] if levels else []
    frame = frame.reset_index(drop=True)
    frame.columns = names
    if any(map(is_nameless, names)):
        frame, named = name_columns(frame, names)
        notes += named
    if levels:
        frame = pd.concat([frame, pd.DataFrame({name: pd.Series(values) for name, values in levels.items()})], axis=1)
    _decode(frame)
    return Table(frame, tuple(notes), apart=tuple(levels))


def _examine_texts(stored: pq.ParquetFile) -> None:
    """Refuse texts that no text can be: pandas takes them over unread, and whoever reads one fails much later."""
    from pyarrow import types

    others = [field.name for field in stored.schema_arrow if not types.is_primitive(field.type)]
    for batch in stored.iter_batches(columns=others) if others else ():  # numbers and dates are what they are
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            try:
                column.validate(full=True)
            except ValueError as error:
                raise ValueError(f"the column '{name}' is damaged ({error}); write the file again") from None


def _decode(frame: pd.DataFrame) -> None:
    """Make bytes texts, as other tools read them; what is no UTF-8 by its numbers, so that what differs stays apart."""
    for place in np.flatnonzero(frame.dtypes == np.dtype(object)).tolist():
        column = frame.iloc[:, place]
        if any(isinstance(value, bytes) for value in column):
            frame.isetitem(place, column.map(_text_of))


def _text_of(value: object) -> object:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value


def _named(index: pd.Index) -> list[tuple[int, object]]:
    return [(i, name) for i, name in enumerate(index.names) if name is not None]
