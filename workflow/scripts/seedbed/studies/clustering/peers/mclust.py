"""The R package mclust, run by Rscript."""

from __future__ import annotations

from typing import Literal

import numpy as np

from seedbed.core.programs.program import Program

Model = Literal[
    "EII", "VII", "EEI", "VEI", "EVI", "VVI", "EEE", "VEE", "EVE", "VVE", "EEV", "VEV", "EVV", "VVV", "E", "V"
]  # fmt: skip


class Mclust(Program):
    """Model-based clustering by R's ``mclust``: the peer that statisticians would name first.

    EM for a Gaussian mixture, started from a model-based hierarchical partition, for each of its fourteen
    parametrisations of the covariances (volume, shape and orientation, each equal or varying between clusters); the one
    with the best BIC is taken.

    Parameters
    ----------
    n_clusters : int, default=2
    model : str or None, default=None
        One parametrisation, such as ``"VVV"`` for covariances without any restriction (for one feature ``"E"`` or
        ``"V"``); None chooses by BIC.
    random_state : int, default=0
        R's seed: beyond 2000 rows the start is found on a random subset.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,)

    Raises
    ------
    SkipFit
        Where R or its package is missing.
    ProgramError
        If R fails, for instance since no model can be fitted.

    References
    ----------
    .. [1] C. Fraley, A. E. Raftery (2002). Model-based clustering, discriminant analysis, and density estimation.
       Journal of the American Statistical Association 97, 611-631.
    .. [2] L. Scrucca, M. Fop, T. B. Murphy, A. E. Raftery (2016). mclust 5: Clustering, Classification and Density
       Estimation Using Gaussian Finite Mixture Models. The R Journal 8, 289-317.
    """

    command = (
        "Rscript", "--vanilla", "{here}/mclust.R", "{X.csv}", "{result.csv}", "{n_clusters}", "{model}",
        "{random_state}",
    )  # fmt: skip
    install = "install R and its package mclust (Debian: r-base-core r-cran-mclust; conda-forge: r-base r-mclust)"

    def __init__(self, n_clusters: int = 2, model: Model | None = None, random_state: int = 0) -> None:
        self.n_clusters = n_clusters
        self.model = model
        self.random_state = random_state

    def fit(self, X: np.ndarray) -> Mclust:
        """Start R, and take its labels: 0.5 s for the start, then ``O(n^2)`` memory for the hierarchical partition."""
        self.labels_ = self.run(X=X)["label"]
        return self

    def fit_predict(self, X: np.ndarray) -> np.ndarray:
        """Fit, and return ``labels_``."""
        return self.fit(X).labels_
