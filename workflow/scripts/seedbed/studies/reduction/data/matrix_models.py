"""Generator of simulated data with symmetric positive definite matrices as responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .euclidean_models import outlying
from .replicate import SimulatedSizes, replicate
from .true_predictors import autoregressive_predictors, draw_predictors, predictor_b

Model = Literal["nonlinear", "II-1", "II-2"]
Metric = Literal["log_cholesky", "log_euclidean", "affine_invariant", "frobenius"]
# Beyond these shifts of the Cholesky factor's logarithmic diagonal and of its other entries, and beyond this condition
# number of the factor, double precision would lose the factor of the product. The log-Cholesky distance needs no
# eigenvalues: it bears wider shifts, and only the condition of the factor with rows of length one matters.
_MOST_DIAGONAL, _MOST_OTHER, _WORST_CONDITION = 6.0, 100.0, 1e7
_MOST_LOG_CHOLESKY = 100.0, 1e6


@dataclass(frozen=True, kw_only=True)
class MatrixModel(SimulatedSizes):
    r"""Symmetric positive definite matrices.

    "nonlinear" is ours: 2 x 2 with the Cholesky factor of the correlation matrix of :math:`\tanh(Z_B - 1/2)`, whose
    logarithmic diagonal and lower entry get normal noise of deviation 0.2; X and Z_B as in the Euclidean models.

    II-1 and II-2 are linear and those of Zhang, Xue and Li (2023), as their code has them; X is normal with
    correlation 0.5^|i-j|, and the noise is log-normal, :math:`\log Y = \log D(X) + \epsilon E` with a symmetric
    Gaussian E:

    ====  ====================================================================================
    II-1  2 x 2, off the diagonal :math:`\tanh((X_1 + X_2) / 2)`; :math:`\epsilon = 0.3`
    II-2  3 x 3, D_12 = D_23 = :math:`0.4 \tanh((X_1 + X_2) / 2)`, D_13 =
          :math:`0.4 \sin(X_{p-1} + X_p)`; :math:`\epsilon = 0.1`
    ====  ====================================================================================

    Parameters
    ----------
    model : str
    metric : {"log_cholesky", "log_euclidean", "affine_invariant", "frobenius"}
    n_samples, n_features, n_test : int
        See :class:`~seedbed.studies.reduction.data.replicate.SimulatedSizes`, as for ``n_components``.
    outliers : float
        Share of the training responses whose Cholesky factor, diagonal in logarithms, is shifted by 5 times a
        Cauchy variable per entry, as far as double precision can carry it.
    """

    model: Model = "nonlinear"
    metric: Metric = "log_cholesky"

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        return self._bad_sizes(4 if self.model == "II-2" else 2)

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        n, directions = self.n_samples + self.n_test, None
        if self.model == "nonlinear":
            X = draw_predictors(rng, n, self.n_features, "normal")
            predictor = predictor_b(X[:, 0], X[:, 1])[:, None]
            factors = _factors(np.tanh(predictor[:, 0] - 0.5), 0.2 * rng.normal(size=(n, 3)))
        else:
            X = autoregressive_predictors(rng, n, self.n_features, 0.5, uniform=False)
            directions = np.zeros((self.n_features, 2))
            directions[:2, 0] = directions[-2:, 1] = 1.0
            directions = directions[:, : 1 if self.model == "II-1" else 2]
            predictor = X @ directions
            factors = np.linalg.cholesky(_linear(rng, predictor))
        bad = outlying(rng, self.n_samples, n, self.outliers)
        factors = _disturbed(rng, factors, bad, self.metric == "log_cholesky")
        return replicate(
            X,
            factors @ factors.transpose(0, 2, 1),
            self.n_samples,
            self.metric,
            self.n_components or predictor.shape[1],
            predictor=predictor,
            directions=directions,
            model=self.model,
            outliers=self.outliers,
        )


def _factors(correlation: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Cholesky factors of correlation matrices, with noise on the logarithms of their diagonal and below it."""
    factors = np.zeros((len(correlation), 2, 2))
    factors[:, 0, 0] = np.exp(noise[:, 0])
    factors[:, 1, 0] = correlation + noise[:, 1]
    factors[:, 1, 1] = np.exp(0.5 * np.log1p(1e-9 - correlation**2) + noise[:, 2])
    return factors


def _linear(rng: np.random.Generator, predictor: np.ndarray) -> np.ndarray:
    n, d = predictor.shape
    size, scale = (2, 0.3) if d == 1 else (3, 0.1)
    centre = np.tile(np.eye(size), (n, 1, 1))
    first = np.tanh(predictor[:, 0] / 2.0)
    if d == 1:
        centre[:, 0, 1] = centre[:, 1, 0] = first * (1.0 - 1e-9)
    else:
        for i, j, value in ((0, 1, 0.4 * first), (1, 2, 0.4 * first), (0, 2, 0.4 * np.sin(predictor[:, 1]))):
            centre[:, i, j] = centre[:, j, i] = value
    normal = rng.normal(size=(n, size, size)) / np.sqrt(2.0)
    symmetric = np.tril(normal, -1)
    symmetric = symmetric + symmetric.transpose(0, 2, 1)
    symmetric[:, range(size), range(size)] = normal[:, range(size), range(size)] * np.sqrt(2.0)
    return _of_eigenvalues(np.exp, _of_eigenvalues(np.log, centre) + scale * symmetric)


def _of_eigenvalues(function, matrices: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(matrices)
    return (vectors * function(values)[:, None, :]) @ vectors.transpose(0, 2, 1)


def _disturbed(rng: np.random.Generator, factors: np.ndarray, bad: np.ndarray, log_cholesky: bool) -> np.ndarray:
    diagonal = np.eye(factors.shape[1], dtype=bool)
    most, most_other = _MOST_LOG_CHOLESKY if log_cholesky else (_MOST_DIAGONAL, _MOST_OTHER)
    shift = 5.0 * rng.standard_cauchy(factors.shape) * bad[:, None, None]
    shift = np.where(diagonal, shift.clip(-most, most), shift.clip(-most_other, most_other))

    def condition(factors: np.ndarray) -> np.ndarray:
        lengths = np.linalg.norm(factors, axis=2, keepdims=True) if log_cholesky else 1.0
        return np.linalg.cond(factors / lengths)

    # a matrix that is close to singular without a shift keeps one that makes it little worse
    worst = np.maximum(_WORST_CONDITION, 2.0 * condition(factors))
    while True:
        disturbed = np.where(diagonal, factors * np.exp(shift * diagonal), factors + np.tril(shift, -1))
        too_far = condition(disturbed) > worst
        if not too_far.any():
            return disturbed
        shift[too_far] /= 2.0
