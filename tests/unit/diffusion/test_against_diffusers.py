"""The released samplers of diffusers, driven by an exact law, end where ours with their coefficients do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from seedbed.diffusion import GaussianMixtureLaw, ProbabilityFlow

# UniPC of order two and 3M have other, simplified coefficients there: no oracles
RELEASED: dict[str, tuple[str, dict[str, Any], ProbabilityFlow]] = {
    "DDIM": ("DPMSolverMultistepScheduler", {"solver_order": 1}, ProbabilityFlow("ddim")),
    "DPM-Solver++ 2M": (
        "DPMSolverMultistepScheduler",
        {"solver_order": 2, "lower_order_final": False},
        ProbabilityFlow("exponential", 2, coefficients="midpoint"),
    ),
    "UniPC 3": (
        "UniPCMultistepScheduler",
        {"solver_order": 3, "lower_order_final": False},
        ProbabilityFlow("exponential", 3, corrector=True),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", RELEASED)
def test_released_samplers_are_ours_with_their_coefficients(name: str) -> None:
    import torch

    diffusers = pytest.importorskip("diffusers")
    kind, settings, flow = RELEASED[name]
    rng = np.random.default_rng(0)
    law = GaussianMixtureLaw(2 * rng.standard_normal((4, 3)), np.tile([[0.1], [0.2], [0.05], [0.3]], (1, 3)))
    noise = rng.standard_normal((50, 3))
    released = getattr(diffusers, kind)(
        num_train_timesteps=1000, beta_schedule="linear", prediction_type="sample", final_sigmas_type="sigma_min",
        **settings,
    )  # fmt: skip
    released.set_timesteps(50)
    grid = released.sigmas.double().numpy()
    signal = 1 / np.sqrt(1 + grid**2)  # theirs is the coordinate x = y / sqrt(1 + sigma^2)
    x = torch.tensor(noise)
    for step, time in enumerate(released.timesteps):
        x = released.step(torch.tensor(law.denoise(x.numpy() / signal[step], grid[step])), time, x).prev_sample
    ours = flow.sample(law, noise / signal[0], grid)
    assert np.abs(x.numpy() / signal[-1] - ours).max() < 5e-6, "their tables are in single precision"
    exact = ProbabilityFlow("rk4").sample(law, noise / signal[0], grid)
    assert np.abs(ours - exact).max() > 1e-5, "two ways to the flow itself would agree whatever their coefficients"
