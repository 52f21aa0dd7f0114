"""Units, offsets, constants and copies of columns change nothing; what degenerate data end in."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import eigh
from seedbed.reduction import (
    CUME,
    GSAVE,
    GSIR,
    KSIR,
    MAVE,
    OPG,
    PHD,
    SAVE,
    SIR,
    WIRE,
    DirectionalRegression,
    FrechetCumulativeNet,
    KernelFCCov,
    LinearFCCov,
    MDDNet,
    Response,
    ball_kernel,
    fccov_independence_test,
)
from seedbed.reduction.networks.dependence_net import attainable
from seedbed.reduction.numerics.centring import centre
from seedbed.reduction.numerics.columns import Columns, resolution_of
from seedbed.reduction.numerics.leading_eigenpairs import leading_eigenpairs
from seedbed.reduction.spaces.response_kernels import gaussian_kernel, smoother

GIVEN = {"complexity": 1.0, "ridge": 1e-2}
NET = {"loss": "whitened", "hidden_layer_sizes": (8,), "n_restarts": 2, "n_epochs": 3, "random_state": 0}
LINEAR = [SIR(), SAVE(), DirectionalRegression(), PHD(), CUME(), WIRE(), OPG(n_steps=2), MAVE(n_steps=2), LinearFCCov()]
OTHER = [
    KSIR(**GIVEN), GSIR(**GIVEN, response_ridge=1e-2), GSAVE(**GIVEN), KernelFCCov(**GIVEN, weighting="correlation"),
    FrechetCumulativeNet(**NET, weighting="correlation", combine="consensus"), MDDNet(**NET),
]  # fmt: skip
named = pytest.mark.parametrize("method", LINEAR + OTHER, ids=lambda method: type(method).__name__)


def problem(n=60, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    return X, np.sin(X[:, 0]) + 0.5 * X[:, 1] ** 2 + 0.1 * rng.normal(size=n)


def agreement(method, X, y, other, other_y=None):
    """Absolute correlation of the predictors, on training rows and on rows held out."""
    values = method.fit(X[:-10], y[:-10]).transform(X)[:, 0].copy()
    found = method.fit(other[:-10], (y if other_y is None else other_y)[:-10]).transform(other)[:, 0]
    return min(abs(np.corrcoef(values[rows], found[rows])[0, 1]) for rows in (slice(-10), slice(-10, None)))


@named
def test_units_over_ten_decades(method):
    X, y = problem()
    assert agreement(method, X, y, X * np.logspace(-5, 5, 4)) > 1 - 1e-6
    assert agreement(method, X, y, X * 1e-160) > 1 - 1e-6
    assert agreement(method, X, y, X * 1e160) > 1 - 1e-6


@named
def test_offsets(method):
    X, y = problem()
    assert agreement(method, X, y, X + np.array([1e9, -1e9, 0.0, 3e8])) > 1 - 1e-4
    assert agreement(method, X, y, X, other_y=y + 1e6) > 1 - 1e-6


@named
@pytest.mark.parametrize("value", [0.1, 1e9 + 0.1, -7e-300, 0.0])
def test_constant_columns(method, value):
    X, y = problem()
    wide = np.insert(X, [0, 2, 4], value, axis=1)
    assert agreement(method, X, y, wide) > 1 - 1e-6
    wide[::2, 0] *= 1 + np.finfo(float).eps  # a constant that was computed in two ways
    assert agreement(method, X, y, wide) > 1 - 1e-6
    moved = wide.copy()
    moved[-10:, 0] += 5.0  # a constant that ceases to be one says nothing: there was no data on it
    np.testing.assert_allclose(method.transform(moved), method.transform(wide))


@pytest.mark.parametrize("method", LINEAR, ids=lambda method: type(method).__name__)
def test_copies_of_columns(method):
    """Linear methods see the span alone. In kernels and networks a copy weighs double: there it is no invariance."""
    X, y = problem()
    assert agreement(method, X, y, X[:, [0, 1, 1, 2, 3, 3, 0]]) > 1 - 1e-6
    # a copy with an offset differs from its source by rounding, which must not become a feature of unit variance
    assert agreement(method, X, y, np.column_stack([X, X[:, 0] + 1e9, 1e-5 * X[:, 1] - 2e4])) > 1 - 1e-4
    single = X.astype(np.float32)
    shares = np.column_stack([single, single.sum(axis=1)])  # dependent, but for the rounding of float32
    assert agreement(method, single.astype(float), y, shares) > 1 - 1e-4


def test_more_columns_than_rows_do_not_bring_units_back():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 50))
    y = X[:, 0]
    units = np.logspace(-4, 4, 50)
    # not SIR: with as many directions as rows, many tell the slices apart, and its largest eigenvalue is a multiple one
    plain, scaled = WIRE().fit(X, y), WIRE().fit(X * units, y)
    other = rng.normal(size=(9, 50))
    np.testing.assert_allclose(np.abs(plain.transform(other)), np.abs(scaled.transform(other * units)), rtol=1e-6)


def test_independence_has_no_units():
    X, y = problem(40)
    tests = [
        fccov_independence_test(values, y, features=features, n_permutations=20, random_state=0).statistic
        for features in ("gaussian", "linear")
        for values in (X, X * np.logspace(-5, 5, 4) + 7.0, np.column_stack([X, np.full(40, 0.3)]))
    ]
    np.testing.assert_allclose(tests[:3], tests[0])
    np.testing.assert_allclose(tests[3:], tests[3])


def test_columns_by_their_own_measure():
    X = np.column_stack(
        [[1.0, 2.0, 3.0, 4.0], [1e200, 2e200, 3e200, 4e200], [0.3, 0.3, 0.1 * 3, 0.3], np.full(4, 1e308)]
    )
    columns = Columns.of(X)
    np.testing.assert_allclose(columns.standard(X)[:, 0], columns.standard(X)[:, 1])
    assert np.isinf(columns.scale[2:]).all() and columns.vary
    assert not Columns.of(X[:, 2:]).vary
    assert resolution_of(np.ones(3, np.float32)) > 1e-7 > resolution_of(X) == resolution_of([[1]])


@pytest.mark.parametrize("n", [12, 90, 240, 500])
@pytest.mark.parametrize("kind", ["equal", "zero", "odd", "classes", "negative", "tiny"])
def test_leading_eigenpairs_of_matrices_of_every_kind(n, kind):
    rng = np.random.default_rng(n)
    basis = np.linalg.qr(rng.normal(size=(n, n)))[0]
    labels = np.arange(n) % 4
    line = np.linspace(-1, 1, n)
    matrix = {
        "equal": basis * np.where(np.arange(n) < 4, 5.0, 1.0 / (1.0 + np.arange(n))) @ basis.T,
        "zero": np.zeros((n, n)),
        "odd": np.outer(line, line) + 0.1 * np.outer(line**2, line**2),
        "classes": centre((labels[:, None] == labels).astype(float)),
        "negative": -basis * np.arange(1.0, n + 1) @ basis.T,
        "tiny": 1e-290 * centre((labels[:, None] == labels).astype(float)),
    }[kind]
    values, vectors = leading_eigenpairs(matrix, 3)
    exact = eigh(matrix, eigvals_only=True)[::-1]
    size = np.abs(exact).max()
    np.testing.assert_allclose(values, exact[:3], atol=1e-11 * size, rtol=0)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(3), atol=1e-10)
    np.testing.assert_allclose(matrix @ vectors, vectors * values, atol=1e-10 * size)
    np.testing.assert_array_equal(values, leading_eigenpairs(matrix, 3)[0])


@pytest.mark.parametrize(("classes", "n"), [(2, 40), (4, 64), (8, 64), (3, 240)])
def test_smoothers_of_balanced_classes(classes, n):
    labels = Response.of(np.random.default_rng(0).permutation(np.arange(n) % classes), "discrete")
    for kernel in (centre(ball_kernel(labels)), gaussian_kernel(labels, "median")):
        values, vectors = np.linalg.eigh(kernel)
        values = np.maximum(values, 0.0)
        np.testing.assert_allclose(
            smoother(kernel, 0.05), (vectors * (values / (values + 0.05 * values[-1]))) @ vectors.T, atol=1e-9
        )
        assert attainable(kernel, classes - 1) == pytest.approx(values[1 - classes :].sum() / n, rel=1e-9)
    assert not smoother(np.zeros((n, n)), 0.05).any()
    assert attainable(np.zeros((n, n)), 2) == 1.0


DEGENERATE = {
    "one row differs": lambda rng: np.vstack([np.ones((39, 3)), np.zeros((1, 3))]),
    "two rows": lambda rng: np.repeat(rng.normal(size=(2, 3)), 20, axis=0),
    "one direction": lambda rng: rng.normal(size=(40, 1)) * np.array([[1.0, -2.0, 1e-7]]),
    "collapsed": lambda rng: np.repeat(rng.normal(size=(4, 3)), 10, axis=0),
    "outlier": lambda rng: np.vstack([rng.normal(size=(39, 3)), np.full((1, 3), 1e6)]),
    "duplicates": lambda rng: np.repeat(rng.normal(size=(20, 3)), 2, axis=0),
    "wide": lambda rng: rng.normal(size=(40, 60)),
    "all equal": lambda rng: np.full((40, 3), 0.1),
}


@named
@pytest.mark.parametrize("data", DEGENERATE)
@pytest.mark.filterwarnings("error")
def test_degenerate_data_end_in_numbers_or_in_one_message(method, data):
    rng = np.random.default_rng(1)
    X = DEGENERATE[data](rng)
    numbers, classes = X[:, 0] + 0.1 * rng.normal(size=40), (X[:, 0] > np.median(X[:, 0])).astype(float)
    for y in (numbers, classes if np.ptp(classes) else np.arange(40.0) % 2, np.append(np.zeros(39), 1e6)):
        for n_components in (1, 2):
            try:
                found = method.set_params(n_components=n_components).fit(X, y).transform(X)
            except ValueError as error:
                assert "needs X to vary" in str(error) or "must be at most" in str(error)
            else:
                assert data != "all equal" and found.shape == (40, n_components) and np.isfinite(found).all()
    method.set_params(n_components=1)


@pytest.mark.parametrize("rule", ["spectrum", "ladle", "cross_validation"])
@pytest.mark.parametrize("method", [SIR(), KSIR(**GIVEN)], ids=["linear", "kernel"])
def test_numbers_of_components_of_degenerate_data(method, rule):
    X = np.repeat(np.random.default_rng(0).normal(size=(5, 3)), 8, axis=0)
    assert method.set_params(n_components=rule).fit(X, X[:, 0] + np.arange(40.0) % 3).n_components_ >= 1
