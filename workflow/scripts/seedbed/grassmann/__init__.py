"""Classes as linear subspaces: geometry of the Grassmann manifold, an optimiser, heads and classifiers.

Names are imported on first use, so that importing the package does not import torch.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seedbed.grassmann.clafic import ClaficClassifier
    from seedbed.grassmann.grassmann_classifier import GrassmannClassifier
    from seedbed.grassmann.grassmann_head import GrassmannHead, UnconstrainedHead
    from seedbed.grassmann.riemannian_sgd import RiemannianSGD
    from seedbed.grassmann.vector_heads import ArcFaceHead, CosineHead, LinearHead, SubCenterHead

_MODULES = {
    "ArcFaceHead": "vector_heads",
    "ClaficClassifier": "clafic",
    "CosineHead": "vector_heads",
    "GrassmannClassifier": "grassmann_classifier",
    "GrassmannHead": "grassmann_head",
    "LinearHead": "vector_heads",
    "RiemannianSGD": "riemannian_sgd",
    "SubCenterHead": "vector_heads",
    "UnconstrainedHead": "grassmann_head",
}

__all__ = [
    "ArcFaceHead",
    "ClaficClassifier",
    "CosineHead",
    "GrassmannClassifier",
    "GrassmannHead",
    "LinearHead",
    "RiemannianSGD",
    "SubCenterHead",
    "UnconstrainedHead",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
