"""Fields: densities along the flow, the gauge condition, and projections on gradients."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.diffusion import (
    EmpiricalLaw,
    GaugeField,
    GaussianMixtureLaw,
    ScoreField,
    SphereLaw,
    conservative_part,
    flow_log_density,
    gauge_residual,
    geometric_grid,
    linear_conservative_part,
)
from seedbed.diffusion.fields.field import divergence, jacobian

RNG = np.random.default_rng(2)
MIXTURE = GaussianMixtureLaw(1.5 * RNG.normal(size=(3, 3)), RNG.uniform(0.05, 0.3, (3, 3)), [5, 3, 2])
GRID = geometric_grid(60, 3.0, 0.2)
POINTS = MIXTURE.sample(8, 3, 0.2)


def rotation(y: np.ndarray, sigma: float) -> np.ndarray:
    """Score plus a field without divergence that is no gauge."""
    return MIXTURE.score(y, sigma) + (y - 1) @ np.array([[0, 1.0, 0], [-1.0, 0, 0], [0, 0, 0]])


def test_densities_along_the_flow_are_exact_also_with_a_gauge() -> None:
    exact = MIXTURE.log_density(POINTS, 0.2)
    np.testing.assert_allclose(flow_log_density(MIXTURE, POINTS, GRID), exact, atol=1e-5)
    for kind, atol in (("constant", 1e-4), ("fourier", 1e-3)):
        gauge = GaugeField(MIXTURE, 0.5, kind)
        np.testing.assert_allclose(flow_log_density(MIXTURE, POINTS, GRID, gauge), exact, atol=atol)
    for wrong in (ScoreField(MIXTURE, 1.3), rotation):
        assert np.abs(flow_log_density(MIXTURE, POINTS, GRID, wrong) - exact).max() > 1


def test_the_error_of_a_flow_s_density_falls_sixteenfold() -> None:
    exact = MIXTURE.log_density(POINTS, 0.2)
    errors = [np.abs(flow_log_density(MIXTURE, POINTS, geometric_grid(n, 3.0, 0.2)) - exact).max() for n in (20, 40)]
    assert 10 < errors[0] / errors[1] < 30


def test_without_a_grid_the_law_chooses_one() -> None:
    law = EmpiricalLaw(RNG.normal(size=(20, 2)), 0.4)
    lowest = 0.05 * np.sqrt(law.second_moment() / 2)
    np.testing.assert_allclose(flow_log_density(law, [[0.3, 0.1]]), law.log_density([[0.3, 0.1]], lowest), atol=1e-3)


@pytest.mark.parametrize("kind", ["constant", "fourier"])
def test_gauge_fields_meet_the_gauge_condition(kind: str) -> None:
    field, y = GaugeField(MIXTURE, 1.0, kind), MIXTURE.sample(50, 1, 0.5)
    assert np.abs(gauge_residual(field, MIXTURE, y, 0.5)).max() < 1e-10

    def plain(x: np.ndarray, sigma: float) -> np.ndarray:
        return field(x, sigma)

    np.testing.assert_allclose(divergence(plain, y, 0.5), field.divergence(y, 0.5), atol=1e-5)
    size = np.abs((field.gauge(y, 0.5) * MIXTURE.score(y, 0.5)).sum(1)).max()
    assert np.abs(gauge_residual(plain, MIXTURE, y, 0.5)).max() < 1e-5 * max(size, 1)
    assert np.abs(gauge_residual(rotation, MIXTURE, y, 0.5)).max() > 0.1


def test_gauges_have_the_norm_that_is_asked_for_and_are_orthogonal_to_the_score() -> None:
    law = SphereLaw(5, 1.0, 2)
    y = law.sample(20_000, 5, 0.2)
    score = law.score(y, 0.2)
    for norm in (0.0, 0.3, 3.0):
        gauge = GaugeField(law, norm, "fourier").gauge(y, 0.2)
        ratio = np.sqrt((gauge**2).sum(1).mean() / (score**2).sum(1).mean())
        assert ratio == pytest.approx(norm, rel=0.15, abs=1e-12)
        products = (gauge * score).sum(1)
        assert abs(products.mean()) <= 5 * products.std() / np.sqrt(len(y))


def test_jacobians_of_scores_are_their_derivatives() -> None:
    field = ScoreField(MIXTURE, 1.3)
    own, other = field.jacobian(POINTS, 0.5), jacobian(lambda y, s: field(y, s), POINTS, 0.5)
    np.testing.assert_allclose(own, other, atol=1e-5)
    np.testing.assert_allclose(field.divergence(POINTS, 0.5), np.trace(own, axis1=1, axis2=2), rtol=1e-10)


def test_the_conservative_part_of_a_linear_field_solves_a_lyapunov_equation() -> None:
    B, S = RNG.normal(size=(3, 3)), np.cov(RNG.normal(size=(3, 20)))
    H = linear_conservative_part(B, S)
    rest = (B - H) @ S
    np.testing.assert_allclose(rest, -rest.T, atol=1e-12)
    X = RNG.multivariate_normal(np.zeros(3), S, 20_000)
    found = conservative_part(X, X @ B.T, n_centers=0, ridge=1e-12)
    np.testing.assert_allclose(found, X @ H.T, atol=0.1 * np.abs(X @ H.T).max())


def test_the_conservative_part_of_a_gradient_is_itself_and_removes_a_gauge() -> None:
    law = GaussianMixtureLaw([[-1.5, 0], [1.2, 0.8], [0.5, -1.5]], [0.15, 0.1, 0.2])
    X, T = law.sample(3000, 1, 0.4), law.sample(1000, 2, 0.4)
    quadratic = X @ np.array([[2.0, 1.0], [1.0, -1.0]]) + [1.0, 2.0]
    np.testing.assert_allclose(conservative_part(X, quadratic, ridge=1e-12), quadratic, atol=1e-3)
    field, score = GaugeField(law, 1.0, "fourier"), law.score(T, 0.4)
    before = ((field(T, 0.4) - score) ** 2).sum(1).mean()
    after = ((conservative_part(X, field(X, 0.4), T) - score) ** 2).sum(1).mean()
    assert after < before / 5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: GaugeField(MIXTURE, kind="curl"), "kind must be"),
        (lambda: GaugeField(MIXTURE, -1), "norm must be"),
        (lambda: GaugeField(GaussianMixtureLaw([[0.0]], [1.0])), "in one dimension there is no gauge"),
        (lambda: conservative_part(np.zeros((3, 2)), np.zeros((3, 3))), r"one shape \(n, d\)"),
    ],
)
def test_what_is_no_field_is_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
