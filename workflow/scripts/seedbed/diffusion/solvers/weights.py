r"""Weights of multistep formulas: the integral of the polynomial through the last values.

A solver's step is a weighted sum of past values. The weights depend on the grid alone, so they are computed once for
a run and can be looked at. Integrals are sums over nodes, in which nothing cancels, however short a step or small a
power; closed forms lose their digits there. They are so few that Python's own numbers are quicker than arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import comb, exp, expm1, log, log1p

import numpy as np

__all__ = ["GAMMA", "adams_weights", "exponential_weights", "midpoint_weights", "power_adams_weights"]

# the Adams-Bashforth coefficients of backward differences, integral over [0, 1] of binom(s + j - 1, j)
GAMMA = (1.0, 1 / 2, 5 / 12, 3 / 8, 251 / 720, 95 / 288)
# nodes and weights on [0, 1], exact to rounding where the exponent goes by no more than the first number in a panel
_FEW, _MANY = (
    (panel, ((np.polynomial.legendre.leggauss(n) + np.array([[1.0], [0.0]])) / 2).T.tolist())
    for panel, n in ((0.5, 7), (4.0, 12))
)


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

    With :math:`\tau = \sigma/\sigma_n`, :math:`u = (\tau^q - 1)/q` and :math:`b = \sigma_{n+1}/\sigma_n` the weights
    solve :math:`\sum_i w_i u_i^k = \sigma_n \int_1^b u(\tau)^k d\tau` for k < p. ``power=1`` is Adams-Bashforth with
    the grid's coefficients, ``power=0`` the limit: a polynomial in :math:`u = \log\tau`.

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
    newest, p = levels[0], len(levels)

    def u(x: float) -> float:
        return expm1(power * x) / power if power else x

    moments = _moments(u, _log_ratio(after, newest), p, 1 + (p - 1) * power)
    return newest * _through([u(_log_ratio(level, newest)) for level in levels], moments)


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
    moments = _moments(lambda x: 1 + x / step, -step, len(distances), 1.0)  # with x = u - h, from h to 0
    return _through([distance / step for distance in distances], [-moment for moment in moments])


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


def _log_ratio(level: float, newest: float) -> float:
    """The logarithm of a ratio; of neighbours by their difference, which is exact where a ratio is rounded."""
    return log1p((level - newest) / newest) if 0.5 < level / newest < 2 else log(level / newest)


def _moments(base: Callable, length: float, p: int, rate: float) -> list[float]:
    r"""Integrals of base(x)^k e^x over [0, length] for k < p, by Gauss-Legendre on panels.

    ``rate`` is that of the fastest exponential in them, so that there are as many panels as it needs.
    """
    whole = abs(length) * rate
    longest, nodes = _FEW if whole < _FEW[0] else _MANY
    panels = 1 + int(whole / longest)
    panel, moments = length / panels, [0.0] * p
    for start in range(panels):
        for node, weight in nodes:
            x = panel * (start + node)
            value, term = base(x), panel * weight * exp(x)
            for k in range(p):
                moments[k] += term
                term *= value
    return moments
