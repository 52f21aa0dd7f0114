"""Clustering of Gaussian data by semidefinite programs, and what they are compared with.

Names are imported on first use, so that importing one method does not import the others.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seedbed.clustering.controls import GaussianOracle, RandomLabels
    from seedbed.clustering.hard_em import HardEM
    from seedbed.clustering.iterative_likelihood_sdp import IterativeLikelihoodSDP
    from seedbed.clustering.kmeans_sdp import KMeansSDP
    from seedbed.clustering.likelihood_sdp import LikelihoodSDP
    from seedbed.clustering.started_mixture import StartedGaussianMixture

_MODULES = {
    "GaussianOracle": "controls",
    "HardEM": "hard_em",
    "IterativeLikelihoodSDP": "iterative_likelihood_sdp",
    "KMeansSDP": "kmeans_sdp",
    "LikelihoodSDP": "likelihood_sdp",
    "RandomLabels": "controls",
    "StartedGaussianMixture": "started_mixture",
}

__all__ = [
    "GaussianOracle",
    "HardEM",
    "IterativeLikelihoodSDP",
    "KMeansSDP",
    "LikelihoodSDP",
    "RandomLabels",
    "StartedGaussianMixture",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
