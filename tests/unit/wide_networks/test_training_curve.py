"""Least-squares training with a kernel, in closed form, against small steps."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")
from seedbed.wide_networks import training_curve
from seedbed.wide_networks.real_arrays import refuse_unequal_halves


def kernel(n=12, rank=None):
    A = np.random.default_rng(0).normal(size=(n, rank or n))
    return A @ A.T


def test_flow_is_many_small_steps():
    K, y = kernel(), np.random.default_rng(1).normal(size=(12, 2))
    f, step = np.zeros((12, 2)), 1e-4
    for _ in range(10_000):
        f = f - step * K @ (f - y) / 12
    assert training_curve(K, y, [1.0])[0] == pytest.approx(f, abs=2e-3)
    assert training_curve(K, y, [10_000], learning_rate=step)[0] == pytest.approx(f, abs=1e-11)


def test_ends_of_training():
    K, y = kernel(), np.arange(12.0)
    cross = kernel()[:3]
    curve = training_curve(K, y, [0.0, np.inf], start=np.ones(12))
    assert curve[0] == pytest.approx(np.ones(12)) and curve[1] == pytest.approx(y)
    assert training_curve(K, y, [np.inf], K_test=cross)[0] == pytest.approx(y[:3], abs=1e-8)
    singular = kernel(12, 3)
    projected = singular @ np.linalg.pinv(singular) @ y
    assert training_curve(singular, y, np.inf)[0] == pytest.approx(projected, abs=1e-8)
    assert training_curve(singular, y, np.inf, K_test=singular)[0] == pytest.approx(projected, abs=1e-8)


def test_whatever_is_learned_in_one_step_and_nothing_at_time_zero():
    assert training_curve(np.eye(2), [1.0, 2.0], [0, 1, 2], learning_rate=2.0).tolist() == [[0, 0], [1, 2], [1, 2]]
    crossed = training_curve(np.eye(2), [1.0, 2.0], [0, 1], learning_rate=2.0, K_test=np.eye(2), start_test=[3.0, 4.0])
    assert crossed.tolist() == [[3.0, 4.0], [4.0, 6.0]]


def test_a_kernel_of_zeros_learns_nothing_at_any_rate():
    assert training_curve(np.zeros((2, 2)), [1, 2], [1, np.inf], learning_rate=0.1).tolist() == [[0, 0], [0, 0]]


def test_tiny_steps_keep_their_digits():
    curve = training_curve([[1.0]], [1.0], [1e12, np.inf], learning_rate=1e-12)
    assert curve[:, 0] == pytest.approx([-np.expm1(-1.0), 1.0], rel=1e-11)
    assert training_curve([[1.0]], [1.0], [np.inf], learning_rate=1e-20)[0, 0] == 1.0


def test_kernels_of_any_size():
    K, y = kernel(), np.arange(12.0)
    for unit in (1e-200, 1e200, 1e300):
        assert training_curve(unit * K, y, [1.0 / unit])[0] == pytest.approx(training_curve(K, y, [1.0])[0], rel=1e-9)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"K_test": np.eye(2), "start_test": [np.nan, 1.0]}, "start_test must be finite"),
        ({"K_test": [[np.inf, 0.0]]}, "K_test must be finite"),
        ({"start": [np.nan, 1.0]}, "start must be finite"),
        ({"learning_rate": "a"}, "learning_rate must be a number, positive and finite; got 'a'"),
        ({"learning_rate": np.nan}, "learning_rate must be a number"),
        ({"learning_rate": 5.0}, "training diverges with learning_rate=5.0: it must be below .* = 4"),
        ({"times": ["a"]}, "times must be an array of real numbers"),
        ({"times": [np.nan]}, "times must be zero or more"),
        ({"K": 1j * np.eye(2)}, "K must be an array of real numbers, got dtype complex128"),
        ({"K": [[1.0, 2.0], [0.0, 1.0]]}, "K must be symmetric"),
        ({"K": np.empty((0, 0)), "y": []}, "K must be a square matrix"),
    ],
)
def test_mistakes_are_told(given, message):
    with pytest.raises(ValueError, match=message):
        training_curve(**{"K": np.eye(2), "y": [1.0, 2.0], "times": [1.0], **given})


def test_steps_beyond_the_middle_alternate():
    """Between n / s and 2 n / s a component changes sign at every step, and still falls."""
    curve = training_curve([[1.0]], [1.0], [0, 1, 2, 3], learning_rate=1.5)
    assert curve[:, 0] == pytest.approx([0.0, 1.5, 0.75, 1.125])
    other = training_curve([[1.0]], [1.0], [0, 1, 2, 3], learning_rate=1.5, K_test=[[1.0], [2.0]])
    assert other == pytest.approx(np.outer([0.0, 1.5, 0.75, 1.125], [1.0, 2.0]))


@pytest.mark.parametrize(("row", "column"), [(299, 0), (0, 299), (130, 127), (299, 298), (5, 3)])
def test_one_entry_that_its_mirror_image_is_not(row, column):
    """Of a matrix of several tiles, the last of them smaller; the allowance is a share of the largest entry."""
    matrix = -4.0 * np.ones((300, 300))
    for diagonal in (1.0, 0.0):
        np.fill_diagonal(matrix, diagonal)
        matrix[row, column] = -4.00003
        refuse_unequal_halves(matrix, "K")
        matrix[row, column] = -4.00005
        with pytest.raises(ValueError, match="K must be symmetric"):
            refuse_unequal_halves(matrix, "K")
