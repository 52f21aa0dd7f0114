"""PyHessian (GPL, of the tests alone) finds the same largest eigenvalues by power iteration."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pyhessian = pytest.importorskip("pyhessian")

from seedbed.wide_networks import hessian_extremes  # noqa: E402
from torch import nn  # noqa: E402

pytestmark = [
    pytest.mark.usefixtures("doubles"),
    pytest.mark.filterwarnings("ignore:Using backward.. with create_graph=True"),
]


def test_largest_eigenvalues_are_those_of_pyhessian() -> None:
    network = nn.Sequential(nn.Linear(6, 12), nn.Tanh(), nn.Linear(12, 3))
    X, y = torch.randn(40, 6), torch.randint(3, (40,))
    ours = hessian_extremes(network, nn.functional.cross_entropy, (X, y), k=3, which="largest", tol=1e-8).largest
    peer = pyhessian.hessian(network, nn.functional.cross_entropy, data=(X, y), cuda=False)
    theirs, _ = peer.eigenvalues(maxIter=5000, tol=1e-10, top_n=3)
    assert np.abs(ours / np.array(theirs) - 1).max() < 1e-4
