"""scikit-learn's own contract, for every estimator of the package."""

from __future__ import annotations

import pytest
from seedbed.clustering import (
    GaussianOracle,
    HardEM,
    IterativeLikelihoodSDP,
    KMeansSDP,
    LikelihoodSDP,
    RandomLabels,
    StartedGaussianMixture,
)
from seedbed.clustering.gaussian.safeguarded_mixture import SafeguardedGaussianMixture
from sklearn.utils.estimator_checks import parametrize_with_checks

# Loose tolerances: the contract is about the interface, accuracy has its own tests.
ESTIMATORS = [
    KMeansSDP(3, tol=1e-2),
    KMeansSDP(3, solver="low_rank", tol=1e-2),
    KMeansSDP(3, solver="auto", tol=1e-2),
    LikelihoodSDP(3, tol=1e-2),
    IterativeLikelihoodSDP(3, max_iter=2, solver_tol=1e-2, solver_max_iter=30),
    HardEM(3),
    StartedGaussianMixture(3, start="ward"),
    SafeguardedGaussianMixture(3),
    SafeguardedGaussianMixture(3, start="random_points", covariance_type="common_sphere"),
    RandomLabels(3),
    GaussianOracle(),
]

EXPECTED_FAILURES = {
    RandomLabels: {"check_clustering": "random labels do not find the blobs, which is their purpose"},
    GaussianOracle: {"check_clustering": "without parameters it has one cluster, and it learns nothing"},
}

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@parametrize_with_checks(ESTIMATORS, expected_failed_checks=lambda e: EXPECTED_FAILURES.get(type(e), {}))
def test_scikit_learn_contract(estimator, check):
    check(estimator)
