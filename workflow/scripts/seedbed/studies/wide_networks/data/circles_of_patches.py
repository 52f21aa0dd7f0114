"""Points on products of circles, and targets that depend on some of the circles alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np


@dataclass(frozen=True, kw_only=True)
class CirclesOfPatches:
    r"""Rows of patches, each a point of a circle, and a Gaussian target of the first ``target_dimension`` patches.

    The target itself is never drawn: the expected error over all targets is exact.

    Parameters
    ----------
    n_patches : int
        A power of two.
    target_dimension : int
        Patches that the target depends on: a power of two, at most ``n_patches``.
    target : {"rough", "smooth"}
        Its covariance: the tangent kernel of the convolutional network of those patches (smoothness 1/2), or its
        Gaussian-process kernel (smoothness 3/2), the law of a random network's own output.
    sizes : list of int
        Rising sample sizes, at least two.
    n_test : int
    """

    n_patches: int = 4
    target_dimension: int = 1
    target: Literal["rough", "smooth"] = "smooth"
    sizes: list[int] = (128, 256, 512, 1024)  # pyright: ignore[reportAssignmentType]  # of a config: a list
    n_test: int = 200

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = []
        if not _power_of_two(self.n_patches) or self.n_patches < 2:
            messages.append(f"n_patches must be a power of two from 2, got {self.n_patches}")
        if not _power_of_two(self.target_dimension) or self.target_dimension > self.n_patches:
            messages.append(f"target_dimension must be a power of two up to n_patches, got {self.target_dimension}")
        sizes = list(self.sizes)
        if len(sizes) < 2 or sizes != sorted(set(sizes)) or sizes[0] < 2:
            messages.append(f"sizes must be a rising list of at least two numbers from 2, got {sizes}")
        if self.n_test < 1:
            messages.append(f"n_test must be at least 1, got {self.n_test}")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        angles = rng.uniform(0, 2 * np.pi, (self.n_test + max(self.sizes), self.n_patches))
        patches = np.stack([np.cos(angles), np.sin(angles)], axis=2)
        found = {"task": "locality", "patches": patches[self.n_test :], "patches_test": patches[: self.n_test],
                 "target": self.target, "target_dimension": self.target_dimension, "sizes": self.sizes}  # fmt: skip
        return {name: np.asarray(value) for name, value in found.items()}


def _power_of_two(number: int) -> bool:
    return number >= 1 and number & (number - 1) == 0
