"""A method whose result is larger than a small disk, and cannot be compressed."""

import numpy as np


class Bulky:
    def __init__(self, n_clusters: int = 2, megabytes: float = 8.0) -> None:
        self.n_clusters = n_clusters
        self.megabytes = megabytes

    def fit_predict(self, X):
        self.objective_path_ = np.random.default_rng(0).random(int(self.megabytes * 2**17))
        return np.arange(len(X)) % self.n_clusters
