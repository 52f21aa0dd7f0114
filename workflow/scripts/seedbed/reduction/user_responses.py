"""The user's own responses: columns of numbers as objects of a space, and how many rows are used."""

from __future__ import annotations

from typing import Literal

import numpy as np

from seedbed.reduction.response import Response

Metric = Literal[
    "euclidean", "discrete", "wasserstein", "frobenius", "log_euclidean", "log_cholesky", "affine_invariant",
    "geodesic", "aitchison", "fisher_rao",
]  # fmt: skip
_MATRICES = ("frobenius", "log_euclidean", "log_cholesky", "affine_invariant")
FEWEST_TRAIN, FEWEST_TEST = 20, 10


def objects_of(values: np.ndarray, metric: str) -> np.ndarray:
    """Rows of numbers (n, k) as objects: matrices are read row by row, a single column is a vector of numbers.

    Raises
    ------
    ValueError
        If the rows do not belong to the space.
    """
    if metric in _MATRICES:
        size = round(np.sqrt(values.shape[1]))
        if size * size != values.shape[1]:
            raise ValueError(f"{metric} needs d * d columns, the matrix row by row; got {values.shape[1]}")
        values = values.reshape(len(values), size, size)
    elif values.shape[1] == 1:
        values = values[:, 0]
    Response.of(values, metric)
    return values


def split_sizes(n_rows: int, sample_size: int | None, test_share: float) -> tuple[int, int]:
    """Training and test rows of one replicate."""
    used = n_rows if sample_size is None else sample_size
    n_test = round(test_share * used)
    return used - n_test, n_test


def bad_split(n_rows: int, sample_size: int | None, test_share: float) -> list[str]:
    """Messages for sizes that leave too few rows."""
    if sample_size is not None and sample_size > n_rows:
        return [f"sample_size is {sample_size}; there are {n_rows} rows"]
    if not 0.0 < test_share < 1.0:
        return [f"test_share must lie between 0 and 1, got {test_share}"]
    n_train, n_test = split_sizes(n_rows, sample_size, test_share)
    if n_train < FEWEST_TRAIN or n_test < FEWEST_TEST:
        return [
            f"{n_train} rows to fit and {n_test} to test on are left; at least {FEWEST_TRAIN} and {FEWEST_TEST} are "
            "needed (sample_size, test_share)"
        ]
    return []


def bad_features(X: np.ndarray, n_components: int) -> list[str]:
    """Messages for features from which so many components cannot be made."""
    if np.abs(X).max(initial=0.0) > 1e100:
        return ["features beyond 1e100 cannot be squared; rescale them"]
    rank = np.linalg.matrix_rank(X - X.mean(axis=0))
    if not 1 <= n_components <= rank:
        return [f"n_components is {n_components}; the features have {rank} independent columns"]
    return []
