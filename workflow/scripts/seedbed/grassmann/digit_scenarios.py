"""Generators of real images: the handwritten digits that scikit-learn ships (8 x 8, 174 to 183 of each)."""

from __future__ import annotations

import numpy as np

from .splitting import choose_per_class, coarse_labels, heldout_classes, split_rows, training_seed

__all__ = [
    "check_coarse_digits",
    "check_few_digits",
    "check_heldout_digits",
    "coarse_digits",
    "few_digits",
    "heldout_digits",
]

FEWEST = 174  # images of the rarest digit


def heldout_digits(
    rng: np.random.Generator, *, n_classes: int = 6, shots: int = 10, images_per_class: int | None = None
) -> dict[str, np.ndarray]:
    """scikit-learn's digits (8 x 8): some to learn, the others to probe the features with.

    Parameters
    ----------
    rng : numpy.random.Generator
        Chooses digits and rows.
    n_classes : int
        Digits to learn; the other ``10 - n_classes`` are held out.
    shots : int
        Training images per digit of the few-shot probe; the other learns from half of the images.
    images_per_class : int, optional
        At most so many of each digit; all by default.

    Returns
    -------
    dict of ndarray
    """
    images, digit = _digits()
    if images_per_class is not None:
        rows = choose_per_class(rng, digit, images_per_class)
        images, digit = images[rows], digit[rows]
    label = np.argsort(rng.permutation(10))[digit]
    return heldout_classes(rng, images, label, n_classes, shots, within=digit)


def coarse_digits(rng: np.random.Generator, *, shots: int = 20) -> dict[str, np.ndarray]:
    """Digits under three coarse labels (groups of four, three and three): a probe asks for the digit.

    Parameters
    ----------
    rng : numpy.random.Generator
    shots : int
        Training images per digit of the few-shot probe.

    Returns
    -------
    dict of ndarray
    """
    images, digit = _digits()
    group = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2])[np.argsort(rng.permutation(10))]
    return coarse_labels(rng, images, digit, group[digit], shots)


def few_digits(rng: np.random.Generator, *, images_per_class: int = 11) -> dict[str, np.ndarray]:
    """Ten digits from a few training images each; all others test, and there is no probe.

    Parameters
    ----------
    rng : numpy.random.Generator
    images_per_class : int
        Training images of each digit.

    Returns
    -------
    dict of ndarray
    """
    images, digit = _digits()
    train = choose_per_class(rng, digit, images_per_class)
    return {**split_rows(images, digit, train), "training_seed": training_seed(rng)}


def _digits() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    images, digit = load_digits(return_X_y=True)
    return (images / 16.0).astype(np.float32).reshape(-1, 1, 8, 8), digit


def check_heldout_digits(*, n_classes: int = 6, shots: int = 10, images_per_class: int | None = None) -> list[str]:
    """Messages for values that the generator cannot work with."""
    messages = []
    if not (2 <= n_classes <= 8 or n_classes == 10):
        messages.append(f"n_classes must lie between 2 and 8, or be 10 (no probe), got {n_classes}")
    most = images_per_class or FEWEST
    if images_per_class is not None and not 4 <= images_per_class <= FEWEST:
        messages.append(f"images_per_class must lie between 4 and {FEWEST}, got {images_per_class}")
    elif not 1 <= shots < most:
        messages.append(f"shots must lie between 1 and {most - 1}, got {shots}")
    return messages


def check_coarse_digits(*, shots: int = 20) -> list[str]:
    """Messages for values that the generator cannot work with."""
    most = FEWEST // 2 - 1
    return [] if 1 <= shots <= most else [f"shots must lie between 1 and {most}, got {shots}"]


def check_few_digits(*, images_per_class: int = 11) -> list[str]:
    """Messages for values that the generator cannot work with."""
    most = FEWEST - 1
    if 1 <= images_per_class <= most:
        return []
    return [f"images_per_class must lie between 1 and {most}, got {images_per_class}"]
