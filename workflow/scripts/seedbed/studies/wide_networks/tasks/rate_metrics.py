"""Metrics of learning rates: how the largest usable and the best one depend on the batch and on the width."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from seedbed.wide_networks.curvature.usable_rates import largest_below

from ..data.digits import CLASSES

Arrays = Mapping[str, np.ndarray]
CONSTANT_LOSS = float(np.log(CLASSES))  # of the prediction that all classes are equally likely


def largest_usable(rates: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """The largest rate of each row of losses up to which training is better than a constant prediction.

    All rates from the first such one on count: what succeeds beyond a rate that failed is luck. NaN where none fails.
    """
    return np.array([largest_below(row, rates, CONSTANT_LOSS) for row in losses])


def best_rates(rates: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """The rate with the least loss of each row, NaN at an end of the grid.

    It is the least point of the parabola in log rate through the best three losses, a loss beyond the constant
    prediction's counting as that one.
    """
    best, found = losses.argmin(axis=1), np.full(len(losses), np.nan)
    step = np.log2(rates[1] / rates[0])
    for row, k in enumerate(best):
        if 0 < k < len(rates) - 1:
            before, least, after = np.minimum(losses[row, k - 1 : k + 2], CONSTANT_LOSS)
            bend = before - 2 * least + after
            shift = 0.5 * (before - after) / bend if bend > 0 else 0.0
            found[row] = rates[k] * 2.0 ** (step * np.clip(shift, -1, 1))
    return found


def slope(x: np.ndarray, y: np.ndarray) -> float:
    """Of log y by log x; NaN if a value is not positive and finite, or there are fewer than two."""
    if len(x) < 2 or not (np.isfinite(y).all() and np.all(y > 0)):
        return np.nan
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def _by_batch(data: Arrays, fit: Arrays, name: str, rates_of) -> float:
    if name not in fit:
        return np.nan
    within = data["batch_sizes"] <= fit["fitted_to"]
    return slope(data["batch_sizes"][within], rates_of(fit["rates"], fit[name][within]))


def least_loss(data: Arrays, fit: Arrays) -> float:
    """The least loss over the rates with batches of 32, or of the size nearest to that."""
    if "loss_same_writers" not in fit:
        return np.nan
    return float(fit["loss"][np.abs(np.log2(data["batch_sizes"] / 32)).argmin()].min())


def max_lr_slope(data: Arrays, fit: Arrays) -> float:
    """Slope of the log largest usable rate by log batch size; held-out digits are by other writers."""
    return _by_batch(data, fit, "loss", largest_usable)


def max_lr_slope_same_writers(data: Arrays, fit: Arrays) -> float:
    """The same; held-out digits are by the writers of the digits that train."""
    return _by_batch(data, fit, "loss_same_writers", largest_usable)


def best_lr_slope(data: Arrays, fit: Arrays) -> float:
    """Slope of the log best rate by log batch size; held-out digits are by other writers."""
    return _by_batch(data, fit, "loss", best_rates)


def best_lr_slope_same_writers(data: Arrays, fit: Arrays) -> float:
    """The same; held-out digits are by the writers of the digits that train."""
    return _by_batch(data, fit, "loss_same_writers", best_rates)


def lr_shift(data: Arrays, fit: Arrays) -> float:
    """Slope of the log best rate by log width: -1 if it halves when the width doubles."""
    return slope(fit["widths"], best_rates(fit["rates"], fit["loss"])) if "feature_change" in fit else np.nan


def feature_slope(data: Arrays, fit: Arrays) -> float:
    """Slope of the log change of features by log width, at the base width's best rate, from the second width on."""
    if "feature_change" not in fit:
        return np.nan
    best = best_rates(fit["rates"], fit["loss"][:1])[0]
    if np.isnan(best):
        return np.nan
    base = int(np.abs(np.log2(fit["rates"] / best)).argmin())
    return slope(fit["widths"][1:], fit["feature_change"][1:, base])


def best_loss(data: Arrays, fit: Arrays) -> float:
    """The least loss over the rates at the largest width."""
    return float(fit["loss"][-1].min()) if "feature_change" in fit else np.nan
