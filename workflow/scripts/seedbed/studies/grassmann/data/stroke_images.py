"""Synthetic images whose classes have several modes: sums of bars from one bank, as in a small alphabet of strokes."""

from __future__ import annotations

from math import comb

import numpy as np

__all__ = ["STROKES", "draw_prototypes", "draw_strokes", "prototypes_there_are"]

STROKES = 3  # bars of a prototype


def prototypes_there_are(bank: int) -> int:
    """How many different prototypes a bank of bars allows."""
    return comb(bank, STROKES)


def draw_prototypes(rng: np.random.Generator, number: int, *, side: int, bank: int) -> np.ndarray:
    """The bars of different prototypes.

    Parameters
    ----------
    rng : numpy.random.Generator
    number : int
        At most ``prototypes_there_are(bank)``.
    side : int
        Pixels of a side.
    bank : int
        Bars that all prototypes are made of: each a Gaussian ridge one pixel wide and a quarter of the image long,
        in random direction and place.

    Returns
    -------
    ndarray of shape (number, 3, side, side)
    """
    grid = np.arange(side) - (side - 1) / 2
    y, x = np.meshgrid(grid, grid, indexing="ij")
    angle = rng.uniform(0, np.pi, (bank, 1, 1))
    across, along = rng.uniform(-0.3 * side, 0.3 * side, (2, bank, 1, 1))
    u = x * np.cos(angle) + y * np.sin(angle) - across
    v = -x * np.sin(angle) + y * np.cos(angle) - along
    bars = np.exp(-(u**2) - (v / (side / 4)) ** 2)
    chosen: dict[tuple[int, ...], None] = {}
    while len(chosen) < number:
        chosen[tuple(sorted(rng.choice(bank, STROKES, replace=False).tolist()))] = None
    return bars[np.array(list(chosen))]


def draw_strokes(rng: np.random.Generator, prototypes: np.ndarray, images: int, *, noise: float) -> np.ndarray:
    """Images of every prototype: strokes of random weight in [0.6, 1.4], moved by up to a pixel, with noise.

    Parameters
    ----------
    rng : numpy.random.Generator
    prototypes : ndarray of shape (P, 3, side, side)
    images : int
        Of each prototype.
    noise : float
        Standard deviation at every pixel.

    Returns
    -------
    ndarray of shape (P * images, 1, side, side)
        float32, those of one prototype together.
    """
    count, strokes, side, _ = prototypes.shape
    weights = rng.uniform(0.6, 1.4, (count, images, strokes))
    clean = np.einsum("pis,psyx->piyx", weights, prototypes).reshape(-1, side, side)
    rows, columns = rng.integers(-1, 2, (2, len(clean), 1))
    pixels = np.arange(side)
    moved = clean[
        np.arange(len(clean))[:, None, None],
        ((pixels - rows) % side)[:, :, None],
        ((pixels - columns) % side)[:, None, :],
    ]
    moved += noise * rng.standard_normal(moved.shape)
    return moved[:, None].astype(np.float32)
