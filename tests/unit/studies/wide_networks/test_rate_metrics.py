"""Slopes of learning rates: planted laws are found, what the grid cuts off is NaN."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.studies.wide_networks.tasks import rate_metrics

RATES, BATCHES = 2.0 ** np.arange(-6, 7), np.array([2, 4, 8, 16, 32])


def bowls(best: np.ndarray) -> np.ndarray:
    """Losses whose logarithmic bowls have their least points there, a row each."""
    return 0.5 + 0.2 * (np.log2(RATES) - np.log2(best)[:, None]) ** 2


@pytest.mark.parametrize("power", [0.5, 1.0, 0.0])
def test_a_planted_law_of_the_best_and_the_largest_rate_is_found(power: float) -> None:
    best = 0.2 * BATCHES**power
    fit = {"rates": RATES, "loss": bowls(best), "loss_same_writers": bowls(best), "fitted_to": np.array(32)}
    data = {"batch_sizes": BATCHES}
    assert rate_metrics.best_lr_slope(data, fit) == pytest.approx(power, abs=1e-9)
    assert rate_metrics.max_lr_slope_same_writers(data, fit) == pytest.approx(power, abs=0.2 if power == 0.5 else 1e-9)
    later = fit | {"loss": bowls(np.where(BATCHES > 8, 64.0, best)), "fitted_to": np.array(8)}
    assert rate_metrics.best_lr_slope(data, later) == pytest.approx(power, abs=1e-9), "larger batches do not count"


def test_a_largest_usable_rate_is_the_last_before_one_that_fails() -> None:
    rates, losses = np.array([1.0, 2.0, 4.0, 8.0]), np.array([[1.0, 3.0, 2.0, np.inf], [3.0, 3.0, 3.0, 3.0]])
    np.testing.assert_array_equal(rate_metrics.largest_usable(rates, losses), [1.0, np.nan])
    late = np.array([[3.0, 2.0, 1.0, np.inf], [3.0, 1.0, 1.0, 1.0]])
    np.testing.assert_array_equal(rate_metrics.largest_usable(rates, late), [4.0, np.nan])


def test_a_best_rate_at_an_end_of_the_grid_is_none() -> None:
    best = rate_metrics.best_rates(RATES, bowls(np.array([1.0, 1 / 256, 256.0])))
    assert best[0] == pytest.approx(1.0) and np.isnan(best[1:]).all()
    assert np.isnan(rate_metrics.slope(BATCHES[:3], best))
    diverged = np.array([[1.0, 0.5, np.inf]])
    assert rate_metrics.best_rates(np.array([1.0, 2.0, 4.0]), diverged)[0] < 2.0


def test_the_shift_of_the_best_rate_and_the_slope_of_features_by_width() -> None:
    widths = np.array([32, 64, 128, 256])
    change = 0.2 * (widths[:, None] / 32.0) ** -0.5 * (1 + np.log2(RATES) ** 2)
    fit = {"widths": widths, "rates": RATES, "loss": bowls(2.0 * 32 / widths), "feature_change": change}
    assert rate_metrics.lr_shift({}, fit) == pytest.approx(-1.0)
    assert rate_metrics.feature_slope({}, fit) == pytest.approx(-0.5)
    assert rate_metrics.best_loss({}, fit) == pytest.approx(0.5)


def test_metrics_of_another_task_are_nan() -> None:
    for name in ("max_lr_slope", "best_lr_slope_same_writers", "lr_shift", "feature_slope", "best_loss", "least_loss"):
        assert np.isnan(getattr(rate_metrics, name)({}, {"predictions": np.zeros(3)}))
