"""Logarithms by vectors, and the pass that makes distances of them."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from seedbed.proximity.measures import log_loops, logarithms

RNG = np.random.default_rng(0)
NEAR_ZERO = 10.0 ** RNG.uniform(-300, 0, 300)
ARGUMENTS = {
    1.0: np.concatenate(
        [
            NEAR_ZERO,
            -NEAR_ZERO[NEAR_ZERO < 0.9999],
            RNG.uniform(-0.4, 0.5, 300),
            10.0 ** RNG.uniform(0, 300, 300),
            [0.0, 1.0, 2.0**53, 2.0**-52 - 1.0, -0.5, np.sqrt(2.0) - 1.0, np.sqrt(0.5) - 1.0],
        ]
    ),
    0.0: np.concatenate([10.0 ** RNG.uniform(-307, 307, 300), RNG.uniform(0.5, 2.0, 300), [1.0, 0.5, 2.0**-1022]]),
}


@pytest.mark.parametrize("base", ARGUMENTS)
def test_logarithms_to_the_last_digits_against_mpmath(base):
    mp.mp.dps = 400
    for x in ARGUMENTS[base]:
        truth = mp.log(mp.mpf(base) + mp.mpf(float(x)))
        assert abs(log_loops.log_of_sum(base, float(x)) - truth) <= 4e-16 * abs(truth), x


def symmetric(n):
    rows = RNG.normal(size=(n, n)) / max(n, 1) ** 0.5
    return rows @ rows.T


@pytest.mark.parametrize("n", [1, 2, 63, 64, 65, 200])
@pytest.mark.parametrize(("base", "scale"), [(1.0, 1.0), (1.0, 1e-9), (0.0, 1.0)])
def test_the_compiled_pass_is_numpys(monkeypatch, n, base, scale):
    matrix = symmetric(n) if base else np.exp(symmetric(n) * 20.0)
    expected = logarithms.distances_of_logs(matrix.copy(), base, scale)
    monkeypatch.setattr(logarithms, "LONG", 0)
    found = logarithms.distances_of_logs(matrix.copy(), base, scale)
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=2e-15 * max(np.abs(expected).max(), 1.0))
    np.testing.assert_array_equal(found, found.T)
    assert not found.diagonal().any()


@pytest.mark.parametrize("shortest", [0, 1000])
def test_positive_numbers_have_no_floor(monkeypatch, shortest):
    monkeypatch.setattr(logarithms, "LONG", shortest)
    logs = np.where(np.eye(5, dtype=bool), 1.0, -100.0 * (1.0 + np.add.outer(np.arange(5), np.arange(5)) / 4))
    found = logarithms.distances_of_logs(np.exp(logs), 0.0)
    np.testing.assert_allclose(found, np.where(np.eye(5, dtype=bool), 0.0, 1.0 - logs), rtol=1e-14)


@pytest.mark.slow
def test_small_distances_keep_their_digits():
    x = 1e-12 * symmetric(logarithms.LONG)
    halves = 0.5 * x.diagonal()
    linear = halves[:, None] + halves - x  # what the squares add is a millionth of a millionth
    found = logarithms.distances_of_logs(x.copy(), 1.0)
    np.testing.assert_allclose(found, linear, rtol=0.0, atol=1e-11 * linear.max())


@pytest.mark.parametrize("shortest", [0, 1000])
def test_what_rounding_has_made_negative_is_the_smallest_number_it_could_be(monkeypatch, shortest):
    monkeypatch.setattr(logarithms, "LONG", shortest)
    found = logarithms.distances_of_logs(np.array([[0.0, -1.5], [-1.5, 0.0]]), 1.0)
    assert found[0, 1] == found[1, 0] == pytest.approx(52 * np.log(2.0), rel=1e-14)
