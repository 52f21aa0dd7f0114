"""Metrics of the directional study: ``metric(data, fit) -> float``, NaN where it does not apply."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from seedbed.directional.plane import errors
from seedbed.directional.sphere import gaps_to, unit_rows
from seedbed.directional.vmf_normalizer import log_peak

Arrays = Mapping[str, np.ndarray]
CAP = 1e300


def _errors(data: Arrays, fit: Arrays, kind: str) -> np.ndarray | None:
    if "value" not in fit:
        return None
    exact = (data["exact"], data["exact_low"])
    made = errors(str(data["function"]), data["v"], data["x"], fit["value"], exact, data["ratio"])
    return made[kind]


def _largest(values: np.ndarray | None) -> float:
    """Over the finite results; what is not finite is counted by a metric of its own."""
    if values is None:
        return np.nan
    finite = values[np.isfinite(values)]
    return float(finite.max()) if finite.size else np.nan


def scaled_error(data: Arrays, fit: Arrays) -> float:
    r"""Largest error over the componentwise condition, :math:`\max(|f|, x|f_x| + v|f_v|)`.

    Over the points where the result is finite; a few 1e-16 is the best that any algorithm with rounded
    arguments can reach.
    """
    return _largest(_errors(data, fit, "scaled"))


def relative_error(data: Arrays, fit: Arrays) -> float:
    """Median relative error; infinite where the result is not finite, so failures count."""
    made = _errors(data, fit, "relative")
    return np.nan if made is None else float(min(np.median(made), CAP))


def largest_relative_error(data: Arrays, fit: Arrays) -> float:
    """Largest relative error over the finite results; unbounded near the zeros of log I and log K."""
    return _largest(_errors(data, fit, "relative"))


def mixed_error(data: Arrays, fit: Arrays) -> float:
    """Largest error over max(1, |f|), over the finite results: the relative error of I or K itself."""
    return _largest(_errors(data, fit, "mixed"))


def failures(data: Arrays, fit: Arrays) -> float:
    """Share of results that are not finite, where all of them should be; 1 for an infinite kappa."""
    if "value" in fit:
        return float(np.mean(~np.isfinite(fit["value"])))
    if "concentration" in fit:
        return float(not np.isfinite(fit["concentration"]))
    return np.nan


def kappa_error(data: Arrays, fit: Arrays) -> float:
    """Relative distance of kappa from the exact maximum-likelihood estimate for the sample's 1 - R."""
    if "concentration_mle" not in data or "concentration" not in fit:
        return np.nan
    exact = float(data["concentration_mle"])
    return float(min(abs(float(fit["concentration"]) / exact - 1.0), CAP))


def kappa_error_of_truth(data: Arrays, fit: Arrays) -> float:
    """Relative distance of kappa from the one that the sample was drawn with."""
    if "concentration" not in data or "concentration" not in fit or not data["concentration"] > 0:
        return np.nan
    return float(min(abs(float(fit["concentration"]) / float(data["concentration"]) - 1.0), CAP))


def success(data: Arrays, fit: Arrays) -> float:
    """1 if kappa is within 1e-6 of the exact maximum-likelihood estimate, else 0."""
    error = kappa_error(data, fit)
    return np.nan if np.isnan(error) else float(error < 1e-6)


def held_out_log_likelihood(data: Arrays, fit: Arrays) -> float:
    """Mean log density of the held-out rows, per dimension, in nats."""
    if "log_density" in fit:
        return float(np.mean(fit["log_density"])) / data["X"].shape[1]
    if "concentration" not in fit or not np.isfinite(fit["concentration"]):
        return np.nan
    rows, kappa = unit_rows(data["X_test"]), float(fit["concentration"])
    gap = gaps_to(rows, fit["mean_direction"]).mean()
    return float(log_peak(rows.shape[1], kappa) - kappa * gap) / rows.shape[1]


def clustering_error(data: Arrays, fit: Arrays) -> float:
    """Share of rows in the wrong cluster under the best matching of clusters to classes."""
    if "labels" not in data or "labels" not in fit:
        return np.nan
    from scipy.optimize import linear_sum_assignment
    from sklearn.metrics.cluster import contingency_matrix

    counts = contingency_matrix(data["labels"], fit["labels"])
    rows, columns = linear_sum_assignment(counts, maximize=True)
    return float(1.0 - counts[rows, columns].sum() / counts.sum())
