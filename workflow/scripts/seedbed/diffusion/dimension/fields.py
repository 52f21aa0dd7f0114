r"""Local dimension from a field at a noise level: the score, with or without a gauge.

D is the ambient dimension and f the field, a law (whose score it is) or a function ``f(y, sigma)``.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

from seedbed.counts import whole_number
from seedbed.diffusion.fields.field import Field, ScoreField, divergence, jacobian
from seedbed.diffusion.laws.law import Law, checked_sigma
from seedbed.diffusion.scalars import is_real

__all__ = ["FLIPD", "FieldDimension", "FlowDimension", "JacobianDimension", "NormalBundleDimension", "TraceDimension"]


class FieldDimension(BaseEstimator, ABC):
    """What they share: ``fit`` at the points of X, and a mean over them.

    Parameters
    ----------
    field : Law or callable
    sigma : float
    """

    def fit(self, X: Any, y: Any = None) -> FieldDimension:
        """Estimate the dimension at every row.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Points, of the data or near them.
        y : ignored

        Raises
        ------
        ValueError
            If there is no field, or it has another number of dimensions.
        """
        X = validate_data(self, X, dtype=np.float64)
        if isinstance(self.field, Law):
            field: Field = ScoreField(self.field)
            if self.field.n_features_in_ != X.shape[1]:
                raise ValueError(f"X has {X.shape[1]} features, the law {self.field.n_features_in_}")
        elif callable(self.field):
            field = self.field
        else:
            raise ValueError("field must be a law or a function of y and sigma; for data alone use KernelDimension")
        self.dimension_pw_ = self._at(field, X, checked_sigma(self.sigma))
        self.dimension_ = float(np.mean(self.dimension_pw_))
        return self

    @abstractmethod
    def _at(self, field: Field, X: np.ndarray, sigma: float) -> np.ndarray:
        """Of every row."""


class TraceDimension(FieldDimension):
    r""":math:`D + \sigma^2\nabla\cdot f`; for the score the trace of the posterior covariance over sigma^2.

    A gauge r has :math:`\nabla\cdot r = -r\cdot s`, which is zero where the score is, at the data themselves, and has
    mean zero over draws at the noise level: the trace survives any gauge there and in the mean. At single noisy
    points it does not, and denoising by the field itself and repeating it runs away.

    Parameters
    ----------
    field : Law or callable
    sigma : float, default=0.05

    Attributes
    ----------
    dimension_ : float
        Mean over points.
    dimension_pw_ : ndarray of shape (n_samples,)
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, field: Any = None, sigma: float = 0.05) -> None:
        self.field = field
        self.sigma = sigma

    def _at(self, field: Field, X: np.ndarray, sigma: float) -> np.ndarray:
        return X.shape[1] + sigma**2 * divergence(field, X, sigma)


class FLIPD(FieldDimension):
    r""":math:`D + \sigma^2(\nabla\cdot f + |f|^2)`, the slope of the log density in log sigma; a gauge adds |r|^2.

    Parameters and attributes are those of `TraceDimension`.
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, field: Any = None, sigma: float = 0.05) -> None:
        self.field = field
        self.sigma = sigma

    def _at(self, field: Field, X: np.ndarray, sigma: float) -> np.ndarray:
        return X.shape[1] + sigma**2 * (divergence(field, X, sigma) + (field(X, sigma) ** 2).sum(1))


class NormalBundleDimension(FieldDimension):
    r"""D less the rank of 4 D field vectors around a point, the rank at the largest gap of log singular values.

    Near a manifold scores point at it, and so span its normal space; a gauge adds a direction or more.

    Parameters
    ----------
    field : Law or callable
    sigma : float, default=0.05
    n_draws : int or None, default=None
        Vectors at each point; 4 D if not given.
    random_state : int, Generator or None, default=0

    Attributes
    ----------
    dimension_, dimension_pw_
        As of `TraceDimension`.

    References
    ----------
    Stanczuk, Batzolis, Deveney, Schönlieb (2024), Diffusion models encode the intrinsic dimension of data manifolds.
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(
        self, field: Any = None, sigma: float = 0.05, n_draws: int | None = None, random_state: Any = 0
    ) -> None:
        self.field = field
        self.sigma = sigma
        self.n_draws = n_draws
        self.random_state = random_state

    def _at(self, field: Field, X: np.ndarray, sigma: float) -> np.ndarray:
        rng = np.random.default_rng(self.random_state)
        n, d = X.shape
        draws = 4 * d if self.n_draws is None else whole_number(self.n_draws, "n_draws", 2)
        noisy = X[:, None] + sigma * rng.standard_normal((n, draws, d))
        vectors = field(noisy.reshape(-1, d), sigma).reshape(n, draws, d)
        return d - _rank_at_gap(np.linalg.svd(vectors, compute_uv=False))


class JacobianDimension(FieldDimension):
    r"""D less the rank of the field's Jacobian, at the largest gap of its log singular values.

    Parameters
    ----------
    field : Law or callable
    sigma : float, default=0.05
    symmetrised : bool, default=False
        Of (J + J') / 2, which is no cure for gauges in general.

    Attributes
    ----------
    dimension_, dimension_pw_
        As of `TraceDimension`.
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, field: Any = None, sigma: float = 0.05, symmetrised: bool = False) -> None:
        self.field = field
        self.sigma = sigma
        self.symmetrised = symmetrised

    def _at(self, field: Field, X: np.ndarray, sigma: float) -> np.ndarray:
        J = jacobian(field, X, sigma)
        J = (J + J.transpose(0, 2, 1)) / 2 if self.symmetrised else J
        return X.shape[1] - _rank_at_gap(np.linalg.svd(J, compute_uv=False))


class FlowDimension(FieldDimension):
    r"""From the singular values of the flow's derivative, :math:`\partial y(\sigma)/\partial y(\sigma_{max})`.

    Directions off a manifold shrink in proportion to sigma, the others saturate. The variational equation
    :math:`\dot J = -\sigma^2\nabla f J` in log sigma is integrated with the flow.

    Parameters
    ----------
    field : Law or callable
    sigma : float, default=0.01
        The last noise level.
    sigma_max : float, default=3.0
        The first; rows of X are points there.
    rule : {"slope", "gap"}, default="slope"
        Directions whose log singular value falls by less than half as fast as log sigma over the last decade, which
        shears do not mislead; or those above the largest gap at the end.
    n_steps : int, default=90

    Attributes
    ----------
    dimension_, dimension_pw_
        As of `TraceDimension`.

    Notes
    -----
    Four Jacobians a step, O(n d^3) each.
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(
        self, field: Any = None, sigma: float = 0.01, sigma_max: float = 3.0, rule: str = "slope", n_steps: int = 90
    ) -> None:
        self.field = field
        self.sigma = sigma
        self.sigma_max = sigma_max
        self.rule = rule
        self.n_steps = n_steps

    def _at(self, field: Field, X: np.ndarray, sigma: float) -> np.ndarray:
        if self.rule not in ("slope", "gap"):
            raise ValueError(f"rule must be 'slope' or 'gap', got {self.rule!r}")
        if not is_real(self.sigma_max) or not self.sigma_max > 10 * sigma:
            raise ValueError(f"sigma_max must be more than ten times sigma={sigma:g}, got {self.sigma_max!r}")
        levels = np.linspace(np.log(self.sigma_max), np.log(sigma), whole_number(self.n_steps, "n_steps") + 1)
        derivatives = _derivatives(field, X, levels)
        last = _log_singular_values(derivatives[-1])
        if self.rule == "gap":
            return _rank_at_gap(np.exp(last))
        decade = int(np.argmin(np.abs(levels[:-1] - levels[-1] - np.log(10))))
        slopes = (last - _log_singular_values(derivatives[decade])) / (levels[-1] - levels[decade])
        return (slopes < 0.5).sum(1)


def _derivatives(field: Field, y: np.ndarray, levels: np.ndarray) -> list[np.ndarray]:
    """Of the flow with respect to where it began, after each level."""

    def rates(points: np.ndarray, J: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
        sigma = float(np.exp(level))
        return -(sigma**2) * field(points, sigma), -(sigma**2) * jacobian(field, points, sigma) @ J

    J = np.broadcast_to(np.eye(y.shape[1]), (*y.shape, y.shape[1])).copy()
    derivatives = [J]
    for start, end in itertools.pairwise(levels):
        step = end - start
        k1, q1 = rates(y, J, start)
        k2, q2 = rates(y + step / 2 * k1, J + step / 2 * q1, start + step / 2)
        k3, q3 = rates(y + step / 2 * k2, J + step / 2 * q2, start + step / 2)
        k4, q4 = rates(y + step * k3, J + step * q3, end)
        y = y + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        J = J + step / 6 * (q1 + 2 * q2 + 2 * q3 + q4)
        derivatives.append(J)
    return derivatives


def _log_singular_values(J: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(np.linalg.svd(J, compute_uv=False), 1e-300))


def _rank_at_gap(singular_values: np.ndarray) -> np.ndarray:
    """How many singular values (in falling order) lie above the largest gap of their logarithms."""
    if singular_values.shape[1] < 2:
        raise ValueError("in one dimension there is no gap between singular values; use TraceDimension")
    logs = np.log(np.maximum(singular_values, 1e-300))
    return np.argmax(logs[:, :-1] - logs[:, 1:], axis=1) + 1
