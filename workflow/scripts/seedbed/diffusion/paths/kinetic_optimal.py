r"""The Gaussian path of least kinetic energy, in closed form."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np
from scipy.interpolate import PchipInterpolator
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from seedbed.counts import whole_number
from seedbed.diffusion.laws.empirical import EmpiricalLaw
from seedbed.diffusion.laws.law import Law

from .path import GaussianPath
from .separation import Separation, separation_of

__all__ = ["KineticOptimalPath", "kinetic_energy"]


class KineticOptimalPath(BaseEstimator, GaussianPath):
    r"""The path :math:`x_t = \alpha(t) x_1 + \sigma(t) x_0` of least energy :math:`\int E|u_t(x_t)|^2 dt`.

    In polar coordinates :math:`(\alpha, \sigma) = r(\sin\theta, \cos\theta)` the energy per dimension is
    :math:`\int \dot r^2 + r^2 w(\theta)\dot\theta^2 dt`. With :math:`\varphi = \int_0^\theta\sqrt w` the metric is a
    flat cone of angle :math:`\Phi = \varphi(\pi/2)`, so that geodesics are straight lines on the unrolled cone:
    :math:`r\cos\varphi = 1 - t + t\cos\Phi`, :math:`r\sin\varphi = t\sin\Phi`, and the least energy is
    :math:`2(1-\cos\Phi)`.

    Parameters
    ----------
    n_angles : int, default=64
        Nodes of the quadrature over theta.
    n_samples : int, default=512
        Draws with which the separation is estimated.
    random_state : int, Generator or None, default=0

    Attributes
    ----------
    separation_ : Separation
        The estimated function.
    angle_ : float
        :math:`\Phi`, at most pi/2, where cond-OT is optimal.
    energy_ : float
        The least kinetic energy per dimension, for data scaled to E|x_1|^2 = d.
    n_features_in_ : int

    Notes
    -----
    Energy at the optimum is never below a fraction 8 / pi^2 of that of the variance-preserving path at constant speed
    in phi. Less energy is not always less error of a solver with few steps. Where w vanishes on an interval (normal
    data), every path through it costs the same, and theta moves evenly in it.

    References
    ----------
    Shaul, Chen, Nickel, Le, Lipman (2023), On kinetic optimal probability paths for generative models, ICML; the closed
    form is ours.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.diffusion import KineticOptimalPath
    >>> X = np.random.default_rng(0).standard_normal((16, 400))  # far fewer points than dimensions
    >>> path = KineticOptimalPath().fit(X)
    >>> bool(0.9 * np.pi / 2 < path.angle_ <= np.pi / 2)
    True
    >>> path.alpha([0.0, 1.0]).round(6).tolist(), path.sigma([0.0, 1.0]).round(6).tolist()
    ([0.0, 1.0], [1.0, 0.0])
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, n_angles: int = 64, n_samples: int = 512, random_state: Any = 0) -> None:
        self.n_angles = n_angles
        self.n_samples = n_samples
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> KineticOptimalPath:
        """Estimate the separation and draw the line.

        Parameters
        ----------
        X : array-like of shape (n, d), Law, or Separation
            Data (their empirical law), a law, or a separation that is known.
        y : ignored

        Raises
        ------
        ValueError
            If X is a single point, or no table of finite numbers.
        """
        for name in ("n_angles", "n_samples"):
            whole_number(getattr(self, name), name, 2)
        if isinstance(X, Separation):
            self.separation_ = X
        else:
            data = X if isinstance(X, Law) else validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
            law = data if isinstance(data, Law) else EmpiricalLaw(data)
            self.n_features_in_ = law.n_features_in_
            self.separation_ = separation_of(law, int(self.n_angles), int(self.n_samples), self.random_state)
        self.angle_ = self.separation_.total_angle
        self.energy_ = 2 * (1 - np.cos(self.angle_))
        self._theta = _angle_of_phi(self.separation_)
        return self

    def _polar(self, t: Any) -> tuple[np.ndarray, np.ndarray]:
        check_is_fitted(self)
        t = np.asarray(t, dtype=np.float64)
        if not ((t >= 0) & (t <= 1)).all():
            raise ValueError("times must lie in [0, 1]")
        x, y = 1 - t + t * np.cos(self.angle_), t * np.sin(self.angle_)
        return np.hypot(x, y), self._theta(np.arctan2(y, x) / self.angle_ if self.angle_ > 0 else t)

    def alpha(self, t: Any) -> np.ndarray:
        r, theta = self._polar(t)
        return r * np.sin(theta)

    def sigma(self, t: Any) -> np.ndarray:
        r, theta = self._polar(t)
        return np.abs(r * np.cos(theta))


def kinetic_energy(path: GaussianPath, law: Any, n_times: int = 2000) -> float:
    r"""The energy of a path per dimension, for data scaled to E|x_1|^2 = d.

    :math:`\int_0^1 \dot r^2 + r^2 w(\theta)\dot\theta^2 dt`, which is that of a curve in the plane on which the cone is
    unrolled: its chords are summed, so that no path is below the least energy, however few there are.

    Parameters
    ----------
    path : GaussianPath
    law : Separation, Law, or array-like of shape (n, d)
        The separation is estimated where it is not given.
    n_times : int
        Chords.

    Returns
    -------
    float
        At least :math:`2(1-\cos\Phi)` for a path from (0, 1) to (1, 0).
    """
    if not isinstance(n_times, Integral) or n_times < 1:
        raise ValueError(f"n_times must be an int of at least 1, got {n_times!r}")
    separation = law
    if not isinstance(law, Separation):
        separation = separation_of(law if isinstance(law, Law) else EmpiricalLaw(law))
    t = np.linspace(0.0, 1.0, n_times + 1)
    alpha, sigma = path.alpha(t), path.sigma(t)
    phi = separation.total_angle * PchipInterpolator(*_shares(separation))(np.arctan2(alpha, sigma))
    return float(n_times * (np.abs(np.diff(np.hypot(alpha, sigma) * np.exp(1j * phi))) ** 2).sum())


def _shares(separation: Separation) -> tuple[np.ndarray, np.ndarray]:
    """Angles from 0 to pi/2, and the shares of Phi that lie below them; of a separation that is zero, of the angle."""
    edges = np.concatenate([[0.0], np.cumsum(separation.weights)])
    edges[-1] = np.pi / 2
    shares = np.concatenate([[0.0], np.cumsum(separation.weights * np.sqrt(separation.speed2))])
    return edges, shares / shares[-1] if separation.total_angle > 0 else edges / edges[-1]


def _angle_of_phi(separation: Separation) -> PchipInterpolator:
    """theta as an increasing function of phi / Phi."""
    edges, shares = _shares(separation)
    rising = np.concatenate([[True], np.diff(shares) > 1e-14])
    shares, edges = shares[rising], edges[rising]
    shares[-1], edges[-1] = 1.0, np.pi / 2
    return PchipInterpolator(shares, edges)
