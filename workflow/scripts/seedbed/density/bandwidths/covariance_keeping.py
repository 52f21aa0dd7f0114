r"""Components that are moved towards the mean, so that the estimate keeps mean and covariance of the data.

In the eigenbasis of the covariance, with eigenvalues :math:`\lambda_j`, the kernel has variances
:math:`H_j = \min(h^2 c\, \lambda_j^\gamma, \lambda_j)` and the centres are :math:`a_j y_j` with
:math:`a_j = \sqrt{1 - H_j/\lambda_j}`; c is the geometric mean of :math:`\lambda^{1-\gamma}`. gamma = 0 is a sphere,
gamma = 1 has the shape of the data. A large h gives the Gaussian with the moments of the data, a small one the plain
kernel estimate. On Gaussian data with gamma = 1 the edge of condensation is at :math:`h_G = n^{-1/d}`.

References
----------
M. C. Jones (1991), On correcting for variance inflation in kernel density estimation. J. Liu and M. West (2001),
Combined parameter and state estimation in simulation-based filtering.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from sklearn.utils import Bunch

from seedbed.density.kernels.radial_kernels import Gaussian
from seedbed.density.sums.kernel_sums import KernelSums
from seedbed.density.theory.condensation import THRESHOLDS

from .curve_search import COARSE, RANGE, LooChoice, best_of_curve, mean_and_error
from .distinct_rows import log_others
from .principal_axes import principal_axes

GAMMAS = (0.0, 0.5, 1.0)
NARROWEST = 1e-60  # of a bandwidth in units of the data: far below what rounding leaves of distances
SAME = 1e-9  # relative: values this close are one and the same


@dataclass(frozen=True, eq=False)
class KeptMoments:
    """The data in the eigenbasis of their covariance.

    Attributes
    ----------
    mean : ndarray (d,)
    axes : ndarray (d, d)
        Eigenvectors in columns.
    eigenvalues : ndarray (d,)
        Of the covariance with divisor n, the maximum-likelihood one.
    """

    mean: np.ndarray
    axes: np.ndarray
    eigenvalues: np.ndarray

    @classmethod
    def of(cls, X: np.ndarray, weights: np.ndarray) -> KeptMoments:
        """Moments of the rows with weights that add up to 1."""
        mean = weights @ X
        centred = X - mean
        values, axes = principal_axes((centred.T * weights) @ centred)
        return cls(mean, axes, values)

    def largest(self, gamma: float) -> float:
        """The h from which on the kernel has the covariance of the data, and all centres are the mean."""
        return float(np.sqrt(np.max(self.eigenvalues / self._shape(gamma))))

    def variances(self, h: float, gamma: float) -> np.ndarray:
        """H_j."""
        return np.minimum(h * h * self._shape(gamma), self.eigenvalues)

    def shape(self, gamma: float) -> np.ndarray:
        """The matrix of which h^2 times it is the kernel's covariance where no variance is cut."""
        return (self.axes * self._shape(gamma)) @ self.axes.T

    def centres(self, X: np.ndarray, variances: np.ndarray) -> np.ndarray:
        """Rows moved towards the mean, in the eigenbasis and in units of the kernel's deviations."""
        pull = np.sqrt(np.maximum(1.0 - variances / self.eigenvalues, 0.0))
        return self.coordinates(X, variances) * pull

    def moved(self, X: np.ndarray, variances: np.ndarray) -> np.ndarray:
        """Rows moved towards the mean, in their own coordinates."""
        pull = np.sqrt(np.maximum(1.0 - variances / self.eigenvalues, 0.0))
        return self.mean + ((X - self.mean) @ self.axes * pull) @ self.axes.T

    def coordinates(self, X: np.ndarray, variances: np.ndarray) -> np.ndarray:
        """Rows in the same coordinates, not moved."""
        return (X - self.mean) @ (self.axes / np.sqrt(variances))

    def _shape(self, gamma: float) -> np.ndarray:
        return self.eigenvalues**gamma * np.exp((1.0 - gamma) * np.log(self.eigenvalues).mean())


def kept_thresholds(n: float, eigenvalues: np.ndarray, gamma: float) -> Bunch:
    r"""The edge of condensation, and where the central limit theorem ends, of an estimate that keeps the covariance.

    In the limit, of Gaussian data: with :math:`w_j = 1/(1 + k (\lambda_j - H_j)/H_j)` and :math:`v_j = 1 - w_j`,
    :math:`\mathrm{mean}_j [-\log w_j - v_j + v_j^2 \lambda_j/(\lambda_j - H_j)] = 2 \log(n)/d`, k = 1 for h_G and 2
    for h_CLT. With gamma = 1, h_G is :math:`n^{-1/d}`. Above h_G nothing is lost in the limit, so that no bandwidth
    is the best one; that and the edges at finite size are NaN.
    """
    moments = KeptMoments(np.zeros(len(eigenvalues)), np.eye(len(eigenvalues)), eigenvalues)
    twice_alpha, highest = 2.0 * np.log(n) / len(eigenvalues), moments.largest(gamma)

    def surplus(log_h: float, k: float) -> float:
        H = moments.variances(np.exp(log_h), gamma)
        free = eigenvalues * (1.0 - 1e-12) > H
        lam, H = eigenvalues[free], H[free]
        w = 1.0 / (1.0 + k * (lam - H) / H)
        return float(np.sum(-np.log(w) - (1.0 - w) + (1.0 - w) ** 2 * lam / (lam - H)) / len(eigenvalues)) - twice_alpha

    low, high = np.log(highest) - twice_alpha * len(eigenvalues) - 20.0, np.log(highest)
    h_g, h_clt = (float(np.exp(brentq(surplus, low, high, args=(k,)))) for k in (1.0, 2.0))
    unknown = dict.fromkeys(THRESHOLDS, np.nan)
    return Bunch(**{**unknown, "h_clt": h_clt, "h_g": h_g, "alpha": float(0.5 * twice_alpha)})


def choose_kept(
    X: np.ndarray, weights: np.ndarray, rows: np.ndarray, gammas: tuple[float, ...], start: float,
    fixed: float | None = None, n_jobs: int | None = None,
) -> tuple[LooChoice, float, KeptMoments]:  # fmt: skip
    """The bandwidth and gamma with the largest leave-one-out likelihood, of distinct rows with these weights.

    ``fixed`` is a bandwidth that is not chosen.

    A row's own part in the moments of the data is not left out: the Gaussian end of the family is favoured by about
    d (d + 3) / (2 n) nats.
    """
    moments = KeptMoments.of(X, weights)
    found = [(_of_gamma(moments, X, weights, rows, gamma, start, fixed, n_jobs), gamma) for gamma in gammas]
    best = max(choice.value for choice, _ in found)
    # every gamma ends at the same Gaussian: which of these is first must not hang on the processor's rounding
    choice, gamma = next(pair for pair in found if pair[0].value >= best - SAME * max(1.0, abs(best)))
    return choice, gamma, moments


def _of_gamma(moments, X, weights, rows, gamma, start, fixed, n_jobs) -> LooChoice:
    d, log_weights = X.shape[1], None if np.ptp(weights) == 0.0 else np.log(weights)
    others = log_others(weights, rows)
    base = -np.log(len(X)) if log_weights is None else 0.0

    def values(h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        columns = []
        for each in h:
            H = moments.variances(float(each), gamma)
            sums = KernelSums(moments.centres(X, H), Gaussian(d), log_weights, n_jobs=n_jobs)
            total = sums.log_sums(moments.coordinates(X[rows], H), rows).log_total
            columns.append(total + base - others + Gaussian(d).log_constant() - 0.5 * np.log(H).sum())
        return mean_and_error(np.column_stack(columns), weights[rows])

    if fixed is not None:
        return LooChoice(fixed, float(values(np.array([fixed]))[0][0]), None)
    highest = moments.largest(gamma)
    grid = np.geomspace(1.0, 1.0 / RANGE, COARSE)
    return best_of_curve(values, lambda top: top * grid, start, refine=True, highest=highest, lowest=NARROWEST)
