"""Spherical k-means and mixtures of von Mises-Fisher laws."""

import warnings

import numpy as np
import pytest
from scipy import sparse
from seedbed.directional import SphericalKMeans, VonMisesFisher, VonMisesFisherMixture, sample_von_mises_fisher
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score


@pytest.fixture(scope="module")
def three():
    """Three laws in 30 dimensions with different concentrations."""
    rng = np.random.default_rng(0)
    means = np.linalg.qr(rng.standard_normal((30, 3)))[0].T
    kappa = np.array([40.0, 80.0, 160.0])
    sizes = (100, 200, 300)
    x = np.vstack([sample_von_mises_fisher(m, k, n, rng) for m, k, n in zip(means, kappa, sizes, strict=True)])
    return x, np.repeat(np.arange(3), sizes), kappa


@pytest.mark.parametrize("assignment", ["soft", "hard"])
def test_mixture_recovers_its_parameters(three, assignment):
    x, labels, kappa = three
    model = VonMisesFisherMixture(3, assignment=assignment, n_init=3, random_state=0).fit(x)
    assert model.converged_
    assert adjusted_rand_score(labels, model.predict(x)) > 0.99
    np.testing.assert_allclose(np.sort(model.concentrations_), kappa, rtol=0.15)
    np.testing.assert_allclose(np.sort(model.weights_), [1 / 6, 1 / 3, 1 / 2], atol=0.01)
    np.testing.assert_allclose(model.predict_proba(x).sum(axis=1), 1)
    np.testing.assert_array_equal(model.labels_, model.predict(x))


def test_likelihood_never_falls(three):
    x = three[0]
    bounds = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        for steps in range(1, 12):
            model = VonMisesFisherMixture(4, max_iter=steps, tol=0.0, init="random", random_state=3).fit(x)
            bounds.append(model.lower_bound_)
    assert np.all(np.diff(bounds) > -1e-9)


def test_one_component_is_the_plain_fit(three):
    x = three[0]
    model, law = VonMisesFisherMixture(1).fit(x), VonMisesFisher().fit(x)
    assert model.concentrations_[0] == pytest.approx(law.concentration_)
    np.testing.assert_allclose(model.score_samples(x), law.log_prob(x), rtol=1e-10)


def test_shared_concentration_and_bic(three):
    x, _, _ = three
    shared = VonMisesFisherMixture(3, shared_concentration=True, n_init=3, random_state=0).fit(x)
    assert np.ptp(shared.concentrations_) == 0
    models = {k: VonMisesFisherMixture(k, n_init=3, random_state=0).fit(x) for k in (2, 3, 4)}
    scores = {k: model.bic(x) for k, model in models.items()}
    assert min(scores, key=scores.get) == 3
    assert shared.bic(x) > scores[3]


def test_mixture_of_sparse_rows_and_samples(three):
    x = three[0]
    dense, loose = (VonMisesFisherMixture(3, random_state=0).fit(data) for data in (x, sparse.csr_array(x)))
    np.testing.assert_allclose(loose.concentrations_, dense.concentrations_, rtol=1e-9)
    drawn, labels = dense.sample(500, random_state=1)
    assert adjusted_rand_score(labels, dense.predict(drawn)) > 0.99


def test_mixture_survives_points_and_empty_components():
    x = np.repeat(np.eye(4), [5, 5, 5, 1], axis=0)
    model = VonMisesFisherMixture(6, random_state=0).fit(x)
    assert np.all(np.isfinite(model.score_samples(x)))
    assert np.all(np.isfinite(model.weights_)) and model.concentrations_.max() <= 1e8
    assert adjusted_rand_score(np.repeat(np.arange(4), [5, 5, 5, 1]), model.labels_) == 1.0


def test_spherical_kmeans_finds_the_groups(three):
    x, labels, _ = three
    model = SphericalKMeans(3, random_state=0).fit(x)
    assert adjusted_rand_score(labels, model.labels_) > 0.95
    np.testing.assert_allclose(np.linalg.norm(model.cluster_centers_, axis=1), 1)
    np.testing.assert_array_equal(model.labels_, model.predict(5 * x))
    assert model.inertia_ == pytest.approx(-model.score(x))
    assert model.inertia_ == pytest.approx(model.transform(x).min(axis=1).sum())
    loose = SphericalKMeans(3, random_state=0).fit(sparse.csr_array(x))
    np.testing.assert_array_equal(loose.labels_, model.labels_)


def test_spherical_kmeans_is_a_fixed_point(three):
    x = three[0]
    model = SphericalKMeans(5, tol=0.0, random_state=1).fit(x)
    again = SphericalKMeans(5, init=model.cluster_centers_, tol=0.0).fit(x)
    assert again.n_iter_ <= 2
    np.testing.assert_allclose(again.cluster_centers_, model.cluster_centers_, atol=1e-12)


def test_weights_are_repetitions_from_the_same_start(three):
    x = three[0][::7]
    weights = np.random.default_rng(2).integers(0, 3, len(x))
    start = np.eye(30)[:3]
    weighted = SphericalKMeans(3, init=start).fit(x, sample_weight=weights)
    repeated = SphericalKMeans(3, init=start).fit(np.repeat(x, weights, axis=0))
    np.testing.assert_allclose(weighted.cluster_centers_, repeated.cluster_centers_, atol=1e-12)
    assert weighted.inertia_ == pytest.approx(repeated.inertia_)


def test_duplicates_and_empty_clusters():
    x = np.repeat(np.eye(3), 4, axis=0)
    model = SphericalKMeans(5, random_state=0).fit(x)
    assert model.inertia_ == pytest.approx(0.0)
    start = np.array([[1.0, 0, 0], [1.0, 0, 0], [-1.0, 0, 0]])
    assert SphericalKMeans(3, init=start).fit(x).inertia_ == pytest.approx(0.0)


@pytest.mark.parametrize(
    "model",
    [
        SphericalKMeans(0),
        SphericalKMeans(2, init="nearest"),
        SphericalKMeans(2, init=np.eye(3)),
        SphericalKMeans(2, tol=-1),
        SphericalKMeans(20),
        VonMisesFisherMixture(0),
        VonMisesFisherMixture(2, assignment="firm"),
        VonMisesFisherMixture(2, init="best"),
        VonMisesFisherMixture(2, max_concentration=-1),
        VonMisesFisherMixture(20),
    ],
)
def test_bad_parameters(model):
    with pytest.raises(ValueError):
        model.fit(np.eye(4))
