"""A network replaced by its first-order expansion around its present weights."""

from __future__ import annotations

import copy

import torch
from torch import nn
from torch.func import functional_call, jvp

from .checked_modules import check_module, trained_parameters


def linearized(module) -> LinearizedModule:
    r"""The network that is linear in its weights, :math:`f(x; \theta_0) + \nabla_\theta f(x; \theta_0) \cdot \Delta`.

    Parameters
    ----------
    module : torch.nn.Module
        Copied, with its present weights as :math:`\theta_0`; in evaluation mode where it matters.

    Returns
    -------
    Module
        A module that torch trains as any other: its parameters ``displacements`` are :math:`\Delta`, zero at first.

    Raises
    ------
    TypeError, ValueError
        As in :func:`seedbed.wide_networks.empirical_ntk`, whose kernel is that of the linear network, for good.

    Notes
    -----
    One forward pass with derivatives, about twice the cost of the network's own, and no Jacobian.

    Examples
    --------
    >>> import torch
    >>> from seedbed.wide_networks import linearized
    >>> module = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
    >>> x = torch.randn(5, 3)
    >>> bool(torch.allclose(linearized(module)(x), module(x)))
    True
    """
    check_module(module)
    return LinearizedModule(module)


class LinearizedModule(nn.Module):
    """What :func:`linearized` returns; ``origin`` is the network that it expands, which is not trained."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self._names = list(trained_parameters(module))
        self.origin = copy.deepcopy(module).requires_grad_(False)
        self.displacements = nn.ParameterList(
            [nn.Parameter(torch.zeros_like(p)) for p in trained_parameters(module).values()]
        )

    def train(self, mode: bool = True) -> LinearizedModule:
        """The network that is expanded stays as it was."""
        self.training = mode
        return self

    def forward(self, *inputs):
        every = dict(self.origin.named_parameters())
        start = {name: every[name] for name in self._names}
        moved = dict(zip(self._names, self.displacements, strict=True))
        outputs, change = jvp(lambda weights: functional_call(self.origin, weights, inputs), (start,), (moved,))
        return outputs + change
