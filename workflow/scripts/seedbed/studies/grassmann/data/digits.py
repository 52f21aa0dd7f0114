"""Generators of real images: the handwritten digits that scikit-learn ships (8 x 8, 174 to 183 of each)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .splitting import choose_per_class, coarse_labels, heldout_classes, split_rows, training_seed

__all__ = ["CoarseDigits", "FewDigits", "HeldoutDigits"]

FEWEST = 174  # images of the rarest digit


@dataclass(frozen=True, kw_only=True)
class HeldoutDigits:
    """scikit-learn's digits (8 x 8): some to learn, the others to probe the features with.

    Parameters
    ----------
    n_classes : int
        Digits to learn; the other ``10 - n_classes`` are held out.
    shots : int
        Training images per digit of the few-shot probe; the other learns from half of the images.
    images_per_class : int, optional
        At most so many of each digit; all by default.
    """

    n_classes: int = 6
    shots: int = 10
    images_per_class: int | None = None

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = []
        if not (2 <= self.n_classes <= 8 or self.n_classes == 10):
            messages.append(f"n_classes must lie between 2 and 8, or be 10 (no probe), got {self.n_classes}")
        most = self.images_per_class or FEWEST
        if self.images_per_class is not None and not 4 <= self.images_per_class <= FEWEST:
            messages.append(f"images_per_class must lie between 4 and {FEWEST}, got {self.images_per_class}")
        elif not 1 <= self.shots < most:
            messages.append(f"shots must lie between 1 and {most - 1}, got {self.shots}")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
        """
        images, digit = _digits()
        if self.images_per_class is not None:
            rows = choose_per_class(rng, digit, self.images_per_class)
            images, digit = images[rows], digit[rows]
        label = np.argsort(rng.permutation(10))[digit]
        return heldout_classes(rng, images, label, self.n_classes, self.shots, within=digit)


@dataclass(frozen=True, kw_only=True)
class CoarseDigits:
    """Digits under three coarse labels (groups of four, three and three): a probe asks for the digit.

    Parameters
    ----------
    shots : int
        Training images per digit of the few-shot probe.
    """

    shots: int = 20

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        most = FEWEST // 2 - 1
        return [] if 1 <= self.shots <= most else [f"shots must lie between 1 and {most}, got {self.shots}"]

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
        """
        images, digit = _digits()
        group = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2])[np.argsort(rng.permutation(10))]
        return coarse_labels(rng, images, digit, group[digit], self.shots)


@dataclass(frozen=True, kw_only=True)
class FewDigits:
    """Ten digits from a few training images each; all others test, and there is no probe.

    Parameters
    ----------
    images_per_class : int
        Training images of each digit.
    """

    images_per_class: int = 11

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        most = FEWEST - 1
        if 1 <= self.images_per_class <= most:
            return []
        return [f"images_per_class must lie between 1 and {most}, got {self.images_per_class}"]

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
        """
        images, digit = _digits()
        train = choose_per_class(rng, digit, self.images_per_class)
        return {**split_rows(images, digit, train), "training_seed": training_seed(rng)}


def _digits() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    images, digit = load_digits(return_X_y=True)
    return (images / 16.0).astype(np.float32).reshape(-1, 1, 8, 8), digit
