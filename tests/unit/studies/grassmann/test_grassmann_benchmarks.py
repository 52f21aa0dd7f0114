"""The benchmark's contenders take the same steps."""

from __future__ import annotations

import pytest
from seedbed.grassmann.geometry import manifold
from seedbed.studies.grassmann.benchmarks import cases as benchmarks


def test_cases_are_complete():
    assert len({case.name for case in benchmarks.CASES}) == len(benchmarks.CASES)
    for case in benchmarks.CASES:
        assert case.peer in case.contenders and len(case.contenders) > 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_contenders_reach_the_same_subspaces():
    """The peers do what ours does, so that the times are of the same thing; geoopt transports its momentum."""
    pytest.importorskip("geoopt")
    ends = {}
    for name, contender in benchmarks.STEP.items():
        ends[name] = contender(benchmarks._problem(32, 10, 12))
    assert ends.pop("linear") is None
    start = benchmarks._problem(32, 10, 12)["head"].basis.detach()
    moved = manifold.distance(ends["fused"], start).max()
    for name, end in ends.items():
        assert manifold.distance(ends["fused"], end.contiguous()).max() < 0.15 * moved, name
