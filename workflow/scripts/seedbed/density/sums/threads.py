"""How many threads a number of jobs means."""

from __future__ import annotations

import os
from numbers import Integral
from typing import Any


def threads_of(n_jobs: Any) -> int:
    """Threads as joblib counts them: -1 is one for each core, -2 one less, None one.

    Raises
    ------
    ValueError
        For what is no whole number, or 0.
    """
    if n_jobs is None:
        return 1
    if isinstance(n_jobs, bool) or not isinstance(n_jobs, Integral) or n_jobs == 0:
        raise ValueError(f"n_jobs must be a number of threads, or -1 for one on each core, got {n_jobs!r}")
    return int(n_jobs) if n_jobs > 0 else max(1, (os.cpu_count() or 1) + 1 + int(n_jobs))
