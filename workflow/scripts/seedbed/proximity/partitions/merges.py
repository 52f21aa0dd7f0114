"""The merges of Ward's method: compiled where rows are long, or numba's loops loaded already; else SciPy's.

Both find the same, up to rounding, ties included.
"""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np

from seedbed.optional_numba import none_without_numba

LONG = 2000  # rows from which one tree gains more than it takes to load numba, half a second
_LARGEST = 1e150  # squares of distances, and their sums, are finite: the loops look for no NaN


@none_without_numba
def _loops() -> ModuleType:
    from . import chain_loops

    return chain_loops


def ward_merges(distances: np.ndarray) -> np.ndarray:
    """The tree of Ward's method, of shape (n - 1, 4), as :func:`scipy.cluster.hierarchy.linkage` writes it.

    Parameters
    ----------
    distances : ndarray of shape (n, n)
        Symmetric, and zero on the diagonal; written over.

    Raises
    ------
    ValueError
        For distances that are not finite.
    """
    pays = len(distances) >= LONG or f"{__package__}.chain_loops" in sys.modules
    loops = _loops() if pays and distances.max() < _LARGEST else None
    if loops is None:
        from scipy.cluster.hierarchy import linkage
        from scipy.spatial.distance import squareform

        return linkage(squareform(distances, checks=False), "ward")
    found = loops.unsorted_merges(distances)
    tree = np.empty((len(found), 4))
    tree[:, :3] = found[np.argsort(found[:, 2], kind="stable")]
    loops.number_clusters(tree)
    return tree
