"""Metrics of the proximity study: ``metric(data, fit) -> float``, NaN where it does not apply."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from seedbed.proximity.graphs.graph_input import as_graph
from seedbed.proximity.partitions import criteria, pair_counts, reject_curves

Arrays = Mapping[str, np.ndarray]


def adjusted_rand_index(data: Arrays, fit: Arrays) -> float:
    """Agreement of the pairs of nodes, adjusted for chance (Hubert and Arabie 1985)."""
    return pair_counts.adjusted_rand_index(data["labels"], fit["labels"]) if "labels" in data else np.nan


def path_scores(data: Arrays, fit: Arrays) -> np.ndarray:
    """The adjusted Rand index at every value of the parameter; empty where there is no path, or several."""
    path = fit.get("path_labels", np.empty(0))
    if "labels" not in data or path.ndim != 2 or not len(path):
        return np.empty(0)
    return pair_counts.adjusted_rand_indices(data["labels"], path)


def _of_path(data: Arrays, fit: Arrays, percentile: float) -> float:
    scores = path_scores(data, fit)
    return float(np.percentile(scores, percentile)) if len(scores) > 1 else np.nan


def ari_best_parameter(data: Arrays, fit: Arrays) -> float:
    """The adjusted Rand index at the parameter that hindsight would choose, graph by graph."""
    return _of_path(data, fit, 100.0)


def ari_90th_percentile(data: Arrays, fit: Arrays) -> float:
    """The 90th percentile over the values of the parameter."""
    return _of_path(data, fit, 90.0)


def ari_median_parameter(data: Arrays, fit: Arrays) -> float:
    """The median over the values of the parameter: what somebody gets who chooses without care."""
    return _of_path(data, fit, 50.0)


def reject_auc(data: Arrays, fit: Arrays) -> float:
    """The chance that a pair within a class is nearer than one between classes, ties counted half."""
    if "labels" not in data or "distance_ranks" not in fit:
        return np.nan
    return reject_curves.reject_curve(fit["distance_ranks"].astype(float), data["labels"]).auc


def misclustering_error(data: Arrays, fit: Arrays) -> float:
    """Share of nodes in the wrong cluster under the best one-to-one matching of clusters to classes."""
    return pair_counts.misclustered(data["labels"], fit["labels"]) if "labels" in data else np.nan


def modularity(data: Arrays, fit: Arrays) -> float:
    """Newman's modularity of the partition."""
    return criteria.modularity(as_graph(np.asarray(data["X"], float)), fit["labels"])


def log_win_balance(data: Arrays, fit: Arrays) -> float:
    """Of six families, the share in which the logarithm has the higher index less that in which the plain one has it.

    Each with the parameter that was chosen without truth.
    """
    if "labels" not in data or "atlas_labels" not in fit:
        return np.nan
    scores = [pair_counts.adjusted_rand_indices(data["labels"], family) for family in fit["atlas_labels"]]
    return float(np.mean([np.sign(log - plain) for log, _, plain in scores]))


def cutpoint_defect(data: Arrays, fit: Arrays) -> float:
    """How far distances are from adding up at the cutpoint: the largest ``|D_ic + D_cj - D_ij|`` over the largest D."""
    if "cutpoint" not in data or "distances" not in fit:
        return np.nan
    D, cut = fit["distances"], int(np.argmax(data["cutpoint"]))
    other = np.flatnonzero(data["labels"] == 1)
    own = np.setdiff1d(np.flatnonzero(data["labels"] == 0), [cut])
    gap = D[own, cut][:, None] + D[cut, other] - D[own][:, other]
    return float(np.abs(gap).max() / D.max())


def failures(data: Arrays, fit: Arrays) -> float:
    """Share of the parameter's values, or of the pairs of nodes, without a finite distance."""
    return float(fit["failures"]) if "failures" in fit else np.nan
