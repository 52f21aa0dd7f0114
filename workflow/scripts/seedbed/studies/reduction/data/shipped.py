"""Generators of real data that scikit-learn ships: images of digits, and diabetes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .replicate import replicate

_IMAGES, _PATIENTS = 1797, 442
_DIGIT_SHAPE = (1, 8, 8)


@dataclass(frozen=True, kw_only=True)
class DigitLabels:
    """Images of handwritten digits (8 x 8) with the digit as a label and the 0/1 metric; no true predictor is known.

    Parameters
    ----------
    n_samples, n_test : int
        Images to fit and to test on, drawn anew in every replicate.
    n_components : int
    """

    n_samples: int = 600
    n_test: int = 400
    n_components: int = 2

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = _bad_split(self.n_samples, self.n_test, _IMAGES)
        if not 1 <= self.n_components <= 20:
            messages.append(f"n_components must lie between 1 and 20, got {self.n_components}")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        images, labels = _draw_digits(rng, self.n_samples + self.n_test)
        X = images.reshape(len(images), -1)
        return replicate(
            X, labels, self.n_samples, "discrete", self.n_components, model="digits", image_shape=_DIGIT_SHAPE
        )


@dataclass(frozen=True, kw_only=True)
class DigitDistributions(DigitLabels):
    r"""The same images with distributions as responses.

    Stands in for the paper's face images, which may not be passed on. A response is a sample of
    :math:`N(\mu, \sigma^2)` where mu is the ink mass and log sigma half the slant of the image, both standardised,
    with noise of deviation 0.2 and 0.1; the true predictor is (mass, slant).

    Parameters
    ----------
    n_samples, n_test, n_components : int
        As in :class:`DigitLabels`.
    n_draws : int
        Points per distribution.
    """

    n_draws: int = 50

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = super().messages()
        return messages + ([f"n_draws must be at least 2, got {self.n_draws}"] if self.n_draws < 2 else [])

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        images, _ = _draw_digits(rng, self.n_samples + self.n_test)
        predictor = np.column_stack([ink_mass(images), slant(images)])
        standard = (predictor - predictor.mean(axis=0)) / predictor.std(axis=0)
        noise = rng.normal(size=(2, len(images)))
        location = standard[:, 0] + 0.2 * noise[0]
        sigma = np.exp(0.5 * standard[:, 1] + 0.1 * noise[1])
        y = np.sort(location[:, None] + sigma[:, None] * rng.normal(size=(len(images), self.n_draws)), axis=1)
        return replicate(
            images.reshape(len(images), -1),
            y,
            self.n_samples,
            "wasserstein",
            self.n_components,
            predictor=predictor,
            model="digits",
            image_shape=_DIGIT_SHAPE,
        )


def _draw_digits(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    rows = rng.permutation(len(bunch.data))[:n]
    return bunch.images[rows] / 16.0, bunch.target[rows]


def ink_mass(images: np.ndarray) -> np.ndarray:
    """Mean pixel of each image."""
    return images.mean(axis=(1, 2))


def slant(images: np.ndarray) -> np.ndarray:
    """How far the ink moves to the right per row upwards: the slope of columns on rows, weighted by ink."""
    rows, columns = np.mgrid[: images.shape[1], : images.shape[2]].astype(float)
    total = images.sum(axis=(1, 2)) + 1e-12
    row_mean, column_mean = ((images * grid).sum(axis=(1, 2)) / total for grid in (rows, columns))
    above = row_mean[:, None, None] - rows
    aside = columns - column_mean[:, None, None]
    return (images * above * aside).sum(axis=(1, 2)) / ((images * above**2).sum(axis=(1, 2)) + 1e-12)


@dataclass(frozen=True, kw_only=True)
class Diabetes:
    """Disease progression of 442 patients against ten measurements (Efron, Hastie, Johnstone and Tibshirani 2004).

    Parameters
    ----------
    n_samples, n_test : int
        Patients to fit and to test on, drawn anew in every replicate.
    n_components : int
    """

    n_samples: int = 300
    n_test: int = 142
    n_components: int = 1

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = _bad_split(self.n_samples, self.n_test, _PATIENTS)
        if not 1 <= self.n_components <= 10:
            messages.append(f"n_components must lie between 1 and 10, got {self.n_components}")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        from sklearn.datasets import load_diabetes

        X, y = load_diabetes(return_X_y=True)
        rows = rng.permutation(len(X))[: self.n_samples + self.n_test]
        return replicate(X[rows], y[rows], self.n_samples, "euclidean", self.n_components, model="diabetes")


def _bad_split(n_samples: int, n_test: int, available: int) -> list[str]:
    if n_samples < 20 or n_test < 20 or n_samples + n_test > available:
        return [
            f"n_samples and n_test must be at least 20 and at most {available} together, got {n_samples} and {n_test}"
        ]
    return []
