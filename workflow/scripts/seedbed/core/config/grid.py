"""Grids of parameters: every combination of values, and what it is called."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seedbed.core.canonical import digest, to_json

MOST = 2000  # combinations of one grid
LONGEST = 200  # characters of a name: files of this name bear more than the name alone


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


def grid_errors(name: str, grid: Any) -> Iterator[str]:
    """What is wrong with the combinations of a grid; a grid that is none is for others to report."""
    if not isinstance(grid, Mapping) or not all(isinstance(values, list) and values for values in grid.values()):
        return
    count = math.prod(len(values) for values in grid.values())
    if count > MOST:
        yield f"{count} combinations; at most {MOST} are run"
        return
    names = [name + suffix for suffix, _ in expand_grid(grid)]
    if twice := next((one for one, times in Counter(names).items() if times > 1), None):
        yield f"two combinations have the name '{twice}'; each value stands once"
    if (longest := max(names, key=len)) and len(longest) > LONGEST:
        yield f"a combination has a name of {len(longest)} characters, for a file; at most {LONGEST} are possible"


def file_text(value: Any) -> str:
    """A value as a part of a file name: numbers and plain words as they are, anything else as a digest."""
    text = to_json(value) if not isinstance(value, str) else value
    plain = text.replace("[", "").replace("]", "").replace(",", "-")
    safe = plain and len(plain) <= 40 and all(ch.isascii() and (ch.isalnum() or ch in "._+-") for ch in plain)
    return plain if safe and not (isinstance(value, float) and not math.isfinite(value)) else digest(value)
