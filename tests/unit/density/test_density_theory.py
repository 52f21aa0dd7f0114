"""Thresholds and the exact risk: identities, limits, and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logsumexp
from seedbed.density import critical_bandwidths, expected_kl, expected_participation, optimal_bandwidth
from seedbed.density.theory.condensation import edge, free_energy, limit_kl, rate, spread_of_log_density

SPECTRA = [np.ones(7), 1.0 / np.arange(1.0, 21.0), np.random.default_rng(0).gamma(0.7, size=15) + 1e-3]


def test_values_of_the_isotropic_case():
    """h_G, h_CLT and the best bandwidth by alpha, from the notes of the derivation."""
    known = {0.1: (1.3708, 1.9386, 1.0386), 0.3: (0.8677, 1.2272, 0.7836), 0.8: (0.4602, 0.6508, 0.4531)}
    for alpha, values in known.items():
        at = edge(alpha)
        np.testing.assert_allclose((at.h_g, 2**0.5 * at.h_g, at.tau**0.5), values, atol=5e-5)


@pytest.mark.parametrize("lam", SPECTRA)
@pytest.mark.parametrize("n", [20, 1000, 1e7])
def test_identities(lam, n):
    d = len(lam)
    found, at = critical_bandwidths(n, d, lam), edge(np.log(n) / d, lam)
    assert found.h_clt == pytest.approx(2**0.5 * found.h_g)
    assert found["h_kl"] < found.h_g and 0.0 < found.m < 1.0
    assert found.m == pytest.approx(1.0 - np.mean(at.w**2), abs=1e-9)
    assert found.m == pytest.approx((found.h_kl / found.h_g) ** 2)
    assert found.participation == pytest.approx(1.0 - found.m)
    assert np.mean(rate(1.0 - at.w)) == pytest.approx(2.0 * np.log(n) / d, rel=1e-9)
    assert found.kl == pytest.approx(limit_kl(found.h_kl, n, d, lam), abs=1e-8 * d)
    assert limit_kl(1.02 * found.h_kl, n, d, lam) > found.kl < limit_kl(0.98 * found.h_kl, n, d, lam)
    # the free energy is continuous at h_G with its derivative
    h, e, alpha = found.h_g, 1e-5, np.log(n) / d
    below, here, above = (free_energy(h * (1.0 + k * e), alpha, lam) for k in (-1, 0, 1))
    assert (here - below) / e == pytest.approx((above - here) / e, abs=2e-3)
    # all eigenvalues scaled: so are the bandwidths
    assert critical_bandwidths(n, d, 9.0 * lam).h_g_finite == pytest.approx(3.0 * found.h_g_finite, rel=1e-6)


def test_rate_is_monotone_and_equal_eigenvalues_are_the_isotropic_case():
    assert (np.diff(rate(np.linspace(0.0, 0.999, 2000))) > 0.0).all()
    for name, value in critical_bandwidths(500, 12).items():
        assert critical_bandwidths(500, 12, np.ones(12))[name] == pytest.approx(value)
        nearly = np.ones(12)
        nearly[0] += 1e-6
        assert critical_bandwidths(500, 12, nearly)[name] == pytest.approx(value, rel=0.04)


def test_limits():
    """Many points: h_G and h_KL are n^(-1/d), KL/d is exp(-4 alpha)/4. Few: h_KL is sqrt(2), KL/d log(2)/2."""
    many = critical_bandwidths(np.exp(60.0), 20)  # alpha = 3
    assert many.h_g == pytest.approx(np.exp(-3.0), rel=1e-3) and many.h_kl == pytest.approx(np.exp(-3.0), rel=1e-3)
    assert many.kl / 20 == pytest.approx(np.exp(-12.0) / 4.0, rel=0.02)
    few = critical_bandwidths(2, 20_000)
    assert few.h_kl == pytest.approx(2**0.5, rel=0.02) and few.kl / 2e4 == pytest.approx(0.5 * np.log(2.0), rel=0.03)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "d", "h"), [(300, 2, 0.25), (500, 5, 0.5), (400, 15, 0.8), (200, 1, 0.3)])
def test_the_exact_risk_is_that_of_simulated_data(n, d, h):
    rng, sets = np.random.default_rng(7), 2000
    kl, shares = np.empty(sets), np.empty(sets)
    for i in range(sets):
        x = rng.normal(size=d)
        e = -((rng.normal(size=(n, d)) - x) ** 2).sum(axis=1) / (2.0 * h * h)
        total = logsumexp(e)
        kl[i] = -0.5 * (x @ x) - (total - np.log(n) - d * np.log(h))
        shares[i] = np.exp(logsumexp(2.0 * e) - 2.0 * total)
    for values, known in ((kl, expected_kl(h, n, d)), (shares, expected_participation(h, n, d))):
        assert abs(values.mean() - known) < 4.0 * values.std() / sets**0.5


@pytest.mark.slow
def test_exact_risk_of_one_norm_and_of_many_points():
    """Averaging over the norms of queries gives the whole; the risk falls to zero with n."""
    norms = np.random.default_rng(0).chisquare(8, 60)
    whole = expected_kl(0.7, 500, 8)
    each = [expected_kl(0.7, 500, 8, squared_norm=q) for q in norms]
    assert abs(np.mean(each) - whole) < 4.0 * np.std(each) / 60**0.5
    risks = [expected_kl(optimal_bandwidth(n, 2), n, 2) for n in (100, 10_000, 1_000_000)]
    assert risks[0] > risks[1] > risks[2] > 0.0 and risks[2] < 1e-3


@pytest.mark.parametrize(
    ("d", "n", "h", "kl", "participation"),
    [(10, 1000, 0.705, 0.525, 0.156), (20, 10**5, 0.701, 0.94, 0.149), (60, 10**5, 0.958, 6.99, 0.353)],
)
def test_the_best_bandwidth_is_the_minimum(d, n, h, kl, participation):
    found = optimal_bandwidth(n, d)
    assert found == pytest.approx(h, abs=0.003) and expected_kl(found, n, d) == pytest.approx(kl, abs=0.006)
    assert expected_participation(found, n, d) == pytest.approx(participation, abs=0.006)
    assert expected_kl(0.97 * found, n, d) > expected_kl(found, n, d) < expected_kl(1.03 * found, n, d)
    assert found < critical_bandwidths(n, d).h_clt


def test_many_dimensions_and_bad_numbers():
    assert expected_kl(1.15 * 1000 ** (-1 / 504), 1000, 500) == pytest.approx(142.719, abs=2e-3)
    for bad in ({"n_samples": 1}, {"n_features": 0}, {"n_features": 2.5}, {"eigenvalues": [1.0, -1.0]}):
        with pytest.raises(ValueError, match="must be"):
            critical_bandwidths(**{"n_samples": 100, "n_features": 2, **bad})
    for bad in ({"bandwidth": 0.0}, {"bandwidth": np.nan}, {"n_samples": 1e13}):
        with pytest.raises(ValueError, match="must be"):
            expected_kl(**{"bandwidth": 0.5, "n_samples": 100, "n_features": 2, **bad})
    with pytest.raises(ValueError, match="between 0 and 1"):
        spread_of_log_density(1.5)
    assert spread_of_log_density(0.5) == pytest.approx(np.pi / 2**0.5)
