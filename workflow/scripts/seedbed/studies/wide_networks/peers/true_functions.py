"""Oracles: what is learned by those who know which function of the features matters."""

from __future__ import annotations

import numpy as np

__all__ = ["TrueIndexSpline", "TrueInnerPolynomial"]


class TrueIndexSpline:
    """A regression spline in the true index.

    Parameters
    ----------
    known_direction : ndarray of shape (d,)
    """

    def __init__(self, known_direction: np.ndarray) -> None:
        self.known_direction = known_direction

    def fit(self, X: np.ndarray, y: np.ndarray) -> TrueIndexSpline:
        """Cubic, with twelve knots, and ridge by leave-one-out."""
        from sklearn.linear_model import RidgeCV
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import SplineTransformer

        spline = SplineTransformer(12, knots="quantile", extrapolation="linear")
        self._model = make_pipeline(spline, RidgeCV(np.geomspace(1e-6, 1, 13))).fit(self._index(X), y)
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Predictions (m,)."""
        return self._model.predict(self._index(X))

    def _index(self, X: np.ndarray) -> np.ndarray:
        return (X @ self.known_direction)[:, None]


class TrueInnerPolynomial:
    """A polynomial of degree four in the true quadratic form.

    Parameters
    ----------
    known_quadratic_form : ndarray of shape (d, d)
    """

    def __init__(self, known_quadratic_form: np.ndarray) -> None:
        self.known_quadratic_form = known_quadratic_form

    def fit(self, X: np.ndarray, y: np.ndarray) -> TrueInnerPolynomial:
        """Least squares."""
        self._coefficients = np.polynomial.hermite_e.hermefit(self.inner(X), y, 4)
        return self

    def inner(self, X: np.ndarray) -> np.ndarray:
        """The true quadratic form (m,)."""
        return ((X @ self.known_quadratic_form) * X).sum(axis=1)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Predictions (m,)."""
        return np.polynomial.hermite_e.hermeval(self.inner(X), self._coefficients)
