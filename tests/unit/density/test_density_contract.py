"""scikit-learn's own contract."""

from __future__ import annotations

import pytest
from seedbed.density import HighDimensionalKDE
from sklearn.utils.estimator_checks import parametrize_with_checks


@parametrize_with_checks(
    [
        HighDimensionalKDE(),
        HighDimensionalKDE(bandwidth=1.0, adaptive=1, kernel="student", dtype="float32"),
    ]
)
@pytest.mark.filterwarnings("ignore:.*equal an earlier one")
def test_scikit_learn_contract(estimator, check):
    check(estimator)
