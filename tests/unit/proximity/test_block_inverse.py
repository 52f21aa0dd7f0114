"""Inverses by blocks have every entry right, however small."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from graph_worlds import path, planted
from seedbed.proximity.measures import block_inverse
from seedbed.proximity.measures.block_inverse import inverse_m_matrix


def forest_matrix(A, t):
    return np.eye(len(A)) + t * (np.diag(A.sum(axis=1)) - A)


@pytest.mark.parametrize("n", [1, 2, 3, 24])
def test_entries_of_a_path_against_mpmath(monkeypatch, n):
    monkeypatch.setattr(block_inverse, "_WHOLE", 2)
    matrix = forest_matrix(path(n), 1e-3)
    mp.mp.dps = 120
    truth = np.array((mp.matrix(matrix.tolist()) ** -1).tolist(), float).reshape(n, n)
    np.testing.assert_allclose(inverse_m_matrix(matrix), truth, rtol=1e-13)


@pytest.mark.parametrize("n", [127, 128, 129, 300])
def test_large_inverses_are_symmetric_and_leave_the_matrix_alone(n):
    A, _ = planted([n // 2, n - n // 2], 0.3, 0.1, seed=1)
    matrix = forest_matrix(A, 0.5)
    before = matrix.copy()
    found = inverse_m_matrix(matrix)
    np.testing.assert_array_equal(matrix, before)
    np.testing.assert_array_equal(found, found.T)
    np.testing.assert_allclose(found @ matrix, np.eye(n), atol=1e-12)
    assert found.min() > 0.0


@pytest.mark.parametrize("n", [1, 2, 300])
def test_a_matrix_that_is_not_positive_definite_is_refused(n):
    matrix = np.eye(n)
    matrix[-1, -1] = -1.0
    with pytest.raises(ValueError, match="not positive definite"):
        inverse_m_matrix(matrix)
