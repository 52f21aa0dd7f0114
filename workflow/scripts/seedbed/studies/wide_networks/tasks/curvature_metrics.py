"""Metrics of batch curvature: how far batches' extreme eigenvalues lie beyond those of the whole data set."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .rate_metrics import slope

Arrays = Mapping[str, np.ndarray]


def excess_slope(data: Arrays, fit: Arrays) -> float:
    """Slope of the log mean excess of the largest eigenvalue by log(1/B - 1/N); NaN if an excess is not positive."""
    if "full_largest" not in fit:
        return np.nan
    return slope(1 / fit["sizes"] - 1 / fit["n"], fit["largest"] - fit["full_largest"])


def slope_gap(data: Arrays, fit: Arrays) -> float:
    """Distance of that slope from one."""
    return abs(excess_slope(data, fit) - 1.0)


def least_excess(data: Arrays, fit: Arrays) -> float:
    """The least of all sizes' mean excess of the largest eigenvalue, over that of the whole data set."""
    if "full_largest" not in fit:
        return np.nan
    return float((fit["largest"] / fit["full_largest"] - 1.0).min())


def least_deficit(data: Arrays, fit: Arrays) -> float:
    """The least of all sizes' mean distance by which the smallest eigenvalue lies below that of the whole data set."""
    if "smallest" not in fit:
        return np.nan
    return float((fit["full_smallest"] - fit["smallest"]).min())


def predicted_share(data: Arrays, fit: Arrays) -> float:
    """What the crude second order predicts of the excess, over what was found; mean over sizes."""
    if "full_largest" not in fit:
        return np.nan
    return float((fit["predicted"] / (fit["largest"] - fit["full_largest"])).mean())
