"""Units of inputs, biases and targets: what they are changes nothing, and what is no number is refused."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.wide_networks import (
    NNGP,
    NTK,
    NNGPRegressor,
    NTKRegressor,
    WideNetworkRegressor,
    angle_profile,
    cnn_kernel,
    hierarchical_kernel,
    ntk_kernel,
)

X = np.random.default_rng(0).normal(size=(40, 3))
Y = np.sin(X[:, 0]) + np.abs(X[:, 1])
SLOPES = {"erf": 2.0 / np.sqrt(np.pi), "tanh": 1.0, "sin": 1.0, "silu": 0.5, "gelu": 0.5}


@pytest.mark.parametrize("sigma_w", [0.5, 1.0, 10.0])
@pytest.mark.parametrize("unit", [1e-12, 1e-30, 1e-140])
@pytest.mark.parametrize("activation", SLOPES)
def test_tiny_inputs_see_the_slope_at_zero(activation, unit, sigma_w):
    ntk, nngp = ntk_kernel(unit * X, depth=2, activation=activation, sigma_w=sigma_w, which="both")
    linear = (sigma_w**6 * SLOPES[activation] ** 4 * unit * X / 3.0) @ (unit * X).T
    for found, expected in ((nngp, linear), (ntk, 3.0 * linear)):
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * np.abs(linear).max())


@pytest.mark.parametrize("unit", [0.0, 1e-160, 1e-8])
def test_tiny_inputs_of_a_function_that_is_not_zero_at_zero(unit):
    """Of cos the kernel is 1 to second order in the inputs, and of the logistic function it is a quarter."""
    cosine = ntk_kernel(unit * X[:4], depth=1, activation=np.cos, sigma_w=1.0, which="nngp")
    np.testing.assert_allclose(cosine, 1.0, rtol=1e-14)
    logistic = ntk_kernel(unit * X[:4], depth=1, activation=lambda z: 0.5 + 0.5 * np.tanh(0.5 * z), sigma_w=1.0)
    np.testing.assert_allclose(logistic, 0.25, rtol=1e-14)


@pytest.mark.parametrize("unit", [1e-150, 1e-90, 1e80, 1e140])
@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_rectifiers_with_biases_scale_with_their_inputs(activation, unit):
    given = {"activation": activation, "depth": 3, "which": "both"}
    expected = ntk_kernel(X, sigma_b=0.5, **given)
    for found, kernel in zip(ntk_kernel(unit * X, sigma_b=0.5 * unit, **given), expected, strict=True):
        np.testing.assert_allclose(found / unit / unit, kernel, rtol=1e-13)


@pytest.mark.parametrize("kernel", [NTK, NNGP])
@pytest.mark.parametrize("unit", [1e-100, 1e-8, 1e90])
def test_so_do_their_gradients(kernel, unit):
    _, expected = kernel(sigma_w=1.0, sigma_b=0.5)(X, eval_gradient=True)
    _, found = kernel(sigma_w=1.0, sigma_b=0.5 * unit)(unit * X, eval_gradient=True)
    np.testing.assert_allclose(found / unit / unit, expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("kernel", [NTK, NNGP])
def test_gradients_are_numbers_where_kernels_hardly_are(kernel):
    """At 2^-1060 fifteen binary digits are left."""
    unit = 2.0**-530
    _, expected = kernel(sigma_w=1.0, sigma_b=0.5)(X, eval_gradient=True)
    _, found = kernel(sigma_w=1.0, sigma_b=0.5 * unit)(unit * X, eval_gradient=True)
    np.testing.assert_allclose(found / unit / unit, expected, atol=1e-3 * np.abs(expected).max())


@pytest.mark.parametrize("activation", ["erf", "gelu"])
def test_products_of_variances_that_overflow_are_refused(activation):
    for call in (
        lambda: ntk_kernel(1e78 * np.eye(2), activation=activation),
        lambda: NTKRegressor(activation=activation).fit(1e90 * X, Y),
        lambda: angle_profile(2, activation, sigma_w=1e80),
    ):
        with pytest.raises(ValueError, match="variances of layers grow beyond all numbers"):
            call()
    assert np.isfinite(ntk_kernel(1e70 * np.eye(2), activation=activation)).all()


def test_inputs_with_squares_beyond_all_numbers_are_refused():
    for call in (
        lambda: cnn_kernel(1e160 * np.ones((2, 3, 3))),
        lambda: hierarchical_kernel(1e160 * np.ones((2, 4, 2))),
    ):
        with pytest.raises(ValueError, match="beyond 1e\\+150 have squares that are no numbers"):
            call()
    with pytest.raises(ValueError, match="variances of layers grow beyond all numbers"):
        cnn_kernel(1e149 * np.ones((2, 3, 3)), sigma_w=1e10)
    images, patches = (
        np.random.default_rng(0).normal(size=(3, 4, 4)),
        np.ones((3, 8, 4)) + np.arange(32.0).reshape(8, 4),
    )
    for unit in (1e-140, 1e140):
        np.testing.assert_allclose(cnn_kernel(unit * images) / unit / unit, cnn_kernel(images), rtol=1e-12)
        found = hierarchical_kernel(unit * patches) / unit / unit
        np.testing.assert_allclose(found, hierarchical_kernel(patches), rtol=1e-12)


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize(
    "model",
    [
        NTKRegressor(),
        NTKRegressor(criterion="gcv"),
        NTKRegressor(criterion="evidence"),
        NNGPRegressor(),
        NNGPRegressor(criterion="loo", fit_intercept=True),
        WideNetworkRegressor(),
        WideNetworkRegressor(fit_intercept=False),
    ],
    ids=str,
)
def test_units_of_targets_change_no_choice(model, several):
    y = np.column_stack([Y, X[:, 2]]) if several else Y
    spread = {"return_std": True} if isinstance(model, NNGPRegressor) else {}
    model.fit(X, y)
    chosen, expected = (model.depth_, model.input_bias_), np.array(model.predict(X, **spread))
    for unit in (1e-300, 1e-200, 1e-165, 1e155, 1e200, 1e300):
        model.fit(X, unit * y)
        assert (model.depth_, model.input_bias_) == chosen
        np.testing.assert_allclose(np.array(model.predict(X, **spread)) / unit, expected, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("unit", [1e-100, 1e100])
@pytest.mark.parametrize("model", [NTKRegressor, NNGPRegressor])
def test_units_of_inputs_change_no_choice(model, unit):
    expected, found = (model(input_bias=0.0).fit(scale * X, Y) for scale in (1.0, unit))
    assert found.depth_ == expected.depth_
    np.testing.assert_allclose(found.predict(unit * X), expected.predict(X), rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(found.loo_residuals_, expected.loo_residuals_, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(found.eigenvalues_ / unit / unit, expected.eigenvalues_, rtol=1e-9, atol=1e-12)
    assert found.path_.log_evidence == pytest.approx(expected.path_.log_evidence)


def test_an_evidence_of_a_scale_that_is_given_is_in_its_unit():
    fits = [NNGPRegressor(alpha=[0.1, 1.0], scale=s).fit(X, u * Y) for u, s in ((1.0, 0.5), (1e50, 0.5e100))]
    shift = len(X) * np.log(1e50)
    assert fits[1].log_marginal_likelihood_ == pytest.approx(fits[0].log_marginal_likelihood_ - shift)
    assert fits[1].alpha_ == fits[0].alpha_
    with pytest.raises(ValueError, match="too large for the scale that was given"):
        NNGPRegressor(scale=1.0).fit(X, 1e200 * Y)


def test_constant_functions_have_constant_kernels():
    for found in ntk_kernel(X[:3], activation=lambda z: 0.0 * z + 2.0, sigma_w=3.0, which="both"):
        np.testing.assert_allclose(found, 36.0, rtol=1e-14)
    zero = ntk_kernel(X[:3], activation=lambda z: 0.0 * z, sigma_w=1.0, sigma_b=0.5)
    np.testing.assert_array_equal(zero, np.full((3, 3), 0.25))


def test_callables_need_no_hash_and_may_change():
    sphere = X[:, None].repeat(2, axis=1).reshape(80, 3)
    sphere = sphere / np.linalg.norm(sphere, axis=1, keepdims=True)  # enough pairs of one norm for a profile
    square = np.poly1d([1.0, 0.0, 0.0])
    kernel = ntk_kernel(sphere, activation=square)
    np.testing.assert_allclose(kernel, ntk_kernel(sphere, activation=np.square), rtol=1e-13)
    np.testing.assert_array_equal(NTK(activation=square)(sphere), kernel)
    square.coeffs[0] = 2.0
    twice, once = (ntk_kernel(sphere, activation=function, sigma_w=1.0, depth=1) for function in (square, np.square))
    np.testing.assert_allclose(twice, 4.0 * once, rtol=1e-13)
