"""Symmetric positive definite matrices under four metrics."""

from __future__ import annotations

from typing import Any

import numpy as np

from .space import FlatSpace, Space, in_blocks, real_array, symmetric

_MAX_ITERATIONS = 100
_TOLERANCE = 1e-12
_DESCRIBED = "symmetric positive definite matrices (n, d, d)"


def spd_array(y: Any, unit_diagonal: bool = False) -> np.ndarray:
    """Symmetric positive definite matrices, or a message that says which is not.

    With ``unit_diagonal`` they are judged as matrices of correlation, whatever the units of rows and columns: this is
    what a Cholesky factorisation needs, while logarithms of matrices need the eigenvalues themselves.
    """
    array = real_array(y, _DESCRIBED, (3,))
    if array.shape[1] != array.shape[2]:
        raise ValueError(f"y must hold {_DESCRIBED}; got an array of shape {array.shape}")
    array = symmetric(array, y, f"y must hold {_DESCRIBED}")
    judged = array
    if unit_diagonal:
        diagonal = np.einsum("nii->ni", array)
        root = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
        judged = array / root[:, :, None] / root[:, None, :]
    lowest = np.linalg.eigvalsh(judged)[:, 0]
    if (bad := np.flatnonzero(lowest <= 0.0)).size:
        raise ValueError(
            f"y must hold {_DESCRIBED}; y[{bad[0]}] has the eigenvalue {lowest[bad[0]]:g}"
            + (" when scaled to a unit diagonal" if unit_diagonal else "")
            + (f" ({bad.size} matrices have one that is not positive)" if bad.size > 1 else "")
        )
    return array


def _flattened(y: np.ndarray) -> np.ndarray:
    """Entries as coordinates: on and below the diagonal, the latter times the root of two."""
    rows, columns = np.tril_indices(y.shape[1])
    return y[:, rows, columns] * np.where(rows == columns, 1.0, np.sqrt(2.0))


def _apply(function: Any, y: np.ndarray) -> np.ndarray:
    """A function of symmetric matrices through their eigenvalues."""
    values, vectors = np.linalg.eigh(y)
    return (vectors * function(values)[..., None, :]) @ np.swapaxes(vectors, -1, -2)


class Frobenius(FlatSpace):
    r""":math:`d(A, B) = \|A - B\|_F`."""

    name = "frobenius"
    described = _DESCRIBED

    def prepare(self, y: Any) -> np.ndarray:
        """Entries, isometrically."""
        return _flattened(spd_array(y))


class LogEuclidean(FlatSpace):
    r""":math:`d(A, B) = \|\log A - \log B\|_F` (Arsigny, Fillard, Pennec and Ayache 2007)."""

    name = "log_euclidean"
    described = _DESCRIBED

    def prepare(self, y: Any) -> np.ndarray:
        """Entries of the matrix logarithm, isometrically."""
        return _flattened(_apply(np.log, spd_array(y)))


class LogCholesky(FlatSpace):
    r"""Log-Cholesky metric (Lin 2019).

    .. math:: d^2(A, B) = \sum_{i > j} (L_{ij} - M_{ij})^2 + \sum_i (\log L_{ii} - \log M_{ii})^2

    with Cholesky factors :math:`A = L L^\top` and :math:`B = M M^\top`.
    """

    name = "log_cholesky"
    described = _DESCRIBED

    def prepare(self, y: Any) -> np.ndarray:
        """The factor's entries below the diagonal, and the logarithms of those on it."""
        factor = np.linalg.cholesky(spd_array(y, unit_diagonal=True))
        rows, columns = np.tril_indices(factor.shape[1], -1)
        return np.hstack([np.log(np.einsum("nii->ni", factor)), factor[:, rows, columns]])


class AffineInvariant(Space):
    r"""Affine-invariant distance :math:`d(A, B) = \|\log A^{-1/2} B A^{-1/2}\|_F` (Pennec 2006), a curved space.

    Notes
    -----
    One eigenvalue problem of size d per pair: ``O(n^2 d^3)``.
    """

    name = "affine_invariant"
    described = _DESCRIBED

    def prepare(self, y: Any) -> np.ndarray:
        """The matrices."""
        return spd_array(y)

    def distances(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Logarithms of the eigenvalues of :math:`L^{-1} B L^{-\\top}` with :math:`A = L L^\\top`."""
        return in_blocks(_affine_row, np.linalg.inv(np.linalg.cholesky(a)), b)

    def pairwise(self, y: np.ndarray) -> np.ndarray:
        """Each pair once."""
        out = np.zeros((len(y), len(y)))
        whiteners = np.linalg.inv(np.linalg.cholesky(y))
        for i in range(len(y) - 1):
            out[i, i + 1 :] = _affine_row(whiteners[i], y[i + 1 :])
        return out + out.T

    def mean(self, groups: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Karcher means by fixed-point steps, started at the log-Euclidean means."""
        logs = np.einsum("mk,mkij->mij", weights, _apply(np.log, groups))
        mean = _apply(np.exp, logs)
        for _ in range(_MAX_ITERATIONS):
            root, inverse = _apply(np.sqrt, mean), _apply(lambda values: values**-0.5, mean)
            inner = inverse[:, None] @ groups @ inverse[:, None]
            step = np.einsum("mk,mkij->mij", weights, _apply(np.log, (inner + np.swapaxes(inner, -1, -2)) / 2.0))
            mean = root @ _apply(np.exp, step) @ root
            mean = (mean + np.swapaxes(mean, -1, -2)) / 2.0
            if np.abs(step).max(initial=0.0) < _TOLERANCE:
                break
        return mean


def _affine_row(whitener: np.ndarray, b: np.ndarray) -> np.ndarray:
    inner = whitener @ b @ whitener.T
    values = np.linalg.eigvalsh((inner + np.swapaxes(inner, -1, -2)) / 2.0)
    return np.sqrt((np.log(np.maximum(values, 1e-300)) ** 2).sum(axis=1))
