"""The von Mises-Fisher distribution as an estimator."""

from __future__ import annotations

import numpy as np
from sklearn.base import BaseEstimator, DensityMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from seedbed.directional.bessel.functions import bessel_ratio, real_array
from seedbed.directional.sphere.rows import gaps_to, mean_direction, unit_rows

from . import normalizer as vmf_normalizer
from .concentration import concentration_mle
from .sampling import sample_von_mises_fisher


def corrected_resultant(r: float, gap: float, n_effective: float) -> tuple[float, float]:
    r"""R and 1 - R with the small-sample bias of R^2 removed.

    E[R^2] = A^2 + (1 - A^2)/n for n independent unit vectors, so that 1 - A^2 is estimated without bias by
    n (1 - R^2)/(n - 1), cut at 1. With one observation nothing can be said: R = 1 is kept.
    """
    if n_effective <= 1.0:
        return r, gap
    q = min(1.0, gap * (1.0 + r) * n_effective / (n_effective - 1.0))
    corrected = np.sqrt(1.0 - q)
    return corrected, q / (1.0 + corrected)


class VonMisesFisher(DensityMixin, BaseEstimator):
    r"""Von Mises-Fisher distribution on the unit sphere in p dimensions.

    Density :math:`c_p(\kappa)\exp(\kappa\mu^\top x)` with respect to surface measure. Rows of X are scaled
    to unit length first.

    Parameters
    ----------
    bias_correction : bool, default False
        Estimate kappa from :math:`(n\bar R^2 - 1)/(n - 1)` in place of :math:`\bar R^2`. The
        maximum-likelihood estimate is far too large where kappa is below about :math:`p/\sqrt n`.

    Attributes
    ----------
    mean_direction_ : ndarray of shape (p,)
    concentration_ : float
        kappa; 0 is the uniform law, inf a point.
    resultant_length_, resultant_gap_ : float
        Mean resultant length R and 1 - R, each accurate by itself.
    n_features_in_ : int

    Notes
    -----
    Fitting takes O(n p) time, and O(p) memory besides unit rows. kappa solves A_p(kappa) = R; for
    concentrated dense data 1 - R is half the mean squared distance from the mean direction, in which
    nothing cancels.

    References
    ----------
    K. V. Mardia and P. E. Jupp (2000), Directional Statistics, section 10.3.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.directional import VonMisesFisher
    >>> law = VonMisesFisher.from_parameters(np.eye(3)[0], 10.0)
    >>> f"{law.entropy():.4f}"
    '0.5353'
    """

    __module__ = "seedbed.directional"  # where pickles look for it, wherever this file moves

    def __init__(self, bias_correction=False):
        self.bias_correction = bias_correction

    @classmethod
    def from_parameters(cls, mean_direction, concentration) -> VonMisesFisher:
        """The distribution with these parameters.

        Parameters
        ----------
        mean_direction : array_like of shape (p,)
            Scaled to unit length.
        concentration : float
            0 to inf.

        Raises
        ------
        ValueError
            If the direction is zero, not finite or has fewer than two components, or the concentration is
            negative or NaN.
        """
        mean = real_array("mean_direction", mean_direction).astype(np.float64)
        if mean.ndim != 1 or mean.size < 2 or not np.all(np.isfinite(mean)) or not np.any(mean):
            raise ValueError("mean_direction must be a finite vector of at least two components, not all of them zero")
        kappa = real_array("concentration", concentration).astype(np.float64)
        if kappa.ndim or not kappa >= 0:
            raise ValueError(f"concentration must be a non-negative number, got {concentration!r}")
        law = cls()
        law.mean_direction_ = unit_rows(mean[None])[0].copy()
        law.concentration_ = float(kappa)
        law.n_features_in_ = mean.size
        law.resultant_gap_ = float(vmf_normalizer.resultant_gap(mean.size, law.concentration_))
        law.resultant_length_ = float(bessel_ratio(0.5 * mean.size - 1.0, law.concentration_))
        return law

    def fit(self, X, y=None, sample_weight=None):
        """Maximum likelihood.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n, p), p >= 2
        y : ignored
        sample_weight : array-like of shape (n,), optional
            Non-negative, not all zero.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a row is zero or not finite, p < 2, or a weight is negative or all are zero.
        """
        X = unit_rows(validate_data(self, X, accept_sparse="csr", dtype=np.float64, ensure_min_features=2))
        weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        if not weights.sum() > 0:
            raise ValueError("the sample weights are all zero")
        self.mean_direction_, r, gap = mean_direction(X, weights)
        if self.bias_correction:
            r, gap = corrected_resultant(r, gap, weights.sum() ** 2 / (weights @ weights))
        self.resultant_length_, self.resultant_gap_ = float(r), float(gap)
        self.concentration_ = float(concentration_mle(self.n_features_in_, r, one_minus_r=gap))
        return self

    def log_prob(self, X) -> np.ndarray:
        r"""Log density at the rows of X, :math:`\log c_p(\kappa) + \kappa - \kappa(1 - \mu^\top x)`.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n, p)
            Rows are scaled to unit length.

        Returns
        -------
        ndarray of shape (n,)
            For infinite kappa, inf at the mean direction and -inf elsewhere.
        """
        check_is_fitted(self, "concentration_")
        X = unit_rows(validate_data(self, X, accept_sparse="csr", dtype=np.float64, reset=False))
        gap = gaps_to(X, self.mean_direction_)
        if np.isinf(self.concentration_):
            return np.where(gap <= 0.0, np.inf, -np.inf)
        return vmf_normalizer.log_peak(self.n_features_in_, self.concentration_) - self.concentration_ * gap

    def score_samples(self, X) -> np.ndarray:
        """The same as `log_prob`, under scikit-learn's name."""
        return self.log_prob(X)

    def score(self, X, y=None) -> float:
        """Mean log density over the rows of X."""
        return float(np.mean(self.log_prob(X)))

    def entropy(self) -> float:
        r"""Differential entropy :math:`-\log c_p(\kappa) - \kappa A_p(\kappa)` in nats."""
        check_is_fitted(self, "concentration_")
        return float(vmf_normalizer.entropy(self.n_features_in_, self.concentration_))

    def kl_divergence(self, other: VonMisesFisher) -> float:
        r"""Kullback-Leibler divergence from this law to another, in nats.

        :math:`\log c(\kappa_1) - \log c(\kappa_2) + A(\kappa_1)(\kappa_1 - \kappa_2\,\mu_1^\top\mu_2)`, as the sum of
        two parts that are not negative, so that laws that are nearly equal have their small divergence right.

        Raises
        ------
        ValueError
            If the dimensions differ, or ``other`` is no such law.
        """
        check_is_fitted(self, "concentration_")
        if not isinstance(other, VonMisesFisher):
            raise ValueError(f"other must be a VonMisesFisher, got {type(other).__name__}")
        check_is_fitted(other, "concentration_")
        p = self.n_features_in_
        if other.n_features_in_ != p:
            raise ValueError(f"the laws have {p} and {other.n_features_in_} dimensions")
        apart = float(gaps_to(self.mean_direction_[None], other.mean_direction_)[0])
        k1, k2 = self.concentration_, other.concentration_
        if np.isinf(k1) or np.isinf(k2):
            return 0.0 if k1 == k2 and apart == 0.0 else np.inf
        along = vmf_normalizer.concentration_divergence(p, k1, k2)
        return max(0.0, along) + k2 * float(bessel_ratio(0.5 * p - 1.0, k1)) * apart

    def sample(self, n_samples=1, random_state=None) -> np.ndarray:
        """Draw unit vectors.

        Parameters
        ----------
        n_samples : int, default 1
        random_state : int, Generator, RandomState or None

        Returns
        -------
        ndarray of shape (n_samples, p)
            O(n p) time; no p x p matrix.
        """
        check_is_fitted(self, "concentration_")
        if not isinstance(random_state, np.random.Generator):
            random_state = np.random.default_rng(check_random_state(random_state).randint(2**31, size=4))
        return sample_von_mises_fisher(self.mean_direction_, self.concentration_, n_samples, random_state)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags
