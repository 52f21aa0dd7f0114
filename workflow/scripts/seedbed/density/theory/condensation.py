r"""The random energy model of a kernel density estimate: thresholds of the bandwidth where log(n)/d is fixed.

For a Gaussian kernel of width h, data N(0, Sigma) with eigenvalues lambda_j, :math:`s = 1/h^2`, and a typical query,
the number of points at a given distance is exponential in d, with a largest rate :math:`\alpha = \log(n)/d` minus a
large-deviation function. Where the terms that would dominate the mean are farther out than the nearest point, a few
points carry the sum: it has condensed. With :math:`w_j = 1/(1 + s \lambda_j)`, :math:`v_j = 1 - w_j`,

.. math:: g(v) = -\log(1 - v) - v + v^2, \qquad \mathrm{mean}_j\, g(v_j) = 2 \alpha

gives the edge :math:`s_c = h_G^{-2}`. Above :math:`h_{CLT} = \sqrt 2\, h_G` the central limit theorem holds; below
it the estimate has a stable law of index :math:`m = (h/h_G)^2`; below :math:`h_G` it is condensed.

References
----------
G. Biroli and M. Mézard (2024), Kernel density estimators in large dimensions, arXiv:2408.05807. The formulas here are
our derivation: of the paper no more than the abstract could be read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.stats import ncx2
from sklearn.utils import Bunch

__all__ = ["Edge", "critical_bandwidths", "edge", "free_energy", "limit_kl", "spread_of_log_density"]

THRESHOLDS = ("h_clt", "h_g", "h_clt_finite", "h_g_finite", "h_kl", "m", "participation", "kl", "alpha")


@dataclass(frozen=True)
class Edge:
    """The edge of condensation.

    Attributes
    ----------
    s : float
        1 / h_G^2.
    w : ndarray
        1 / (1 + s lambda_j).
    tau : float
        Squared distance of the nearest neighbour per dimension.
    """

    s: float
    w: np.ndarray
    tau: float

    @property
    def h_g(self) -> float:
        """Below it a few points carry the estimate."""
        return self.s**-0.5

    @property
    def best_index(self) -> float:
        """m at the bandwidth that is best in Kullback-Leibler divergence; below 1."""
        return self.s * self.tau


def rate(v: np.ndarray) -> np.ndarray:
    """g(v), increasing from 0 at 0 to infinity at 1: twice the rate of one coordinate."""
    return -np.log1p(-v) - v + v * v


def edge(alpha: float, eigenvalues: np.ndarray | None = None) -> Edge:
    """The edge for log(n)/d = alpha, by bisection in log s.

    Parameters
    ----------
    alpha : float
    eigenvalues : ndarray, optional
        Of the covariance of the data; by default that is the identity.
    """
    lam = np.ones(1) if eigenvalues is None else np.asarray(eigenvalues, np.float64)
    # where the mean is small or large, s goes as the root of alpha or as its exponential
    low, high = np.log(1e-8 * min(alpha, 1.0) / lam.max()), np.log(1e4 / lam.min()) + 2.0 * alpha * lam.size
    s = float(np.exp(brentq(lambda t: _mean_rate(t, lam) - 2.0 * alpha, low, high, xtol=1e-13, rtol=1e-14)))
    return _edge_at(s, lam)


def _mean_rate(log_s: float, lam: np.ndarray) -> float:
    # log(1 + s lambda) and s lambda / (1 + s lambda), which neither overflow nor cancel
    x = log_s + np.log(lam)
    v = 1.0 / (1.0 + np.exp(-x))
    return float(np.mean(np.logaddexp(0.0, x) - v * (1.0 - v)))


def _edge_at(s: float, lam: np.ndarray) -> Edge:
    w = 1.0 / (1.0 + s * lam)
    return Edge(s, w, float(np.mean(lam * w * (1.0 + w))))


def _finite_edge(n: float, d: int, lam: np.ndarray) -> float:
    r"""h_G at finite size: the tail of the terms at the distance within which one point of n is expected.

    For spheres, with :math:`|x|^2 = d`, from the noncentral chi-squared law: :math:`h_G^2 = F(T) / (2 f(T))` where
    n F(T) = 1. Else by the correction of Bahadur and Rao to alpha, :math:`-\log(2 \pi d \psi'' s^2)/(2d)`, with
    :math:`\psi'' s^2 = \mathrm{mean}_j\, v_j^2 (1 + 2 w_j) / 2`.
    """
    if np.ptp(lam) <= 1e-12 * lam.max():
        return float(lam.mean() ** 0.5 * _finite_edge_of_spheres(n, d))

    def surplus(log_s: float) -> float:
        w = 1.0 / (1.0 + np.exp(log_s) * lam)
        second = 0.5 * np.mean((1.0 - w) ** 2 * (1.0 + 2.0 * w))
        prefactor = max(2.0 * np.pi * d * second, 1.0)  # below one the correction would leave its range
        return _mean_rate(log_s, lam) + np.log(prefactor) / d - 2.0 * np.log(n) / d

    top = np.log(edge(np.log(n) / d, lam).s)
    return float(np.exp(-0.5 * brentq(surplus, np.log(1e-12 / lam.max()), top + 1e-9, xtol=1e-12)))


def _finite_edge_of_spheres(n: float, d: int) -> float:
    t = edge_distance(n, d)
    return float(np.exp(0.5 * (ncx2.logcdf(t, d, d) - ncx2.logpdf(t, d, d) - np.log(2.0))))


def edge_distance(n: float, d: int) -> float:
    """T, the squared distance within which one point of n is expected, of spheres and a query with |x|^2 = d."""

    def count(log_t: float) -> float:
        return float(ncx2.logcdf(np.exp(log_t), d, d)) + np.log(n)

    low, high = np.log(d) - 4.0 * np.log(n) / d - 4.0, np.log(4.0 * d + 40.0)
    return float(np.exp(brentq(count, low, high)))


def critical_bandwidths(n_samples: int, n_features: int, eigenvalues=None) -> Bunch:
    r"""Where the three regimes of a Gaussian kernel estimate of Gaussian data begin, and which bandwidth is best.

    Parameters
    ----------
    n_samples, n_features : int
        n >= 2 and d >= 1.
    eigenvalues : array-like of shape (d,), optional
        Of the covariance of the data in the coordinates in which the kernel is a sphere of width h. By default all
        are 1: standardised or whitened data.

    Returns
    -------
    Bunch
        Items are attributes as well. ``h_clt``: above it the estimate is normal over data sets. ``h_g``: below it a
        few points carry it, and extreme values rule. ``h_g_finite`` and ``h_clt_finite``: the same at finite n and d,
        7 to 20 % larger; to be compared with a bandwidth in use. ``h_kl``: the bandwidth that is best in
        Kullback-Leibler divergence in the limit, always below ``h_g``. ``m``: (h_kl / h_g)^2. ``participation``: 1 - m,
        the mean of the sum of squared shares there. ``kl``: the divergence there, in nats. ``alpha``: log(n) / d.

    Raises
    ------
    ValueError
        For sizes or eigenvalues that are too small.

    Notes
    -----
    h_kl^2 is tau, the squared distance of the nearest neighbour per dimension, m = 1 - mean w_j^2, and
    :math:`KL/d = \alpha + \log(\tau)/2 - \mathrm{mean} \log(\lambda_j)/2`. All are limits; see
    :func:`seedbed.density.optimal_bandwidth` for the best bandwidth at these sizes.

    Examples
    --------
    >>> from seedbed.density import critical_bandwidths
    >>> found = critical_bandwidths(n_samples=22026, n_features=20)  # alpha = 1/2
    >>> f"{found.h_g:.4f} {found.h_clt:.4f} {found.h_kl:.4f}"
    '0.6521 0.9223 0.6224'
    """
    n, d = checked_sizes(n_samples, n_features)
    lam = checked_eigenvalues(eigenvalues, d)
    alpha = float(np.log(n) / d)
    at = edge(alpha, lam)
    finite = _finite_edge(n, d, lam)
    kl = d * (alpha + 0.5 * np.log(at.tau) - 0.5 * np.mean(np.log(lam)))
    return Bunch(
        h_clt=float(2.0**0.5 * at.h_g), h_g=float(at.h_g), h_clt_finite=float(2.0**0.5 * finite), h_g_finite=finite,
        h_kl=float(at.tau**0.5), m=float(at.best_index), participation=float(1.0 - at.best_index), kl=float(kl),
        alpha=alpha,
    )  # fmt: skip


def checked_sizes(n_samples, n_features) -> tuple[float, int]:
    """n and d as numbers that a threshold exists for."""
    n, d = float(n_samples), float(n_features)
    if not (np.isfinite(n) and n > 1.0):
        raise ValueError(f"n_samples must be a number of at least 2, got {n_samples!r}")
    if not (np.isfinite(d) and d >= 1.0 and d == int(d)):
        raise ValueError(f"n_features must be an integer of at least 1, got {n_features!r}")
    return n, int(d)


def checked_eigenvalues(eigenvalues, d: int) -> np.ndarray:
    """Positive numbers, one per feature."""
    if eigenvalues is None:
        return np.ones(d)
    lam = np.asarray(eigenvalues, np.float64)
    if lam.shape != (d,) or not np.all(np.isfinite(lam)) or not np.all(lam > 0.0):
        raise ValueError(f"eigenvalues must be {d} positive numbers, one per feature, got shape {lam.shape}")
    return lam


def limit_kl(bandwidth: float, n_samples: int, n_features: int, eigenvalues=None) -> float:
    r"""Kullback-Leibler divergence of the estimate in the limit, in nats.

    Above h_G it is that of N(0, Sigma) from N(0, Sigma + h^2 I), per dimension
    :math:`\mathrm{mean}_j [\log(1 + h^2/\lambda_j) + \lambda_j/(\lambda_j + h^2) - 1]/2`; below,
    :math:`\alpha + \log h + \tau/(2 h^2) - 1/2 - \mathrm{mean} \log(\lambda_j)/2`.
    """
    n, d = checked_sizes(n_samples, n_features)
    lam, h2 = checked_eigenvalues(eigenvalues, d), float(bandwidth) ** 2
    at = edge(np.log(n) / d, lam)
    if h2 * at.s >= 1.0:
        return float(0.5 * d * np.mean(np.log1p(h2 / lam) - h2 / (lam + h2)))
    return float(d * (np.log(n) / d + 0.5 * np.log(h2) + 0.5 * at.tau / h2 - 0.5 - 0.5 * np.mean(np.log(lam))))


def free_energy(bandwidth: float, alpha: float, eigenvalues=None) -> float:
    r"""The typical log density per dimension in the limit, :math:`\lim \log \hat\rho(x) / d`.

    :math:`-\log(2 \pi h^2)/2` and :math:`\psi(1/h^2)` above h_G, :math:`-\alpha - \tau/(2 h^2)` below; continuous with
    its derivative.
    """
    lam = np.ones(1) if eigenvalues is None else np.asarray(eigenvalues, np.float64)
    at, s = edge(alpha, lam), float(bandwidth) ** -2
    normal = -0.5 * np.log(2.0 * np.pi / s)
    if s > at.s:
        return float(normal - alpha - 0.5 * at.tau * s)
    return float(normal + 0.5 * np.mean(-np.log1p(s * lam) - s * lam / (1.0 + s * lam)))


def spread_of_log_density(index: float) -> float:
    r"""Standard deviation over data sets of a condensed log density, :math:`(\pi/\sqrt 6)\sqrt{m^{-2} - 1}`.

    The estimate then has a positive stable law of this index m < 1, in the limit.
    """
    if not 0.0 < index < 1.0:
        raise ValueError(f"index must lie between 0 and 1, where an estimate is condensed, got {index!r}")
    return float(np.pi / 6.0**0.5 * (index**-2 - 1.0) ** 0.5)
