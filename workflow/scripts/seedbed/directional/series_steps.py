"""Recurrences and series of fixed length, written out, as straight-line arithmetic for NumPy, torch and numba alike.

Written by ``generate_coefficients.py``; do not edit.
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


def temme_sums(m, f, p, q, h):
    """Numerators of Temme's two sums and their denominator, x <= 1; h = x^2 / 4."""
    m2 = m * m
    c = d = 1.0
    s0 = f
    s1 = p
    e = 1.0 - m2
    f = 1.0 * f + (p + q)
    p = p * (1.0 + m)
    q = q * (1.0 - m)
    c = c * h * 1.0
    s0 = s0 * e + c * f
    s1 = s1 * e + c * (p - 1.0 * f)
    d = d * e
    e = 4.0 - m2
    f = 2.0 * f + (p + q)
    p = p * (2.0 + m)
    q = q * (2.0 - m)
    c = c * h * 0.5
    s0 = s0 * e + c * f
    s1 = s1 * e + c * (p - 2.0 * f)
    d = d * e
    e = 9.0 - m2
    f = 3.0 * f + (p + q)
    p = p * (3.0 + m)
    q = q * (3.0 - m)
    c = c * h * 0.3333333333333333
    s0 = s0 * e + c * f
    s1 = s1 * e + c * (p - 3.0 * f)
    d = d * e
    e = 16.0 - m2
    f = 4.0 * f + (p + q)
    p = p * (4.0 + m)
    q = q * (4.0 - m)
    c = c * h * 0.25
    s0 = s0 * e + c * f
    s1 = s1 * e + c * (p - 4.0 * f)
    d = d * e
    e = 25.0 - m2
    f = 5.0 * f + (p + q)
    p = p * (5.0 + m)
    q = q * (5.0 - m)
    c = c * h * 0.2
    s0 = s0 * e + c * f
    s1 = s1 * e + c * (p - 5.0 * f)
    d = d * e
    e = 36.0 - m2
    f = 6.0 * f + (p + q)
    p = p * (6.0 + m)
    q = q * (6.0 - m)
    c = c * h * 0.16666666666666666
    s0 = s0 * e + c * f
    s1 = s1 * e + c * (p - 6.0 * f)
    d = d * e
    e = 49.0 - m2
    f = 7.0 * f + (p + q)
    p = p * (7.0 + m)
    q = q * (7.0 - m)
    c = c * h * 0.14285714285714285
    s0 = s0 * e + c * f
    s1 = s1 * e + c * (p - 7.0 * f)
    d = d * e
    e = 64.0 - m2
    f = 8.0 * f + (p + q)
    p = p * (8.0 + m)
    q = q * (8.0 - m)
    c = c * h * 0.125
    s0 = s0 * e + c * f
    s1 = s1 * e + c * (p - 8.0 * f)
    d = d * e
    e = 81.0 - m2
    f = 9.0 * f + (p + q)
    p = p * (9.0 + m)
    q = q * (9.0 - m)
    c = c * h * 0.1111111111111111
    s0 = s0 * e + c * f
    s1 = s1 * e + c * (p - 9.0 * f)
    d = d * e
    e = 100.0 - m2
    f = 10.0 * f + (p + q)
    p = p * (10.0 + m)
    q = q * (10.0 - m)
    c = c * h * 0.1
    s0 = s0 * e + c * f
    s1 = s1 * e + c * (p - 10.0 * f)
    d = d * e
    return s0, s1, d


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
