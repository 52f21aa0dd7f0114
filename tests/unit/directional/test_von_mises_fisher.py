"""The distribution: normalisation, limits, estimation and sampling."""

import mpmath
import numpy as np
import pytest
from mpmath import mp
from scipy import integrate, sparse, stats
from seedbed.directional import (
    VonMisesFisher,
    bessel_ratio,
    concentration_mle,
    fit_groups,
    log_normalizer,
    sample_von_mises_fisher,
)
from seedbed.directional.vmf.normalizer import entropy, log_peak, resultant_gap
from seedbed.studies.directional.data import exact_values


def unit(rng, p):
    x = rng.standard_normal(p)
    return x / np.linalg.norm(x)


def test_density_integrates_to_one_on_circle_and_sphere():
    for kappa in (0.0, 0.3, 5.0, 40.0):
        circle = integrate.quad(lambda a, k=kappa: np.exp(log_normalizer(2, k) + k * np.cos(a)), 0, 2 * np.pi)[0]
        sphere = 2 * np.pi * integrate.quad(lambda w, k=kappa: np.exp(log_normalizer(3, k) + k * w), -1, 1)[0]
        assert circle == pytest.approx(1, rel=1e-10)
        assert sphere == pytest.approx(1, rel=1e-10)


@pytest.mark.parametrize("p", [2, 3, 10, 52, 500, 32768])
def test_normaliser_gap_and_entropy_against_fifty_digits(p):
    for kappa in (1e-5, 0.4, 20.0, 24.9, 25.1, 1e4, 1e9):
        with mpmath.workdps(60):
            v, k = mp.mpf(p) / 2 - 1, mp.mpf(kappa)
            log_c = v * mp.log(k) - (v + 1) * mp.log(2 * mp.pi) - exact_values.exact_log_iv(v, k)
            a = exact_values.exact_ratio(v, k)
            exact = [float(y) for y in (log_c + k, 1 - a, -log_c - k * a)]
        size = max(1.0, abs(exact[0]))
        assert abs(log_peak(p, kappa) - exact[0]) <= 5e-15 * size
        assert resultant_gap(p, kappa) == pytest.approx(exact[1], rel=1e-13)
        assert abs(entropy(p, kappa) - exact[2]) <= 1e-14 * max(1.0, abs(exact[2]))


def test_uniform_law_and_point_mass():
    for p in (2, 3, 7):
        area = 2 * np.pi ** (p / 2) / float(mpmath.gamma(p / 2))
        law = VonMisesFisher.from_parameters(np.eye(p)[0], 0.0)
        np.testing.assert_allclose(law.log_prob(np.eye(p)), -np.log(area), rtol=1e-14)
        assert law.entropy() == pytest.approx(np.log(area), rel=1e-14)
        assert law.resultant_length_ == 0.0
    point = VonMisesFisher.from_parameters([0.0, 2.0, 0.0], np.inf)
    np.testing.assert_array_equal(point.log_prob(np.eye(3)), [-np.inf, np.inf, -np.inf])
    assert point.entropy() == -np.inf
    np.testing.assert_array_equal(point.sample(3), np.tile([0.0, 1.0, 0.0], (3, 1)))
    single = VonMisesFisher().fit(np.array([[3.0, 4.0]]))
    assert single.concentration_ == np.inf
    opposite = VonMisesFisher().fit(np.array([[1.0, 0.0], [-1.0, 0.0]]))
    assert opposite.concentration_ == 0.0


def test_agrees_with_scipy_where_scipy_works():
    rng = np.random.default_rng(0)
    for p, kappa in ((3, 2.0), (10, 30.0), (60, 100.0)):
        mu = unit(rng, p)
        law, peer = VonMisesFisher.from_parameters(mu, kappa), stats.vonmises_fisher(mu, kappa)
        x = law.sample(50, random_state=1)
        np.testing.assert_allclose(law.log_prob(x), peer.logpdf(x), rtol=1e-10)
        assert law.entropy() == pytest.approx(peer.entropy(), rel=1e-10)
        fitted = VonMisesFisher().fit(x)
        mean, k = stats.vonmises_fisher.fit(x)
        np.testing.assert_allclose(fitted.mean_direction_, mean, atol=1e-12)
        assert fitted.concentration_ == pytest.approx(k, rel=1e-8)


def test_resultant_length_of_a_nearly_uniform_law():
    assert VonMisesFisher.from_parameters([1.0, 0.0, 0.0], 3e-20).resultant_length_ == pytest.approx(1e-20, rel=1e-14)


@pytest.mark.parametrize("p", [67, 2048, 32768])
def test_recovers_the_concentration_in_high_dimension(p):
    rng = np.random.default_rng(p)
    kappa, n = 0.6 * p, 40
    x = sample_von_mises_fisher(unit(rng, p), kappa, n, rng)
    # the plain estimate is biased by about p / n of itself; the correction removes that
    plain, corrected = VonMisesFisher().fit(x), VonMisesFisher(bias_correction=True).fit(x)
    assert abs(corrected.concentration_ / kappa - 1) < 0.25
    assert abs(corrected.concentration_ / kappa - 1) < abs(plain.concentration_ / kappa - 1)


def test_concentrated_data_keep_their_digits():
    # angles of 1e-7 to 1e-8: R is 1 - 1e-15, and computed as a length it has no digit of 1 - R right
    rng = np.random.default_rng(4)
    kappa = 2e14
    x = sample_von_mises_fisher(np.eye(3)[2], kappa, 4000, rng)
    law = VonMisesFisher().fit(x)
    assert law.concentration_ == pytest.approx(kappa, rel=0.1)
    groups = fit_groups(x, np.arange(4000) % 2)
    np.testing.assert_allclose(groups.concentrations, kappa, rtol=0.15)


def test_weights_sparse_and_scaling():
    rng = np.random.default_rng(5)
    x = rng.standard_normal((60, 12)) * (rng.random((60, 12)) < 0.4) + np.eye(12)[0]
    weights = rng.integers(0, 4, 60).astype(float)
    dense = VonMisesFisher().fit(x, sample_weight=weights)
    repeated = VonMisesFisher().fit(np.repeat(x, weights.astype(int), axis=0))
    loose = VonMisesFisher().fit(sparse.csr_array(x * 7.0), sample_weight=weights * 3)
    for other in (repeated, loose):
        np.testing.assert_allclose(other.mean_direction_, dense.mean_direction_, rtol=1e-12, atol=1e-14)
        assert other.concentration_ == pytest.approx(dense.concentration_, rel=1e-12)
    np.testing.assert_allclose(loose.log_prob(sparse.csr_array(x)), dense.log_prob(x), rtol=1e-11)
    assert dense.score(x) == pytest.approx(dense.log_prob(x).mean())


def test_fit_is_a_maximum_of_the_likelihood():
    rng = np.random.default_rng(6)
    x = sample_von_mises_fisher(unit(rng, 20), 15.0, 100, rng)
    law = VonMisesFisher().fit(x)
    best = law.score(x)
    for factor in (0.97, 1.03):
        assert VonMisesFisher.from_parameters(law.mean_direction_, factor * law.concentration_).score(x) < best
    turned = law.mean_direction_ + 0.05 * unit(rng, 20)
    assert VonMisesFisher.from_parameters(turned, law.concentration_).score(x) < best


def test_divergence():
    rng = np.random.default_rng(7)
    p, q = (VonMisesFisher.from_parameters(unit(rng, 6), k) for k in (12.0, 3.0))
    x = p.sample(200_000, random_state=0)
    difference = p.log_prob(x) - q.log_prob(x)
    assert p.kl_divergence(q) == pytest.approx(difference.mean(), abs=5 * difference.std() / 447)
    assert p.kl_divergence(p) == 0.0
    near = VonMisesFisher.from_parameters(p.mean_direction_, 12.0 * (1 + 1e-6))
    variance = 1 - bessel_ratio(2.0, 12.0) ** 2 - 5 * bessel_ratio(2.0, 12.0) / 12
    assert p.kl_divergence(near) == pytest.approx(0.5 * variance * (12e-6) ** 2, rel=0.05)
    with pytest.raises(ValueError, match="dimensions"):
        p.kl_divergence(VonMisesFisher.from_parameters([1, 0, 0], 1.0))


@pytest.mark.parametrize(("p", "kappa"), [(2, 3.0), (3, 0.0), (3, 4.0), (5, 1e-9), (5, 50.0), (300, 100.0)])
def test_samples_follow_the_law(p, kappa):
    rng = np.random.default_rng(8)
    mu = unit(rng, p)
    x = sample_von_mises_fisher(mu, kappa, 4000, rng)
    np.testing.assert_allclose(np.linalg.norm(x, axis=1), 1, rtol=1e-14)
    w = x @ mu
    # the law of w has density proportional to (1 - w^2)^((p-3)/2) e^(kappa w)
    angle = np.linspace(0, np.pi, 20001)
    mass = integrate.cumulative_simpson(
        np.sin(angle) ** (p - 2) * np.exp(kappa * (np.cos(angle) - 1)), x=angle, initial=0
    )
    assert stats.kstest(np.arccos(np.clip(w, -1, 1)), lambda a: np.interp(a, angle, mass / mass[-1])).pvalue > 1e-3
    across = x - np.outer(w, mu)
    across /= np.linalg.norm(across, axis=1)[:, None]
    assert np.linalg.norm(across.mean(axis=0)) < 5 / np.sqrt(4000)


def test_extreme_samples_are_finite_and_close():
    gap = 1 - sample_von_mises_fisher(np.eye(5)[0], 1e12, 100, 0) @ np.eye(5)[0]
    assert np.all(gap < 1e-10)
    assert sample_von_mises_fisher(np.eye(1, 32768)[0], 1.0, 2, 0).shape == (2, 32768)


def test_groups_are_separate_fits():
    rng = np.random.default_rng(9)
    x = np.vstack([sample_von_mises_fisher(unit(rng, 30), k, 40, rng) for k in (5.0, 100.0, 1e7)])
    groups = np.repeat(["c", "a", "b"], 40)
    weights = rng.random(120) + 0.1
    for data in (x, sparse.csr_array(x)):
        fits = fit_groups(data, groups, weights)
        assert list(fits.labels) == ["a", "b", "c"]
        for i, label in enumerate(fits.labels):
            here = groups == label
            alone = VonMisesFisher().fit(data[here], sample_weight=weights[here])
            np.testing.assert_allclose(fits.mean_directions[i], alone.mean_direction_, atol=1e-13)
            assert fits.concentrations[i] == pytest.approx(alone.concentration_, rel=1e-7)


def test_bad_input():
    law = VonMisesFisher.from_parameters([1.0, 0.0], 2.0)
    for mean, kappa in (([0.0, 0.0], 1.0), ([1.0], 1.0), ([1.0, np.nan], 1.0), ([1.0, 0.0], -1.0)):
        with pytest.raises(ValueError):
            VonMisesFisher.from_parameters(mean, kappa)
    with pytest.raises(ValueError, match="zero"):
        law.fit(np.array([[1.0, 2.0], [0.0, 0.0]]))
    with pytest.raises(ValueError, match="weights"):
        law.fit(np.eye(2), sample_weight=[0.0, 0.0])
    with pytest.raises(ValueError):
        sample_von_mises_fisher(np.ones(3), 1.0, 2)
    with pytest.raises(ValueError):
        sample_von_mises_fisher(np.eye(3)[0], np.nan, 2)
    with pytest.raises(ValueError):
        sample_von_mises_fisher(np.eye(3)[0], 1.0, -1)
    with pytest.raises(ValueError):
        log_normalizer(3, -1.0)
    with pytest.raises(ValueError):
        log_normalizer(1, 1.0)
    for groups, weights in (([0], None), ([0, 1], [1.0, 0.0]), ([0, 1], [1.0, -1.0])):
        with pytest.raises(ValueError):
            fit_groups(np.eye(2), groups, weights)


def test_bias_correction_is_that_of_the_formula():
    rng = np.random.default_rng(10)
    x = sample_von_mises_fisher(unit(rng, 40), 10.0, 25, rng)
    plain, corrected = VonMisesFisher().fit(x), VonMisesFisher(bias_correction=True).fit(x)
    r2 = (25 * plain.resultant_length_**2 - 1) / 24
    assert corrected.concentration_ == pytest.approx(concentration_mle(40, np.sqrt(r2)), rel=1e-10)


def test_rows_that_coincide_are_a_point_and_no_unit_matters():
    x = sample_von_mises_fisher(unit(np.random.default_rng(0), 5), 20.0, 40, 1)
    assert VonMisesFisher().fit(np.repeat(x[:1], 7, axis=0)).concentration_ == np.inf
    assert np.all(fit_groups(x[:9], np.arange(9)).concentrations == np.inf)
    expected = VonMisesFisher().fit(x).concentration_
    for scale in (1e200, 1e-200):
        for scaled in (x * scale, sparse.csr_matrix(x * scale)):
            assert VonMisesFisher().fit(scaled).concentration_ == pytest.approx(expected, rel=1e-12)


def test_mistakes_are_named():
    law = VonMisesFisher.from_parameters([1.0, 0.0, 0.0], np.array(3))
    with pytest.raises(ValueError, match=r"non-negative integer, got 1\.5"):
        law.sample(1.5)
    with pytest.raises(ValueError, match="VonMisesFisher, got int"):
        law.kl_divergence(3)
    for direction in ([0.0, 0.0], ["a", "b"], [1.0]):
        with pytest.raises(ValueError, match="mean_direction"):
            VonMisesFisher.from_parameters(direction, 1.0)
    for kappa in (-1.0, np.nan, "a", [1.0, 2.0]):
        with pytest.raises(ValueError, match="concentration"):
            VonMisesFisher.from_parameters([1.0, 0.0], kappa)
    with pytest.raises(ValueError, match="r_bar"):
        concentration_mle(3, "a")


@pytest.mark.parametrize("p", [2, 3, 50])
@pytest.mark.parametrize("kappa", [1e-3, 7.0, 30.0, 1000.0])
@pytest.mark.parametrize("change", [1e-12, -1e-9, 1e-6, 1e-3, -0.1, 0.4, 0.6, 3.0])
def test_divergence_of_near_and_far_laws_keeps_its_digits(p, kappa, change):
    other = kappa * (1.0 + change)
    first, second = (VonMisesFisher.from_parameters(np.eye(p)[0], k) for k in (kappa, other))
    with mp.workdps(60):
        v, a, b = mp.mpf(p) / 2 - 1, mp.mpf(kappa), mp.mpf(other)

        def peak(k):
            return v * mp.log(k) - mp.log(mp.besseli(v, k))

        true = float(peak(a) - peak(b) + mp.besseli(v + 1, a) / mp.besseli(v, a) * (a - b))
    assert first.kl_divergence(second) == pytest.approx(true, rel=2e-14)
    assert first.kl_divergence(first) == 0.0
