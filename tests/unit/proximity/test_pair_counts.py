"""Counts of pairs against scikit-learn's, to the last bit."""

import tracemalloc

import numpy as np
import pytest
from seedbed.proximity.partitions import pair_counts
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.cluster import contingency_matrix


def test_indices_and_tables_are_those_of_scikit_learn():
    rng = np.random.default_rng(3)
    for n, k in ((1, 1), (2, 2), (7, 3), (60, 5), (60, 60), (300, 4)):
        first, others = rng.integers(0, k, n), rng.integers(-1, k, (9, n))
        others[0], others[1] = first, 0
        found = pair_counts.adjusted_rand_indices(first, others)
        assert found.tolist() == [adjusted_rand_score(first, other) for other in others]
        for other in others:
            table = pair_counts.contingency(first, other)
            np.testing.assert_array_equal(table, contingency_matrix(first, other))


def test_counts_do_not_overflow_and_no_partitions_have_no_index():
    halves, quarters = np.repeat([0, 1], 200_000), np.repeat([0, 1, 2, 3], 100_000)
    assert pair_counts.adjusted_rand_index(halves, quarters) == adjusted_rand_score(halves, quarters)
    assert pair_counts.adjusted_rand_indices(halves, np.empty((0, 400_000))).shape == (0,)


def test_thousands_of_classes_and_clusters_need_no_table():
    rng = np.random.default_rng(0)
    first, others = rng.permutation(5000), rng.integers(0, 5000, (40, 5000))  # 8 GB of counts
    tracemalloc.start()
    found = pair_counts.adjusted_rand_indices(first, others)
    assert tracemalloc.get_traced_memory()[1] < 50e6
    tracemalloc.stop()
    assert found[0] == adjusted_rand_score(first, others[0])


def test_partitions_of_other_points_are_refused():
    with pytest.raises(ValueError, match="cannot be compared"):
        pair_counts.adjusted_rand_indices(np.zeros(4, int), np.zeros((2, 5), int))
    with pytest.raises(ValueError, match="cannot be compared"):
        pair_counts.contingency(np.zeros(4, int), np.zeros(1, int))
