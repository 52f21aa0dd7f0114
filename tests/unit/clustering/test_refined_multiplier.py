"""The refined multiplier: a valid bound at every point of its search, and a better one than the labels give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixtures import centred_mixture, random_partition
from seedbed.clustering.kmeans_sdp.estimator import KMeansSDP
from seedbed.clustering.kmeans_sdp.factored_certificate import FactoredBound, certify_partition
from seedbed.clustering.kmeans_sdp.low_rank import solve_kmeans_sdp_low_rank
from seedbed.clustering.kmeans_sdp.refined_multiplier import MultiplierSearch, refined_bound


def dense_multiplier(bounds, search):
    """N in the order of ``bounds.points``."""
    clusters = len(bounds.sizes)
    full = np.zeros((len(bounds.points), clusters))
    for b, rows in enumerate(bounds.rows):
        full[rows, np.arange(clusters) != b] = search.slack[rows]
    of = np.repeat(np.arange(clusters), bounds.sizes)
    towards = full[:, of]
    return towards * towards.T / search.divisor[np.ix_(of, of)]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(6, 40), scale=st.floats(-3.0, 3.0))
def test_bound_is_that_of_the_dense_multiplier(seed, n, scale):
    rng = np.random.default_rng(seed)
    X, labels, n_clusters = random_partition(rng, n)
    bounds = FactoredBound(X, labels)
    search = MultiplierSearch(bounds, bounds.spread)
    search.slack = rng.random(search.slack.shape) * np.exp(scale)
    upper, margin = bounds.upper_from(lambda cluster, block: search.slack[block], search.divisor)
    multiplier = dense_multiplier(bounds, search)
    np.testing.assert_allclose(multiplier, multiplier.T, rtol=1e-12)
    shifted = bounds.points @ bounds.points.T + multiplier
    centre = np.eye(n) - 1.0 / n
    top = np.sort(np.linalg.eigvalsh(centre @ shifted @ centre))[::-1][: n_clusters - 1]
    exact = shifted.sum() / n + np.maximum(top, 0.0).sum()
    assert upper >= exact - 1e-12 * abs(exact)
    assert upper == pytest.approx(exact, rel=1e-8)
    assert 0 < margin <= 1e-8 * upper


def test_gradient_is_that_of_the_smoothed_bound():
    X, labels = centred_mixture(60, 3, 4, 3.0)
    bounds = FactoredBound(X, labels)
    search = MultiplierSearch(bounds, bounds.spread)
    rng = np.random.default_rng(0)
    at = search.slack.ravel() / search._unit + 0.01
    for mu in (0.1, 0.01):
        gradient = search._evaluate(at, mu)[1]
        direction = rng.standard_normal(at.size)
        step = 1e-6 * direction
        slope = (search._evaluate(at + step, mu)[0] - search._evaluate(at - step, mu)[0]) / 2e-6
        assert slope == pytest.approx(gradient @ direction, rel=1e-5)
    # without smoothing, the value is the bound itself
    value = search._evaluate(search.slack.ravel() / search._unit, 1e-9)[0] * search._scale
    assert value == pytest.approx(bounds.upper(bounds.spread)[0], rel=1e-6)


def test_closes_more_than_half_of_the_gap_where_clusters_overlap():
    X, _ = centred_mixture(600, 4, 20, 4.0)
    found = solve_kmeans_sdp_low_rank(X, 4, tol=1e-4, random_state=0)
    label_bound = certify_partition(X, found.partition)
    assert not found.converged
    assert found.upper - found.objective < 0.5 * (label_bound.upper - found.objective)
    assert any("refined multiplier" in step for step in found.path)
    # no feasible matrix exceeds it: the dense solver's best comes close from below
    dense = KMeansSDP(4, tol=5e-3, max_iter=300, random_state=0).fit(X[:150])
    refined = solve_kmeans_sdp_low_rank(X[:150], 4, tol=1e-4, random_state=0)
    assert dense.objective_ <= refined.upper * (1 + 1e-12)


@pytest.mark.parametrize("scale", [1e-4, 1e5])
def test_does_not_depend_on_units(scale):
    X, labels = centred_mixture(200, 3, 5, 3.0)
    gaps = []
    for points in (X, scale * X):
        bounds = FactoredBound(points, labels)
        gaps.append(1.0 - bounds.lower / refined_bound(bounds, bounds.spread)[0])
    assert gaps[1] == pytest.approx(gaps[0], rel=1e-2)


def test_extreme_cases_give_valid_bounds():
    rng = np.random.default_rng(1)
    for X, labels in [
        (np.repeat(rng.standard_normal((3, 2)), 5, axis=0), np.repeat([0, 1, 2], 5)),
        (rng.standard_normal((4, 3)), np.arange(4) % 3),
        (rng.standard_normal((30, 1)), np.arange(30) % 2),
    ]:
        points = X - X.mean(axis=0)
        bounds = FactoredBound(points, labels)
        upper = refined_bound(bounds, bounds.spread)[0]
        assert np.isfinite(upper) and upper >= bounds.lower
