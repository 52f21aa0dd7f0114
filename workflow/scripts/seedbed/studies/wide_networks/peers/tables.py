"""What people use on small tables, tuned as they tune it: one class for labels and for numbers.

Whole numbers in ``y`` are classes. Seeds are fixed by ``random_state``; all run on one thread.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from seedbed.core.errors import SkipFit

__all__ = ["Forest", "Linear", "Majority", "MaternProcess", "Peer", "TunedSVM", "has_classes"]


def has_classes(y: np.ndarray) -> bool:
    """Whether the response is a class."""
    return np.asarray(y).dtype.kind != "f"


class Peer(ABC):
    """A model of scikit-learn, made when the response is known."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> Peer:
        """Make the model for this response, tune and fit it."""
        self.model_ = self._model(X, has_classes(y)).fit(X, y)
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Predictions (m,)."""
        return self.model_.predict(X)

    @abstractmethod
    def _model(self, X: np.ndarray, classes: bool) -> Any:
        """The model, not fitted."""


class TunedSVM(Peer):
    """Support vectors with a Gaussian kernel, its width and cost by cross-validation on a grid.

    Parameters
    ----------
    folds : int
    n_costs : int
        Of labels 1, 10, 100 at least, 0.1 and 1000 besides; of numbers one less at the upper end.
    n_widths : int
        Up to four: 0.3/d, 1/d, 0.1/d and 3/d.
    """

    def __init__(self, folds: int = 5, n_costs: int = 5, n_widths: int = 4) -> None:
        self.folds, self.n_costs, self.n_widths = folds, n_costs, n_widths

    def _model(self, X: np.ndarray, classes: bool) -> Any:
        from sklearn.model_selection import GridSearchCV
        from sklearn.svm import SVC, SVR

        costs = [1.0, 10.0, 0.1, 100.0, *([1000.0] if classes else [])][: self.n_costs]
        widths = np.array([1.0, 0.3, 0.1, 3.0] if classes else [0.3, 0.1, 1.0, 0.03])[: self.n_widths] / X.shape[1]
        return GridSearchCV(SVC() if classes else SVR(), {"C": sorted(costs), "gamma": sorted(widths)}, cv=self.folds)


class Forest:
    """A random forest, its features a split by the score out of bag.

    Parameters
    ----------
    n_trees : int
    shares : sequence of "sqrt" or float
        Features that a split may choose from.
    random_state : int
    """

    def __init__(
        self, n_trees: int = 200, shares: Sequence[str | float] = ("sqrt", 0.3, 1.0), random_state: int = 0
    ) -> None:
        self.n_trees, self.shares, self.random_state = n_trees, shares, random_state

    def fit(self, X: np.ndarray, y: np.ndarray) -> Forest:
        """Fit a forest for each share, and keep the first of the best."""
        from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

        made = RandomForestClassifier if has_classes(y) else RandomForestRegressor
        settings = {"n_estimators": self.n_trees, "random_state": self.random_state, "n_jobs": 1, "oob_score": True}
        forests = [made(max_features=share, **settings).fit(X, y) for share in self.shares]
        self.model_ = max(forests, key=attrgetter("oob_score_"))
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Predictions (m,)."""
        return self.model_.predict(X)


class Linear(Peer):
    """Logistic regression, its strength by cross-validation; of numbers ridge, its strength by leave-one-out.

    Parameters
    ----------
    n_strengths : int
        Of logistic regression.
    folds : int
    """

    def __init__(self, n_strengths: int = 8, folds: int = 5) -> None:
        self.n_strengths, self.folds = n_strengths, folds

    def _model(self, X: np.ndarray, classes: bool) -> Any:
        from sklearn.linear_model import LogisticRegression, RidgeCV
        from sklearn.model_selection import GridSearchCV

        if not classes:
            return RidgeCV(np.geomspace(0.01, 1e3, 20))
        strengths = {"C": np.geomspace(1e-3, 1e3, self.n_strengths)}
        return GridSearchCV(LogisticRegression(max_iter=500), strengths, cv=self.folds)


class MaternProcess(Peer):
    """A Gaussian process with a Matérn kernel of smoothness 3/2 and noise, by the evidence; of numbers alone."""

    def _model(self, X: np.ndarray, classes: bool) -> Any:
        if classes:
            raise SkipFit("Gaussian process regression is for numbers; these are classes")
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

        return GaussianProcessRegressor(ConstantKernel() * Matern(3.0, nu=1.5) + WhiteKernel(0.1, (1e-8, 10.0)))


class Majority(Peer):
    """The most frequent class, or the mean."""

    def _model(self, X: np.ndarray, classes: bool) -> Any:
        from sklearn.dummy import DummyClassifier, DummyRegressor

        return DummyClassifier() if classes else DummyRegressor()
