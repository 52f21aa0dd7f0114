"""Classes as linear subspaces: geometry of the Grassmann manifold, an optimiser, heads and classifiers.

Names are imported on first use, so that importing the package does not import torch.
"""

from seedbed.facade import lazy_names

__getattr__, __dir__, __all__ = lazy_names(
    __name__,
    {
        "ClaficClassifier": "classifiers.clafic",
        "GrassmannClassifier": "classifiers.grassmann_classifier",
        "RiemannianSGD": "descent.riemannian_sgd",
        "GrassmannHead": "heads.grassmann_head",
        "UnconstrainedHead": "heads.grassmann_head",
        "ArcFaceHead": "heads.vector_heads",
        "CosineHead": "heads.vector_heads",
        "LinearHead": "heads.vector_heads",
        "SubCenterHead": "heads.vector_heads",
    },
)
