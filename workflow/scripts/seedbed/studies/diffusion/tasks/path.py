"""Paths: their energy by the held-out separation, and Euler's method along them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from seedbed.diffusion.paths.kinetic_optimal import kinetic_energy
from seedbed.diffusion.paths.path import GaussianPath, euler_sample
from seedbed.diffusion.paths.separation import Separation
from seedbed.diffusion.solvers.probability_flow import ProbabilityFlow
from seedbed.studies.diffusion.data.laws import law_of

Arrays = Mapping[str, np.ndarray]
STEPS = (8, 16)


def follow(path: GaussianPath, data: Arrays) -> dict[str, np.ndarray]:
    """Fit a path that can be fitted, measure its energy, and follow it in few steps.

    Parameters
    ----------
    path : GaussianPath
        With ``fit(separation)`` if it depends on the data.
    data : mapping
        Arrays of a replicate of :mod:`seedbed.studies.diffusion.data.paths`.
    """
    train, test = (
        Separation(data["angles"], data[key], data["angle_weights"]) for key in ("train_speed2", "test_speed2")
    )
    if fit := getattr(path, "fit", None):
        fit(train)
    law, kept = law_of(data), {"energy": np.array(kinetic_energy(path, test))}
    first, last = (_time_of(path, float(sigma)) for sigma in data["ends"])
    kept["drawn"] = np.stack([path.alpha(np.linspace(0, 1, 41)), path.sigma(np.linspace(0, 1, 41))])
    for n in STEPS:
        times = np.linspace(first, last, n + 1)
        start = data["noise"] * path.alpha(times[0])
        kept[f"euler_{n}"] = euler_sample(law, path, start, times) / path.alpha(times[-1])
    kept["ddim_difference"] = np.array(
        _ddim_difference(path, law, data["noise"], np.geomspace(float(data["ends"][0]), float(data["ends"][1]), 13))
    )
    return kept


def _ddim_difference(path: GaussianPath, law: Any, noise: np.ndarray, levels: np.ndarray) -> float:
    """DDIM in the path's own coordinate, x' = alpha' D + sigma' (x - alpha D) / sigma, against that in y."""
    times = [_time_of(path, sigma) for sigma in levels]
    alphas = [float(path.alpha(t)) for t in times]
    x = noise * alphas[0]
    for i in range(len(levels) - 1):
        denoised = law.denoise(x / alphas[i], float(levels[i]))
        estimated = (x - alphas[i] * denoised) / (levels[i] * alphas[i])
        x = alphas[i + 1] * denoised + levels[i + 1] * alphas[i + 1] * estimated
    return float(np.abs(x / alphas[-1] - ProbabilityFlow("ddim").sample(law, noise, levels)).max())


def _time_of(path: GaussianPath, sigma: float) -> float:
    """When a path has this noise level, by bisection: levels fall in time."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if path.noise_level(middle) > sigma else (low, middle)
    return (low + high) / 2
