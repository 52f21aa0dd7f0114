"""scikit-learn's own contract, for every estimator of the library. A matrix of distances is a graph, too."""

from __future__ import annotations

import pytest
from seedbed.proximity import GraphProximity, KernelKMeans, KernelWard, ProximityClustering
from sklearn.utils.estimator_checks import parametrize_with_checks

ESTIMATORS = [
    GraphProximity(),
    KernelWard(3),
    KernelKMeans(3, n_init=3, random_state=0),
    ProximityClustering(3, n_values=3),
    ProximityClustering(3, measure="communicability", n_values=3, assign="kernel_kmeans"),
]
# Both have a parameter ``transform``, as the literature calls what is done to a kernel, so that scikit-learn takes them
# for transformers and calls it. What these checks ask of the data and of ``fit`` others ask too, or our own tests.
CALLED = """
check_n_features_in_after_fitting check_estimators_dtypes check_dtype_object check_estimators_nan_inf
check_estimators_pickle check_f_contiguous_array_estimator check_transformer_data_not_an_array check_transformer_general
check_transformer_preserve_dtypes check_transformers_unfitted check_methods_sample_order_invariance
check_methods_subset_invariance check_dict_unchanged check_fit_idempotent check_fit2d_predict1d
"""
PARAMETER = dict.fromkeys(CALLED.split(), "calls `transform`, which is a parameter here and a word")
POINTS = {"check_clustering": "gives points of the plane, where a matrix of all pairs is needed"}
EXPECTED_FAILURES = {
    GraphProximity: PARAMETER,
    ProximityClustering: {**PARAMETER, **POINTS},
    KernelWard: POINTS,
    KernelKMeans: POINTS,
}

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@parametrize_with_checks(ESTIMATORS, expected_failed_checks=lambda e: EXPECTED_FAILURES.get(type(e), {}))
def test_scikit_learn_contract(estimator, check):
    check(estimator)
