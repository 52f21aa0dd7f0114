"""The metrics against scikit-learn, hand-made cases, and their invariances."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from seedbed.studies.clustering import metrics
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

TRUTH = np.repeat([0, 1, 2], [5, 3, 2])


@pytest.fixture
def cloud():
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(3), 20)
    return rng.standard_normal((60, 2)) @ [[2.0, 0.5], [0.0, 1.0]] + labels[:, None], labels


@pytest.mark.parametrize(
    ("found", "error"),
    [
        (TRUTH, 0.0),
        ((TRUTH + 1) % 3, 0.0),
        (7 - 3 * TRUTH, 0.0),
        (np.zeros(10, int), 0.5),
        (np.arange(10), 0.7),
        (np.array([0, 0, 0, 0, 1, 1, 1, 1, 2, 2]), 0.1),
        (np.array([-1, 0, 0, 0, 0, 1, 1, 1, 2, 2]), 0.1),
    ],
)
def test_misclustering_error_by_hand(found, error):
    assert metrics.misclustering_error({"labels": TRUTH}, {"labels": found}) == pytest.approx(error)


def test_misclustering_error_equals_the_best_of_all_permutations():
    from itertools import permutations

    rng = np.random.default_rng(1)
    truth, found = rng.integers(0, 4, (2, 30))
    best = min(np.mean(np.array(order)[found] != truth) for order in permutations(range(4)))
    assert metrics.misclustering_error({"labels": truth}, {"labels": found}) == pytest.approx(best)


def test_agreement_is_that_of_scikit_learn():
    truth, found = np.random.default_rng(2).integers(0, 3, (2, 40))
    data, fit = {"labels": truth}, {"labels": found}
    assert metrics.adjusted_rand_index(data, fit) == pytest.approx(adjusted_rand_score(truth, found))
    expected = adjusted_mutual_info_score(truth, found)
    assert metrics.adjusted_mutual_information(data, fit) == pytest.approx(expected)


def test_within_cluster_sum_of_squares_is_the_inertia_of_kmeans(cloud):
    points, _ = cloud
    model = KMeans(3, n_init=3, random_state=0).fit(points)
    value = metrics.within_cluster_sum_of_squares({"X": points}, {"labels": model.labels_})
    assert value == pytest.approx(model.inertia_)


def test_log_likelihood_is_that_of_the_fitted_normals(cloud):
    points, labels = cloud
    total = 0.0
    for label in range(3):
        cluster = points[labels == label]
        normal = multivariate_normal(cluster.mean(axis=0), np.cov(cluster.T, bias=True))
        total += normal.logpdf(cluster).sum()
    assert metrics.log_likelihood({"X": points}, {"labels": labels}) == pytest.approx(total / 60)


def test_log_likelihood_of_one_feature(cloud):
    points, labels = cloud
    assert np.isfinite(metrics.log_likelihood({"X": points[:, :1]}, {"labels": labels}))


def test_log_likelihood_differences_do_not_depend_on_units(cloud):
    points, labels = cloud
    other = np.roll(labels, 7)
    difference = [
        metrics.log_likelihood({"X": points * unit}, {"labels": labels})
        - metrics.log_likelihood({"X": points * unit}, {"labels": other})
        for unit in ([1.0, 1.0], [1e7, 1e-7])
    ]
    assert difference[0] == pytest.approx(difference[1])


def test_log_likelihood_is_undefined_for_tiny_clusters_and_flat_data(cloud):
    points, labels = cloud
    tiny = np.where(np.arange(60) < 2, 9, labels)
    assert np.isnan(metrics.log_likelihood({"X": points}, {"labels": tiny}))
    for flat in (points[:, :1], np.ones((60, 1))):
        doubled = np.column_stack([points, flat])
        assert np.isnan(metrics.log_likelihood({"X": doubled}, {"labels": labels}))


def test_log_likelihood_of_a_flat_cluster_is_floored(cloud):
    points, labels = cloud
    points[labels == 0] = points[0]
    assert np.isfinite(metrics.log_likelihood({"X": points}, {"labels": labels}))


def test_certified_gap_is_the_reported_one_or_undefined():
    assert metrics.certified_gap({}, {"gap": np.asarray(1e-4)}) == 1e-4
    assert np.isnan(metrics.certified_gap({}, {"labels": TRUTH}))
    assert np.isnan(metrics.certified_gap({}, {"gap": np.ones(2)}))


@pytest.mark.parametrize("name", ["misclustering_error", "adjusted_rand_index", "adjusted_mutual_information"])
def test_metrics_that_need_the_truth_are_undefined_without_it(name):
    assert np.isnan(getattr(metrics, name)({"X": np.zeros((10, 1))}, {"labels": TRUTH}))
