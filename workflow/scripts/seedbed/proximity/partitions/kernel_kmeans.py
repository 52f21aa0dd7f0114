"""k-means on precomputed distances or a kernel."""

from __future__ import annotations

import warnings
from numbers import Integral
from typing import ClassVar

import numpy as np
from sklearn.base import _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval

from .precomputed import PrecomputedClustering
from .ward import numbered


class KernelKMeans(PrecomputedClustering):
    r"""k-means where only distances or inner products are known.

    .. math:: \min \sum_a \frac1{n_a} \sum_{i, j \in C_a} D_{ij} ,

    D half the squared distances, is the sum of squares within clusters. It depends on a kernel through its distances
    alone, so that centring changes nothing.

    Parameters
    ----------
    n_clusters : int, default=8
    metric : {"precomputed", "distance", "squared_distance", "kernel"}, default="precomputed"
        What the matrix holds. ``precomputed`` tells distances from a kernel by the diagonal, which of distances is
        zero.
    n_init : int, default=10
        Starts by k-means++; the best is kept.
    max_iter : int, default=300
    random_state : int, RandomState instance or None, default=None

    Attributes
    ----------
    labels_ : ndarray of shape (n,)
    inertia_ : float
        The sum of squares within clusters.
    n_iter_ : int
    metric_ : str
        What the matrix was taken for.
    n_features_in_ : int

    Raises
    ------
    ValueError
        For a matrix that is not square, not symmetric or not finite, or more clusters than rows.

    Notes
    -----
    ``O(n^2 K)`` per step. An empty cluster takes the point farthest from its own. Distances that are not Euclidean may
    make the iteration go round; it then ends after ``max_iter`` steps with a warning.

    Examples
    --------
    >>> import numpy as np
    >>> points = np.array([0.0, 1.0, 10.0, 11.0])
    >>> KernelKMeans(2, random_state=0).fit_predict(np.abs(points[:, None] - points)).tolist()
    [0, 0, 1, 1]
    """

    __module__ = "seedbed.proximity"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        **PrecomputedClustering._parameter_constraints,
        "n_init": [Interval(Integral, 1, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
    }

    def __init__(self, n_clusters=8, *, metric="precomputed", n_init=10, max_iter=300, random_state=None):
        self.n_clusters = n_clusters
        self.metric = metric
        self.n_init = n_init
        self.max_iter = max_iter
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Find the clusters.

        Parameters
        ----------
        X : array-like of shape (n, n)
        y : Ignored

        Returns
        -------
        self
        """
        (distances, unit), rng = self._begin(X), check_random_state(self.random_state)
        runs = [lloyd_of_distances(distances, self.n_clusters, self.max_iter, rng) for _ in range(self.n_init)]
        best = min(runs, key=lambda run: run[0])
        inertia, labels, self.n_iter_, settled = best
        self.inertia_ = float(self._in_units(inertia, unit, 2))
        self.labels_ = numbered(labels)
        if not settled:
            warnings.warn(
                f"KernelKMeans did not settle in {self.max_iter} iterations; raise max_iter", ConvergenceWarning, 2
            )
        return self


def lloyd_of_distances(distances: np.ndarray, n_clusters: int, max_iter: int, rng) -> tuple:
    """Lloyd's iteration from a k-means++ start: (sum of squares, labels, steps, settled)."""
    n = len(distances)
    labels = _nearest_seeds(distances, n_clusters, rng)
    steps, settled = 0, False
    while steps < max_iter and not settled:
        steps += 1
        squares = _squares_to_centres(distances, labels, n_clusters)
        new = squares.argmin(axis=1)
        new = _without_empty(new, squares[np.arange(n), new].copy(), n_clusters)
        settled = bool(np.array_equal(new, labels))
        labels = new
    squares = _squares_to_centres(distances, labels, n_clusters)
    return float(squares[np.arange(n), labels].sum()), labels, steps, settled


def _squares_to_centres(distances: np.ndarray, labels: np.ndarray, n_clusters: int) -> np.ndarray:
    """Squared distance of every point to every mean: ``2 D G/n_a - (G' D G)_aa / n_a^2``."""
    members = (labels[:, None] == np.arange(n_clusters)) / np.bincount(labels, minlength=n_clusters)
    products = distances @ members
    return 2.0 * products - np.einsum("ia,ia->a", members, products)


def _nearest_seeds(distances: np.ndarray, n_clusters: int, rng) -> np.ndarray:
    """k-means++: seeds with a chance in proportion to the squared distance to the nearest one so far."""
    seeds = [int(rng.randint(len(distances)))]
    nearest = np.maximum(distances[seeds[0]], 0.0).copy()
    for _ in range(1, n_clusters):
        total = nearest.sum()
        free = np.setdiff1d(np.arange(len(distances)), seeds)
        seed = int(rng.choice(len(nearest), p=nearest / total)) if total > 0 else int(free[rng.randint(len(free))])
        seeds.append(seed)
        nearest = np.minimum(nearest, np.maximum(distances[seed], 0.0))
    labels = distances[:, seeds].argmin(axis=1)
    labels[seeds] = np.arange(n_clusters)  # points that are equal would leave a seed without its own
    return labels


def _without_empty(labels: np.ndarray, squares: np.ndarray, n_clusters: int) -> np.ndarray:
    counts = np.bincount(labels, minlength=n_clusters)
    for empty in np.flatnonzero(counts == 0):
        allowed = np.where(counts[labels] > 1, squares, -np.inf)
        taken = int(allowed.argmax())
        counts[labels[taken]] -= 1
        labels[taken], squares[taken], counts[empty] = empty, -np.inf, 1
    return labels
