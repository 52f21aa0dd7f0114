"""The polynomial of K at small orders and 1 <= x <= 25, for ``generate_coefficients``.

With s = n^2 - 1/4, e^x sqrt(2 x / pi) K_n(x) = 1 + s H(x, s) / (2 x), and H is 1 at x = infinity and nowhere
far from it; at n = 1/2 nothing is left to approximate. H is interpolated at Chebyshev points of s, for
orders 0 <= n <= 1, and of u = 7/6 - (13/3)/(x + 1), which keeps the singularity at x = 0 far from [-1, 1].
"""

from __future__ import annotations

import mpmath
from mpmath import mp

from .chebyshev import coefficients, monomials, points
from .straight_line import horner

X_LOW, X_HIGH = 1, 25
S_LOW, S_HIGH = mp.mpf(-1) / 4, mp.mpf(3) / 4
U_POINTS, S_POINTS = 32, 12
DIGITS = 40
# coefficients of Chebyshev polynomials below this are left out
NEGLIGIBLE = 2e-17


def deviation(u, s):
    """H where the map of x to u takes the value u."""
    x = mp.mpf(13) / 3 / (mp.mpf(7) / 6 - u) - 1
    scaled = mpmath.sqrt(2 * x / mp.pi) * mpmath.exp(x) * mpmath.besselk(mpmath.sqrt(s + mp.mpf(1) / 4), x)
    return (scaled - 1) * 2 * x / s


def k_pair_rows() -> list[list[float]]:
    """Row j: coefficients, in ascending powers of u, of s^j in H."""
    with mpmath.workdps(DIGITS):
        centre, half = (S_LOW + S_HIGH) / 2, (S_HIGH - S_LOW) / 2
        u_points, s_points = points(U_POINTS), points(S_POINTS)
        by_u = [[deviation(u, centre + half * y) for y in s_points] for u in u_points]
        in_s = [coefficients(row) for row in by_u]
        table = [coefficients([row[j] for row in in_s]) for j in range(S_POINTS)]
        table = [[c if abs(c) > NEGLIGIBLE else mp.mpf(0) for c in row] for row in table]
        width = max(i + 1 for row in table for i, c in enumerate(row) if c)
        powers_of_s = [monomials([row[i] for row in table], centre, half) for i in range(width)]
        rows = [monomials([column[j] for column in powers_of_s]) for j in range(S_POINTS)]
        return [[float(c) for c in row] for row in trimmed(rows)]


def trimmed(rows: list[list]) -> list[list]:
    """Without the zeros at the ends of rows, and without empty rows at the end."""
    cut = []
    for row in rows:
        used = max((i + 1 for i, c in enumerate(row) if c), default=0)
        cut.append(row[:used])
    while not cut[-1]:
        cut.pop()
    return cut


def k_pair() -> str:
    """Straight-line source of K_m and K_{m+1}/K_m."""
    rows = k_pair_rows()
    lines = [
        "def k_pair(x, m):",
        '    """exp(x) (2x/pi)^(1/2) K_m(x) and (x/2) K_{m+1}(x)/K_m(x); |m| <= 1/2, 1 <= x <= 25."""',
        "    a = abs(m)",
        "    r = 0.5 / (x * (x + 1.0))",
        "    h = (x + 1.0) * r",
        f"    u = {7 / 6!r} - {26 / 3!r} * x * r",
        "    s = (a - 0.5) * (a + 0.5)",
        "    t = (0.5 - a) * (1.5 - a)",
        *(f"    c{j} = {horner(row, 'u')}" for j, row in enumerate(rows)),
    ]
    for order, name in (("s", "low"), ("t", "high")):
        nested = f"c{len(rows) - 1}"
        for j in reversed(range(len(rows) - 1)):
            nested = f"({nested} * {order} + c{j})"
        lines.append(f"    {name} = 1.0 + {order} * h * {nested}")
    # K_{m+1} = K_{1-m} + (2m/x) K_m for m > 0, and K_{m+1} = K_{1-|m|} otherwise
    return "\n".join([*lines, "    return low, 0.5 * (x * high / low + (a + m))"]) + "\n"
