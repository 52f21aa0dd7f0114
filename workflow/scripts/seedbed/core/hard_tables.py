"""Data that few methods think of: what a stranger's table is like."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def hard_tables(data: Mapping[str, np.ndarray]) -> dict[str, dict[str, np.ndarray]]:
    """Variations of one replicate that leave every other array as it is: title -> data; none without a table ``X``.

    ``Study.hard_cases`` names a function of this shape for what only the study knows.
    """
    X = data.get("X")
    if X is None or X.ndim != 2 or X.dtype.kind != "f" or len(X) < 4:
        return {}
    constant, twice, outlier, equal = X.copy(), X.copy(), X.copy(), X.copy()
    constant[:, 0] = X[0, 0]
    twice[1::2] = twice[: 2 * (len(X) // 2) : 2]
    outlier[0] *= 1e6
    equal[:] = X[0]
    tables = {
        "a constant column": constant,
        "every row twice": twice,
        "one far outlier": outlier,
        "tiny units (1e-100)": X * 1e-100,
        "huge units (1e100)": X * 1e100,
        "all rows equal": equal,
    }
    return {title: {**data, "X": table} for title, table in tables.items()}
