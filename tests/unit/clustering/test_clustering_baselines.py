"""Hard EM, started mixtures and controls."""

from __future__ import annotations

import numpy as np
import pytest
from mixtures import draw_mixture, error_rate, same_partition
from seedbed.clustering import GaussianOracle, HardEM, RandomLabels, StartedGaussianMixture
from seedbed.clustering.gaussian.starts import start_labels
from sklearn.exceptions import ConvergenceWarning

STARTS = ("kmeans", "ward", "sdp", "whitened_sdp", "random")


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("weights", [False, True])
def test_hard_em_path_never_falls(start, weights):
    X, _, _ = draw_mixture(60, 3, 4, 4.0, condition=10.0)
    model = HardEM(3, start=start, weights=weights, random_state=0).fit(X)
    assert np.all(np.diff(model.objective_path_) > 0)
    assert model.converged_ and len(set(model.labels_)) == 3


def test_hard_em_value_is_the_classification_likelihood():
    X, _, _ = draw_mixture(60, 3, 4, 4.0, condition=10.0)
    model = HardEM(3, random_state=0).fit(X)
    from scipy.stats import multivariate_normal

    direct = sum(
        multivariate_normal(model.means_[k], model.covariances_[k]).logpdf(X[model.labels_ == k]).sum()
        for k in range(3)
    )
    assert model.objective_path_[-1] == pytest.approx(direct, rel=1e-8)


def test_hard_em_reports_a_collapsing_cluster():
    X, _, _ = draw_mixture(40, 3, 4, 2.0)
    with pytest.warns(ConvergenceWarning, match="tiny_cluster"):
        model = HardEM(6, min_cluster_size=6, start="random", random_state=1).fit(X)
    assert not model.converged_ and len(model.labels_) == 40


@pytest.mark.parametrize("start", [*STARTS, "random_points"])
def test_every_start_gives_every_label(start):
    X, _, _ = draw_mixture(30, 3, 4)
    labels = start_labels(X, 3, start, np.random.RandomState(0))
    assert labels.shape == (30,) and set(labels) == {0, 1, 2}


@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
def test_started_mixture_recovers_separated_clusters(covariance_type):
    X, truth, _ = draw_mixture(60, 3, 4, 9.0)
    for start in ("sdp", "ward", truth):
        model = StartedGaussianMixture(3, start=start, covariance_type=covariance_type, random_state=0).fit(X)
        assert same_partition(model.labels_, truth)
        assert model.converged_


def test_started_mixture_says_what_to_do():
    X, _, _ = draw_mixture(60, 3, 4, 2.0)
    with pytest.warns(ConvergenceWarning, match="increase max_iter"):
        StartedGaussianMixture(3, max_iter=1, tol=0, random_state=0).fit(X)
    with pytest.raises(ValueError, match="increase reg_covar"):
        StartedGaussianMixture(3, reg_covar=0.0, start="ward").fit(np.vstack([X[:3], X[:3]]))


def test_oracle_beats_random_labels():
    X, truth, covariances = draw_mixture(300, 3, 4, 5.0, condition=5.0)
    means = np.stack([X[truth == k].mean(axis=0) for k in range(3)])
    oracle = GaussianOracle(means, covariances, [1 / 3] * 3).fit(X)
    assert np.mean(oracle.labels_ != truth) < 0.05
    control = RandomLabels(3, random_state=0).fit(X)
    assert error_rate(control.labels_, truth) > 0.5


def test_oracle_prefers_the_heavier_component_in_the_middle():
    means, middle = np.array([[-1.0], [1.0]]), np.array([[0.0], [0.01]])
    assert GaussianOracle(means, weights=[0.9, 0.1]).fit(middle).labels_.tolist() == [0, 0]
    assert GaussianOracle(means, np.array([[[1.0]], [[100.0]]])).fit([[-50.0], [-1.0]]).labels_.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"means": np.zeros((2, 3))}, "means must"),
        ({"means": np.full((2, 2), np.nan)}, "means must"),
        ({"means": np.zeros((2, 2)), "covariances": np.zeros((2, 2))}, "positive definite"),
        ({"means": np.zeros((2, 2)), "weights": [1.0]}, "weights must"),
    ],
)
def test_bad_oracle(parameters, message):
    with pytest.raises(ValueError, match=message):
        GaussianOracle(**parameters).fit(np.zeros((5, 2)))


@pytest.mark.parametrize("estimator", [HardEM, StartedGaussianMixture, RandomLabels])
def test_more_clusters_than_samples(estimator):
    with pytest.raises(ValueError, match="n_samples=4 should be >= n_clusters=5"):
        estimator(5).fit(np.eye(4))
