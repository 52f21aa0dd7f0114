"""Our log-Bessel functions as a method of the study."""

from __future__ import annotations

import importlib.util

import numpy as np

from seedbed.directional.bessel.functions import bessel_ratio, kernel, log_iv, log_kv

if importlib.util.find_spec("numba") is not None:
    # replicates run in processes that are forked from the one that imports this module: load the
    # kernels here, or every one of them would load its own
    for _name in ("log_iv", "log_kv", "ratio"):
        kernel(_name, "numba")


class OwnBessel:
    """`log_iv`, `log_kv` and `bessel_ratio`.

    Parameters
    ----------
    backend : {"auto", "numba", "numpy"}
    """

    functions = ("iv", "kv", "ratio")
    vectorised = True

    def __init__(self, backend: str = "auto"):
        self.backend = backend

    def evaluate(self, function: str, v: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Values of "iv" (log I), "kv" (log K) or "ratio" (I_{v+1}/I_v) at points."""
        chosen = {"iv": log_iv, "kv": log_kv, "ratio": bessel_ratio}[function]
        return chosen(v, x, backend=self.backend)
