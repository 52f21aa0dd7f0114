"""Degenerate data end in a result that says what it is, or in one message, from every start of every estimator."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pytest
from seedbed.clustering import HardEM, IterativeLikelihoodSDP, KMeansSDP, LikelihoodSDP, StartedGaussianMixture
from seedbed.clustering.gaussian.safeguarded_mixture import SafeguardedGaussianMixture
from seedbed.clustering.likelihood_sdp.affinity import check_covariances, check_weights, likelihood_affinities
from seedbed.clustering.likelihood_sdp.partition_ascent import improved_partition, merging_loss, partition_value
from seedbed.clustering.partitions.few_rows import distinct_rows
from seedbed.clustering.partitions.memberships import hard_memberships
from sklearn.exceptions import ConvergenceWarning

K = 3
RNG = np.random.default_rng(1)
DATA = {
    "all equal": np.full((24, 3), 0.1),
    "one row differs": np.vstack([np.ones((23, 3)), np.zeros((1, 3))]),
    "one direction": RNG.normal(size=(24, 1)) * np.array([[1.0, -2.0, 1e-7]]),
    "collapsed": np.repeat(RNG.normal(size=(3, 3)), 8, axis=0),
    "outlier": np.vstack([RNG.normal(size=(23, 3)), np.full((1, 3), 1e6)]),
    "duplicates": np.repeat(RNG.normal(size=(12, 3)), 2, axis=0),
    "as many rows as clusters": RNG.normal(size=(3, 3)),
    "tiny": 1e-170 * RNG.normal(size=(24, 3)),
    "huge": 1e150 * RNG.normal(size=(24, 3)),
    "wide": RNG.normal(size=(10, 40)),
}
MODELS = {
    **{f"KMeansSDP {solver}": KMeansSDP(K, solver=solver, max_iter=200) for solver in ("admm", "low_rank", "auto")},
    "KMeansSDP whiten": KMeansSDP(K, whiten=True, max_iter=200),
    "LikelihoodSDP": LikelihoodSDP(K, max_iter=200),
    **{
        f"IterativeLikelihoodSDP {start}": IterativeLikelihoodSDP(K, start=start, max_iter=2, solver_max_iter=50)
        for start in ("sdp", "whitened_sdp", "random", "annealed")
    },
    **{
        f"{model.__name__} {start}": model(K, start=start)
        for model in (HardEM, StartedGaussianMixture)
        for start in ("kmeans", "ward", "sdp", "whitened_sdp", "random")
    },
    **{f"SafeguardedEM {start}": SafeguardedGaussianMixture(K, start=start) for start in ("kmeans", "random")},
    **{
        f"StartedGaussianMixture {kind}": StartedGaussianMixture(K, start="kmeans", covariance_type=kind)
        for kind in ("tied", "diag", "spherical")
    },
}


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("name", MODELS)
def test_a_result_that_says_what_it_is_or_one_message(name, data):
    model, X = MODELS[name].set_params(random_state=0), DATA[data]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            labels = model.fit(X).labels_
        except ValueError as error:
            assert "reg_covar" in str(error)
            return
    assert {warning.category for warning in caught} <= {ConvergenceWarning}, [str(w.message) for w in caught]
    assert labels.shape == (len(X),) and set(labels) <= set(range(K))
    said = " ".join(str(warning.message) for warning in caught)
    assert ("distinct row" in said) == (distinct_rows(X, K) < K)
    if "Mixture" in name and data == "tiny":
        assert "blurs all clusters" in said
    for value in (getattr(model, part, 0.0) for part in ("objective_", "upper_bound_", "gap_", "gap_per_point_")):
        assert np.isfinite(value)


def test_equal_rows_are_counted():
    X = np.array([[0.0, 1.0], [0.0, 1.0], [2.0, 1.0], [0.0, 1.5], [2.0, 1.0]])
    assert [distinct_rows(X, most) for most in (1, 2, 3, 4, 9)] == [1, 2, 3, 3, 3]


@pytest.mark.parametrize("scale", [1e-170, 1e-30, 1e150])
@pytest.mark.parametrize("solver", ["admm", "low_rank", "auto"])
def test_the_k_means_program_has_no_units(solver, scale):
    X = np.random.default_rng(0).normal(size=(18, 2)) + np.repeat([[0, 0], [4, 0], [0, 4]], 6, axis=0)
    plain, scaled = (KMeansSDP(3, solver=solver, random_state=0).fit(points) for points in (X, X * scale))
    np.testing.assert_array_equal(plain.labels_, scaled.labels_)
    assert scaled.gap_ == pytest.approx(plain.gap_, abs=1e-6)
    assert scaled.objective_ == pytest.approx(plain.objective_ * scale * scale, rel=1e-6)


def far_outlier(far, seed=0):
    rng = np.random.default_rng(seed)
    X = np.vstack([rng.normal(size=(20, 2)), rng.normal((7.0, 0.0), size=(20, 2)), [[0.0, far]]])
    return X, np.repeat([0, 1, 2], [20, 20, 1])


@pytest.mark.parametrize("far", [1e4, 1e6])
@pytest.mark.parametrize("sizes", [(1.0, 1.0, 1.0), (1.0, 1.5, 0.8)])
def test_one_far_outlier_is_no_yardstick(far, sizes):
    X, truth = far_outlier(far)
    covariances = np.array([size * np.eye(2) for size in sizes])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = LikelihoodSDP(3, covariances=covariances, random_state=0).fit(X)
    affinities = likelihood_affinities(X, covariances)
    best = max(partition_value(affinities, np.array(names)[truth]) for names in itertools.permutations(range(3)))
    assert model.objective_ >= best - 20.0  # the groups in the other order of covariances is as near as it gets
    assert max((np.array(names)[truth] == model.labels_).mean() for names in itertools.permutations(range(3))) == 1.0
    assert model.gap_per_point_ == pytest.approx(max(model.upper_bound_ - model.objective_, 0.0) / 41)
    if not model.converged_:
        assert model.gap_per_point_ > 1.0 and "nearest clusters" in str(caught[-1].message)
    else:
        assert model.gap_per_point_ < 0.1


def test_partitions_are_worth_what_their_matrices_are():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(30, 2))
    covariances = np.array([np.eye(2), [[2.0, 0.5], [0.5, 1.0]], 0.5 * np.eye(2)])
    affinities = likelihood_affinities(X, covariances, np.array([0.2, 0.5, 0.3]))
    labels = np.arange(30) % 3
    assert partition_value(affinities, labels) == pytest.approx(np.vdot(affinities, hard_memberships(labels, 3)))
    better = improved_partition(affinities, labels)
    assert partition_value(affinities, better) > partition_value(affinities, labels)
    np.testing.assert_array_equal(improved_partition(affinities, better), better)
    merged = [
        np.vdot(affinities[into], hard_memberships((np.isin(better, pair)).astype(int), 2)[1])
        + sum(np.vdot(affinities[k], hard_memberships(better, 3)[k]) for k in range(3) if k not in pair)
        for pair in ((0, 1), (0, 2), (1, 2))
        for into in pair
    ]
    assert merging_loss(affinities, better) == pytest.approx(partition_value(affinities, better) - max(merged))


def test_single_precision_covariances_are_taken_and_others_measured():
    A = np.random.default_rng(0).normal(size=(3, 3)).astype(np.float32)
    covariance = (A @ np.diag(np.float32([1, 2, 3])) @ A.T).astype(np.float32)
    covariance[0, 1] *= 1 + np.float32(2e-7)
    assert (np.swapaxes(found := check_covariances(covariance, 2, 3), 1, 2) == found).all()
    covariance[0, 1] *= 1.01
    with pytest.raises(ValueError, match="differ by"):
        check_covariances(covariance, 2, 3)
    with pytest.raises(ValueError, match=r"they sum to 0\.9"):
        check_weights([0.5, 0.4], 2)
