r"""Norms of the projections of a batch on many subspaces, :math:`\|S_c x_b\|`, and their gradient.

Products are kept as (C, k, B): sums over the k rows of a basis and all that follows run along the batch, in
whole vectors. The backward pass reuses the products of the forward pass: with
:math:`Q_{cjb} = g_{bc}\, (s_{cj}^\top x_b) / \|S_c x_b\|` the two gradients are two matrix products.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.autograd.function import once_differentiable

from .subspace_parameter import SubspaceParameter

__all__ = ["projection_norms"]


def projection_norms(x: torch.Tensor, W: torch.Tensor) -> torch.Tensor:
    r"""Norms :math:`l_{bc} = \|W_c x_b\|_2`.

    Parameters
    ----------
    x : tensor of shape (B, n)
    W : tensor of shape (C, k, n)
        Contiguous. Zero rows contribute nothing and get no gradient; where a norm is zero, the gradient taken is
        the subgradient zero.

    Returns
    -------
    tensor of shape (B, C)

    Notes
    -----
    ``2 B n C k`` operations, and as many for each gradient; ``B C k`` numbers are kept between the passes.
    Differentiable once. Also within autocast everything is computed in the number type of ``W``.
    """
    with torch.autocast(x.device.type, enabled=False):
        if isinstance(W, SubspaceParameter):
            W.settle()
        return _ProjectionNorms.apply(x.to(W.dtype), W, getattr(W, "gradient_factors", None))


class _ProjectionNorms(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, W: torch.Tensor, factors: list | None) -> torch.Tensor:
        classes, rows, n = W.shape
        products = torch.mm(W.view(classes * rows, n), x.T).view(classes, rows, len(x))
        squares = products[:, 0].square()
        for row in range(1, rows):  # without a temporary of the size of the products
            squares.addcmul_(products[:, row], products[:, row])
        norms = squares.sqrt_()
        ctx.save_for_backward(x, W, products, norms)
        ctx.factors, ctx.basis = factors, None if factors is None else W
        return norms.T.contiguous()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, torch.Tensor | None, None]:
        x, W, products, norms = ctx.saved_tensors
        weights = torch.where(norms > 0, gradient.T / norms, 0.0)
        wanted = ctx.needs_input_grad[1]
        factored = False
        if wanted and ctx.factors is not None:
            wanted, factored = _accumulates(ctx.basis)
        Q = products.mul_(weights.unsqueeze(1)) if factored else products * weights.unsqueeze(1)
        Q = Q.view(-1, len(x))
        x_gradient = torch.mm(Q.T, W.view(-1, x.shape[1])) if ctx.needs_input_grad[0] else None
        if factored:
            ctx.factors.append((Q, x))
        return x_gradient, torch.mm(Q, x).view_as(W) if wanted and not factored else None, None


def _accumulates(basis: torch.Tensor) -> tuple[bool, bool]:
    """Whether this backward pass wants the basis' gradient, and whether it is to be added to ``basis.grad``.

    ``autograd.grad(loss, inputs)`` does not want it, and must leave no factors to the next step; and
    ``autograd.grad(loss, basis)`` wants it as a result. ``needs_input_grad`` says neither.
    """
    try:
        adds = torch._C._will_engine_execute_node(torch.autograd.graph.get_gradient_edge(basis).node)
    except RuntimeError:  # what torch says of a leaf whose gradient is asked for by autograd.grad
        return True, False
    return adds, adds
