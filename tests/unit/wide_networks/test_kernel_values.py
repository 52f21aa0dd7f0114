"""Kernels of wide networks: against slow recursions in many digits, quadrature, and draws of networks."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.wide_networks import ACTIVATIONS, as_activation, leaky_relu, ntk_kernel
from slow_recursion import mpmath_relu, quadrature_recursion, textbook

SMOOTH = ["erf", "gelu", "silu", "tanh", "sin"]


def rows(n, d=4, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d))


def hard_pairs():
    """Rows at random, parallel, antiparallel, orthogonal, and 1e-9 from each other, of unequal norms."""
    x, other = rows(2, 5, seed=1)
    across = other - x * (x @ other) / (x @ x)
    near = 1e-9 * across / np.linalg.norm(across) * np.linalg.norm(x)
    return [
        (x, other), (x, 3.0 * x), (x, -0.7 * x), (x, across), (x, x + near), (x, -x - near), (x, x + 1e4 * near),
        (x, -x + 1e4 * near), (1e-3 * x, 40.0 * other), (x, x.copy()),
    ]  # fmt: skip


@pytest.mark.parametrize("depth", [1, 2, 3, 6, 12, 50, 200])
@pytest.mark.filterwarnings("ignore:depth=:UserWarning")
def test_relu_is_exact_at_every_angle_and_depth(depth):
    for x, y in hard_pairs():
        nngp, ntk = mpmath_relu(x, y, depth)
        scale = 2.0 * np.linalg.norm(x) * np.linalg.norm(y) / len(x)
        found_ntk, found_nngp = ntk_kernel([x], [y], depth=depth, which="both")
        assert found_ntk[0, 0] == pytest.approx(float(ntk), abs=1e-14 * (depth + 1) * scale)
        assert found_nngp[0, 0] == pytest.approx(float(nngp), abs=1e-14 * scale)


@pytest.mark.parametrize("slope", [0.0, 0.2, -0.5, -1.0, 1.0])
@pytest.mark.parametrize("fixed", [0, 2])
def test_leaky_relu_with_biases_in_all_layers_is_exact(slope, fixed):
    parameters = {"sigma_w2": 1.7, "sigma_b2": 0.09, "input_bias": 0.4, "negative_slope": slope, "fixed": fixed}
    for x, y in hard_pairs():
        nngp, ntk = mpmath_relu(x, y, 4, **parameters)
        found = ntk_kernel(
            [x], [y], depth=4, activation=leaky_relu(slope), sigma_w=1.7**0.5, sigma_b=0.3, input_bias=0.4,
            fixed_layers=fixed, which="both",
        )  # fmt: skip
        scale = (1.0 + abs(slope)) ** 8 * (1.0 + np.linalg.norm(x) * np.linalg.norm(y))
        np.testing.assert_allclose([found[0][0, 0], found[1][0, 0]], [float(ntk), float(nngp)], atol=2e-14 * scale)


def test_differences_of_close_rows_keep_their_digits():
    """At an angle of 1e-4 the recursion by arc cosines has lost half of them."""
    x = np.array([1.0, 0.0])
    y = np.array([np.cos(1e-4), np.sin(1e-4)])
    exact = float(mpmath_relu(x, x, 3)[1] - mpmath_relu(x, y, 3)[1])
    found = ntk_kernel([x], [x], depth=3)[0, 0] - ntk_kernel([x], [y], depth=3)[0, 0]
    assert found == pytest.approx(exact, rel=1e-10)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("fixed", [0, 1])
def test_smooth_activations_agree_with_quadrature(name, fixed):
    X, Y = 1.3 * rows(3, seed=2), rows(2, seed=3)
    ntk, nngp = ntk_kernel(
        X, Y, depth=2, activation=name, sigma_w=1.2, sigma_b=0.3, fixed_layers=fixed, which="both"
    )  # fmt: skip
    for i, x in enumerate(X):
        for j, y in enumerate(Y):
            slow = quadrature_recursion(ACTIVATIONS[name], x, y, 2, 1.44, 0.09, fixed)
            np.testing.assert_allclose((nngp[i, j], ntk[i, j]), slow, rtol=2e-11)


@pytest.mark.parametrize("name", SMOOTH)
def test_a_callable_has_the_kernel_of_the_activation(name):
    X, Y = rows(4), rows(3, seed=1)
    function = ACTIVATIONS[name].function
    plain = ntk_kernel(X, Y, depth=3, activation=lambda z: function(z), sigma_w=1.3, sigma_b=0.2)
    np.testing.assert_allclose(plain, ntk_kernel(X, Y, depth=3, activation=name, sigma_w=1.3, sigma_b=0.2), rtol=1e-11)


@pytest.mark.parametrize("name", [*ACTIVATIONS, "cos"])
def test_one_layer_is_the_mean_over_gaussian_pairs(name):
    activation = as_activation(np.cos) if name == "cos" else ACTIVATIONS[name]
    X = rows(2, 3, seed=5) * [[0.6], [1.7]]
    rng = np.random.default_rng(6)
    preactivations = 1.1 * X / np.sqrt(3) @ rng.normal(size=(3, 10**6))
    u, v = activation(preactivations)
    products = 1.21 * u * v
    found = ntk_kernel(X[:1], X[1:], depth=1, activation=activation, sigma_w=1.1, which="nngp")[0, 0]
    assert abs(products.mean() - found) < 5.0 * products.std() / 1000.0
    if activation.slope is not None:
        a, b = activation.slope(preactivations)
        ntk = ntk_kernel(X[:1], X[1:], depth=1, activation=activation, sigma_w=1.1)[0, 0]
        slopes = 1.21 * a * b * 1.21 * (X[0] @ X[1]) / 3.0
        assert abs(slopes.mean() - (ntk - found)) < 5.0 * slopes.std() / 1000.0


@pytest.mark.parametrize("name", ["relu", "tanh", "gelu"])
def test_networks_of_width_512_have_this_covariance(name):
    """Outputs given the layer below are normal, so that a network is drawn without its weights."""
    X, width, draws = rows(3, 3, seed=7), 512, 4000
    rng = np.random.default_rng(8)
    first = 0.01 + 2.0 * X @ X.T / 3.0
    root = np.broadcast_to(np.linalg.cholesky(first), (draws, 3, 3))
    for _ in range(2):
        hidden = ACTIVATIONS[name](np.matmul(root, rng.normal(size=(draws, 3, width))))
        covariances = 0.01 + 2.0 / width * np.matmul(hidden, hidden.transpose(0, 2, 1))
        root = np.linalg.cholesky(covariances)
    outputs = np.einsum("aij,aj->ai", root, rng.normal(size=(draws, 3)))
    products = outputs[:, :, None] * outputs[:, None, :]
    found = ntk_kernel(X, depth=2, activation=name, sigma_w=2.0**0.5, sigma_b=0.1, which="nngp")
    # the mean covariance is off by about 1 / width, a fifth of its standard error
    assert (np.abs(products.mean(axis=0) - found) < 5.0 * products.std(axis=0) / draws**0.5).all()


def test_depths_are_composed():
    X = rows(6, 3)
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    angles = ntk_kernel(X, depth=2, which="nngp", sigma_w=2.0**0.5) / (2.0 / 3.0)
    values, vectors = np.linalg.eigh(angles)
    deeper = ntk_kernel(vectors * np.sqrt(values), depth=3, which="nngp") / (2.0 / 6.0)
    np.testing.assert_allclose(deeper, ntk_kernel(X, depth=5, which="nngp") / (2.0 / 3.0), atol=2e-14)


@pytest.mark.parametrize("depth", [1, 3, 12])
def test_the_diagonal_is_exact(depth):
    X = rows(30)
    norms = 2.0 * (X * X).sum(axis=1) / 4.0
    np.testing.assert_allclose(np.diag(ntk_kernel(X, depth=depth)), (depth + 1) * norms, rtol=1e-14)
    np.testing.assert_allclose(np.diag(ntk_kernel(X, X, depth=depth)), (depth + 1) * norms, rtol=1e-14)


@pytest.mark.parametrize("name", [*ACTIVATIONS, "cos"])
@pytest.mark.parametrize("which", ["ntk", "nngp"])
def test_the_matrix_is_symmetric_and_that_of_two_sides(name, which):
    X = rows(150, 3) * np.linspace(0.3, 2.0, 150)[:, None]  # more than a tile, and unequal norms
    X[7] = X[3]
    activation = np.cos if name == "cos" else name
    parameters = {"depth": 3, "activation": activation, "sigma_b": 0.1, "input_bias": 0.2, "which": which}
    K = ntk_kernel(X, **parameters)
    np.testing.assert_array_equal(K, K.T)
    np.testing.assert_allclose(K, ntk_kernel(X, X, **parameters), rtol=1e-10, atol=1e-12)
    assert np.linalg.eigvalsh(K)[0] > -1e-11 * np.trace(K)
    assert K[7, 3] == pytest.approx(K[3, 3], rel=1e-10)


@pytest.mark.parametrize("name", ["relu", "erf", "tanh", "gelu"])
def test_rows_of_one_norm_take_the_profile_and_give_the_same(name):
    X = rows(80, 3)
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    parameters = {"depth": 4, "activation": name, "sigma_b": 0.3, "input_bias": 0.5}
    whole = ntk_kernel(X, **parameters)  # 6400 pairs: by the profile
    parts = np.vstack([ntk_kernel(X[i : i + 1], X, **parameters) for i in range(80)])  # 80 pairs: by the recursion
    np.testing.assert_allclose(whole, parts, rtol=1e-12)


def test_homogeneous_kernels_scale_with_both_rows_and_turn_with_them():
    X, Y = rows(5), rows(4, seed=1)
    turn = np.linalg.qr(rows(4, seed=2))[0]
    K = ntk_kernel(X, Y, depth=3)
    np.testing.assert_allclose(ntk_kernel(3.0 * X, 0.01 * Y, depth=3), 0.03 * K, rtol=1e-13)
    for parameters in ({}, {"activation": "gelu", "sigma_b": 0.1}, {"activation": "silu"}):
        turned = ntk_kernel(X @ turn, Y @ turn, depth=3, **parameters)
        np.testing.assert_allclose(turned, ntk_kernel(X, Y, depth=3, **parameters), rtol=1e-11, atol=1e-13)


def test_gelu_of_large_inputs_is_relu():
    X, Y = rows(4), rows(3, seed=1)
    large = ntk_kernel(1e5 * X, Y * 1e5, depth=1, activation="gelu", sigma_w=1.0) / 1e10
    np.testing.assert_allclose(large, ntk_kernel(X, Y, depth=1, sigma_w=1.0), rtol=1e-4)


def test_biases_of_the_first_layer_are_a_constant_column():
    X, Y = rows(5), rows(4, seed=1)
    constant = [np.hstack([A * np.sqrt(5 / 4), np.full((len(A), 1), 0.7 * 5**0.5)]) for A in (X, Y)]
    np.testing.assert_allclose(ntk_kernel(X, Y, input_bias=0.7), ntk_kernel(*constant), rtol=1e-13)


def test_with_all_but_the_last_layer_fixed_both_kernels_are_one():
    ntk, nngp = ntk_kernel(rows(5), depth=3, fixed_layers=3, sigma_b=0.2, which="both")
    np.testing.assert_allclose(ntk, nngp, rtol=1e-15)
    all_trained, first_fixed = (ntk_kernel(rows(5), depth=3, fixed_layers=j) for j in (0, 1))
    assert (np.diag(first_fixed) < np.diag(all_trained)).all()


def test_rows_of_zeros_have_the_kernel_zero_without_biases():
    X = rows(4)
    X[1] = 0.0
    for name in ("relu", "erf", "gelu", "tanh", "sin"):
        K = ntk_kernel(X, depth=3, activation=name)
        assert np.abs(K[1]).max() < 1e-13 and np.isfinite(K).all()
    np.testing.assert_allclose(
        ntk_kernel(X, depth=2, sigma_b=0.3)[1], textbook(X, X, 2, 2.0, 0.09)[1][1], rtol=1e-7
    )  # fmt: skip


@pytest.mark.parametrize("depth", [2, 30])
def test_the_textbook_recursion_is_met_up_to_its_own_error(depth):
    X, Y = rows(200, 20), rows(300, 20, seed=1)
    for bias in (0.0, 0.3):
        nngp, ntk = textbook(X, Y, depth, 1.9, bias**2)
        found = ntk_kernel(X, Y, depth=depth, sigma_w=1.9**0.5, sigma_b=bias, which="both")
        np.testing.assert_allclose(found[0], ntk, rtol=1e-11)
        np.testing.assert_allclose(found[1], nngp, rtol=1e-11)


@pytest.mark.parametrize("name", ["tanh", "silu", "sin", "cos"])
def test_coefficients_of_many_rows_are_those_of_few(name):
    """Means over one layer are interpolated between variances where rows are many."""
    X = rows(100, 3) * np.geomspace(1e-3, 2.0, 100)[:, None]
    activation = np.cos if name == "cos" else name
    parameters = {"depth": 3, "activation": activation, "sigma_b": 0.1}
    few = np.vstack([ntk_kernel(X[i : i + 20], X[:30], **parameters) for i in range(0, 100, 20)])
    np.testing.assert_allclose(ntk_kernel(X, **parameters)[:, :30], few, rtol=2e-11)
