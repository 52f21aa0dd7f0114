"""Arrays of an NPZ file, and nothing else that such a file can hold."""

from __future__ import annotations

import numpy as np


def array_of(archive: np.lib.npyio.NpzFile, name: str) -> np.ndarray:
    """One array of a file that was opened with ``allow_pickle=False``.

    Raises
    ------
    ValueError
        If the member is damaged, holds Python objects, or is no array: NumPy hands out the bytes of such a one.
    """
    array = archive[name]
    if not isinstance(array, np.ndarray):
        raise ValueError(f"'{name}' is no array")
    return array
