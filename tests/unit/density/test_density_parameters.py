"""Parameters that are none: one message for each, in place of a number that was cut or a result without a meaning."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from seedbed.density import HighDimensionalKDE, local_dimension, loo_bandwidth

X = np.random.default_rng(0).normal(size=(60, 3))
WEIGHTS = {
    "Negative values": -np.ones(60),
    "Negative values in": np.where(np.arange(60) < 30, -1.0, 1.0),
    "NaN": np.full(60, np.nan),
    "zero": np.zeros(60),
    "shape": np.ones(59),
}
FITS = [lambda w: loo_bandwidth(X, sample_weight=w), lambda w: HighDimensionalKDE().fit(X, sample_weight=w)]


@pytest.mark.parametrize("message", WEIGHTS)
@pytest.mark.parametrize("fit", FITS)
def test_weights_that_are_none(fit, message):
    with pytest.raises(ValueError, match=message):
        fit(WEIGHTS[message])


def test_weights_of_leave_one_out():
    """Their scale means nothing, though their sum be no number; without weight a row is not there."""
    known = loo_bandwidth(X)
    for even in (2.0, np.full(60, 1e308), np.full(60, 1e-300)):
        assert loo_bandwidth(X, sample_weight=even) == pytest.approx(known, rel=1e-6)
    kept = np.r_[np.zeros(20), np.ones(40)]
    assert loo_bandwidth(X, sample_weight=kept) == pytest.approx(loo_bandwidth(X[20:]), rel=1e-6)


@pytest.mark.parametrize("ask", [loo_bandwidth, HighDimensionalKDE().fit])
def test_copies_are_told_of(ask):
    with pytest.warns(UserWarning, match="20 of 80 rows equal an earlier one") as told:
        ask(np.vstack([X, X[:20]]))
    assert told[0].filename == __file__


@pytest.mark.parametrize("bad", [-3, 0, 1, 2.5, True, "5"])
def test_rows_of_leave_one_out_are_a_whole_number(bad: Any):
    with pytest.raises(ValueError, match="n_loo must be"):
        loo_bandwidth(X, n_loo=bad)
    if bad != "5":
        with pytest.raises(ValueError, match="n_loo"):
            HighDimensionalKDE(n_loo=bad).fit(X)


def test_local_dimension_takes_whole_numbers():
    ask: Any = local_dimension
    for name, several in {"n_rows": (-3, 0, 2.5, True), "n_neighbors": (2.7, None, 1, True)}.items():
        for bad in several:
            with pytest.raises(ValueError, match=f"{name} must be a whole number"):
                ask(X, **{name: bad})
    assert ask(X, n_rows=None) == ask(X, n_rows=np.int64(60))


def test_questions_take_whole_numbers():
    model: Any = HighDimensionalKDE(0.5).fit(X)
    for bad in (2.5, True, 0, -1, None):
        with pytest.raises(ValueError, match="n_samples must be a whole number"):
            model.sample(bad)
        with pytest.raises(ValueError, match="k must be a whole number, from 1 to 60"):
            model.contributions(X, k=bad)
    for bad in (2.5, True, -1):
        with pytest.raises(ValueError, match="n_steps must be a whole number"):
            model.mean_shift(X, n_steps=bad)
    with pytest.raises(ValueError, match="columns has no True"):
        model.marginal([True, False, False])


@pytest.mark.parametrize("name", ["bandwidth", "adaptive", "df", "n_loo", "n_jobs"])
def test_true_is_no_number(name):
    params: dict[str, Any] = {name: True}
    with pytest.raises(ValueError, match=f"{name}.* must be .* (g|G)ot True"):
        HighDimensionalKDE(**params).fit(X)


def test_few_points_have_few_contributions():
    indices, shares = HighDimensionalKDE(1.0).fit(X[:3]).contributions(X[:2])
    assert indices.shape == shares.shape == (2, 3)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    with pytest.raises(ValueError, match="from 1 to 5"):
        HighDimensionalKDE(1.0).fit(X[:3]).contributions(X, k=6)


@pytest.mark.parametrize("bad", [0, 1.5, "x", True])
def test_jobs_are_a_number_of_threads(bad: Any):
    with pytest.raises(ValueError, match=r"^n_jobs must be a number of threads"):
        loo_bandwidth(X, n_jobs=bad)
    with pytest.raises(ValueError, match=r"^(The 'n_jobs' parameter|n_jobs) .*must be"):
        HighDimensionalKDE(n_jobs=bad).fit(X)
    assert loo_bandwidth(X, n_jobs=-1) == loo_bandwidth(X, n_jobs=2)


def test_threads_change_bandwidths_by_rounding():
    many = np.random.default_rng(5).normal(size=(700, 4))
    assert loo_bandwidth(many, n_jobs=2) == pytest.approx(loo_bandwidth(many), rel=1e-9)


def test_a_neighbour_is_chosen_among_more_than_three_rows():
    for n in (2, 3):
        with pytest.raises(ValueError, match=rf"^adaptive='auto' needs more than 3 different rows, got {n}$"):
            HighDimensionalKDE(adaptive="auto").fit(X[:n])
    assert HighDimensionalKDE(adaptive="auto").fit(X[:4]).bandwidth_ > 0.0


def test_one_row_with_nearly_all_the_weight_is_named():
    weights = np.r_[1.0, np.full(59, 1e-18)]
    message = r"one row has all but .* of the weight"
    with pytest.raises(ValueError, match=message):
        loo_bandwidth(X, sample_weight=weights)
    asked: list[dict[str, Any]] = [{}, {"covariance": "ml"}, {"keep_covariance": True}, {"kernel": "student"}]
    for params in asked:
        with pytest.raises(ValueError, match=message):
            HighDimensionalKDE(**params).fit(X, sample_weight=weights)
    for keep in (False, True):
        with pytest.raises(ValueError, match=r"^bandwidth='theory' is for 2 to 1e12 .* worth 1 of them"):
            HighDimensionalKDE("theory", covariance="full", keep_covariance=keep).fit(X, sample_weight=weights)
    assert np.isfinite(HighDimensionalKDE(0.5).fit(X, sample_weight=weights).score_samples(X)).all()
