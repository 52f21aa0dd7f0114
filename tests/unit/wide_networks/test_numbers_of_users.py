"""Numbers that make no sense are refused by name, and those of NumPy are taken as Python's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

torch = pytest.importorskip("torch")
from seedbed.wide_networks import (  # noqa: E402
    NNGP,
    NTK,
    NNGPRegressor,
    NTKRegressor,
    WideNetworkRegressor,
    advise,
    angle_profile,
    batch_extremes,
    cnn_kernel,
    coordinate_check,
    empirical_ntk,
    exact_learning_curve,
    expected_vertex,
    ggn_gram,
    hessian_extremes,
    hierarchical_kernel,
    largest_learning_rate,
    leaky_relu,
    length_and_angle_maps,
    ntk_kernel,
    parametrize,
    predicted_batch_excess,
    predicted_exponent,
    sample_output_variance,
    spectral_density,
    susceptibilities,
    training_curve,
    transfer_learning_rate,
)
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

pytestmark = pytest.mark.usefixtures("doubles")
X = np.random.default_rng(0).normal(size=(8, 3))
EYE = np.eye(4)
LINEAR = nn.Linear(3, 2).double()
ROWS = LINEAR, F.mse_loss, (X, X[:, :2])


def mlp(width):
    return nn.Sequential(nn.Linear(3, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: batch_extremes(*ROWS, [2.5]), "batch sizes must be a whole number, from 1 to 8; got 2.5"),
        (lambda: batch_extremes(*ROWS, []), "batch sizes must hold one number or more"),
        (lambda: batch_extremes(*ROWS, [2], repeats=1.5), "repeats must be a whole number"),
        (lambda: predicted_batch_excess(*ROWS, [2.5]), "batch sizes must be a whole number"),
        (lambda: predicted_batch_excess(*ROWS, [2], k=0), "k must be a whole number, 1 or more"),
        (lambda: hessian_extremes(*ROWS, k=2.5), "whole number, from 1 to 8; got 2.5"),
        (lambda: hessian_extremes(*ROWS, k="2"), "whole number, from 1 to 8; got '2'"),
        (lambda: hessian_extremes(*ROWS, max_products=0), "max_products must be a whole number"),
        (lambda: spectral_density(*ROWS, n_steps=2.5), "n_steps must be a whole number"),
        (lambda: ggn_gram(*ROWS, batch_size=0), "batch_size must be a whole number"),
        (lambda: empirical_ntk(LINEAR, X, batch_size=0.5), "batch_size must be a whole number"),
        (lambda: largest_learning_rate(*ROWS, [7]), "6 rows that are trained on must be a whole number, from 1 to 6"),
        (lambda: largest_learning_rate(*ROWS, [2], optimizer=["sgd"]), "optimizer must be 'sgd' or 'adam'"),
        (lambda: exact_learning_curve(EYE, EYE, [2.5]), "whole number, from 1 to 3; got 2.5"),
        (lambda: cnn_kernel(np.ones((2, 3, 3)), depth=1.5), "depth must be a whole number"),
        (lambda: hierarchical_kernel(np.ones((2, 4, 2)), branch=2.5), "branch must be a whole number, 2 or more"),
        (lambda: sample_output_variance(8, 2, n_samples=2.5), "n_samples must be a whole number"),
        (lambda: sample_output_variance("a", 2), "width must be a whole number"),
        (lambda: expected_vertex(8, 2, K=-1), "K must be a variance, positive and finite; got -1"),
        (lambda: susceptibilities("tanh", K=np.inf), "K must be a variance, zero or more and finite; got inf"),
        (lambda: length_and_angle_maps("tanh").length(np.inf), "K must be a variance"),
        (lambda: length_and_angle_maps("tanh").angle(1.0, K=0.0), "K must be a variance"),
        (lambda: training_curve(EYE, X[:4], [1.0], start_test=X[:4]), "start_test belongs to the inputs of K_test"),
        (lambda: transfer_learning_rate(0.1, 2.5, 5), "from_width must be a whole number"),
        (lambda: transfer_learning_rate("a", 5, 5), "lr must be a positive number"),
        (lambda: transfer_learning_rate(0.1, 5, 5, kind=["mup"]), "kind must be 'mup'"),
        (lambda: coordinate_check(mlp, [16, 32], base_width=0), "base_width must be a whole number, 1 or more; got 0"),
        (lambda: coordinate_check(mlp, [16.5]), "widths must be a whole number"),
        (lambda: parametrize(mlp(8)), "give one base"),
        (lambda: parametrize(mlp(8), 4, base_width=4), "give one base"),
        (lambda: parametrize(mlp(8), 2.5), "base width must be a whole number"),
        (lambda: parametrize(mlp(8), 4, width=0), "width must be a whole number"),
        (lambda: transfer_learning_rate(True, 5, 5), "lr must be a positive number"),
        (lambda: parametrize(mlp(8), 4, lr=True), "lr must be a positive number"),
        (lambda: exact_learning_curve(EYE, np.triu(np.ones((4, 4))), [2]), "K_target must be symmetric"),
        (lambda: exact_learning_curve(np.triu(np.ones((4, 4))), EYE, [2]), "K_student must be symmetric"),
        (lambda: exact_learning_curve(EYE, EYE, [2], ridge=np.inf), "ridge must be a number, zero or more and finite"),
        (lambda: exact_learning_curve(EYE, EYE, [2], ridge="a"), "ridge must be a number, .*; got 'a'"),
        (lambda: exact_learning_curve(EYE, EYE, [2], noise=-1), "noise must be a number"),
        (lambda: exact_learning_curve(1j * EYE, EYE, [2]), "K_student must be an array of real numbers"),
        (lambda: predicted_exponent("a", 1, 2), "positive numbers, .*; got target_smoothness='a'"),
        (lambda: hessian_extremes(*ROWS, tol="a"), "tol must be a number, between 0 and 1; got 'a'"),
        (lambda: batch_extremes(*ROWS, [2], tol=np.nan), "tol must be a number"),
        (lambda: spectral_density(*ROWS).density([0.0], 0.0), "width must be a number, positive"),
        (lambda: largest_learning_rate(*ROWS, [2], baseline=np.nan), "baseline must be a number, finite; got nan"),
        (lambda: largest_learning_rate(*ROWS, [2], ["a", 1, 2]), "learning_rates must be an array of real numbers"),
        (lambda: sample_output_variance(8, 2, residual="a"), "residual, the share of the branch, must be a number"),
        (lambda: sample_output_variance(8, 2, C_W="a"), "C_W must be a number"),
        (lambda: length_and_angle_maps("relu").angle("a"), "angle between two inputs must be a number"),
        (lambda: leaky_relu("a"), "negative_slope must be a number"),
        (
            lambda: empirical_ntk(LINEAR, X, scales={"weight": "a"}),
            r"scales\['weight'\] must be a number, zero or more",
        ),
        (lambda: empirical_ntk(nn.Linear(3, 2).bfloat16(), X), "no torch.bfloat16: call module.float"),
        (lambda: hessian_extremes(nn.Linear(3, 2).bfloat16(), *ROWS[1:]), "no torch.bfloat16"),
        (lambda: empirical_ntk(LINEAR, np.ones((2, 3), int)), "X holds whole numbers, .* for embeddings"),
        (lambda: empirical_ntk(LINEAR, X, np.ones((2, 3), int)), "Y holds whole numbers"),
        (lambda: angle_profile(2).spectrum(np.nan, 1), "dim, in which the sphere lies, must be a whole number"),
        (lambda: angle_profile(2)("a"), "angles must be an array of real numbers"),
        (lambda: angle_profile(3, sigma_w=1e60), "variances of layers grow beyond all numbers"),
        (lambda: advise([], 2), "width must hold one number or more"),
        (lambda: advise(8, [2.5]), "depth must be a whole number"),
        (lambda: ntk_kernel(X, which=["ntk"]), "which="),
        (lambda: ntk_kernel(X, sigma_w=1e200), "sigma_w=1e\\+200 must be a positive number"),
        (lambda: ntk_kernel(X, sigma_w=1e-200), "beyond squares are no numbers"),
        (lambda: ntk_kernel(X, sigma_b=1e200), "sigma_b=1e\\+200 must be a number"),
    ],
)
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_sparse_rows_for_processes():
    kernel, rows = NTK(sigma_w=1.0, sigma_b=0.2), sparse.csr_array(X)
    for found, expected in zip(kernel(rows, eval_gradient=True), kernel(X, eval_gradient=True), strict=True):
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(kernel(rows, rows[:2]), kernel(X, X[:2]))
    np.testing.assert_array_equal(kernel.diag(rows), kernel.diag(X))


def test_whole_numbers_are_for_embeddings():
    module = nn.Sequential(nn.Embedding(5, 3), nn.Flatten(), nn.Linear(6, 1))
    assert empirical_ntk(module, [[1, 2], [0, 4]]).shape == (2, 2)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):  # torch's own word where kinds do not matter
        empirical_ntk(LINEAR, np.ones((2, 4), int))


@pytest.mark.parametrize(
    ("estimator", "given"),
    [
        (NTKRegressor, {"alpha": True}),
        (NTKRegressor, {"alpha": [True]}),
        (NTKRegressor, {"alpha": [0.5, True]}),
        (NTKRegressor, {"depth": [True, 2]}),
        (NTKRegressor, {"input_bias": [0.5, True]}),
        (NTKRegressor, {"sigma_w": True}),
        (NNGPRegressor, {"scale": True}),
        (WideNetworkRegressor, {"training_time": True}),
    ],
)
def test_truth_values_are_no_numbers(estimator, given):
    with pytest.raises(ValueError, match=f"{next(iter(given))}.*True"):
        estimator(**given).fit(X, X[:, 0])


@pytest.mark.parametrize("activation", ["relu", "gelu", "silu"])
@pytest.mark.parametrize("kernel", [lambda **p: ntk_kernel(X, **p), lambda **p: NNGP(**p).diag(X)])
def test_variances_that_overflow(kernel, activation):
    with pytest.raises(ValueError, match="variances of layers grow beyond all numbers"):
        kernel(sigma_w=1e60, depth=4, activation=activation)


@pytest.mark.parametrize("estimator", [NNGPRegressor, WideNetworkRegressor])
@pytest.mark.parametrize("word", ["x", 1, None])
def test_wanted_spreads_are_true_or_false(estimator, word):
    with pytest.raises(ValueError, match="True"):
        estimator(depth=1, input_bias=0.5).fit(X, X[:, 0]).predict(X, return_std=word)


def test_bases_by_name_and_numbers_of_numpy():
    def rates(**base):
        torch.manual_seed(0)
        module = mlp(32)
        groups = parametrize(module, kind="mup", lr=np.float32(0.5), **base)
        return [(group["kind"], group["factor"]) for group in groups], module[2].weight

    expected, weight = rates(base=8)
    for base in ({"base": np.int64(8)}, {"base_width": 8}, {"base_module": mlp(8)}, {"base_width": np.int32(8)}):
        found, other = rates(**base)
        assert found == expected and torch.equal(weight, other)
    table = coordinate_check(mlp, np.array([8, 16]), base_width=np.int64(8), steps=1, repeats=1)
    assert set(table["width"]) == {8, 16}
    assert transfer_learning_rate(np.float32(0.5), np.int64(8), 16.0, "standard") == 0.25
