"""The benchmark's contenders take the same steps."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from seedbed.grassmann import benchmarks, benchmarks_grouped, manifold


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


def test_grouped_training_is_the_same_training(monkeypatch):
    monkeypatch.setattr(benchmarks_grouped, "REPLICATES", 2)
    monkeypatch.setitem(
        benchmarks_grouped.SETTINGS, "default", ({"n_classes": 4, "n_new_classes": 0, "side": 6}, (4, 6), 1)
    )
    losses = [
        contender(benchmarks_grouped._problem("default"))
        for contender in benchmarks_grouped.CASES[0].contenders.values()
    ]
    assert losses[0].shape == (2, 1)
    np.testing.assert_allclose(losses[1], losses[0], rtol=1e-3)
    assert torch.get_num_threads() == 1
