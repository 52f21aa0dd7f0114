r"""Noise grids: decreasing arrays of noise levels, from which every schedule differs by a scale alone.

With y = x_t / a_t and sigma = m_t / a_t a schedule x_t = a_t x_1 + m_t x_0 becomes the same flow
:math:`dy/d\sigma = (y - D(y, \sigma))/\sigma` for all schedules. A grid of N steps has N + 1 levels, and a
multistep solver evaluates the denoiser at all of them but the last.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from math import isfinite, log
from numbers import Integral

import numpy as np

from seedbed.diffusion.scalars import LARGEST, SMALLEST, is_real

__all__ = ["checked_grid", "cond_ot_grid", "geometric_grid", "karras_grid", "vp_grid"]

_RANGE = f"[{SMALLEST:g}, {LARGEST:g}]"
_LOG_END = 700.0  # its exponential is a number, and so is that of its negative


def karras_grid(n_steps: int, sigma_max: float = 15.0, sigma_min: float = 0.02, rho: float = 7.0) -> np.ndarray:
    r"""Levels whose power :math:`\sigma^{1/\rho}` is linear in the step.

    Parameters
    ----------
    n_steps : int
        At least 1.
    sigma_max, sigma_min : float
        First and last level, ``sigma_max > sigma_min > 0``, from 1e-150 to 1e150.
    rho : float, default=7
        1 is a uniform grid; as it grows the grid becomes geometric.

    Returns
    -------
    ndarray of shape (n_steps + 1,)
        Decreasing.

    Raises
    ------
    ValueError
        If a parameter is out of its range.

    References
    ----------
    T. Karras, M. Aittala, T. Aila, S. Laine (2022), Elucidating the design space of diffusion-based generative
    models, NeurIPS.

    Examples
    --------
    >>> from seedbed.diffusion import karras_grid
    >>> karras_grid(3, 10.0, 0.1).round(3).tolist()
    [10.0, 2.934, 0.663, 0.1]
    """
    steps = _steps(n_steps, sigma_max, sigma_min)
    if not is_real(rho) or not rho > 0:
        raise ValueError(f"rho must be a positive number, got {rho!r}")
    if max(abs(log(sigma_max)), abs(log(sigma_min))) > _LOG_END * rho:
        raise ValueError(f"rho={rho!r} is too small for levels from {sigma_max!r} to {sigma_min!r}")
    high, low = sigma_max ** (1 / rho), sigma_min ** (1 / rho)
    return _with_ends((high + steps * (low - high)) ** rho, sigma_max, sigma_min)


def geometric_grid(n_steps: int, sigma_max: float = 15.0, sigma_min: float = 0.02) -> np.ndarray:
    r"""Levels of a constant ratio, :math:`\log\sigma` linear in the step; parameters as in `karras_grid`."""
    steps = _steps(n_steps, sigma_max, sigma_min)
    return _with_ends(sigma_max * (sigma_min / sigma_max) ** steps, sigma_max, sigma_min)


def vp_grid(
    n_steps: int,
    *,
    n_timesteps: int = 1000,
    beta_start: float = 0.00085,
    beta_end: float = 0.012,
    schedule: str = "scaled_linear",
) -> np.ndarray:
    r"""Uniform timesteps of a variance-preserving schedule, as latent models are trained with.

    :math:`\bar\alpha_t = \prod_{s \le t}(1 - \beta_s)`, :math:`\sigma_t = \sqrt{(1-\bar\alpha_t)/\bar\alpha_t}`,
    taken at ``n_steps + 1`` uniform times from the last to the first, linear between neighbouring timesteps.

    Parameters
    ----------
    n_steps : int
    n_timesteps : int, default=1000
        Of training.
    beta_start, beta_end : float
        In (0, 1); the defaults are those of latent diffusion models: sigma from 14.6 to 0.03.
    schedule : {"scaled_linear", "linear"}
        Whether the square root of beta is linear in time, or beta.

    Returns
    -------
    ndarray of shape (n_steps + 1,)

    Raises
    ------
    ValueError
        If a parameter is out of its range.
    """
    if not all(is_real(beta) and 0 < beta < 1 for beta in (beta_start, beta_end)):
        raise ValueError(f"beta_start and beta_end must lie in (0, 1), got {beta_start!r} and {beta_end!r}")
    if not isinstance(n_timesteps, Integral) or n_timesteps < 2:
        raise ValueError(f"n_timesteps must be an int of at least 2, got {n_timesteps!r}")
    powers = {"scaled_linear": 2, "linear": 1}
    if schedule not in powers:
        raise ValueError(f"schedule must be one of {', '.join(map(repr, powers))}, got {schedule!r}")
    power = powers[schedule]
    beta = np.linspace(beta_start ** (1 / power), beta_end ** (1 / power), n_timesteps) ** power
    signal = np.exp(np.cumsum(np.log1p(-beta)))
    sigma = np.sqrt((1 - signal) / signal)
    times = (1 - _steps(n_steps, sigma[-1], sigma[0])) * (n_timesteps - 1)
    return _with_ends(np.interp(times, np.arange(n_timesteps), sigma), sigma[-1], sigma[0])


def cond_ot_grid(n_steps: int, t_min: float = 0.01, t_max: float = 0.99) -> np.ndarray:
    r"""Uniform times of the path x_t = t x_1 + (1 - t) x_0: :math:`\sigma = (1-t)/t`.

    Euler's method on that path is DDIM on this grid.

    Parameters
    ----------
    n_steps : int
    t_min, t_max : float
        ``0 < t_min < t_max < 1``: at t = 0 the noise level is infinite, and at t = 1 it is zero.

    Returns
    -------
    ndarray of shape (n_steps + 1,)

    Raises
    ------
    ValueError
        If a parameter is out of its range.
    """
    if not (is_real(t_min) and is_real(t_max) and 0 < t_min < t_max < 1):
        raise ValueError(f"0 < t_min < t_max < 1 is needed, got {t_min!r} and {t_max!r}")
    first, last = (1 - t_min) / t_min, (1 - t_max) / t_max
    t = t_min + _steps(n_steps, first, last) * (t_max - t_min)
    return _with_ends((1 - t) / t, first, last)


def checked_grid(grid: Sequence[float] | np.ndarray) -> np.ndarray:
    """A grid as float64: at least two levels, finite, positive, strictly decreasing.

    Raises
    ------
    ValueError
        If it is none, with the first place where it is not.
    """
    levels = np.asarray(grid, dtype=np.float64)
    if levels.ndim != 1 or len(levels) < 2:
        raise ValueError(f"grid must be a list of at least two noise levels, got an array of shape {levels.shape}")
    plain = levels.tolist()
    for place, level in enumerate(plain):
        if not isfinite(level):
            raise ValueError(f"grid: level {place} is not finite")
    if min(plain) <= 0:
        place = next(place for place, level in enumerate(plain) if level <= 0)
        raise ValueError(
            f"grid: level {place} is {plain[place]:g}; levels are positive. End at a small one and denoise once there"
        )
    for n, (level, after) in enumerate(itertools.pairwise(plain)):
        if not after < level:
            raise ValueError(f"grid must decrease, but levels {n} and {n + 1} are {level:g} and {after:g}")
    if plain[0] > LARGEST or plain[-1] < SMALLEST:
        raise ValueError(f"grid: levels must lie in {_RANGE}, but go from {plain[0]:g} to {plain[-1]:g}")
    return levels


def _steps(n_steps: int, sigma_max: float, sigma_min: float) -> np.ndarray:
    """From 0 to 1, after a look at the parameters that all grids share."""
    if not isinstance(n_steps, Integral) or isinstance(n_steps, bool) or n_steps < 1:
        raise ValueError(f"n_steps must be an int of at least 1, got {n_steps!r}")
    if not (is_real(sigma_max) and is_real(sigma_min) and LARGEST >= sigma_max > sigma_min >= SMALLEST):
        raise ValueError(f"sigma_max > sigma_min > 0 is needed, in {_RANGE}, got {sigma_max!r} and {sigma_min!r}")
    return np.arange(n_steps + 1) / n_steps


def _with_ends(levels: np.ndarray, first: float, last: float) -> np.ndarray:
    """Powers round: the ends are what was asked for; and where they round so much that nothing falls, it is no grid."""
    levels[0], levels[-1] = first, last
    return checked_grid(levels)
