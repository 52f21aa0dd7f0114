"""The parts of the solvers: projections, partial eigenpairs, acceleration, rounding, laziness of the package."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixtures import random_affinities, same_partition
from seedbed.clustering.convex.anderson import AndersonAcceleration
from seedbed.clustering.convex.fantope import FantopeProjection, project_eigenvalues
from seedbed.clustering.convex.leading_eigenpairs import LeadingEigenpairs, double_centre, eigenvalue_sum
from seedbed.clustering.kmeans_sdp.gram import centred_gram, pooled_axes
from seedbed.clustering.likelihood_sdp.row_sum_projection import RowSumProjection
from seedbed.clustering.partitions.memberships import partition_matrix
from seedbed.clustering.partitions.rounding import match_labels, nonempty_labels, spectral_rounding


@settings(max_examples=200, deadline=None)
@given(
    values=st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12),
    share=st.floats(0.0, 1.0),
    whole=st.booleans(),
)
def test_projected_eigenvalues_meet_the_optimality_conditions(values, share, whole):
    values = np.array(values)
    total = round(share * len(values)) if whole else share * len(values)
    projected, threshold = project_eigenvalues(values, total)
    assert projected.sum() == pytest.approx(total, abs=1e-9)
    np.testing.assert_allclose(projected, np.clip(values - threshold, 0, 1), atol=1e-12)


def test_impossible_sum():
    with pytest.raises(ValueError, match="sum to 3"):
        project_eigenvalues(np.zeros(2), 3)


@pytest.mark.parametrize("centred", [True, False])
@pytest.mark.parametrize("pooled", [True, False])
def test_fantope_projection_is_the_nearest_point(centred, pooled):
    rng = np.random.default_rng(0)
    blocks, n, trace = (1, 9, 2.0) if centred else (3, 9, 3.0 if pooled else 1.0)
    matrices = random_affinities(rng, blocks, n)
    project = FantopeProjection(n, blocks, trace, centred=centred, pooled=pooled)
    projected = project(matrices)
    values = np.linalg.eigvalsh(projected)
    assert values.min() >= -1e-12 and values.max() <= 1 + 1e-12
    traces = np.trace(projected, axis1=1, axis2=2)
    expected = trace + centred
    assert (traces.sum() if pooled else traces) == pytest.approx(expected)
    if centred:
        np.testing.assert_allclose(projected.sum(axis=2), 1.0)
    # Variational inequality against other points of the set.
    for _ in range(20):
        other = project(10 * random_affinities(rng, blocks, n))
        assert np.vdot(matrices - projected, other - projected) <= 1e-9


def test_partial_eigenpairs_follow_a_slowly_changing_matrix():
    rng = np.random.default_rng(0)
    n, trace = 80, 3.0
    basis = np.linalg.qr(rng.standard_normal((n, n)))[0]
    matrix = (basis * np.r_[np.linspace(3, 2, 4), np.linspace(0.1, -2, n - 4)]) @ basis.T
    drift = random_affinities(rng, 1, n)[0]
    project = FantopeProjection(n, 1, trace, centred=True)
    for step in range(30):
        current = matrix + 1e-4 * step * drift
        exact = FantopeProjection(n, 1, trace, centred=True)(current[None])
        np.testing.assert_allclose(project(current[None]), exact, atol=2e-5)
    assert project.pairs[0]._vectors is not None


def test_leading_eigenpairs_stay_orthogonal_to_the_ones():
    rng = np.random.default_rng(0)
    pairs = LeadingEigenpairs(50, centred=True)
    pairs.used(3, pairs.all(np.eye(50))[1])
    for _ in range(3):
        _, vectors = pairs.leading(random_affinities(rng, 1, 50)[0])
        np.testing.assert_allclose(vectors.sum(axis=0), 0.0, atol=1e-10)
        np.testing.assert_allclose(vectors.T @ vectors, np.eye(vectors.shape[1]), atol=1e-10)
        pairs.used(3, vectors)


def test_eigenvalue_sum_of_a_degenerate_matrix():
    # The solver for a few eigenpairs fails on this one and the full one has to step in.
    matrix = np.eye(20) - 1 / 20
    assert eigenvalue_sum(double_centre(matrix - 1e-3 * matrix), 3) == pytest.approx(3 * 0.999)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), size=st.floats(0.01, 10.0))
def test_row_sum_projection_is_the_nearest_point(seed, size):
    rng = np.random.default_rng(seed)
    project = RowSumProjection(8)
    for _ in range(2):
        matrices = size * random_affinities(rng, 3, 8)
        projected = project(matrices)
        assert projected.min() >= 0
        np.testing.assert_allclose(projected.sum(axis=(0, 2)), 1.0, atol=1e-7)
        for _ in range(5):
            other = RowSumProjection(8)(random_affinities(rng, 3, 8))
            assert np.vdot(matrices - projected, other - projected) <= 1e-5 * (1 + size)


def test_anderson_solves_a_linear_problem_in_few_steps():
    rng = np.random.default_rng(0)
    matrix = 0.95 * np.linalg.qr(rng.standard_normal((6, 6)))[0]
    target = rng.standard_normal(6)
    history, point = AndersonAcceleration(6, 8), np.zeros(6)
    for _ in range(12):
        residual = matrix @ (point - target) + target - point
        history.add(point, residual)
        accelerated = history.extrapolate()
        point = point + residual if accelerated is None else accelerated
    np.testing.assert_allclose(point, target, atol=1e-3)


def test_gram_of_shifted_data_keeps_its_digits():
    X = np.random.default_rng(0).standard_normal((20, 3))
    np.testing.assert_allclose(centred_gram(X + 1e7), centred_gram(X), atol=1e-7)
    np.testing.assert_allclose(centred_gram(X).sum(axis=0), 0.0, atol=1e-12)


def test_pooled_axes_whiten_and_come_back():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((30, 4)) * np.array([1e-6, 1.0, 1e6, 1.0]) + 3.0
    X[:, 3] = 2.0
    mean, whitener, colourer = pooled_axes(X)
    assert whitener.shape == (4, 3)
    points = (X - mean) @ whitener
    np.testing.assert_allclose(points.T @ points / 30, np.eye(3), atol=1e-10)
    np.testing.assert_allclose(mean + points @ colourer, X, rtol=1e-9, atol=1e-9)


def test_spectral_rounding_inverts_a_partition():
    labels = np.array([0, 0, 1, 2, 2, 2, 1, 0])
    assert same_partition(spectral_rounding(partition_matrix(labels), 3, 0), labels)


def test_matching_maximises_the_agreement():
    labels = np.array([0, 0, 1, 1, 2, 2])
    affinity = np.eye(3)[[2, 2, 0, 0, 1, 1]]
    np.testing.assert_array_equal(match_labels(labels, affinity), [2, 2, 0, 0, 1, 1])


def test_empty_clusters_take_a_point_of_the_largest():
    np.testing.assert_array_equal(np.bincount(nonempty_labels(np.zeros(5, int), 3)), [3, 1, 1])


@pytest.mark.slow
def test_importing_one_method_leaves_the_others_and_cvxpy_alone():
    program = (
        "import sys; from seedbed.clustering import KMeansSDP; "
        "assert 'seedbed.clustering.likelihood_sdp.splitting' not in sys.modules; "
        "assert 'cvxpy' not in sys.modules; import seedbed.clustering as c; "
        "assert set(c.__all__) <= set(dir(c)); assert all(getattr(c, name) for name in c.__all__)"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)


def test_unknown_name():
    import seedbed.clustering

    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = seedbed.clustering.Nothing
