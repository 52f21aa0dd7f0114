"""Kernel methods: their definitions by other means, what they find, and what tuning does."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import eigh
from scipy.spatial.distance import cdist
from seedbed.reduction import GSAVE, GSIR, KSIR, KernelFCCov, Response, ball_kernel
from seedbed.reduction.kernels.gaussian_features import GaussianFeatures
from seedbed.reduction.numerics.centring import centre
from seedbed.reduction.numerics.leading_eigenpairs import leading_eigenpairs
from seedbed.reduction.spaces.response_kernels import gaussian_kernel, smoother
from sklearn.neighbors import KNeighborsRegressor
from worlds import as_objects, mixed, spanned

METHODS = [GSIR, GSAVE, KSIR, KernelFCCov]
FIXED = {"complexity": 1.0, "ridge": 0.01}


def curved(n=200, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    signal = np.sin(X[:, 0]) + X[:, 1] ** 2
    return X, signal[:, None], signal + 0.2 * rng.normal(size=n)


def by_definition(X, response, smooth, ridge, complexity, new):
    """The first function of (Gx + e)^-1 Gx T Gx (Gx + e)^-1, written out as in nsdr."""
    n = len(X)
    squared = cdist(X, X, "sqeuclidean")
    gamma = complexity / (2 * np.sqrt(squared)[np.triu_indices(n, 1)].mean() ** 2)
    centring = np.eye(n) - 1 / n
    kernel = np.exp(-gamma * squared)
    gram = centring @ kernel @ centring
    inverse = np.linalg.inv(gram + ridge * np.linalg.eigvalsh(gram)[-1] * np.eye(n))
    matrix = inverse @ gram @ smooth @ gram @ inverse
    vector = eigh((matrix + matrix.T) / 2)[1][:, -1:]
    return (np.exp(-gamma * cdist(new, X, "sqeuclidean")) - kernel.mean(axis=0)) @ centring @ inverse @ vector


@pytest.mark.parametrize("metric", ["euclidean", "geodesic"])
def test_gsir_and_kernel_fccov_are_their_definitions(metric):
    X, _, y = curved(80)
    X = X / X.std(axis=0)
    objects = y if metric == "euclidean" else as_objects(y, np.random.default_rng(0))["geodesic"]
    response = Response.of(objects, metric)
    new = np.random.default_rng(1).normal(size=(30, 4))
    for smooth, found in (
        (smoother(gaussian_kernel(response, "median"), 0.1), GSIR(1, response_ridge=0.1, metric=metric, **FIXED)),
        (centre(ball_kernel(response)), KernelFCCov(1, metric=metric, **FIXED)),
    ):
        expected = by_definition(X, response, smooth, 0.01, 1.0, new)
        values = found.fit(X, objects).transform(new)
        assert np.corrcoef(values[:, 0], expected[:, 0])[0, 1] ** 2 > 1 - 1e-6


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.__name__)
def test_nonlinear_signals_are_found_and_components_are_orthonormal(method):
    X, signal, y = curved()
    found = method(2, random_state=0).fit(X, y)
    values = found.transform(X)
    np.testing.assert_allclose(np.cov(values.T, bias=True), np.eye(2), atol=1e-8)
    np.testing.assert_allclose(values.mean(axis=0), 0, atol=1e-10)
    assert (found.complexity_, found.ridge_) == max(found.cv_scores_, key=found.cv_scores_.get)[:2]
    new_X, new_signal, _ = curved(500, seed=9)
    neighbours = KNeighborsRegressor(10).fit(values, signal[:, 0])
    assert neighbours.score(found.transform(new_X), new_signal[:, 0]) > (0.3 if method is GSAVE else 0.8)


@pytest.mark.parametrize("method", [GSIR, KernelFCCov], ids=lambda method: method.__name__)
def test_objects_of_every_space(method):
    X, rng = mixed(80)
    for metric, objects in as_objects(X[:, 1] + 0.05 * rng.normal(size=80), rng).items():
        found = method(1, metric=metric, random_state=0, **FIXED).fit(X, objects)
        assert spanned(found.transform(X), X[:, [1]]) > 0.85, metric


@pytest.mark.slow
def test_the_variance_alone_is_seen_by_functions_of_x():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 3))
    y = X[:, 0] * rng.normal(size=300)
    for method in METHODS:
        values = method(1, random_state=0).fit(X, y).transform(X)[:, 0]
        # Var(f | Y) shows X_0 itself to GSAVE; E(f | Y) shows |X_0| to the others
        wanted = X[:, 0] if method is GSAVE else np.abs(X[:, 0])
        assert abs(np.corrcoef(values, wanted)[0, 1]) > 0.6, method.__name__


def test_the_median_bandwidth_is_robust_and_the_mean_is_not():
    X, signal, y = curved(200)
    y[:20] += 1e4 * np.random.default_rng(0).standard_cauchy(20)
    robust, plain = (GSIR(1, response_bandwidth=name, random_state=0).fit(X, y) for name in ("median", "mean"))
    good, bad = (abs(np.corrcoef(found.transform(X)[:, 0], signal[:, 0])[0, 1]) for found in (robust, plain))
    assert good > 0.85 > bad


def test_correlation_weighting_straightens_what_the_measure_folds():
    # uniform responses: the leading eigenfunction of the ball kernel folds back in both tails (notes, 1.7)
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (300, 2))
    y = X[:, 0] + 0.05 * rng.normal(size=300)
    folded, straight = (
        KernelFCCov(1, weighting=name, random_state=0).fit(X, y).transform(X)[:, 0]
        for name in ("covariance", "correlation")
    )
    assert abs(np.corrcoef(straight, X[:, 0])[0, 1]) > abs(np.corrcoef(folded, X[:, 0])[0, 1])


def test_features_are_orthonormal_and_continue_beyond_the_sample():
    X = np.random.default_rng(0).normal(size=(40, 3))
    features = GaussianFeatures(X, 1.0)
    np.testing.assert_allclose(features.on_sample.T @ features.on_sample / 40, np.eye(39), atol=1e-8)
    combination = np.random.default_rng(1).normal(size=(10, 2))
    values = features.evaluate(X, features.coefficients(combination))
    np.testing.assert_allclose(values, features.on_sample[:, :10] @ combination, atol=1e-7)


def test_smoother_and_eigenpairs():
    rng = np.random.default_rng(0)
    kernel = centre(np.exp(-(cdist(*[rng.normal(size=(80, 2))] * 2) ** 2)))
    values, vectors = np.linalg.eigh(kernel)
    expected = (vectors * (values / (values + 0.1 * values[-1]))) @ vectors.T
    np.testing.assert_allclose(smoother(kernel, 0.1), expected, atol=1e-4)
    assert (smoother(np.zeros((4, 4)), 0.1) == 0).all()
    indefinite = smoother(kernel - 0.5 * values[-1] * np.eye(80), 0.1)
    assert np.linalg.eigvalsh(indefinite)[0] > -1e-12
    found, pairs = leading_eigenpairs(kernel, 3)
    np.testing.assert_allclose(found, values[::-1][:3])
    np.testing.assert_allclose(np.abs(pairs.T @ vectors[:, ::-1][:, :3]), np.eye(3), atol=1e-6)
