"""scikit-learn's own contract, for every estimator of the library."""

from __future__ import annotations

import pytest
from seedbed.wide_networks import NNGPRegressor, NTKClassifier, NTKRegressor, WideNetworkRegressor
from sklearn.utils.estimator_checks import parametrize_with_checks

GIVEN = {"depth": 2, "input_bias": 0.5}
ESTIMATORS = [
    NTKRegressor(alpha=0.1, **GIVEN),
    NTKRegressor(criterion="evidence", depth=[1, 3], activation="gelu", solver="cholesky", alpha=[0.1, 1.0]),
    NTKClassifier(depth=1, input_bias=1.0),
    NNGPRegressor(alpha=0.1, fit_intercept=True, **GIVEN),
    WideNetworkRegressor(training_time=10.0, **GIVEN),
]
AS_THEY_COME = [NTKRegressor(), NTKClassifier(), NNGPRegressor(), WideNetworkRegressor()]
# Copies of a row are left out one by one and predict each other, and a search by rows left out, or by degrees of
# freedom among n rows, sees it. With given parameters weights are copies: the same check passes there.
COPIES = dict.fromkeys(
    ["check_sample_weight_equivalence_on_dense_data", "check_sample_weight_equivalence_on_sparse_data"],
    "a search by rows left out is optimistic about copies of rows",
)


def expected(estimator):
    return {} if estimator.depth == 2 else COPIES


@parametrize_with_checks(ESTIMATORS, expected_failed_checks=expected)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_scikit_learn_contract(estimator, check):
    check(estimator)


@pytest.mark.slow
@parametrize_with_checks(AS_THEY_COME, expected_failed_checks=expected)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_scikit_learn_contract_with_a_search(estimator, check):
    check(estimator)
