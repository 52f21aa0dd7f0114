"""Densities that are no kernel estimates: mixtures, one Gaussian, one sphere."""

from __future__ import annotations

import warnings

import numpy as np
from scipy.stats import multivariate_normal

MIXTURES = ((1, "full"), (2, "full"), (4, "full"), (8, "full"), (8, "diag"), (16, "diag"))
MOST_PARAMETERS = 1.5  # for a row


class MixtureByBIC:
    """The Gaussian mixture with the least BIC: 1, 2, 4 or 8 full components, 8 or 16 diagonal ones.

    Those with more than 1.5 parameters for a row are left out: no criterion would choose them.

    Parameters
    ----------
    random_state : int or None
    """

    def __init__(self, random_state=None):
        self.random_state = random_state

    def fit(self, X, y=None):
        """Fit all of them; a covariance is regularised by 1e-4 of the mean variance."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.mixture import GaussianMixture

        floor = 1e-4 * float(X.var(axis=0).mean())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            fits = [
                GaussianMixture(k, covariance_type=kind, reg_covar=floor, random_state=self.random_state).fit(X)
                for k, kind in MIXTURES
                if k == 1 or k * _parameters(kind, X.shape[1]) <= MOST_PARAMETERS * len(X)
            ]
        self.peer_ = min(fits, key=lambda model: model.bic(X))
        return self

    def score_samples(self, X):
        """Log densities."""
        return self.peer_.score_samples(X)


def _parameters(kind: str, d: int) -> int:
    """Of one component."""
    return d * (d + 3) // 2 if kind == "full" else 2 * d


class OneGaussian:
    """One Gaussian law.

    Parameters
    ----------
    covariance : {"ledoit_wolf", "empirical", "sphere"}
    """

    def __init__(self, covariance="empirical"):
        self.covariance = covariance

    def fit(self, X, y=None):
        """Mean and covariance."""
        from sklearn.covariance import empirical_covariance, ledoit_wolf

        if self.covariance == "ledoit_wolf":
            S = ledoit_wolf(X)[0]
        elif self.covariance == "empirical":
            S = empirical_covariance(X)
        else:
            S = X.var(axis=0).mean() * np.eye(X.shape[1])
        self.peer_ = multivariate_normal(X.mean(axis=0), S, allow_singular=True)
        return self

    def score_samples(self, X):
        """Log densities."""
        return np.atleast_1d(self.peer_.logpdf(X))


class TrueDensity:
    """The true law, looked up.

    Parameters
    ----------
    known_rows, known_log_density : ndarray
    """

    def __init__(self, known_rows, known_log_density):
        self.known_rows = known_rows
        self.known_log_density = known_log_density

    def fit(self, X, y=None):
        """Number the rows."""
        self.places_ = {row.tobytes(): i for i, row in enumerate(np.ascontiguousarray(self.known_rows, np.float64))}
        return self

    def score_samples(self, X):
        """The true log densities of rows that are known."""
        rows = np.ascontiguousarray(X, np.float64)
        return np.asarray(self.known_log_density)[[self.places_[row.tobytes()] for row in rows]]
