"""Generators of synthetic images with several modes per class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .splitting import coarse_labels, heldout_classes
from .stroke_images import draw_prototypes, draw_strokes, prototypes_there_are

__all__ = ["CoarseStrokes", "HeldoutStrokes"]


@dataclass(frozen=True, kw_only=True)
class _Strokes:
    """What both worlds of strokes have in common: how their images are made."""

    modes: int = 4
    side: int = 12
    noise: float = 0.2
    bank: int = 12

    def _bad_images(self, n_classes: int, images_per_class: int) -> list[str]:
        messages = [f"modes must be at least 1, got {self.modes}"] if self.modes < 1 else []
        if self.modes >= 1 and images_per_class < 4 * self.modes:
            needed = f"at least 4 for each of the {self.modes} modes"
            messages.append(f"images_per_class must be {needed}, got {images_per_class}")
        if self.side < 4:
            messages.append(f"side must be at least 4 pixels, got {self.side}")
        if self.noise < 0:
            messages.append(f"noise must not be negative, got {self.noise}")
        needed, there = n_classes * self.modes, prototypes_there_are(self.bank)
        if needed > there:
            messages.append(f"{needed} different prototypes are needed, a bank of {self.bank} bars has {there}")
        return messages

    def _drawn(self, rng: np.random.Generator, n_classes: int, images_per_class: int) -> tuple[np.ndarray, np.ndarray]:
        """The images of so many classes, and the mode of each."""
        n_modes, images = n_classes * self.modes, images_per_class // self.modes
        prototypes = draw_prototypes(rng, n_modes, side=self.side, bank=self.bank)
        return draw_strokes(rng, prototypes, images, noise=self.noise), np.repeat(np.arange(n_modes), images)


@dataclass(frozen=True, kw_only=True)
class HeldoutStrokes(_Strokes):
    """Classes of several modes to learn, and as many-sided ones that nobody learns, to probe the features with.

    Parameters
    ----------
    n_classes, n_new_classes : int
        Classes to learn, and classes held out.
    modes : int
        Prototypes of each class; one makes a class of one mode.
    images_per_class : int
        Half of them train, half test; divided equally among the modes.
    side, noise, bank
        See :mod:`seedbed.studies.grassmann.data.stroke_images`.
    shots : int
        Training images per class of the few-shot probe; the other probe learns from half of the images.
    """

    n_classes: int = 20
    n_new_classes: int = 10
    images_per_class: int = 160
    shots: int = 20

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = [f"n_classes must be at least 2, got {self.n_classes}"] if self.n_classes < 2 else []
        if self.n_new_classes < 0 or self.n_new_classes == 1:
            messages.append(f"n_new_classes must be 0 (no probe) or at least 2, got {self.n_new_classes}")
        messages += self._bad_images(self.n_classes + self.n_new_classes, self.images_per_class)
        if self.n_new_classes and not 1 <= self.shots < self.images_per_class:
            messages.append(f"shots must lie between 1 and {self.images_per_class - 1}, got {self.shots}")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own, and draws the world (bars, prototypes) and the images.

        Returns
        -------
        dict of ndarray
            See :mod:`seedbed.studies.grassmann.data.splitting`.
        """
        images, mode = self._drawn(rng, self.n_classes + self.n_new_classes, self.images_per_class)
        return heldout_classes(rng, images, mode // self.modes, self.n_classes, self.shots, within=mode)


@dataclass(frozen=True, kw_only=True)
class CoarseStrokes(_Strokes):
    """The same images under coarse labels: a probe asks for the mode, which training did not name.

    Parameters
    ----------
    n_classes, modes, images_per_class, side, noise, bank
        As in :class:`HeldoutStrokes`.
    shots : int
        Training images per mode of the few-shot probe; the other probe learns from all training images.
    """

    n_classes: int = 10
    images_per_class: int = 320
    shots: int = 10

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = [f"n_classes must be at least 2, got {self.n_classes}"] if self.n_classes < 2 else []
        messages += self._bad_images(self.n_classes, self.images_per_class)
        per_mode = self.images_per_class // max(self.modes, 1) // 2
        if not 1 <= self.shots <= per_mode:
            messages.append(f"shots must lie between 1 and {per_mode}, the training images of a mode, got {self.shots}")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own. Returns what :meth:`HeldoutStrokes.draw` does."""
        images, mode = self._drawn(rng, self.n_classes, self.images_per_class)
        return coarse_labels(rng, images, mode, mode // self.modes, self.shots)
