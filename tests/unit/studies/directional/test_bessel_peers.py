"""The peers of our log-Bessel functions are as accurate where they are at home as a fair peer must be."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from seedbed.studies.directional.peers.expression_table import ExpressionTable
from seedbed.studies.directional.peers.mpmath_bessel import MpmathBessel
from seedbed.studies.directional.peers.scipy_bessel import ScipyBessel

EXACT = {"iv": mpmath.besseli, "kv": mpmath.besselk}
# The paper's log K is an integral with 600 nodes.
BOUNDS = {
    ExpressionTable: {"iv": 1e-13, "kv": 1e-9},
    MpmathBessel: {"iv": 1e-12, "kv": 1e-12},
    ScipyBessel: {"iv": 1e-12},
}


@pytest.mark.parametrize(("peer", "function"), [(peer, name) for peer, bounds in BOUNDS.items() for name in bounds])
def test_against_mpmath_at_thirty_digits(peer: type, function: str) -> None:
    """Orders and arguments up to 150, where the paper tests; SciPy is at home for orders below the argument."""
    rng = np.random.default_rng(0)
    v, x = np.sort(rng.uniform(0.1, 150, (2, 40)), axis=0)
    with mpmath.workdps(30):
        truth = np.array([float(mpmath.log(EXACT[function](*point).real)) for point in zip(v, x, strict=True)])
    found = peer().evaluate(function, v, x)
    assert np.abs((found - truth) / np.maximum(1.0, np.abs(truth))).max() < BOUNDS[peer][function]
