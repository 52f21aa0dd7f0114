r"""An order for each sample and step, chosen by what is known already.

The classical rule of variable-order Adams codes: the order k whose estimated local error
:math:`|\gamma_k|\,\|\nabla^k\varepsilon\|` is least. Where a trajectory is stiff the differences grow with the order,
and the rule falls back to low orders; nothing is evaluated for it, and there is no parameter.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .multistep import Memory, Multistep, Step, weighed
from .weights import GAMMA

__all__ = ["VariableOrder", "norms", "squared_norms"]


@dataclass(frozen=True, kw_only=True)
class VariableOrder(Multistep):
    """Adams of constant coefficients, or exponential multistep, of the order that looks best for each sample.

    Parameters
    ----------
    order : int
        The largest order, at most 5.
    exponential : bool
        In log sigma; there the estimate is the difference of the increments of successive orders.
    """

    def plan(self, grid: np.ndarray) -> Iterator[Step]:
        """With weights of every order, and of one more than is used, which the estimate looks at."""
        n_steps, newest_first = len(grid) - 1, grid[::-1].tolist()
        for n in range(n_steps):
            now = n_steps - n
            levels, after = newest_first[now : now + self.order + 1], newest_first[now - 1]
            orders = range(1, min(self.order + 1, n + 1) + 1)
            weights = tuple(self.weights(levels[:k], after) for k in orders) if self.exponential else ()
            yield self.step(levels, after, 1, 0)._replace(by_order=weights)

    def advance(self, memory: Memory, slope: Any, step: Step) -> Memory:
        slopes = (slope, *memory.slopes)[: self.order + 1]
        increments, errors = (self._exponential if self.exponential else self._differences)(slopes, step)
        increment, order = increments[0], 0 * norms(slope) + 1
        best = errors[0] if errors else None
        for k in range(1, min(len(errors), self.order)):
            better = errors[k] < best
            best, order = _where(better, errors[k], best), _where(better, 0 * order + k + 1, order)
            increment = _where(better, increments[k], increment)
        return Memory(step.decay * memory.y + increment, slopes, (), memory.y, order)

    def _differences(self, slopes: tuple, step: Step) -> tuple[list, list]:
        """Increments of orders 1, 2, ... and the estimated error of each; the first value alone allows no estimate."""
        increments, errors, values = [], [], list(slopes)
        for k in range(len(slopes)):
            if k:
                errors.append(GAMMA[k] * norms(values[0]))
            increments.append((increments[-1] if k else 0.0) + step.length * GAMMA[k] * values[0])
            values = [new - old for new, old in itertools.pairwise(values)]
        return increments, errors

    def _exponential(self, slopes: tuple, step: Step) -> tuple[list, list]:
        increments = [weighed(weights, slopes) for weights in step.by_order]
        return increments, [norms(high - low) for low, high in itertools.pairwise(increments)]


def _where(condition: Any, one: Any, other: Any) -> Any:
    """``where`` for arrays and tensors, with a condition for each sample."""
    condition = condition.reshape(condition.shape + (1,) * (one.ndim - condition.ndim))
    return np.where(condition, one, other) if isinstance(one, np.ndarray) else one.where(condition, other)


def norms(values: Any) -> Any:
    """Of each sample."""
    return squared_norms(values) ** 0.5


def squared_norms(values: Any) -> Any:
    """Of each sample."""
    flat = values.reshape(len(values), -1)
    return np.vecdot(flat, flat) if isinstance(flat, np.ndarray) else (flat**2).sum(1)
