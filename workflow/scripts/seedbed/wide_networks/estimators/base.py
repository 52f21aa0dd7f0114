"""What estimators with kernels of wide networks share: parameters, input, and predictions."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from seedbed.wide_networks.kernels.matrix import diagonals, kernel_matrices
from seedbed.wide_networks.recursions.network import Network, refuse_large, warn_if_deep
from seedbed.wide_networks.recursions.rows import refuse_too_many, rows_of

_PAIRS_AT_ONCE = 20_000_000  # of queries and rows: 160 MB


class Number(Interval):
    """An interval of numbers, of which truth values are none."""

    def is_satisfied_by(self, val: Any) -> bool:
        """Whether a parameter may have this value."""
        return not isinstance(val, bool) and super().is_satisfied_by(val)


class WideBase(BaseEstimator):
    """Input, weights, and sums over the kernel."""

    which = "ntk"
    _parameter_constraints: ClassVar[dict] = {
        "depth": [Number(Integral, 1, None, closed="left"), StrOptions({"auto"}), "array-like"],
        "input_bias": [Number(Real, 0, None, closed="left"), StrOptions({"auto"}), "array-like"],
        "activation": [str, callable],
        "sigma_w": [Number(Real, 0, None, closed="neither"), None],
        "sigma_b": [Number(Real, 0, None, closed="left")],
        "fit_intercept": ["boolean"],
    }

    network_: Network
    dual_coef_: np.ndarray
    intercept_: Any
    _rows: np.ndarray

    def _numbers(self, X: Any, reset: bool) -> np.ndarray:
        X = validate_data(self, X, accept_sparse=("csr", "csc"), dtype=np.float64, reset=reset)
        return self._dense(X)

    def _dense(self, X: Any) -> np.ndarray:
        X = X if isinstance(X, np.ndarray) else X.toarray()
        refuse_large(X, "X")
        return X

    def _targets(self, X: Any, y: Any, sample_weight: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows that count, their real targets (n,) or (n, t), and roots of their weights."""
        X, y = validate_data(
            self, X, y, accept_sparse=("csr", "csc"), dtype=np.float64, multi_output=True, y_numeric=True
        )
        return self._weighted(self._dense(X), np.asarray(y, dtype=np.float64), sample_weight)

    def _weighted(self, X: np.ndarray, y: np.ndarray, sample_weight: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows that count, their targets, and roots of their weights."""
        weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        kept = weights > 0.0
        n = int(np.count_nonzero(kept))
        if n < 2:
            raise ValueError(f"at least two rows of positive weight are needed to leave one out; got {n} sample")
        refuse_too_many(n, n)
        return (X, y, np.sqrt(weights)) if kept.all() else (X[kept], y[kept], np.sqrt(weights[kept]))

    def _take_network(self, network: Network, X: np.ndarray) -> None:
        warn_if_deep(network)
        self.network_, self._rows = network, X.copy()
        self.depth_, self.input_bias_ = network.depth, network.input_bias

    def _between(self, X: np.ndarray, *wanted: str) -> list[np.ndarray]:
        """Kernels between queries and the rows."""
        kinds = wanted or (self.which,)
        queries, rows = (rows_of(side, self.network_) for side in (X, self._rows))
        return kernel_matrices(self.network_, queries, rows, kinds, np.dtype(float))

    def _diagonal(self, X: np.ndarray, which: str) -> np.ndarray:
        return diagonals(self.network_, rows_of(X, self.network_), (which,))[0]

    def _parts(self, n: int) -> list[slice]:
        """Queries that are worked on at once."""
        step = max(1, _PAIRS_AT_ONCE // len(self._rows))
        return [slice(start, min(start + step, n)) for start in range(0, n, step)]

    def _sums(self, X: Any) -> np.ndarray:
        """Sums of the kernel with the coefficients, plus the intercept, (n, t)."""
        check_is_fitted(self)
        X = self._numbers(X, reset=False)
        dual = self.dual_coef_.reshape(len(self._rows), -1)
        parts = [self._between(X[part])[0] @ dual for part in self._parts(len(X))]
        return np.concatenate(parts) + np.atleast_1d(self.intercept_)

    def _means(self, X: Any) -> np.ndarray:
        """The sums in the shape of the targets, (n,) or (n, t)."""
        found = self._sums(X)
        return found[:, 0] if self.dual_coef_.ndim == 1 else found

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags
