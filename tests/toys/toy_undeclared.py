"""Needs matplotlib, which the environment of its study does not have."""

import sys

import numpy as np


class Undeclared:
    def __init__(self, n_clusters: int = 2) -> None:
        self.n_clusters = n_clusters

    def fit_predict(self, X):
        if not np.__file__.startswith(sys.prefix):
            raise RuntimeError(f"numpy of another environment: {np.__file__}")
        import matplotlib  # noqa: F401

        return np.zeros(len(X), int)
