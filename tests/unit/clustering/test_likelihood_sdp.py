"""LA-SDP with given covariances: optimality, bounds, invariances and edge cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixtures import assert_feasible, draw_mixture, error_rate, random_affinities, same_partition
from seedbed.clustering import GaussianOracle, KMeansSDP, LikelihoodSDP
from seedbed.clustering.likelihood_sdp.affinity import classification_log_likelihood, likelihood_affinities
from seedbed.clustering.likelihood_sdp.bounds import (
    likelihood_sdp_upper_bound,
    project_row_sums_and_traces,
    repair_memberships,
)
from seedbed.clustering.likelihood_sdp.conic import conic_likelihood_triple, solve_likelihood_sdp_conic
from seedbed.clustering.likelihood_sdp.splitting import solve_likelihood_sdp
from seedbed.clustering.partitions.memberships import hard_memberships, uniform_memberships
from sklearn.exceptions import ConvergenceWarning

TRACES = ("each", "total")


def problem(n=30, separation=3.0, seed=0):
    X, labels, covariances = draw_mixture(n, 3, 4, separation, condition=10.0, seed=seed)
    return likelihood_affinities(X, covariances), labels


@pytest.mark.parametrize("trace", TRACES)
@pytest.mark.parametrize(("n", "separation"), [(30, 3.0), (60, 4.0), (45, 9.0)])
def test_solution_is_feasible_and_its_gap_is_certified(n, separation, trace):
    affinities, _ = problem(n, separation)
    solution, _ = solve_likelihood_sdp(affinities, trace=trace, tol=1e-4)
    assert solution.converged and 0 <= solution.gap <= 1e-4
    assert_feasible(solution.memberships, 3, trace)
    assert solution.objective == pytest.approx(np.vdot(affinities, solution.memberships), rel=1e-9)
    assert solution.objective <= solution.upper + 1e-9 * abs(solution.upper)


@pytest.mark.parametrize("trace", TRACES)
@pytest.mark.parametrize(("n", "separation"), [(24, 3.0), (60, 5.0)])
def test_agrees_with_scs(n, separation, trace):
    affinities, _ = problem(n, separation, seed=1)
    ours, _ = solve_likelihood_sdp(affinities, trace=trace, tol=1e-5)
    theirs = solve_likelihood_sdp_conic(affinities, trace=trace)
    assert_feasible(theirs.memberships, 3, trace)
    assert ours.objective <= theirs.upper + 1e-9 * abs(theirs.upper)
    assert theirs.objective <= ours.upper + 1e-9 * abs(ours.upper)


@pytest.mark.parametrize("trace", TRACES)
def test_agrees_with_an_interior_point_method(trace):
    affinities, _ = problem(18, 3.0, seed=2)
    ours, _ = solve_likelihood_sdp(affinities, trace=trace, tol=1e-6, max_iter=5000)
    blocks, multipliers, _, _ = conic_likelihood_triple(affinities, trace, "CLARABEL")
    value = float(np.vdot(affinities, blocks))
    assert ours.objective == pytest.approx(value, rel=1e-4)
    # Complementarity: the optimal multipliers vanish where our blocks do not.
    assert np.vdot(multipliers, ours.memberships) <= 1e-2 * np.abs(affinities).max()


def test_trace_per_block_is_the_tighter_relaxation():
    affinities, _ = problem(30, 2.5, seed=3)
    each, _ = solve_likelihood_sdp(affinities, trace="each", tol=1e-5)
    total, _ = solve_likelihood_sdp(affinities, trace="total", tol=1e-5)
    assert each.objective <= total.upper
    assert total.objective - each.upper > -1e-4 * abs(each.upper)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(3, 12),
    trace=st.sampled_from(TRACES),
    size=st.floats(0.0, 100.0),
)
def test_no_feasible_value_exceeds_a_random_bound(seed, n, trace, size):
    rng = np.random.default_rng(seed)
    blocks = int(rng.integers(1, n + 1))
    affinities = random_affinities(rng, blocks, n)
    multipliers = size * np.abs(random_affinities(rng, blocks, n))
    upper = likelihood_sdp_upper_bound(affinities, multipliers, size * rng.standard_normal(n), trace)
    labels = rng.permutation(np.arange(n) % blocks)
    weight = rng.random()
    feasible = weight * hard_memberships(labels, blocks) + (1 - weight) * (
        uniform_memberships(n, blocks) if 1 < blocks < n else hard_memberships(labels[::-1], blocks)
    )
    assert np.vdot(affinities, feasible) <= upper + 1e-9 * (1 + abs(upper))


_cached: dict[str, float] = {}


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), trace=st.sampled_from(TRACES), size=st.floats(0.0, 20.0))
def test_random_bounds_never_fall_below_the_optimum(seed, trace, size):
    affinities, _ = problem(24, 3.0)
    if trace not in _cached:
        _cached[trace] = solve_likelihood_sdp(affinities, trace=trace, tol=1e-5)[0].objective
    rng = np.random.default_rng(seed)
    multipliers = size * np.abs(random_affinities(rng, 3, 24))
    row_dual = size * rng.standard_normal(24)
    assert likelihood_sdp_upper_bound(affinities, multipliers, row_dual, trace) >= _cached[trace]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(3, 12), trace=st.sampled_from(TRACES))
def test_repair_is_exactly_feasible(seed, n, trace):
    rng = np.random.default_rng(seed)
    blocks = int(rng.integers(2, n))
    noisy = uniform_memberships(n, blocks) + 0.3 * random_affinities(rng, blocks, n)
    assert_feasible(repair_memberships(noisy, trace), blocks, trace)


@pytest.mark.parametrize("trace", TRACES)
def test_affine_projection_is_orthogonal(trace):
    rng = np.random.default_rng(0)
    matrices = random_affinities(rng, 3, 8)
    projected = project_row_sums_and_traces(matrices, trace)
    np.testing.assert_allclose(projected.sum(axis=(0, 2)), 1.0)
    traces = np.trace(projected, axis1=1, axis2=2)
    np.testing.assert_allclose(traces if trace == "each" else traces.sum(), 1.0 if trace == "each" else 3.0)
    other = project_row_sums_and_traces(random_affinities(rng, 3, 8), trace)
    assert np.vdot(matrices - projected, other - projected) == pytest.approx(0.0, abs=1e-9)


def test_objective_of_a_partition_is_its_profile_log_likelihood():
    X, labels, covariances = draw_mixture(30, 3, 4, 3.0, condition=10.0)
    weights = np.array([0.2, 0.3, 0.5])
    affinities = likelihood_affinities(X + 1e6, covariances, weights)
    value = classification_log_likelihood(np.vdot(affinities, hard_memberships(labels, 3)), 30, 4)
    direct = 0.0
    for k in range(3):
        members = X[labels == k]
        deviations = members - members.mean(axis=0)
        squares = np.einsum("ij,jk,ik->", deviations, np.linalg.inv(covariances[k]), deviations)
        log_det = np.linalg.slogdet(2 * np.pi * covariances[k])[1]
        direct += len(members) * (np.log(weights[k]) - 0.5 * log_det) - 0.5 * squares
    assert value == pytest.approx(direct, rel=1e-7)


def test_equal_covariances_are_the_peng_wei_program():
    X, _, _ = draw_mixture(40, 3, 4, 4.0)
    likelihood = LikelihoodSDP(3, tol=1e-5, random_state=0).fit(X)
    kmeans = KMeansSDP(3, tol=1e-5, random_state=0).fit(X)
    scatter = ((X - X.mean(axis=0)) ** 2).sum()
    assert likelihood.objective_ + scatter == pytest.approx(kmeans.objective_, rel=1e-4)
    assert same_partition(likelihood.labels_, kmeans.labels_)
    assert_feasible(likelihood.membership_, 3)
    almost = np.eye(4) * np.array([1.0, 1.0 + 1e-12, 1.0])[:, None, None]
    general = LikelihoodSDP(3, covariances=almost, random_state=0).fit(X)
    assert general.objective_ == pytest.approx(likelihood.objective_, rel=2e-3)


def test_true_covariances_come_close_to_the_oracle():
    ours = oracle = 0.0
    for seed in range(3):
        rng = np.random.default_rng(seed)
        _, labels, covariances = draw_mixture(90, 3, 4, 4.5, condition=10.0, seed=seed)
        means = 4.5 / np.sqrt(2.0) * np.eye(4)[:3]
        roots = np.linalg.cholesky(covariances)[labels]
        X = means[labels] + np.einsum("nij,nj->ni", roots, rng.standard_normal((90, 4)))
        model = LikelihoodSDP(3, covariances=covariances, random_state=0).fit(X)
        ours += error_rate(model.labels_, labels) / 3
        oracle += error_rate(GaussianOracle(means, covariances).fit(X).labels_, labels) / 3
        # The labels carry the names of the covariances, so no matching should be needed either.
        assert np.mean(model.labels_ != labels) < 0.15
    assert ours <= oracle + 0.02


def test_affine_invariance():
    X, _, covariances = draw_mixture(45, 3, 4, 5.0, condition=10.0)
    matrix = np.random.default_rng(3).standard_normal((4, 4)) @ np.diag([1e-3, 1.0, 1e3, 10.0])
    base = LikelihoodSDP(3, covariances=covariances, random_state=0).fit(X)
    mapped = LikelihoodSDP(3, covariances=matrix.T @ covariances @ matrix, random_state=0)
    mapped.fit(X @ matrix - 3.0)
    np.testing.assert_array_equal(base.labels_, mapped.labels_)
    shift = -2 * 45 * np.linalg.slogdet(matrix)[1]
    spread = base.upper_bound_ - np.vdot(likelihood_affinities(X, covariances), uniform_memberships(45, 3))
    assert mapped.objective_ - shift == pytest.approx(base.objective_, abs=3e-3 * spread)


def test_permutation_of_points_and_clusters():
    X, _, covariances = draw_mixture(45, 3, 4, 5.0, condition=10.0)
    base = LikelihoodSDP(3, covariances=covariances, random_state=0).fit(X)
    order = np.random.default_rng(0).permutation(45)
    permuted = LikelihoodSDP(3, covariances=covariances[[2, 0, 1]], random_state=0).fit(X[order])
    np.testing.assert_array_equal(np.array([2, 0, 1])[permuted.labels_], base.labels_[order])


def test_edge_cases():
    X, _, covariances = draw_mixture(9, 3, 4, 6.0)
    one = LikelihoodSDP(1, covariances=covariances[0]).fit(X)
    assert one.gap_ == 0 and set(one.labels_) == {0}
    assert_feasible(one.membership_, 1)
    for trace in TRACES:
        everyone = LikelihoodSDP(9, trace=trace).fit(X)
        assert_feasible(everyone.membership_, 9, trace)
        assert everyone.gap_ == 0 and len(set(everyone.labels_)) == 9
    constant = LikelihoodSDP(3, covariances=covariances, random_state=0).fit(np.ones((9, 4)))
    assert_feasible(constant.membership_, 3)


@pytest.mark.parametrize(
    ("covariances", "message"),
    [
        (np.eye(3), "must have shape"),
        (np.stack([np.eye(4)] * 2), "must have shape"),
        (np.diag([1.0, 1.0, 1.0, -1.0]), "not positive definite"),
        (np.triu(np.ones((4, 4))) + np.eye(4), "symmetric"),
        (np.full((4, 4), np.nan), "NaN"),
    ],
)
def test_bad_covariances(covariances, message):
    X, _, _ = draw_mixture(20, 3, 4)
    with pytest.raises(ValueError, match=message):
        LikelihoodSDP(3, covariances=covariances).fit(X)


@pytest.mark.parametrize("weights", [[0.5, 0.5], [0.5, 0.6, -0.1], [0.2, 0.2, 0.2]])
def test_bad_weights(weights):
    X, _, _ = draw_mixture(20, 3, 4)
    with pytest.raises(ValueError, match="weights must"):
        LikelihoodSDP(3, weights=weights).fit(X)


def test_bad_data():
    X, _, _ = draw_mixture(10, 2, 3)
    with pytest.raises(ValueError, match="n_samples=10 should be >= n_clusters=11"):
        LikelihoodSDP(11).fit(X)
    X[0, 0] = np.inf
    with pytest.raises(ValueError, match="infinity"):
        LikelihoodSDP(2).fit(X)


def test_says_when_it_has_not_converged():
    X, _, covariances = draw_mixture(40, 3, 4, 2.0, condition=10.0)
    with pytest.warns(ConvergenceWarning, match="increase max_iter"):
        model = LikelihoodSDP(3, covariances=covariances, max_iter=3, tol=1e-8, random_state=0).fit(X)
    assert not model.converged_
    assert_feasible(model.membership_, 3)


def test_cvxpy_solver_gives_the_same_partition():
    X, truth, covariances = draw_mixture(24, 3, 4, 9.0, condition=5.0)
    model = LikelihoodSDP(3, covariances=covariances, solver="cvxpy", tol=1e-2, random_state=0).fit(X)
    np.testing.assert_array_equal(model.labels_, truth)


def test_same_seed_same_result():
    X, _, covariances = draw_mixture(40, 3, 4, 3.0, condition=10.0)
    first, second = (LikelihoodSDP(3, covariances=covariances, random_state=4).fit(X) for _ in range(2))
    np.testing.assert_array_equal(first.membership_, second.membership_)
    np.testing.assert_array_equal(first.labels_, second.labels_)
