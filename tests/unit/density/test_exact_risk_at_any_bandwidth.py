"""The exact risk from the narrowest kernel, where one point carries all, to the widest, where all carry the same."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp
from seedbed.density import expected_kl, expected_participation

NARROW = [(1e-3, 100, 3), (3e-3, 100, 3), (1e-4, 1000, 20), (2e-3, 100, 2), (2e-3, 1000, 20), (5e-3, 1000, 20)]


@pytest.mark.parametrize(("h", "n", "d"), [*NARROW, (1e-30, 100, 1), (1e-60, 5, 40)])
def test_participation_tends_to_one_where_kernels_are_narrow(h, n, d):
    assert 1.0 - 3e-4 < expected_participation(h, n, d) < 1.0 + 1e-9


@pytest.mark.parametrize(("h", "n", "d"), [(0.02, 100, 3), (1e-3, 100, 1), (0.1, 50, 12)])
def test_narrow_kernels_are_those_of_simulated_data(h, n, d):
    """By whole data sets; the squared norms of queries are drawn with them."""
    rng, sets = np.random.default_rng(0), 20_000
    norms = rng.chisquare(d, sets)
    squares = (rng.normal(size=(sets, n)) - np.sqrt(norms)[:, None]) ** 2
    if d > 1:
        squares += rng.chisquare(d - 1, (sets, n))
    e = -squares / (2.0 * h * h)
    total = logsumexp(e, axis=1)
    shares = np.exp(logsumexp(2.0 * e, axis=1) - 2.0 * total)
    kl = -0.5 * norms - (total - np.log(n) - d * np.log(h))
    for values, known in ((shares, expected_participation(h, n, d)), (kl, expected_kl(h, n, d))):
        assert abs(values.mean() - known) < 4.0 * values.std() / sets**0.5


@pytest.mark.parametrize("h", [10.0, 60.0, 1e5, 1e60])
def test_wide_kernels_are_flat(h):
    """All terms are 1 - t/(2 h^2): shares are even, and the estimate is the kernel at its centre."""
    assert expected_participation(h, 100, 3) == pytest.approx(0.01, rel=5.0 / h**2 + 1e-9)
    known = 3.0 * np.log(h) - 1.5 + 3.0 / h**2
    assert expected_kl(h, 100, 3) == pytest.approx(known, abs=20.0 / h**4 + 1e-9)


def test_two_points_on_a_line_by_quadrature():
    """The same integrals over the distances of both points."""
    h, q = 0.4, 1.7
    y, w = np.polynomial.legendre.leggauss(400)
    y, w = 9.0 * y, 9.0 * w * stats.norm.pdf(9.0 * y)
    e = -((y - q**0.5) ** 2) / (2.0 * h * h)
    total = np.logaddexp(e[:, None], e)
    shares = np.exp(2.0 * (e[:, None] - total)) + np.exp(2.0 * (e - total))
    assert expected_participation(h, 2, 1, q) == pytest.approx(w @ shares @ w, rel=1e-7)
    assert expected_kl(h, 2, 1, q) == pytest.approx(-0.5 * q - (w @ total @ w - np.log(2.0) - np.log(h)), rel=1e-7)


def test_no_bandwidth_takes_long():
    for h in 10.0 ** np.arange(-8.0, 9.0, 2.0):
        start = time.process_time()
        expected_kl(h, 1234, 3)
        assert time.process_time() - start < 2.0  # a tenth of it alone on a core


@pytest.mark.parametrize("ask", [expected_kl, expected_participation])
def test_norms_and_bandwidths_that_are_none(ask):
    for bad in (-1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="squared_norm must be a number from 0"):
            ask(0.5, 100, 3, bad)
    for bad in (0.0, -1.0, np.nan, np.inf, 1e-200):
        with pytest.raises(ValueError, match="bandwidth must be a positive number"):
            ask(bad, 100, 3)
