r"""The exact risk of a Gaussian kernel estimate of isotropic Gaussian data, at finite size.

Everything is one-dimensional: for a query with :math:`|x|^2 = q` squared distances t are noncentral chi-squared. With
:math:`z = e^{-t/(2h^2)}`, :math:`G(u) = E\, e^{-u z}` and :math:`Z = \sum_i z_i`,

.. math::

    E \log Z = -\gamma + \int (1[y < 0] - G(e^y)^n)\, dy, \qquad
    E \sum_i w_i^2 = n \int e^{2y}\, E[z^2 e^{-e^y z}]\, G(e^y)^{n-1}\, dy,

averaged over :math:`q \sim \chi^2_d` by generalised Gauss-Laguerre nodes. :mod:`.risk_integrals` has those
of one q.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.optimize import minimize_scalar

from .condensation import checked_sizes
from .distances import DistanceLaw
from .risk_integrals import log_sum_and_participation

NODES, NODES_LOW = 10, 16  # the latter below six dimensions, where the risk hangs more on the query
LARGEST = 1e12  # beyond, n times the rounding of a probability is not small
FARTHEST = 1e8  # of a squared norm: Bessel functions are known to its scale
WIDEST = 1e75  # of a bandwidth, and one over the narrowest: its square and that of its inverse are numbers


def expected_kl(bandwidth: float, n_samples: int, n_features: int, squared_norm: float | None = None) -> float:
    r"""Expected Kullback-Leibler divergence of the estimate from N(0, I), in nats.

    :math:`-d/2 - (E \log Z - \log n - d \log h)`.

    Parameters
    ----------
    bandwidth : float
        h, in units of the standard deviation of the data.
    n_samples : int
        2 to 1e12.
    n_features : int
    squared_norm : float, optional
        Of the query, in place of the average over queries that are drawn as the data are.

    Returns
    -------
    float
        With ``squared_norm``, the expected :math:`\log \rho(x) - \log \hat\rho(x)` at such a query.

    Raises
    ------
    ValueError
        For sizes, bandwidths or norms out of range.

    Notes
    -----
    Right to about 1e-7 at any h, given the norm of the query, and to about 1e-5 averaged over it; 30 to 300
    milliseconds.
    """
    n, d, h, q = _checked(bandwidth, n_samples, n_features, squared_norm)
    log_sum = _expectations(h, n, d, q)[0]
    own = d if q is None else q
    return float(-0.5 * own - (log_sum - np.log(n) - d * np.log(h)))


def expected_participation(
    bandwidth: float, n_samples: int, n_features: int, squared_norm: float | None = None
) -> float:
    """Expected sum of squared shares; its inverse is the number of points that carry a value.

    Parameters and errors are those of :func:`expected_kl`.

    Examples
    --------
    >>> from seedbed.density import expected_participation, optimal_bandwidth
    >>> h = optimal_bandwidth(n_samples=10000, n_features=20)
    >>> f"{1 / expected_participation(h, 10000, 20):.1f} of 10000 points carry a value"
    '5.0 of 10000 points carry a value'
    """
    n, d, h, q = _checked(bandwidth, n_samples, n_features, squared_norm)
    return _expectations(h, n, d, q)[1]


@lru_cache(maxsize=256)
def optimal_bandwidth(n_samples: int, n_features: int) -> float:
    """The bandwidth with the least expected Kullback-Leibler divergence, for data with the covariance I.

    From a polynomial through five values of the exact risk about 1.15 times Scott's rule, which is within a tenth;
    where the minimum lies elsewhere, by Brent's method.

    Parameters
    ----------
    n_samples, n_features : int

    Returns
    -------
    float
        To about four digits.
    """
    n, d = checked_sizes(n_samples, n_features)
    start = np.log(1.15) - np.log(n) / (d + 4.0)
    steps = np.linspace(-0.08, 0.16, 5)
    fitted = np.polynomial.Polynomial.fit(
        steps, [expected_kl(np.exp(start + step), n_samples, n_features) for step in steps], 4
    )
    fine = np.linspace(steps[0], steps[-1], 2001)
    at = int(np.argmin(fitted(fine)))
    if 0 < at < len(fine) - 1:
        return float(np.exp(start + fine[at]))
    found = minimize_scalar(
        lambda t: expected_kl(np.exp(t), n_samples, n_features),
        bounds=(start - 0.45, start + 0.4), method="bounded", options={"xatol": 2e-4},
    )  # fmt: skip
    return float(np.exp(found.x))


def _checked(bandwidth, n_samples, n_features, squared_norm) -> tuple[float, int, float, float | None]:
    n, d = checked_sizes(n_samples, n_features)
    if n > LARGEST:
        raise ValueError(
            f"n_samples must be at most 1e12 for the exact risk, got {n_samples!r}; see critical_bandwidths"
        )
    h = float(bandwidth)
    if not 1.0 / WIDEST <= h <= WIDEST:
        raise ValueError(f"bandwidth must be a positive number, from 1e-75 to 1e75, got {bandwidth!r}")
    return n, d, h, _checked_norm(squared_norm)


def _checked_norm(squared_norm) -> float | None:
    if squared_norm is None:
        return None
    q = float(squared_norm)
    if not 0.0 <= q <= FARTHEST:
        raise ValueError(f"squared_norm must be a number from 0 to 1e8, got {squared_norm!r}")
    return q


@lru_cache(maxsize=1024)
def _expectations(h: float, n: float, d: int, squared_norm: float | None) -> tuple[float, float]:
    """E log Z and E sum w_i^2."""
    if squared_norm is None:
        norms, weights = _norms(d)
    else:
        norms, weights = np.array([squared_norm]), np.ones(1)
    found = np.array([log_sum_and_participation(h, n, DistanceLaw.of(d, float(q))) for q in norms])
    return float(weights @ found[:, 0]), float(weights @ found[:, 1])


def _norms(d: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of a mean over chi-squared numbers: generalised Gauss-Laguerre by Golub and Welsch.

    SciPy's weights overflow from a few hundred dimensions on.
    """
    k, a = np.arange(NODES_LOW if d < 6 else NODES), 0.5 * d - 1.0
    roots, vectors = eigh_tridiagonal(2.0 * k + 1.0 + a, np.sqrt(k[1:] * (k[1:] + a)))
    return 2.0 * roots, vectors[0] ** 2
