"""K at orders mu = v - round(v) and mu + 1, from which a forward recurrence reaches v; hypot(v, x) < 25.

Temme's series for x <= 1 (beyond, its terms cancel). Above, the trapezoidal rule on
K_mu(x) = int_0^inf exp(-x cosh t) cosh(mu t) dt, which converges geometrically: with h = pi^2/(x_max + 40)
and about 20 nodes the error is below an ulp, and unlike a continued fraction no loop's length depends on
the data.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from seedbed.directional import series_polynomials, series_steps
from seedbed.directional.compiled import FLAGS, INLINE
from seedbed.directional.kernel_math import exp, log, prefer_wide

LN2 = 0.6931471805599453
SPLIT_1, SPLIT_2 = 1.0, 5.0
# rows of scratch space that trapezoid() uses
SCRATCH = 6

temme_1 = njit(**INLINE)(series_polynomials.temme_1)
temme_2 = njit(**INLINE)(series_polynomials.temme_2)
temme_sums = njit(**INLINE)(series_steps.temme_sums)
upward_product = njit(**INLINE)(series_steps.upward_product)


def quadrature(x_low: float, x_high: float) -> tuple[float, np.ndarray]:
    """Step and values cosh(j h) - 1 for the trapezoidal rule on x_low <= x <= x_high.

    The last node t has x (cosh t - 1) - 1.5 t > 41: what is left out is below exp(-41). Their number is
    rounded up to a multiple of four.
    """
    h = math.pi**2 / (x_high + 40.0)
    last = 1.0
    for _ in range(30):
        last = math.acosh(1.0 + (41.0 + 1.5 * last) / x_low)
    whole = -(-math.ceil(last / h) // 4) * 4
    return h, np.array([math.cosh(j * h) - 1.0 for j in range(1, whole + 1)])


STEP_1, NODES_1 = quadrature(SPLIT_1, SPLIT_2)
STEP_2, NODES_2 = quadrature(SPLIT_2, 25.0)


@njit(**INLINE)
def nearest(v):
    """(round(v), v - round(v))."""
    n = np.floor(v + 0.5)
    return n, v - n


@njit(**FLAGS)
def temme(v, x, k_mu, rise, n):
    """``k_mu`` = K_mu(x) and ``rise`` = (x/2) K_{mu+1}/K_mu."""
    prefer_wide()
    for i in range(n):
        mu = nearest(v[i])[1]
        m2 = mu * mu
        g1, g2 = temme_1(m2), temme_2(m2)
        below, above = g2 - mu * g1, g2 + mu * g1
        big_l = LN2 - log(x[i])
        sigma = mu * big_l
        e = exp(sigma)
        inverse = 1.0 / e
        s2 = sigma * sigma
        taylor = 1.0 + s2 / 6.0 * (1.0 + s2 / 20.0 * (1.0 + s2 / 42.0 * (1.0 + s2 / 72.0 * (1.0 + s2 / 110.0))))
        direct = 0.5 * (e - inverse) / (mu if mu != 0.0 else 1.0)
        sinh_term = taylor * big_l if abs(sigma) < 0.25 else direct
        f = (g1 * 0.5 * (e + inverse) + g2 * sinh_term) / (below * above)
        s0, s1 = temme_sums(mu, f, 0.5 * e / below, 0.5 * inverse / above, 0.25 * x[i] * x[i])
        k_mu[i] = s0
        rise[i] = s1 / s0


@njit(**INLINE)
def cosh_small(u):
    """cosh(sqrt(u)) for 0 <= u < 0.16."""
    return 1.0 + u / 2.0 * (1.0 + u / 12.0 * (1.0 + u / 30.0 * (1.0 + u / 56.0 * (1.0 + u / 90.0 * (1.0 + u / 132.0)))))


@njit(**FLAGS)
def start_cosh(v, h, scratch, k_mu, rise, n):
    """The first terms of cosh(mu j h) and cosh((mu + 1) j h), for the recurrence in j."""
    prefer_wide()
    for i in range(n):
        mu = nearest(v[i])[1]
        a = cosh_small((mu * h) ** 2)
        b = cosh_small(((mu + 1.0) * h) ** 2)
        scratch[0, i], scratch[1, i] = a, b
        scratch[2, i], scratch[3, i] = a, b
        scratch[4, i] = scratch[5, i] = 1.0
        k_mu[i] = rise[i] = 0.5


@njit(**INLINE)
def weight_of(x, node):
    """exp(-x node); exp() needs its argument in range, and exp(-700) is nothing here."""
    return exp(max(-x * node, -700.0))


@njit(**FLAGS)
def add_four_nodes(x, node_1, node_2, node_3, node_4, scratch, k_mu, rise, n):
    """Four nodes of the rule for all points; cosh(j y) by its three-term recurrence."""
    prefer_wide()
    for i in range(n):
        two_a, two_b = 2.0 * scratch[0, i], 2.0 * scratch[1, i]
        a_1, b_1 = scratch[2, i], scratch[3, i]
        a_2, b_2 = two_a * a_1 - scratch[4, i], two_b * b_1 - scratch[5, i]
        a_3, b_3 = two_a * a_2 - a_1, two_b * b_2 - b_1
        a_4, b_4 = two_a * a_3 - a_2, two_b * b_3 - b_2
        w_1, w_2 = weight_of(x[i], node_1), weight_of(x[i], node_2)
        w_3, w_4 = weight_of(x[i], node_3), weight_of(x[i], node_4)
        k_mu[i] += (w_1 * a_1 + w_2 * a_2) + (w_3 * a_3 + w_4 * a_4)
        rise[i] += (w_1 * b_1 + w_2 * b_2) + (w_3 * b_3 + w_4 * b_4)
        scratch[2, i], scratch[3, i] = two_a * a_4 - a_3, two_b * b_4 - b_3
        scratch[4, i], scratch[5, i] = a_4, b_4


@njit(**FLAGS)
def trapezoid(v, x, h, nodes, scratch, k_mu, rise, n):
    """``k_mu`` = exp(x) K_mu(x) and ``rise`` = (x/2) K_{mu+1}/K_mu."""
    start_cosh(v, h, scratch, k_mu, rise, n)
    for j in range(0, nodes.size, 4):
        add_four_nodes(x, nodes[j], nodes[j + 1], nodes[j + 2], nodes[j + 3], scratch, k_mu, rise, n)
    for i in range(n):
        rise[i] = 0.5 * x[i] * rise[i] / k_mu[i]
        k_mu[i] *= h


@njit(**FLAGS)
def start_orders(kind, v, x, scratch, k_mu, rise, n):
    """The method for the kind of points: 4 Temme, 5 and 6 the trapezoidal rule."""
    if kind == 4:
        temme(v, x, k_mu, rise, n)
    elif kind == 5:
        trapezoid(v, x, STEP_1, NODES_1, scratch, k_mu, rise, n)
    else:
        trapezoid(v, x, STEP_2, NODES_2, scratch, k_mu, rise, n)
