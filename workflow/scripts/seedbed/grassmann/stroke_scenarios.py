"""Generators of synthetic images with several modes per class."""

from __future__ import annotations

import numpy as np

from .splitting import coarse_labels, heldout_classes
from .stroke_images import draw_prototypes, draw_strokes, prototypes_there_are

__all__ = ["check_coarse_strokes", "check_heldout_strokes", "coarse_strokes", "heldout_strokes"]


def heldout_strokes(
    rng: np.random.Generator,
    *,
    n_classes: int = 20,
    n_new_classes: int = 10,
    modes: int = 4,
    images_per_class: int = 160,
    side: int = 12,
    noise: float = 0.2,
    bank: int = 12,
    shots: int = 20,
) -> dict[str, np.ndarray]:
    """Classes of several modes to learn, and as many-sided ones that nobody learns, to probe the features with.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the world (bars, prototypes) and the images.
    n_classes, n_new_classes : int
        Classes to learn, and classes held out.
    modes : int
        Prototypes of each class; one makes a class of one mode.
    images_per_class : int
        Half of them train, half test; divided equally among the modes.
    side, noise, bank
        See :mod:`seedbed.grassmann.stroke_images`.
    shots : int
        Training images per class of the few-shot probe; the other probe learns from half of the images.

    Returns
    -------
    dict of ndarray
        See :mod:`seedbed.grassmann.splitting`.
    """
    total = n_classes + n_new_classes
    prototypes = draw_prototypes(rng, total * modes, side=side, bank=bank)
    images = draw_strokes(rng, prototypes, images_per_class // modes, noise=noise)
    mode = np.repeat(np.arange(total * modes), images_per_class // modes)
    return heldout_classes(rng, images, mode // modes, n_classes, shots, within=mode)


def coarse_strokes(
    rng: np.random.Generator,
    *,
    n_classes: int = 10,
    modes: int = 4,
    images_per_class: int = 320,
    side: int = 12,
    noise: float = 0.2,
    bank: int = 12,
    shots: int = 10,
) -> dict[str, np.ndarray]:
    """The same images under coarse labels: a probe asks for the mode, which training did not name.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_classes, modes, images_per_class, side, noise, bank
        As in :func:`heldout_strokes`.
    shots : int
        Training images per mode of the few-shot probe; the other probe learns from all training images.

    Returns
    -------
    dict of ndarray
    """
    prototypes = draw_prototypes(rng, n_classes * modes, side=side, bank=bank)
    images = draw_strokes(rng, prototypes, images_per_class // modes, noise=noise)
    mode = np.repeat(np.arange(n_classes * modes), images_per_class // modes)
    return coarse_labels(rng, images, mode, mode // modes, shots)


def check_heldout_strokes(
    *,
    n_classes: int = 20,
    n_new_classes: int = 10,
    modes: int = 4,
    images_per_class: int = 160,
    side: int = 12,
    noise: float = 0.2,
    bank: int = 12,
    shots: int = 20,
) -> list[str]:
    """Messages for values that the generator cannot work with."""
    messages = [f"n_classes must be at least 2, got {n_classes}"] if n_classes < 2 else []
    if n_new_classes < 0 or n_new_classes == 1:
        messages.append(f"n_new_classes must be 0 (no probe) or at least 2, got {n_new_classes}")
    messages += _check_images(modes, images_per_class, side, noise)
    needed, there = (n_classes + n_new_classes) * modes, prototypes_there_are(bank)
    if needed > there:
        messages.append(f"{needed} different prototypes are needed, a bank of {bank} bars has {there}")
    if n_new_classes and not 1 <= shots < images_per_class:
        messages.append(f"shots must lie between 1 and {images_per_class - 1}, got {shots}")
    return messages


def check_coarse_strokes(
    *,
    n_classes: int = 10,
    modes: int = 4,
    images_per_class: int = 320,
    side: int = 12,
    noise: float = 0.2,
    bank: int = 12,
    shots: int = 10,
) -> list[str]:
    """Messages for values that the generator cannot work with."""
    messages = check_heldout_strokes(
        n_classes=n_classes, n_new_classes=0, modes=modes, images_per_class=images_per_class, side=side, noise=noise,
        bank=bank,
    )  # fmt: skip
    per_mode = images_per_class // max(modes, 1) // 2
    if not 1 <= shots <= per_mode:
        messages.append(f"shots must lie between 1 and {per_mode}, the training images of a mode, got {shots}")
    return messages


def _check_images(modes: int, images_per_class: int, side: int, noise: float) -> list[str]:
    messages = [f"modes must be at least 1, got {modes}"] if modes < 1 else []
    if modes >= 1 and images_per_class < 4 * modes:
        messages.append(f"images_per_class must be at least 4 for each of the {modes} modes, got {images_per_class}")
    if side < 4:
        messages.append(f"side must be at least 4 pixels, got {side}")
    if noise < 0:
        messages.append(f"noise must not be negative, got {noise}")
    return messages
