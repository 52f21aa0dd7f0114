"""The training loop of the study: mini-batches, two optimisers, one schedule; the same numbers every time."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator

import torch

from seedbed.grassmann.heads.head import Head
from seedbed.grassmann.heads.subspace_parameter import split_parameters

from .riemannian_sgd import RiemannianSGD
from .subspace_update import MomentumKind

__all__ = ["predict_in_batches", "torch_threads", "train"]


@contextlib.contextmanager
def torch_threads(number: int) -> Iterator[None]:
    """Run with this many threads within operations: the order of sums, hence the last digits, depends on it."""
    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def train(
    backbone: torch.nn.Module,
    head: Head,
    X: torch.Tensor,
    y: torch.Tensor,
    *,
    generator: torch.Generator,
    epochs: int,
    batch_size: int = 64,
    learning_rate: float = 0.1,
    subspace_learning_rate: float | None = None,
    momentum: float = 0.9,
    momentum_kind: MomentumKind = "ambient",
    weight_decay: float = 5e-4,
    n_threads: int = 1,
) -> list[float]:
    r"""Train a network on the head's loss: SGD for vectors and filters, Riemannian SGD for subspaces.

    Both learning rates follow a cosine, :math:`\eta_t = \tfrac12 \eta (1 + \cos(\pi t / T))`. Every epoch takes the
    examples in a new order, in full batches; what is left over waits for the next epoch.

    Parameters
    ----------
    backbone, head : modules
        ``head.loss(backbone(X), y)`` is minimised.
    X : tensor of shape (N, ...)
    y : tensor of shape (N,)
        Classes from 0.
    generator : torch.Generator
        Orders the examples.
    epochs, batch_size : int
    learning_rate : float
    subspace_learning_rate : float, optional
        By default the same, as in the paper.
    momentum : float
    momentum_kind : {"ambient", "projected", "transported"}
        Of the subspaces.
    weight_decay : float
        Of everything but the subspaces.
    n_threads : int
        Threads of torch's operations; the result is reproducible to the bit for the same number.

    Returns
    -------
    list of float
        Mean loss of every epoch.
    """
    subspaces, others = split_parameters(backbone, head)
    optimisers: list[torch.optim.Optimizer] = []
    if others:
        optimisers.append(torch.optim.SGD(others, learning_rate, momentum, weight_decay=weight_decay))
    if subspaces:
        rate = learning_rate if subspace_learning_rate is None else subspace_learning_rate
        optimisers.append(RiemannianSGD(subspaces, rate, momentum=momentum, momentum_kind=momentum_kind))
    batches = max(1, len(X) // batch_size)
    steps = max(1, epochs * batches)
    schedules = [
        torch.optim.lr_scheduler.LambdaLR(optimiser, lambda t: 0.5 * (1.0 + math.cos(math.pi * t / steps)))
        for optimiser in optimisers
    ]
    losses = []
    backbone.train()
    head.train()
    with torch_threads(n_threads):
        for _ in range(epochs):
            order = torch.randperm(len(X), generator=generator)[: batches * batch_size]
            total = 0.0
            for rows in order.tensor_split(batches):
                loss = head.loss(backbone(X[rows]), y[rows])
                for optimiser in optimisers:
                    optimiser.zero_grad()
                loss.backward()
                for optimiser, schedule in zip(optimisers, schedules, strict=True):
                    optimiser.step()
                    schedule.step()
                total += float(loss.detach())
            losses.append(total / batches)
    return losses


@torch.no_grad()
def predict_in_batches(module: torch.nn.Module, X: torch.Tensor, size: int = 512, n_threads: int = 1) -> torch.Tensor:
    """What a module makes of many rows, in evaluation mode."""
    module.eval()
    with torch_threads(n_threads):
        return torch.cat([module(part) for part in X.split(size)])
