r"""The leave-one-out likelihood of a bandwidth, all bandwidths in one pass.

.. math:: L(h) = \frac{1}{n} \sum_i \log \frac{1}{n - 1} \sum_{j \neq i} K_h(x_i - x_j)

With :math:`h_k = h_{max}/\sqrt k` the terms of a Gaussian kernel are powers of those of h_max: one exponential per pair
and multiplications give sixteen bandwidths. Each row is relative to its nearest point, so that no sum underflows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_array

from seedbed.counts import whole_number
from seedbed.density.kernels.radial_kernels import Gaussian, RadialKernel
from seedbed.density.scales import refuse_scales
from seedbed.density.sums import symmetric_powers
from seedbed.density.sums.kernel_sums import KernelSums
from seedbed.density.sums.threads import threads_of
from seedbed.density.sums.tiles import POWERS

from .curve_search import COARSE, NARROWEST, RANGE, LooChoice, best_of_curve, mean_and_error
from .distinct_rows import DistinctRows, checked_weights, distinct_rows, log_others, warn_of_copies
from .rules import start_of_search

N_LOO = 5000


@dataclass(frozen=True, eq=False)
class LooProblem:
    """Points that are left out one by one, in coordinates in which the kernel is a sphere.

    Parameters
    ----------
    points : ndarray (n, d)
        Distinct ones.
    weights : ndarray (n,)
        Adding up to 1.
    rows : ndarray of int
        Those that the mean is taken over.
    kernel : RadialKernel
    log_widths : ndarray (n,), optional
        Logarithms of relative widths.
    n_jobs : int or None
    """

    points: np.ndarray
    weights: np.ndarray
    rows: np.ndarray
    kernel: RadialKernel
    log_widths: np.ndarray | None = None
    n_jobs: int | None = None

    @classmethod
    def of(
        cls,
        points: np.ndarray,
        distinct: DistinctRows,
        rows: np.ndarray,
        kernel: RadialKernel,
        n_jobs: int | None = None,
    ) -> LooProblem:
        """The problem of the distinct rows of all points."""
        return cls(points[distinct.rows], distinct.weights, rows, kernel, None, n_jobs)

    @property
    def one_pass(self) -> bool:
        """Whether sixteen bandwidths cost one exponential."""
        return isinstance(self.kernel, Gaussian) and self.log_widths is None

    def best(self, start: float) -> LooChoice:
        """The bandwidth with the largest likelihood, searched from ``start`` on."""
        lowest = NARROWEST * float(np.ptp(self.points, axis=0).max())
        if self.log_widths is not None:
            lowest *= float(np.exp(-self.log_widths.min()))
        return best_of_curve(self.values, self.grid, start, refine=not self.one_pass, lowest=lowest)

    def grid(self, h_max: float) -> np.ndarray:
        """The bandwidths of one pass, in decreasing order."""
        if self.one_pass:
            return h_max / np.sqrt(np.arange(1, POWERS + 1))
        return h_max * np.geomspace(1.0, 1.0 / RANGE, COARSE)

    def log_densities(self, h: np.ndarray) -> np.ndarray:
        """Leave-one-out log densities of the rows at the bandwidths of a grid, (rows, bandwidths)."""
        queries, d = self.points[self.rows], self.points.shape[1]
        log_weights = None if np.ptp(self.weights) == 0.0 else np.log(self.weights)
        if self.one_pass and len(h) == POWERS:
            if log_weights is None and len(self.rows) == len(self.points):
                totals = symmetric_powers.log_sums_of_powers(self.points / h[0], self.n_jobs)
            else:
                sums = KernelSums(self.points / h[0], self.kernel, log_weights, n_jobs=self.n_jobs)
                totals = sums.log_sums_of_powers(queries / h[0], self.rows)
        else:
            several = (
                KernelSums(self.points / each, self.kernel, log_weights, self.log_widths, n_jobs=self.n_jobs)
                .log_sums(queries / each, self.rows)
                .log_total
                for each in h
            )
            totals = np.column_stack(list(several))
        others = log_others(self.weights, self.rows) if log_weights is not None else np.log(len(self.points) - 1.0)
        return totals - np.reshape(others, (-1, 1)) - d * np.log(h) + self.kernel.log_constant()

    def values(self, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Means over the rows, and their standard errors."""
        return mean_and_error(self.log_densities(h), self.weights[self.rows])


def chosen_rows(n: int, n_loo: int | None, random: np.random.RandomState) -> np.ndarray:
    """All rows, or as many at random."""
    if n_loo is None or n <= n_loo:
        return np.arange(n)
    return np.sort(random.permutation(n)[:n_loo])


def loo_bandwidth(
    X, n_loo: int | None = N_LOO, sample_weight=None, n_jobs: int | None = None, random_state=None
) -> float:
    """The bandwidth of a spherical Gaussian kernel with the largest leave-one-out likelihood.

    Parameters
    ----------
    X : array-like of shape (n, d)
    n_loo : int or None, default=5000
        Rows that the likelihood is averaged over, drawn at random, each against all others; None: all rows.
    sample_weight : array-like of shape (n,), optional
        Not negative; rows without weight are left out.
    n_jobs : int, optional
        Threads. The result hangs on it by rounding.
    random_state : int, RandomState or None
        For the rows.

    Returns
    -------
    float
        h, in the units of X: the kernel has the covariance h^2 I.

    Raises
    ------
    ValueError
        For data or weights that are no finite numbers, fewer than two different rows, or one with all the weight.

    Warns
    -----
    UserWarning
        If rows equal an earlier one; see Notes.

    Notes
    -----
    O(min(n, n_loo) n d) time for each pass over sixteen bandwidths, mostly one or two; memory O(n d). Copies of a row
    are left out with it: else the likelihood is infinite at h = 0.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.density import loo_bandwidth
    >>> X = np.random.default_rng(0).normal(size=(1000, 20))
    >>> f"{loo_bandwidth(X):.2f}"
    '0.86'
    """
    if n_loo is not None:
        n_loo = whole_number(n_loo, "n_loo", 2)
    threads_of(n_jobs)
    X = check_array(X, dtype=np.float64)
    weights = checked_weights(sample_weight, X)
    X, weights = X[weights > 0.0], weights[weights > 0.0]
    refuse_scales(X)
    distinct = distinct_rows(X, weights)
    if len(distinct.rows) < 2:
        raise ValueError("a bandwidth needs at least two different rows; all rows are equal")
    rows = chosen_rows(len(distinct.rows), n_loo, check_random_state(random_state))
    warn_of_copies(distinct, len(X), stacklevel=2)
    problem = LooProblem.of(X, distinct, rows, Gaussian(X.shape[1]), n_jobs)
    start = start_of_search(problem.points, rows, problem.weights, distinct.effective)
    return problem.best(start).h
