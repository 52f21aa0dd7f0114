"""The low-rank solver, its certificate, and the ladder."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixtures import assert_feasible, centred_mixture, draw_mixture, error_rate, random_partition, same_partition
from seedbed.clustering import KMeansSDP
from seedbed.clustering.kmeans_sdp import factored_certificate
from seedbed.clustering.kmeans_sdp.bounds import kmeans_sdp_upper_bound
from seedbed.clustering.kmeans_sdp.factored_certificate import FactoredBound, certify_partition, eigenvalue_sum_bound
from seedbed.clustering.kmeans_sdp.factored_membership import factor_labels, feasible_factor, partition_factor
from seedbed.clustering.kmeans_sdp.gram import centred_gram
from seedbed.clustering.kmeans_sdp.label_certificate import label_multiplier
from seedbed.clustering.kmeans_sdp.low_rank import SKETCH, solve_kmeans_sdp_low_rank
from seedbed.clustering.kmeans_sdp.low_rank_ascent import maximise_low_rank
from seedbed.clustering.kmeans_sdp.refined_multiplier import refined_bound
from seedbed.clustering.kmeans_sdp.splitting import solve_kmeans_sdp
from seedbed.clustering.partitions.lloyd import lloyd_labels, partition_objective
from seedbed.clustering.partitions.memberships import partition_matrix
from seedbed.clustering.partitions.rounding import nonempty_labels
from sklearn.exceptions import ConvergenceWarning


def exact_sum(matrix, count):
    return np.maximum(np.linalg.eigvalsh(matrix), 0)[::-1][:count].sum()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(4, 40), level=st.floats(-2.0, 3.0))
def test_factored_bound_is_the_dense_bound(seed, n, level):
    X, labels, n_clusters = random_partition(np.random.default_rng(seed), n)
    bound = FactoredBound(X, labels)
    t = bound.spread * np.exp(level)
    gram = X @ X.T
    dense = kmeans_sdp_upper_bound(gram, label_multiplier(gram, labels, t), n_clusters)
    upper, margin = bound.upper(t)
    # The dense bound may count a negative eigenvalue, where the factored one counts zero.
    shifted = gram + label_multiplier(gram, labels, t)
    centre = np.eye(n) - 1.0 / n
    clipped = shifted.sum() / n + exact_sum(centre @ shifted @ centre, n_clusters - 1)
    assert upper >= dense - 1e-12 * abs(dense)
    assert upper == pytest.approx(clipped, rel=1e-9)
    assert 0 < margin <= 1e-9 * upper
    assert bound.lower == pytest.approx(np.vdot(gram, partition_matrix(labels)), rel=1e-10, abs=1e-12)


def test_factored_bound_of_long_clusters_uses_blocks_of_rows(monkeypatch):
    X, labels = centred_mixture(300, 3, 4, 6.0)
    whole = certify_partition(X, labels)
    monkeypatch.setattr(factored_certificate, "BLOCK", 16)
    assert certify_partition(X, labels).upper == pytest.approx(whole.upper, rel=1e-9)


def perturbed(rng, size):
    """Eigenpairs with errors of a given size in values and vectors."""

    def solver(matrix):
        values, vectors = np.linalg.eigvalsh(matrix), eigh(matrix)[1]
        noise = size * np.linalg.norm(matrix)
        return values - noise * rng.random(len(values)), vectors + size * rng.standard_normal(vectors.shape)

    eigh = np.linalg.eigh
    return solver


def short_lanczos(start, steps):
    """What a few Lanczos steps from a bad start make of it: missed directions are filled up with small values."""

    def solver(matrix):
        m = len(matrix)
        basis = start(matrix)[:, None] / np.linalg.norm(start(matrix))
        for _ in range(min(steps, m) - 1):
            basis = np.linalg.qr(np.column_stack([basis, matrix @ basis[:, -1]]))[0]
        basis = np.linalg.qr(np.column_stack([basis, np.random.default_rng(0).standard_normal((m, m))]))[0]
        values = np.diag(basis.T @ matrix @ basis).copy()
        values[min(steps, m) :] = values.min()
        order = np.argsort(values)
        return values[order], basis[:, order]

    return solver


def least_eigenvector(matrix):
    return eigh_of_numpy(matrix)[1][:, 0]


eigh_of_numpy = np.linalg.eigh
BAD_SOLVERS = {
    "tiny errors": perturbed(np.random.default_rng(0), 1e-12),
    "errors": perturbed(np.random.default_rng(0), 1e-4),
    "large errors": perturbed(np.random.default_rng(0), 0.3),
    "start in the wrong eigenvector": short_lanczos(least_eigenvector, 3),
    "one step from the ones": short_lanczos(lambda matrix: np.ones(len(matrix)), 1),
    "all values zero": lambda matrix: (np.zeros(len(matrix)), np.eye(len(matrix))),
    "a repeated vector": lambda matrix: (np.full(len(matrix), -1.0), np.ones(matrix.shape)),
    "not a number": lambda matrix: (np.full(len(matrix), np.nan), np.eye(len(matrix))),
}


@pytest.mark.parametrize("name", BAD_SOLVERS)
def test_bound_holds_whatever_the_eigensolver_returns(name, monkeypatch):
    rng = np.random.default_rng(1)
    spectra = [np.ones(12), np.r_[np.ones(6), 1 - 1e-9 * np.arange(6)], np.r_[1e8, np.ones(11)], rng.random(12) - 0.5]
    matrices = []
    for spectrum in spectra:
        basis = np.linalg.qr(rng.standard_normal((12, 12)))[0]
        matrices.append((basis * spectrum) @ basis.T)
    truth = [[exact_sum(matrix, count) for count in (1, 3, 12)] for matrix in matrices]
    X, labels = centred_mixture(60, 3, 4, 5.0)
    optimum = solve_kmeans_sdp(centred_gram(X), 3, tol=1e-6, random_state=0).objective
    honest = certify_partition(X, labels).upper
    monkeypatch.setattr(np.linalg, "eigh", BAD_SOLVERS[name])
    for matrix, sums in zip(matrices, truth, strict=True):
        for count, exact in zip((1, 3, 12), sums, strict=True):
            assert eigenvalue_sum_bound(matrix, count) >= exact
    bound = certify_partition(X, labels)
    assert optimum <= bound.upper and honest <= bound.upper * (1 + 1e-9)
    assert optimum <= refined_bound(FactoredBound(X, labels), bound.level)[0]


def test_an_accurate_eigensolver_costs_almost_nothing():
    rng = np.random.default_rng(2)
    matrix = rng.standard_normal((30, 30))
    matrix = matrix + matrix.T
    assert eigenvalue_sum_bound(matrix, 4) == pytest.approx(exact_sum(matrix, 4), rel=1e-10)
    assert eigenvalue_sum_bound(matrix, 0) == 0.0


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(4, 12), scale=st.floats(-8.0, 8.0))
def test_no_partition_exceeds_a_bound_from_any_labels(seed, n, scale):
    rng = np.random.default_rng(seed)
    X = 10.0**scale * rng.standard_normal((n, 2)) * (rng.random((n, 1)) < 0.8)
    X = X - X.mean(axis=0)
    n_clusters = int(rng.integers(2, n))
    wrong = nonempty_labels(rng.integers(0, n_clusters, n), n_clusters)
    bound = certify_partition(X, wrong, evaluations=3)
    for _ in range(20):
        labels = nonempty_labels(rng.integers(0, n_clusters, n), n_clusters)
        assert partition_objective(X, labels, n_clusters) <= bound.upper


@pytest.mark.parametrize(("n", "separation"), [(60, 3.0), (100, 6.0), (150, 9.0)])
def test_low_rank_is_feasible_and_encloses_the_optimum(n, separation):
    X, _, _ = draw_mixture(n, 3, 4, separation)
    ours = solve_kmeans_sdp_low_rank(X, 3, n_init=2, random_state=0)
    reference = solve_kmeans_sdp(centred_gram(X), 3, tol=1e-4, random_state=0)
    membership = ours.factor @ ours.factor.T
    assert_feasible(membership, 3)
    assert ours.factor.shape[1] <= 6 + 6
    assert ours.objective == pytest.approx(np.vdot(centred_gram(X), membership), rel=1e-9)
    assert ours.objective <= reference.upper * (1 + 1e-9) and reference.objective <= ours.upper * (1 + 1e-9)
    assert ours.objective >= reference.objective * (1 - 0.02)
    assert ours.converged == (ours.gap <= 1e-4)


def test_ascent_from_a_random_factor_finds_separated_clusters():
    X, labels = centred_mixture(200, 4, 10, 9.0)
    start = np.abs(np.random.default_rng(0).standard_normal((200, 8)))
    before = start.copy()
    found = maximise_low_rank(X, 4, start, tol=1e-4)
    np.testing.assert_array_equal(start, before)
    assert found.converged and found.infeasibility < 1e-4 and found.factor.min() >= 0
    assert np.linalg.norm(found.factor) ** 2 == pytest.approx(4)
    assert same_partition(factor_labels(found.factor, 4, 0), labels)
    assert np.square(X.T @ found.factor).sum() == pytest.approx(partition_objective(X, labels, 4), rel=1e-3)


def test_ascent_beats_every_partition_where_the_program_is_not_tight():
    X, _, _ = draw_mixture(300, 4, 20, 3.0)
    found = solve_kmeans_sdp_low_rank(X, 4, n_init=1, random_state=0)
    value = partition_objective(X - X.mean(axis=0), found.partition, 4)
    assert found.objective > 1.005 * value
    assert not found.converged and found.n_iter > 0


@pytest.mark.parametrize("share", [0.9, 1.0, 1.1])
def test_repair_of_a_factor(share):
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.arange(50) % 3)
    factor = share * partition_factor(labels) + 0.02 * rng.random((50, 3))
    factor[7] = 0.0
    feasible = feasible_factor(factor, 3, labels)
    assert_feasible(feasible @ feasible.T, 3)
    assert feasible_factor(np.full((50, 2), np.inf), 3, labels) is None


def test_lloyd_stands_still_at_its_result():
    X, labels = centred_mixture(100, 4, 5, 7.0)
    centres = X[[0, 1, 2, 3]]
    found = lloyd_labels(X, centres)
    means = np.stack([X[found == k].mean(axis=0) for k in range(4)])
    np.testing.assert_array_equal(found, lloyd_labels(X, means, max_iter=1))
    assert same_partition(found, labels)


@pytest.mark.parametrize("solver", ["low_rank", "auto"])
def test_estimator_certifies_separated_clusters_without_a_matrix(solver):
    X, truth, _ = draw_mixture(400, 4, 10, 9.0)
    model = KMeansSDP(4, solver=solver, tol=1e-6, random_state=0).fit(X)
    assert same_partition(model.labels_, truth)
    assert model.gap_ <= 1e-6 and model.converged_ and model.n_iter_ == 0
    assert not hasattr(model, "membership_") and model.factor_.shape == (400, 4)
    assert "Certified" in model.message_ and "certificate" in model.solver_path_[1]


@pytest.mark.slow
def test_auto_goes_on_with_the_splitting_method():
    X, _, _ = draw_mixture(60, 3, 4, 4.0)
    with pytest.warns(ConvergenceWarning, match=r"Not certified.*may be no partition.*solver='auto'"):
        KMeansSDP(3, solver="low_rank", tol=1e-4, random_state=0).fit(X)
    model = KMeansSDP(3, solver="auto", tol=1e-4, random_state=0).fit(X)
    assert model.gap_ <= 1e-4 and model.solver_path_[-1].startswith("splitting")
    assert not hasattr(model, "factor_")
    assert_feasible(model.membership_, 3)
    assert model.objective_ == pytest.approx(np.vdot(centred_gram(X), model.membership_), rel=1e-9)
    reference = KMeansSDP(3, tol=1e-4, random_state=0).fit(X)
    assert model.objective_ == pytest.approx(reference.objective_, rel=2e-4)
    # A refit with another solver leaves nothing of the first behind.
    assert not hasattr(model.set_params(solver="low_rank", tol=0.5).fit(X), "membership_")


@pytest.mark.parametrize("power", [-500, 480])
def test_units_change_nothing(power):
    X, _, _ = draw_mixture(60, 3, 4, 3.0)
    with pytest.warns(ConvergenceWarning):
        models = [KMeansSDP(3, solver="low_rank", random_state=0).fit(X * unit) for unit in (1.0, 2.0**power)]
    assert models[0].gap_ == models[1].gap_ > 1e-3
    assert models[1].objective_ == models[0].objective_ * 4.0**power


def test_a_program_that_is_solved_but_not_tight_is_called_so():
    X, _, _ = draw_mixture(60, 3, 4, 3.0)
    model = KMeansSDP(3, solver="auto", tol=1e-3, random_state=0).fit(X)
    assert model.converged_ and "Certified" in model.message_ and "not tight" in model.message_
    separated, _, _ = draw_mixture(60, 3, 4, 12.0)
    assert "tight" not in KMeansSDP(3, tol=1e-3, random_state=0).fit(separated).message_


def test_too_few_columns_and_too_many_points_are_told(monkeypatch):
    X, _, _ = draw_mixture(60, 3, 4, 3.0)
    with pytest.raises(ValueError, match="rank=2 should be >= n_clusters=3"):
        KMeansSDP(3, solver="low_rank", rank=2).fit(X)

    def full(points):
        raise MemoryError

    monkeypatch.setattr("seedbed.clustering.kmeans_sdp.estimator.centred_gram", full)
    with pytest.raises(MemoryError, match="60 x 60 numbers; solver='low_rank'"):
        KMeansSDP(3).fit(X)


def test_auto_says_so_beyond_the_dense_limit(monkeypatch):
    monkeypatch.setattr("seedbed.clustering.kmeans_sdp.ladder.DENSE_LIMIT", 50)
    X, _, _ = draw_mixture(60, 3, 4, 3.0)
    with pytest.warns(ConvergenceWarning, match="not proved tight.*limited to 50 points"):
        model = KMeansSDP(3, solver="auto", tol=1e-5, max_iter=200, random_state=0).fit(X)
    assert model.factor_.shape[0] == 60 and "no splitting" in model.solver_path_[-1]


def test_more_points_than_the_sketch():
    X, truth, _ = draw_mixture(3 * SKETCH, 4, 10, 8.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = KMeansSDP(4, solver="low_rank", tol=1e-9, max_iter=60, random_state=0).fit(X)
    assert error_rate(model.labels_, truth) < 1e-3
    assert model.gap_ < 1e-3 and model.n_iter_ > 0
    rows = model.factor_ @ model.factor_.sum(axis=0)
    np.testing.assert_allclose(rows, 1.0, atol=1e-8)
    assert np.vdot(model.factor_, model.factor_) == pytest.approx(4)


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_low_rank_does_not_depend_on_scale_and_shift(scale):
    X, _, _ = draw_mixture(80, 3, 4, 4.0)
    base, other = (solve_kmeans_sdp_low_rank(points, 3, random_state=0) for points in (X, scale * (X + 100.0)))
    # The program over factors is not convex: rounding may lead to a neighbouring stationary point.
    assert other.objective / scale**2 == pytest.approx(base.objective, rel=1e-2)
    assert other.upper / scale**2 == pytest.approx(base.upper, rel=1e-2)


@pytest.mark.parametrize("solver", ["low_rank", "auto"])
def test_edge_cases(solver):
    X, _, _ = draw_mixture(12, 3, 4, 6.0)
    assert KMeansSDP(1, solver=solver).fit(X).gap_ == 0
    all_points = KMeansSDP(12, solver=solver).fit(X)
    assert all_points.gap_ == 0 and len(set(all_points.labels_)) == 12
    constant = KMeansSDP(3, solver=solver, random_state=0).fit(np.ones((9, 2)))
    assert constant.gap_ == 0 and len(set(constant.labels_)) == 3
    doubled = KMeansSDP(3, solver=solver, random_state=0).fit(np.repeat(X[:4], 3, axis=0))
    assert len(set(doubled.labels_)) == 3
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        wide = KMeansSDP(3, solver=solver, random_state=0).fit(np.random.default_rng(0).standard_normal((12, 40)))
        eleven = KMeansSDP(11, solver=solver, max_iter=50, random_state=0).fit(X)
    assert wide.upper_bound_ >= wide.objective_ and len(set(eleven.labels_)) == 11


def test_same_seed_same_result():
    X, _, _ = draw_mixture(100, 3, 4, 3.0)
    first, second = (solve_kmeans_sdp_low_rank(X, 3, random_state=4) for _ in range(2))
    np.testing.assert_array_equal(first.factor, second.factor)
    assert first.upper == second.upper
