"""The paper's own expression table (our implementation of it), compiled with the same flags as our kernels.

Plesner, Sørensen and Hauberg (2024) choose, for each (v, x), the first line that applies of: the expansion
for large x with 3 or 20 terms, Debye's expansion with 4, 6, 9 or 13 terms, and otherwise a power series
(log I, 41 terms summed as a log-sum-exp) or Rothwell's integral (log K, composite Simpson rule with 600
nodes). The thresholds are those of the authors' public port (aplesner/vMF-sampling, ``torch_log_iv.py``).
Every expression is evaluated in Horner form, with no logarithm that is not used; the polynomials are
straight-line code from exact rationals. As in the paper, a point goes through one branch.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from seedbed.directional.bessel.kernels.compiled import BLOCKWISE, FLAGS, INLINE, entry, source_tag
from seedbed.directional.bessel.series import debye as series_debye

LOG_2PI = 1.8378770664093453
LOG_PI = 1.1447298858494002
LN2 = 0.6931471805599453
SERIES_TERMS = 41
NODES = 600
LOG_FACTORIAL = np.array([math.lgamma(k + 1.0) for k in range(SERIES_TERMS)])

debye_4 = njit(**INLINE)(series_debye.debye_series_4)
debye_6 = njit(**INLINE)(series_debye.debye_series_6)
debye_9 = njit(**INLINE)(series_debye.debye_series_9)
debye_13 = njit(**INLINE)(series_debye.debye_series_13)


@njit(**FLAGS)
def choose(v, x, log_x):
    """Number of the first line of the table that applies, 1 to 7."""
    log_v = math.log(v) if v > 0.0 else -np.inf
    if (x > 1400.0 and v < 3.05) or (v > 3.1 and 0.6229 * log_x - 3.2318 > log_v):
        return 1, log_v
    if (x > 30.0 and v < 15.3919) or (x > 59.6925 and 0.5113 * log_x + 0.7939 > log_v):
        return 2, log_v
    if (x > 274.2377 and v > 0.3) or v > 163.6993:
        return 3, log_v
    if (x > 84.4153 and v > 0.46) or v > 56.9971:
        return 4, log_v
    if (x > 35.9074 and v > 0.6) or v > 20.1534:
        return 5, log_v
    if (x > 19.6931 and v > 0.7) or v > 12.6964:
        return 6, log_v
    return 7, log_v


@njit(**FLAGS)
def large_argument(v, x, n_terms, sign):
    """log|1 + sum_k prod_j sign (mu - (2j-1)^2)/(8 j x)|, mu = 4 v^2; sign is -1 for I and 1 for K."""
    mu = 4.0 * v * v
    step = sign / (8.0 * x)
    term, total = 1.0, 1.0
    for k in range(1, n_terms + 1):
        term *= (mu - (2.0 * k - 1.0) ** 2) * step / k
        total += term
    return math.log(abs(total))


@njit(**FLAGS)
def debye(v, x, line, sign):
    """(v eta, log(1 + s^2)/4, log|1 + sum_k u_k(t)/v^k|) with s = x/v, t = 1/sqrt(1 + s^2)."""
    s = x / v
    square = 1.0 + s * s
    r = math.sqrt(square)
    t = 1.0 / r
    eta = r + math.log(s / (1.0 + r))
    z = sign * t / v
    if line == 3:
        total = debye_4(t * t, z)
    elif line == 4:
        total = debye_6(t * t, z)
    elif line == 5:
        total = debye_9(t * t, z)
    else:
        total = debye_13(t * t, z)
    return v * eta, 0.25 * math.log1p(s * s), math.log(abs(1.0 + total))


@njit(**FLAGS)
def power_series(v, x, log_x):
    """v log(x/2) + logsumexp_k[k log(x^2/4) - log k! - log Gamma(v + k + 1)]."""
    log_half = log_x - LN2
    terms = np.empty(SERIES_TERMS)
    top = -np.inf
    for k in range(SERIES_TERMS):
        terms[k] = 2.0 * k * log_half - LOG_FACTORIAL[k] - math.lgamma(v + k + 1.0)
        top = max(top, terms[k])
    total = 0.0
    for k in range(SERIES_TERMS):
        total += math.exp(terms[k] - top)
    return v * log_half + top + math.log(total)


@njit(**FLAGS)
def integral(v, x, log_x):
    """log K by Rothwell (2006), equations 26 and 27: Simpson's rule with 600 intervals on (0, 1], n = 8."""
    n = 8.0
    beta = 2.0 * n / (2.0 * v + 1.0)
    log_beta = math.log(beta)
    g, h = np.empty(NODES + 1), np.empty(NODES + 1)
    top = -np.inf
    for i in range(1, NODES + 1):
        u = i / NODES
        log_u = math.log(u)
        power = math.exp(beta * log_u)
        g[i] = -power + (v - 0.5) * math.log(2.0 * x + power) + (n - 1.0) * log_u + log_beta
        h[i] = -1.0 / u - (2.0 * v + 1.0) * log_u + (v - 0.5) * math.log(2.0 * x * u + 1.0)
        top = max(top, g[i], h[i])
    total = 0.0
    for i in range(1, NODES + 1):
        weight = 1.0 if i == NODES else (4.0 if i % 2 == 1 else 2.0)
        total += weight * (math.exp(g[i] - top) + math.exp(h[i] - top))
    log_integral = top + math.log(total / (3.0 * NODES))
    return 0.5 * LOG_PI - math.lgamma(v + 0.5) - v * (LN2 + log_x) - x + log_integral


@njit(**FLAGS)
def table_log_iv(v, x):
    """log I_v(x) by the table."""
    if not (v >= 0.0 and x >= 0.0):
        return np.nan
    if x == 0.0:
        return 0.0 if v == 0.0 else -np.inf
    log_x = math.log(x)
    line, log_v = choose(v, x, log_x)
    if line <= 2:
        return x - 0.5 * (LOG_2PI + log_x) + large_argument(v, x, 3 if line == 1 else 20, -1.0)
    if line < 7:
        exponent, quarter, correction = debye(v, x, line, 1.0)
        return -0.5 * (LOG_2PI + log_v) + exponent - quarter + correction
    return power_series(v, x, log_x)


@njit(**FLAGS)
def table_log_kv(v, x):
    """log K_v(x) by the table."""
    if not (v >= 0.0 and x >= 0.0):
        return np.nan
    if x == 0.0:
        return np.inf
    log_x = math.log(x)
    line, log_v = choose(v, x, log_x)
    if line <= 2:
        return 0.5 * (LOG_PI - LN2 - log_x) - x + large_argument(v, x, 3 if line == 1 else 20, 1.0)
    if line < 7:
        exponent, quarter, correction = debye(v, x, line, -1.0)
        return 0.5 * (LOG_PI - LN2 - log_v) - exponent - quarter + correction
    return integral(v, x, log_x)


def _entries(tag):
    @entry(BLOCKWISE)
    def table_iv_points(v, x, out):
        """out[:] = log I_v(x)."""
        if tag != 0:
            for i in range(v.size):
                out[i] = table_log_iv(v[i], x[i])

    @entry(BLOCKWISE)
    def table_kv_points(v, x, out):
        """out[:] = log K_v(x)."""
        if tag != 0:
            for i in range(v.size):
                out[i] = table_log_kv(v[i], x[i])

    return table_iv_points, table_kv_points


table_iv_points, table_kv_points = _entries(source_tag())


class ExpressionTable:
    """The table as a method of the study; the ratio is the exponential of a difference, as in the paper."""

    functions = ("iv", "kv", "ratio")
    vectorised = True

    def evaluate(self, function: str, v: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Values at points; see `OwnBessel.evaluate`."""
        out = np.empty(v.size)
        if function == "ratio":
            above = np.empty(v.size)
            table_iv_points(v + 1.0, x, above)
            table_iv_points(v, x, out)
            return np.exp(above - out)
        (table_iv_points if function == "iv" else table_kv_points)(v, x, out)
        return out
