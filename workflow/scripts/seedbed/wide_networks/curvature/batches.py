r"""How far the curvature of a batch exceeds that of all rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from sklearn.utils import check_random_state
from torch.func import functional_call, grad, vjp, vmap

from seedbed.counts import whole_number, whole_numbers
from seedbed.extras import extra
from seedbed.wide_networks.finite_width.checked_modules import flat_outputs, trained_parameters

from .extremes import extremes_of
from .gauss_newton import loss_tangents
from .products import CurvatureProduct, Loss, checked_curvature, checked_data

if TYPE_CHECKING:
    import pandas as pd

DENSE = 800  # rows of a Gram matrix up to which all its eigenvalues are found at once
PAIRS = 8000  # of row and output that go through the network together
CELLS = 1 << 23  # numbers of a block of products of single rows


def batch_extremes(
    module,
    loss,
    data,
    batch_sizes: Sequence[int],
    repeats: int = 8,
    *,
    curvature: str = "hessian",
    tol: float = 1e-3,
    random_state=0,
) -> pd.DataFrame:
    """Largest and smallest eigenvalue of the curvature of random batches.

    Parameters
    ----------
    module, loss, data, curvature, tol
        As in :func:`seedbed.wide_networks.hessian_extremes`.
    batch_sizes : sequence of int
        1 to the number of rows.
    repeats : int, default=8
        Batches of each size, drawn without replacement; one where a batch is all rows.
    random_state : int, RandomState or None, default=0

    Returns
    -------
    pandas.DataFrame
        ``batch_size``, ``repeat``, ``largest``, ``smallest``.

    Raises
    ------
    TypeError, ValueError
        As there, and for batch sizes out of range.

    Notes
    -----
    Hessians by Lanczos's method, 10 to 30 products a batch. Gauss-Newton matrices of batches with at most 800 (row,
    output) pairs by one small dense matrix each, and passes through the network that batches share: milliseconds.
    """
    X, y = checked_data(module, data)
    checked_curvature(curvature)
    sizes = whole_numbers(batch_sizes, "batch sizes", 1, len(X))
    repeats = whole_number(repeats, "repeats")
    with extra("wide_networks"):
        import pandas as pd
    with torch.no_grad():
        n_outputs = flat_outputs(module(X[:1]), 1).shape[1]
    draws = check_random_state(random_state)
    rows = []
    for size in sizes:
        batches = _batches(len(X), size, repeats, draws)
        if curvature == "ggn" and size * n_outputs <= DENSE:
            ends = _dense_ends(module, loss, X, y, list(batches), n_outputs)
        else:
            ends = []
            for at in batches:
                product = CurvatureProduct(module, loss, X[at], y[at], curvature)
                found = extremes_of(product, 1, "both", tol, 500, draws.randint(2**31))
                ends.append((float(found.largest[0]), float(found.smallest[0])))
        rows.extend((size, repeat, *pair) for repeat, pair in enumerate(ends))
    return pd.DataFrame(rows, columns=["batch_size", "repeat", "largest", "smallest"])


def predicted_batch_excess(
    module,
    loss,
    data,
    batch_sizes: Sequence[int],
    *,
    k: int = 5,
    curvature: str = "hessian",
    tol: float = 1e-3,
    random_state=0,
) -> np.ndarray:
    r"""By how much the largest eigenvalue of a batch exceeds that of all rows on average, to second order.

    With D the curvature of a row minus the mean over rows, :math:`v_j` and :math:`\lambda_j` the leading eigenpairs
    for all N rows,

    .. math:: \left(\frac1B - \frac1N\right) \left[ \sum_{j=2}^k \frac{E (v_j^\top D v_1)^2}{\lambda_1 - \lambda_j}
        + \frac{E |D v_1|^2 - \sum_{j \le k} E (v_j^\top D v_1)^2}{\lambda_1} \right],

    where all other eigenvalues are taken as zero. The factor is that of draws without replacement: zero for B = N.

    Parameters
    ----------
    module, loss, data, curvature, tol, random_state
        As in :func:`seedbed.wide_networks.hessian_extremes`; the loss is a mean over rows.
    batch_sizes : sequence of int
    k : int, default=5
        Eigenpairs that are taken into account one by one.

    Returns
    -------
    ndarray of shape (batch_sizes,)

    Raises
    ------
    TypeError, ValueError
        As there.

    Notes
    -----
    One product with the curvature of every row. A perturbation: right where the excess is small against the gap to the
    second eigenvalue, and too small or too large for batches of a few rows.
    """
    X, y = checked_data(module, data)
    checked_curvature(curvature)
    sizes = np.array(whole_numbers(batch_sizes, "batch sizes", 1, len(X)), dtype=float)
    n = len(X)
    if n < 2:
        raise ValueError("a batch of one row out of one has no excess: give two rows or more")
    product = CurvatureProduct(module, loss, X, y, curvature)
    found = extremes_of(product, min(whole_number(k, "k"), product.size), "largest", tol, 500, random_state)
    leading = torch.as_tensor(found.largest_vectors, dtype=product.dtype, device=product.device)
    along, squares, mean = [], [], torch.zeros_like(leading[0])
    for part in _row_products(module, loss, X, y, leading[0], curvature):
        along.append(part @ leading.T)
        squares.append((part * part).sum(dim=1))
        mean += part.sum(dim=0) / n
    scatter = torch.cat(along).var(dim=0, correction=1).cpu().numpy()
    total = float((torch.cat(squares).sum() - n * mean @ mean) / (n - 1))
    first = found.largest[0]
    if first <= 0.0:
        raise ValueError("the largest eigenvalue is not positive: the expansion does not apply")
    gaps = np.maximum(first - found.largest[1:], 1e-12 * first)
    bracket = np.sum(scatter[1:] / gaps) + max(total - scatter.sum(), 0.0) / first
    return (1.0 / sizes - 1.0 / n) * bracket


def _batches(n: int, size: int, repeats: int, draws: np.random.RandomState) -> Iterator[np.ndarray]:
    if size == n:
        yield np.arange(n)
        return
    for _ in range(repeats):
        yield draws.choice(n, size, replace=False)


def _dense_ends(module, loss: Loss, X, y, batches: list[np.ndarray], n_outputs: int) -> list[tuple[float, float]]:
    """Of the Gauss-Newton matrices of batches of one size, whose rows go through the network together.

    They have zeros where there are more parameters than pairs of row and output.
    """
    n_parameters, size = sum(p.numel() for p in trained_parameters(module).values()), len(batches[0])
    together, ends = max(1, PAIRS // (size * n_outputs)), []
    for start in range(0, len(batches), together):
        group = batches[start : start + together]
        at = np.concatenate(group)
        found = loss_tangents(module, loss, X[at], y[at])
        for number in range(len(group)):
            part = found.part(slice(number * size, (number + 1) * size))
            values = torch.linalg.eigvalsh(part.gram(part)) / size
            ends.append((float(values[-1]), 0.0 if n_parameters > len(values) else float(values[-n_parameters])))
    return ends


def _row_products(module, loss: Loss, X, y, v: torch.Tensor, curvature: str):
    """Products of every row's curvature with v, (rows, P), in blocks.

    By backward passes alone: torch's losses have second derivatives, and not all of them forward ones.
    """
    weights = {name: p.detach() for name, p in trained_parameters(module).items()}
    sizes = [p.numel() for p in weights.values()]
    along = {name: part.view_as(p) for (name, p), part in zip(weights.items(), v.split(sizes), strict=True)}

    def hessian(x, target):
        def value(w):
            return loss(functional_call(module, w, (x[None],)), target[None])

        return vjp(grad(value), weights)[1](along)[0]

    def gauss_newton(x, target):
        out, pull, *_ = vjp(lambda w: functional_call(module, w, (x[None],)), weights)
        [change] = vjp(lambda f: pull(f)[0], torch.zeros_like(out))[1](along)  # J v, as J^T is linear
        [bent] = vjp(grad(lambda f: loss(f, target[None])), out)[1](change)
        return pull(bent)[0]

    one = vmap(hessian if curvature == "hessian" else gauss_newton)
    step = max(1, CELLS // len(v))
    for start in range(0, len(X), step):
        found = one(X[start : start + step], y[start : start + step])
        yield torch.cat([found[name].flatten(1) for name in weights], dim=1).detach()
