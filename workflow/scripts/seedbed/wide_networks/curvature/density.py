"""The whole spectrum of a loss's curvature as a density, from a few random vectors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.utils import check_random_state

from seedbed.counts import real_number, whole_number
from seedbed.wide_networks.real_arrays import real_array

from .lanczos import lanczos
from .products import CurvatureProduct, checked_curvature, checked_data


@dataclass(frozen=True)
class SpectralDensity:
    """Eigenvalues as ``nodes`` with ``weights`` that sum to one, a row for each random vector."""

    nodes: np.ndarray
    weights: np.ndarray
    n_parameters: int

    def density(self, values, width: float) -> np.ndarray:
        """Share of the eigenvalues per unit at ``values``, smoothed by a Gaussian of this standard deviation."""
        x = real_array(values, "values")
        width = real_number(width, "width", lambda w: 0.0 < w < np.inf, "positive and finite")
        z = (x[..., None] - self.nodes.ravel()) / width
        return np.exp(-0.5 * z * z) @ (self.weights.ravel() / len(self.nodes)) / (width * np.sqrt(2.0 * np.pi))

    def mean(self, function: Callable[[np.ndarray], np.ndarray] = np.asarray) -> float:
        """Mean of a function over all eigenvalues; of the eigenvalues themselves, the trace over the parameters."""
        return float(np.sum(self.weights * function(self.nodes)) / len(self.nodes))


def spectral_density(
    module,
    loss,
    data,
    *,
    curvature: str = "hessian",
    n_probes: int = 10,
    n_steps: int = 60,
    random_state=0,
) -> SpectralDensity:
    r"""Density of the eigenvalues of a loss's curvature, by stochastic Lanczos quadrature.

    Lanczos's method from a random unit vector gives the nodes and weights of a Gauss rule for the spectrum as that
    vector sees it; the mean over vectors is an unbiased view of all of it.

    Parameters
    ----------
    module, loss, data, curvature
        As in :func:`seedbed.wide_networks.hessian_extremes`.
    n_probes : int, default=10
        Random vectors; means over eigenvalues have a relative error of about one over the root of ``n_probes`` times
        the parameters that matter.
    n_steps : int, default=60
        Products for each vector: nodes of a rule.
    random_state : int, RandomState or None, default=0

    Returns
    -------
    SpectralDensity
        ``nodes``, ``weights``, and methods ``density(values, width)`` and ``mean(function)``.

    Raises
    ------
    TypeError, ValueError
        As there.

    Examples
    --------
    >>> import torch
    >>> from seedbed.wide_networks import spectral_density
    >>> module = torch.nn.Linear(2, 1, bias=False)
    >>> X = torch.tensor([[1.0, 0.0], [0.0, 3.0]])
    >>> found = spectral_density(module, torch.nn.functional.mse_loss, (X, torch.zeros(2, 1)), n_probes=2)
    >>> round(2 * found.mean(), 4)  # the trace
    10.0
    """
    X, y = checked_data(module, data)
    checked_curvature(curvature)
    n_probes, n_steps = whole_number(n_probes, "n_probes"), whole_number(n_steps, "n_steps")
    product = CurvatureProduct(module, loss, X, y, curvature)
    draws = check_random_state(random_state)
    steps = min(n_steps, product.size)
    nodes, weights = np.zeros((n_probes, steps)), np.zeros((n_probes, steps))
    for probe in range(n_probes):
        signs = draws.choice([-1.0, 1.0], size=product.size)  # the trace has less variance than with Gaussians
        start = torch.as_tensor(signs, dtype=product.dtype, device=product.device)
        *_, found = lanczos(product, start, steps)
        ritz = found.ritz()
        nodes[probe], weights[probe] = ritz.values, ritz.coordinates[0] ** 2
    return SpectralDensity(nodes, weights, product.size)
