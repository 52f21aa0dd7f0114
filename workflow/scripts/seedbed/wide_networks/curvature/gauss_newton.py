r"""The Gauss-Newton matrix of every batch from one Gram matrix, without iterations.

With :math:`\nabla^2_f \ell_i = R_i R_i^\top` for a row's loss, the nonzero eigenvalues of
:math:`\frac1B \sum_i J_i^\top R_i R_i^\top J_i` are those of :math:`\Gamma / B`, whose blocks are
:math:`R_i^\top J_i J_j^\top R_j`: a tangent kernel with weights, which factorises over layers as that does.
"""

from __future__ import annotations

import numpy as np
import torch

from seedbed.counts import whole_number
from seedbed.wide_networks.finite_width.checked_modules import flat_outputs
from seedbed.wide_networks.finite_width.tangents import Tangents, tangents

from .products import Loss, checked_data, checked_loss

LARGEST = 20_000
COMPARED = 8  # rows whose losses are taken one by one, to see that the loss is their mean


def ggn_gram(module, loss, data, *, batch_size: int = 512) -> np.ndarray:
    r"""Gram matrix whose eigenvalues, over B, are those of the Gauss-Newton matrix of any batch of B rows.

    Parameters
    ----------
    module, loss, data
        As in :func:`seedbed.wide_networks.hessian_extremes`; the loss is a mean over rows and convex in the outputs.
    batch_size : int, default=512
        Rows that go through the network at once.

    Returns
    -------
    ndarray of shape (N C, N C)
        :math:`\Gamma`, ordered as (row, output). For a batch I take the rows and columns of its blocks of C, and
        divide by its size: the nonzero eigenvalues are those of the batch's Gauss-Newton matrix of the mean loss.

    Raises
    ------
    TypeError, ValueError
        As in :func:`seedbed.wide_networks.hessian_extremes`, for losses that are no mean over rows or not convex, and
        more than 20000 rows of the matrix.

    Examples
    --------
    >>> import numpy as np
    >>> import torch
    >>> from seedbed.wide_networks import ggn_gram
    >>> module, X, y = torch.nn.Linear(4, 3), torch.randn(6, 4), torch.tensor([0, 1, 2, 0, 1, 2])
    >>> gram = ggn_gram(module, torch.nn.functional.cross_entropy, (X, y))
    >>> batch = gram.reshape(6, 3, 6, 3)[:2, :, :2].reshape(6, 6) / 2  # of the first two rows
    >>> np.linalg.eigvalsh(batch).shape
    (6,)
    """
    X, y = checked_data(module, data)
    found = loss_tangents(module, loss, X, y, whole_number(batch_size, "batch_size"))
    return found.gram(found).cpu().numpy()


def loss_tangents(module, loss: Loss, X: torch.Tensor, y: torch.Tensor, batch_size: int = 512) -> Tangents:
    r"""What the Gram matrix consists of, :math:`R_i^\top J_i` of each row, for tensors that were checked."""
    with torch.no_grad():
        first = module(X[:1])
    count, shape = flat_outputs(first, 1).shape[1], first.shape[1:]
    if len(X) * count > LARGEST:
        memory = (len(X) * count) ** 2 * 8 / 2**30
        raise ValueError(
            f"the Gram matrix of {len(X)} rows and {count} outputs needs {memory:.0f} GiB: take fewer rows"
        )

    def weights(outputs: torch.Tensor, rows: slice) -> torch.Tensor:
        return loss_roots(loss, outputs.reshape(-1, *shape), y[rows])

    return tangents(module, X, weights, {}, batch_size)


def loss_roots(loss: Loss, outputs: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    r"""The symmetric R with :math:`\nabla^2_f \ell_i = R_i R_i^\top` for the loss of each row, (rows, C, C).

    Raises
    ------
    ValueError
        For a loss that is no mean over rows, or not convex in the outputs.
    """
    n = len(outputs)
    predictions = outputs.detach().requires_grad_(True)
    with torch.enable_grad():
        value = checked_loss(loss(predictions, y))
        _check_mean(loss, outputs, y)
        [slope] = torch.autograd.grad(value, [predictions], create_graph=True)
        if not slope.requires_grad:
            raise ValueError("the loss is linear in the outputs: its Gauss-Newton matrix is zero")
        count = slope[0].numel()
        units = torch.eye(count, dtype=slope.dtype, device=slope.device)[:, None].expand(count, n, count)
        units = units.reshape(count, *slope.shape)
        [rows] = torch.autograd.grad(slope, [predictions], units, is_grads_batched=True)
    bends = n * rows.reshape(count, n, count).transpose(0, 1)
    values, vectors = torch.linalg.eigh(0.5 * (bends + bends.transpose(1, 2)))
    if float(values.min()) < -1e-5 * float(values.abs().max()):
        raise ValueError("the loss is not convex in the outputs: its Gauss-Newton matrix has no square root")
    least = 10.0 * torch.finfo(values.dtype).eps * values[:, -1:]  # below it the root is that of a rounding error
    roots = torch.where(values > least, values, torch.zeros_like(values)).sqrt()
    return (vectors * roots[:, None, :]) @ vectors.transpose(1, 2)


def _check_mean(loss: Loss, outputs: torch.Tensor, y: torch.Tensor) -> None:
    with torch.no_grad():
        first = range(min(len(y), COMPARED))
        single = sum(float(loss(outputs[i : i + 1], y[i : i + 1])) for i in first) / len(first)
        joint = float(loss(outputs[: len(first)], y[: len(first)]))
    if abs(joint - single) > 1e-3 * abs(single) + 1e-12:
        raise ValueError("loss must be a mean over rows of equal weight (reduction='mean', no class weights)")
