r"""Weights of multistep formulas: the integral of the polynomial through the last values.

A solver's step is a weighted sum of past values. The weights depend on the grid alone, so they are computed once for
a run and can be looked at. They are so few that Python's own numbers are several times quicker than arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, expm1, factorial, log

import numpy as np

__all__ = ["GAMMA", "adams_weights", "exponential_weights", "midpoint_weights", "power_adams_weights"]

# the Adams-Bashforth coefficients of backward differences, integral over [0, 1] of binom(s + j - 1, j)
GAMMA = (1.0, 1 / 2, 5 / 12, 3 / 8, 251 / 720, 95 / 288)
_FEW = 1e-2  # steps in log sigma below which the recurrence of moments would cancel


def adams_weights(order: int) -> np.ndarray:
    r"""Adams-Bashforth for steps of equal length, newest value first.

    :math:`y_{n+1} - y_n = \Delta \sum_{j<p} \gamma_j \nabla^j \varepsilon_n = \Delta \sum_k b_k \varepsilon_{n-k}`.

    Parameters
    ----------
    order : int
        p, at least 1 and at most 5.

    Returns
    -------
    ndarray of shape (order,)
        b, which sums to 1.
    """
    b = np.zeros(order)
    for j in range(order):
        for k in range(j + 1):
            b[k] += GAMMA[j] * (-1) ** k * comb(j, k)
    return b


def power_adams_weights(levels: Sequence[float], after: float, power: float) -> np.ndarray:
    r"""Adams on the actual grid, the slope a polynomial in :math:`\sigma^q`.

    With :math:`\tau = \sigma/\sigma_n`, :math:`u = \tau^q - 1` and :math:`b = \sigma_{n+1}/\sigma_n` the weights solve
    :math:`\sum_i w_i u_i^k = \sigma_n \int_1^b u(\tau)^k d\tau` for k < p. ``power=1`` is Adams-Bashforth with the
    grid's coefficients, ``power=0`` has a polynomial in :math:`\log\sigma`.

    Parameters
    ----------
    levels : sequence of float
        Noise levels of the last values, newest first, at most 5.
    after : float
        The level that the step leads to.
    power : float
        q, at least 0: small is more accurate where the slope is smooth in log sigma, large is more stable.

    Returns
    -------
    ndarray of shape (len(levels),)
        They sum to ``after - levels[0]``.
    """
    tau = [level / levels[0] for level in levels]
    p, b = len(tau), after / levels[0]
    length = log(b)
    if power == 0:
        u = [log(t) for t in tau]
        moments = [expm1(length)]
        for k in range(1, p):
            moments.append(b * length**k - k * moments[-1])
        if abs(length) < _FEW:
            moments = [_log_moment(length, k) for k in range(p)]
    else:
        u = [expm1(power * log(t)) for t in tau]
        moments = [_power_moment(length, power, k) for k in range(p)]
    return levels[0] * _through(u, moments)


def exponential_weights(distances: Sequence[float], step: float) -> np.ndarray:
    r"""Exponential multistep in :math:`\lambda = -\log\sigma`, the denoised point a polynomial in it.

    :math:`y_{n+1} = e^{-h} y_n + \sum_i w_i D_i` with
    :math:`\sum_i w_i (\lambda_i-\lambda_n)^k = \int_0^h e^{-(h-u)} u^k du`.

    Parameters
    ----------
    distances : sequence of float
        :math:`\lambda_i - \lambda_n`, one for each value: 0 for the newest, negative for older ones, and ``step`` for
        the value at the end of the step in a corrector.
    step : float
        h > 0.

    Returns
    -------
    ndarray of shape (len(distances),)
        They sum to :math:`1 - e^{-h}`.
    """
    p = len(distances)
    if step < _FEW:
        moments = [_short_moment(step, k) / step**k for k in range(p)]
    else:
        moments = [-expm1(-step)]
        for k in range(1, p):
            moments.append(1 - k * moments[-1] / step)
    return _through([distance / step for distance in distances], moments)


def midpoint_weights(before: float, step: float) -> np.ndarray:
    r"""DPM-Solver++ 2M as it is released: :math:`(1-e^{-h})\,(1 + 1/2r,\ -1/2r)` with r = before / step."""
    half = step / (2 * before)
    return -expm1(-step) * np.array([1 + half, -half])


def _through(u: list[float], moments: list[float]) -> np.ndarray:
    r"""Weights of the values at the nodes that integrate polynomials as the moments say.

    The solution of :math:`\sum_i w_i u_i^k = m_k` by Newton's form of the polynomials (Björck and Pereyra, 1970), which
    is quicker than a matrix for so few numbers, and no less accurate.
    """
    w, p = list(moments), len(u)
    for k in range(p - 1):
        for i in range(p - 1, k, -1):
            w[i] -= u[k] * w[i - 1]
    for k in range(p - 2, -1, -1):
        for i in range(k + 1, p):
            w[i] /= u[i] - u[i - k - 1]
        for i in range(k, p - 1):
            w[i] -= w[i + 1]
    return np.array(w)


def _power_moment(length: float, power: float, k: int) -> float:
    r"""The integral of (tau^q - 1)^k over [1, e^length]; by a series where the binomial sum would cancel."""
    if abs(length) * max(power, 1.0) < 0.3 and k:
        return _quadrature(length, power, k)
    return sum(comb(k, j) * (-1) ** (k - j) * expm1((power * j + 1) * length) / (power * j + 1) for j in range(k + 1))


_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(12)


def _quadrature(length: float, power: float, k: int) -> float:
    """The same by Gauss-Legendre in log tau, of twelve nodes: exact to rounding for short steps."""
    u = length * (_NODES + 1) / 2
    return float(length / 2 * (_NODE_WEIGHTS * np.expm1(power * u) ** k * np.exp(u)).sum())


def _log_moment(length: float, k: int) -> float:
    r"""The integral of (log tau)^k over [1, e^length], for short steps: sum of length^(k+1+i) / (i! (k+1+i))."""
    return sum(length ** (k + 1 + i) / (factorial(i) * (k + 1 + i)) for i in range(9))


def _short_moment(step: float, k: int) -> float:
    r"""The integral of e^{-(h-u)} u^k over [0, h]: k! h^(k+1) sum of (-h)^i / (k+1+i)!."""
    return factorial(k) * step ** (k + 1) * sum((-step) ** i / factorial(k + 1 + i) for i in range(9))
