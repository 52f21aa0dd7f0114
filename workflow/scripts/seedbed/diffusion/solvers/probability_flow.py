r"""Sampling by the probability flow: any solver, on any grid, with any denoiser."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

from seedbed.diffusion.noise_grids import checked_grid
from seedbed.diffusion.scalars import is_real

from .multistep import Memory, Multistep, Step
from .one_step import heun_step, rk4_log_step, rk4_step
from .samples import Counted, checked_samples
from .variable_order import VariableOrder, squared_norms

__all__ = ["ProbabilityFlow"]

ONE_STEP = {"heun": (heun_step, 2), "rk4": (rk4_log_step, 4)}
MULTISTEP = ("ddim", "adams", "power_adams", "variable_order", "heavy_ball", "nesterov", "generalized_heavy_ball")
EXPONENTIAL = ("exponential", "exponential_variable_order")
_MOMENTA = {"heavy_ball": "heavy_ball", "nesterov": "nesterov", "generalized_heavy_ball": "generalized"}
_WHOLE = (int, Integral)  # plain numbers first: to look at an abstract class takes longer
# parameters that some solvers have, and what stands for none
_OWNED = (
    ("power", 0.5, ("power_adams",)),
    ("beta", 1.0, (*_MOMENTA, "exponential")),
    ("coefficients", "grid", ("adams", "variable_order", *_MOMENTA, "exponential")),
    ("corrector", False, ("exponential",)),
    ("momentum", "heavy_ball", ("exponential",)),
)


class ProbabilityFlow(BaseEstimator):
    r"""From noise to a sample along :math:`dy/d\sigma = (y - D(y,\sigma))/\sigma`, in the coordinate y = x_t / a_t.

    Parameters
    ----------
    solver : str, default="power_adams"
        ``ddim`` (Euler); ``adams`` (Adams-Bashforth; PLMS with ``coefficients="constant"``); ``power_adams``;
        ``variable_order`` (up to ``order``); ``heavy_ball``, ``nesterov``, ``generalized_heavy_ball`` (momentum on
        Adams); ``exponential`` (multistep of the denoised point in log sigma: DPM-Solver++ without, UniPC with a
        corrector); ``exponential_variable_order``; ``heun``, ``rk4`` (one-step; rk4 runs in log sigma and is the
        reference).
    order : int, default=3
        Values that a step weighs, 1 to 5. The first steps use what there is.
    power : float, default=0.5
        Of ``power_adams``: the slope is a polynomial in sigma to this power. Small is accurate, large is stable.
    beta : float, default=1.0
        Momentum, in (0, 1]; 1 is none. Names such as "GHVB 3.8" mean order 4 and beta 0.8.
    coefficients : {"grid", "constant", "midpoint"}, default="grid"
        Of the actual grid; as if steps were equal, as released PLMS and momentum samplers have it (order two at most on
        a grid that is not uniform); ``midpoint``: DPM-Solver++ 2M as released, for ``exponential`` of order 2.
    start : {"low_order", "consistent"}, default="low_order"
        "consistent": the first ``order - 1`` steps by Runge-Kutta (three further evaluations each), and momentum begun
        where it would be, without which the generalised heavy ball has order two.
    final_order : int or None, default=None
        A lower order for the last step. Nothing is lowered unless it is asked for.
    corrector : bool, default=False
        Of ``exponential``: each new value first corrects the step that led to it (UniPC), at no further evaluation.
    momentum : {"heavy_ball", "generalized", "corrector"}, default="heavy_ball"
        Of ``exponential`` with beta below 1: in the predictor, in its generalised form, or in the corrector alone.

    Attributes
    ----------
    n_evaluations_ : int
        Calls of the denoiser in the last run.
    orders_ : ndarray of shape (n_steps,) or (n_steps, n_samples)
        Order of each step; mean order is what a variable order used.
    growth_ : ndarray of shape (n_steps,)
        The largest ratio, over samples, of the norm after the step and before it. Without guidance a flow that ends at
        data shrinks; values well above one late in a run are how artefacts begin.

    Notes
    -----
    A step costs one evaluation (Heun 2, rk4 4) and ``order`` passes over the samples. Weights depend on the grid alone;
    :meth:`plan` shows them. Samples may be arrays or torch tensors of any shape (n_samples, ...).

    References
    ----------
    Wizadwongsa et al. (2024), Diffusion sampling with momentum for mitigating divergence artifacts, ICLR; their heavy
    ball and generalised heavy ball. Lu et al. (2022), DPM-Solver++. Zhao et al. (2023), UniPC.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.diffusion import EmpiricalLaw, ProbabilityFlow, karras_grid
    >>> law = EmpiricalLaw([[1.0, 1.0], [-1.0, -1.0]])
    >>> flow, grid = ProbabilityFlow(), karras_grid(20, 10.0, 0.01)
    >>> noise = 10 * np.random.default_rng(0).standard_normal((3, 2))
    >>> np.abs(flow.sample(law, noise, grid)).round(1).tolist()
    [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]
    >>> flow.n_evaluations_
    20
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(
        self,
        solver: str = "power_adams",
        order: int = 3,
        power: float = 0.5,
        beta: float = 1.0,
        coefficients: str = "grid",
        start: str = "low_order",
        final_order: int | None = None,
        corrector: bool = False,
        momentum: str = "heavy_ball",
    ) -> None:
        self.solver = solver
        self.order = order
        self.power = power
        self.beta = beta
        self.coefficients = coefficients
        self.start = start
        self.final_order = final_order
        self.corrector = corrector
        self.momentum = momentum

    def sample(self, law: Any, y: Any, grid: Any, *, path: bool = False) -> Any:
        """Take points at the first noise level to the last.

        Parameters
        ----------
        law : object with ``denoise(y, sigma)``, or such a function
            The denoiser :math:`D(y, \\sigma) = E[x_1 | y]`.
        y : array or tensor of shape (n_samples, ...)
            Noise: about ``grid[0]`` times standard normal, plus the law's mean.
        grid : array-like of shape (n_steps + 1,)
            Decreasing noise levels.
        path : bool, default=False
            Whether to return the points at all levels, as a list.

        Returns
        -------
        array or tensor of the shape of ``y``, or a list of ``n_steps + 1`` of them

        Raises
        ------
        ValueError
            If a parameter, the grid or the samples are not what they must be, or the denoiser returns another shape.
        """
        rule, grid, y = self.rule(), checked_grid(grid), checked_samples(y)
        counted = Counted(law)
        points, squares, orders = [y], [squared_norms(y)], []
        for memory in self._run(rule, counted, y, grid):
            if not path:
                points.clear()
            points.append(memory.y)
            squares.append(squared_norms(memory.y))
            orders.append(memory.order)
        self.n_evaluations_ = counted.calls
        by_sample = isinstance(rule, VariableOrder)
        self.orders_ = np.stack(np.broadcast_arrays(*map(np.asarray, orders))) if by_sample else np.array(orders)
        self.growth_ = _growth(squares)
        return points if path else points[-1]

    def plan(self, grid: Any) -> list[Step]:
        """The weights of every step on a grid; one-step solvers have none and raise `ValueError`."""
        rule = self.rule()
        if not isinstance(rule, Multistep):
            raise ValueError(f"solver={self.solver!r} is a one-step method: it has no weights")
        return list(rule.plan(checked_grid(grid)))

    def rule(self) -> Multistep | str:
        """The solver that the parameters describe, or the name of a one-step method.

        Raises
        ------
        ValueError
            If a parameter is not what it must be, with what would be right.
        """
        self._check()
        common = {"order": self.order, "final_order": self.final_order}
        match self.solver:
            case "ddim":
                return Multistep(order=1)
            case "adams":
                return Multistep(coefficients=self.coefficients, **common)
            case "power_adams":
                return Multistep(power=float(self.power), **common)
            case "variable_order":
                return VariableOrder(coefficients="constant", **common)
            case "exponential_variable_order":
                return VariableOrder(exponential=True, **common)
            case "exponential":
                momentum = self.momentum if self.beta < 1 else ""
                return Multistep(
                    exponential=True,
                    coefficients=self.coefficients,
                    corrector=self.corrector,
                    momentum=momentum,
                    beta=float(self.beta),
                    **common,
                )
            case "heavy_ball" | "nesterov" | "generalized_heavy_ball":
                momentum = _MOMENTA[self.solver] if self.beta < 1 else ""  # beta = 1 is Adams to the last bit
                return Multistep(coefficients=self.coefficients, momentum=momentum, beta=float(self.beta), **common)
        return self.solver

    def _run(self, rule: Multistep | str, denoise: Callable, y: Any, grid: np.ndarray) -> Iterator[Memory]:
        """The state after each step."""
        if not isinstance(rule, Multistep):
            step_of, order = ONE_STEP[rule]
            for sigma, after in itertools.pairwise(grid):
                y = step_of(denoise, y, float(sigma), float(after))
                yield Memory(y, order=order)
            return
        memory, before = Memory(y), None
        for n, step in enumerate(rule.plan(grid)):
            denoised = denoise(memory.y, step.sigma)
            memory = rule.corrected(memory, denoised, step, before)
            slope = rule.slope(memory.y, denoised, step.sigma)
            if self.start == "consistent" and n < rule.order - 1:
                y = rk4_step(denoise, memory.y, step.sigma, step.after, slope)
                memory = Memory(y, (slope, *memory.slopes), (), memory.y, 4)
            else:
                if self.start == "consistent" and n == rule.order - 1 and rule.momentum:
                    memory = memory._replace(velocities=_on_smooth_branch((slope, *memory.slopes), rule.beta))
                memory = rule.advance(memory, slope, step)
            before = step
            yield memory

    def _check(self) -> None:
        solvers = (*MULTISTEP, *EXPONENTIAL, *ONE_STEP)
        _one_of("solver", self.solver, solvers)
        if not _whole(self.order) or not 1 <= self.order <= 5:
            raise ValueError(f"order must be an int from 1 to 5, got {self.order!r}")
        if not is_real(self.power) or not 0 <= self.power < 100:
            raise ValueError(f"power must be a number of at least 0, got {self.power!r}")
        if not is_real(self.beta) or not 0 < self.beta <= 1:
            raise ValueError(f"beta must lie in (0, 1], where 1 is no momentum, got {self.beta!r}")
        _one_of("coefficients", self.coefficients, ("grid", "constant", "midpoint"))
        if self.coefficients == "midpoint" and (self.solver != "exponential" or self.order != 2):
            raise ValueError("coefficients='midpoint' is of solver='exponential' with order=2 alone")
        if self.solver == "exponential" and self.coefficients == "constant":
            raise ValueError("solver='exponential' has coefficients 'grid' or 'midpoint', not 'constant'")
        _one_of("start", self.start, ("low_order", "consistent"))
        if self.start == "consistent" and self.solver not in MULTISTEP:
            raise ValueError(f"start='consistent' is of {', '.join(MULTISTEP)}, not of solver={self.solver!r}")
        if not isinstance(self.corrector, bool | np.bool_):
            raise ValueError(f"corrector must be True or False, got {self.corrector!r}")
        _one_of("momentum", self.momentum, ("heavy_ball", "generalized", "corrector"))
        if self.momentum == "corrector" and self.beta < 1 and not self.corrector:
            raise ValueError("momentum='corrector' needs corrector=True")
        if self.final_order is not None and (not _whole(self.final_order) or self.final_order < 1):
            raise ValueError(f"final_order must be an int of at least 1 or None, got {self.final_order!r}")
        if self.final_order is not None and self.final_order > self.order:
            raise ValueError(f"final_order={self.final_order!r} must not be above order={self.order!r}")
        for name, default, owners in _OWNED:
            if getattr(self, name) != default and self.solver not in owners:
                raise ValueError(
                    f"{name}={getattr(self, name)!r} is of solver={' or '.join(map(repr, owners))}; "
                    f"{self.solver!r} has none"
                )


def _on_smooth_branch(slopes: tuple, beta: float) -> tuple:
    r"""Velocities before the newest slope, had the run begun long ago.

    There :math:`v_n = (1 + \rho\nabla)^{-1}\varepsilon_n = \sum_j (-\rho)^j \nabla^j \varepsilon_n` with
    :math:`\rho = (1-\beta)/\beta`, and older ones follow from :math:`v_{n-1} = (v_n - \beta\varepsilon_n)/(1-\beta)`.
    Momentum that starts at the first slope is off by O(h), which costs O(h^2) in the end.
    """
    velocity, differences, factor = 0.0, list(slopes), 1.0
    while differences:
        velocity = velocity + factor * differences[0]
        factor *= -(1 - beta) / beta
        differences = [new - old for new, old in itertools.pairwise(differences)]
    older = []
    for slope in slopes[:-1]:
        velocity = (velocity - beta * slope) / (1 - beta)
        older.append(velocity)
    return tuple(older)


def _growth(squares: list) -> np.ndarray:
    """The largest ratio of the samples' norms from each level to the next, from the squares of the norms."""
    if not isinstance(squares[0], np.ndarray):
        squares = [square.detach().double().cpu().numpy() for square in squares]
    table = np.sqrt(np.array(squares, dtype=np.float64))
    return (table[1:] / (table[:-1] + 1e-300)).max(axis=1)


def _whole(value: Any) -> bool:
    return isinstance(value, _WHOLE) and not isinstance(value, bool)


def _one_of(name: str, value: Any, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, known))}, got {value!r}")
