"""What goes in: samples as arrays or tensors, and a denoiser of either."""

from __future__ import annotations

from typing import Any

import numpy as np

from seedbed.diffusion.laws.law import Law


class Counted:
    """A denoiser that counts its calls, and says so where it returns another shape."""

    def __init__(self, law: Any) -> None:
        self.law, self.denoise, self.calls = law, getattr(law, "denoise", law), 0
        if not callable(self.denoise):
            raise ValueError("law must have denoise(y, sigma), or be a function of y and sigma")

    def __call__(self, y: Any, sigma: float) -> Any:
        self.calls += 1
        if not isinstance(y, np.ndarray) and isinstance(self.law, Law):  # a tensor stays one, of its own precision
            denoised = y.new_tensor(self.denoise(y.detach().cpu().numpy(), sigma))
        else:
            denoised = self.denoise(y, sigma)
        if np.shape(denoised) != y.shape:
            raise ValueError(f"the denoiser returned shape {np.shape(denoised)} for points of shape {tuple(y.shape)}")
        return denoised


def checked_samples(y: Any) -> Any:
    """Floats with a row for each sample; what is neither array nor tensor becomes an array."""
    if not hasattr(y, "device") or isinstance(y, np.generic):
        y = np.asarray(y)
    if isinstance(y, np.ndarray):
        y = y if y.dtype in (np.float32, np.float64) else y.astype(np.float64)
    if y.ndim < 2:
        raise ValueError(f"y must have a row for each sample, got shape {tuple(y.shape)}; for one sample y[None]")
    if 0 in y.shape:
        raise ValueError(f"y must have samples with features, got shape {tuple(y.shape)}")
    if not (-np.inf < y.min() and y.max() < np.inf):  # which a NaN among them fails too
        raise ValueError("y has values that are not finite")
    return y
