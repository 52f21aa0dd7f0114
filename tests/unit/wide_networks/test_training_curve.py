"""Least-squares training with a kernel, in closed form, against small steps."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")
from seedbed.wide_networks import training_curve


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


def test_steps_beyond_the_middle_alternate():
    """Between n / s and 2 n / s a component changes sign at every step, and still falls."""
    curve = training_curve([[1.0]], [1.0], [0, 1, 2, 3], learning_rate=1.5)
    assert curve[:, 0] == pytest.approx([0.0, 1.5, 0.75, 1.125])
    other = training_curve([[1.0]], [1.0], [0, 1, 2, 3], learning_rate=1.5, K_test=[[1.0], [2.0]])
    assert other == pytest.approx(np.outer([0.0, 1.5, 0.75, 1.125], [1.0, 2.0]))
