"""Metrics of the density study: ``metric(data, fit) -> float``, NaN where it does not apply."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from scipy.special import gammaln
from scipy.stats import ks_2samp, kstest, levy_stable

from seedbed.density.regimes.local_dimension import local_dimension
from seedbed.density.theory.condensation import critical_bandwidths, spread_of_log_density
from seedbed.density.theory.exact_risk import expected_kl

Arrays = Mapping[str, np.ndarray]
DRAWS = 40_000  # of a stable law that is compared with


def kl(data: Arrays, fit: Arrays) -> float:
    """Mean over fresh rows of the true log density minus the estimate's; without a truth, minus the log-likelihood."""
    if "log_density" not in fit:
        return np.nan
    return float(np.mean(data.get("log_density_test", 0.0) - fit["log_density"]))


def participation(data: Arrays, fit: Arrays) -> float:
    """Mean over fresh rows, or over data sets, of the sum of squared shares."""
    return float(np.mean(fit["participation"])) if "participation" in fit else np.nan


def best_over_edge(data: Arrays, fit: Arrays) -> float:
    """The best bandwidth over h_G in the limit, of Gaussian data."""
    return _best_over(data, fit, "h_g")


def best_over_clt(data: Arrays, fit: Arrays) -> float:
    """The best bandwidth over h_CLT in the limit, of Gaussian data."""
    return _best_over(data, fit, "h_clt")


def _best_over(data: Arrays, fit: Arrays, name: str) -> float:
    if "best_bandwidth" not in fit or not data.get("gaussian", False):
        return np.nan
    n, d = data["X"].shape
    return float(fit["best_bandwidth"] / critical_bandwidths(n, d)[name])


def risk_gap(data: Arrays, fit: Arrays) -> float:
    """KL minus what the exact risk predicts at that bandwidth, for kernels in the shape of Gaussian data."""
    if not data.get("gaussian", False) or str(fit.get("shape", "")) != "full" or "bandwidth" not in fit:
        return np.nan
    n, d = data["X"].shape
    return kl(data, fit) - expected_kl(float(fit["bandwidth"]), n, d)


def log_bandwidth(data: Arrays, fit: Arrays) -> float:
    """log h."""
    return float(np.log(fit["bandwidth"])) if "bandwidth" in fit else np.nan


def log_density_error(data: Arrays, fit: Arrays) -> float:
    """Largest distance of the method's own log densities from the direct sum, in nats, over a few rows."""
    if "direct_log_density" not in fit:
        return np.nan
    direct = fit["direct_log_density"]
    return float(np.abs(fit["own_log_density"][: len(direct)] - direct).max())


def overstatement(data: Arrays, fit: Arrays) -> float:
    """Mean over fresh rows of the method's own log density minus the exact one, in nats."""
    if "own_log_density" not in fit:
        return np.nan
    return float(np.mean(fit["own_log_density"] - fit["log_density"]))


def dimension_gap(data: Arrays, fit: Arrays) -> float:
    """Distance of the participation from 1 - D/d, with D the local dimension, for spheres at the best bandwidth."""
    if str(fit.get("shape", "")) != "isotropic" or "participation" not in fit:
        return np.nan
    X = data["X"]
    return float(abs(participation(data, fit) - (1.0 - local_dimension(X, random_state=0) / X.shape[1])))


def tail_index(data: Arrays, fit: Arrays) -> float:
    """1 over the mean of 1/m, over fresh rows."""
    if "tail_index" not in fit or not np.isfinite(fit["tail_index"]).any():
        return np.nan
    return float(1.0 / np.nanmean(1.0 / np.maximum(fit["tail_index"], 1e-12)))


def ks_to_normal(data: Arrays, fit: Arrays) -> float:
    """Kolmogorov-Smirnov distance of the sum over data sets to the normal law with its mean and deviation."""
    z = _relative_sums(fit)
    return float(kstest((z - z.mean()) / z.std(), "norm").statistic)


def ks_to_stable(data: Arrays, fit: Arrays) -> float:
    """The same to the stable law of index m = c^2: below 1 without a free parameter, from 1 to 2 by quartiles."""
    m = _index(fit)
    if m < 1.0:
        return float(ks_2samp(fit["log_sums"] + _edge_energy(data) / m, log_positive_stable(m)).statistic)
    if m >= 2.0 or m == 1.0:
        return np.nan
    return float(ks_2samp(_by_quartiles(_relative_sums(fit)), stable_by_quartiles(m)).statistic)


def ks_gain(data: Arrays, fit: Arrays) -> float:
    """Distance to the normal law minus that to the stable law, both by median and quartiles, for 1 < m < 2."""
    if not 1.0 < _index(fit) < 2.0:
        return np.nan
    z = _by_quartiles(_relative_sums(fit))
    normal = 2.0 * 0.6744897501960817  # its interquartile range
    return float(kstest(z * normal, "norm").statistic) - ks_to_stable(data, fit)


def spread_ratio(data: Arrays, fit: Arrays) -> float:
    """Deviation of the log sum over data sets, over that of the stable law of index m < 1."""
    m = _index(fit)
    return float(fit["log_sums"].std(ddof=1) / spread_of_log_density(m)) if m < 1.0 else np.nan


def _index(fit: Arrays) -> float:
    return float(fit["factor"]) ** 2


def _relative_sums(fit: Arrays) -> np.ndarray:
    return np.exp(fit["log_sums"] - fit["log_sums"].mean())


def _by_quartiles(z: np.ndarray) -> np.ndarray:
    low, middle, high = np.percentile(z, (25, 50, 75))
    return (z - middle) / (high - low)


def _edge_energy(data: Arrays) -> float:
    """T / (2 h_G^2), with n F(T) = 1: the sum is compared with terms that are 1 there."""
    return float(data["edge_squared_distance"] / (2.0 * data["edge"] ** 2))


@lru_cache(16)
def log_positive_stable(m: float) -> np.ndarray:
    r"""Draws of log S + log Gamma(1 - m)/m, with :math:`E e^{-uS} = e^{-u^m}`, by Kanter's formula."""
    rng = np.random.default_rng(0)
    u, e = np.pi * rng.uniform(size=DRAWS), rng.exponential(size=DRAWS)
    part = (1.0 - m) / m
    log_s = np.log(np.sin(m * u)) + part * (np.log(np.sin((1.0 - m) * u)) - np.log(e)) - np.log(np.sin(u)) / m
    return log_s + gammaln(1.0 - m) / m


@lru_cache(16)
def stable_by_quartiles(m: float) -> np.ndarray:
    """Draws of the totally skewed stable law, by quartiles."""
    return _by_quartiles(levy_stable.rvs(m, 1.0, size=DRAWS, random_state=np.random.default_rng(0)))
