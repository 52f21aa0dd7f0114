"""Recurrences and series of fixed length, written out, as straight-line arithmetic for NumPy, torch and numba alike.

Written by ``python -m seedbed.directional.bessel.generator``; do not edit.
"""
# fmt: off


def gamma_product(m, n):
    """(m+1)(m+2)...(m+n), 0 <= n <= 25."""
    p = 1.0
    p = p * (m + 1.0) if n >= 1.0 else p
    p = p * (m + 2.0) if n >= 2.0 else p
    p = p * (m + 3.0) if n >= 3.0 else p
    p = p * (m + 4.0) if n >= 4.0 else p
    p = p * (m + 5.0) if n >= 5.0 else p
    p = p * (m + 6.0) if n >= 6.0 else p
    p = p * (m + 7.0) if n >= 7.0 else p
    p = p * (m + 8.0) if n >= 8.0 else p
    p = p * (m + 9.0) if n >= 9.0 else p
    p = p * (m + 10.0) if n >= 10.0 else p
    p = p * (m + 11.0) if n >= 11.0 else p
    p = p * (m + 12.0) if n >= 12.0 else p
    p = p * (m + 13.0) if n >= 13.0 else p
    p = p * (m + 14.0) if n >= 14.0 else p
    p = p * (m + 15.0) if n >= 15.0 else p
    p = p * (m + 16.0) if n >= 16.0 else p
    p = p * (m + 17.0) if n >= 17.0 else p
    p = p * (m + 18.0) if n >= 18.0 else p
    p = p * (m + 19.0) if n >= 19.0 else p
    p = p * (m + 20.0) if n >= 20.0 else p
    p = p * (m + 21.0) if n >= 21.0 else p
    p = p * (m + 22.0) if n >= 22.0 else p
    p = p * (m + 23.0) if n >= 23.0 else p
    p = p * (m + 24.0) if n >= 24.0 else p
    p = p * (m + 25.0) if n >= 25.0 else p
    return p


def upward_product(m, n, r, h):
    """P_n and P_{n-1} of P_{j+1} = (m+j) P_j + h P_{j-1}, P_0 = 1, P_1 = r; 0 <= n <= 25."""
    p = 1.0
    q = r
    top = 1.0 if n < 1.0 else q
    below = 1.0
    p, q = q, (m + 1.0) * q + h * p
    below = p if n == 2.0 else below
    top = q if n == 2.0 else top
    p, q = q, (m + 2.0) * q + h * p
    below = p if n == 3.0 else below
    top = q if n == 3.0 else top
    p, q = q, (m + 3.0) * q + h * p
    below = p if n == 4.0 else below
    top = q if n == 4.0 else top
    p, q = q, (m + 4.0) * q + h * p
    below = p if n == 5.0 else below
    top = q if n == 5.0 else top
    p, q = q, (m + 5.0) * q + h * p
    below = p if n == 6.0 else below
    top = q if n == 6.0 else top
    p, q = q, (m + 6.0) * q + h * p
    below = p if n == 7.0 else below
    top = q if n == 7.0 else top
    p, q = q, (m + 7.0) * q + h * p
    below = p if n == 8.0 else below
    top = q if n == 8.0 else top
    p, q = q, (m + 8.0) * q + h * p
    below = p if n == 9.0 else below
    top = q if n == 9.0 else top
    p, q = q, (m + 9.0) * q + h * p
    below = p if n == 10.0 else below
    top = q if n == 10.0 else top
    p, q = q, (m + 10.0) * q + h * p
    below = p if n == 11.0 else below
    top = q if n == 11.0 else top
    p, q = q, (m + 11.0) * q + h * p
    below = p if n == 12.0 else below
    top = q if n == 12.0 else top
    p, q = q, (m + 12.0) * q + h * p
    below = p if n == 13.0 else below
    top = q if n == 13.0 else top
    p, q = q, (m + 13.0) * q + h * p
    below = p if n == 14.0 else below
    top = q if n == 14.0 else top
    p, q = q, (m + 14.0) * q + h * p
    below = p if n == 15.0 else below
    top = q if n == 15.0 else top
    p, q = q, (m + 15.0) * q + h * p
    below = p if n == 16.0 else below
    top = q if n == 16.0 else top
    p, q = q, (m + 16.0) * q + h * p
    below = p if n == 17.0 else below
    top = q if n == 17.0 else top
    p, q = q, (m + 17.0) * q + h * p
    below = p if n == 18.0 else below
    top = q if n == 18.0 else top
    p, q = q, (m + 18.0) * q + h * p
    below = p if n == 19.0 else below
    top = q if n == 19.0 else top
    p, q = q, (m + 19.0) * q + h * p
    below = p if n == 20.0 else below
    top = q if n == 20.0 else top
    p, q = q, (m + 20.0) * q + h * p
    below = p if n == 21.0 else below
    top = q if n == 21.0 else top
    p, q = q, (m + 21.0) * q + h * p
    below = p if n == 22.0 else below
    top = q if n == 22.0 else top
    p, q = q, (m + 22.0) * q + h * p
    below = p if n == 23.0 else below
    top = q if n == 23.0 else top
    p, q = q, (m + 23.0) * q + h * p
    below = p if n == 24.0 else below
    top = q if n == 24.0 else top
    p, q = q, (m + 24.0) * q + h * p
    below = p if n == 25.0 else below
    top = q if n == 25.0 else top
    return top, below


def temme_sums(m, f0, p, q, h):
    """Numerators of Temme's two sums and their denominator, x <= 1; h = x^2 / 4."""
    m2 = m * m
    g0 = p
    f1 = 1.0 * f0 + (p + q)
    p = p * (1.0 + m)
    q = q * (1.0 - m)
    g1 = p - 1.0 * f1
    f2 = 2.0 * f1 + (p + q)
    p = p * (2.0 + m)
    q = q * (2.0 - m)
    g2 = p - 2.0 * f2
    f3 = 3.0 * f2 + (p + q)
    p = p * (3.0 + m)
    q = q * (3.0 - m)
    g3 = p - 3.0 * f3
    f4 = 4.0 * f3 + (p + q)
    p = p * (4.0 + m)
    q = q * (4.0 - m)
    g4 = p - 4.0 * f4
    f5 = 5.0 * f4 + (p + q)
    p = p * (5.0 + m)
    q = q * (5.0 - m)
    g5 = p - 5.0 * f5
    f6 = 6.0 * f5 + (p + q)
    p = p * (6.0 + m)
    q = q * (6.0 - m)
    g6 = p - 6.0 * f6
    f7 = 7.0 * f6 + (p + q)
    p = p * (7.0 + m)
    q = q * (7.0 - m)
    g7 = p - 7.0 * f7
    f8 = 8.0 * f7 + (p + q)
    p = p * (8.0 + m)
    q = q * (8.0 - m)
    g8 = p - 8.0 * f8
    f9 = 9.0 * f8 + (p + q)
    p = p * (9.0 + m)
    q = q * (9.0 - m)
    g9 = p - 9.0 * f9
    f10 = 10.0 * f9 + (p + q)
    p = p * (10.0 + m)
    q = q * (10.0 - m)
    g10 = p - 10.0 * f10
    a = f10
    g = g10
    b = 1.0
    b = b * (1000.0 - 10.0 * m2)
    a = f9 * b + h * a
    g = g9 * b + h * g
    b = b * (729.0 - 9.0 * m2)
    a = f8 * b + h * a
    g = g8 * b + h * g
    b = b * (512.0 - 8.0 * m2)
    a = f7 * b + h * a
    g = g7 * b + h * g
    b = b * (343.0 - 7.0 * m2)
    a = f6 * b + h * a
    g = g6 * b + h * g
    b = b * (216.0 - 6.0 * m2)
    a = f5 * b + h * a
    g = g5 * b + h * g
    b = b * (125.0 - 5.0 * m2)
    a = f4 * b + h * a
    g = g4 * b + h * g
    b = b * (64.0 - 4.0 * m2)
    a = f3 * b + h * a
    g = g3 * b + h * g
    b = b * (27.0 - 3.0 * m2)
    a = f2 * b + h * a
    g = g2 * b + h * g
    b = b * (8.0 - 2.0 * m2)
    a = f1 * b + h * a
    g = g1 * b + h * g
    b = b * (1.0 - 1.0 * m2)
    a = f0 * b + h * a
    g = g0 * b + h * g
    return a, g, b


def downward_ratio(u, r, x2):
    """I_{v+1} / (x I_v) from r = I_{u+1} / (x I_u), u = v + 26."""
    a = 1.0
    b = r
    a, b = 2.0 * (u - 0.0) * a + x2 * b, a
    a, b = 2.0 * (u - 1.0) * a + x2 * b, a
    a, b = 2.0 * (u - 2.0) * a + x2 * b, a
    a, b = 2.0 * (u - 3.0) * a + x2 * b, a
    a, b = 2.0 * (u - 4.0) * a + x2 * b, a
    a, b = 2.0 * (u - 5.0) * a + x2 * b, a
    a, b = 2.0 * (u - 6.0) * a + x2 * b, a
    a, b = 2.0 * (u - 7.0) * a + x2 * b, a
    a, b = 2.0 * (u - 8.0) * a + x2 * b, a
    a, b = 2.0 * (u - 9.0) * a + x2 * b, a
    a, b = 2.0 * (u - 10.0) * a + x2 * b, a
    a, b = 2.0 * (u - 11.0) * a + x2 * b, a
    a, b = 2.0 * (u - 12.0) * a + x2 * b, a
    a, b = 2.0 * (u - 13.0) * a + x2 * b, a
    a, b = 2.0 * (u - 14.0) * a + x2 * b, a
    a, b = 2.0 * (u - 15.0) * a + x2 * b, a
    a, b = 2.0 * (u - 16.0) * a + x2 * b, a
    a, b = 2.0 * (u - 17.0) * a + x2 * b, a
    a, b = 2.0 * (u - 18.0) * a + x2 * b, a
    a, b = 2.0 * (u - 19.0) * a + x2 * b, a
    a, b = 2.0 * (u - 20.0) * a + x2 * b, a
    a, b = 2.0 * (u - 21.0) * a + x2 * b, a
    a, b = 2.0 * (u - 22.0) * a + x2 * b, a
    a, b = 2.0 * (u - 23.0) * a + x2 * b, a
    a, b = 2.0 * (u - 24.0) * a + x2 * b, a
    a, b = 2.0 * (u - 25.0) * a + x2 * b, a
    return b / a
