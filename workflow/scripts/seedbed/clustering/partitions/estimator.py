"""What the estimators of a partition have in common: what they check first, and how they warn."""

from __future__ import annotations

import warnings
from numbers import Integral
from typing import ClassVar

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import validate_data

from .few_rows import few_rows_message


class PartitionEstimator(ClusterMixin, BaseEstimator):
    """Base of the estimators that put samples into ``n_clusters`` clusters, with a ``random_state``.

    A subclass's ``fit`` begins with :meth:`_begin`, sets ``labels_``, and tells by :meth:`_warn` what did not converge.
    """

    _parameter_constraints: ClassVar[dict] = {
        "n_clusters": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
    }

    def _begin(self, X, *, least: int = 1, rows_matter: bool = True) -> tuple[np.ndarray, np.random.RandomState]:
        """The data as finite float64 of shape (n, p), and the generator of this fit.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        least : int
            Samples that there must be, whatever ``n_clusters``.
        rows_matter : bool
            Warn where there are fewer distinct rows than clusters.

        Raises
        ------
        ValueError
            For fewer samples than ``least`` or ``n_clusters``, or data that are not finite numbers.
        """
        X = validate_data(self, X, dtype="float64", ensure_min_samples=least)
        if len(X) < self.n_clusters:
            raise ValueError(f"n_samples={len(X)} should be >= n_clusters={self.n_clusters}.")
        message = few_rows_message(X, self.n_clusters, type(self).__name__) if rows_matter else None
        if message is not None:
            self._warn(message, 1)
        return X, check_random_state(self.random_state)

    def _warn(self, message: str, deeper: int = 0) -> None:
        """A ConvergenceWarning from ``fit``, or from what is so many calls ``deeper``."""
        warnings.warn(message, ConvergenceWarning, stacklevel=3 + deeper)
