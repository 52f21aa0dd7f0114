"""Stability: closed forms, simulated growth on both sides of the limit, and gains of modes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from seedbed.diffusion import (
    GaussianMixtureLaw,
    GuidedLaw,
    ProbabilityFlow,
    explain,
    geometric_grid,
    guidance_limit,
    karras_grid,
    mode_gain,
    real_stability_interval,
    stability_polynomial,
    stability_region,
)
from seedbed.diffusion.solvers.weights import GAMMA

CASES = [(p, beta) for p in (1, 2, 3, 4) for beta in (1.0, 0.8, 0.5, 0.2)]


def constant(name: str, order: int, beta: float = 1.0) -> ProbabilityFlow:
    return ProbabilityFlow(name, order, beta=beta, coefficients="constant")


def total(p: int, x: float) -> float:
    return sum(GAMMA[j] * x**j for j in range(p))


@pytest.mark.parametrize(("p", "beta"), CASES)
def test_real_intervals_are_the_closed_forms(p: int, beta: float) -> None:
    heavy = 2 * (2 - beta) / (beta * total(p, 2))
    general = 2 * (2 - beta) / (beta * total(p, 2) + 2 * (1 - beta) * total(p - 1, 2))
    assert real_stability_interval(constant("heavy_ball", p, beta)) == pytest.approx(heavy, rel=1e-6)
    assert real_stability_interval(constant("generalized_heavy_ball", p, beta)) == pytest.approx(general, rel=1e-6)
    if p > 1:
        assert general <= 2 / total(p - 1, 2) + 1e-12, "never more stable than Adams of one order less"


@pytest.mark.parametrize(("p", "beta"), CASES)
@pytest.mark.parametrize("n_steps", [6, 20])
def test_guidance_limits_are_the_closed_forms(p: int, beta: float, n_steps: int) -> None:
    ratio = (0.02 / 15) ** (1 / n_steps)
    high, low = total(p, 1 + ratio), total(p - 1, 1 + ratio)
    pull = 1 + (1 - beta) * ratio
    heavy = 2 * pull / (beta * (1 - ratio) * high)
    general = 2 * pull / ((1 - ratio) * (beta * high + (1 - beta) * (1 + ratio) * low))
    assert guidance_limit(constant("heavy_ball", p, beta), n_steps) == pytest.approx(heavy, rel=1e-6)
    assert guidance_limit(constant("generalized_heavy_ball", p, beta), n_steps) == pytest.approx(general, rel=1e-6)


@dataclass
class Stiff:
    """D of dy/dsigma = c y / sigma."""

    c: float

    def denoise(self, y: np.ndarray, sigma: float) -> np.ndarray:
        return (1 - self.c) * y


@pytest.mark.parametrize(
    "flow",
    [
        ProbabilityFlow(),
        ProbabilityFlow("adams", 4),
        constant("nesterov", 3, 0.7),
        ProbabilityFlow("exponential", 3),
        ProbabilityFlow("exponential", 2, coefficients="midpoint", beta=0.8),
        ProbabilityFlow("exponential", 3, corrector=True),
        ProbabilityFlow("exponential", 2, corrector=True, beta=0.7, momentum="corrector"),
        ProbabilityFlow("exponential", 3, beta=0.5, momentum="generalized"),
    ],
)
def test_runs_decay_below_the_limit_and_grow_above(flow: ProbabilityFlow) -> None:
    """The step ratio of ten steps from 15 to 0.02, continued for 300 steps."""
    limit = guidance_limit(flow, 10)
    grid = 15 * (0.02 / 15) ** (np.arange(301) / 10)
    grid = grid[grid > 1e-250]
    sizes = {}
    for factor in (0.97, 1.03):
        path = flow.sample(Stiff(factor * limit), np.ones((1, 1)), grid, path=True)
        sizes[factor] = [abs(float(y[0, 0])) for y in path]
    assert max(sizes[0.97][-20:]) < max(sizes[0.97][20:40]) and max(sizes[1.03][-20:]) > max(sizes[1.03][20:40])


def test_the_region_and_the_polynomial_agree() -> None:
    flow = constant("adams", 2)  # r^2 - (1 + 3z/2) r + z/2
    np.testing.assert_allclose(stability_polynomial(flow, -0.4), [1, -(1 - 0.6), -0.2], atol=1e-14)
    z = np.array([[-0.5, -1.5], [0.3j, -0.2 + 0.5j]])
    region = stability_region(flow, z)
    roots = [[np.abs(np.roots([1, -(1 + 1.5 * x), x / 2])).max() for x in row] for row in z]
    np.testing.assert_allclose(region, roots, rtol=1e-12)


def test_gains_of_modes() -> None:
    grid, sd = karras_grid(400), [0.05, 0.3, 1.0]
    gain = mode_gain(ProbabilityFlow(), grid, sd, guidance=1.0)
    np.testing.assert_allclose(gain.error, 0, atol=2e-3)
    law = GuidedLaw(GaussianMixtureLaw([[0.0]], [1.0]), GaussianMixtureLaw([[0.0]], [0.09]), 4.0)
    run = ProbabilityFlow("ddim").sample(law, [[1.0]], karras_grid(10))
    np.testing.assert_allclose(mode_gain(ProbabilityFlow("ddim"), karras_grid(10), 0.3, guidance=4.0).gain, run[0])
    exact = ProbabilityFlow("rk4").sample(law, [[1.0]], geometric_grid(400))
    np.testing.assert_allclose(
        mode_gain(ProbabilityFlow(), karras_grid(10), 0.3, guidance=4.0).exact, exact[0], rtol=1e-5
    )


def test_a_law_is_explained() -> None:
    law = GuidedLaw(GaussianMixtureLaw([[0.0, 0.0]], [1.0]), GaussianMixtureLaw([[0.0, 0.0]], [1e-6]), 3.0)
    found = explain(law, karras_grid(10))
    sigma = found.levels
    exact = 1 - ((1 - 3) / (1 + sigma**2) + 3 * 1e-6 / (1e-6 + sigma**2))
    np.testing.assert_allclose(found.stiffness, exact, rtol=1e-9)
    assert "DDIM" in found.stable and "PLMS4" not in found.stable
    assert "c = 2.99" in str(found) or "c = 3" in str(found)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: guidance_limit(ProbabilityFlow("heun"), 5), "no recurrence"),
        (lambda: guidance_limit(ProbabilityFlow("variable_order"), 5), "no recurrence"),
        (lambda: guidance_limit("ddim", 5), "must be a ProbabilityFlow"),
        (lambda: guidance_limit(ProbabilityFlow(), 0), "n_steps"),
        (lambda: real_stability_interval(ProbabilityFlow("exponential")), "see guidance_limit"),
        (lambda: mode_gain(ProbabilityFlow(), karras_grid(5), -1.0), "at least 0"),
    ],
)
def test_what_has_no_limit_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
