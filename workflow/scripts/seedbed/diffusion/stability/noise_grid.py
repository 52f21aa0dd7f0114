r"""How much guidance a sampler can take: its stability on a geometric noise grid, which is exact.

With :math:`\sigma_{n+1} = \rho\sigma_n` the model :math:`dy/d\sigma = c\,y/\sigma` turns every solver into a recurrence
with constant coefficients. c = 1 is a direction without variance, and c = w the same under guidance w.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from seedbed.diffusion.noise_grids import checked_grid, geometric_grid
from seedbed.diffusion.scalars import is_real
from seedbed.diffusion.solvers.probability_flow import ProbabilityFlow

from .linear import largest_stable
from .recurrence import multistep_of, recurrence_matrices

__all__ = ["ModeGain", "guidance_limit", "mode_gain"]


def guidance_limit(solver: ProbabilityFlow, n_steps: int, sigma_max: float = 15.0, sigma_min: float = 0.02) -> float:
    r"""The largest c for which a solver is stable on the geometric grid of these ends.

    For Adams with constant coefficients :math:`2/((1-\rho)G_p)`, :math:`G_p = \sum_{j<p}\gamma_j(1+\rho)^j`; times
    :math:`(1+(1-\beta)\rho)/\beta` with the heavy ball; :math:`2(1+(1-\beta)\rho)/((1-\rho)(\beta G_p +
    (1-\beta)(1+\rho)G_{p-1}))` for the generalised heavy ball. All solvers go through the eigenvalues of their own
    step.

    Parameters
    ----------
    solver : ProbabilityFlow
        Any multistep solver, exponential ones and correctors too.
    n_steps : int
        Steps from ``sigma_max`` to ``sigma_min``, which are evaluations.
    sigma_max, sigma_min : float

    Returns
    -------
    float
        Below one, the solver is unstable without any guidance. Guidance acts over a part of the noise range, so a few
        unstable steps may pass unseen.

    Raises
    ------
    ValueError
        If the solver is a one-step method or of variable order, or the grid is none.

    Notes
    -----
    Eigenvalues of a matrix of at most eleven rows, some forty times.

    Examples
    --------
    >>> from seedbed.diffusion import ProbabilityFlow, guidance_limit
    >>> round(guidance_limit(ProbabilityFlow("ddim"), 10), 2)
    4.13
    """
    rule = multistep_of(solver)
    ratio = float(geometric_grid(n_steps, sigma_max, sigma_min)[:2] @ [0, 1]) / sigma_max
    levels = (ratio ** -np.arange(rule.order + 2.0)).tolist()
    step = rule.step(levels, ratio, rule.order, rule.order)
    constant, slope = recurrence_matrices(rule, step, 1.0 if rule.exponential else ratio)
    return largest_stable(constant + slope, -slope) if rule.exponential else largest_stable(constant, slope)


@dataclass(frozen=True)
class ModeGain:
    """What a sampler makes of Gaussian modes.

    Attributes
    ----------
    gain : ndarray of shape (m,)
        End over start of a run on the mode alone.
    exact : ndarray of shape (m,)
        The flow's own.
    """

    gain: np.ndarray
    exact: np.ndarray

    @property
    def error(self) -> np.ndarray:
        """gain / exact - 1, of shape (m,)."""
        return self.gain / self.exact - 1


def mode_gain(
    solver: ProbabilityFlow, grid: Any, class_sd: Any, population_sd: Any = 1.0, guidance: float = 1.0
) -> ModeGain:
    r"""How much a solver amplifies a Gaussian mode, which it does linearly and so exactly.

    The mode has standard deviation s within the class and S in the population:
    :math:`D = y\,[(1-w) S^2/(S^2+\sigma^2) + w\,s^2/(s^2+\sigma^2)]`, and the flow multiplies by
    :math:`(r_S)^{1-w} (r_s)^w` with :math:`r_s = \sqrt{(s^2+\sigma_{min}^2)/(s^2+\sigma_{max}^2)}`.

    Parameters
    ----------
    solver : ProbabilityFlow
    grid : array-like
        Decreasing noise levels.
    class_sd, population_sd : array-like of shape (m,)
        At least 0.
    guidance : float
        w.

    Returns
    -------
    ModeGain

    Raises
    ------
    ValueError
        If a standard deviation is negative, guidance is no finite number, or the grid is none.
    """
    levels = checked_grid(grid)
    class_sd, population_sd = np.broadcast_arrays(np.atleast_1d(np.asarray(class_sd, float)), population_sd)
    if not (
        np.isfinite(class_sd).all()
        and np.isfinite(population_sd).all()
        and min(class_sd.min(), population_sd.min()) >= 0
    ):
        raise ValueError("standard deviations must be finite numbers of at least 0")
    if not is_real(guidance):
        raise ValueError(f"guidance must be a finite number, got {guidance!r}")
    s2, S2 = class_sd[None] ** 2, population_sd[None] ** 2

    def denoise(y: np.ndarray, sigma: float) -> np.ndarray:
        return y * ((1 - guidance) * S2 / (S2 + sigma**2) + guidance * s2 / (s2 + sigma**2))

    gain = solver.sample(denoise, np.ones_like(s2), levels)[0]
    first, last = levels[0] ** 2, levels[-1] ** 2
    log_ratio = 0.5 * (
        (1 - guidance) * np.log((S2 + last) / (S2 + first)) + guidance * np.log((s2 + last) / (s2 + first))
    )
    return ModeGain(gain, np.exp(log_ratio)[0])
