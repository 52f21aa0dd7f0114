"""Handwritten digits that scikit-learn ships, for the networks of three tasks: other weights in each replicate.

A replicate holds ``images`` (n, 64), the pixels, and ``labels``; ``training_seed`` draws initial weights and batches,
the same for all methods. Digits of the end of the file are by other writers than those before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

IMAGES, CLASSES = 1797, 10
OTHER_WRITERS, SAME_WRITERS = 400, 200  # rows that are held out: the last of the file, and random ones before them


@dataclass(frozen=True, kw_only=True)
class TrainedDigits:
    """A small network near the start of training, and the batch sizes at which its curvature is looked at.

    Parameters
    ----------
    n_samples : int
        Images, the whole data set from which batches are drawn without replacement.
    width : int
        Of the hidden layer.
    n_steps : int
        Steps of training before the curvature is looked at.
    batch_sizes : list of int
        Rising.
    repeats : int
        Batches of each size.
    """

    n_samples: int = 1024
    width: int = 32
    n_steps: int = 60
    batch_sizes: list[int] = (2, 4, 8, 16, 32, 64, 128)  # pyright: ignore[reportAssignmentType]  # of a config: a list
    repeats: int = 8

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = bad_counts(width=self.width, n_steps=self.n_steps, repeats=self.repeats)
        if not 100 <= self.n_samples <= IMAGES:
            messages.append(f"n_samples must lie between 100 and {IMAGES}, got {self.n_samples}")
        return messages + bad_ladder("batch_sizes", self.batch_sizes, self.n_samples - 1)

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        return _replicate(
            "batches", rng, rng.permutation(IMAGES)[: self.n_samples], width=self.width, n_steps=self.n_steps,
            batch_sizes=self.batch_sizes, repeats=self.repeats,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class BatchLadder:
    """A network that is to be trained for a fixed number of steps, at many batch sizes.

    The last rows are held out: 200 at random of the writers that train, then the 400 of other writers.

    Parameters
    ----------
    width : int
        Of the hidden layer.
    n_steps : int
    batch_sizes : list of int
        Rising.
    """

    width: int = 64
    n_steps: int = 100
    batch_sizes: list[int] = (2, 4, 8, 16, 32, 64, 128, 256)  # pyright: ignore[reportAssignmentType]

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = bad_counts(width=self.width, n_steps=self.n_steps)
        return messages + bad_ladder("batch_sizes", self.batch_sizes, IMAGES - OTHER_WRITERS - SAME_WRITERS)

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        shuffled = rng.permutation(IMAGES - OTHER_WRITERS)
        rows = np.concatenate([shuffled, np.arange(IMAGES - OTHER_WRITERS, IMAGES)])
        return _replicate(
            "lr_map", rng, rows, width=self.width, n_steps=self.n_steps, batch_sizes=self.batch_sizes
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class WidthLadder:
    """Networks of several widths that are to be trained for a few steps.

    The last 400 rows of the file do not train.

    Parameters
    ----------
    widths : list of int
        Rising; the first is the base width, at which all parametrisations agree.
    n_steps, batch_size : int
    n_seeds : int
        Runs whose losses are averaged at each width and learning rate.
    """

    widths: list[int] = (32, 64, 128, 256)  # pyright: ignore[reportAssignmentType]
    n_steps: int = 30
    batch_size: int = 32
    n_seeds: int = 1

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = bad_counts(n_steps=self.n_steps, batch_size=self.batch_size, n_seeds=self.n_seeds)
        return messages + bad_ladder("widths", self.widths, 1 << 14)

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        return _replicate(
            "widths", rng, np.arange(IMAGES), widths=self.widths, n_steps=self.n_steps, batch_size=self.batch_size,
            n_seeds=self.n_seeds,
        )  # fmt: skip


def network_inputs(data: Any) -> tuple[np.ndarray, np.ndarray]:
    """Pixels less their means, over eight, and one-hot labels, both in single precision."""
    x = data["images"].astype(np.float32)
    return (x - x.mean(axis=0)) / np.float32(8), np.eye(CLASSES, dtype=np.float32)[data["labels"]]


def bad_counts(**counts: int) -> list[str]:
    """Messages for counts below one."""
    return [f"{name} must be at least 1, got {count}" for name, count in counts.items() if count < 1]


def bad_ladder(name: str, sizes: Any, most: int) -> list[str]:
    """A message for a ladder that is none: three sizes that rise are the fewest that show a slope."""
    sizes = list(sizes)
    if len(sizes) >= 3 and sizes == sorted(set(sizes)) and sizes[0] >= 1 and sizes[-1] <= most:
        return []
    return [f"{name} must be at least three whole numbers from 1 to {most} that rise, got {sizes}"]


def _replicate(task: str, rng: np.random.Generator, rows: np.ndarray, **more: Any) -> dict[str, np.ndarray]:
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    found = {
        "task": task,
        "images": pixels[rows].astype(np.uint8),
        "labels": labels[rows].astype(np.uint8),
        "training_seed": rng.integers(2**31 - 1),
        **more,
    }
    return {name: np.asarray(value) for name, value in found.items()}
