"""What all estimators of the package share: checks, the number of components, ``transform``."""

from __future__ import annotations

from abc import abstractmethod
from numbers import Integral
from typing import Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin, _fit_context
from sklearn.utils import check_consistent_length, check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted, validate_data

from seedbed.reduction.numerics.columns import Columns, resolution_of
from seedbed.reduction.spaces.named import SPACES
from seedbed.reduction.spaces.response import Response

from .dimension_choice import CHOICES, MAX_COMPONENTS, choose_dimension


class Reducer(TransformerMixin, BaseEstimator):
    """Base of the estimators: ``fit(X, y)`` with responses of any space, ``transform(X)``.

    A subclass defines ``_reduce``, which finds so many components, ordered, and ``_evaluate``, their values. The
    components have mean zero, unit variance and no correlation on the training data.

    Attributes
    ----------
    n_components_ : int
    eigenvalues_ : ndarray
        What the method maximises, component by component; also of some components that are not kept, where
        the number was chosen.
    """

    _parameter_constraints: ClassVar[dict] = {
        "n_components": [Interval(Integral, 1, None, closed="left"), StrOptions(set(CHOICES))],
        "metric": [StrOptions(set(SPACES)), callable],
        "random_state": ["random_state"],
    }
    _min_samples = 4
    _resolution = float(np.finfo(np.float64).eps)  # of the numbers in X, as they were given

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any) -> Reducer:
        """Estimate the components.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : n_samples responses; see ``metric``.
            With ``metric="precomputed"`` their distances (n_samples, n_samples).

        Returns
        -------
        self

        Raises
        ------
        ValueError
            For data that are no finite numbers, objects that do not belong to the space, too few samples, or more
            components than there can be.
        """
        X, response = self._checked(X, y)
        limit = self._most_components(X, response)
        random = check_random_state(self.random_state)
        if isinstance(self.n_components, str):
            self._reduce(X, response, min(limit, MAX_COMPONENTS), random)
            chosen = choose_dimension(self, X, response, random)
        else:
            chosen = int(self.n_components)
            if chosen > limit:
                raise ValueError(f"n_components={chosen} must be at most {limit} for these data")
            self._reduce(X, response, chosen, random)
            if len(self.eigenvalues_) < chosen:
                found = len(self.eigenvalues_)
                raise ValueError(
                    f"n_components={chosen} must be at most {found}: no more can be told apart in these data"
                )
        self.n_components_ = self._n_features_out = chosen
        return self

    def transform(self, X: Any) -> np.ndarray:
        """The estimated sufficient predictor (n_samples, n_components_)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return self._evaluate(X)[:, : self.n_components_]

    def fit_transform(self, X: Any, y: Any) -> np.ndarray:
        """``fit(X, y).transform(X)``."""
        return self.fit(X, y).transform(X)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.target_tags.multi_output = True
        return tags

    def _checked(self, X: Any, y: Any) -> tuple[np.ndarray, Response]:
        name = type(self).__name__
        if y is None:
            raise ValueError(f"This {name} estimator requires y to be passed, but the target y is None.")
        self._resolution = resolution_of(X)
        X = validate_data(self, X, dtype=np.float64, ensure_min_samples=self._min_samples)
        response = Response.of(y, self.metric)
        check_consistent_length(X, response)
        if not Columns.of(X, self._resolution).vary:
            raise ValueError(f"{name} needs X to vary; all its rows are equal")
        if response.distances_from(np.array([0])).max() == 0.0:
            raise ValueError(f"{name} needs responses that differ; all are equal")
        return X, response

    def _most_components(self, X: np.ndarray, response: Response) -> int:
        """The most components that these data allow."""
        return min(X.shape[1], len(X) - 1)

    @abstractmethod
    def _reduce(self, X: np.ndarray, response: Response, n_components: int, random: np.random.RandomState) -> None:
        """Find components, most important first, and set ``eigenvalues_``."""

    @abstractmethod
    def _evaluate(self, X: np.ndarray) -> np.ndarray:
        """Values of all components that ``_reduce`` found."""
