"""Fields in place of the score: with gauges, with what is no gauge, a multiple, and a projection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from seedbed.diffusion.fields.conservative import conservative_part
from seedbed.diffusion.fields.field import Field, ScoreField
from seedbed.diffusion.fields.gauge import GaugeField
from seedbed.diffusion.laws.law import Law
from seedbed.diffusion.laws.sphere import SphereLaw

__all__ = ["Gauge", "ProjectedGauge", "Rotation", "Scaled", "Sheared"]


@dataclass(frozen=True)
class Scaled:
    """A multiple of the score: conservative, and not the score unless the factor is one."""

    factor: float = 1.0

    def build(self, law: Law, norm: float, seed: int) -> Field:
        return ScoreField(law, self.factor)


@dataclass(frozen=True)
class Gauge:
    """Score plus a gauge field."""

    kind: str = "constant"

    def build(self, law: Law, norm: float, seed: int) -> Field:
        return GaugeField(law, norm, self.kind, random_state=seed)


@dataclass(frozen=True)
class Rotation:
    """Score plus a rotation around a point that is not the law's centre: without divergence, and no gauge."""

    def build(self, law: Law, norm: float, seed: int) -> Field:
        return _Rotated(law, norm, seed)


@dataclass(frozen=True)
class ProjectedGauge:
    """The gradient part of score plus gauge, from draws; only its values are wanted."""

    kind: str = "fourier"
    n_centers: int = 150

    def build(self, law: Law, norm: float, seed: int) -> Field:
        return GaugeField(law, norm, self.kind, random_state=seed)

    def values(self, field: Field, train: np.ndarray, points: np.ndarray, sigma: float) -> np.ndarray:
        """The projection at the points."""
        return conservative_part(train, field(train, sigma), points, n_centers=self.n_centers, random_state=0)


class Sheared:
    r"""The score of a sphere and a shear, :math:`g\sin(3 e\cdot x)Bx`, B a rotation of two of its axes and e a third.

    Its divergence is zero, and so is its product with the score, which points at the centre: an exact gauge. At noise
    level sigma it has ``norm`` times the score's size, sqrt(D - k) / sigma.
    """

    def __init__(self, law: Law, norm: float) -> None:
        assert isinstance(law, SphereLaw), "generators shear spheres alone"
        first, second, self.along = law.frame.T[:3]
        self.law, self.norm, self.turn = law, norm, np.outer(second, first) - np.outer(first, second)

    def __call__(self, y: Any, sigma: float) -> np.ndarray:
        size = self.norm * np.sqrt(self.law.n_features_in_ - self.law.dimension) / sigma
        return self.law.score(y, sigma) + size * np.sin(3 * (y @ self.along))[:, None] * (y @ self.turn.T)

    def divergence(self, y: np.ndarray, sigma: float) -> np.ndarray:
        """That of the score."""
        return ScoreField(self.law).divergence(y, sigma)


class _Rotated:
    """The rotation is scaled to the norm that is asked for, over draws at each noise level."""

    def __init__(self, law: Law, norm: float, seed: int) -> None:
        rng = np.random.default_rng(seed)
        turn = rng.standard_normal((law.n_features_in_, law.n_features_in_))
        self.law, self.norm, self.turn, self._draws = law, norm, turn - turn.T, int(rng.integers(2**31))
        self.centre = law.mean() + 1.0
        self._scales: dict[float, float] = {}

    def __call__(self, y: Any, sigma: float) -> np.ndarray:
        return self.law.score(y, sigma) + self._scale(sigma) * ((y - self.centre) @ self.turn.T)

    def divergence(self, y: np.ndarray, sigma: float) -> np.ndarray:
        """A rotation has none."""
        return ScoreField(self.law).divergence(y, sigma)

    def _scale(self, sigma: float) -> float:
        if sigma not in self._scales:
            draws = self.law.sample(400, self._draws, sigma)
            turned = (((draws - self.centre) @ self.turn.T) ** 2).sum(1).mean()
            self._scales[sigma] = self.norm * float(np.sqrt((self.law.score(draws, sigma) ** 2).sum(1).mean() / turned))
        return self._scales[sigma]
