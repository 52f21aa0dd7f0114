"""Generators of real feature vectors: the digits that scikit-learn ships.

Each comes twice: for clustering, and for fitting one law to all rows, as the paper does.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np

from seedbed.directional.sphere.rows import mean_direction, unit_rows

from .vmf_laws import exact_concentration

Representation = Literal["raw", "normalised", "network"]


@dataclass(frozen=True, kw_only=True)
class DigitFeatures:
    """Images of handwritten digits, as pixels or as activations of a small network.

    Parameters
    ----------
    representation : {"raw", "normalised", "network"}
        64 pixels; the same as unit vectors; or the 64 hidden activations of a perceptron that was trained on
        the images that are not returned.
    n_samples : int
        Images to fit; as many more are held out.
    """

    representation: Representation = "raw"
    n_samples: int = 400

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        if not 10 <= self.n_samples <= 700:
            return [f"n_samples must lie between 10 and 700, got {self.n_samples}"]
        return []

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict
            ``X``, ``labels``, ``X_test``, ``n_clusters``.
        """
        from sklearn.datasets import load_digits

        pixels, labels = load_digits(return_X_y=True)
        order = rng.permutation(len(pixels))
        fit, test, rest = np.split(order, [self.n_samples, 2 * self.n_samples])
        features = _activations(pixels, labels, rest, rng) if self.representation == "network" else pixels
        if self.representation == "normalised":
            features = unit_rows(features)
        return {"X": features[fit], "labels": labels[fit], "X_test": features[test], "n_clusters": np.array(10)}


def _activations(pixels, labels, rows, rng) -> np.ndarray:
    """Hidden layer of a perceptron that was trained on ``rows``."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    network = MLPClassifier(64, max_iter=100, random_state=int(rng.integers(2**31)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.fit(pixels[rows] / 16.0, labels[rows])
    hidden = np.maximum(pixels / 16.0 @ network.coefs_[0] + network.intercepts_[0], 0.0)
    # an image that switches every unit off has no direction
    return hidden + 1e-6


@dataclass(frozen=True, kw_only=True)
class DigitLaw(DigitFeatures):
    """The same images without their classes, to fit one law to, and its exact concentration."""

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict
            ``X``, ``X_test``, ``resultant_gap`` (1 - R of ``X``) and ``concentration_mle`` (exact for that gap).
        """
        return one_law(super().draw(rng))


def one_law(data: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The data with what the exact fit of one law to them is."""
    rows = unit_rows(data["X"])
    gap = mean_direction(rows, np.ones(len(rows)))[2]
    if not gap > 0.0:
        raise ValueError("the rows that were drawn all have the same direction: no concentration is large enough")
    exact = exact_concentration(rows.shape[1], gap)
    return {
        "X": data["X"],
        "X_test": data["X_test"],
        "resultant_gap": np.array(gap),
        "concentration_mle": np.array(exact),
    }
