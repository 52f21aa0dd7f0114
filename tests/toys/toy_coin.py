"""Random labels: shows whether a method's own stream stays what it was."""

import numpy as np


class Coin:
    def __init__(self, n_clusters: int = 2, bias: float = 0.5, random_state=None) -> None:
        self.n_clusters = n_clusters
        self.bias = bias
        self.random_state = random_state

    def fit_predict(self, X):
        rng = np.random.default_rng(self.random_state)
        return np.where(rng.random(len(X)) < self.bias, 0, rng.integers(0, self.n_clusters, len(X)))
