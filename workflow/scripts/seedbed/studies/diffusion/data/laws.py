"""The law that a replicate's arrays describe: a few numbers are kept, not the points."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from sklearn.datasets import load_digits

from seedbed.diffusion.laws.composed import GuidedLaw, UnionLaw
from seedbed.diffusion.laws.empirical import EmpiricalLaw
from seedbed.diffusion.laws.gaussian_mixture import GaussianMixtureLaw
from seedbed.diffusion.laws.law import Law
from seedbed.diffusion.laws.sphere import SphereLaw

__all__ = ["digits", "law_of", "normal_points"]

Arrays = Mapping[str, np.ndarray]


@cache
def digits() -> tuple[np.ndarray, np.ndarray]:
    """scikit-learn's digits, centred and scaled to E|x|^2 = 64, and their classes."""
    found = load_digits()
    X = found.data - found.data.mean(axis=0)
    return X * np.sqrt(64 / (X**2).sum(1).mean()), found.target


def normal_points(seed: int, n: int, d: int) -> np.ndarray:
    """n standard normal points, centred and scaled to E|x|^2 = d."""
    X = np.random.default_rng(seed).standard_normal((n, d))
    X -= X.mean(axis=0)
    return X * np.sqrt(d / (X**2).sum(1).mean())


def law_of(data: Arrays) -> Law:
    """The law of a replicate.

    Parameters
    ----------
    data : mapping
        ``law`` is "digits" (``digit``, ``guidance``, ``smoothing``), "digit_half" (``half``: rows, ``smoothing``),
        "mixture" (``means``, ``variances``, ``weights``), "modes" (``class_variances``, ``guidance``), "points"
        (``X``, ``smoothing``), "normal_points" (``points_seed``, ``n_points``, ``dimension``), "sphere" (``frame``)
        or "sphere_and_line" (``frame``, ``line``).
    """
    match str(data["law"]):
        case "digits":
            population, target = _digit_law(float(data["smoothing"])), digits()[1]
            return GuidedLaw(population, population.subset(target == int(data["digit"])), float(data["guidance"]))
        case "digit_half":
            return _digit_law(float(data["smoothing"])).subset(data["half"])
        case "mixture":
            return GaussianMixtureLaw(data["means"], data["variances"], data["weights"])
        case "modes":
            d = len(data["class_variances"])
            given = GaussianMixtureLaw(np.zeros((1, d)), data["class_variances"][None])
            return GuidedLaw(GaussianMixtureLaw(np.zeros((1, d)), [1.0]), given, float(data["guidance"]))
        case "points":
            return EmpiricalLaw(data["X"], float(data["smoothing"]))
        case "normal_points":
            return EmpiricalLaw(normal_points(int(data["points_seed"]), int(data["n_points"]), int(data["dimension"])))
        case "sphere":
            return SphereLaw(data["frame"])
        case "sphere_and_line":
            line = GaussianMixtureLaw(data["line"][:1], data["line"][1:, :, None] * data["line"][1:, None, :])
            return UnionLaw([SphereLaw(data["frame"]), line])
    raise ValueError(f"unknown law {data['law']!r}")


@cache
def _digit_law(smoothing: float) -> EmpiricalLaw:
    return EmpiricalLaw(digits()[0], smoothing)
