"""Controls and tools for samplers: what knows nothing but the mean, and a table of limits against artefacts."""

from __future__ import annotations

from typing import Any

import numpy as np

from seedbed.diffusion.solvers.probability_flow import ProbabilityFlow
from seedbed.diffusion.stability.noise_grid import guidance_limit

__all__ = ["LimitTable", "NoiseMean"]


class NoiseMean:
    """The denoised noise: one evaluation, the same blurred mean for everybody."""

    def sample(self, law: Any, y: np.ndarray, grid: np.ndarray) -> np.ndarray:
        self.n_evaluations_ = 1
        return law.denoise(y, float(grid[0]))


def _constant(name: str, order: int, beta: float = 1.0) -> ProbabilityFlow:
    return ProbabilityFlow(name, order, beta=beta, coefficients="constant")


class LimitTable:
    """Runs common samplers, and keeps the share of samples that grow beyond the flow's ends beside each one's limit."""

    def compare(self, law: Any, y: np.ndarray, grid: np.ndarray) -> dict[str, np.ndarray]:
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
        reference = ProbabilityFlow("rk4").sample(law, y, np.geomspace(grid[0], grid[-1], 61))
        reach = 1.25 * np.abs(reference - reference.mean(0)).max()
        runs = [flow.sample(law, y, grid) for flow in flows]
        limits = [guidance_limit(flow, len(grid) - 1, grid[0], grid[-1]) for flow in flows]
        shares = [(np.abs(run - reference.mean(0)).max(1) > reach).mean() for run in runs]
        return {"limits": np.array(limits), "shares": np.array(shares)}
