"""Messages name what was asked for and what helps; thresholds have the same names whatever was asked for."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.density import HighDimensionalKDE, critical_bandwidths

X = np.random.default_rng(0).normal(size=(60, 3))
CONSTANT, FEW = np.column_stack([X, np.ones(60)]), np.random.default_rng(1).normal(size=(6, 9))


@pytest.mark.parametrize("kind", ["auto", "isotropic", "diagonal", "full"])
def test_keeping_needs_a_covariance_with_an_inverse(kind):
    model = HighDimensionalKDE(keep_covariance=True, covariance=kind)
    remedy = ", or leave keep_covariance out$"
    with pytest.raises(ValueError, match=f"^keep_covariance=True needs .* column 3 is constant: leave .* out{remedy}"):
        model.fit(CONSTANT)
    with pytest.raises(ValueError, match=f"^keep_covariance=True needs 9 .* span 5 dimensions: take fewer.*{remedy}"):
        model.fit(FEW)


@pytest.mark.parametrize(("kind", "other"), [("full", "covariance='diagonal' or"), ("ml", "covariance='diagonal' or")])
def test_messages_name_the_kind_that_was_asked_for(kind, other):
    with pytest.raises(
        ValueError, match=f"^covariance='{kind}' needs 9 independent columns.* use {other} 'isotropic'$"
    ):
        HighDimensionalKDE(covariance=kind).fit(FEW)
    with pytest.raises(ValueError, match=f"^covariance='{kind}' needs columns that vary.* use covariance='isotropic'$"):
        HighDimensionalKDE(covariance=kind).fit(CONSTANT)


def test_thresholds_have_the_same_names():
    names = set(critical_bandwidths(60, 3))
    for kind in ("auto", "isotropic", "diagonal", "full"):
        kept = HighDimensionalKDE(keep_covariance=True, covariance=kind).fit(X).thresholds_
        assert set(kept) == names
        known = {name for name in names if np.isfinite(kept[name])}
        assert known == {"h_g", "h_clt", "alpha"} and 0.0 < kept["h_g"] < kept["h_clt"]
    assert set(HighDimensionalKDE().fit(X).thresholds_) == names
    assert set(HighDimensionalKDE(1.0).fit(X[:1]).thresholds_) == names


def test_shapes_that_end_at_the_same_gaussian_are_not_chosen_by_rounding() -> None:
    rng = np.random.default_rng(3)
    X = rng.standard_normal((100, 10)) * np.geomspace(0.5, 2.0, 10)
    fits = []
    for _ in range(8):
        axes, _ = np.linalg.qr(rng.standard_normal((10, 10)))
        fits.append(HighDimensionalKDE(keep_covariance=True).fit(X @ axes))
    assert np.ptp([fit.loo_score_ for fit in fits]) < 1e-9
    assert np.ptp(np.log([fit.bandwidth_ for fit in fits])) < 1e-6
    assert np.isposinf([fit.diagnose(fit.covariance_[:1] @ np.eye(10)).tail_index for fit in fits]).all(), "equal terms"
