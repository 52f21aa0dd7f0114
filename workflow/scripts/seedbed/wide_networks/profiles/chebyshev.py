r"""Kernels as Chebyshev series in the angle.

Between rows of one norm, and for ReLU without biases beyond the first layer between any rows (up to both norms), the
kernel of any depth is one function of the angle t in [0, pi]. It is analytic there, although a correlation is not an
analytic function of the one before: the roots cancel in t. So 29 to 145 numbers stand for 3 to 200 layers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy.fft import dct

from seedbed.wide_networks.recursions.defects import ANTIPODE
from seedbed.wide_networks.recursions.network import Network
from seedbed.wide_networks.recursions.tiles import Sides, kernels_of_tile

_SIZES = (64, 128, 256, 512)
_TOLERANCE = 3e-14  # of the largest value, for what rounding of many layers leaves of high coefficients
_ROUNDING = 1e-16


def defects_of_angles(t: np.ndarray, share: float = 1.0) -> np.ndarray:
    r"""Defects of correlations :math:`1 - \text{share}\,(1 - \cos t)`, to full relative precision; share <= 1."""
    near = 2.0 * share * np.sin(0.5 * t) ** 2
    far = 2.0 * (1.0 - share) + 2.0 * share * np.sin(0.5 * (np.pi - t)) ** 2
    return np.where(near <= 1.0, near, -np.maximum(far, ANTIPODE))


def kernels_at(network: Network, variance: float, defects: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Covariance and tangent kernel of rows of one variance, at these defects (m,)."""
    one = network.variances(np.array([variance]))
    row = Sides(network, one, one[:, 0])
    columns = Sides.__new__(Sides)
    columns.network, columns.variances = network, np.repeat(one, len(defects), axis=1)
    columns.roots = np.sqrt(columns.variances)
    columns.series = [type(s)(*(np.repeat(a, len(defects), axis=0) for a in (s.even, s.odd))) for s in row.series]
    kernel, tangent = kernels_of_tile(np.array(defects, dtype=np.float64)[None], row, columns, slice(0, 1))
    return kernel[0], tangent[0]


def chebyshev_series(function: Callable[[np.ndarray], np.ndarray]) -> np.ndarray | None:
    """Coefficients in T_k(2 t / pi - 1) of a function of angles, chopped where rounding begins; None without any end.

    Their number is one more than a multiple of four, as the loop over pairs has it.
    """
    for size in _SIZES:
        x = np.cos(np.pi * (np.arange(size) + 0.5) / size)
        c = dct(function(0.5 * np.pi * (x + 1.0)), type=2) / size
        c[0] *= 0.5
        rest, most = np.abs(c[3 * size // 4 :]).max(), np.abs(c).max()
        if rest <= _TOLERANCE * most:
            last = int(np.flatnonzero(np.abs(c) > max(2.0 * rest, _ROUNDING * most))[-1]) if most > 0.0 else 0
            return np.pad(c, (0, 4))[: 4 * -(-last // 4) + 1]
    return None


@lru_cache(maxsize=256)
def profile_coefficients(network: Network, variance: float, which: str, share: float = 1.0) -> np.ndarray | None:
    """The series of a network's kernel between rows of this variance in the first layer."""

    def function(t: np.ndarray) -> np.ndarray:
        kernel, tangent = kernels_at(network, variance, defects_of_angles(t, share))
        return tangent if which == "ntk" else kernel

    found = chebyshev_series(function)
    if found is not None:
        found.flags.writeable = False
    return found
