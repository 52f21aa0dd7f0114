"""The generated files are what the generator makes, and its rationals are the right ones."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seedbed.directional.bessel.generator import __main__ as generator
from seedbed.directional.bessel.series import log as series_log
from seedbed.directional.bessel.series import order as series_order
from seedbed.directional.bessel.series import ratio as series_ratio


@pytest.mark.slow
def test_generated_files_are_up_to_date():
    made = generator.build()
    assert {path.name for path in generator.SERIES.glob("[!_]*.py")} == set(made)
    for name, text in made.items():
        assert (generator.SERIES / name).read_text() == text, (
            f"run python -m seedbed.directional.bessel.generator: {name}"
        )


def test_first_debye_polynomials_are_those_of_the_handbook():
    # DLMF 10.41.10: u_1 = (3p - 5p^3)/24, u_2 = (81p^2 - 462p^4 + 385p^6)/1152
    q = generator.debye_polynomials(2)
    assert q[1] == [Fraction(3, 24), Fraction(-5, 24)]
    assert q[2] == [Fraction(81, 1152), Fraction(-462, 1152), Fraction(385, 1152)]


def test_logarithm_of_the_series_exponentiates_back():
    q = generator.debye_polynomials(6)
    d = generator.log_debye_polynomials(6)
    for t in (Fraction(0), Fraction(1, 3), Fraction(1)):
        values = [[sum(c * t**j for j, c in enumerate(row)) for row in rows] for rows in (q, d)]
        expected, logs = values
        power = [Fraction(1)]
        for k in range(1, 7):
            power.append(sum(j * logs[j] * power[k - j] for j in range(1, k + 1)) / k)
        assert power == expected


def test_series_vanish_at_order_infinity_as_stirling_says():
    # t = 1: log I reduces to the Stirling series, whose first coefficient is -1/12 and even ones vanish
    d = generator.log_debye_polynomials(4)
    assert [sum(row) for row in d[1:]] == [Fraction(-1, 12), 0, Fraction(1, 360), 0]


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 1), st.floats(0.0, 0.01))
def test_series_of_different_length_agree_where_both_hold(t, z):
    for module in (series_log, series_ratio, series_order):
        name = module.__name__.rpartition(".")[2]
        long, short = (getattr(module, f"{name}_series_{n}")(t, z) for n in (16, 9))
        np.testing.assert_allclose(short, long, rtol=0, atol=1e-15)
