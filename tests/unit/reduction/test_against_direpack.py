"""Against direpack, and the distance correlation of dcor that it stands on.

To import either compiles for seconds, and dcor's cache, half written, brings down the process that reads it: they are
imported here alone, by tests that one worker runs.
"""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.reduction import SIR, WIRE, DirectionalRegression
from seedbed.reduction.numerics.distance_correlation import distance_correlation
from worlds import bent, spanned

pytestmark = pytest.mark.slow


def test_directional_regression_is_that_of_direpack_but_for_degrees_of_freedom():
    from direpack.sudire._sudire_utils import DR

    X, y = bent(1200)
    loadings = DR(X, y, 6, 2)
    assert spanned(DirectionalRegression(2, n_slices=6).fit(X, y).transform(X), X @ loadings) > 1 - 1e-4


def test_wire_on_vectors_is_the_mddm_of_direpack():
    from direpack.sudire._sudire_utils import MDDM

    X, y = bent(150)
    objects = np.column_stack([y, X[:, 2]])
    peer = np.linalg.eigvalsh(MDDM(objects, SIR(5).fit(X, y).transform(X)))[::-1]
    np.testing.assert_allclose(WIRE(5).fit(X, objects).eigenvalues_, peer, rtol=1e-8)


def test_distance_correlation_is_that_of_dcor():
    import dcor

    rng = np.random.default_rng(0)
    x = rng.normal(size=(80, 2))
    for y in (x[:, :1] ** 2, rng.standard_cauchy((80, 3)), x @ rng.normal(size=(2, 2)), np.ones((80, 1))):
        assert distance_correlation(x, y) == pytest.approx(dcor.distance_correlation(x, y), abs=1e-12)
