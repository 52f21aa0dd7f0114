"""Largest eigenpairs of a symmetric matrix that changes little from call to call."""

from __future__ import annotations

import numpy as np
from scipy.linalg import LinAlgError, eigh
from scipy.linalg.lapack import dgeqrf, dorgqr

# The largest share of all directions that a block Krylov space may have: beyond, LAPACK is as fast, and exact.
KRYLOV_SHARE = 0.8


def largest_eigenpairs(matrix: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The ``count`` largest eigenpairs of a symmetric matrix, ascending, by LAPACK (never approximate)."""
    n = len(matrix)
    try:
        return eigh(matrix, subset_by_index=[n - count, n - 1], check_finite=False)
    except LinAlgError:
        # LAPACK's solver for a few eigenpairs can give up on many equal eigenvalues; the full one does not.
        values, vectors = np.linalg.eigh(matrix)
        return values[n - count :], vectors[:, n - count :]


def eigenvalue_sum(matrix: np.ndarray, count: int) -> float:
    """Sum of the ``count`` largest eigenvalues of a symmetric matrix, by LAPACK (never approximate)."""
    n = len(matrix)
    if count <= 0:
        return 0.0
    lowest = max(n - count, 0)
    try:
        values = eigh(matrix, eigvals_only=True, subset_by_index=[lowest, n - 1], check_finite=False)
    except LinAlgError:
        values = np.linalg.eigvalsh(matrix)[lowest:]
    return float(values.sum())


def _orthonormal(columns: np.ndarray) -> np.ndarray:
    """``Q`` of the QR decomposition, in place; NumPy's own takes longer around LAPACK than in it at these sizes."""
    reflectors, factors, *_ = dgeqrf(columns, overwrite_a=True)
    return dorgqr(reflectors, factors, overwrite_a=True)[0]


def double_centre(matrix: np.ndarray) -> np.ndarray:
    """``P M P`` with ``P = I - 11'/n``."""
    rows = matrix.mean(axis=1)
    return matrix - rows[:, None] - rows[None, :] + rows.mean()


class LeadingEigenpairs:
    """Eigenpairs above a threshold, for a sequence of similar symmetric matrices.

    Three ways, cheapest first: Rayleigh-Ritz in the block Krylov space ``span[V, MV]`` of the last
    eigenvectors ``V``; LAPACK for the largest few; LAPACK for all. The first is inexact, so every
    ``refresh``-th call is an exact one, and :meth:`exact_next` forces one.

    Parameters
    ----------
    n : int
        Order of the matrices.
    centred : bool
        Work on the orthogonal complement of the vector of ones.
    refresh : int
        Calls between two exact ones.

    Notes
    -----
    One inexact call costs ``4 n^2 q`` operations for ``q`` vectors, an exact one ``4/3 n^3 + 2 n^2 q``.
    A method that only needs orthonormal vectors in the right complement (as a projection that is used
    inside a safeguarded iteration) stays feasible whatever the accuracy of the vectors.
    """

    def __init__(self, n: int, centred: bool = False, refresh: int = 40):
        self.n = n
        self.centred = centred
        self.refresh = refresh
        self._rank = n
        self._vectors: np.ndarray | None = None
        self._since_exact = 0

    def used(self, rank: int, vectors: np.ndarray) -> None:
        """Report how many of the vectors lay above the threshold; they are the next call's start."""
        self._rank = rank
        wanted = self._size()
        self._vectors = vectors[:, -wanted:] if 2 * wanted <= KRYLOV_SHARE * self.n else None

    def exact_next(self) -> None:
        """Make the next call an exact one."""
        self._vectors = None

    def leading(self, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """About as many of the largest eigenpairs as the last call used, and some more, ascending."""
        size = self._size()
        if size > self.n // 3:
            return self.all(matrix)
        if self._vectors is not None and self._since_exact < self.refresh:
            self._since_exact += 1
            return self._krylov(matrix)
        self._since_exact = 0
        return largest_eigenpairs(self._deflate(matrix), size)

    def all(self, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """All eigenpairs (on the complement of the ones if ``centred``), ascending."""
        self._since_exact = 0
        values, vectors = np.linalg.eigh(self._deflate(matrix))
        return (values[1:], vectors[:, 1:]) if self.centred else (values, vectors)

    def _size(self) -> int:
        return self._rank + max(4, self._rank // 4)

    def _deflate(self, matrix: np.ndarray) -> np.ndarray:
        if not self.centred:
            return matrix
        # The vector of ones gets the smallest eigenvalue, so that it is never among the leading ones.
        return double_centre(matrix) - (np.linalg.norm(matrix) + np.finfo(float).tiny) / self.n

    def _krylov(self, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        old = self._vectors
        image = self._multiply(matrix, old)
        first, size = int(self.centred), old.shape[1]
        columns = np.empty((self.n, first + 2 * size), order="F")
        # In front, so that even a numerically dependent column ends orthogonal to the ones.
        columns[:, :first] = 1.0 / np.sqrt(self.n)
        columns[:, first : first + size] = old
        np.subtract(image, old @ (old.T @ image), out=columns[:, first + size :])
        basis = _orthonormal(columns)[:, first:]
        values, rotation = np.linalg.eigh(basis.T @ self._multiply(matrix, basis))
        count = min(len(values), size + 4)
        return values[-count:], basis @ rotation[:, -count:]

    def _multiply(self, matrix: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        image = matrix @ vectors
        return image - image.mean(axis=0) if self.centred else image
