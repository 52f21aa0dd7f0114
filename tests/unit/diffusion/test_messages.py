"""What a number may be: every parameter that is none ends in one sentence."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.diffusion import (
    DenoiserLaw,
    EmpiricalLaw,
    FlowDimension,
    GaugeField,
    GaussianMixtureLaw,
    GuidedLaw,
    JacobianDimension,
    KineticOptimalPath,
    NormalBundleDimension,
    ProbabilityFlow,
    SphereLaw,
    VPPath,
    cond_ot_grid,
    conservative_part,
    explain,
    flow_log_density,
    geometric_grid,
    karras_grid,
    mode_gain,
    sliced_wasserstein,
    vp_grid,
)
from seedbed.diffusion.scalars import is_real

X = np.random.default_rng(0).normal(size=(30, 3))
LAW = EmpiricalLaw(X, 0.2)
GRID = karras_grid(4)
LAWS = [LAW, GaussianMixtureLaw(np.eye(3), [0.1, 0.2, 0.3]), SphereLaw(3, 1.0, 1)]


def test_numbers_are_real_and_finite() -> None:
    assert all(map(is_real, (0, 1.5, -3, np.float32(2), np.int64(2), np.array(2.0))))
    assert not any(map(is_real, (True, np.True_, "1", None, np.nan, np.inf, 1j, [1.0], np.ones(1), 10**400)))


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("sigma", [1e-170, 1e155, -1.0, np.nan, "1", True, None, [1.0]])
def test_noise_levels_have_a_range(law, sigma) -> None:
    for call in (law.denoise, law.score, law.log_density, law.posterior_trace, law.posterior_covariance):
        with pytest.raises(ValueError, match="sigma must be one positive number, from 1e-150 to 1e"):
            call(X, sigma)
    with pytest.raises(ValueError, match="sigma must be one positive number, from 1e-150 to 1e"):
        law.sample(3, 0, sigma)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("sigma", [1e-150, 1e150])
def test_at_the_ends_of_the_range_all_is_finite(law, sigma: float) -> None:
    y = law.sample(4, 0)
    for call in (law.denoise, law.score, law.log_density, law.posterior_trace, law.posterior_covariance):
        assert np.isfinite(call(y, sigma)).all()


def flow(**params) -> ProbabilityFlow:
    return ProbabilityFlow(**params).sample(LAW, X, GRID)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: geometric_grid(2, 1e300, 1e-300), r"sigma_max > sigma_min > 0 is needed, in \[1e-150, 1e\+150\]"),
        (lambda: karras_grid(2, "15"), "sigma_max > sigma_min > 0"),
        (lambda: karras_grid(2, rho=1e-3), "rho=0.001 is too small"),
        (lambda: karras_grid(3, rho=1e300), "levels 1 and 2 are"),
        (lambda: vp_grid(2, beta_start="a"), "beta_start and beta_end must lie in"),
        (lambda: cond_ot_grid(2, "a"), "0 < t_min < t_max < 1"),
        (lambda: VPPath("linear", "a"), "beta_min and beta_max must be positive"),
        (lambda: ProbabilityFlow().sample(LAW, X, [1.0, 1e-170]), r"levels must lie in \[1e-150"),
        (lambda: flow(final_order=True), "final_order must be an int"),
        (lambda: flow(power=True), "power must be a number"),
        (lambda: flow(solver="heavy_ball", beta=True), "beta must lie in"),
        (lambda: flow(solver="exponential", corrector="x"), "corrector must be True or False"),
        (lambda: LAW.sample(2.5), "n_samples must be a whole number"),
        (lambda: EmpiricalLaw(X, "a"), "smoothing must be a number"),
        (lambda: EmpiricalLaw(X, 1e200), "smoothing must be a number"),
        (lambda: GaussianMixtureLaw([[1e200]], [1.0]), "means have values beyond 1e"),
        (lambda: GaussianMixtureLaw([[1.0]], [1e301]), "covariances must be finite numbers, of at most 1e"),
        (lambda: SphereLaw(3.5, dimension=2), "frame must be a whole number"),
        (lambda: SphereLaw(3, dimension=1.5), "1 <= dimension < 3"),
        (lambda: SphereLaw(3, "a", 1), "radius must be a positive number"),
        (lambda: SphereLaw(3, 1e-200, 1), "radius must be a positive number"),
        (lambda: DenoiserLaw(LAW.denoise, 2.5), "n_features must be a whole number"),
        (lambda: DenoiserLaw(LAW.denoise, 3, step=0), "step must be a positive number"),
        (lambda: GuidedLaw(LAW, LAW, "a"), "guidance must be a finite number"),
        (lambda: GuidedLaw(1, LAW, 2.0), "a Law is needed, got int"),
        (lambda: GuidedLaw.of_class(X, np.ones(3, bool), 2.0), "which of the 30 rows"),
        (lambda: GaugeField(LAW, kind="fourier", n_terms=0), "n_terms must be a whole number"),
        (lambda: GaugeField(LAW, kind="fourier", n_terms=1.5), "n_terms must be a whole number"),
        (lambda: GaugeField(LAW, frequency=np.nan), "frequency must be a finite number"),
        (lambda: GaugeField(LAW, "a"), "norm must be a number"),
        (lambda: GaugeField(1), "a Law is needed"),
        (lambda: conservative_part(X, X, length=-1), "length must be a positive number"),
        (lambda: conservative_part(X, X, ridge=-1), "ridge must be a number"),
        (lambda: conservative_part(X, X, n_centers=-1), "n_centers must be a whole number"),
        (lambda: sliced_wasserstein(X, X, 2.5), "n_projections must be a whole number"),
        (lambda: mode_gain(ProbabilityFlow(), GRID, 1.0, guidance=np.nan), "guidance must be a finite number"),
        (lambda: explain(1, GRID), "a Law is needed, got int"),
        (lambda: explain(LAW, GRID, n_samples=0), "n_samples must be a whole number"),
        (lambda: flow_log_density(1, X), "a Law is needed"),
        (lambda: KineticOptimalPath(n_angles=2.5).fit(X), "n_angles must be a whole number"),
        (lambda: FlowDimension(LAW, n_steps=0).fit(X), "n_steps must be a whole number"),
        (lambda: FlowDimension(LAW, sigma_max="a").fit(X), "sigma_max must be more than ten times"),
        (lambda: NormalBundleDimension(LAW, n_draws=0).fit(X), "n_draws must be a whole number, 2 or more"),
        (lambda: NormalBundleDimension(LAW, n_draws=1).fit(X), "n_draws must be a whole number, 2 or more"),
        (lambda: JacobianDimension(EmpiricalLaw(X[:, :1])).fit(X[:, :1]), "in one dimension there is no gap"),
    ],
)
def test_what_is_no_such_number_is_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
