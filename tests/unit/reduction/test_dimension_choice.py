"""The number of components: by spectrum, ladle and cross-validation."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.reduction import GSIR, SIR, DirectionalRegression, FrechetCumulativeNet, KernelFCCov, LinearFCCov
from seedbed.reduction.dimension_choice import CHOICES, by_spectrum
from worlds import mixed


def plane(n=400, seed=0):
    X, rng = mixed(n, 6, seed)
    Z = (X - X.mean(axis=0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(X.T)).T)
    return X, np.column_stack([Z[:, 0], np.tanh(Z[:, 1])]) + 0.3 * rng.normal(size=(n, 2))


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("method", [LinearFCCov, SIR, DirectionalRegression], ids=lambda method: method.__name__)
def test_one_and_two_directions(choice, method):
    X, y = plane()
    for d in (1, 2):
        found = method(choice, random_state=0).fit(X, y[:, :d])
        assert found.n_components_ == d
        assert found.transform(X).shape == (400, d)


def test_cross_validation_sees_that_a_folded_component_is_not_enough():
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (250, 2))
    y = X[:, 0] + 0.03 * rng.normal(size=250)
    found = KernelFCCov("cross_validation", complexity=1.0, ridge=0.001, random_state=0).fit(X, y)
    assert found.n_components_ == 2
    assert GSIR("spectrum", complexity=1.0, ridge=0.001, random_state=0).fit(X, y).n_components_ >= 1


@pytest.mark.slow
def test_networks_choose_too():
    X, y = plane(200)
    net = FrechetCumulativeNet("spectrum", loss="whitened", hidden_layer_sizes=(), n_restarts=1, random_state=0)
    assert net.fit(X, y).n_components_ == 2
    assert net.eigenvalues_.shape == (6,) and net.transform(X).shape == (200, 2)


def test_ratios_of_noise_do_not_count():
    assert by_spectrum(np.array([1.0, 0.5, 1e-9, 1e-14]), 400) == 2
    assert by_spectrum(np.array([0.0, 0.0]), 400) == 1 and by_spectrum(np.array([0.3]), 400) == 1
