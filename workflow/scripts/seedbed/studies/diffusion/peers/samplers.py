"""Controls and tools for samplers: what knows nothing but the mean, and a table of limits against artefacts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from seedbed.diffusion.solvers.probability_flow import ProbabilityFlow
from seedbed.diffusion.stability.noise_grid import guidance_limit
from seedbed.studies.diffusion.data.artefacts import share_of_artefacts

__all__ = ["LimitTable", "NoiseMean"]


class NoiseMean:
    """The denoised noise: one evaluation, the same blurred mean for everybody."""

    def sample(self, law: Any, y: np.ndarray, grid: np.ndarray) -> np.ndarray:
        self.n_evaluations_ = 1
        return law.denoise(y, float(grid[0]))


def _constant(name: str, order: int, beta: float = 1.0) -> ProbabilityFlow:
    return ProbabilityFlow(name, order, beta=beta, coefficients="constant")


class LimitTable:
    """Runs common samplers, and keeps the share of artefacts of each beside its limit."""

    def compare(self, law: Any, data: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """``limits`` and ``shares`` of thirteen samplers on the same noise."""
        flows = [
            ProbabilityFlow("ddim"),
            *(_constant("adams", order) for order in (2, 3, 4)),
            *(_constant("heavy_ball", order, 0.8) for order in (2, 4)),
            _constant("generalized_heavy_ball", 4, 0.8),
            _constant("generalized_heavy_ball", 3, 0.5),
            ProbabilityFlow("adams", 4),
            ProbabilityFlow(),
            ProbabilityFlow("exponential", 2, coefficients="midpoint"),
            ProbabilityFlow("exponential", 3),
            ProbabilityFlow("exponential", 3, corrector=True),
        ]
        noise, grid = data["noise"], data["grid"]
        limits = [guidance_limit(flow, len(grid) - 1, grid[0], grid[-1]) for flow in flows]
        shares = [share_of_artefacts(flow.sample(law, noise, grid), data) for flow in flows]
        return {"limits": np.array(limits), "shares": np.array(shares)}
