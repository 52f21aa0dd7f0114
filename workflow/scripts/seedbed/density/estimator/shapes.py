"""The shape of a kernel: coordinates in which it is a sphere, and what stands in the way of a shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.linalg import solve_triangular

from seedbed.density.bandwidths.principal_axes import FLAT
from seedbed.density.scales import SMALLEST

SINGULAR = 1e-12  # the smallest eigenvalue over the largest, of columns in units of their deviations


@dataclass(frozen=True, eq=False)
class Shape:
    """A positive definite matrix S; the kernel of width h has the covariance h^2 S.

    ``root`` is a vector of deviations where S is diagonal, else the lower Cholesky factor.
    """

    matrix: np.ndarray
    root: np.ndarray

    @classmethod
    def of(cls, matrix: np.ndarray) -> Shape:
        """The shape of a matrix."""
        if np.count_nonzero(matrix - np.diag(np.diag(matrix))) == 0:
            return cls(matrix, np.sqrt(np.diag(matrix)))
        return cls(matrix, np.linalg.cholesky(matrix))

    def coordinates(self, X: np.ndarray) -> np.ndarray:
        """Rows in coordinates in which S is the identity."""
        return X / self.root if self.root.ndim == 1 else solve_triangular(self.root, X.T, lower=True).T

    def back(self, Z: np.ndarray) -> np.ndarray:
        """From the coordinates to the rows."""
        return Z * self.root if self.root.ndim == 1 else Z @ self.root.T

    def pull_back(self, gradients: np.ndarray) -> np.ndarray:
        """Gradients with respect to the rows from those with respect to the coordinates."""
        if self.root.ndim == 1:
            return gradients / self.root
        return solve_triangular(self.root, gradients.T, lower=True, trans=1).T

    def log_det_root(self) -> float:
        """Half the logarithm of the determinant of S."""
        return float(np.log(self.root if self.root.ndim == 1 else np.diag(self.root)).sum())


def covariance(X: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Of rows with weights that add up to 1, with that divisor: copies and weights mean the same."""
    centred = X - weights @ X
    return (centred.T * weights) @ centred


class Obstacle(NamedTuple):
    """What rows lack for a kernel of some kind, which columns to take instead, and which other kinds would do."""

    missing: str
    columns: str
    kinds: str


def obstacle(X: np.ndarray, weights: np.ndarray, kind: str, names: list[str]) -> Obstacle | None:
    """Why rows have no kernel of this kind, if they have none."""
    if kind == "isotropic":
        return None
    mean = weights @ X
    variances = weights @ (X - mean) ** 2
    constant = np.flatnonzero(np.ptp(X, axis=0) <= np.maximum(1e-14 * np.abs(X).max(axis=0), SMALLEST))
    if constant.size:
        others = f" and {constant.size - 1} more" if constant.size > 1 else ""
        return Obstacle(
            f"columns that vary; {names[constant[0]]}{others} is constant", "leave constant columns out",
            "covariance='isotropic'",
        )  # fmt: skip
    if kind == "diagonal":
        return None
    deviations = np.sqrt(variances)
    eigenvalues = np.linalg.eigvalsh(covariance((X - mean) / deviations, weights))
    rank = int((eigenvalues > SINGULAR * eigenvalues[-1]).sum())
    if rank == X.shape[1]:
        return None
    return Obstacle(
        f"{X.shape[1]} independent columns; these {len(X)} different rows span {rank} dimensions",
        "take fewer columns (leave out what depends on others, or sklearn.decomposition.PCA)",
        "covariance='diagonal' or 'isotropic'",
    )


def shape_of(X: np.ndarray, weights: np.ndarray, kind: str) -> Shape:
    """The shape of this kind: a sphere of width 1, or one as the data have it."""
    if kind == "isotropic":
        return Shape(np.eye(X.shape[1]), np.ones(X.shape[1]))
    S = covariance(X, weights)
    return Shape.of(np.diag(np.diag(S)) if kind == "diagonal" else S)


def given_shape(matrix, d: int) -> Shape:
    """The shape of a user's matrix.

    Raises
    ------
    ValueError
        If it is no symmetric positive definite d x d matrix.
    """
    S = np.asarray(matrix, np.float64)
    if S.shape != (d, d) or not np.isfinite(S).all() or np.abs(S - S.T).max() > 1e-8 * np.abs(S).max():
        raise ValueError(f"covariance must be a symmetric {d} x {d} matrix of finite numbers, got shape {S.shape}")
    S = 0.5 * (S + S.T)
    deviations = np.sqrt(np.maximum(np.diag(S), 0.0))
    values = np.linalg.eigvalsh(S / np.outer(deviations, deviations)) if deviations.min() > 0.0 else np.zeros(d)
    if not values[0] >= FLAT * values[-1] > 0.0:
        raise ValueError(
            f"covariance must be positive definite; its smallest eigenvalue is {np.linalg.eigvalsh(S)[0]:.3g}"
        )
    return Shape.of(S)
