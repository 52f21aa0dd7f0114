r"""How many components to keep.

"spectrum"
    The largest ratio :math:`(\lambda_k + c) / (\lambda_{k+1} + c)` of neighbouring eigenvalues, with
    :math:`c = \lambda_1 / n^{1/2}` so that ratios of noise do not count (Lam and Yao 2012). No refit.
"ladle"
    The minimum of scaled eigenvalue plus bootstrap variability of the space of the first k components (Luo and
    Li 2016). Twenty refits to bootstrap samples.
"cross_validation"
    The least number whose held-out error is within one standard error of the best: responses are predicted by
    their nearest neighbours in the first k components, in five folds. The error is measured in the space of the ball
    kernel, so that it is bounded, and the same for all spaces. It is the one of the three that sees whether the
    components determine the sufficient predictor, which the others do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.base import clone

from seedbed.reduction.fccov.balls import ball_kernel, choose_anchors

if TYPE_CHECKING:
    from seedbed.reduction.spaces.response import Response

CHOICES = ("spectrum", "ladle", "cross_validation")
MAX_COMPONENTS = 6
N_BOOTSTRAPS = 20
N_FOLDS = 5


def choose_dimension(fitted: Any, X: np.ndarray, response: Response, random: np.random.RandomState) -> int:
    """The number of components for ``fitted.n_components``; ``fitted`` has found as many as may be needed."""
    if fitted.n_components == "spectrum":
        return by_spectrum(fitted.eigenvalues_, len(X))
    if fitted.n_components == "ladle":
        return by_ladle(fitted, X, response, random)
    return by_cross_validation(fitted, X, response, random)


def by_spectrum(eigenvalues: np.ndarray, n: int) -> int:
    """The largest ratio of neighbours."""
    values = np.maximum(eigenvalues, 0.0) + max(eigenvalues[0], 1e-300) / np.sqrt(n)
    return 1 if len(values) < 2 else int(np.argmax(values[:-1] / values[1:])) + 1


def by_ladle(fitted: Any, X: np.ndarray, response: Response, random: np.random.RandomState) -> int:
    """Least sum of relative eigenvalue and bootstrap variability."""
    values = np.maximum(fitted.eigenvalues_, 0.0)
    most = len(values)
    if most < 2:
        return 1
    base = _orthonormal(fitted._evaluate(X))
    overlap = np.zeros(most)  # overlap[k]: of the first k components
    for _ in range(N_BOOTSTRAPS):
        rows = random.randint(len(X), size=len(X))
        again = _refitted(fitted, X[rows], response.take(rows), most, random)
        inner = base.T @ _orthonormal(again._evaluate(X))
        # a bootstrap sample of few distinct rows can have fewer components: what is not there does not overlap
        overlap[1:] += [abs(np.linalg.det(inner[:k, :k])) if k <= inner.shape[1] else 0.0 for k in range(1, most)]
    variability = np.append(0.0, 1.0 - overlap[1:] / N_BOOTSTRAPS)
    # eigenvalues over their sum, since their scale differs from method to method
    ladle = variability / (1.0 + variability.sum()) + 0.5 * values / max(values.sum(), 1e-300)
    return max(1, int(ladle.argmin()))


def by_cross_validation(fitted: Any, X: np.ndarray, response: Response, random: np.random.RandomState) -> int:
    """Least number of components whose nearest neighbours predict about as well as the best."""
    most = len(fitted.eigenvalues_)
    kernel = ball_kernel(response, choose_anchors(len(X), random))
    errors = np.empty((len(X), most))
    order = random.permutation(len(X))
    for fold in np.array_split(order, N_FOLDS):
        rest = np.setdiff1d(order, fold)
        again = _refitted(fitted, X[rest], response.take(rest), most, random)
        near, far = again._evaluate(X[rest]), again._evaluate(X[fold])
        for k in range(1, most + 1):
            errors[fold, k - 1] = neighbour_errors(kernel, rest, fold, near[:, :k], far[:, :k])
    mean = errors.mean(axis=0)
    best = int(mean.argmin())
    worse = errors - errors[:, [best]]
    allowed = worse.std(axis=0) / np.sqrt(len(X))
    return int(np.flatnonzero(worse.mean(axis=0) <= allowed)[0]) + 1


def neighbour_errors(
    kernel: np.ndarray, train: np.ndarray, test: np.ndarray, f_train: np.ndarray, f_test: np.ndarray
) -> np.ndarray:
    """Squared distance, in the kernel's space, of each test response to the mean of its nearest neighbours'."""
    k = max(3, int(np.sqrt(len(train)) / 2))
    nearest = np.argpartition(cdist(f_test, f_train), min(k, len(train)) - 1, axis=1)[:, :k]
    neighbours = train[nearest]
    within = kernel[neighbours[:, :, None], neighbours[:, None, :]].mean(axis=(1, 2))
    return kernel[test, test] - 2.0 * kernel[test[:, None], neighbours].mean(axis=1) + within


def _refitted(fitted: Any, X: np.ndarray, response: Response, most: int, random: np.random.RandomState) -> Any:
    again = clone(fitted)
    again._resolution = fitted._resolution
    again._reduce(X, response, most, random)
    return again


def _orthonormal(F: np.ndarray) -> np.ndarray:
    return np.linalg.qr(F - F.mean(axis=0))[0]
