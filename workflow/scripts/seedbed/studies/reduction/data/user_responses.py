"""The user's own responses: columns of numbers as objects of a space, and how many rows are used."""

from __future__ import annotations

from typing import Literal

import numpy as np

from seedbed.reduction.spaces.response import Response

Metric = Literal[
    "euclidean", "discrete", "wasserstein", "frobenius", "log_euclidean", "log_cholesky", "affine_invariant",
    "geodesic", "aitchison", "fisher_rao",
]  # fmt: skip
_MATRICES = ("frobenius", "log_euclidean", "log_cholesky", "affine_invariant")


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


def constant_response(objects: np.ndarray) -> list[str]:
    """A message if all objects are the same: nothing depends on any feature."""
    if (objects == objects[:1]).all():
        return ["the response is the same in all rows; there is nothing to learn from"]
    return []


def bad_features(X: np.ndarray, n_components: int) -> list[str]:
    """Messages for features from which so many components cannot be made."""
    if np.abs(X).max(initial=0.0) > 1e100:
        return ["features beyond 1e100 cannot be squared; rescale them"]
    if n_components < 1 or (rank := _rank(X, n_components)) < n_components:
        rank = _rank(X, min(X.shape))
        return [f"n_components is {n_components}; the features have {rank} independent columns"]
    return []


def _rank(X: np.ndarray, enough: int) -> int:
    """The rank of the centred features, or at least ``enough`` where it is as large as that.

    Looked for among as many random mixtures of rows and of columns as it takes: one pass over the table.
    """
    scale = X.std(axis=0)
    varying = scale > 1e-12 * np.abs(X).max(axis=0, initial=0.0)
    Z = (X[:, varying] - X[:, varying].mean(axis=0)) / scale[varying]
    rng, size = np.random.default_rng(0), min(enough + 10, *Z.shape)
    if size < Z.shape[1]:
        Z = Z @ rng.standard_normal((Z.shape[1], size))
    if size < Z.shape[0]:
        Z = rng.standard_normal((size, Z.shape[0])) @ Z
    return int(np.linalg.matrix_rank(Z)) if Z.size else 0
