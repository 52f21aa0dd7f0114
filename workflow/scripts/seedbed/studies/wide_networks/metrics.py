"""Metrics of the wide_networks study: ``metric(data, fit) -> float``, NaN where it does not apply."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .tasks.rate_metrics import slope

Arrays = Mapping[str, np.ndarray]
TINY = 1e-20  # a smallest eigenvalue that is zero but for rounding counts as this share of the largest


def _last(fit: Arrays, name: str) -> float:
    return float(fit[name][-1]) if name in fit else np.nan


def _by_width(fit: Arrays, name: str) -> float:
    return slope(fit["widths"], fit[name]) if name in fit else np.nan


# ---- ladder


def deviation_slope(data: Arrays, fit: Arrays) -> float:
    """Slope of the log distance of the kernel to its limit, by log width."""
    return _by_width(fit, "deviation")


def movement_slope(data: Arrays, fit: Arrays) -> float:
    """Slope of the log movement of the kernel in training, by log width."""
    return _by_width(fit, "movement")


def ode_slope(data: Arrays, fit: Arrays) -> float:
    """Slope of the log distance of the function to the linear equation's, by log width."""
    return _by_width(fit, "ode_error")


def deviation(data: Arrays, fit: Arrays) -> float:
    """Relative distance of the kernel to its limit, at the largest width."""
    return _last(fit, "deviation")


def movement(data: Arrays, fit: Arrays) -> float:
    """Relative movement of the kernel in training, at the largest width."""
    return _last(fit, "movement")


def ode_error(data: Arrays, fit: Arrays) -> float:
    """Relative distance of the function at fresh points to the linear equation's, at the largest width."""
    return _last(fit, "ode_error")


def learned_share_slope(data: Arrays, fit: Arrays) -> float:
    """Realised on predicted learned shares of the leading components, weighted by the target's, largest width."""
    return _last(fit, "share_slope")


def spearman(data: Arrays, fit: Arrays) -> float:
    """Rank correlation of realised shares with eigenvalues over the 16 leading components, largest width."""
    return _last(fit, "spearman")


# ---- stopping, sphere


def mse_to_truth(data: Arrays, fit: Arrays) -> float:
    """Mean squared error at fresh rows against the noiseless function, whose variance is one."""
    return float(np.mean((fit["predictions"] - data["truth"]) ** 2)) if "truth" in data else np.nan


def log_mse(data: Arrays, fit: Arrays) -> float:
    """Its logarithm, whose differences are factors."""
    return float(np.log(mse_to_truth(data, fit)))


def smallest_share(data: Arrays, fit: Arrays) -> float:
    """The smallest eigenvalue over the largest; 1e-20 where it is zero but for rounding."""
    if "eigenvalues" not in fit:
        return np.nan
    smallest, largest = fit["eigenvalues"][[0, -1]]
    return float(max(smallest / largest, TINY))


def log_condition(data: Arrays, fit: Arrays) -> float:
    """log10 of that."""
    return float(np.log10(smallest_share(data, fit)))


# ---- locality


def exponent(data: Arrays, fit: Arrays) -> float:
    """Minus the slope of the log expected error by log sample size."""
    return -slope(data["sizes"], fit["errors"]) if "errors" in fit else np.nan


def log2_exponent(data: Arrays, fit: Arrays) -> float:
    """log2 of the exponent, whose differences are factors; NaN if errors do not fall."""
    value = exponent(data, fit)
    return float(np.log2(value)) if value > 0 else np.nan


def largest_size_error(data: Arrays, fit: Arrays) -> float:
    """Expected squared error at the largest sample size, over the target's variance."""
    return _last(fit, "errors")


def exponent_gap(data: Arrays, fit: Arrays) -> float:
    """The exponent less what the formula predicts, where the formula is about the method."""
    return exponent(data, fit) - float(fit["predicted_exponent"]) if "predicted_exponent" in fit else np.nan


# ---- gaussianity: V/K^2 is the relative variance of the squared size G of the last layer, over networks


def relative_variance(data: Arrays, fit: Arrays) -> float:
    """E G^2 / (E G)^2 - 1: a third of the excess kurtosis of the output, exactly."""
    return float(fit["relative_variance"]) if "relative_variance" in fit else np.nan


def vertex_ratio(data: Arrays, fit: Arrays) -> float:
    """The relative variance over what width and depth predict."""
    return _over(fit, "relative_variance", "predicted_variance")


def vertex_over_limit(data: Arrays, fit: Arrays) -> float:
    """The relative variance over its limit at this depth over width, which knows no width alone."""
    return _over(fit, "relative_variance", "limit_variance")


def vertex_rate(data: Arrays, fit: Arrays) -> float:
    """log(1 + V/K^2) for each layer."""
    if "relative_variance" not in fit:
        return np.nan
    return float(np.log1p(fit["relative_variance"]) / data["depth"])


def log_rate_gap(data: Arrays, fit: Arrays) -> float:
    """Mean change of log G for each layer, less what is predicted."""
    return float(fit["log_rate"] - fit["predicted_log_rate"]) if "predicted_log_rate" in fit else np.nan


def log_norm_change(data: Arrays, fit: Arrays) -> float:
    """|log10 of the median norm after all layers over that of the input|."""
    return float(abs(fit["log_norm_ratio"])) if "log_norm_ratio" in fit else np.nan


def _over(fit: Arrays, name: str, predicted: str) -> float:
    return float(fit[name] / fit[predicted]) if name in fit and predicted in fit else np.nan
