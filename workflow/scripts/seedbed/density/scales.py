"""Scales of data whose squares are still numbers."""

from __future__ import annotations

import numpy as np

LARGEST = 1e150
SMALLEST = 1.0 / LARGEST
FARTHEST = 1e152  # of what is centred, in any number of dimensions


def refuse_large(X: np.ndarray, who: str = "X holds") -> None:
    """Raise ValueError for entries whose squares are no numbers."""
    if np.abs(X).max(initial=0.0) > LARGEST:
        raise ValueError(f"{who} values beyond {LARGEST:g}, whose squares are no numbers; rescale the columns")


def refuse_far(squares: np.ndarray, log_widths: np.ndarray | None = None) -> None:
    """Raise ValueError where squared distances from the middle, in units of the kernel, are no numbers or nearly so."""
    narrowest = 0.0 if log_widths is None else float(log_widths.min())
    if not squares.max(initial=0.0) <= FARTHEST**2 * np.exp(2.0 * min(narrowest, 0.0)):
        raise ValueError(
            f"rows lie more than {FARTHEST:g} widths of the kernel apart, whose squares are no numbers; take a larger "
            "bandwidth, or leave out what lies so far away"
        )


def refuse_scales(X: np.ndarray) -> None:
    """Raise ValueError for these, and for rows that differ by so little that their distances are lost."""
    refuse_large(X)
    if 0.0 < np.ptp(X, axis=0).max() < SMALLEST:
        raise ValueError(f"X varies by less than {SMALLEST:g}, whose square is no number; rescale the columns")
