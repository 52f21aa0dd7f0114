"""What is known of an activation: its values, its slope, and their mean squares under a Gaussian."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.special import erf, ndtr

from .hermite import gaussian_mean, hermite_coefficients
from .interpolation import interpolated

_TINY = 1e-10  # below it a variance is taken as this: a slope of the series divides by its root
_TERMS_OF_SLOPE = 200


@dataclass(frozen=True, eq=False)  # equal is the same one: functions may have no equality, or no hash
class Activation:
    r"""A function :math:`\varphi` of preactivations, by name.

    Parameters
    ----------
    name : str
    function : callable
        NumPy array to array of the same shape.
    slope : callable, optional
        :math:`\varphi'`; where there is none, means of it are taken from the Hermite series of the function.
    family : {"rectifier", "erf", "gelu", "series"}
        Which closed form its Gaussian means have; "series" for none.
    negative_slope : float
        Of a rectifier, left of zero.
    critical_weight_variance : float, optional
        C_W at which signals neither explode nor vanish with depth.
    """

    name: str
    function: Callable[[np.ndarray], np.ndarray] = field(repr=False)  # whose text has addresses: no two runs the same
    slope: Callable[[np.ndarray], np.ndarray] | None = field(default=None, repr=False)
    family: str = "series"
    negative_slope: float = 0.0
    critical_weight_variance: float | None = None

    __module__ = "seedbed.wide_networks"  # where pickles look for it, wherever this file moves

    def __call__(self, z: np.ndarray) -> np.ndarray:
        """phi(z), of the shape of z."""
        return self.function(np.asarray(z, dtype=np.float64))

    @property
    def multiplies_variances(self) -> bool:
        """Whether the closed form of pairs has products of their variances: arc sines have."""
        return self.family in ("erf", "gelu")

    @property
    def gain(self) -> float:
        """Of a rectifier, E phi^2 / q = E phi'^2: half of one plus the squared negative slope."""
        return 0.5 * (1.0 + self.negative_slope**2)

    @property
    def weight_variance(self) -> float:
        """sigma_w^2 where none is given: the critical one, or else what keeps a variance of 1: 1 / E phi(z)^2."""
        if self.critical_weight_variance is not None:
            return self.critical_weight_variance
        square = float(self.second_moment(np.ones(1))[0])
        if not 0.0 < square < np.inf:
            raise ValueError(f"the activation {self.name!r} has the mean square {square:g} at variance 1; give sigma_w")
        return 1.0 / square

    def second_moment(self, variances: np.ndarray) -> np.ndarray:
        r""":math:`E\, \varphi(\sqrt q z)^2` for every variance q."""
        q = np.asarray(variances, dtype=np.float64)
        if self.family == "rectifier":
            return self.gain * q
        if self.family == "erf":
            return 2.0 / np.pi * np.arctan2(2.0 * q, np.sqrt(1.0 + 4.0 * q))
        if self.family == "gelu":
            both = 0.25 + np.arctan2(q, np.sqrt(1.0 + 2.0 * q)) / (2.0 * np.pi)
            return q * both + q * q / (np.pi * (1.0 + q) * np.sqrt(1.0 + 2.0 * q))
        return self._by_rows(lambda v: gaussian_mean(lambda z: np.square(self(z)), v), q)

    def slope_second_moment(self, variances: np.ndarray) -> np.ndarray:
        r""":math:`E\, \varphi'(\sqrt q z)^2` for every variance q."""
        q = np.asarray(variances, dtype=np.float64)
        if self.family == "rectifier":
            return np.full(q.shape, self.gain)
        if self.family == "erf":
            return 4.0 / np.pi / np.sqrt(1.0 + 4.0 * q)
        if self.family == "gelu":
            root = np.sqrt(1.0 + 2.0 * q)
            both = 0.25 + np.arctan2(q, root) / (2.0 * np.pi)
            return both + q / (2.0 * np.pi * root) * (2.0 / (1.0 + q) + 1.0 / (1.0 + 2.0 * q))
        slope = self.slope
        if slope is not None:
            return self._by_rows(lambda v: gaussian_mean(lambda z: np.square(slope(z)), v), q)
        q = np.maximum(q, _TINY)
        degrees = np.arange(float(_TERMS_OF_SLOPE))
        return self._by_rows(lambda v: hermite_coefficients(self, v, _TERMS_OF_SLOPE) ** 2 @ degrees / v, q)

    def _by_rows(self, function: Callable[[np.ndarray], np.ndarray], q: np.ndarray) -> np.ndarray:
        """A positive function of variances; logarithms keep its digits where it is small."""

        def logarithm(v: np.ndarray) -> np.ndarray:
            return np.log(np.maximum(function(v), 1e-300))

        if q.size <= 64:
            return function(q.ravel()).reshape(q.shape)
        return np.exp(interpolated(logarithm, q.ravel())).reshape(q.shape)


def relu(z):
    """max(z, 0)."""
    return np.maximum(z, 0.0)


def step(z):
    """1 right of zero, 0 left of it."""
    return np.where(z > 0.0, 1.0, 0.0)


def erf_slope(z):
    """2 exp(-z^2) / sqrt(pi)."""
    return 2.0 / np.sqrt(np.pi) * np.exp(-z * z)


def gelu(z):
    """z times the normal distribution function, not its tanh approximation."""
    return z * ndtr(z)


def gelu_slope(z):
    """The normal distribution function, plus z times its density."""
    return ndtr(z) + z * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)


def silu(z):
    """z / (1 + exp(-z))."""
    return 0.5 * z * (1.0 + np.tanh(0.5 * z))


def silu_slope(z):
    """Of z / (1 + exp(-z))."""
    share = 0.5 * (1.0 + np.tanh(0.5 * z))
    return share * (1.0 + z * (1.0 - share))


def tanh_slope(z):
    """1 - tanh(z)^2."""
    return 1.0 - np.tanh(z) ** 2


RELU = Activation("relu", relu, step, "rectifier", critical_weight_variance=2.0)
ERF = Activation("erf", erf, erf_slope, "erf", critical_weight_variance=np.pi / 4.0)
