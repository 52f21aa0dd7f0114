r"""Radial kernels in d dimensions, of unit width: profile, constant, slope, noise.

A kernel is :math:`K(x) = C_d\, k(|x|^2)`. Gaussian and Laplace kernels have the covariance I; Student's has the scale
matrix I, and the compact ones have the unit ball as their support, as in scikit-learn.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

KERNELS = ("gaussian", "student", "laplace", "epanechnikov", "tophat")


@dataclass(frozen=True)
class RadialKernel(ABC):
    """What all kernels have in common; ``dimension`` is d."""

    dimension: int
    compact = False

    @abstractmethod
    def log_profile(self, squares: np.ndarray) -> np.ndarray:
        """log k at squared distances; the argument may be overwritten."""

    @abstractmethod
    def log_constant(self) -> float:
        """log C_d."""

    @abstractmethod
    def slope(self, squares: np.ndarray) -> np.ndarray:
        r""":math:`\psi = -2\, \partial \log k / \partial t`, so that :math:`\nabla \log K(x) = -\psi(|x|^2)\, x`."""

    @abstractmethod
    def variance(self) -> float:
        """Of every coordinate of the noise; infinite where there is none."""

    @abstractmethod
    def noise(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """n draws from the kernel, (n, d)."""

    def _log_ball(self) -> float:
        """Logarithm of the volume of the unit ball."""
        d = self.dimension
        return 0.5 * d * np.log(np.pi) - float(gammaln(0.5 * d + 1.0))

    def _directions(self, rng: np.random.Generator, n: int) -> np.ndarray:
        z = rng.standard_normal((n, self.dimension))
        return z / np.linalg.norm(z, axis=1, keepdims=True)


@dataclass(frozen=True)
class Gaussian(RadialKernel):
    r""":math:`\exp(-t/2)`."""

    def log_profile(self, squares):
        """log k."""
        squares *= -0.5
        return squares

    def log_constant(self):
        """log C_d."""
        return -0.5 * self.dimension * float(np.log(2.0 * np.pi))

    def slope(self, squares):
        """1."""
        return np.ones_like(squares)

    def variance(self):
        """1."""
        return 1.0

    def noise(self, rng, n):
        """Normal numbers."""
        return rng.standard_normal((n, self.dimension))


@dataclass(frozen=True)
class Student(RadialKernel):
    r""":math:`(1 + t/\nu)^{-(\nu + d)/2}`."""

    df: float = 1.0

    def log_profile(self, squares):
        """log k."""
        squares /= self.df
        np.log1p(squares, out=squares)
        squares *= -0.5 * (self.df + self.dimension)
        return squares

    def log_constant(self):
        """log C_d."""
        d, nu = self.dimension, self.df
        return float(gammaln(0.5 * (nu + d)) - gammaln(0.5 * nu) - 0.5 * d * np.log(nu * np.pi))

    def slope(self, squares):
        """(nu + d) / (nu + t)."""
        return (self.df + self.dimension) / (self.df + squares)

    def variance(self):
        """nu / (nu - 2)."""
        return self.df / (self.df - 2.0) if self.df > 2.0 else np.inf

    def noise(self, rng, n):
        """Normal numbers over the root of a mean of squares."""
        scale = np.sqrt(rng.chisquare(self.df, n) / self.df)
        return rng.standard_normal((n, self.dimension)) / scale[:, None]


@dataclass(frozen=True)
class Laplace(RadialKernel):
    r""":math:`\exp(-\sqrt{(d + 1) t})`."""

    def log_profile(self, squares):
        """log k."""
        squares *= self.dimension + 1.0
        np.sqrt(squares, out=squares)
        np.negative(squares, out=squares)
        return squares

    def log_constant(self):
        """log C_d, over the area of the sphere and the Gamma function of d."""
        d = self.dimension
        return 0.5 * d * float(np.log(d + 1.0)) - self._log_ball() - float(gammaln(d + 1.0))

    def slope(self, squares):
        """sqrt((d + 1) / t); bounded at a data point, where the density has a kink."""
        return np.sqrt((self.dimension + 1.0) / np.maximum(squares, 1e-300))

    def variance(self):
        """1."""
        return 1.0

    def noise(self, rng, n):
        """A Gamma(d) radius."""
        radius = rng.standard_gamma(self.dimension, n) / np.sqrt(self.dimension + 1.0)
        return radius[:, None] * self._directions(rng, n)


@dataclass(frozen=True)
class Epanechnikov(RadialKernel):
    """1 - t, within the unit ball."""

    compact = True

    def log_profile(self, squares):
        """log k, minus infinity outside of the ball."""
        with np.errstate(divide="ignore"):
            return np.log(np.maximum(1.0 - squares, 0.0))

    def log_constant(self):
        """log C_d."""
        return float(np.log(0.5 * (self.dimension + 2.0))) - self._log_ball()

    def slope(self, squares):
        """2 / (1 - t), and 0 outside of the ball, where there is no share to multiply."""
        return np.where(squares < 1.0, 2.0 / np.maximum(1.0 - squares, 1e-300), 0.0)

    def variance(self):
        """1 / (d + 4)."""
        return 1.0 / (self.dimension + 4.0)

    def noise(self, rng, n):
        """The root of a Beta(d/2, 2) as radius."""
        radius = np.sqrt(rng.beta(0.5 * self.dimension, 2.0, n))
        return radius[:, None] * self._directions(rng, n)


@dataclass(frozen=True)
class TopHat(RadialKernel):
    """1, within the unit ball."""

    compact = True

    def log_profile(self, squares):
        """log k, minus infinity outside of the ball."""
        return np.where(squares <= 1.0, 0.0, -np.inf)

    def log_constant(self):
        """log C_d."""
        return -self._log_ball()

    def slope(self, squares):
        """0: the density is constant but for its jumps."""
        return np.zeros_like(squares)

    def variance(self):
        """1 / (d + 2)."""
        return 1.0 / (self.dimension + 2.0)

    def noise(self, rng, n):
        """Uniform in the ball."""
        return rng.random(n)[:, None] ** (1.0 / self.dimension) * self._directions(rng, n)


def radial_kernel(name: str, dimension: int, df: float | None = None) -> RadialKernel:
    """The kernel of this name; ``df`` is Student's nu, the dimension where it is not said."""
    if name == "student":
        return Student(dimension, float(dimension if df is None else df))
    classes = {"gaussian": Gaussian, "laplace": Laplace, "epanechnikov": Epanechnikov, "tophat": TopHat}
    return classes[name](dimension)
