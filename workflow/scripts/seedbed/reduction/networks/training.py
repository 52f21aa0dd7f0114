r"""Training: what is minimised, and how the best epoch of every restart is kept.

With scores F of a batch, centred, S = F'F / n and M = F'KF / n^2, K the centred kernel of the responses:

penalised
    :math:`-\mathrm{tr}\, M + \lambda \|S - I\|_F^2`, the loss of the paper;
whitened
    :math:`-\mathrm{tr}(S^{-1} M)`, which has the same minimisers up to scale and rotation, and no parameter.

The penalised loss is minimised by Adam (AdamW), as in the predecessor's code. The whitened one is minimised by
gradient steps with momentum whose length Adam would not allow: with steps of one, networks find the few functions
that generalise within some thirty epochs; with Adam they fit noise as fast as signal (measured; see the study).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

_RIDGE = 1e-3  # of the mean variance: S is inverted


@dataclass(frozen=True)
class Recipe:
    """How to train."""

    loss: str  # "penalised" or "whitened"
    penalty: float
    n_epochs: int
    learning_rate: float
    weight_decay: float
    batch_size: int | None  # None: all rows at once


class _QuadraticForm(torch.autograd.Function):
    """F'KF for symmetric K and all restarts, with one product with K for value and gradient together."""

    @staticmethod
    def forward(ctx: Any, scores: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
        restarts, n, d = scores.shape
        product = kernel @ scores.permute(1, 0, 2).reshape(n, restarts * d)
        product = product.reshape(n, restarts, d).permute(1, 0, 2)
        ctx.save_for_backward(product)
        return scores.transpose(1, 2) @ product

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        (product,) = ctx.saved_tensors
        return product @ (gradient + gradient.transpose(1, 2)), None


def covariances(
    scores: torch.Tensor, kernel: torch.Tensor, mask: torch.Tensor, unbiased: bool = False
) -> tuple[torch.Tensor, torch.Tensor]:
    """M and S (restarts, d, d) of the rows where ``mask`` (restarts or 1, n, 1) is one."""
    n = mask.sum(dim=1, keepdim=True)
    centred = mask * (scores - (mask * scores).sum(dim=1, keepdim=True) / n)
    inside = _QuadraticForm.apply(centred, kernel) / (n * (n - 3) if unbiased else n**2)
    return inside, centred.transpose(1, 2) @ centred / n


def explained(inside: torch.Tensor, covariance: torch.Tensor) -> torch.Tensor:
    """tr(S^-1 M), one number per restart."""
    d = covariance.shape[-1]
    ridge = _RIDGE * covariance.diagonal(dim1=1, dim2=2).mean(dim=1)[:, None, None] + 1e-20
    identity = torch.eye(d, dtype=covariance.dtype)
    return torch.linalg.solve(covariance + ridge * identity, inside).diagonal(dim1=1, dim2=2).sum(dim=1)


def total_loss(inside: torch.Tensor, covariance: torch.Tensor, recipe: Recipe) -> torch.Tensor:
    """The sum of the restarts' losses, whose gradients do not mix."""
    if recipe.loss == "whitened":
        return -explained(inside, covariance).sum()
    excess = covariance - torch.eye(covariance.shape[-1])
    return -inside.diagonal(dim1=1, dim2=2).sum() + recipe.penalty * (excess**2).sum()


def train(
    network: torch.nn.Module,
    inputs: torch.Tensor,
    train_rows: Sequence[np.ndarray],
    test_rows: Sequence[np.ndarray],
    kernel: torch.Tensor | None,
    kernel_of: Callable[[np.ndarray, bool], torch.Tensor],
    recipe: Recipe,
    random: np.random.RandomState,
) -> tuple[np.ndarray, np.ndarray]:
    """Train all restarts; each ends with the parameters of its best epoch on its held-out rows.

    Parameters
    ----------
    network : module
        From :mod:`seedbed.reduction.networks.architectures`.
    inputs : tensor (n, n_features)
    train_rows, test_rows : sequence of ndarray
        Rows per restart; a single pair serves all. Without test rows the last epoch counts.
    kernel : tensor (n, n) or None
        The centred kernel of all responses, for training on all rows at once; None for batches.
    kernel_of : callable
        ``kernel_of(rows, u_centred)`` for a part of the rows, for batches.
    recipe : Recipe
    random : RandomState
        Orders the batches.

    Returns
    -------
    best : ndarray (restarts,)
        Held-out tr(S^-1 M); NaN without test rows.
    history : ndarray (n_epochs, restarts)
    """
    keeper = _Keeper(network)
    if kernel is not None:
        epoch = _full_epoch(network, inputs, train_rows, test_rows, kernel, recipe)
    else:
        epoch = _batched_epoch(network, inputs, train_rows[0], test_rows[0], kernel_of, recipe, random)
    for _ in range(recipe.n_epochs):
        keeper.see(epoch())
    return keeper.finish()


def _optimiser(network: torch.nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    settings = {"lr": recipe.learning_rate, "weight_decay": recipe.weight_decay}
    if recipe.loss == "penalised":
        return torch.optim.AdamW(network.parameters(), **settings)
    return torch.optim.SGD(network.parameters(), momentum=0.9, nesterov=True, **settings)


def _full_epoch(network, inputs, train_rows, test_rows, kernel, recipe) -> Callable[[], torch.Tensor | None]:
    """One step on all rows; held-out rows pass with the others and are masked, so their scores cost nothing."""
    optimiser = _optimiser(network, recipe)
    training, testing = (_masks(rows, len(inputs)) for rows in (train_rows, test_rows))

    def epoch() -> torch.Tensor | None:
        # the step of the gradients found last time, so that the scores below are those of the parameters now
        optimiser.step()
        scores = network(inputs)
        optimiser.zero_grad(set_to_none=True)
        total_loss(*covariances(scores, kernel, training), recipe).backward()
        with torch.no_grad():
            return explained(*covariances(scores, kernel, testing)) if len(test_rows[0]) else None

    return epoch


def _batched_epoch(
    network, inputs, train_rows, test_rows, kernel_of, recipe, random
) -> Callable[[], torch.Tensor | None]:
    """U-centred batches of all training rows, then the held-out rows."""
    optimiser, size = _optimiser(network, recipe), min(recipe.batch_size, len(train_rows))
    test_kernel = kernel_of(test_rows, False) if len(test_rows) else None

    def epoch() -> torch.Tensor | None:
        order = random.permutation(train_rows)
        for first in range(0, len(order) - size + 1, size):
            rows = order[first : first + size]
            scores, kernel = network(inputs[rows]), kernel_of(rows, True)
            optimiser.zero_grad(set_to_none=True)
            total_loss(*covariances(scores, kernel, torch.ones(1, size, 1), unbiased=True), recipe).backward()
            optimiser.step()
        if test_kernel is None:
            return None
        with torch.no_grad():
            return explained(*covariances(network(inputs[test_rows]), test_kernel, torch.ones(1, len(test_rows), 1)))

    return epoch


def _masks(rows: Sequence[np.ndarray], n: int) -> torch.Tensor:
    masks = torch.zeros(len(rows), n, 1)
    for mask, chosen in zip(masks, rows, strict=True):
        mask[chosen] = 1.0
    return masks


class _Keeper:
    """The best parameters of every restart so far."""

    def __init__(self, network: torch.nn.Module) -> None:
        self.network = network
        self.history: list[np.ndarray] = []
        self.best: np.ndarray | None = None
        self.kept: list[list[torch.Tensor]] = []

    def see(self, held_out: torch.Tensor | None) -> None:
        """Keep the parameters of the restarts that did better than before."""
        if held_out is None:
            return
        values = np.nan_to_num(held_out.numpy().astype(np.float64), nan=-np.inf)
        self.history.append(values)
        if self.best is None:
            self.best = values.copy()
            self.kept = [[part.clone() for part in self.network.parts(restart)] for restart in range(len(values))]
        for restart in np.flatnonzero(values > self.best):
            self.best[restart] = values[restart]
            self.kept[restart] = [part.clone() for part in self.network.parts(restart)]

    def finish(self) -> tuple[np.ndarray, np.ndarray]:
        """Put the best parameters back."""
        for restart, kept in enumerate(self.kept):
            for part, value in zip(self.network.parts(restart), kept, strict=True):
                part.copy_(value)
        if self.best is None:
            return np.array([np.nan]), np.empty((0, 0))
        return self.best, np.array(self.history)
