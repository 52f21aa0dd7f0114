"""Clustering of Gaussian data by semidefinite programs, and what they are compared with.

Names are imported on first use, so that importing one method does not import the others.
"""

from seedbed.facade import lazy_names

__getattr__, __dir__, __all__ = lazy_names(
    __name__,
    {
        "GaussianOracle": "controls",
        "RandomLabels": "controls",
        "HardEM": "gaussian.hard_em",
        "StartedGaussianMixture": "gaussian.started_mixture",
        "IterativeLikelihoodSDP": "ila_sdp.estimator",
        "KMeansSDP": "kmeans_sdp.estimator",
        "LikelihoodSDP": "likelihood_sdp.estimator",
    },
)
