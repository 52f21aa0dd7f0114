"""The benchmark cases: the same problem, and the same answer, for every contender."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.studies.proximity.benchmarks import cases, large_graphs, naive
from seedbed.studies.proximity.benchmarks.cases import CASES
from sklearn.metrics import adjusted_rand_score


def test_cases_have_names_targets_and_fixed_problems():
    assert len({case.name for case in CASES}) == len(CASES)
    assert all(case.peer in case.contenders and case.target and case.target >= 1 for case in CASES)
    np.testing.assert_array_equal(cases.planted(40, "heat", 3).A, cases.planted(40, "heat", 3).A)


def test_contenders_on_whole_grids_agree_where_rounding_lets_them():
    problem = cases.planted(80, "communicability", 5)
    ours = cases.whole_grid("communicability")(problem)
    theirs = cases.value_by_value(lambda A, t: cases.expm(t * A))(problem)
    np.testing.assert_allclose(ours[0], theirs[0], atol=1e-10)
    error = cases.largest_error(lambda A, t: cases.exp_nonnegative(t * A, 8))
    assert error(problem, ours) < 1e-10


@pytest.mark.slow
def test_every_family_has_a_naive_form_and_both_find_the_classes():
    problem = cases.planted(60, "communicability", 1)
    assert set(naive.kernels(problem.A)) == set(cases.FAMILIES)
    distances = cases.distances_of(problem)
    labels = naive.greedy_ward()(distances, 4)
    assert adjusted_rand_score(labels, cases.cut_tree(cases.ward_tree(distances), 4)) == 1.0


def test_contenders_of_networkx_measure_the_same():
    for name in ("communicability_200", "resistance_400"):
        case = next(case for case in CASES if case.name == name)
        problem = cases.loaded(40)
        assert all(case.accuracy(problem, run(problem)) < 1e-8 for run in case.contenders.values())


def test_large_graphs_are_divided_alike():
    problem = large_graphs.sparse_planted(600, 3, 20.0, 4.0)
    runs = (large_graphs.low_rank(3), large_graphs.spectral(3, "lobpcg"), large_graphs.louvain)
    assert all(large_graphs.missed(problem, run(problem)) < 0.05 for run in runs)
