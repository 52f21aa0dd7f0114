"""What kernels of wide networks take, and what they say to what they do not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from seedbed.wide_networks import ntk_kernel

X = np.random.default_rng(0).normal(size=(200, 3))


@pytest.mark.parametrize(
    "wrap",
    [list, pd.DataFrame, sp.csr_matrix, sp.csc_array, np.asfortranarray, lambda A: np.repeat(A, 2, axis=0)[::2]],
)
def test_all_that_users_hold(wrap):
    np.testing.assert_array_equal(ntk_kernel(wrap(X), wrap(X[:5])), ntk_kernel(X, X[:5]))


def test_inputs_are_not_modified_and_may_be_read_only():
    frozen = X.copy()
    frozen.flags.writeable = False
    ntk_kernel(frozen, frozen[:3], activation="silu", input_bias=1.0)
    np.testing.assert_array_equal(frozen, X)


@pytest.mark.parametrize("activation", ["relu", "gelu", "tanh"])
@pytest.mark.parametrize("sigma_b", [0.0, 0.2])
def test_single_precision_is_the_double_rounded(activation, sigma_b):
    parameters = {"depth": 3, "activation": activation, "sigma_b": sigma_b}
    for other in (None, X[:50]):
        single, double = (ntk_kernel(X, other, dtype=kind, **parameters) for kind in ("float32", np.float64))
        assert single.dtype == np.float32 and double.dtype == np.float64
        np.testing.assert_array_equal(single, double.astype(np.float32))


def test_the_order_of_columns_and_rows_does_not_matter():
    order, columns = np.random.default_rng(1).permutation(200), [2, 0, 1]
    K = ntk_kernel(X, depth=3, sigma_b=0.1)
    np.testing.assert_allclose(
        ntk_kernel(X[order][:, columns], depth=3, sigma_b=0.1), K[np.ix_(order, order)], rtol=1e-13
    )


def test_twice_is_the_same():
    for activation in ("relu", "gelu", "tanh"):
        first, second = (ntk_kernel(X, activation=activation, sigma_b=0.1) for _ in range(2))
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"depth": 0}, "depth=0: a network has at least one hidden layer"),
        ({"depth": 2.5}, "give a whole number, depth >= 1"),
        ({"depth": True}, "give a whole number"),
        ({"sigma_w": 0.0}, "sigma_w=0.0 must be a positive number"),
        ({"sigma_w": -1.0}, "sigma_w=-1.0 must be a positive number"),
        ({"sigma_w": np.nan}, "sigma_w=nan must be a positive number"),
        ({"sigma_b": -0.1}, "sigma_b=-0.1 must be a number, zero or positive"),
        ({"input_bias": "much"}, "input_bias='much' must be a number"),
        ({"depth": np.True_}, "give a whole number"),
        ({"sigma_w": True}, "sigma_w=True must be a positive number"),
        ({"sigma_b": True}, "sigma_b=True must be a number"),
        ({"input_bias": True}, "input_bias=True must be a number"),
        ({"fixed_layers": True}, "fixed_layers=True must be a whole number"),
        ({"fixed_layers": 3}, "fixed_layers=3 must be a whole number from 0 .* to depth=2"),
        ({"which": "cntk"}, "which='cntk' must be one of 'ntk', 'nngp', 'both'"),
        ({"dtype": "float16"}, "dtype='float16' must be float64 or float32"),
        ({"dtype": "double trouble"}, "must be float64 or float32"),
        ({"activation": "swish"}, "activation='swish' is not known"),
        ({"activation": np.abs}, "'absolute' has a kink or a jump"),
        ({"activation": "tanh", "sigma_w": 1e4}, "'tanh' has not converged after 1000 terms at the variance 5"),
        ({"Y": X[:, :2]}, "X has 3 columns and Y has 2"),
        ({"Y": [[np.inf, 0, 0]]}, "Input Y contains infinity"),
        ({"Y": np.full((2, 3), 1e200)}, "values of Y beyond 1e\\+150"),
    ],
)
def test_mistakes_are_told(parameters, message):
    with pytest.raises(ValueError, match=message):
        ntk_kernel(X, **parameters)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ([[np.nan, 1.0]], "Input X contains NaN"),
        ([1.0, 2.0], "Expected 2D array"),
        (np.empty((0, 2)), "minimum of 1 is required"),
        (np.zeros((20001, 1)), r"20001 x 20001 pairs takes 3\.2 GB of memory"),
    ],
)
def test_what_is_no_table_is_refused(bad, message):
    with pytest.raises(ValueError, match=message):
        ntk_kernel(bad)


def test_very_deep_kernels_warn():
    with pytest.warns(UserWarning, match="depth=60: .* nearly the same number"):
        ntk_kernel(X[:3], depth=60)


def test_tiny_and_large_units():
    K = ntk_kernel(X[:4], depth=2)
    for unit in (1e-100, 1e100):
        np.testing.assert_allclose(ntk_kernel(unit * X[:4], depth=2) / unit / unit, K, rtol=1e-13)


def test_a_few_large_rows_do_not_stop_a_series():
    large = X[:6] * np.array([1, 1, 1, 1, 1, 6.0])[:, None]
    K = ntk_kernel(large, activation="tanh", sigma_b=0.1)
    np.testing.assert_allclose(K[:5, :5], ntk_kernel(X[:5], activation="tanh", sigma_b=0.1), rtol=1e-9)
