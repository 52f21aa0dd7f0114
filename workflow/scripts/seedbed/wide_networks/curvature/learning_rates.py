"""The largest learning rate that trains, and the best, for every batch size: all rates and seeds train at once."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from sklearn.utils import check_random_state
from torch import nn
from torch.func import functional_call, grad, vmap

from seedbed.counts import real_number, whole_number, whole_numbers
from seedbed.wide_networks.finite_width.checked_modules import trained_parameters
from seedbed.wide_networks.real_arrays import real_array

from .products import Loss, checked_data
from .usable_rates import largest_below

GRIDS = {"sgd": 2.0 ** np.arange(-6.0, 6.1, 0.5), "adam": 2.0 ** np.arange(-10.0, 1.1, 0.5)}
BETAS, EPS = (0.9, 0.999), 1e-8
Weights = dict[str, torch.Tensor]


@dataclass(frozen=True)
class LearningRates:
    """``losses`` (batch sizes, rates) after training; ``largest`` and ``best`` rate of each batch size.

    The largest is the last before a rate that fails, from the first that trains on; success beyond it is luck. NaN
    where the grid does not reach past it: give more ``learning_rates``.
    """

    batch_sizes: np.ndarray
    learning_rates: np.ndarray
    losses: np.ndarray = field(repr=False)
    baseline: float
    largest: np.ndarray
    best: np.ndarray


def largest_learning_rate(
    module,
    loss,
    data,
    batch_sizes: Sequence[int],
    learning_rates: Sequence[float] | None = None,
    *,
    optimizer: str = "sgd",
    steps: int = 100,
    repeats: int = 5,
    validation=None,
    baseline: float | None = None,
    random_state=0,
) -> LearningRates:
    """Up to which learning rate training ends better than no training, for every batch size.

    Parameters
    ----------
    module : torch.nn.Module, or callable
        A module, whose weights every run starts from, or a function without arguments that makes one: a new one for
        each repeat.
    loss, data
        As in :func:`seedbed.wide_networks.hessian_extremes`.
    batch_sizes : sequence of int
        1 to the number of rows that are trained on. Batches are drawn with replacement.
    learning_rates : sequence of float, optional
        Powers of the root of two by default, 2^-6 to 2^6 for SGD and 2^-10 to 2 for Adam.
    optimizer : {"sgd", "adam"}, default="sgd"
    steps : int, default=100
    repeats : int, default=5
        The losses are means over them.
    validation : pair of array-like, optional
        ``(X, y)`` that the loss is taken on after training; by default a quarter of the rows, which are not trained on.
    baseline : float, optional
        Loss below which a run has learned something; by default that of outputs which are all zero.
    random_state : int, RandomState or None, default=0

    Returns
    -------
    LearningRates

    Raises
    ------
    TypeError, ValueError
        For data or settings out of range.

    Notes
    -----
    Networks with all rates and repeats are one network with further dimensions: the map of a small network costs
    seconds. Runs that diverge count as infinite losses.
    """
    made = _made(module, whole_number(repeats, "repeats"), random_state)
    X, y = checked_data(made[0], data)
    if not isinstance(optimizer, str) or optimizer not in GRIDS:
        raise ValueError(f"optimizer must be 'sgd' or 'adam', got {optimizer!r}")
    rates = real_array(GRIDS[optimizer] if learning_rates is None else learning_rates, "learning_rates")
    if rates.ndim != 1 or len(rates) < 3 or rates.min() <= 0.0:
        raise ValueError(
            "learning_rates must be three or more positive numbers, so that an end of the grid can be told"
        )
    rates, steps = np.sort(rates), whole_number(steps, "steps")
    if baseline is not None:
        baseline = real_number(baseline, "baseline", np.isfinite, "finite")
    draws = check_random_state(random_state)
    if validation is None:
        order = torch.as_tensor(draws.permutation(len(X)), device=X.device)
        held = max(1, len(X) // 4)
        if held == len(X):
            raise ValueError("one row cannot be trained on and validated on: give validation=(X, y)")
        X_test, y_test, X, y = X[order[:held]], y[order[:held]], X[order[held:]], y[order[held:]]
    else:
        X_test, y_test = checked_data(made[0], validation)
    sizes = whole_numbers(batch_sizes, f"batch sizes from {len(X)} rows that are trained on", 1, len(X))
    with torch.no_grad():
        zero = torch.zeros_like(made[0](X_test))
        level = float(loss(zero, y_test)) if baseline is None else baseline
    losses = np.array(
        [_train(made, loss, X, y, X_test, y_test, size, rates, optimizer, steps, draws) for size in sizes]
    )
    ends = [_ends(row, rates, level) for row in losses]
    return LearningRates(
        np.array(sizes), rates, losses, level, np.array([e[0] for e in ends]), np.array([e[1] for e in ends])
    )


def _made(module, repeats: int, random_state) -> list[nn.Module]:
    """A module for each repeat."""
    if isinstance(module, nn.Module):
        return [copy.deepcopy(module) for _ in range(repeats)]
    if not isinstance(module, Callable):
        raise TypeError(f"module must be a torch.nn.Module or a function that makes one, got {type(module).__name__}")
    seeds = check_random_state(random_state).randint(2**31, size=repeats)
    made = []
    with torch.random.fork_rng(devices=[]):
        for seed in seeds.tolist():
            torch.manual_seed(seed)
            made.append(module())
    return made


def _ends(losses: np.ndarray, rates: np.ndarray, level: float) -> tuple[float, float]:
    """Largest rate below the level and best rate; NaN at an end of the grid."""
    at = int(np.argmin(losses))
    best = rates[at] if 0 < at < len(rates) - 1 and np.isfinite(losses[at]) else np.nan
    return largest_below(losses, rates, level), float(best)


def _train(made, loss: Loss, X, y, X_test, y_test, size, rates, optimizer, steps, draws) -> np.ndarray:
    """Mean loss over repeats of every rate; weights have one more dimension, of all pairs of repeat and rate."""
    module, repeats, count = made[0], len(made), len(rates)
    every = [dict(each.named_parameters()) for each in made]
    weights = {
        name: torch.stack([own[name].detach() for own in every]).repeat_interleave(count, dim=0)
        for name in trained_parameters(module)
    }

    def value(w, x, target):
        return loss(functional_call(module, w, (x,)), target)

    slopes = vmap(grad(value))
    state = {name: (torch.zeros_like(w), torch.zeros_like(w)) for name, w in weights.items()}
    scale = np.tile(rates, repeats)
    for step in range(1, steps + 1):
        at = torch.as_tensor(draws.randint(len(X), size=(repeats, size)), device=X.device).repeat_interleave(count, 0)
        for name, slope in slopes(weights, X[at], y[at]).items():
            move = slope if optimizer == "sgd" else _adam(slope, *state[name], step)
            rate = torch.as_tensor(scale, dtype=slope.dtype, device=slope.device)
            weights[name] = weights[name] - rate.view(-1, *[1] * (slope.ndim - 1)) * move
    with torch.no_grad():
        tests = (a.expand(repeats * count, *a.shape) for a in (X_test, y_test))
        final = vmap(value)(weights, *tests).double().cpu().numpy().reshape(repeats, count)
    return np.where(np.isfinite(final), final, np.inf).mean(axis=0)


def _adam(slope: torch.Tensor, mean: torch.Tensor, square: torch.Tensor, step: int) -> torch.Tensor:
    mean.lerp_(slope, 1.0 - BETAS[0])
    square.lerp_(slope * slope, 1.0 - BETAS[1])
    return (mean / (1.0 - BETAS[0] ** step)) / ((square / (1.0 - BETAS[1] ** step)).sqrt() + EPS)
