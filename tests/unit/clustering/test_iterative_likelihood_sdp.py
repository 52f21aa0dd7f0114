"""iLA-SDP: the covariance step, the monotone path, starts, and awkward data."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixtures import assert_feasible, draw_mixture, error_rate, random_affinities, same_partition
from seedbed.clustering import IterativeLikelihoodSDP
from seedbed.clustering.gaussian.coordinates import GaussianCoordinates
from seedbed.clustering.gaussian.covariance_step import floor_eigenvalues, membership_covariances, partition_covariances
from seedbed.clustering.likelihood_sdp.affinity import likelihood_affinities
from seedbed.clustering.likelihood_sdp.bounds import repair_memberships
from seedbed.clustering.partitions.memberships import hard_memberships, uniform_memberships
from sklearn.exceptions import ConvergenceWarning

STARTS = ("sdp", "whitened_sdp", "random", "annealed")
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def random_spd(rng, p, spread=1.0):
    root = rng.standard_normal((p, p)) * spread
    return root @ root.T + 0.01 * np.eye(p)


def test_covariance_step_is_the_sample_covariance_of_a_partition():
    X, labels, _ = draw_mixture(30, 3, 4)
    covariances, masses = membership_covariances(X + 1e5, hard_memberships(labels, 3))
    np.testing.assert_allclose(covariances, partition_covariances(X, labels, 3), atol=1e-8)
    np.testing.assert_allclose(masses, 10.0)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), floor=st.floats(1e-3, 2.0))
def test_covariance_step_is_the_exact_constrained_maximiser(seed, floor):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((12, 3)) @ rng.standard_normal((3, 3))
    memberships = repair_memberships(uniform_memberships(12, 2) + 0.1 * random_affinities(rng, 2, 12))
    raw, _ = membership_covariances(X, memberships)
    best = floor_eigenvalues(raw, floor)
    assert np.linalg.eigvalsh(best).min() >= floor * (1 - 1e-12)

    def value(covariances):
        return np.vdot(likelihood_affinities(X, covariances), memberships)

    for spread in (0.01, 0.3, 2.0):
        rival = np.stack([random_spd(rng, 3, spread) + floor * np.eye(3) for _ in range(2)])
        assert value(rival) <= value(best) + 1e-9 * abs(value(best))
        # Near the maximiser, inside the constraint set.
        mixed = (1 - 0.1 * spread) * best + 0.1 * spread * rival
        assert value(mixed) <= value(best) + 1e-9 * abs(value(best))


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("options", [{}, {"weights": True}, {"covariance_update": "hard"}, {"trace": "total"}], ids=str)
def test_path_never_falls(start, options):
    X, _, _ = draw_mixture(45, 3, 4, 3.5, condition=10.0)
    model = IterativeLikelihoodSDP(3, start=start, max_iter=6, random_state=0, **options).fit(X)
    assert np.all(np.diff(model.objective_path_) >= 0)
    assert 1 <= len(model.objective_path_) <= model.n_iter_ + 1
    assert_feasible(model.membership_, 3, options.get("trace", "each"))
    assert np.linalg.eigvalsh(model.covariances_).min() > 0
    assert model.weights_.sum() == pytest.approx(1.0)


def test_path_is_the_objective_of_the_reported_result():
    X, _, _ = draw_mixture(45, 3, 4, 3.5, condition=10.0)
    model = IterativeLikelihoodSDP(3, weights=True, random_state=0).fit(X)
    affinities = likelihood_affinities(X, model.covariances_, model.weights_)
    value = 0.5 * np.vdot(affinities, model.membership_) - 0.5 * X.size * np.log(2 * np.pi)
    assert model.objective_path_[-1] == pytest.approx(value, rel=1e-8)


@pytest.mark.slow
def test_improves_on_its_start_when_shapes_differ():
    ours = start = 0.0
    for seed in range(3):
        X, truth, _ = draw_mixture(90, 3, 4, 4.5, condition=30.0, seed=seed)
        model = IterativeLikelihoodSDP(3, random_state=0).fit(X)
        ours += error_rate(model.labels_, truth)
        start += error_rate(model.start_labels_, truth)
    assert ours <= start


@pytest.mark.slow
def test_whitened_start_finds_parallel_elongated_clusters():
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], 30)
    X = rng.standard_normal((90, 3)) * np.array([1.0, 1.0, 25.0])
    X[:, :2] += 8.0 * np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.87]])[truth]
    model = IterativeLikelihoodSDP(3, start="whitened_sdp", random_state=0).fit(X)
    assert error_rate(model.labels_, truth) < 0.05
    assert error_rate(IterativeLikelihoodSDP(3, start="sdp", random_state=0).fit(X).start_labels_, truth) > 0.3


def test_given_labels_as_start():
    X, truth, _ = draw_mixture(45, 3, 4, 6.0)
    names = np.array([7, 3, 5])[truth]
    model = IterativeLikelihoodSDP(3, start=names, random_state=0).fit(X)
    np.testing.assert_array_equal(model.start_labels_, np.array([2, 0, 1])[truth])
    assert same_partition(model.labels_, truth)
    with pytest.raises(ValueError, match="2 distinct values"):
        IterativeLikelihoodSDP(3, start=truth // 2).fit(X)
    with pytest.raises(ValueError, match="must have shape"):
        IterativeLikelihoodSDP(3, start=truth[:-1]).fit(X)


def test_affine_invariance_from_the_same_start():
    X, truth, _ = draw_mixture(45, 3, 4, 4.0, condition=10.0)
    matrix = np.random.default_rng(3).standard_normal((4, 4)) @ np.diag([1e-3, 1.0, 1e3, 10.0])
    base = IterativeLikelihoodSDP(3, start=truth, random_state=0).fit(X)
    mapped = IterativeLikelihoodSDP(3, start=truth, random_state=0).fit(X @ matrix + 100.0)
    np.testing.assert_array_equal(base.labels_, mapped.labels_)
    shift = -45 * np.linalg.slogdet(matrix)[1]
    np.testing.assert_allclose(mapped.objective_path_ - shift, base.objective_path_, rtol=1e-3)


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_scale_invariance(scale):
    X, _, _ = draw_mixture(45, 3, 4, 5.0, condition=5.0)
    base = IterativeLikelihoodSDP(3, random_state=0).fit(X)
    scaled = IterativeLikelihoodSDP(3, random_state=0).fit(X * scale)
    assert same_partition(base.labels_, scaled.labels_)
    np.testing.assert_allclose(scaled.covariances_ / scale**2, base.covariances_, rtol=0.05, atol=0.02)


def test_more_features_than_samples():
    rng = np.random.default_rng(0)
    truth = np.arange(30) % 3
    X = 8.0 * np.eye(60)[truth] + 0.3 * rng.standard_normal((30, 60))
    model = IterativeLikelihoodSDP(3, random_state=0).fit(X)
    assert same_partition(model.labels_, truth)
    assert model.covariances_.shape == (3, 60, 60)
    coordinates = GaussianCoordinates(X, 3)
    assert coordinates.reduced and coordinates.points.shape == (30, 5)
    np.testing.assert_allclose(coordinates.points.T @ coordinates.points / 30, np.eye(5), atol=1e-10)


def test_constant_and_dependent_columns_change_nothing():
    X, truth, _ = draw_mixture(45, 3, 3, 4.0)
    wide = np.column_stack([X, np.full(45, 1e8), X @ [1.0, 2.0, 3.0]])
    base = IterativeLikelihoodSDP(3, start=truth, random_state=0).fit(X)
    other = IterativeLikelihoodSDP(3, start=truth, random_state=0).fit(wide)
    np.testing.assert_array_equal(base.labels_, other.labels_)


def test_duplicates_and_tiny_clusters():
    X, _, _ = draw_mixture(30, 3, 4, 7.0)
    doubled = np.vstack([X, X])
    labels = IterativeLikelihoodSDP(3, random_state=0).fit(doubled).labels_
    np.testing.assert_array_equal(labels[:30], labels[30:])
    equal = IterativeLikelihoodSDP(2, random_state=0).fit(np.ones((8, 3)))
    assert len(set(equal.labels_)) == 2 and np.isfinite(equal.objective_path_).all()
    outlier = np.vstack([X, np.full((1, 4), 500.0)])
    with pytest.warns(ConvergenceWarning, match="min_cluster_size"):
        model = IterativeLikelihoodSDP(3, min_cluster_size=3, random_state=0).fit(outlier)
    assert model.status_ == "tiny_cluster" and not model.converged_
    assert np.isfinite(model.objective_path_).all()


def test_one_cluster_and_as_many_as_points():
    X, _, _ = draw_mixture(10, 2, 3, 6.0)
    one = IterativeLikelihoodSDP(1).fit(X)
    np.testing.assert_allclose(one.covariances_[0], np.cov(X.T, bias=True))
    assert one.converged_ and set(one.labels_) == {0}
    everyone = IterativeLikelihoodSDP(10, random_state=0).fit(X)
    assert len(set(everyone.labels_)) == 10


def test_bad_input():
    X, _, _ = draw_mixture(10, 2, 3)
    with pytest.raises(ValueError, match="n_samples=10 should be >= n_clusters=11"):
        IterativeLikelihoodSDP(11).fit(X)
    with pytest.raises(ValueError, match="covariance_floor"):
        IterativeLikelihoodSDP(2, covariance_floor=0.0).fit(X)
    X[2, 2] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        IterativeLikelihoodSDP(2).fit(X)


def test_says_when_it_was_still_improving():
    X, _, _ = draw_mixture(45, 3, 4, 3.0, condition=10.0)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with pytest.warns(ConvergenceWarning, match="still improving"):
            model = IterativeLikelihoodSDP(3, start="random", max_iter=1, tol=0, random_state=1).fit(X)
    assert model.status_ == "max_iter"


def test_cvxpy_as_inner_solver():
    X, truth, _ = draw_mixture(24, 3, 3, 8.0)
    model = IterativeLikelihoodSDP(3, start=truth, solver="cvxpy", max_iter=2, random_state=0).fit(X)
    assert same_partition(model.labels_, truth)
    assert np.all(np.diff(model.objective_path_) >= 0)


def test_same_seed_same_result():
    X, _, _ = draw_mixture(40, 3, 4, 3.0, condition=10.0)
    first, second = (IterativeLikelihoodSDP(3, start="random", max_iter=3, random_state=4).fit(X) for _ in range(2))
    np.testing.assert_array_equal(first.labels_, second.labels_)
    np.testing.assert_array_equal(first.objective_path_, second.objective_path_)


@pytest.mark.slow
def test_sketch_loses_little_against_all_points():
    errors = []
    for seed in range(3):
        X, truth, _ = draw_mixture(180, 3, 4, 5.0, condition=10.0, seed=seed)
        pair = [IterativeLikelihoodSDP(3, sketch_size=size, random_state=0).fit(X).labels_ for size in (None, 90)]
        errors.append([error_rate(labels, truth) for labels in pair])
    full, sketched = np.mean(errors, axis=0)
    assert sketched <= full + 0.03


def test_attributes_of_a_sketch():
    X, truth, _ = draw_mixture(3000, 3, 4, 9.0, condition=5.0)
    model = IterativeLikelihoodSDP(3, sketch_size=60, start=truth, random_state=0).fit(X)
    assert model.sketch_indices_.shape == (60,) and model.membership_.shape == (3, 60, 60)
    assert_feasible(model.membership_, 3)
    assert model.labels_.shape == (3000,) and error_rate(model.labels_, truth) < 0.01
    small = model.set_params(sketch_size=4000, start="sdp").fit(X[:50])
    assert not hasattr(small, "sketch_indices_") and small.membership_.shape == (3, 50, 50)
    with pytest.raises(ValueError, match="sketch_size=2 should be >= n_clusters=3"):
        model.set_params(sketch_size=2).fit(X)
    assert (np.bincount(model.set_params(sketch_size=60).fit(X).labels_) > 0).all()
