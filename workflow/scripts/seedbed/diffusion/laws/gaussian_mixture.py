r"""Mixtures of Gaussians with any covariances, exactly, at every noise level."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from scipy.special import logsumexp, softmax

from seedbed.diffusion.scalars import LARGEST

from .law import Law, checked_points, checked_sigma, refuse_unusable

__all__ = ["GaussianMixtureLaw"]


class GaussianMixtureLaw(Law):
    r"""A mixture of K Gaussians.

    With :math:`\Sigma_k = U_k \mathrm{diag}(s^2) U_k^T`, :math:`z = U_k^T(y - \mu_k)`, :math:`v = s^2 + \sigma^2`:
    component k has the posterior weight :math:`\gamma_k \propto w_k \prod v^{-1/2} \exp(-\tfrac12 \sum z^2/v)` and
    the mean :math:`c_k = \mu_k + U_k (z s^2/v)`, and :math:`D = \sum_k \gamma_k c_k`.

    Parameters
    ----------
    means : array-like of shape (K, d)
    covariances : array-like of shape (K,), (K, d) or (K, d, d)
        Variances of spheres, of axes, or whole matrices, symmetric and positive semi-definite. Zero is an atom.
    weights : array-like of shape (K,), default=None
        Positive; scaled to sum to one. Equal if not given.

    Raises
    ------
    ValueError
        If shapes do not fit, or a covariance is not symmetric positive semi-definite.

    Notes
    -----
    One eigendecomposition a component at the start; a call costs O(n K d^2), and O(n K d) where covariances are
    diagonal, where numba compiles it to one pass.

    Examples
    --------
    >>> from seedbed.diffusion import GaussianMixtureLaw
    >>> law = GaussianMixtureLaw([[-2.0], [2.0]], [0.0, 0.0])
    >>> law.denoise([[1.0]], 1.0).round(4).tolist()  # 2 tanh(2 y / sigma^2)
    [[1.9281]]
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, means: Any, covariances: Any, weights: Any = None) -> None:
        self.means = np.array(means, dtype=np.float64)
        if self.means.ndim != 2 or not self.means.size or not np.isfinite(self.means).all():
            raise ValueError(f"means must be finite numbers of shape (K, d), got shape {self.means.shape}")
        refuse_unusable(self.means, "means")
        n_components, self.n_features_in_ = self.means.shape
        self.variances, self.axes = _spectra(np.array(covariances, dtype=np.float64), n_components, self.n_features_in_)
        weights = np.ones(n_components) if weights is None else np.asarray(weights, dtype=np.float64)
        if weights.shape != (n_components,) or not (weights > 0).all() or not np.isfinite(weights).all():
            raise ValueError(f"weights must be {n_components} positive numbers, got {weights!r}")
        self.weights = weights / weights.sum()
        self._log_weights = np.log(self.weights)

    def _parts(self, y: Any, sigma: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Coordinates (n, K, d) in the axes of each component, their variances (K, d), log weights times densities."""
        y, sigma = checked_points(y, self.n_features_in_), checked_sigma(sigma)
        z = y[:, None, :] - self.means
        if self.axes is not None:
            z = np.einsum("nkd,kde->nke", z, self.axes)
        v = self.variances + sigma**2
        constant = self._log_weights - 0.5 * (np.log(v).sum(-1) + self.n_features_in_ * np.log(2 * np.pi))
        return z, v, constant - 0.5 * (z**2 / v).sum(-1)

    def _posterior(self, y: Any, sigma: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Weights (n, K), means (n, K, d) and variances (K, d) along the axes of the clean point."""
        z, v, log_joint = self._parts(y, sigma)
        shifts = z * (self.variances / v)
        if self.axes is not None:
            shifts = np.einsum("nke,kde->nkd", shifts, self.axes)
        return softmax(log_joint, axis=1), self.means + shifts, self.variances / v * sigma**2

    def denoise(self, y: Any, sigma: float) -> np.ndarray:
        return self.denoise_and_trace(y, sigma)[0]

    def log_density(self, y: Any, sigma: float) -> np.ndarray:
        return logsumexp(self._parts(y, sigma)[2], axis=1)

    def posterior_covariance(self, y: Any, sigma: float) -> np.ndarray:
        weights, means, variances = self._posterior(y, sigma)
        around = means - np.einsum("nk,nki->ni", weights, means)[:, None, :]
        axes = np.broadcast_to(np.eye(self.n_features_in_), (len(self.means), *[self.n_features_in_] * 2))
        axes = axes if self.axes is None else self.axes
        within = np.einsum("kde,ke,kfe->kdf", axes, variances, axes)
        return np.einsum("nk,kdf->ndf", weights, within) + np.einsum("nk,nkd,nkf->ndf", weights, around, around)

    def posterior_trace(self, y: Any, sigma: float) -> np.ndarray:
        return self.denoise_and_trace(y, sigma)[1]

    def denoise_and_trace(self, y: Any, sigma: float) -> tuple[np.ndarray, np.ndarray]:
        compiled = _compiled() if self.axes is None else None
        if compiled is not None:
            # a copy: what is compiled takes no views to read
            y = np.array(checked_points(y, self.n_features_in_), order="C")
            mean, trace = np.empty_like(y), np.empty(len(y))
            compiled(y, self.means, self.variances, self._log_weights, checked_sigma(sigma) ** 2, mean, trace)
            return mean, trace
        weights, means, variances = self._posterior(y, sigma)
        mean = np.einsum("nk,nki->ni", weights, means)
        around = means - mean[:, None, :]
        return mean, (weights * (variances.sum(-1) + (around**2).sum(-1))).sum(1)

    def clean(self, n_samples: int, rng: np.random.Generator) -> np.ndarray:
        k = rng.choice(len(self.means), n_samples, p=self.weights)
        z = rng.standard_normal((n_samples, self.n_features_in_)) * np.sqrt(self.variances[k])
        return self.means[k] + (z if self.axes is None else np.einsum("nie,ne->ni", self.axes[k], z))

    def mean(self) -> np.ndarray:
        return self.weights @ self.means

    def second_moment(self) -> float:
        spread = ((self.means - self.mean()) ** 2).sum(1) + self.variances.sum(1)
        return float(self.weights @ spread)


@cache
def _compiled() -> Callable | None:
    """The moments in one pass, where numba is installed."""
    try:
        from .softmax_kernels import mixture_moments
    except ModuleNotFoundError:
        return None
    return mixture_moments


def _spectra(covariances: np.ndarray, n_components: int, n_features: int) -> tuple[np.ndarray, np.ndarray | None]:
    """Variances (K, d) along axes, and the axes (K, d, d), None for those of the coordinates."""
    shapes = {1: (n_components,), 2: (n_components, n_features), 3: (n_components, n_features, n_features)}
    if covariances.ndim not in shapes or covariances.shape != shapes[covariances.ndim]:
        known = ", ".join(str(shape) for shape in shapes.values())
        raise ValueError(f"covariances must have one of the shapes {known}, got {covariances.shape}")
    if not (np.abs(covariances) <= LARGEST**2).all():
        raise ValueError(f"covariances must be finite numbers, of at most {LARGEST**2:g}")
    if covariances.ndim < 3:
        if (covariances < 0).any():
            raise ValueError(f"a variance is negative: {covariances.min():g}")
        return np.array(np.broadcast_to(covariances.reshape(n_components, -1), (n_components, n_features))), None
    size = np.abs(covariances).max()
    if np.abs(covariances - covariances.transpose(0, 2, 1)).max() > 1e-8 * size:
        raise ValueError("a covariance matrix is not symmetric")
    variances, axes = np.linalg.eigh(covariances)
    if (variances < -1e-8 * size).any():
        raise ValueError(f"a covariance matrix is not positive semi-definite: eigenvalue {variances.min():g}")
    return np.maximum(variances, 0.0), axes
