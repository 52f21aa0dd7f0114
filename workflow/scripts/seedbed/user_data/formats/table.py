"""A table as it was understood, whatever format it came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Table:
    """What a reader made of a file.

    ``notes`` say how it was read, where that is not plain. The columns ``apart`` (an index, arrays beside ``X``) are
    features only where they are asked for by name. ``unfit`` names what the file holds and no column can be made of,
    with the reason and the cure. After a choice of the user's (:mod:`.choices`) ``features`` are the columns that it
    made, ``unused`` those that are gone, ``rows`` the numbers of the rows that are left (None: all of them), and
    ``recipe`` makes the same features of other rows (:class:`seedbed.user_data.recipe.Recipe`).
    """

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    unfit: Mapping[str, str] = field(default_factory=dict)
    features: tuple[str, ...] | None = None
    unused: tuple[str, ...] = ()
    rows: tuple[int, ...] | None = None
    recipe: Any = None

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def row_numbers(self) -> np.ndarray:
        """Where the rows stand in the file, data rows counted from one."""
        return np.arange(1, len(self) + 1) if self.rows is None else np.array(self.rows)

    @property
    def names(self) -> list[str]:
        """The columns there are."""
        return list(self.frame.columns)
