"""What kernel methods share: functions of a Gaussian kernel of X, a ridge, and cross-validation of both."""

from __future__ import annotations

import itertools
from abc import abstractmethod
from collections.abc import Iterator
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from sklearn.utils._param_validation import Interval, StrOptions

from seedbed.reduction.numerics.columns import Columns
from seedbed.reduction.numerics.leading_eigenpairs import leading_eigenpairs
from seedbed.reduction.reducer import Reducer
from seedbed.reduction.spaces.response import Response

from .gaussian_features import GaussianFeatures

COMPLEXITIES = (0.3, 1.0)
RIDGES = (1e-4, 1e-3, 1e-2, 1e-1)
Setting = tuple[float, float, float | None]  # complexity, ridge, ridge of the responses


class KernelReducer(Reducer):
    """Base of the kernel methods.

    A subclass says with ``_objective`` what is maximised over combinations of orthonormal features, and with
    ``_judge`` how held-out components are judged: by tr(S^-1 M), S their covariance and M what this kernel of the
    held-out responses sees of them. A fold costs one eigenvalue problem per complexity, whatever the number of ridges.

    Attributes
    ----------
    complexity_, ridge_ : float
        As given, or as chosen.
    cv_scores_ : dict
        Mean held-out score for every setting that was tried: (complexity, ridge, response ridge or None).
    """

    _parameter_constraints: ClassVar[dict] = {
        **Reducer._parameter_constraints,
        "complexity": [Interval(Real, 0, None, closed="neither"), StrOptions({"cross_validation"})],
        "ridge": [Interval(Real, 0, None, closed="neither"), StrOptions({"cross_validation"})],
        "n_folds": [Interval(Integral, 2, None, closed="left")],
    }

    def _reduce(self, X: np.ndarray, response: Response, n_components: int, random: np.random.RandomState) -> None:
        self._columns = Columns.of(X, self._resolution)
        X = self._columns.standard(X)
        setting = self._chosen(X, response, n_components, random)
        self.complexity_, self.ridge_ = setting[:2]
        if setting[2] is not None:
            self.response_ridge_ = setting[2]
        self._features = features = GaussianFeatures(X, self.complexity_)
        prepared = self._prepared(features, self._response_part(response, random))
        self.eigenvalues_, vectors = self._leading(prepared, features, setting, n_components)
        on_sample = features.on_sample[:, : len(vectors)]
        values = on_sample @ vectors
        upper = np.linalg.qr(values - values.mean(axis=0))[1]
        upper[np.diag_indices(len(upper))] += np.diagonal(upper) == 0.0  # of a part of the rows that are all equal
        vectors = np.linalg.solve(upper.T, vectors.T).T * np.sqrt(len(X))
        values = on_sample @ vectors
        largest = np.abs(values).argmax(axis=0)
        vectors *= np.where(values[largest, np.arange(len(largest))] < 0, -1.0, 1.0)
        self._coefficients = features.coefficients(vectors)

    def _evaluate(self, X: np.ndarray) -> np.ndarray:
        return self._features.evaluate(self._columns.standard(X), self._coefficients)

    def _most_components(self, X: np.ndarray, response: Response) -> int:
        return max(1, min((len(X) - 1) // 4, len(np.unique(X, axis=0)) - 1))

    @abstractmethod
    def _response_part(self, response: Response, random: np.random.RandomState) -> Any:
        """What the objective needs of the responses."""

    @abstractmethod
    def _prepared(self, features: GaussianFeatures, part: Any) -> Any:
        """What the objective needs whatever the ridges."""

    @abstractmethod
    def _objective(self, prepared: Any, damping: np.ndarray, response_ridge: float | None) -> np.ndarray:
        """A symmetric matrix whose leading eigenvectors, damped, combine the first features."""

    @abstractmethod
    def _judge(self, response: Response, random: np.random.RandomState) -> np.ndarray:
        """A kernel (n, n) of held-out responses, of which the rows' means are zero."""

    def _response_ridges(self) -> tuple[float | None, ...]:
        """What to choose the ridge of the responses from, where a method has one to choose."""
        return (None,)

    def _leading(
        self, prepared: Any, features: GaussianFeatures, setting: Setting, n_components: int
    ) -> tuple[np.ndarray, np.ndarray]:
        damping = features.strength / (features.strength + setting[1])
        matrix = self._objective(prepared, damping, setting[2])
        values, vectors = leading_eigenpairs(matrix, n_components)
        return values, damping[: len(matrix), None] * vectors

    def _chosen(self, X: np.ndarray, response: Response, n_components: int, random: np.random.RandomState) -> Setting:
        """The setting, by cross-validation where it is not given."""
        complexities = COMPLEXITIES if self.complexity == "cross_validation" else (float(self.complexity),)
        ridges = RIDGES if self.ridge == "cross_validation" else (float(self.ridge),)
        settings = list(itertools.product(complexities, ridges, self._response_ridges()))
        self.cv_scores_ = dict.fromkeys(settings, 0.0)
        if len(settings) == 1:
            return settings[0]
        n_folds = max(2, min(self.n_folds, len(X) // (2 * n_components + 2)))
        for fold in np.array_split(random.permutation(len(X)), n_folds):
            for setting, score in self._fold_scores(X, response, n_components, fold, random):
                self.cv_scores_[setting] += score / n_folds
        return max(settings, key=self.cv_scores_.__getitem__)

    def _fold_scores(
        self,
        X: np.ndarray,
        response: Response,
        n_components: int,
        fold: np.ndarray,
        random: np.random.RandomState,
    ) -> Iterator[tuple[Setting, float]]:
        rest = np.setdiff1d(np.arange(len(X)), fold)
        part = self._response_part(response.take(rest), random)
        judge = self._judge(response.take(fold), random)
        for complexity in dict.fromkeys(setting[0] for setting in self.cv_scores_):
            features = GaussianFeatures(X[rest], complexity)
            prepared = self._prepared(features, part)
            settings = [setting for setting in self.cv_scores_ if setting[0] == complexity]
            found = [self._leading(prepared, features, setting, n_components)[1] for setting in settings]
            values = features.evaluate(X[fold], features.coefficients(np.hstack(found)))
            for setting, scores in zip(settings, np.split(values, len(settings), axis=1), strict=True):
                yield setting, scale_free_covariance(scores, judge)


def scale_free_covariance(F: np.ndarray, kernel: np.ndarray) -> float:
    """tr(S^-1 M) with S = F'F / n and M = F'KF / n^2 for centred F; components that do not vary count nothing."""
    F = F - F.mean(axis=0)
    covariance, inside = F.T @ F / len(F), F.T @ kernel @ F / len(F) ** 2
    ridge = 1e-6 * np.trace(covariance) / len(covariance) + 1e-300
    return float(np.trace(np.linalg.solve(covariance + ridge * np.eye(len(covariance)), inside)))
