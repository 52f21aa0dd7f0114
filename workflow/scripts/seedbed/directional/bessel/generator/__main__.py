"""Write the modules of ``bessel/series``: expansions from exact rationals, and what they need.

Run ``python -m seedbed.directional.bessel.generator`` to write them, or with ``--check`` to compare
them with what lies on disk. The unit tests do the same comparison.

The Debye polynomials u_k(p) follow from the recurrence DLMF 10.41.9. With w = sqrt(v^2 + x^2) and
t = (v/w)^2, u_k(v/w) / v^k = q_k(t) / w^k has no singularity at v = 0, and so one expansion serves every
order. Its logarithm is taken term by term, in exact rationals: k d_k = k q_k - sum_{j<k} j d_j q_{k-j}.
"""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from pathlib import Path

import mpmath

from .chebyshev import interpolant
from .k_pair import k_pair
from .straight_line import double_series, power_sum, single_series

SERIES = Path(__file__).parents[1] / "series"
TERMS = (4, 6, 9, 16)
TABLE_TERMS = (4, 6, 9, 13)
POWER_TERMS = (10, 18, 46)
TEMME_TERMS, TEMME_HIGH = 11, 1.0
ORDER_STEPS = 26

Polynomial = list[Fraction]


def debye_polynomials(n_terms: int) -> list[Polynomial]:
    """q_0, ..., q_n with u_k(p) = p^k q_k(p^2), ascending powers of t = p^2."""
    u: list[dict[int, Fraction]] = [{0: Fraction(1)}]
    for _ in range(n_terms):
        following: dict[int, Fraction] = {}
        for power, value in u[-1].items():
            # u_{k+1} = p^2 (1 - p^2) u_k' / 2 + (1/8) int_0^p (1 - 5 s^2) u_k(s) ds
            up, upper = power + 1, power + 3
            low = value * power / 2 + value / (8 * (power + 1))
            high = -value * power / 2 - 5 * value / (8 * (power + 3))
            following[up] = following.get(up, Fraction(0)) + low
            following[upper] = following.get(upper, Fraction(0)) + high
        u.append(following)
    return [[u[k].get(k + 2 * j, Fraction(0)) for j in range(k + 1)] for k in range(n_terms + 1)]


def product(left: Polynomial, right: Polynomial) -> Polynomial:
    """Coefficients of the product of two polynomials, in whole numbers over a common denominator."""
    (a, below_a), (b, below_b) = over_one_denominator(left), over_one_denominator(right)
    result = [0] * (len(a) + len(b) - 1)
    for i, one in enumerate(a):
        for j, other in enumerate(b):
            result[i + j] += one * other
    return [Fraction(value, below_a * below_b) for value in result]


def over_one_denominator(polynomial: Polynomial) -> tuple[list[int], int]:
    """Numerators, and the denominator that they have in common."""
    below = math.lcm(*(value.denominator for value in polynomial))
    return [value.numerator * (below // value.denominator) for value in polynomial], below


def log_debye_polynomials(n_terms: int) -> list[Polynomial]:
    """d_1, ..., d_n (index 0 empty): log(1 + sum_k q_k z^k) = sum_k d_k z^k."""
    q = debye_polynomials(n_terms)
    d: list[Polynomial] = [[]]
    for k in range(1, n_terms + 1):
        total = [k * value for value in q[k]]
        for j in range(1, k):
            for i, value in enumerate(product(d[j], q[k - j])):
                total[i] -= j * value
        d.append([value / k for value in total])
    return d


def argument_derivative(polynomials: list[Polynomial]) -> list[Polynomial]:
    """-(k f_k + 2 t f_k'): what x d/dx makes of sum_k f_k(t) w^-k, divided by 1 - t."""
    return [[-(k + 2 * j) * c for j, c in enumerate(f)] for k, f in enumerate(polynomials)]


def order_derivative(polynomials: list[Polynomial]) -> list[Polynomial]:
    """-k f_k + 2 (1 - t) f_k': what d/dv makes of sum_k f_k(t) w^-k, divided by v / w^2."""
    result = []
    for k, f in enumerate(polynomials):
        slope = [Fraction(0)] * (len(f) + 1)
        for j, c in enumerate(f):
            slope[j] -= (k + 2 * j) * c
            if j:
                slope[j - 1] += 2 * j * c
        result.append(slope[: len(f)])
    return result


def transcendental_tables() -> dict[str, list[float]]:
    """Taylor coefficients of 1/Gamma(1 + m) and of Temme's functions, and the kernels' log and exp."""
    with mpmath.workdps(60):
        rgamma = mpmath.taylor(lambda m: mpmath.rgamma(1 + m), 0, 24)
        # on |s| <= 1/5 and |m| <= 1/2 the relative errors are below 2^-58
        atanh = interpolant(lambda u: (2 * mpmath.atanh(mpmath.sqrt(u)) / mpmath.sqrt(u) - 2) / u, 0, 0.0401, 7)
        reflection = interpolant(lambda u: (1 / mpmath.sincpi(mpmath.sqrt(u)) - 1) / u, 0, 0.25, 13)
        slope = mpmath.findroot(lambda c: mpmath.sqrt(1 + c * c) - mpmath.asinh(1 / c), 0.66274)
        y0 = float((1 + mpmath.sqrt(1 + slope**2)) / slope)
        constants = {
            "LOG_Y0": mpmath.log(mpmath.mpf(y0)),
            "LN2_TAIL": mpmath.log(2) - mpmath.mpf(float.fromhex("0x1.62e42fee00000p-1")),
            "HALF_LOG_2PI": mpmath.log(2 * mpmath.pi) / 2,
            "HALF_LOG_PI_2": mpmath.log(mpmath.pi / 2) / 2,
        }
        tables = {
            "RECIPROCAL_GAMMA": [float(c) for c in rgamma[1:23]],
            "TEMME_1": [-float(c) for c in rgamma[1::2]][:11],
            "TEMME_2": [float(c) for c in rgamma[0::2]][:11],
            "ATANH": [float(c) for c in atanh],
            "REFLECTION": [float(c) for c in reflection],
            "SINH": [float(1 / mpmath.factorial(2 * k + 3)) for k in range(9)],
            "EXP": [float(1 / mpmath.factorial(k)) for k in range(14)],
            "ZERO_SLOPE_Y0": [y0],
        }
        for name, value in constants.items():
            high = float(value)
            tables[name] = [high, float(value - high)]
        tables["LN2"] = [float.fromhex("0x1.62e42fee00000p-1"), float(constants["LN2_TAIL"])]
        del tables["LN2_TAIL"]
    return tables


def table_source(name: str, rows: list[Polynomial] | list[float]) -> str:
    """A tuple of floats, or of tuples of floats, as Python source."""
    if rows and isinstance(rows[0], float):
        return f"{name} = (\n" + "".join(f"    {value!r},\n" for value in rows) + ")\n"
    lines = [f"    ({', '.join(repr(float(c)) for c in row)},),\n" for row in rows]
    return f"{name} = (\n" + "".join(lines) + ")\n"


def unrolled_steps() -> list[str]:
    """Loops of fixed length written out, for numbers (not arrays): a loop would keep LLVM from using SIMD."""
    pochhammer = ["def gamma_product(m, n):", '    """(m+1)(m+2)...(m+n), 0 <= n <= 25."""', "    p = 1.0"]
    pochhammer += [f"    p = p * (m + {j}.0) if n >= {j}.0 else p" for j in range(1, 26)]
    upward = [
        "def upward_product(m, n, r, h):",
        '    """P_n and P_{n-1} of P_{j+1} = (m+j) P_j + h P_{j-1}, P_0 = 1, P_1 = r; 0 <= n <= 25."""',
        "    p = 1.0",
        "    q = r",
        "    top = 1.0 if n < 1.0 else q",
        "    below = 1.0",
    ]
    for j in range(1, 25):
        upward += [f"    p, q = q, (m + {j}.0) * q + h * p"]
        upward += [f"    below = p if n == {j + 1}.0 else below", f"    top = q if n == {j + 1}.0 else top"]
    temme = ["def temme_sums(m, f0, p, q, h):"]
    temme += [f'    """Numerators of Temme\'s two sums and their denominator, x <= {TEMME_HIGH:g}; h = x^2 / 4."""']
    temme += ["    m2 = m * m", "    g0 = p"]
    for k in range(1, TEMME_TERMS):
        # the terms' denominators (k - m)(k + m) are left out here, and nested below
        temme += [
            f"    f{k} = {k}.0 * f{k - 1} + (p + q)",
            f"    p = p * ({k}.0 + m)",
            f"    q = q * ({k}.0 - m)",
            f"    g{k} = p - {k}.0 * f{k}",
        ]
    temme += [f"    a = f{TEMME_TERMS - 1}", f"    g = g{TEMME_TERMS - 1}", "    b = 1.0"]
    for k in range(TEMME_TERMS - 1, 0, -1):
        temme += [
            f"    b = b * ({k**3}.0 - {k}.0 * m2)",
            f"    a = f{k - 1} * b + h * a",
            f"    g = g{k - 1} * b + h * g",
        ]
    downward = [
        "def downward_ratio(u, r, x2):",
        f'    """I_{{v+1}} / (x I_v) from r = I_{{u+1}} / (x I_u), u = v + {ORDER_STEPS}."""',
        "    a = 1.0",
        "    b = r",
    ]
    downward += [f"    a, b = 2.0 * (u - {j}.0) * a + x2 * b, a" for j in range(ORDER_STEPS)]
    return [
        "\n".join([*pochhammer, "    return p"]) + "\n",
        "\n".join([*upward, "    return top, below"]) + "\n",
        "\n".join([*temme, "    return a, g, b"]) + "\n",
        "\n".join([*downward, "    return b / a"]) + "\n",
    ]


def series_sources(tables: dict[str, list[float]]) -> dict[str, tuple[str, list[str]]]:
    """What each module of straight-line code is about, and its functions."""
    q = debye_polynomials(max(TABLE_TERMS))
    d = log_debye_polynomials(max(TERMS))
    g = argument_derivative(d)
    debye = "sum_k q_k(t) z^k, Debye's series itself, for the published expression table"
    polynomials = {
        "atanh_tail": (tables["ATANH"], "(2 atanh(s)/s - 2)/u with u = s^2 <= 0.04"),
        "exp_taylor": (tables["EXP"], "exp(u), |u| <= log(2)/2"),
        "reflection_tail": (tables["REFLECTION"], "(pi m/sin(pi m) - 1)/u with u = m^2 <= 1/4"),
        "sinh_tail": (tables["SINH"], "(sinh(s)/s - 1)/u with u = s^2 <= 1"),
        "reciprocal_gamma_tail": (tables["RECIPROCAL_GAMMA"][:18], "(1/Gamma(1+u)-1)/u"),
        "temme_1": (tables["TEMME_1"], "(1/Gamma(1-m) - 1/Gamma(1+m))/(2 m), u = m^2"),
        "temme_2": (tables["TEMME_2"], "(1/Gamma(1-m) + 1/Gamma(1+m))/2, u = m^2"),
    }

    def expansions(name: str, rows: list[Polynomial], lengths: tuple[int, ...], what: str) -> list[str]:
        return [double_series(name, rows, n_terms, what) for n_terms in lengths]

    return {
        "log": ("The expansion of log I and log K", expansions("log_series", d, TERMS, "sum_k d_k(t) z^k")),
        "ratio": (
            "The expansion of the ratio I_{v+1}/I_v, and of its derivative",
            expansions("ratio_series", g, TERMS, "sum_k g_k(t) z^k")
            + expansions("slope_series", argument_derivative(g), (6,), "sum_k m_k(t) z^k"),
        ),
        "order": (
            "The expansion of the derivatives with respect to the order",
            expansions("order_series", order_derivative(d), TERMS, "sum_k h_k(t) z^k"),
        ),
        "debye": ("Debye's expansion itself", expansions("debye_series", q, TABLE_TERMS, debye)),
        "polynomials": (
            "Polynomials in one variable",
            [single_series(name, values, what) for name, (values, what) in polynomials.items()],
        ),
        "power": ("The power series of I_v", [power_sum(n_terms) for n_terms in POWER_TERMS]),
        "k_pair": ("K at the orders m and m + 1, |m| <= 1/2, 1 <= x <= 25", [k_pair()]),
        "steps": ("Recurrences and series of fixed length, written out", unrolled_steps()),
    }


def switched_off(parts: list[str]) -> str:
    """What ruff is not to mind in a file of these parts."""
    long = any(len(line) > 120 for part in parts for line in part.splitlines())
    return "# ruff: noqa: E501\n# fmt: off\n" if long else "# fmt: off\n"


def build() -> dict[str, str]:
    """The text of every generated file."""
    d = log_debye_polynomials(max(TERMS))
    g = argument_derivative(d)
    tables = transcendental_tables()
    origin = '"""{}\n\nWritten by ``python -m seedbed.directional.bessel.generator``; do not edit.\n"""\n'
    table = []
    for name, rows in (("LOG_SERIES", d), ("RATIO_SERIES", g), ("ORDER_SERIES", order_derivative(d))):
        table.append(table_source(name, rows[1:]))
    table.append(table_source("SLOPE_SERIES", argument_derivative(g)[1:]))
    table += [table_source(name, values) for name, values in tables.items()]
    table.append(f"ORDER_STEPS = {ORDER_STEPS}\n")
    title = "Coefficients of the log-Bessel expansions; row k - 1 holds term k, powers of t."
    files = {"coefficients.py": origin.format(title) + switched_off(table) + "\n" + "\n".join(table)}
    for name, (what, functions) in series_sources(tables).items():
        title = f"{what}, as straight-line arithmetic for NumPy, torch and numba alike."
        files[f"{name}.py"] = origin.format(title) + switched_off(functions) + "\n\n" + "\n\n".join(functions)
    return files


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` report whether they are up to date."""
    stale = []
    for name, text in build().items():
        path = SERIES / name
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.write_text(text)
    print("up to date" if not stale else f"{'stale' if '--check' in arguments else 'written'}: {stale}")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
