"""Fails unless every BLAS and OpenMP pool is limited to one thread, as the rule's ``threads: 1`` promises."""

import numpy as np
import threadpoolctl


class OneThread:
    def __init__(self, n_clusters: int = 2) -> None:
        self.n_clusters = n_clusters

    def fit_predict(self, X):
        pools = threadpoolctl.threadpool_info()
        if not pools or any(pool["num_threads"] != 1 for pool in pools):
            raise RuntimeError(f"thread pools: {pools}")
        return np.zeros(len(X), int)
