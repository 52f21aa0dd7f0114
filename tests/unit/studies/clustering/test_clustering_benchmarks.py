"""The benchmark cases: same problem and same certificate for every contender."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.studies.clustering.benchmarks import at_scale as benchmarks_at_scale
from seedbed.studies.clustering.benchmarks import cases as benchmarks


@pytest.mark.parametrize(
    "case",
    [
        benchmarks.kmeans_case(30, 3, 4, 8.0, tol=1e-4, target=1.0, tight_peer=True),
        benchmarks.likelihood_case(24, 3, 4, 6.0, tol=1e-4, target=1.0),
    ],
    ids=lambda case: case.name,
)
def test_every_contender_is_certified(case):
    assert next(iter(case.contenders)) == "admm" and case.peer in case.contenders
    problem = case.problem()
    gaps = {name: case.accuracy(problem, run(problem)) for name, run in case.contenders.items()}
    assert gaps["admm"] <= 1e-4
    assert all(0 <= gap < 0.1 for gap in gaps.values())


def test_cases_have_names_and_targets():
    assert len({case.name for case in benchmarks.CASES}) == len(benchmarks.CASES)
    # k-means proves nothing: against it, ten times its time is the target.
    assert all(case.target >= (0.1 if case.peer == "KMeans" else 2) for case in benchmarks.CASES)
    first, second = (benchmarks.draw_instance(20, 3, 4, 5.0) for _ in range(2))
    np.testing.assert_array_equal(first.points, second.points)


def test_contenders_at_scale_are_certified_by_one_routine():
    peers = {
        "cvxpy+SCS": benchmarks_at_scale.conic,
        "admm": benchmarks_at_scale.dense(1e-6),
        "KMeans": benchmarks_at_scale.kmeans,
    }
    case = benchmarks_at_scale.scale_case(60, 12.0, 1e-6, peers, target=1.0)
    points = case.problem()
    np.testing.assert_array_equal(points, case.problem())
    gaps = {name: case.accuracy(points, run(points)) for name, run in case.contenders.items()}
    assert next(iter(gaps)) == "low rank" and case.peer == "cvxpy+SCS"
    assert all(0 <= gap <= 1e-4 for gap in gaps.values())
