"""A parameter whose values are subspaces, and who gets its gradient."""

from __future__ import annotations

from collections.abc import Iterable

import torch

__all__ = ["SubspaceParameter", "split_parameters"]


class SubspaceParameter(torch.nn.Parameter):
    """Orthonormal bases of C subspaces of R^n, shape (C, k, n), contiguous: ``view(C * k, n)`` is a GEMM operand.

    Shorter bases end in zero rows. It belongs to :class:`~seedbed.grassmann.RiemannianSGD`, and to no other
    optimiser and no weight decay: :func:`split_parameters` tells a module's parameters apart.

    Attributes
    ----------
    gradient_factors : list of (tensor, tensor), or None
        None: backward passes leave their gradient in ``grad``, as usual. A list, made by an optimiser with
        ``fused=True``: they leave pairs (Q of shape (C k, B), x of shape (B, n)) instead, whose products
        ``Q @ x`` add up to the gradient.
    """

    gradient_factors: list[tuple[torch.Tensor, torch.Tensor]] | None = None

    def __reduce_ex__(self, protocol: int) -> tuple:
        # torch would bring back a plain Parameter, which an optimiser of vectors would then decay and bend
        return SubspaceParameter, (self.data, self.requires_grad)


def split_parameters(*modules: torch.nn.Module) -> tuple[list[SubspaceParameter], list[torch.nn.Parameter]]:
    """Parameters of the modules that are subspaces, and all others.

    Examples
    --------
    >>> from seedbed.grassmann import GrassmannHead
    >>> network = torch.nn.Sequential(torch.nn.Linear(6, 5), GrassmannHead(5, 3, 2))
    >>> subspaces, others = split_parameters(network)
    >>> [tuple(p.shape) for p in subspaces], [tuple(p.shape) for p in others]
    ([(3, 2, 5)], [(5, 6), (5,)])
    """
    parameters: Iterable = [parameter for module in modules for parameter in module.parameters()]
    subspaces = [parameter for parameter in parameters if isinstance(parameter, SubspaceParameter)]
    return subspaces, [parameter for parameter in parameters if not isinstance(parameter, SubspaceParameter)]
