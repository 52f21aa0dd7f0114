"""The Peng-Wei program: optimality, bounds, invariances and edge cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixtures import assert_feasible, draw_mixture, same_partition
from seedbed.clustering import KMeansSDP
from seedbed.clustering.kmeans_sdp.bounds import kmeans_sdp_upper_bound, repair_kmeans_membership
from seedbed.clustering.kmeans_sdp.conic import conic_kmeans_pair, solve_kmeans_sdp_conic
from seedbed.clustering.kmeans_sdp.gram import centred_gram
from seedbed.clustering.kmeans_sdp.label_certificate import certify_labels, label_multiplier
from seedbed.clustering.kmeans_sdp.splitting import solve_kmeans_sdp
from seedbed.clustering.partitions.memberships import partition_matrix
from sklearn.exceptions import ConvergenceWarning


@pytest.mark.parametrize(
    ("n", "separation"), [(30, 3.0), (60, 4.0), (60, 8.0), (100, 6.0)], ids=["loose", "close", "tight", "large"]
)
def test_solution_is_feasible_and_its_gap_is_certified(n, separation):
    X, _, _ = draw_mixture(n, 3, 4, separation)
    gram = centred_gram(X)
    solution = solve_kmeans_sdp(gram, 3, tol=1e-4, random_state=0)
    assert solution.converged and 0 <= solution.gap <= 1e-4
    assert_feasible(solution.membership, 3)
    assert solution.objective == pytest.approx(np.vdot(gram, solution.membership), rel=1e-10)
    assert solution.objective <= solution.upper * (1 + 1e-12)


@pytest.mark.parametrize(("n", "separation"), [(30, 3.0), (40, 5.0), (100, 6.0)])
def test_agrees_with_scs(n, separation):
    X, _, _ = draw_mixture(n, 3, 4, separation, seed=1)
    gram = centred_gram(X)
    ours = solve_kmeans_sdp(gram, 3, tol=1e-5, random_state=0)
    theirs = solve_kmeans_sdp_conic(gram, 3)
    # Each interval contains the optimum, so they intersect, and neither value beats the other's bound.
    assert_feasible(theirs.membership, 3)
    assert ours.objective <= theirs.upper * (1 + 1e-10)
    assert theirs.objective <= ours.upper * (1 + 1e-10)
    assert theirs.gap < 1e-2


def test_agrees_with_an_interior_point_method():
    X, _, _ = draw_mixture(24, 3, 3, 3.0, seed=2)
    gram = centred_gram(X)
    ours = solve_kmeans_sdp(gram, 3, tol=1e-6, max_iter=5000, random_state=0)
    membership, _, _ = conic_kmeans_pair(gram, 3, "CLARABEL")
    assert ours.objective == pytest.approx(np.vdot(gram, membership), rel=1e-5)


def test_complementarity_with_the_interior_point_multiplier():
    X, _, _ = draw_mixture(24, 3, 3, 3.0, seed=2)
    gram = centred_gram(X)
    ours = solve_kmeans_sdp(gram, 3, tol=1e-6, max_iter=5000, random_state=0)
    _, multiplier, _ = conic_kmeans_pair(gram, 3, "CLARABEL")
    upper = kmeans_sdp_upper_bound(gram, 0.5 * (multiplier + multiplier.T), 3)
    assert 0 <= upper - ours.objective + 1e-6 * upper <= 1e-5 * upper
    assert np.vdot(multiplier, ours.membership) <= 1e-4 * upper


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(3, 14), size=st.floats(0.0, 100.0))
def test_no_feasible_value_exceeds_a_random_bound(seed, n, size):
    rng = np.random.default_rng(seed)
    n_clusters = int(rng.integers(1, n + 1))
    gram = rng.standard_normal((n, n))
    gram = gram + gram.T
    multiplier = size * rng.random((n, n)) * (rng.random((n, n)) < 0.5)
    upper = kmeans_sdp_upper_bound(gram, multiplier + multiplier.T, n_clusters)
    labels = rng.permutation(np.arange(n) % n_clusters)
    other = rng.permutation(np.arange(n) % n_clusters)
    weight = rng.random()
    feasible = weight * partition_matrix(labels) + (1 - weight) * partition_matrix(other)
    assert np.vdot(gram, feasible) <= upper + 1e-9 * (1 + abs(upper))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), size=st.floats(0.0, 10.0))
def test_random_bounds_never_fall_below_the_optimum(seed, size):
    X, labels, _ = draw_mixture(24, 3, 3, 3.0)
    gram = centred_gram(X)
    best = _optimum_of_the_fixed_instance(gram)
    rng = np.random.default_rng(seed)
    near = label_multiplier(gram, labels, size) + size * np.triu(rng.random(gram.shape))
    assert kmeans_sdp_upper_bound(gram, 0.5 * (near + near.T), 3) >= best


_cached: list[float] = []


def _optimum_of_the_fixed_instance(gram):
    if not _cached:
        _cached.append(solve_kmeans_sdp(gram, 3, tol=1e-5, random_state=0).objective)
    return _cached[0]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(3, 12))
def test_repair_is_exactly_feasible(seed, n):
    rng = np.random.default_rng(seed)
    n_clusters = int(rng.integers(2, n))
    # Psd, row sums 1, trace K, of any sign: a random projection of rank K - 1 beside the ones.
    basis = np.linalg.qr(np.column_stack([np.ones(n), rng.standard_normal((n, n_clusters - 1))]))[0]
    assert_feasible(repair_kmeans_membership(basis @ basis.T, n_clusters), n_clusters)


def test_labels_certify_themselves_when_separated():
    X, labels, _ = draw_mixture(45, 3, 4, 14.0)
    gram = centred_gram(X)
    upper, multiplier = certify_labels(gram, labels)
    assert multiplier.min() >= 0
    assert upper == pytest.approx(np.vdot(gram, partition_matrix(labels)), rel=1e-9)


@pytest.mark.parametrize("solver", ["admm", "cvxpy"])
def test_estimator_recovers_separated_clusters(solver):
    X, truth, _ = draw_mixture(30, 3, 4, 10.0)
    model = KMeansSDP(3, solver=solver, random_state=0).fit(X)
    assert same_partition(model.labels_, truth)
    assert model.gap_ <= 1e-3
    # The bound on the within-cluster sum of squares that the docstring promises.
    within = sum(((X[truth == k] - X[truth == k].mean(axis=0)) ** 2).sum() for k in range(3))
    assert np.trace(centred_gram(X)) - model.upper_bound_ <= within * (1 + 1e-9)


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1e6])
def test_result_does_not_depend_on_the_scale(scale):
    X, _, _ = draw_mixture(50, 3, 4, 4.0)
    base = KMeansSDP(3, random_state=0).fit(X)
    other = KMeansSDP(3, random_state=0).fit(X * scale)
    assert same_partition(base.labels_, other.labels_)
    assert other.objective_ / scale**2 == pytest.approx(base.objective_, rel=2e-3)


def test_result_does_not_depend_on_a_shift_or_the_order():
    X, _, _ = draw_mixture(50, 3, 4, 5.0)
    base = KMeansSDP(3, tol=1e-5, random_state=0).fit(X)
    shifted = KMeansSDP(3, tol=1e-5, random_state=0).fit(X + 1e6)
    order = np.random.default_rng(0).permutation(50)
    permuted = KMeansSDP(3, tol=1e-5, random_state=0).fit(X[order])
    assert shifted.objective_ == pytest.approx(base.objective_, rel=3e-5)
    assert permuted.objective_ == pytest.approx(base.objective_, rel=3e-5)
    assert same_partition(permuted.labels_, base.labels_[order])


@pytest.mark.slow
def test_whitened_result_is_affine_invariant():
    X, _, _ = draw_mixture(50, 3, 4, 6.0)
    matrix = np.random.default_rng(3).standard_normal((4, 4)) @ np.diag([1e-3, 1.0, 1e3, 10.0])
    base = KMeansSDP(3, whiten=True, tol=1e-5, random_state=0).fit(X)
    mapped = KMeansSDP(3, whiten=True, tol=1e-5, random_state=0).fit(X @ matrix + 5.0)
    assert mapped.objective_ == pytest.approx(base.objective_, rel=3e-5)
    assert same_partition(base.labels_, mapped.labels_)


def test_edge_cases():
    X, _, _ = draw_mixture(12, 3, 4, 6.0)
    one = KMeansSDP(1).fit(X)
    assert one.gap_ == 0 and set(one.labels_) == {0}
    all_points = KMeansSDP(12).fit(X)
    assert all_points.gap_ == 0 and len(set(all_points.labels_)) == 12
    assert all_points.objective_ == pytest.approx(np.trace(centred_gram(X)))
    wide = KMeansSDP(3, whiten=True, random_state=0).fit(np.random.default_rng(0).standard_normal((12, 40)))
    assert_feasible(wide.membership_, 3)
    constant = KMeansSDP(3, random_state=0).fit(np.ones((9, 2)))
    assert constant.gap_ == 0 and len(set(constant.labels_)) == 3
    column = KMeansSDP(3, whiten=True, random_state=0).fit(np.column_stack([X, np.full(12, 7.0)]))
    assert column.objective_ == pytest.approx(KMeansSDP(3, whiten=True, random_state=0).fit(X).objective_, rel=1e-3)


def test_duplicates_stay_together():
    X, _, _ = draw_mixture(30, 3, 4, 7.0)
    doubled = np.vstack([X, X])
    labels = KMeansSDP(3, random_state=0).fit(doubled).labels_
    np.testing.assert_array_equal(labels[:30], labels[30:])


def test_bad_input():
    X, _, _ = draw_mixture(10, 2, 3)
    with pytest.raises(ValueError, match="n_samples=10 should be >= n_clusters=11"):
        KMeansSDP(11).fit(X)
    X[3, 1] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        KMeansSDP(2).fit(X)


def test_unknown_conic_solver():
    X, _, _ = draw_mixture(10, 2, 3)
    with pytest.raises(ValueError, match="not installed"):
        KMeansSDP(2, solver="cvxpy", cvxpy_solver="NOSUCH").fit(X)


def test_says_when_it_has_not_converged():
    X, _, _ = draw_mixture(60, 3, 4, 2.0)
    with pytest.warns(ConvergenceWarning, match="increase max_iter"):
        model = KMeansSDP(3, max_iter=3, tol=1e-8, random_state=0).fit(X)
    assert not model.converged_ and model.gap_ > 1e-8
    assert_feasible(model.membership_, 3)


def test_same_seed_same_result():
    X, _, _ = draw_mixture(50, 3, 4, 3.0)
    first, second = (KMeansSDP(3, random_state=4).fit(X) for _ in range(2))
    np.testing.assert_array_equal(first.membership_, second.membership_)
    np.testing.assert_array_equal(first.labels_, second.labels_)
