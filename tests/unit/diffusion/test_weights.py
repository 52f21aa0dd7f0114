"""Weights of solvers against mpmath: small powers, short steps and long ones."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from seedbed.diffusion import ProbabilityFlow, karras_grid
from seedbed.diffusion.solvers.weights import exponential_weights, power_adams_weights

GAPS = np.array([0.0, 1.0, 1.8, 3.1, 4.0, 4.7])  # of the values, in steps: newest first, none alike


def solved(nodes: list, moments: list) -> np.ndarray:
    """Weights w with sum_i w_i u_i^k = m_k, of numbers with fifty digits."""
    matrix = mpmath.matrix([[u**k for u in nodes] for k in range(len(nodes))])
    return np.array([float(w) for w in mpmath.lu_solve(matrix, mpmath.matrix(moments))])


def exact_power(levels: np.ndarray, after: float, power: float) -> tuple[list, list]:
    """Nodes and moments."""
    newest, after, q = mpmath.mpf(levels[0]), mpmath.mpf(after), mpmath.mpf(power)

    def u(level: object) -> object:
        return mpmath.expm1(q * mpmath.log(level / newest)) / q if q else mpmath.log(level / newest)

    panels = mpmath.linspace(newest, after, 4)
    moments = [mpmath.quad(lambda level, k=k: u(level) ** k, panels) for k in range(len(levels))]
    return [u(mpmath.mpf(level)) for level in levels], moments


@pytest.mark.slow
@pytest.mark.parametrize("power", [0.0, 1e-300, 1e-12, 1e-5, 1e-3, 0.01, 0.05, 1 / 3, 0.5, 1.0])
@pytest.mark.parametrize("step", [1e-7, 0.01, 0.1, 0.249, 0.29, 0.31, 0.499, 0.51, 1.0, 3.0])
def test_power_weights_are_exact_for_every_power_and_step(power: float, step: float) -> None:
    levels, after = 0.7 * np.exp(step * GAPS[:5]), 0.7 * np.exp(-step)
    with mpmath.workdps(50):
        nodes, moments = exact_power(levels, after, power)
    for order in range(1, 6):
        with mpmath.workdps(50):
            exact = solved(nodes[:order], moments[:order])
        found = power_adams_weights(levels[:order].tolist(), float(after), power)
        assert np.abs(found - exact).max() < 1e-12 * np.abs(exact).max()


@pytest.mark.slow
@pytest.mark.parametrize("step", [1e-9, 0.0099, 0.0101, 0.05, 0.29, 0.31, 0.499, 0.501, 1.0, 3.0, 40.0])
@pytest.mark.parametrize("corrector", [False, True])
def test_exponential_weights_are_exact_for_every_step(step: float, corrector: bool) -> None:
    for order in range(1, 6):
        distances = step * np.concatenate([[1.0] if corrector else [], -GAPS[:order]])
        with mpmath.workdps(50):
            h = mpmath.mpf(step)
            moments = [
                mpmath.quad(lambda u, k=k, h=h: mpmath.exp(u - h) * u**k, mpmath.linspace(0, h, 9))
                for k in range(len(distances))
            ]
            exact = solved([mpmath.mpf(distance) for distance in distances], moments)
        found = exponential_weights(distances.tolist(), step)
        assert np.abs(found - exact).max() < 1e-12 * np.abs(exact).max()


def test_a_power_that_falls_to_zero_leads_to_the_logarithm() -> None:
    zero, small = (ProbabilityFlow(order=5, power=power).plan(karras_grid(10)) for power in (0.0, 1e-13))
    for one, other in zip(zero, small, strict=True):
        np.testing.assert_allclose(one.weights, other.weights, rtol=1e-11)
    assert np.abs(zero[5].weights).max() < 3
