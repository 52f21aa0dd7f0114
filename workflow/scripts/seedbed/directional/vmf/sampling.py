"""Random vectors from the von Mises-Fisher distribution without a p x p matrix."""

from __future__ import annotations

import numbers

import numpy as np


def sample_gap(p: int, kappa: float, n: int, rng: np.random.Generator) -> np.ndarray:
    r"""n draws of :math:`1 - \mu^\top x`, which keeps its digits however concentrated the law is.

    Ulrich's envelope in Wood's form, :math:`b = m/(2\kappa + \sqrt{4\kappa^2 + m^2})`, m = p - 1, with
    1 - w = 2bZ/(1 - (1-b)Z), Z ~ Beta(m/2, m/2); acceptance is at least about 66 %. At p = 3 the
    distribution function is inverted instead.

    References
    ----------
    A. T. A. Wood (1994), Commun. Statist. Simul. 23, 157-164.
    """
    if kappa == np.inf:
        return np.zeros(n)
    if p == 3 and kappa > 1e-8:
        u = rng.random(n)
        # w = 1 + log(u + (1-u) e^{-2 kappa}) / kappa
        return -np.log1p(u * np.expm1(-2.0 * kappa)) / kappa
    m = p - 1.0
    b = m / (2.0 * kappa + np.hypot(2.0 * kappa, m))
    peak = 2.0 * b / (1.0 + b)  # 1 - x0 with x0 = (1-b)/(1+b), where the envelope touches
    x0 = (1.0 - b) / (1.0 + b)
    gaps = np.empty(n)
    done = 0
    while done < n:
        tries = int((n - done) * 1.6) + 16
        z = rng.beta(0.5 * m, 0.5 * m, tries)
        gap = 2.0 * b * z / (1.0 - (1.0 - b) * z)
        slack = kappa * (peak - gap) + m * (np.log1p(x0 * gap / peak) - np.log1p(x0))
        accepted = gap[slack >= np.log1p(-rng.random(tries))][: n - done]
        gaps[done : done + accepted.size] = accepted
        done += accepted.size
    return gaps


def sample_von_mises_fisher(
    mean_direction: np.ndarray, kappa: float, n: int, random_state: np.random.Generator | int | None = None
) -> np.ndarray:
    r"""n unit vectors with density proportional to :math:`\exp(\kappa\mu^\top x)`.

    Parameters
    ----------
    mean_direction : ndarray of shape (p,)
        Unit vector, p >= 2.
    kappa : float
        Concentration, 0 to inf.
    n : int
        Number of vectors.
    random_state : Generator, int or None
        Source of randomness.

    Returns
    -------
    ndarray of shape (n, p)

    Raises
    ------
    ValueError
        If the mean direction is no unit vector, ``kappa`` is negative or NaN, or ``n`` is no
        non-negative integer.

    Notes
    -----
    The component along the mean is drawn by rejection; the direction across it is a Gaussian vector with
    its component along the mean removed. O(n p) time, no memory besides the result.
    """
    mu = np.asarray(mean_direction, float)
    if mu.ndim != 1 or mu.size < 2 or not abs(np.linalg.norm(mu) - 1.0) < 1e-6:
        raise ValueError("mean_direction must be a unit vector of at least two components")
    if not kappa >= 0:
        raise ValueError(f"the concentration must be a non-negative number, got {kappa!r}")
    if not isinstance(n, numbers.Integral) or n < 0:
        raise ValueError(f"the number of samples must be a non-negative integer, got {n!r}")
    rng = np.random.default_rng(random_state)
    gap = sample_gap(mu.size, float(kappa), n, rng)
    if mu.size == 2:
        across = rng.choice([-1.0, 1.0], n) * np.sqrt(gap * (2.0 - gap))
        return np.outer(1.0 - gap, mu) + np.outer(across, [-mu[1], mu[0]])
    x = np.empty((n, mu.size))
    # blocks of rows that stay in the cache between the four passes
    step = max(1, (1 << 16) // mu.size)
    for start in range(0, n, step):
        rows, here = x[start : start + step], gap[start : start + step]
        rng.standard_normal(out=rows)
        rows -= np.outer(rows @ mu, mu)
        rows *= np.sqrt(here * (2.0 - here) / np.einsum("ij,ij->i", rows, rows))[:, None]
        rows += np.outer(1.0 - here, mu)
    return x
