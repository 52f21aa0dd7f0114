"""A better dual bound of the Peng-Wei program where it is not tight: the label multiplier, improved by descent."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from seedbed.clustering.convex.fantope import project_eigenvalues

from .factored_certificate import FactoredBound

# Smoothing relative to the largest eigenvalue of the Gram matrix, and steps of the search at each.
SMOOTHING = (0.02, 0.002)
STEPS = 60
# Numbers that the search may have as variables (with its memory they take some 200 bytes each), and the order of its
# eigenproblems, p + K (K - 1): 15 ms per step.
LARGEST, LARGEST_ORDER = 6_000_000, 400


def refined_bound(bounds: FactoredBound, level: float) -> tuple[float, float]:
    """Bound from the refined multiplier that starts at the label multiplier of ``level``, and its margin.

    Parameters
    ----------
    bounds : FactoredBound
    level : float

    Returns
    -------
    upper, margin : float
        As valid as :meth:`FactoredBound.upper`: whatever the search ends with is nonnegative.
    """
    search = MultiplierSearch(bounds, level)
    search.run()
    return bounds.upper_from(lambda cluster, block: search.slack[block], search.divisor)


def search_is_affordable(n_samples: int, n_features: int, n_clusters: int) -> bool:
    """Whether the search keeps to about a gigabyte and to milliseconds per eigenproblem.

    Examples
    --------
    >>> search_is_affordable(10**6, 20, 4), search_is_affordable(10**4, 20, 30)
    (True, False)
    """
    order = n_features + n_clusters * (n_clusters - 1)
    return n_samples * (n_clusters - 1) <= LARGEST and order <= LARGEST_ORDER


class MultiplierSearch:
    r"""Descent on the dual bound over the vectors that the label multiplier is made of.

    For clusters ``b`` and ``a`` the multiplier's block is :math:`u_{ba} u_{ab}^\top / d_{ab}`, with one nonnegative
    number per point and other cluster. Complementary slackness with the partition sets them in
    :func:`label_multiplier`; where the partition is not optimal for the program there are better ones. The bound's sum
    of eigenvalues, :math:`\max_W \langle B, W\rangle` over :math:`0 \le W \le I` with
    :math:`\operatorname{tr} W = K - 1`, is made smooth by subtracting :math:`\tfrac\mu2\lVert W\rVert^2`, and
    L-BFGS-B lowers it for falling ``mu``.

    Parameters
    ----------
    bounds : FactoredBound
    level : float
        Of the label multiplier to start from.

    Attributes
    ----------
    slack : ndarray of shape (n, K - 1)
        The vectors, rows as in ``bounds.points``, columns the other clusters in order.
    divisor : ndarray of shape (K, K)

    Notes
    -----
    With ``F = [X, G]``, ``G`` the vectors in one column per ordered pair, ``A + N = F C F'``. The eigenpairs come from
    the Gram matrix of ``F``, which is enough for a search; the bound itself is computed afterwards, with a margin.
    One evaluation costs ``O(n (p + K)^2 + (p + K^2)^3)``. The problem in these vectors is not convex.

    References
    ----------
    Y. Nesterov (2007), Smoothing technique and its applications in semidefinite optimization, Math. Program. 110.
    """

    def __init__(self, bounds: FactoredBound, level: float):
        n, p = bounds.points.shape
        clusters = len(bounds.sizes)
        self._rows_of, self._n, self._p = bounds.rows, n, p
        self._others = [np.flatnonzero(np.arange(clusters) != b) for b in range(clusters)]
        # Rows of F without the zeros: the point, and its cluster's own columns of G.
        self._rows = np.empty((n, p + clusters - 1))
        self._rows[:, :p] = bounds.points
        self._scale = float(np.linalg.norm(bounds.points.T @ bounds.points, 2))
        self._rows[:, :p] /= np.sqrt(self._scale)
        self.slack = np.empty((n, clusters - 1))
        totals = np.zeros((clusters, clusters))
        for b, rows in enumerate(bounds.rows):
            self.slack[rows] = bounds.slack(b, rows, level)
            totals[b, self._others[b]] = self.slack[rows].sum(axis=0)
        self.divisor = np.maximum(totals, totals.T)
        self.divisor[self.divisor == 0.0] = 1.0
        pairs = [(b, a) for b in range(clusters) for a in self._others[b]]
        core = np.zeros((p + len(pairs), p + len(pairs)))
        core[:p, :p] = np.eye(p)
        for i, (b, a) in enumerate(pairs):
            core[p + i, p + pairs.index((a, b))] = self._scale / self.divisor[b, a]
        self._core = core
        self._unit = float(self.slack.mean()) or 1.0
        self._columns = [
            np.concatenate([np.arange(p), p + b * (clusters - 1) + np.arange(clusters - 1)]) for b in range(clusters)
        ]

    def run(self) -> None:
        """Lower the bound; ``slack`` is where it ends."""
        for smoothing in SMOOTHING:
            found = minimize(
                lambda values, mu=smoothing: self._evaluate(values, mu),
                self.slack.ravel() / self._unit,
                jac=True,
                method="L-BFGS-B",
                bounds=[(0.0, None)] * self.slack.size,
                # the gradient is spread over all numbers, so that its size says little
                options={"maxiter": STEPS, "maxcor": 8, "ftol": 1e-7, "gtol": 0.0},
            )
            # any nonnegative numbers make a bound, also those of a search that an eigensolver has misled
            self.slack = np.nan_to_num(np.maximum(found.x, 0.0), posinf=0.0).reshape(self.slack.shape) * self._unit

    def _evaluate(self, values: np.ndarray, mu: float) -> tuple[float, np.ndarray]:
        """Smoothed bound over the largest eigenvalue of the Gram matrix, and its gradient."""
        p, clusters = self._p, len(self._rows_of)
        self._rows[:, p:] = values.reshape(self.slack.shape)
        # slack / scale of the points, so that both parts of F are of order one
        self._rows[:, p:] *= self._unit / self._scale
        gram, sums = self._gram()
        centred = gram - np.outer(sums, sums) / self._n
        squares, axes = np.linalg.eigh(centred)
        kept = squares > 1e-12 * squares[-1]
        root = axes[:, kept] * np.sqrt(squares[kept])
        spectrum, vectors = np.linalg.eigh(root.T @ self._core @ root)
        positive = spectrum > 1e-9
        spectrum, image = spectrum[positive], root @ vectors[:, positive]
        padded = np.concatenate([np.zeros(clusters - 1), spectrum])
        shares = project_eigenvalues(padded / mu, clusters - 1.0)[0]
        value = float(sums @ self._core @ sums) / self._n + float(padded @ shares - 0.5 * mu * shares @ shares)
        # eigenvectors are P F (C image / eigenvalue); G's products with them are its rows of ``image``
        maps = (self._core @ image / spectrum * shares[clusters - 1 :]) @ image.T
        means = (sums - sums @ maps) / self._n
        gradient = np.empty(self.slack.shape)
        for b, rows in enumerate(self._rows_of):
            towards = [p + a * (clusters - 1) + int(np.flatnonzero(self._others[a] == b)[0]) for a in self._others[b]]
            weights = 2.0 * self._unit / self.divisor[b, self._others[b]]
            gradient[rows] = self._rows[rows] @ maps[np.ix_(self._columns[b], towards)] + means[towards]
            gradient[rows] *= weights
        return value, gradient.ravel()

    def _gram(self) -> tuple[np.ndarray, np.ndarray]:
        """``F'F`` and ``F'1``, whose columns are the points' and then one per ordered pair of clusters."""
        gram, sums = np.zeros_like(self._core), np.zeros(len(self._core))
        for rows, columns in zip(self._rows_of, self._columns, strict=True):
            part = self._rows[rows]
            gram[np.ix_(columns, columns)] += part.T @ part
            sums[columns] += part.sum(axis=0)
        return gram, sums
