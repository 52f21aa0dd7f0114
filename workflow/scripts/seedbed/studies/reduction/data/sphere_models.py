"""Generator of simulated data with points on a sphere as responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .euclidean_models import outlying
from .replicate import SimulatedSizes, replicate
from .true_predictors import autoregressive_predictors, draw_predictors, predictor_a, predictor_b

Model = Literal["nonlinear", "III-1", "III-2", "III-3"]


@dataclass(frozen=True, kw_only=True)
class SphereModel(SimulatedSizes):
    r"""Points on a circle or a sphere; geodesic distance.

    "nonlinear" is ours: angles :math:`\pi \Phi(Z_A - 3/2) + 0.2 \epsilon` from the pole and
    :math:`\pi \Phi(2 Z_B - 1) + 0.2 \epsilon'` around it; X, Z_A and Z_B as in the Euclidean models.

    III-1 to III-3 are those of Zhang, Xue and Li (2023), as their code has them; X is normal with correlation
    0.5^|i-j|, made uniform, and the noise has deviation 0.2:

    =====  ======================================================================================
    III-1  on the circle, around :math:`(\cos \pi X_1, \sin \pi X_1)`
    III-2  around :math:`(\sqrt{1 - X_2^2} \cos \pi X_1, \sqrt{1 - X_2^2} \sin \pi X_1, X_2)`, noise in the
           tangent plane
    III-3  :math:`(\sin a \sin b, \sin a \cos b, \cos a)` with angles :math:`a = \pi X_1 + 0.2 \epsilon,\
           b = \pi X_2 + 0.2 \epsilon'`
    =====  ======================================================================================

    Parameters
    ----------
    model : str
    n_samples, n_features, n_test : int
        See :class:`~seedbed.studies.reduction.data.replicate.SimulatedSizes`, as for ``n_components``.
    outliers : float
        Share of the training responses that are replaced by points from the uniform law on the sphere.
    """

    model: Model = "nonlinear"

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        return self._bad_sizes(2)

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        n, directions = self.n_samples + self.n_test, None
        noise = 0.2 * rng.normal(size=(n, 2))
        if self.model == "nonlinear":
            from scipy.special import ndtr

            X = draw_predictors(rng, n, self.n_features, "normal")
            shares = np.column_stack(
                [ndtr(predictor_a(X[:, 0], X[:, 1]) - 1.5), ndtr(2.0 * predictor_b(X[:, 0], X[:, 1]) - 1.0)]
            )
            predictor, y = shares, _from_angles(np.pi * shares + noise)
        else:
            X = autoregressive_predictors(rng, n, self.n_features, 0.5, uniform=True)
            directions = np.eye(self.n_features)[:, : 1 if self.model == "III-1" else 2]
            predictor = X @ directions
            if self.model == "III-1":
                angle = np.pi * X[:, 0] + noise[:, 0]
                y = np.column_stack([np.cos(angle), np.sin(angle)])
            else:
                y = _from_angles(np.pi * predictor + noise) if self.model == "III-3" else _tangent(predictor, noise)
        bad = outlying(rng, self.n_samples, n, self.outliers)
        uniform = rng.normal(size=y.shape)
        y = np.where(bad[:, None], uniform / np.linalg.norm(uniform, axis=1, keepdims=True), y)
        return replicate(
            X,
            y,
            self.n_samples,
            "geodesic",
            self.n_components or predictor.shape[1],
            predictor=predictor,
            directions=directions,
            model=self.model,
            outliers=self.outliers,
        )


def _from_angles(angles: np.ndarray) -> np.ndarray:
    a, b = angles.T
    return np.column_stack([np.sin(a) * np.sin(b), np.sin(a) * np.cos(b), np.cos(a)])


def _tangent(predictor: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Points at arc |noise| from the centres, in the direction of the noise."""
    turn, height = np.pi * predictor[:, 0], predictor[:, 1]
    radius, zero = np.sqrt(1.0 - height**2), np.zeros(len(turn))
    centre = np.column_stack([radius * np.cos(turn), radius * np.sin(turn), height])
    around = np.column_stack([-np.sin(turn), np.cos(turn), zero])
    upwards = np.cross(centre, around)
    step = noise[:, :1] * around + noise[:, 1:] * upwards
    arc = np.linalg.norm(step, axis=1, keepdims=True)
    return np.cos(arc) * centre + np.sinc(arc / np.pi) * step
