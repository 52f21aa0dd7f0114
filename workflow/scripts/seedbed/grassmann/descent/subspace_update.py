r"""One step of momentum descent on many subspaces, fused and blocked so that a block of classes stays in the cache.

Everything but the bases ``W`` and the momenta ``M`` (k x n) is k x k. With the Gram matrices
:math:`P = M M^\top`, :math:`N = M W^\top`, :math:`Q = W W^\top` the tangent direction is :math:`H = M - N W`, the step
is :math:`X = -\eta H`, and its geodesic is

.. math::

    W' = \cos(A) W + \operatorname{sinc}(A) X = a W + b M, \qquad A^2 = \eta^2 H H^\top,\quad
    b = -\eta \operatorname{sinc}(A),\quad a = \cos(A) - b N ,

so one pass over the rows measures the Gram matrices and one pass forms :math:`a W + b M`. The Gram matrix of
:math:`W'` is known before it is formed, :math:`Y = a Q a^\top + a N^\top b^\top + b N a^\top + b P b^\top`; the
Newton-Schulz factor :math:`\tfrac12 (3 I - Y)`, which takes rounding errors away, is multiplied into ``a`` and ``b``.
They grow slowly: where ``correct`` is false, :math:`Q` is taken for the identity, and nothing is corrected.
"""

from __future__ import annotations

from typing import Literal, get_args

import torch

from seedbed.grassmann.geometry.gram_functions import cosine_and_sinc

__all__ = ["MOMENTUM_KINDS", "MomentumKind", "update_subspaces"]

MomentumKind = Literal["ambient", "projected", "transported"]
MOMENTUM_KINDS = get_args(MomentumKind)

BLOCK = 2**20  # numbers of W per block: smaller ones cost calls, larger ones leave the cache (measured)


def update_subspaces(
    W: torch.Tensor,
    M: torch.Tensor,
    gradient: torch.Tensor | list[tuple[torch.Tensor, torch.Tensor]],
    *,
    lr: float,
    momentum: float,
    kind: MomentumKind,
    max_step: float | None,
    correct: bool = True,
) -> None:
    r"""Replace ``W`` and ``M`` by their values after one step.

    Parameters
    ----------
    W : tensor of shape (C, k, n)
        Orthonormal rows, or zero rows as padding; contiguous.
    M : tensor of shape (C, k, n)
        Momentum; zero before the first step.
    gradient : tensor of shape (C, k, n), or list of pairs of shapes (C k, B) and (B, n)
        Euclidean gradient, or factors whose products add up to it.
    lr : float
        :math:`\eta`.
    momentum : float
        :math:`\mu` in :math:`M \leftarrow \mu M + D`.
    kind : {"ambient", "projected", "transported"}
        What becomes of the momentum: nothing (it is projected when used), its projection on the tangent space of
        the step, or its parallel transport along the step.
    max_step : float or None
        Steps :math:`\|X\|_F` beyond it are shortened to it.
    correct : bool
        Measure :math:`W W^\top` and take rounding errors away; at every fourth step is often enough.

    Notes
    -----
    ``2 C n k^2`` multiply-adds for the Gram matrices, one more to correct, and ``2 C n k^2`` for the result;
    ``2 C n k^2`` more for "transported", ``C n k^2`` for "projected".
    """
    classes, k, n = W.shape
    size = max(1, BLOCK // (k * n))
    scratch = W.new_empty(min(size, classes), k, n)
    for start in range(0, classes, size):
        block = slice(start, start + size)
        w, m = W[block], M[block]
        _accumulate(m, gradient, momentum, block)
        P, N = torch.bmm(m, m.mT), torch.bmm(m, w.mT)
        Q = torch.bmm(w, w.mT) if correct else None
        HH = torch.baddbmm(P, N if Q is None else 2 * N - torch.bmm(N, Q), N.mT, alpha=-1)
        length = HH.diagonal(dim1=1, dim2=2).sum(1).clamp_min(0).sqrt() * abs(lr)
        eta = torch.full_like(length, lr)
        if max_step is not None:
            eta *= max_step / length.clamp_min(max_step)
            length = length.clamp_max(max_step)
        eta = eta[:, None, None]
        cosine, sinc = cosine_and_sinc(eta * eta * HH, bound=float(length.max()) ** 2)
        b = -eta * sinc
        a = torch.baddbmm(cosine, b, N, alpha=-1)
        if Q is not None:
            a, b = _corrected(a, b, P, N, Q)
        out = scratch[: len(w)]
        torch.bmm(a, w, out=out)
        out.baddbmm_(b, m)
        if kind == "projected":
            m.baddbmm_(N, w, alpha=-1)
        elif kind == "transported":  # the velocity of the geodesic at its end, over -eta
            rest = torch.bmm(eta * HH, sinc) - torch.bmm(cosine, N)
            m.copy_(torch.baddbmm(torch.bmm(rest, w), cosine, m))
        w.copy_(out)


def _accumulate(m: torch.Tensor, gradient: torch.Tensor | list, momentum: float, block: slice) -> None:
    """Momentum and gradient of one block, ``m <- momentum m + D``, without forming D if its factors are given."""
    if isinstance(gradient, torch.Tensor):
        m.mul_(momentum).add_(gradient[block])
        return
    rows = m.view(-1, m.shape[-1])
    k = m.shape[1]
    for Q, x in gradient:
        rows.addmm_(Q[block.start * k : block.stop * k], x, beta=momentum)
        momentum = 1.0


def _corrected(
    a: torch.Tensor, b: torch.Tensor, P: torch.Tensor, N: torch.Tensor, Q: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """``a`` and ``b`` times the Newton-Schulz factor of ``a W + b M``."""
    mixed = torch.bmm(torch.bmm(b, N), a.mT)
    Y = torch.bmm(torch.bmm(a, Q), a.mT) + torch.bmm(torch.bmm(b, P), b.mT) + mixed + mixed.mT
    return torch.baddbmm(a, Y, a, beta=1.5, alpha=-0.5), torch.baddbmm(b, Y, b, beta=1.5, alpha=-0.5)
