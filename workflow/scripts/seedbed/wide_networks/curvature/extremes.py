"""Largest and smallest eigenvalues of the Hessian or the Gauss-Newton matrix of a loss."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state

from seedbed.counts import real_number, whole_number

from .lanczos import Ritz, lanczos
from .products import CurvatureProduct, checked_curvature, checked_data

NEAR_ZERO = 1e-6  # of the spectrum's size, within which an end counts as zero


@dataclass(frozen=True)
class Extremes:
    """Ends of a spectrum: ``largest`` in decreasing, ``smallest`` in increasing order; unit eigenvectors as rows."""

    largest: np.ndarray
    smallest: np.ndarray
    largest_vectors: np.ndarray = field(repr=False)
    smallest_vectors: np.ndarray = field(repr=False)
    n_products: int
    converged: bool


def hessian_extremes(
    module,
    loss,
    data,
    k: int = 1,
    which: str = "both",
    curvature: str = "hessian",
    tol: float = 1e-3,
    *,
    max_products: int = 500,
    random_state=0,
) -> Extremes:
    r"""The k largest and smallest eigenvalues of a loss's curvature in the parameters.

    Parameters
    ----------
    module : torch.nn.Module
        Not in training mode where batch normalisation or dropout are used; parameters with ``requires_grad`` count.
    loss : callable
        ``loss(outputs, targets)``, one number, as ``torch.nn.functional.cross_entropy``.
    data : pair of array-like or Tensor
        ``(X, y)``.
    k : int, default=1
    which : {"both", "largest", "smallest"}, default="both"
    curvature : {"hessian", "ggn"}, default="hessian"
        :math:`\nabla^2 L`, or the Gauss-Newton matrix :math:`J^\top (\nabla^2_f L) J`, which has no negative
        eigenvalues if the loss is convex in the outputs.
    tol : float, default=1e-3
        Every wanted pair has :math:`|H v - \lambda v| \le` ``tol`` :math:`|\lambda|`; the error of the value itself
        is about its square over the gap to the next. Ends near zero are found to 1e-6 of the spectrum's size.
    max_products : int, default=500
        A warning says if they did not suffice.
    random_state : int, RandomState or None, default=0

    Returns
    -------
    Extremes
        ``largest``, ``smallest``, their vectors (in the order of ``module.parameters()``), ``n_products``,
        ``converged``. What was not asked for is empty.

    Raises
    ------
    TypeError, ValueError
        For modules in training mode that mix rows, data that do not fit or are not finite, settings out of range.

    Notes
    -----
    Lanczos's method, reorthogonalised twice against all earlier vectors: ``n_products`` times the parameters in memory.
    One backward pass a product (three for Gauss-Newton) through a graph that is built once. Power iteration, as in
    PyHessian, needs several times as many and stops early where eigenvalues are close. Copies of a multiple eigenvalue
    are found when everything is: after as many products as there are parameters.

    Examples
    --------
    >>> import torch
    >>> from seedbed.wide_networks import hessian_extremes
    >>> module = torch.nn.Linear(2, 1, bias=False)
    >>> X = torch.tensor([[1.0, 0.0], [0.0, 3.0]])
    >>> found = hessian_extremes(module, torch.nn.functional.mse_loss, (X, torch.zeros(2, 1)))
    >>> found.largest.round(4).tolist(), found.smallest.round(4).tolist()
    ([9.0], [1.0])
    """
    X, y = checked_data(module, data)
    checked_curvature(curvature)
    return extremes_of(CurvatureProduct(module, loss, X, y, curvature), k, which, tol, max_products, random_state)


def extremes_of(product: CurvatureProduct, k: int, which: str, tol: float, max_products: int, random_state) -> Extremes:
    """Of any product; settings are checked here."""
    if which not in ("both", "largest", "smallest"):
        raise ValueError(f"which must be 'both', 'largest' or 'smallest', got {which!r}")
    k = whole_number(k, "k, of as many eigenvalues as parameters,", 1, product.size)
    max_products = whole_number(max_products, "max_products", k)
    tol = real_number(tol, "tol", lambda x: 0.0 < x < 1.0, "between 0 and 1")
    draws = check_random_state(random_state).normal(size=product.size)
    start = torch.as_tensor(draws, dtype=product.dtype, device=product.device)
    converged, known, ritz = False, 0, None
    for known, krylov in enumerate(lanczos(product, start, max_products), 1):
        complete, look = known == product.size, known >= 2 * k + 2 and known % (1 + known // 20) == 0
        if complete or known == max_products or (look and (krylov.breaks == 0 or krylov.breaks >= k)):
            ritz = krylov.ritz()
            converged = complete or _accurate(ritz, _wanted(known, k, which), tol, product.dtype)
            if converged:
                break
    assert ritz is not None
    if not converged:
        warnings.warn(
            f"{max_products} products did not suffice for tol={tol:g}: raise max_products or tol", ConvergenceWarning, 3
        )
    steps = len(ritz.values)
    top = np.arange(steps - 1, max(steps - 1 - k, -1), -1) if which != "smallest" else np.arange(0)
    bottom = np.arange(min(k, steps)) if which != "largest" else np.arange(0)
    return Extremes(ritz.values[top], ritz.values[bottom], ritz.vectors(top), ritz.vectors(bottom), steps, converged)


def _wanted(steps: int, k: int, which: str) -> np.ndarray:
    ends = np.zeros(steps, dtype=bool)
    if which != "smallest":
        ends[-k:] = True
    if which != "largest":
        ends[:k] = True
    return ends


def _accurate(ritz: Ritz, wanted: np.ndarray, tol: float, dtype: torch.dtype) -> bool:
    scale = np.abs(ritz.values).max()
    least = max(NEAR_ZERO * min(1.0, tol / 1e-3), 10.0 * torch.finfo(dtype).eps) * scale
    return bool(np.all(ritz.residuals[wanted] <= np.maximum(tol * np.abs(ritz.values[wanted]), least)))
