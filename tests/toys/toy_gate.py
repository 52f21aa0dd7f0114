"""Waits until a file ``gate`` lies in the working directory; says meanwhile which job waits."""

import os
import time
from pathlib import Path

import numpy as np


class Gate:
    def __init__(self, n_clusters: int = 2) -> None:
        self.n_clusters = n_clusters

    def fit_predict(self, X):
        part = Path(f"waiting.{os.getpid()}")
        part.write_text(f"{os.environ.get('SLURM_JOB_ID', 'none')} {os.getpid()}")
        part.replace("waiting")
        while not Path("gate").exists():
            time.sleep(0.05)
        return np.arange(len(X)) % self.n_clusters
