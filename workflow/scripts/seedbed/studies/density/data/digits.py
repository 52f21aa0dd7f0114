"""Images of handwritten digits that scikit-learn ships, on the principal axes of those that methods are fitted to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .replicate import replicate

_IMAGES, _PIXELS = 1797, 64


@dataclass(frozen=True, kw_only=True)
class DigitAxes:
    """Digits (8 x 8), projected on the leading principal axes of the training part; nothing is standardised.

    Parameters
    ----------
    n_samples, n_test : int
        Images to fit, and to test on, drawn anew in every replicate.
    n_features : int
        Axes.
    """

    n_samples: int = 1200
    n_test: int = 597
    n_features: int = 16

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = []
        if self.n_samples < 20 or self.n_test < 20 or self.n_samples + self.n_test > _IMAGES:
            messages.append(
                f"n_samples and n_test must be at least 20 and at most {_IMAGES} together, got {self.n_samples} and "
                f"{self.n_test}"
            )
        most = min(60, self.n_samples - 1)  # some pixels are never inked
        if not 1 <= self.n_features <= most:
            messages.append(f"n_features must lie between 1 and {most}, got {self.n_features}")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            With ``images`` and ``images_test``, the pixels, and no true density.
        """
        from sklearn.datasets import load_digits

        pixels = load_digits().data
        rows = rng.permutation(len(pixels))[: self.n_samples + self.n_test]
        train, test = pixels[rows[: self.n_samples]], pixels[rows[self.n_samples :]]
        mean = train.mean(axis=0)
        axes = np.linalg.svd(train - mean, full_matrices=False)[2][: self.n_features].T
        # a sign that does not hang on LAPACK
        axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
        small = {"images": train.astype(np.uint8), "images_test": test.astype(np.uint8)}
        return replicate((train - mean) @ axes, (test - mean) @ axes, **small)
