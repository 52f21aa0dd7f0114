r"""Dimension from the distances between data: kernel weights, maximum likelihood, two nearest neighbours."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

from seedbed.counts import whole_number
from seedbed.diffusion.scalars import is_real

from .nearest import nearest_rows

__all__ = ["KernelDimension", "LevinaBickelMLE", "TwoNN"]


_NEAR = 20  # neighbours of a local estimate
_EQUAL = 1e-12  # of squared distances: what is less apart was made so by rounding, of a lattice that is turned
_ROWS = 256  # whose bandwidths are found together: their weights stay near the processor


class _NeighbourDimension(BaseEstimator):
    """What the three share: distinct rows and their sorted distances."""

    def _distances(self, X: Any, n_neighbors: int, needed: int) -> tuple[np.ndarray, np.ndarray]:
        """Sorted distances (m, k) of distinct rows to their neighbours, and which of them each row of X is."""
        distances, _, which = self._neighbours(X, n_neighbors, needed)
        return distances, which

    def _neighbours(self, X: Any, n_neighbors: int, needed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same with the neighbours themselves, (m, k)."""
        X = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        which = np.arange(len(X))
        if _repeats(X):  # only then is it worth sorting the rows
            distinct, which = np.unique(X, axis=0, return_inverse=True)
            text = f"{len(X) - len(distinct)} of {len(X)} rows repeat another; each counts once"
            warnings.warn(f"{type(self).__name__}: {text}", UserWarning, stacklevel=4)
            X = distinct
        if len(X) <= needed:
            raise ValueError(f"{needed + 1} distinct rows are needed, got {len(X)} of n_samples={len(which)}")
        distances, nearest = nearest_rows(X, min(n_neighbors, len(X) - 1))
        return np.maximum(distances, np.finfo(np.float64).tiny), nearest, which.ravel()


class KernelDimension(_NeighbourDimension):
    r"""The slope of a leave-one-out kernel density in its log bandwidth, at a bandwidth that the data choose.

    For each point weights :math:`\gamma_j \propto \exp(-d_j^2/2\sigma^2)` over the other points, with sigma such that
    the perplexity, the exponential of their entropy, is 20; then :math:`\sum_j \gamma_j d_j^2/\sigma^2`: the local
    dimension from the exact score of the other points (FLIPD), at a scale of so many neighbours.

    Parameters
    ----------
    perplexity : float, default=20.0
        Effective number of neighbours, above 1.

    Attributes
    ----------
    dimension_ : float
        Mean over points.
    dimension_pw_ : ndarray of shape (n_samples,)
        Infinite where as many neighbours as ``perplexity`` tie for the nearest: there the bandwidth is zero.
    bandwidth_pw_ : ndarray of shape (n_samples,)
        sigma of each point.
    n_features_in_ : int

    Notes
    -----
    The ten times ``perplexity`` nearest points are looked at; O(n d k) after the neighbour search. The point itself is
    left out, or every estimate tends to zero. Invariant under rotation, scale, and embedding in more coordinates.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.diffusion import KernelDimension
    >>> X = np.random.default_rng(0).uniform(size=(1000, 3)) @ np.eye(3, 8)
    >>> round(KernelDimension().fit(X).dimension_)
    3
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, perplexity: float = 20.0) -> None:
        self.perplexity = perplexity

    def fit(self, X: Any, y: Any = None) -> KernelDimension:
        """Estimate the dimension.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : ignored

        Raises
        ------
        ValueError
            If there are not twice as many other distinct rows as ``perplexity``, or a parameter is out of range.
        """
        if not is_real(self.perplexity) or not self.perplexity > 1:
            raise ValueError(f"perplexity must be above 1, got {self.perplexity!r}")
        # as it nears the number of others their weights become equal, and the estimate zero, whatever the data
        distances, which = self._distances(X, 10 * int(np.ceil(self.perplexity)), int(np.ceil(2 * self.perplexity)))
        scale = distances.mean(axis=1, keepdims=True)
        squares = (distances / scale) ** 2
        precision, mean = _fitted(squares, np.log(self.perplexity))
        precision[(squares <= (1 + _EQUAL) * squares[:, :1]).sum(axis=1) >= self.perplexity] = np.inf
        self.dimension_pw_ = 2 * (precision * mean)[which]
        self.bandwidth_pw_ = (scale[:, 0] / np.sqrt(2 * precision))[which]
        self.dimension_ = float(self.dimension_pw_.mean())
        return self


class LevinaBickelMLE(_NeighbourDimension):
    r"""Maximum likelihood from k nearest neighbours: :math:`(k-2)/\sum_{j<k}\log(T_k/T_j)`.

    Parameters
    ----------
    n_neighbors : int, default=20
        k, at least 3.

    Attributes
    ----------
    dimension_ : float
        Harmonic mean over points, that is the inverse of the mean of inverses.
    dimension_pw_ : ndarray of shape (n_samples,)
    n_features_in_ : int

    References
    ----------
    E. Levina, P. Bickel (2004), Maximum likelihood estimation of intrinsic dimension, NIPS; the harmonic mean is
    D. MacKay's and Z. Ghahramani's correction.
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, n_neighbors: int = 20) -> None:
        self.n_neighbors = n_neighbors

    def fit(self, X: Any, y: Any = None) -> LevinaBickelMLE:
        """Estimate the dimension; raises `ValueError` if there are not more distinct rows than ``n_neighbors``."""
        k = whole_number(self.n_neighbors, "n_neighbors", 3)
        distances, which = self._distances(X, k, k)
        logs = np.log(distances[:, -1:] / distances[:, :-1]).sum(1)
        inverse = logs[which] / (k - 2)
        with np.errstate(divide="ignore"):
            self.dimension_pw_ = 1 / inverse
        self.dimension_ = float(1 / inverse.mean()) if inverse.any() else np.inf
        return self


class TwoNN(_NeighbourDimension):
    r"""From the ratio of the two nearest distances: :math:`(n-1)/\sum\log(r_2/r_1)`.

    Attributes
    ----------
    dimension_ : float
        From all points at once.
    dimension_pw_ : ndarray of shape (n_samples,)
        The same from the twenty nearest neighbours of each point, and so within about a quarter of it.
    n_features_in_ : int

    References
    ----------
    E. Facco, M. d'Errico, A. Rodriguez, A. Laio (2017), Estimating the intrinsic dimension of datasets by a minimal
    neighborhood information, Scientific Reports 7; here by maximum likelihood, unbiased.
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def fit(self, X: Any, y: Any = None) -> TwoNN:
        """Estimate the dimension; raises `ValueError` if there are fewer than four distinct rows."""
        distances, nearest, which = self._neighbours(X, _NEAR, 3)
        logs = np.log(distances[:, 1] / distances[:, 0])
        with np.errstate(divide="ignore"):
            self.dimension_ = float((len(logs) - 1) / logs.sum())
            self.dimension_pw_ = ((nearest.shape[1] - 1) / logs[nearest].sum(1))[which]
        return self


def _repeats(X: np.ndarray) -> bool:
    """Whether a row is there twice: not if a column has no number twice, and the first tells of most tables."""
    if len(np.unique(X[:, 0])) == len(X):
        return False
    return len({row.tobytes() for row in X + 0.0}) < len(X)  # of two zeros one


def _fitted(squares: np.ndarray, entropy: float) -> tuple[np.ndarray, np.ndarray]:
    """1 / (2 sigma^2) for which the weights have this entropy, and the weighted mean of the squares, of each row."""
    blocks = [_newton(squares[start : start + _ROWS], entropy) for start in range(0, len(squares), _ROWS)]
    precisions, means = zip(*blocks, strict=True)
    return np.concatenate(precisions), np.concatenate(means)


def _newton(squares: np.ndarray, entropy: float, n_steps: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """The same for a block of rows: Newton in the logarithm, kept in a bracket; rows that are found are left alone.

    The entropy falls in the precision, :math:`dH/d\\log b = -b^2 \\mathrm{Var}(d^2)`; as many neighbours as there are
    bound it from above.
    """
    found = np.log(2.0 / np.maximum(squares.mean(1), 1e-300))
    means, rows = np.empty(len(squares)), np.arange(len(squares))
    nearest = squares[:, 0]
    gaps, low, high = squares - nearest[:, None], np.full(len(squares), -30.0), np.full(len(squares), 60.0)
    for _ in range(n_steps):
        logarithm = found[rows]
        precision = np.exp(logarithm)
        weights = np.exp(-precision[:, None] * gaps)
        total = weights.sum(1)
        mean = np.vecdot(weights, gaps) / total
        means[rows] = nearest[rows] + mean
        excess = precision * mean + np.log(total) - entropy
        open_ = np.abs(excess) >= 1e-12
        if not open_.any():
            break
        weights *= gaps
        slope = precision**2 * (np.vecdot(weights, gaps) / total - mean**2)
        low, high = np.where(excess > 0, logarithm, low), np.where(excess > 0, high, logarithm)
        with np.errstate(over="ignore"):  # where hardly any slope is left the step leaves the bracket, which is halved
            step = logarithm + excess / np.where(slope > 0, slope, 1.0)
        inside = (step > low) & (step < high) & (slope > 0)
        found[rows[open_]] = np.where(inside, step, (low + high) / 2)[open_]
        rows, gaps, low, high = rows[open_], gaps[open_], low[open_], high[open_]
    return np.exp(found), means
