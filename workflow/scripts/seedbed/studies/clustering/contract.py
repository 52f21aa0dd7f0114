"""What a class of a user's own is told about its answers: ``make check-method``."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from seedbed.core.hard_tables import hard_tables

Arrays = Mapping[str, np.ndarray]


def remarks(data: Arrays, fit: Arrays) -> list[str]:
    """What is allowed and odd about an answer."""
    asked, found = int(data["n_clusters"]), len(np.unique(fit["labels"]))
    return [f"{asked} clusters were asked for, and {found} found"] if found != asked else []


def hard_cases(data: Arrays) -> dict[str, dict[str, np.ndarray]]:
    """Data that few methods think of, and numbers of clusters that few expect."""
    few = {
        name: array[:4] if np.ndim(array) and len(array) == len(data["X"]) else array for name, array in data.items()
    }
    return {
        **hard_tables(data),
        "one cluster": {**data, "n_clusters": np.array(1)},
        "as many clusters as rows": {**few, "n_clusters": np.array(4)},
    }
