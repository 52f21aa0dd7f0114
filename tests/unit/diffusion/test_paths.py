"""Paths: the separation in closed form, the least energy against a direct search and a lower bound, and DDIM."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from seedbed.diffusion import (
    CondOTPath,
    CosinePath,
    EmpiricalLaw,
    GaussianMixtureLaw,
    KineticOptimalPath,
    ProbabilityFlow,
    VPPath,
    euler_sample,
    gaussian_separation,
    kinetic_energy,
    separation_of,
)
from seedbed.diffusion.paths.separation import Separation, nodes

RNG = np.random.default_rng(1)
MIXTURE = GaussianMixtureLaw(RNG.normal(size=(5, 4)), [0.05, 0.1, 0.2, 0.05, 0.1])
SEPARATION = separation_of(MIXTURE, n_samples=1000)
VARIANCES = np.array([3.9, 0.05, 0.03, 0.02])
PATHS = [CondOTPath(), VPPath(), VPPath("linear"), CosinePath(), KineticOptimalPath().fit(SEPARATION)]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: type(path).__name__)
def test_paths_lead_from_noise_to_data(path) -> None:
    t = np.linspace(0, 1, 101)
    alpha, sigma = path.alpha(t), path.sigma(t)
    assert alpha[0] < 0.02 and abs(alpha[-1] - 1) < 1e-9 and sigma[0] > 0.999 and sigma[-1] < 1e-6
    assert (np.diff(alpha) > 0).all() and (np.diff(sigma) < 0).all() and (np.diff(path.noise_level(t[1:])) < 0).all()
    inside, h = t[5:-5], 1e-6
    slopes = [(f(inside + h) - f(inside - h)) / (2 * h) for f in (path.alpha, path.sigma)]
    np.testing.assert_allclose(path.velocity(inside), slopes, rtol=1e-5, atol=1e-6)


def test_the_separation_of_a_gaussian_is_exact() -> None:
    law = GaussianMixtureLaw(np.zeros((1, 4)), [VARIANCES])
    exact = gaussian_separation(VARIANCES)
    estimated = separation_of(law, n_samples=20_000)
    np.testing.assert_allclose(estimated.speed2, exact.speed2, atol=0.02)
    s2, v = np.tan(exact.angles)[:, None] ** 2, VARIANCES / VARIANCES.mean()
    np.testing.assert_allclose(exact.separation, (s2 * v**2 / (1 + s2 * v)).sum(1) / v.sum(), atol=1e-12)
    assert np.abs(gaussian_separation([1.0, 1.0]).speed2).max() == 0
    normal = separation_of(GaussianMixtureLaw(np.zeros((1, 3)), [2.0]), n_samples=200)
    assert normal.speed2.max() < 1e-25, "not small by cancellation, but zero"


def test_the_separation_rises_from_zero_to_one_and_is_free_of_units() -> None:
    assert (np.diff(SEPARATION.separation) > -0.02).all()
    assert SEPARATION.separation[0] < 0.01 and SEPARATION.separation[-1] > 0.99
    assert (SEPARATION.speed2 >= 0).all() and (SEPARATION.speed2 <= 1).all()
    X = RNG.normal(size=(30, 5))
    one, other = (separation_of(EmpiricalLaw(Y), n_samples=100) for Y in (X, 40 * X + 7))
    np.testing.assert_allclose(one.speed2, other.speed2, atol=1e-9)


def test_the_energy_is_that_of_the_field() -> None:
    """Of cond-OT by simulation: u = D - (x - t D) / (1 - t), at the same draws of data scaled to E|x|^2 = d."""
    scale = np.sqrt(MIXTURE.second_moment() / 4)
    rng, energies = np.random.default_rng(2), []
    for t in (np.arange(40) + 0.5) / 40:
        clean = (MIXTURE.sample(4000, rng) - MIXTURE.mean()) / scale
        x = t * clean + (1 - t) * rng.standard_normal(clean.shape)
        y = MIXTURE.mean() + scale * x / t
        denoised = (MIXTURE.denoise(y, scale * (1 - t) / t) - MIXTURE.mean()) / scale
        energies.append(((denoised - (x - t * denoised) / (1 - t)) ** 2).sum(1).mean() / 4)
    assert kinetic_energy(CondOTPath(), SEPARATION) == pytest.approx(np.mean(energies), abs=0.03)


@pytest.mark.parametrize("separation", [SEPARATION, gaussian_separation(VARIANCES)], ids=["mixture", "gaussian"])
def test_the_closed_form_is_the_least_energy(separation: Separation) -> None:
    """Against all other paths, random ones, and a direct search over 2 x 16 knots on the cone."""
    optimal = KineticOptimalPath().fit(separation)
    assert optimal.energy_ == pytest.approx(2 * (1 - np.cos(optimal.angle_)))
    assert kinetic_energy(optimal, separation) == pytest.approx(optimal.energy_, rel=2e-3)
    for path in PATHS[:4]:
        assert kinetic_energy(path, separation) > optimal.energy_
    phi = np.concatenate([[0], np.cumsum(separation.weights * np.sqrt(separation.speed2))])
    theta = np.concatenate([[0], np.cumsum(separation.weights)])

    def energy(z: np.ndarray, knots: int = 16) -> float:
        r = np.concatenate([[1], np.exp(z[:knots]), [1]])
        angles = np.concatenate([[0], np.cumsum(np.exp(z[knots:]))])
        around = np.interp(angles / angles[-1] * np.pi / 2, theta, phi)
        x, y = r * np.cos(around), r * np.sin(around)
        return float((np.diff(x) ** 2 + np.diff(y) ** 2).sum() * (knots + 1))

    for _ in range(20):
        assert energy(RNG.normal(size=33)) > optimal.energy_
    least = minimize(energy, np.zeros(33), method="L-BFGS-B", options={"maxiter": 300, "maxfun": 50_000}).fun
    assert least == pytest.approx(optimal.energy_, rel=5e-3)


def test_the_least_energy_is_above_the_transport_cost_and_zero_for_normal_data() -> None:
    optimal = KineticOptimalPath().fit(gaussian_separation(VARIANCES))
    v = VARIANCES / VARIANCES.mean()
    cost = ((np.sqrt(v) - 1) ** 2).mean()
    assert cost < optimal.energy_ < 1.01 * cost
    normal = KineticOptimalPath().fit(gaussian_separation([1.0, 1.0]))
    assert normal.energy_ == 0 and np.isfinite(normal.alpha(np.linspace(0, 1, 9))).all()
    t = np.linspace(0, 1, 11)
    for data in (
        GaussianMixtureLaw([[0.0] * 3], [1.0]),
        GaussianMixtureLaw([[3.0, -1.0]], [[[0.2, 0.0], [0.0, 0.2]]]),
        gaussian_separation([0.1] * 6),
    ):
        path = KineticOptimalPath().fit(data)  # zero but for rounding: theta moves evenly
        np.testing.assert_allclose(path.alpha(t), np.sin(t * np.pi / 2), atol=1e-12)
        assert path.angle_ == path.energy_ == 0 and kinetic_energy(path, path.separation_) < 1e-12
    apart = KineticOptimalPath().fit(Separation(nodes(32)[0], np.ones(32), nodes(32)[1]))
    np.testing.assert_allclose(apart.alpha(t), t, atol=2e-3)  # where all points are told apart, cond-OT
    assert apart.energy_ == pytest.approx(2)


def test_few_points_in_many_dimensions_make_cond_ot_optimal() -> None:
    ratios = []
    for d in (16, 64, 256):
        path = KineticOptimalPath(n_angles=32, n_samples=64).fit(np.random.default_rng(0).normal(size=(16, d)))
        ratios.append(kinetic_energy(CondOTPath(), path.separation_) / path.energy_)
    assert ratios == sorted(ratios, reverse=True) and ratios[0] > 1.1 and ratios[-1] < 1.06


def test_euler_on_cond_ot_is_ddim_and_on_other_paths_is_not() -> None:
    noise, t = RNG.normal(size=(5, 4)), np.linspace(0.02, 0.98, 13)
    for path, same in ((CondOTPath(), True), (VPPath(), False)):
        levels = path.noise_level(t)
        ddim = ProbabilityFlow("ddim").sample(MIXTURE, noise / path.alpha(0.02), levels)
        euler = euler_sample(MIXTURE, path, noise, t) / path.alpha(0.98)
        assert (np.abs(euler - ddim).max() < 1e-12) == same


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: KineticOptimalPath().fit(np.ones((5, 3))), "single point"),
        (lambda: KineticOptimalPath(n_angles=1).fit(np.eye(3)), "n_angles must be a whole number, 2 or more"),
        (lambda: CondOTPath().alpha(1.5), r"times must lie in \[0, 1\]"),
        (lambda: VPPath("cosine"), "schedule must be"),
        (lambda: CosinePath(-1), "offset must lie in"),
        (lambda: gaussian_separation([0.0, 0.0]), "not all 0"),
        (lambda: euler_sample(MIXTURE, CondOTPath(), np.zeros((1, 4)), [0.5, 0.2]), "increasing"),
    ],
)
def test_what_is_no_path_is_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
