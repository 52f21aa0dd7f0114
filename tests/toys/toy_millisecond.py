"""A fit of one millisecond."""

import time

import numpy as np


class Millisecond:
    def __init__(self, n_clusters: int = 2, number: int = 0) -> None:
        self.n_clusters = n_clusters
        self.number = number

    def fit_predict(self, X):
        end = time.process_time() + 0.001
        while time.process_time() < end:
            pass
        return np.arange(len(X)) % self.n_clusters
