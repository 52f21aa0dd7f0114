"""Metrics of predictions: of the tasks features, hierarchy and tables."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

Arrays = Mapping[str, np.ndarray]
FLOOR = 1e-12  # errors below are rounding: a kernel with fewer features than rows is exact


def _is_compared(data: Arrays, fit: Arrays) -> bool:
    return "y_test" in data and "predictions" in fit and fit["predictions"].shape == data["y_test"].shape


def relative_error(data: Arrays, fit: Arrays) -> float:
    """Mean squared error at the test rows over the response's variance there; NaN for classes."""
    if not _is_compared(data, fit) or data["y_test"].dtype.kind != "f":
        return np.nan
    return float(((fit["predictions"] - data["y_test"]) ** 2).mean() / data["y_test"].var())


def accuracy(data: Arrays, fit: Arrays) -> float:
    """Share of test rows whose class is right; NaN for numbers."""
    if not _is_compared(data, fit) or data["y_test"].dtype.kind == "f":
        return np.nan
    return float((fit["predictions"] == data["y_test"]).mean())


def prediction_error(data: Arrays, fit: Arrays) -> float:
    """The share of wrong classes, or of numbers the squared error over the variance."""
    numbers = data["y_test"].dtype.kind == "f"
    return relative_error(data, fit) if numbers else 1.0 - accuracy(data, fit)


def r2_of_inner(data: Arrays, fit: Arrays) -> float:
    """Squared correlation of the inner function that was found with the true one."""
    if "inner" not in fit or "inner_test" not in data:
        return np.nan
    return float(np.corrcoef(fit["inner"], data["inner_test"])[0, 1] ** 2)


def kernel_gain(data: Arrays, fit: Arrays) -> float:
    """Log of the best kernel's error over that of layerwise learning: positive where features help."""
    if "inner_test" not in data or fit["predictions"].ndim != 2:
        return np.nan
    layerwise, kernel = ((fit["predictions"] - data["y_test"][:, None]) ** 2).mean(axis=0)
    return float(np.log(max(kernel, FLOOR) / max(layerwise, FLOOR)))
