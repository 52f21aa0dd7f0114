r"""Any denoiser as a law: a function of points and noise level, of NumPy or torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seedbed.counts import whole_number
from seedbed.diffusion.scalars import is_real

from .law import Law, checked_points, checked_sigma

__all__ = ["DenoiserLaw"]


class DenoiserLaw(Law):
    r"""A law that is known by its denoiser alone, a trained network's for example.

    The score follows; the posterior covariance is sigma^2 times a Jacobian that is found by central differences, 2 d
    evaluations. Nothing says that the function is the denoiser of any law.

    Parameters
    ----------
    denoiser : callable
        ``denoiser(y, sigma)``, with y of shape (n, d), returns D of the same shape. A torch module is called with a
        tensor of ``dtype`` and without gradients, sigma as a float.
    n_features : int
        d.
    dtype : torch.dtype or None
        The denoiser takes tensors of this type; None for NumPy arrays.
    step : float, default=1e-4
        Of the differences, in units of sigma.
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, denoiser: Callable, n_features: int, dtype: Any = None, step: float = 1e-4) -> None:
        if not callable(denoiser):
            raise ValueError("denoiser must be a function of y and sigma")
        if not is_real(step) or not step > 0:
            raise ValueError(f"step must be a positive number, got {step!r}")
        self.denoiser, self.dtype, self.step = denoiser, dtype, float(step)
        self.n_features_in_ = whole_number(n_features, "n_features")

    def denoise(self, y: Any, sigma: float) -> np.ndarray:
        y, sigma = checked_points(y, self.n_features_in_), checked_sigma(sigma)
        denoised = np.asarray(self._called(y, sigma), dtype=np.float64)
        if denoised.shape != y.shape:
            raise ValueError(f"the denoiser returned shape {denoised.shape} for points of shape {y.shape}")
        return denoised

    def _called(self, y: np.ndarray, sigma: float) -> Any:
        if self.dtype is None:
            return self.denoiser(y, sigma)
        import torch

        with torch.no_grad():
            return self.denoiser(torch.as_tensor(y, dtype=self.dtype), sigma).cpu().numpy()

    def posterior_covariance(self, y: Any, sigma: float) -> np.ndarray:
        y, sigma = checked_points(y, self.n_features_in_), checked_sigma(sigma)
        step = self.step * sigma
        columns = [
            (self.denoise(y + shift, sigma) - self.denoise(y - shift, sigma)) / (2 * step)
            for shift in step * np.eye(self.n_features_in_)
        ]
        return sigma**2 * np.stack(columns, axis=2)
