"""Ward's method, kernel k-means, criteria, refinement and reject curves against what they are defined by."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest
from graph_worlds import planted
from scipy.spatial.distance import pdist, squareform
from seedbed.proximity import (
    KernelKMeans,
    KernelWard,
    block_likelihood,
    degree_corrected_likelihood,
    integrated_likelihood,
    modularity,
    proximity,
    refine_partition,
    reject_curve,
)
from seedbed.proximity.measures.transforms import centred_kernel
from seedbed.proximity.partitions.ward import cut_tree, finite_distances, ward_tree, weighted_ward
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score, roc_auc_score

A, Z = planted([20, 12, 8], 0.5, 0.15, seed=3)
H = proximity(A, "forest", 1.3, "plain", kernel=True)
D = proximity(A, "forest", 1.3, "plain")


def brute_ward(H, n_clusters):
    """The cheapest merge of all, by the definition."""
    clusters = [[i] for i in range(len(H))]

    def cost(a, b):
        h = np.zeros(len(H))
        h[a], h[b] = 1 / len(a), -1 / len(b)
        return len(a) * len(b) / (len(a) + len(b)) * h @ H @ h

    while len(clusters) > n_clusters:
        a, b = min(itertools.combinations(range(len(clusters)), 2), key=lambda p: cost(clusters[p[0]], clusters[p[1]]))
        clusters[a] += clusters.pop(b)
    labels = np.empty(len(H), int)
    for number, members in enumerate(clusters):
        labels[members] = number
    return labels


def test_kernel_ward_is_the_greedy_algorithm_in_the_kernels_space():
    expected = brute_ward(H, 4)
    for found in (KernelWard(4, metric="kernel").fit(H), KernelWard(4).fit(H), KernelWard(4).fit(np.sqrt(2 * D))):
        assert adjusted_rand_score(found.labels_, expected) == 1.0
    assert KernelWard(4).fit(H).metric_ == "kernel" and KernelWard(4).fit(D).metric_ == "distance"
    assert adjusted_rand_score(KernelWard(4, metric="squared_distance").fit_predict(2 * D), expected) == 1.0


def test_kernel_ward_of_points_is_scikit_learns_and_its_heights_rise():
    points = np.random.default_rng(0).normal(size=(40, 3))
    theirs = AgglomerativeClustering(5, linkage="ward", compute_distances=True).fit(points)
    ours = KernelWard(5).fit(squareform(pdist(points)))
    assert adjusted_rand_score(theirs.labels_, ours.labels_) == 1.0
    np.testing.assert_allclose(ours.distances_, theirs.distances_)
    assert (np.diff(ours.distances_) >= 0).all() and (np.sort(ours.children_) == np.sort(theirs.children_)).all()


def test_ward_input_distance_is_another_method():
    found = KernelWard(3, metric="squared_distance", ward_input="distance").fit(2 * D)
    np.testing.assert_allclose(found.distances_[0], D[np.triu_indices(40, 1)].min())


def test_any_number_of_clusters_can_be_cut_and_infinite_distances_come_last():
    parts = np.repeat([0, 1, 2], [5, 3, 2])
    apart = np.where(parts[:, None] == parts, np.random.default_rng(0).uniform(1, 2, (10, 10)), np.inf)
    apart = np.maximum(apart, apart.T)
    tree = ward_tree(apart)
    for k in range(1, 11):
        assert len(set(cut_tree(tree, k))) == k
    assert cut_tree(tree, 3).tolist() == parts.tolist()
    assert cut_tree(tree, 2).tolist() == [0] * 5 + [1] * 5  # the two smaller ones are merged first
    assert np.isfinite(finite_distances(apart)).all()


def test_weighted_ward_is_ward_of_repeated_points():
    rng = np.random.default_rng(0)
    points, weights = rng.normal(size=(25, 2)), rng.integers(1, 6, 25)
    repeated = np.repeat(np.arange(25), weights)
    theirs = AgglomerativeClustering(6, linkage="ward").fit_predict(points[repeated])
    assert adjusted_rand_score(theirs, weighted_ward(points, weights, 6)[repeated]) == 1.0


def test_kernel_kmeans_depends_on_distances_alone_and_is_kmeans():
    from sklearn.cluster import KMeans

    points = np.random.default_rng(1).normal(size=(50, 2)) + np.repeat([[0, 0], [6, 0], [0, 6]], [20, 20, 10], axis=0)
    gram = points @ points.T
    theirs = KMeans(3, n_init=10, random_state=0).fit(points)
    distances = squareform(pdist(points))
    for metric, X in (("kernel", gram), ("distance", distances), ("precomputed", centred_kernel(distances**2 / 2))):
        ours = KernelKMeans(3, metric=metric, random_state=0).fit(X)
        assert adjusted_rand_score(theirs.labels_, ours.labels_) == 1.0
        np.testing.assert_allclose(ours.inertia_, theirs.inertia_)


def test_no_cluster_is_empty_among_equal_points():
    assert len(set(KernelKMeans(3, metric="distance", random_state=0).fit_predict(np.zeros((5, 5))))) == 3


@pytest.mark.parametrize("model", [KernelWard(2), KernelKMeans(2)])
@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.ones((3, 2)), "square matrix"),
        ([[0, 1], [2, 0]], r"not symmetric: entries \(0, 1\) and \(1, 0\)"),
        ([[0, -1], [-1, 0]], r"cannot be negative: entry \(0, 1\) is -1"),
        ([[0.0]], "should be >= n_clusters=2"),
    ],
)
def test_matrices_that_are_none(model, X, message):
    with pytest.raises(ValueError, match=message):
        model.fit(X)


# ---- criteria


def pair_sums(A, z):
    """The likelihoods, pair by pair."""
    block = 0.0
    for a, b in itertools.combinations_with_replacement(range(z.max() + 1), 2):
        pairs = [A[i, j] for i, j in itertools.combinations(range(len(z)), 2) if {z[i], z[j]} == {a, b}]
        p = np.mean(pairs) if pairs else 0.0
        block += sum(np.log(p) if x else np.log1p(-p) for x in pairs) if 0 < p < 1 else 0.0
    kappa = np.array([A[z == c].sum() for c in range(z.max() + 1)])
    E = np.array([[A[z == a][:, z == b].sum() for b in range(z.max() + 1)] for a in range(z.max() + 1)])
    corrected = sum(0.5 * A[i, j] * np.log(E[z[i], z[j]] / kappa[z[i]] / kappa[z[j]]) for i, j in np.argwhere(A > 0))
    return block, corrected


def test_likelihoods_are_sums_over_pairs_and_networkx_agrees_on_modularity():
    block, corrected = pair_sums(A, Z)
    assert np.isclose(block_likelihood(A, Z), block)
    assert np.isclose(degree_corrected_likelihood(A, Z), corrected)
    sets = [set(np.flatnonzero(c == Z).tolist()) for c in range(3)]
    assert np.isclose(modularity(A, Z), nx.community.modularity(nx.from_numpy_array(A), sets))
    assert np.isclose(modularity(3 * A, Z), modularity(A, Z)) and block_likelihood(3 * A, Z) == block_likelihood(A, Z)
    assert block_likelihood(A, np.array(list("abc"))[Z]) == block_likelihood(A, Z)


def test_integrated_likelihood_is_a_probability():
    """Over all graphs and partitions of three nodes into at most two classes it sums to one."""
    total = 0.0
    for edges in itertools.product([0.0, 1.0], repeat=3):
        graph = np.zeros((3, 3))
        graph[np.triu_indices(3, 1)] = edges
        for z in itertools.product([0, 1], repeat=3):
            if len(set(z)) == 2:
                total += np.exp(integrated_likelihood(graph + graph.T, z))
    # of the partitions, those with an empty class have the rest: 1 - 2 * 3! 1! / 4! = 1/2
    assert np.isclose(total, 0.5)


@pytest.mark.parametrize("criterion", ["block_likelihood", "degree_corrected", "modularity", "poisson"])
@pytest.mark.parametrize("seed", range(5))
def test_refinement_never_lowers_the_criterion_and_ends_where_no_move_helps(criterion, seed):
    start = np.random.default_rng(seed).integers(3, size=40)
    value = {
        "block_likelihood": block_likelihood,
        "degree_corrected": degree_corrected_likelihood,
        "modularity": modularity,
        "poisson": poisson,
    }[criterion]
    found = refine_partition(A, start, criterion, 200)
    best = value(A, found)
    assert best >= value(A, start) and len(set(found)) == 3
    for i, b in itertools.product(range(40), range(3)):
        moved = found.copy()
        moved[i] = b
        if len(set(moved)) == 3:
            assert value(A, moved) <= best + 1e-8


def poisson(A, z):
    E = np.array([[A[z == a][:, z == b].sum() for b in range(3)] for a in range(3)])
    sizes = np.bincount(z)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nansum(E * np.log(E / np.outer(sizes, sizes))) / 2


def test_what_is_wrong_with_labels_is_said():
    with pytest.raises(ValueError, match=r"labels have the shape \(3,\); the graph has 40 nodes"):
        modularity(A, [0, 1, 1])
    with pytest.raises(ValueError, match="criterion must be one of block_likelihood"):
        refine_partition(A, Z, "nonsense")


# ---- reject curves


def test_area_is_that_of_all_pairs_and_the_logarithm_does_not_change_it():
    rows, columns = np.triu_indices(40, 1)
    for t in (0.1, 2.0):
        log, cosine = (proximity(A, "heat", t, transform) for transform in ("log", "cosine"))
        found = reject_curve(log, Z)
        expected = roc_auc_score(Z[rows] == Z[columns], -log[rows, columns])
        assert np.isclose(found.auc, expected) and np.isclose(reject_curve(cosine, Z).auc, expected)
        assert found.fpr[0] == found.tpr[0] == 0 and found.fpr[-1] == found.tpr[-1] == 1
        assert np.isclose(reject_curve(squareform(log, checks=False), Z).auc, expected)
    ties = np.zeros((40, 40))
    assert reject_curve(ties, Z).auc == 0.5
    assert np.isnan(reject_curve(ties, np.zeros(40)).auc)
    with pytest.raises(ValueError, match="there are 3 labels"):
        reject_curve(ties, [0, 1, 1])
