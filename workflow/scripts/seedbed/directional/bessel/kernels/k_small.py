"""K at orders mu = v - round(v) and mu + 1, from which a forward recurrence reaches v; hypot(v, x) < 25.

Temme's series for x <= 1 (beyond, its terms cancel), and above it a polynomial in u(x) and mu^2 that was fitted
to fifty-digit values (``generate_k_pair``).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from seedbed.directional.bessel.series import k_pair as series_k
from seedbed.directional.bessel.series import polynomials as series_polynomials
from seedbed.directional.bessel.series import steps as series_steps

from .compiled import INLINE
from .math import exp

TEMME_HIGH = 1.0

temme_1 = njit(**INLINE)(series_polynomials.temme_1)
temme_2 = njit(**INLINE)(series_polynomials.temme_2)
sinh_tail = njit(**INLINE)(series_polynomials.sinh_tail)
reflection_tail = njit(**INLINE)(series_polynomials.reflection_tail)
temme_sums = njit(**INLINE)(series_steps.temme_sums)
upward_product = njit(**INLINE)(series_steps.upward_product)
k_pair = njit(**INLINE)(series_k.k_pair)


@njit(**INLINE)
def nearest(v):
    """(round(v), v - round(v))."""
    n = np.floor(v + 0.5)
    return n, v - n


@njit(**INLINE)
def temme(mu, x, big_l):
    """K_mu(x) and (x/2) K_{mu+1}/K_mu; ``big_l`` = log(2/x)."""
    m2 = mu * mu
    g1, g2 = temme_1(m2), temme_2(m2)
    below, above = g2 - mu * g1, g2 + mu * g1
    sigma = mu * big_l
    e = exp(sigma)
    small = abs(sigma) < 1.0
    # two quotients for one division
    divisor = mu if not small else 1.0
    common = 1.0 / (e * divisor)
    inverse = common * divisor
    direct = 0.5 * (e - inverse) * (common * e)
    s2 = sigma * sigma
    sinh_term = big_l + big_l * s2 * sinh_tail(s2) if small else direct
    gammas = 1.0 + m2 * reflection_tail(m2)
    f = (g1 * 0.5 * (e + inverse) + g2 * sinh_term) * gammas
    s0, s1, d = temme_sums(mu, f, 0.5 * e * above * gammas, 0.5 * inverse * below * gammas, 0.25 * x * x)
    return s0 / d, s1 / s0
