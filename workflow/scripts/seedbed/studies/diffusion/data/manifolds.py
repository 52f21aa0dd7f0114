"""Generators for dimensions: points of manifolds whose dimension is known, and their scores where those are exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from sklearn.datasets import make_swiss_roll

from .laws import digits
from .sampling import described_arrays

SHAPES = ("sphere", "torus", "swiss_roll", "cube", "normal")


@dataclass(frozen=True, kw_only=True)
class ManifoldPoints:
    """Points of a manifold in a space of more dimensions, turned at random.

    Parameters
    ----------
    shape : {"sphere", "torus", "swiss_roll", "cube", "normal"}
        A torus is a product of circles; a cube and a normal law fill ``dimension`` coordinates.
    dimension : int
        Of the manifold; a Swiss roll has two.
    ambient : int
        Of the space.
    n_points : int
    """

    shape: str = "sphere"
    dimension: int = 2
    ambient: int = 10
    n_points: int = 1000

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = [] if self.shape in SHAPES else [f"shape must be one of {', '.join(SHAPES)}, got {self.shape!r}"]
        if self.shape == "swiss_roll" and self.dimension != 2:
            messages.append(f"a Swiss roll has dimension 2, got {self.dimension}")
        needed = {"sphere": self.dimension + 1, "torus": 2 * self.dimension, "swiss_roll": 3}
        if self.dimension < 1 or self.ambient < needed.get(self.shape, self.dimension):
            messages.append(f"ambient={self.ambient} is too small for dimension={self.dimension}")
        if self.n_points < 50:
            messages.append(f"n_points must be at least 50, got {self.n_points}")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate: points, and the dimension at each."""
        n, k = self.n_points, self.dimension
        if self.shape == "sphere":
            X = rng.standard_normal((n, k + 1))
            X /= np.linalg.norm(X, axis=1, keepdims=True)
        elif self.shape == "torus":
            angles = rng.uniform(0, 2 * np.pi, (n, k))
            X = np.hstack([np.cos(angles), np.sin(angles)])
        elif self.shape == "swiss_roll":
            X = make_swiss_roll(n, random_state=int(rng.integers(2**31)))[0]
        else:
            X = rng.uniform(size=(n, k)) if self.shape == "cube" else rng.standard_normal((n, k))
        turn = np.linalg.qr(rng.standard_normal((self.ambient, self.ambient)))[0]
        return {"X": X @ turn[: X.shape[1]], "truth": np.full(n, float(k))}


@dataclass(frozen=True, kw_only=True)
class SphereScore:
    """A sphere whose exact score, with a gauge of some norm, is given at points on it and near it.

    Parameters
    ----------
    dimension, ambient : int
    norm : float
        Of the gauge, in units of the score's; 0 is none.
    gauge : {"shear", "fourier"}
        A rotation of two axes of the sphere whose speed depends on a third, or a sum of waves drawn at random. A shear
        has no divergence, waves have one.
    sigma : float
        Noise level of the field.
    line : bool
        The union with a line: two dimensions in one data set.
    """

    dimension: int = 2
    ambient: int = 6
    norm: float = 0.0
    gauge: Literal["shear", "fourier"] = "shear"
    sigma: float = 0.05
    n_points: int = 24
    n_noisy: int = 4000
    line: bool = False

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = []
        if not 1 <= self.dimension < self.ambient - self.line:
            messages.append(f"1 <= dimension < ambient is needed, got {self.dimension} and {self.ambient}")
        if self.norm and self.gauge == "shear" and (self.line or self.dimension < 2):
            messages.append("a shear needs a sphere of dimension 2 or more, alone")
        if self.norm < 0 or not 0 < self.sigma < 0.3 or self.n_points < 1 or self.n_noisy < self.n_points:
            messages.append("norm >= 0, 0 < sigma < 0.3 and 1 <= n_points <= n_noisy are needed")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate: a turned sphere, points on it, points near it, and noise to start a flow from."""
        turn = np.linalg.qr(rng.standard_normal((self.ambient, self.ambient)))[0]
        described = {"law": "sphere", "frame": turn[:, : self.dimension + 1]}
        z = rng.standard_normal((self.n_noisy, self.dimension + 1))
        X = (z / np.linalg.norm(z, axis=1, keepdims=True)) @ described["frame"].T
        truth = np.full(self.n_noisy, float(self.dimension))
        if self.line:
            centre, along = 3 * turn[:, -1], turn[:, 0]
            described |= {"law": "sphere_and_line", "line": np.stack([centre, along])}
            on_line = rng.uniform(size=self.n_noisy) < 0.5
            X[on_line] = centre + rng.standard_normal((int(on_line.sum()), 1)) * along
            truth[on_line] = 1.0
        return described_arrays(described) | {
            "points": X[: self.n_points],
            "noisy": X + self.sigma * rng.standard_normal(X.shape),
            "flow_start": 3 * rng.standard_normal((self.n_points, self.ambient)),
            "truth": truth,
            "norm": np.array(self.norm),
            "gauge": np.array(self.gauge),
            "sigma": np.array(self.sigma),
            "gauge_seed": np.array(rng.integers(2**31)),  # drawn last
        }


@dataclass(frozen=True, kw_only=True)
class DigitPoints:
    """Digits, whose dimension nobody knows: estimates are shown, and none is ranked."""

    n_points: int = 1000

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        return [] if 50 <= self.n_points <= 1797 else [f"n_points must lie between 50 and 1797, got {self.n_points}"]

    def overlap(self) -> float:
        """The share of the digits that a replicate takes, which two have in common on average."""
        return self.n_points / 1797

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate: digits drawn without replacement."""
        return {"X": digits()[0][rng.permutation(1797)[: self.n_points]]}
