"""The turns of a benchmark's contender, as its table lists them."""

from __future__ import annotations

import numpy as np
import pandas as pd


def listed_turns(row: pd.Series) -> np.ndarray:
    """CPU seconds of each turn, NaN where it failed.

    Empty where the table does not list all: in older ones those that failed are left out, and turns can't be paired.
    """
    text = row.get("cpu_seconds_each")
    seconds = np.asarray(text.split() if isinstance(text, str) else [], float)
    return seconds if len(seconds) == row.get("repeats", len(seconds)) else np.empty(0)
