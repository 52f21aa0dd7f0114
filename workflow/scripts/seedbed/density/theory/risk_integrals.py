r"""The two integrals of the exact risk for one query, on panels that are fine only where their integrands change.

With :math:`v = y - r^2/(2h^2)`, r the distance of a point, both need at each y the means

.. math:: 1 - G = E[1 - e^{-e^v}], \qquad P = E[e^{2v} e^{-e^v}].

:math:`\log(-n \log G)` rises from minus infinity; outside of [LEAST, MOST] the power :math:`G^n` is 1 or 0. Between,
y is halved until panels see as little of it as their nodes resolve: about as many panels for any bandwidth, be the
energies of all points the same (a large h) or 1e12 apart (a small one).
"""

from __future__ import annotations

import numpy as np

from .distances import DistanceLaw

LEAST, MOST, RISE = -31.0, 3.8, 2.5
NODES, INNER = 14, 32
TURN, END = -6.0, 3.8  # 1 - exp(-exp(v)) is exp(v) but for a smooth factor below, and 1 above
_PANEL, _PART = np.polynomial.legendre.leggauss(NODES), np.polynomial.legendre.leggauss(INNER)


def log_sum_and_participation(h: float, n: float, law: DistanceLaw) -> tuple[float, float]:
    """E log Z and E sum w_i^2."""
    left, right = _panels(h, n, law)
    half = 0.5 * (right - left)[:, None]
    y = (0.5 * (left + right)[:, None] + half * _PANEL[0]).ravel()
    weights = (half * _PANEL[1]).ravel()
    log_g, pairs = _means(h, n, law, y)
    log_sum = -np.euler_gamma - left[0] - weights @ np.exp(n * log_g)
    return float(log_sum), float(weights @ (n * pairs * np.exp((n - 1.0) * log_g)))


def _panels(h: float, n: float, law: DistanceLaw) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the panels, in increasing order."""
    ends = np.array([0.5 * (law.low / h) ** 2 - np.log(n) + LEAST - 1.0, 0.5 * (law.high / h) ** 2 + END + 1.0])
    level = _level(h, n, law, ends)
    while (wide := np.diff(level) > RISE).any():
        at = np.flatnonzero(wide)
        middle = 0.5 * (ends[at] + ends[at + 1])
        ends, level = np.insert(ends, at + 1, middle), np.insert(level, at + 1, _level(h, n, law, middle))
    changes = np.diff(level) > 0.0
    return ends[:-1][changes], ends[1:][changes]


def _level(h: float, n: float, law: DistanceLaw, y: np.ndarray) -> np.ndarray:
    """What rises evenly where G^n does: as the logarithm of its exponent where that is small, as its root above."""
    with np.errstate(divide="ignore"):
        exponent = np.clip(np.log(-n * _means(h, n, law, y)[0]), LEAST, MOST)
    return 0.35 * exponent + np.exp(0.5 * exponent)


def _means(h: float, n: float, law: DistanceLaw, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """log G and P at every y: three parts of the distances, beyond which terms are too small even if n of them are."""
    first = 0.5 * (law.low / h) ** 2
    base = np.clip(h * np.sqrt(2.0 * np.maximum(y, 0.0)), law.low, law.high)
    at_base = np.where((base > law.low) & (base < law.high), 0.0, y - 0.5 * (base / h) ** 2)
    cuts = np.stack([np.full(len(y), END), np.full(len(y), TURN), np.minimum(TURN, y - first) - np.log(n) + LEAST])
    # distances less that of v = 0: their squares over h^2 would leave no digit of v where h is small
    ends = np.vstack([law.low - base, _from_base(h, base, at_base, cuts).clip(law.low - base, law.high - base)])
    half = 0.5 * np.diff(ends, axis=0)[:, :, None]
    apart = 0.5 * (ends[1:] + ends[:-1])[:, :, None] + half * _PART[0]
    v = at_base[:, None] - apart * (2.0 * base[:, None] + apart) / (2.0 * h * h)
    grown = np.exp(np.minimum(v, 10.0))
    kernel = -np.expm1(-grown)
    mass = half * _PART[1] * np.exp(law.log_density(np.maximum(base[:, None] + apart, 0.0)))
    miss, pairs = (mass * kernel).sum(axis=(0, 2)), (mass * grown * grown * (1.0 - kernel)).sum(axis=(0, 2))
    return np.log1p(-np.minimum(miss, 1.0 - 1e-16)), pairs


def _from_base(h: float, base: np.ndarray, at_base: np.ndarray, v: np.ndarray) -> np.ndarray:
    """The distance at which v is reached, less the base."""
    change = 2.0 * h * h * (at_base - v)
    r = np.sqrt(np.maximum(base * base + change, 0.0))
    return change / np.maximum(r + base, 1e-100)
