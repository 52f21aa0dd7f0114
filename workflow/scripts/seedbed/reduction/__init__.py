"""Sufficient dimension reduction for random objects, by the Fréchet cumulative covariance and its competitors.

Names are imported on first use: neither torch nor numba nor scikit-learn is loaded before it is needed.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {
    "FrechetCumulativeNet": "frechet_cumulative_net",
    "KernelFCCov": "kernel_fccov",
    "LinearFCCov": "linear_fccov",
    "SIR": "sir",
    "SAVE": "save",
    "DirectionalRegression": "directional_regression",
    "PHD": "phd",
    "CUME": "cume",
    "WIRE": "wire",
    "OPG": "opg",
    "MAVE": "mave",
    "KSIR": "ksir",
    "GSIR": "gsir",
    "GSAVE": "gsave",
    "MDDNet": "mdd_net",
    "frechet_cumulative_covariance": "fccov",
    "fccov_independence_test": "independence_test",
    "ball_kernel": "balls",
    "quantile_vectors": "wasserstein",
    "Response": "response",
    "SPACES": "spaces",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
