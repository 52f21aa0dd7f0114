r"""What a law asks of a sampler, and which samplers can take it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from seedbed.counts import whole_number
from seedbed.diffusion.laws.law import Law, UnknownOfLaw, checked_law
from seedbed.diffusion.noise_grids import checked_grid
from seedbed.diffusion.solvers.probability_flow import ProbabilityFlow

from .noise_grid import guidance_limit

__all__ = ["COMMON_SOLVERS", "Explanation", "explain"]

COMMON_SOLVERS = {
    "DDIM": ProbabilityFlow("ddim"),
    "PLMS2": ProbabilityFlow("adams", 2, coefficients="constant"),
    "PLMS4": ProbabilityFlow("adams", 4, coefficients="constant"),
    "power Adams (3, 1/2)": ProbabilityFlow(),
    "Adams 4, grid coefficients": ProbabilityFlow("adams", 4),
    "HB(4, 0.8)": ProbabilityFlow("heavy_ball", 4, beta=0.8, coefficients="constant"),
    "GHVB(4, 0.8)": ProbabilityFlow("generalized_heavy_ball", 4, beta=0.8, coefficients="constant"),
    "DPM-Solver++ 2M": ProbabilityFlow("exponential", 2, coefficients="midpoint"),
    "UniPC3": ProbabilityFlow("exponential", 3, corrector=True),
}


@dataclass(frozen=True)
class Explanation:
    """A law's stiffness along its own trajectories, and the solvers' limits.

    Attributes
    ----------
    levels : ndarray of shape (n_steps,)
        Noise levels at which the denoiser is evaluated.
    stiffness : ndarray of shape (n_steps,)
        The largest eigenvalue, over samples, of I - dD/dy: c of the steepest direction; 1 where a direction has no
        variance, w under guidance.
    limits : dict of str to float
        :func:`~seedbed.diffusion.stability.noise_grid.guidance_limit` of each solver at so many steps.
    """

    levels: np.ndarray
    stiffness: np.ndarray
    limits: dict[str, float]

    @property
    def stable(self) -> list[str]:
        """The solvers whose limit the law never exceeds."""
        return [name for name, limit in self.limits.items() if self.stiffness.max() <= limit]

    def __str__(self) -> str:
        worst = int(self.stiffness.argmax())
        lines = [
            f"The steepest direction has c = {self.stiffness[worst]:.3g}, at sigma = {self.levels[worst]:.3g}.",
            f"In {len(self.levels)} evaluations a solver is stable up to:",
        ]
        for name, limit in sorted(self.limits.items(), key=lambda item: -item[1]):
            share = float((self.stiffness > limit).mean())
            verdict = "stable throughout" if not share else f"unstable at {share:.0%} of the levels"
            lines.append(f"  c = {limit:5.2f}  {name}: {verdict}")
        return "\n".join(lines)


def explain(
    law: Law,
    grid: Any,
    solvers: Mapping[str, ProbabilityFlow] | None = None,
    *,
    n_samples: int = 16,
    random_state: Any = 0,
) -> Explanation:
    """Compare what a law's own trajectories ask with what solvers can take.

    Parameters
    ----------
    law : Law
        With posterior covariances.
    grid : array-like
        The noise levels of the run; limits are those of the geometric grid with the same ends and steps.
    solvers : mapping of str to ProbabilityFlow, default=None
        Common ones if not given.
    n_samples : int, default=16
        Trajectories, followed by Runge-Kutta.
    random_state : int, Generator or None, default=0

    Returns
    -------
    Explanation
        ``print`` it.

    Notes
    -----
    n_samples eigenvalue problems of size d at each level.
    """
    law, levels, n_samples = checked_law(law), checked_grid(grid), whole_number(n_samples, "n_samples")
    rng = np.random.default_rng(random_state)
    try:
        centre = law.mean()
    except UnknownOfLaw:
        centre = 0.0  # of a denoiser alone: where the data are is little beside the first level's noise
    noise = centre + levels[0] * rng.standard_normal((n_samples, law.n_features_in_))
    points = ProbabilityFlow("rk4").sample(law, noise, levels, path=True)
    stiffness = []
    for y, sigma in zip(points[:-1], levels[:-1], strict=True):
        jacobians = law.posterior_covariance(y, float(sigma)) / sigma**2
        stiffness.append(1 - np.linalg.eigvalsh((jacobians + jacobians.transpose(0, 2, 1)) / 2).min())
    limits = {
        name: guidance_limit(solver, len(levels) - 1, levels[0], levels[-1])
        for name, solver in (COMMON_SOLVERS if solvers is None else solvers).items()
    }
    return Explanation(levels[:-1], np.array(stiffness), limits)
