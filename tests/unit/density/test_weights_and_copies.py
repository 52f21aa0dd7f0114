"""A row of weight 2 is two copies of it in all that an estimate is asked; both are one point."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.density import HighDimensionalKDE

RNG = np.random.default_rng(0)
X, Q = RNG.normal(size=(120, 3)), RNG.normal(size=(25, 3))
WEIGHTS = RNG.integers(0, 5, 120)


@pytest.mark.filterwarnings("ignore:.*equal an earlier one")
@pytest.mark.parametrize(
    "params",
    [{}, {"bandwidth": 0.3}, {"kernel": "student"}, {"adaptive": 4}, {"keep_covariance": True}, {"covariance": "ml"}],
    ids=str,
)
def test_diagnoses_are_the_same(params):
    weighted = HighDimensionalKDE(**params).fit(X, sample_weight=WEIGHTS)
    copied = HighDimensionalKDE(**params).fit(np.repeat(X, WEIGHTS, axis=0))
    one, other = weighted.diagnose(Q), copied.diagnose(Q)
    for field in one.dtype.names or ():
        if field == "regime":
            assert (one.regime == other.regime).all()
        else:
            np.testing.assert_allclose(one[field], other[field], rtol=1e-6, err_msg=field)
    assert str(one) == str(other)
    assert one.n_points == np.count_nonzero(WEIGHTS)
    (rows, shares), (places, others) = weighted.contributions(Q), copied.contributions(Q)
    np.testing.assert_allclose(shares, others, rtol=1e-6)
    np.testing.assert_array_equal(X[rows], np.repeat(X, WEIGHTS, axis=0)[places])


def test_effective_points_are_those_of_the_shares():
    """By hand: of two places, one with three copies, at a query where all terms are the same."""
    model = HighDimensionalKDE(1.0).fit([[-1.0], [-1.0], [-1.0], [1.0]])
    found = model.diagnose([[0.0]])
    assert found.effective_points[0] == pytest.approx(1.0 / (0.75**2 + 0.25**2))
    assert found.largest_share[0] == pytest.approx(0.75)
    drawn = model.sample(20_000, random_state=0)
    assert drawn.mean() == pytest.approx(-0.5, abs=0.04)
