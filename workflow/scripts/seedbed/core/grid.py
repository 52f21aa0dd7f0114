"""Grids of parameters: every combination of values, and what it is called."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .canonical import digest, to_json


def expand_grid(grid: Mapping[str, Sequence[Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """``(suffix of the id, parameters)`` for every combination of values.

    >>> list(expand_grid({"dim": [1, 2]}))
    [('~dim=1', {'dim': 1}), ('~dim=2', {'dim': 2})]
    """
    names = sorted(grid)
    for values in itertools.product(*(grid[name] for name in names)):
        pairs = list(zip(names, values, strict=True))
        suffix = ",".join(f"{name}={file_text(value)}" for name, value in pairs)
        yield (f"~{suffix}" if pairs else ""), dict(pairs)


def file_text(value: Any) -> str:
    """A value as a part of a file name: numbers and plain words as they are, anything else as a digest."""
    text = to_json(value) if not isinstance(value, str) else value
    plain = text.replace("[", "").replace("]", "").replace(",", "-")
    safe = plain and len(plain) <= 40 and all(ch.isascii() and (ch.isalnum() or ch in "._+-") for ch in plain)
    return plain if safe and not (isinstance(value, float) and not math.isfinite(value)) else digest(value)
