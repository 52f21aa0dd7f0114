"""Scales of data whose squares are still numbers."""

from __future__ import annotations

import numpy as np

LARGEST = 1e150
SMALLEST = 1.0 / LARGEST


def refuse_large(X: np.ndarray) -> None:
    """Raise ValueError for entries whose squares are no numbers."""
    if np.abs(X).max(initial=0.0) > LARGEST:
        raise ValueError(f"X holds values beyond {LARGEST:g}, whose squares are no numbers; rescale the columns")


def refuse_scales(X: np.ndarray) -> None:
    """Raise ValueError for these, and for rows that differ by so little that their distances are lost."""
    refuse_large(X)
    if 0.0 < np.ptp(X, axis=0).max() < SMALLEST:
        raise ValueError(f"X varies by less than {SMALLEST:g}, whose square is no number; rescale the columns")
