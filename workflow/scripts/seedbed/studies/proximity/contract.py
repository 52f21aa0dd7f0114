"""What a class of a user's own is told about its answers: ``make check-method``."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

Arrays = Mapping[str, np.ndarray]


def remarks(data: Arrays, fit: Arrays) -> list[str]:
    """What is allowed and odd about an answer."""
    asked, found = int(data["n_clusters"]), len(np.unique(fit["labels"]))
    return [f"{asked} clusters were asked for, and {found} found"] if found != asked else []


def hard_cases(data: Arrays) -> dict[str, dict[str, np.ndarray]]:
    """Graphs that few methods think of, and numbers of clusters that few expect."""
    n = len(data["X"])
    half = (np.arange(n) < n // 2).astype(np.uint8)
    apart = np.outer(half, half) + np.outer(1 - half, 1 - half)
    star, empty = np.zeros((n, n), np.uint8), np.zeros((n, n), np.uint8)
    star[0, 1:] = star[1:, 0] = 1
    lonely = np.array(data["X"])
    lonely[0], lonely[:, 0] = 0, 0

    def graph(X: np.ndarray) -> dict[str, np.ndarray]:
        return {"X": X * (1 - np.eye(n, dtype=X.dtype)), "n_clusters": data["n_clusters"]}

    return {
        "two graphs without an edge between them": graph(apart),
        "a complete graph": graph(np.ones((n, n), np.uint8)),
        "a star": graph(star),
        "a node without edges": graph(lonely),
        "no edges at all": graph(empty),
        "heavy weights": graph(np.asarray(data["X"], float) * 1e6),
        "one cluster": {**data, "n_clusters": np.array(1)},
    }
