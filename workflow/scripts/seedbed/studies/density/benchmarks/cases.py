"""Benchmarks of the density study: log densities, and the choice of a bandwidth, against other libraries.

Problems are built, and everything is loaded and compiled, before the clock starts. Errors are measured against the
direct log-sum-exp of differences, on a few queries.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy.special import logsumexp

from seedbed.core.study import Case
from seedbed.density.bandwidths.kernel_matrix_em import em_kernel_matrix
from seedbed.density.bandwidths.loo_likelihood import loo_bandwidth
from seedbed.density.estimator.high_dimensional_kde import HighDimensionalKDE

CHECKED = 20
GRID = np.geomspace(0.4, 1.6, 16)


def scoring(n: int, queries: int, d: int, h: float) -> dict[str, Any]:
    """Gaussian rows, queries, and every contender fitted."""
    from scipy.stats import gaussian_kde
    from sklearn.neighbors import KernelDensity

    rng = np.random.default_rng(0)
    X, Q = rng.normal(size=(n, d)), rng.normal(size=(queries, d))
    # exactly white rows, so that SciPy's covariance of the data is the identity and all sum the same kernel
    X -= X.mean(axis=0)
    X = np.linalg.solve(np.linalg.cholesky(np.cov(X.T)), X.T).T.copy()
    problem = {"X": X, "Q": Q, "h": h, "ours": HighDimensionalKDE(h).fit(X)}
    problem["single"] = HighDimensionalKDE(h, dtype=np.float32).fit(X)
    problem["scipy"] = gaussian_kde(X.T, bw_method=h)
    problem["exact"] = KernelDensity(bandwidth=h, leaf_size=n).fit(X)
    problem["default"] = KernelDensity(bandwidth=h).fit(X)
    for name in ("ours", "single"):
        problem[name].score_samples(Q[:2])
    return problem


def _ours(name: str, problem: dict[str, Any]) -> np.ndarray:
    return problem[name].score_samples(problem["Q"])


def _scipy(method: str, problem: dict[str, Any]) -> np.ndarray:
    return getattr(problem["scipy"], method)(problem["Q"].T)


def _sklearn(name: str, problem: dict[str, Any]) -> np.ndarray:
    return problem[name].score_samples(problem["Q"])


def log_density_error(problem: dict[str, Any], found: np.ndarray) -> float:
    """Largest error of a log density against the direct sum over differences, of the estimate that was asked for."""
    return float(np.abs(np.asarray(found)[:CHECKED] - _direct(problem)).max())


def _direct(problem: dict[str, Any]) -> np.ndarray:
    X, h, d = problem["X"], problem["h"], problem["X"].shape[1]
    squares = [((X - row) ** 2).sum(axis=1) for row in problem["Q"][:CHECKED]]
    sums = np.array([logsumexp(-0.5 * each / h**2) for each in squares])
    return sums - np.log(len(X)) - d * np.log(h) - 0.5 * d * np.log(2.0 * np.pi)


def searching(n: int, d: int, rows: int, passes: int = 1) -> dict[str, Any]:
    """Gaussian rows to choose a bandwidth for, several times in a run where the first touch of memory would count."""
    import sklearn.model_selection
    import sklearn.neighbors  # noqa: F401

    X = np.random.default_rng(0).normal(size=(n, d))
    loo_bandwidth(X[:600])  # enough for pairs that serve both of their points
    return {"X": X, "rows": rows, "passes": passes}


def _search(problem: dict[str, Any]) -> float:
    for _ in range(problem["passes"]):
        found = loo_bandwidth(problem["X"], n_loo=problem["rows"], random_state=0)
    return found


def _grid_search(problem: dict[str, Any]) -> float:
    """The best of sixteen bandwidths in five folds, over as many rows as ours averages over."""
    from sklearn.model_selection import GridSearchCV
    from sklearn.neighbors import KernelDensity

    for _ in range(problem["passes"]):
        search = GridSearchCV(KernelDensity(), {"bandwidth": GRID}).fit(problem["X"][: problem["rows"]])
    return float(search.best_params_["bandwidth"])


def _from_the_best(problem: dict[str, Any], h: float) -> float:
    """Distance of log h from that of the exact risk."""
    from seedbed.density.theory.exact_risk import optimal_bandwidth

    return float(abs(np.log(h / optimal_bandwidth(*problem["X"].shape))))


def diagonal(n: int, d: int) -> dict[str, Any]:
    """Correlated rows to choose the widths of a diagonal kernel for."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d)) @ (np.eye(d) + 0.5 * rng.normal(size=(d, d)))
    problem = {"X": X}
    _by_em({"X": X[:40]})
    return problem


def _by_em(problem: dict[str, Any]) -> np.ndarray:
    """Widths of every column by expectation maximisation of the leave-one-out likelihood."""
    X = problem["X"]
    found = em_kernel_matrix(X, np.full(len(X), 1.0 / len(X)), np.arange(len(X)), "diagonal", tol=1e-6, max_iter=100)
    return np.sqrt(np.diag(found.matrix))


def _by_statsmodels(problem: dict[str, Any]) -> np.ndarray:
    """The same widths by a simplex search; statsmodels is among the requirements of development alone."""
    from statsmodels.nonparametric.kernel_density import KDEMultivariate

    X = problem["X"]
    return np.asarray(KDEMultivariate(X, "c" * X.shape[1], bw="cv_ml").bw)


def _lost_likelihood(problem: dict[str, Any], widths: np.ndarray) -> float:
    """Mean leave-one-out log density, below that of a long run of ours."""
    X = problem["X"]
    return _leave_one_out(X, _by_em(problem)) - _leave_one_out(X, widths)


def _leave_one_out(X: np.ndarray, widths: np.ndarray) -> float:
    Z = X / widths
    terms = -0.5 * ((Z[:, None] - Z[None]) ** 2).sum(axis=-1)
    np.fill_diagonal(terms, -np.inf)
    return float(logsumexp(terms, axis=1).mean() - np.log(widths).sum())


SCORERS: dict[str, Callable[[dict[str, Any]], np.ndarray]] = {
    "seedbed": partial(_ours, "ours"),
    "scikit-learn, leaf_size=n": partial(_sklearn, "exact"),
    "scikit-learn, default": partial(_sklearn, "default"),
    "SciPy, logpdf": partial(_scipy, "logpdf"),
    "SciPy, pdf": lambda problem: np.log(_scipy("pdf", problem)),
}
SEARCHERS: dict[str, Callable[[dict[str, Any]], float]] = {"seedbed": _search, "GridSearchCV": _grid_search}


def _scoring_case(n: int, d: int, h: float, targets: dict[str, float], queries: int = 2000) -> Case:
    return Case(
        name=f"score_{n}_d{d}",
        problem=partial(scoring, n, queries, d, h),
        contenders=SCORERS,
        accuracy=log_density_error,
        accuracy_label="largest error of a log density, nats",
        peer="scikit-learn, leaf_size=n",
        target=targets["scikit-learn, leaf_size=n"],
        more_targets={name: target for name, target in targets.items() if name != "scikit-learn, leaf_size=n"},
        warm=True,
    )


CASES = (
    _scoring_case(
        100_000, 20, 0.7,
        {"scikit-learn, leaf_size=n": 20.0, "scikit-learn, default": 60.0, "SciPy, logpdf": 18.0, "SciPy, pdf": 8.0},
        queries=400,
    ),
    _scoring_case(50_000, 60, 0.95, {"scikit-learn, leaf_size=n": 20.0, "SciPy, pdf": 13.0}, queries=400),
    Case(
        name="bandwidth_2000_d20",
        problem=partial(searching, 2000, 20, 2000, 4),
        contenders=SEARCHERS,
        accuracy=_from_the_best,
        accuracy_label="distance of log h from that of the exact risk",
        peer="GridSearchCV",
        target=300.0,
        warm=True,
    ),
    Case(
        name="bandwidth_20000_d20_2000_rows",
        problem=partial(searching, 20_000, 20, 2000),
        contenders=SEARCHERS,
        accuracy=_from_the_best,
        accuracy_label="distance of log h from that of the exact risk",
        peer="GridSearchCV",
        target=100.0,
        warm=True,
    ),
    Case(
        name="diagonal_500_d4",
        problem=partial(diagonal, 500, 4),
        contenders={"seedbed": _by_em, "statsmodels, cv_ml": _by_statsmodels},
        accuracy=_lost_likelihood,
        accuracy_label="leave-one-out log density lost against the better one, nats",
        peer="statsmodels, cv_ml",
        target=200.0,
        warm=True,
    ),
    Case(
        name="single_precision_100000_d20",
        problem=partial(scoring, 100_000, 400, 20, 0.7),
        contenders={"float32 tiles": partial(_ours, "single"), "float64 tiles": partial(_ours, "ours")},
        accuracy=log_density_error,
        accuracy_label="largest error of a log density, nats",
        peer="float64 tiles",
        target=1.8,
        warm=True,
    ),
)  # fmt: skip
