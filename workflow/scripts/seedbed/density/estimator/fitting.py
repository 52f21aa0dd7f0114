"""Which shape and which bandwidth a kernel gets: the candidates, and the choice among them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from sklearn.utils import Bunch

from seedbed.density.bandwidths.covariance_keeping import GAMMAS, choose_kept, kept_thresholds
from seedbed.density.bandwidths.curve_search import LooChoice, NoBandwidthError
from seedbed.density.bandwidths.distinct_rows import DistinctRows
from seedbed.density.bandwidths.kernel_matrix_em import em_kernel_matrix
from seedbed.density.bandwidths.loo_likelihood import LooProblem
from seedbed.density.bandwidths.rules import nearest_bandwidth, scott_factor, silverman_factor, start_of_search
from seedbed.density.kernels.radial_kernels import Gaussian, RadialKernel
from seedbed.density.sums.kernel_sums import KernelSums
from seedbed.density.theory.condensation import critical_bandwidths
from seedbed.density.theory.exact_risk import LARGEST, optimal_bandwidth

from .shapes import Shape, covariance, given_shape, obstacle, shape_of

KINDS = ("isotropic", "diagonal", "full")
NEIGHBOURS = (3, 10, 30)  # among which adaptive="auto" chooses
RULES = ("loo", "theory", "nearest", "scott", "silverman")


@dataclass(frozen=True, eq=False)
class Task:
    """What a choice is made from: all rows, the distinct ones, and those that likelihoods are averaged over."""

    X: np.ndarray
    distinct: DistinctRows
    rows: np.ndarray
    kernel: RadialKernel
    bandwidth: str | float
    adaptive: int | str | None
    names: list[str]
    n_jobs: int | None

    @property
    def points(self) -> np.ndarray:
        """The distinct rows."""
        return self.X[self.distinct.rows]

    @property
    def weights(self) -> np.ndarray:
        """Their weights."""
        return self.distinct.weights


@dataclass(frozen=True, eq=False)
class Chosen:
    """A kernel: its shape and width, its matrix, the centres of the distinct rows, and what is known of its likelihood.

    ``choice`` has no curve, and NaN as its value, where nothing was left out.
    """

    shape: Shape
    choice: LooChoice
    matrix: np.ndarray
    centres: np.ndarray
    thresholds: dict
    log_widths: np.ndarray | None = None


def choose(task: Task, kind: str | np.ndarray, keep: bool) -> Chosen:
    """The kernel that these parameters ask for.

    Raises
    ------
    ValueError
        If the data do not allow it; the message says what to do.
    """
    if keep:
        return _kept(task, kind)
    if task.adaptive == "auto":
        if task.bandwidth != "loo":
            raise ValueError(
                "adaptive='auto' chooses the neighbour by leave-one-out likelihood: it needs bandwidth='loo'"
            )
        several = [replace(task, adaptive=k) for k in NEIGHBOURS if k < len(task.points)]
        if not several:
            raise ValueError(f"adaptive='auto' needs more than {NEIGHBOURS[0]} different rows, got {len(task.points)}")
        return max((choose(each, kind, keep) for each in several), key=lambda chosen: chosen.choice.value)
    if not isinstance(kind, str):
        return _with_shape(task, given_shape(kind, task.X.shape[1]))
    if kind == "ml":
        return _with_shape(task, _by_em(task))
    if kind == "auto" and isinstance(task.bandwidth, float):
        kind = "isotropic"  # a number is the width that it says, as in scikit-learn
    if kind != "auto":
        _refuse(task, kind, f"covariance='{kind}'")
        return _with_shape(task, shape_of(task.points, task.weights, kind))
    possible = [kind for kind in KINDS if obstacle(task.points, task.weights, kind, task.names) is None]
    shapes = [shape_of(task.points, task.weights, kind) for kind in possible]
    return max((_with_shape(task, shape, compare=True) for shape in shapes), key=lambda chosen: chosen.choice.value)


def _refuse(task: Task, kind: str, asked: str, other: str = "") -> None:
    """Raise ValueError where the data have no kernel of this kind; ``other`` than a kernel of another kind may help."""
    if found := obstacle(task.points, task.weights, kind, task.names):
        raise ValueError(f"{asked} needs {found.missing}: {found.columns}, or {other or f'use {found.kinds}'}")


def _by_em(task: Task) -> Shape:
    if not isinstance(task.kernel, Gaussian) or task.adaptive is not None:
        raise ValueError("covariance='ml' needs the Gaussian kernel of one width; use covariance='auto'")
    _refuse(task, "full", "covariance='ml'")
    found = em_kernel_matrix(task.points, task.weights, task.rows, "full", n_jobs=task.n_jobs)
    return Shape.of(found.matrix)


def _with_shape(task: Task, shape: Shape, compare: bool = False) -> Chosen:
    """The width for one shape."""
    points, d = shape.coordinates(task.points), task.X.shape[1]
    log_widths = None if task.adaptive is None else _log_widths(points, int(task.adaptive), task.n_jobs)
    problem = LooProblem(points, task.weights, task.rows, task.kernel, log_widths, task.n_jobs)
    choice = _width(task, problem, compare)
    choice = choice._replace(value=choice.value - shape.log_det_root())
    if choice.curve is not None:
        choice = choice._replace(curve=choice.curve._replace(value=choice.curve.value - shape.log_det_root()))
    spread = np.linalg.eigvalsh(covariance(points, task.weights))
    n = max(task.distinct.effective, 2.0)
    varies = spread[-1] > 0.0  # of a single row nothing is critical
    thresholds = critical_bandwidths(n, d, np.maximum(spread, 1e-12 * spread[-1]) if varies else None)
    if not varies:
        thresholds = Bunch(**dict.fromkeys(thresholds, np.nan))
    return Chosen(shape, choice, choice.h * choice.h * shape.matrix, task.points, thresholds, log_widths)


def _width(task: Task, problem: LooProblem, compare: bool) -> LooChoice:
    points, n, d = problem.points, task.distinct.effective, problem.points.shape[1]
    scale = float(np.sqrt(np.trace(covariance(points, task.weights)) / d))
    if task.bandwidth == "loo":
        start = start_of_search(points, task.rows, task.weights, n)
        try:
            return problem.best(start)
        except NoBandwidthError as error:
            raise ValueError(f"bandwidth='loo' finds none: {error}; give a number or bandwidth='scott'") from None
    if task.bandwidth == "nearest":
        h = nearest_bandwidth(points, task.rows, task.n_jobs)
    elif isinstance(task.bandwidth, str):
        h = scale * _rule(task.bandwidth, n, d)
    else:
        h = float(task.bandwidth)
    value = float(problem.values(np.array([h]))[0][0]) if compare else np.nan
    return LooChoice(h, value, None)


def _rule(name: str, n: float, d: int) -> float:
    """The bandwidth by a rule, in units of the deviation of the data; n is Kish's number of rows."""
    if name != "theory":
        return (scott_factor if name == "scott" else silverman_factor)(n, d)
    if not 1.0 < (n := round(n, 6)) <= LARGEST:
        raise ValueError(f"bandwidth='theory' is for 2 to 1e12 rows of even weights; these are worth {n:g} of them")
    return optimal_bandwidth(n, d)


def _log_widths(points: np.ndarray, k: int, n_jobs: int | None) -> np.ndarray:
    """Logarithms of the distances to the k-th neighbour, over their geometric mean."""
    if k > len(points) - 1:
        raise ValueError(f"adaptive={k} needs more than {k} different rows, got n_samples = {len(points)}")
    sums = KernelSums(points, Gaussian(points.shape[1]), n_jobs=n_jobs)
    squares, _ = sums.nearest(points, k, np.arange(len(points)))
    widths = 0.5 * np.log(np.maximum(squares[:, -1], 1e-300))
    return widths - widths.mean()


def _kept(task: Task, kind: str | np.ndarray) -> Chosen:
    """A kernel whose centres are moved so that the estimate keeps mean and covariance."""
    if not isinstance(task.kernel, Gaussian) or task.adaptive is not None:
        raise ValueError("keep_covariance needs the Gaussian kernel of one width: leave out adaptive, or do not keep")
    if not isinstance(kind, str) or kind == "ml":
        raise ValueError("keep_covariance takes covariance='isotropic', 'diagonal', 'full' or 'auto'")
    # moments can be kept only where they have an inverse, whatever the shape of the kernel
    _refuse(task, "full", "keep_covariance=True", "leave keep_covariance out")
    scale = Shape.of(np.diag(np.diag(covariance(task.points, task.weights)))) if kind == "diagonal" else None
    points = task.points if scale is None else scale.coordinates(task.points)
    gammas = GAMMAS if kind == "auto" else ((1.0,) if kind == "full" else (0.0,))
    n, d = task.distinct.effective, task.X.shape[1]
    fixed = None if task.bandwidth == "loo" else _kept_width(task, points)
    start = 2.5 * scott_factor(n, d)
    choice, gamma, moments = choose_kept(points, task.weights, task.rows, gammas, start, fixed, task.n_jobs)
    H = moments.variances(choice.h, gamma)
    pulled = moments.moved(points, H)
    matrix, shape = (moments.axes * H) @ moments.axes.T, moments.shape(gamma)
    thresholds = kept_thresholds(n, moments.eigenvalues, gamma)
    if scale is not None:
        pulled, both = scale.back(pulled), np.outer(scale.root, scale.root)
        matrix, shape, change = matrix * both, shape * both, scale.log_det_root()
        curve = choice.curve and choice.curve._replace(value=choice.curve.value - change)
        choice = LooChoice(choice.h, choice.value - change, curve)
    return Chosen(Shape.of(shape), choice, matrix, pulled, thresholds)


def _kept_width(task: Task, points: np.ndarray) -> float:
    n, d = task.distinct.effective, points.shape[1]
    if task.bandwidth == "nearest":
        return nearest_bandwidth(shape_of(points, task.weights, "full").coordinates(points), task.rows, task.n_jobs)
    if isinstance(task.bandwidth, str):
        return _rule(task.bandwidth, n, d)
    return float(task.bandwidth)
