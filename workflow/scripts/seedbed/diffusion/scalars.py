"""What counts as a number among parameters."""

from __future__ import annotations

import sys
from numbers import Real
from typing import Any, TypeGuard

import numpy as np

__all__ = ["LARGEST", "SMALLEST", "is_real"]

SMALLEST, LARGEST = 1e-150, 1e150  # of lengths: their squares are numbers still
_END = sys.float_info.max


def is_real(value: Any) -> TypeGuard[float]:
    """Whether this is one finite real number, an array of no axes included: no text, no truth value."""
    if type(value) in (float, int):  # plain numbers need no look at abstract classes, which takes longer
        return -_END <= value <= _END
    number: Any = value if np.ndim(value) else np.asarray(value)[()]
    return isinstance(number, Real) and abs(float(number)) <= _END
