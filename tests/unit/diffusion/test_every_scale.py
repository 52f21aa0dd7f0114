"""Laws and paths in any units, and what people hand over."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from seedbed.diffusion import (
    CondOTPath,
    DenoiserLaw,
    EmpiricalLaw,
    GaussianMixtureLaw,
    KineticOptimalPath,
    ProbabilityFlow,
    explain,
    gaussian_separation,
    karras_grid,
    kinetic_energy,
)
from seedbed.diffusion.laws import gaussian_mixture

ATOMS = np.array([[1.0, 2.0], [3.0, -1.0], [50.0, 60.0]])
POINTS = np.array([[2.3, 0.5], [40.0, 1.0]])


@pytest.mark.parametrize("unit", [1e-140, 1e-30, 1e-3, 1e18, 1e20, 1e30, 1e140])
@pytest.mark.parametrize("sigma", [1e-3, 2.0, 100.0])
def test_denoisers_are_the_same_in_all_units(unit: float, sigma: float) -> None:
    law, scaled = EmpiricalLaw(ATOMS), EmpiricalLaw(ATOMS * unit)
    assert scaled.denoise(POINTS * unit, sigma * unit) / unit == pytest.approx(law.denoise(POINTS, sigma), rel=1e-9)
    trace, expected = scaled.posterior_trace(POINTS * unit, sigma * unit), law.posterior_trace(POINTS, sigma)
    assert trace / unit**2 == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("unit", [1e-140, 1e-82, 1e-30, 1e30, 1e78, 1e140])
@pytest.mark.parametrize("compiled", [True, False])
def test_mixtures_of_gaussians_are_the_same_in_all_units(
    unit: float, compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not compiled:
        monkeypatch.setattr(gaussian_mixture, "_compiled", lambda: None)
    spheres, whole = np.array([0.5, 2.0, 0.1]), np.array([[[2.0, 0.3], [0.3, 1.0]]] * 3)
    for variances in (spheres, whole):
        law, scaled = GaussianMixtureLaw(ATOMS, variances), GaussianMixtureLaw(ATOMS * unit, variances * unit**2)
        for sigma in (0.03, 2.0, 100.0):
            plain, other = (POINTS, sigma), (POINTS * unit, sigma * unit)
            np.testing.assert_allclose(scaled.denoise(*other) / unit, law.denoise(*plain), rtol=1e-9)
            np.testing.assert_allclose(scaled.posterior_trace(*other) / unit**2, law.posterior_trace(*plain), rtol=1e-9)
            covariance = law.posterior_covariance(*plain)
            np.testing.assert_allclose(scaled.posterior_covariance(*other) / unit**2, covariance, rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(law.posterior_trace(*plain), np.trace(covariance, axis1=1, axis2=2), rtol=1e-9)


@pytest.mark.parametrize("far", [1e6, 1e12, 1e60, 1e149])
def test_from_far_away_the_furthest_atom_that_way_is_nearest(far: float) -> None:
    law = EmpiricalLaw(ATOMS)
    assert law.denoise([[far, 1.2 * far], [-far, 0.0], [1.0, 2.0]], 0.1).tolist() == ATOMS[[2, 0, 0]].tolist()
    with pytest.raises(ValueError, match="beyond 1e"):
        law.denoise([[1e160, 0.0]], 1.0)
    with pytest.raises(ValueError, match="beyond 1e"):
        EmpiricalLaw(ATOMS * 1e150)


def test_covariances_weigh_atoms_by_differences() -> None:
    law = EmpiricalLaw([[0.0], [1e-6], [1000.0]])
    gamma = 1 / (1 + np.exp(-(0.3e-6**2 - 0.7e-6**2) / (2 * 1e-12)))
    assert law.posterior_covariance([[0.3e-6]], 1e-6)[0, 0, 0] == pytest.approx(1e-12 * gamma * (1 - gamma), rel=1e-6)
    assert law.posterior_trace([[0.3e-6]], 1e-6)[0] == pytest.approx(1e-12 * gamma * (1 - gamma), rel=1e-6)


@pytest.mark.parametrize("variances", [[0.01, 1, 10], [0.1, 0.5, 1, 2, 4], [0, 3], [1.0, 1.0]])
def test_no_path_is_below_the_least_energy(variances: list[float]) -> None:
    separation = gaussian_separation(variances)
    path = KineticOptimalPath().fit(separation)
    for n_times in (1, 7, 2000):
        for one in (path, CondOTPath()):
            assert kinetic_energy(one, separation, n_times) >= path.energy_ - 1e-12
    assert kinetic_energy(path, separation) == pytest.approx(path.energy_, abs=2e-6)
    with pytest.raises(ValueError, match="n_times"):
        kinetic_energy(path, separation, 0)


def test_a_denoiser_alone_is_explained() -> None:
    law = GaussianMixtureLaw([[1.0, 0.0], [-1.0, 0.0]], [[0.1, 0.1], [0.2, 0.1]])
    grid = karras_grid(4, 20.0, 0.1)
    alone = explain(DenoiserLaw(law.denoise, 2), grid).stiffness
    assert alone == pytest.approx(explain(law, grid).stiffness, abs=1e-4)


def test_samples_may_be_tables_and_tensors() -> None:
    torch = pytest.importorskip("torch")
    law, grid, flow = EmpiricalLaw(ATOMS), karras_grid(6, 20.0, 0.1), ProbabilityFlow()
    y = 20 * np.random.default_rng(0).standard_normal((5, 2))
    expected = flow.sample(law, y, grid)
    assert np.array_equal(flow.sample(law, pd.DataFrame(y), grid), expected)
    tensor = torch.tensor(y, dtype=torch.float32, requires_grad=True)
    found = flow.sample(law, tensor, grid)
    assert found.dtype == torch.float32 and found.detach().numpy() == pytest.approx(expected, abs=1e-3)
    with pytest.raises(ValueError, match="must have samples"):
        flow.sample(law, y[:0], grid)


@pytest.mark.parametrize(
    ("flow", "message"),
    [
        (ProbabilityFlow(beta=0.3), "beta=0.3 is of solver='heavy_ball' or .* 'power_adams' has none"),
        (ProbabilityFlow("adams", power=0.25), "power=0.25 is of solver='power_adams'"),
        (ProbabilityFlow(coefficients="constant"), "coefficients='constant' is of"),
        (ProbabilityFlow("adams", corrector=True), "corrector=True is of solver='exponential'"),
        (ProbabilityFlow("heavy_ball", beta=0.8, momentum="generalized"), "momentum='generalized' is of"),
        (ProbabilityFlow(final_order=9), "final_order=9 must not be above order=3"),
    ],
)
def test_parameters_that_a_solver_has_not_are_named(flow: ProbabilityFlow, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        flow.sample(lambda y, sigma: y / (1 + sigma**2), np.ones((2, 2)), [3.0, 1.0, 0.1])
