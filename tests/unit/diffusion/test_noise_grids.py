"""Noise grids: ends, ratios, closed forms, and messages."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.diffusion import ProbabilityFlow, cond_ot_grid, geometric_grid, karras_grid, vp_grid
from seedbed.diffusion.noise_grids import checked_grid


@pytest.mark.parametrize("grid", [karras_grid(7), geometric_grid(7), vp_grid(7), cond_ot_grid(7), karras_grid(1)])
def test_grids_decrease_between_their_ends(grid: np.ndarray) -> None:
    assert (np.diff(grid) < 0).all() and (checked_grid(grid) == grid).all()


def test_grids_are_what_they_are_called() -> None:
    np.testing.assert_allclose(np.diff(karras_grid(9, 15, 0.02) ** (1 / 7), n=2), 0, atol=1e-14)
    np.testing.assert_allclose(np.diff(np.log(geometric_grid(9, 15, 0.02)), n=2), 0, atol=1e-14)
    np.testing.assert_allclose(np.diff(karras_grid(9, 15, 0.02, rho=1), n=2), 0, atol=1e-13)
    np.testing.assert_allclose(np.diff(1 / (1 + cond_ot_grid(9)), n=2), 0, atol=1e-14)
    assert np.round(vp_grid(10)[[0, -1]], 2).tolist() == [14.61, 0.03], "of latent diffusion models"
    signal = np.cumprod(1 - np.linspace(1e-4, 0.02, 1000))
    last = np.sqrt((1 - signal[-1]) / signal[-1])
    np.testing.assert_allclose(vp_grid(5, beta_start=1e-4, beta_end=0.02, schedule="linear")[0], last, rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: karras_grid(0), "n_steps must be an int of at least 1"),
        (lambda: karras_grid(True), "n_steps must be an int"),
        (lambda: karras_grid(5, 1.0, 2.0), "sigma_max > sigma_min > 0"),
        (lambda: karras_grid(5, np.nan, 0.1), "sigma_max > sigma_min > 0"),
        (lambda: karras_grid(5, rho=0), "rho must be a positive number"),
        (lambda: cond_ot_grid(5, 0.0, 0.9), "0 < t_min < t_max < 1"),
        (lambda: vp_grid(5, schedule="cosine"), "schedule must be one of 'scaled_linear', 'linear'"),
        (lambda: vp_grid(5, beta_end=1.5), "must lie in"),
        (lambda: vp_grid(5, n_timesteps=1), "n_timesteps must be an int of at least 2"),
        (lambda: checked_grid([3.0, 2.0, 2.0, 1.0]), "levels 1 and 2 are 2 and 2"),
        (lambda: checked_grid([3.0, 0.0]), "End at a small one"),
        (lambda: checked_grid([3.0]), "at least two noise levels"),
        (lambda: checked_grid([3.0, np.nan]), "level 1 is not finite"),
        (lambda: ProbabilityFlow().sample(lambda y, s: y, [[1.0, 2.0]], [1.0, 2.0]), "grid must decrease"),
    ],
)
def test_what_is_no_grid_is_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
