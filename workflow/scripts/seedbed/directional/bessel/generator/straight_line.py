"""Sums and polynomials as Python source without loops, for ``generate_coefficients``."""

from __future__ import annotations

from fractions import Fraction


def horner(coefficients, variable: str) -> str:
    """The polynomial with these ascending coefficients as one nested expression."""
    values = [float(c) for c in coefficients]
    text = repr(values[-1])
    for value in reversed(values[:-1]):
        text = f"({text} * {variable} + {value!r})"
    return text


def double_series(name: str, rows: list[list[Fraction]], n_terms: int, what: str) -> str:
    """Straight-line source of sum_{k=1}^{n} f_k(t) z^k."""
    lines = [f"def {name}_{n_terms}(t, z):", f'    """{what}, {n_terms} terms."""']
    lines.append(f"    s = {horner(rows[n_terms], 't')}")
    lines += [f"    s = s * z + {horner(rows[k], 't')}" for k in range(n_terms - 1, 0, -1)]
    return "\n".join([*lines, "    return s * z"]) + "\n"


def single_series(name: str, coefficients, what: str) -> str:
    """Straight-line source of a polynomial in one variable."""
    return f'def {name}(u):\n    """{what}."""\n    return {horner(coefficients, "u")}\n'


def power_sum(n_terms: int) -> str:
    """Straight-line source of sum_{k>=1} q^k / (k! (v+1)_k) by a division-free backward fraction."""
    lines = [f"def power_sum_{n_terms}(v, q):", '    """sum_{k>=1} q^k / (k! (v+1)_k)."""', "    a = b = 1.0"]
    for k in range(n_terms, 1, -1):
        lines += [f"    c = {float(k)} * ({float(k)} + v) * b", "    a = c + q * a", "    b = c"]
    return "\n".join([*lines, "    return q * a / ((1.0 + v) * b)"]) + "\n"
