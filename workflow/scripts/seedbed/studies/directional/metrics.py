"""Metrics of the directional study: ``metric(data, fit) -> float``, NaN where it does not apply."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from seedbed.clustering.partitions.internal_criteria import agreement, silhouettes
from seedbed.directional.sphere.rows import gaps_to, unit_rows
from seedbed.directional.vmf.normalizer import log_peak
from seedbed.studies.directional.data.order_and_argument import errors

Arrays = Mapping[str, np.ndarray]
CAP = 1e300


def point_errors(data: Arrays, fit: Arrays, kind: str) -> np.ndarray:
    """The "relative", "scaled" or "mixed" error at every point; infinite where the result is not finite."""
    exact = (data["exact"], data["exact_low"])
    return errors(str(data["function"]), data["v"], data["x"], fit["value"], exact, data["ratio"])[kind]


def _largest(data: Arrays, fit: Arrays, kind: str) -> float:
    """Over the finite results, at most 1; what is not finite is counted by a metric of its own."""
    error = point_errors(data, fit, kind)[np.isfinite(fit["value"])]
    return float(min(error.max(), 1.0)) if error.size else np.nan


def scaled_error(data: Arrays, fit: Arrays) -> float:
    r"""Largest error over the componentwise condition, :math:`\max(|f|, x|f_x| + v|f_v|)`, at most 1.

    A few 1e-16 is the best that any algorithm with rounded arguments can reach; 1, which a result that is
    not finite counts as, means that no digit is right.
    """
    return float(np.minimum(point_errors(data, fit, "scaled"), 1.0).max())


def finite_scaled_error(data: Arrays, fit: Arrays) -> float:
    """The same over the points where the result is finite; NaN if it nowhere is."""
    return _largest(data, fit, "scaled")


def relative_error(data: Arrays, fit: Arrays) -> float:
    """Median relative error; infinite where the result is not finite, so failures count."""
    return float(min(np.median(point_errors(data, fit, "relative")), CAP))


def largest_relative_error(data: Arrays, fit: Arrays) -> float:
    """Largest relative error over the finite results, at most 1; near the zeros of log I and log K it grows."""
    return _largest(data, fit, "relative")


def mixed_error(data: Arrays, fit: Arrays) -> float:
    """Largest error over max(1, |f|), over the finite results, at most 1: the relative error of I or K itself."""
    return _largest(data, fit, "mixed")


def failures(data: Arrays, fit: Arrays) -> float:
    """Share of results that are not finite, where all of them should be."""
    return float(np.mean(~np.isfinite(fit["value"])))


def kappa_error(data: Arrays, fit: Arrays) -> float:
    """Relative distance of kappa from the exact maximum-likelihood estimate for the sample's 1 - R."""
    exact = float(data["concentration_mle"])
    return float(min(abs(float(fit["concentration"]) / exact - 1.0), CAP))


def kappa_error_of_truth(data: Arrays, fit: Arrays) -> float:
    """Relative distance of kappa from the one that the sample was drawn with."""
    if not data.get("concentration", 0.0) > 0:
        return np.nan
    return float(min(abs(float(fit["concentration"]) / float(data["concentration"]) - 1.0), CAP))


def success(data: Arrays, fit: Arrays) -> float:
    """1 if kappa is within 1e-6 of the exact maximum-likelihood estimate, else 0."""
    return float(kappa_error(data, fit) < 1e-6)


def held_out_log_likelihood(data: Arrays, fit: Arrays) -> float:
    """Mean log density of the held-out rows, per dimension, in nats."""
    if "log_density" in fit:
        return float(np.mean(fit["log_density"])) / data["X"].shape[1]
    if not np.isfinite(fit.get("concentration", np.nan)):
        return np.nan
    rows, kappa = unit_rows(data["X_test"]), float(fit["concentration"])
    gap = gaps_to(rows, fit["mean_direction"]).mean()
    return float(log_peak(rows.shape[1], kappa) - kappa * gap) / rows.shape[1]


def stability(data: Arrays, fit: Arrays, before: tuple[Arrays, Arrays] | None = None) -> float:
    """Adjusted Rand index of the labels with those of the replicate before, on the rows that both samples have."""
    if "labels" in data or before is None or "rows" not in data:
        return np.nan
    return agreement((data["rows"], fit["labels"]), (before[0]["rows"], before[1]["labels"]))


def silhouette(data: Arrays, fit: Arrays) -> float:
    """Mean silhouette of the rows, by cosine distances; NaN where the truth is known."""
    return np.nan if "labels" in data else float(silhouettes(data["X"], fit["labels"], "cosine").mean())


def silhouette_gap(data: Arrays, fit: Arrays) -> float:
    """The silhouette less that of the same method on rows of the same spread without clusters."""
    if "X_reference" not in data or "labels_reference" not in fit:
        return np.nan
    reference = silhouettes(data["X_reference"], fit["labels_reference"], "cosine").mean()
    return silhouette(data, fit) - float(reference)


def clustering_error(data: Arrays, fit: Arrays) -> float:
    """Share of rows in the wrong cluster under the best matching of clusters to classes."""
    if "labels" not in data:
        return np.nan
    from scipy.optimize import linear_sum_assignment
    from sklearn.metrics.cluster import contingency_matrix

    counts = contingency_matrix(data["labels"], fit["labels"])
    rows, columns = linear_sum_assignment(counts, maximize=True)
    return float(1.0 - counts[rows, columns].sum() / counts.sum())
