"""Kernels of wide networks as scikit-learn's: gradients, and the estimators that take them."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from seedbed.wide_networks import NNGP, NTK, NNGPRegressor, NTKRegressor, leaky_relu, ntk_kernel
from sklearn.base import clone
from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, WhiteKernel
from sklearn.kernel_ridge import KernelRidge
from sklearn.svm import SVC, SVR

RNG = np.random.default_rng(0)
X, NEW = RNG.normal(size=(30, 3)), RNG.normal(size=(8, 3))
X[5] = X[4]
Y = X[:, 0] + np.abs(X[:, 1])


@pytest.mark.parametrize("kind", [NTK, NNGP])
@pytest.mark.parametrize(
    "activation", ["relu", leaky_relu(-0.3), "erf", "gelu", "tanh", "silu", "sin", np.cos], ids=str
)
@pytest.mark.parametrize(("sigma_w", "sigma_b"), [(1.3, 0.4), (1.3, 0.0), (None, 0.2), (None, 0.0)])
def test_gradients_are_differences(kind, activation, sigma_w, sigma_b):
    kernel = kind(3, activation, sigma_w, sigma_b, input_bias=0.3, fixed_layers=1)
    K, gradient = kernel(X, eval_gradient=True)
    np.testing.assert_array_equal(K, kernel(X))
    assert gradient.shape == (30, 30, (sigma_w is not None) + (sigma_b > 0.0))
    for k in range(gradient.shape[2]):
        step = 1e-5 * (np.arange(gradient.shape[2]) == k)
        above, below = (kernel.clone_with_theta(kernel.theta + sign * step)(X) for sign in (1, -1))
        slope = (above - below) / 2e-5
        np.testing.assert_allclose(gradient[:, :, k], slope, atol=1e-8 * np.abs(slope).max())


@pytest.mark.parametrize("kind", [NTK, NNGP])
@pytest.mark.parametrize("activation", ["relu", "erf", "gelu", "tanh", "silu"])
@pytest.mark.parametrize(("scale", "sigma_w", "sigma_b"), [(1.0, 10.0, 0.3), (30.0, 1.0, 10.0), (0.01, 0.1, 1e-3)])
def test_gradients_are_there_wherever_values_are(kind, activation, scale, sigma_w, sigma_b):
    kernel = kind(2, activation, sigma_w, sigma_b)
    gradient = kernel(scale * X, eval_gradient=True)[1]
    for k in range(2):
        step = 1e-4 * (np.arange(2) == k)
        above, below = (kernel.clone_with_theta(kernel.theta + sign * step)(scale * X) for sign in (1, -1))
        slope = (above - below) / 2e-4
        np.testing.assert_allclose(gradient[:, :, k], slope, atol=1e-5 * np.abs(slope).max())


@pytest.mark.parametrize("activation", ["tanh", "silu"])
def test_large_variances_of_a_search_are_passed_through(activation):
    """Where a thousand terms are not all: against sums over a grid, with an exact diagonal."""
    with pytest.raises(ValueError, match=f"'{activation}' has not converged"):
        ntk_kernel(X, depth=1, activation=activation, sigma_w=30.0)
    K = NNGP(1, activation, sigma_w=30.0)(X)
    assert np.linalg.eigvalsh(K)[0] > -1e-12 * np.abs(K).max()
    z = np.arange(-9.0, 9.0, 0.01)
    weights = np.exp(-0.5 * z * z) / np.exp(-0.5 * z * z).sum()
    phi = {"tanh": np.tanh, "silu": lambda u: u * 0.5 * (1.0 + np.tanh(0.5 * u))}[activation]
    first = 900.0 * X @ X.T / 3
    for i, j in [(0, 0), (0, 1), (2, 3)]:
        root = np.linalg.cholesky(first[[i, j]][:, [i, j]]) if i != j else np.diag([first[i, i] ** 0.5] * 2)
        u, v = root[0, 0] * z[:, None], root[1, 0] * z[:, None] + root[1, 1] * z[None, :]
        expected = weights @ phi(u) ** 2 if i == j else np.einsum("i,ij,j->", weights, phi(u) * phi(v), weights)
        assert K[i, j] == pytest.approx(900.0 * float(np.squeeze(expected)), rel=1e-3, abs=1e-3 * K[i, i])


@pytest.mark.filterwarnings("ignore:The optimal value found")  # at a bound
@pytest.mark.parametrize("kind", [NTK, NNGP])
@pytest.mark.parametrize("activation", ["relu", "erf", "gelu", "tanh", "silu", "sin"])
def test_searches_of_gaussian_processes_end(kind, activation):
    kernel = kind(activation=activation, sigma_w=1.2, sigma_b=0.2)
    model = GaussianProcessRegressor(kernel, alpha=0.1).fit(X, Y)
    assert model.log_marginal_likelihood_value_ > model.log_marginal_likelihood(kernel.theta) + 0.2
    assert np.isfinite(model.predict(NEW)).all()


@pytest.mark.parametrize("kind", [NTK, NNGP])
def test_values_are_those_of_the_function(kind):
    parameters = {"depth": 3, "activation": "gelu", "sigma_w": 1.2, "sigma_b": 0.1, "input_bias": 0.4}
    kernel = kind(**parameters)
    for other in (None, NEW):
        np.testing.assert_array_equal(kernel(X, other), ntk_kernel(X, other, which=kind.which, **parameters))
    np.testing.assert_array_equal(kernel.diag(X), np.diag(kernel(X)))
    assert not kernel.is_stationary()


@pytest.mark.filterwarnings("ignore:The optimal value found")  # at a bound
@pytest.mark.parametrize("kind", [NTK, NNGP])
def test_a_gaussian_process_finds_its_variances(kind):
    kernel = ConstantKernel(1.0) * kind(depth=2, sigma_w=1.0, sigma_b=0.5) + WhiteKernel(0.1)
    model = GaussianProcessRegressor(kernel).fit(X, Y)
    value, gradient = model.log_marginal_likelihood(model.kernel_.theta, eval_gradient=True)
    inside = np.all((model.kernel_.bounds.T - model.kernel_.theta) * [[-1], [1]] > 1e-3, axis=0)
    assert inside.any() and np.abs(gradient[inside]).max() < 0.05
    assert value > model.log_marginal_likelihood(kernel.theta)


def test_the_gaussian_process_regressor_agrees_with_the_peer():
    peer = GaussianProcessRegressor(NNGP(depth=2, input_bias=0.5), alpha=0.1, optimizer=None).fit(X, Y)
    ours = NNGPRegressor(depth=2, input_bias=0.5, alpha=0.1).fit(X, Y)
    for found, expected in zip(ours.predict(NEW, return_std=True), peer.predict(NEW, return_std=True), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-7)
    assert ours.log_marginal_likelihood_ == pytest.approx(peer.log_marginal_likelihood_value_, rel=1e-10)


def test_machines_that_take_kernels_take_these():
    kernel = NTK(depth=2, input_bias=0.5)
    ridge = KernelRidge(alpha=0.1, kernel=kernel).fit(X, Y)
    ours = NTKRegressor(2, 0.1, 0.5, fit_intercept=False).fit(X, Y)
    np.testing.assert_allclose(ridge.predict(NEW), ours.predict(NEW), rtol=1e-9)
    for given in (kernel, ntk_kernel):
        assert SVC(kernel=given).fit(X, Y > 0).score(X, Y > 0) > 0.9
    assert SVR(kernel=kernel, C=100.0).fit(X, Y).score(X, Y) > 0.9
    assert GaussianProcessClassifier(kernel, optimizer=None).fit(X, Y > 0).score(X, Y > 0) > 0.9


def test_they_are_cloned_compared_pickled_and_named():
    kernel = NTK(depth=3, sigma_w=1.2, sigma_b=0.1)
    assert clone(kernel) == kernel == pickle.loads(pickle.dumps(kernel)) and kernel != NTK(depth=2)
    assert repr(kernel) == "NTK(relu, depth=3, sigma_w=1.2, sigma_b=0.1)"
    assert [h.name for h in kernel.hyperparameters] == ["sigma_b", "sigma_w"]
    np.testing.assert_allclose(kernel.theta, np.log([0.1, 1.2]))
    assert NTK().n_dims == NTK(sigma_w=1.0, sigma_w_bounds="fixed").n_dims == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: NTK(depth=0)(X), "depth=0"),
        (lambda: NTK(sigma_w=-1.0).diag(X), "sigma_w=-1.0 must be a positive number"),
        (lambda: NTK(sigma_w=1.0)(X, NEW, eval_gradient=True), "leave Y out"),
    ],
)
def test_mistakes_are_told(call, message):
    with pytest.raises(ValueError, match=message):
        call()
