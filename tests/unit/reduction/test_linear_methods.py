"""The linear methods: against statsmodels, on problems with a known answer, in every space."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.reduction import (
    CUME,
    MAVE,
    OPG,
    PHD,
    SAVE,
    SIR,
    WIRE,
    DirectionalRegression,
    LinearFCCov,
    Response,
    frechet_cumulative_covariance,
)
from seedbed.reduction.linear.slicing import slice_labels
from statsmodels.regression.dimred import (
    PrincipalHessianDirections,
    SlicedAverageVarianceEstimation,
    SlicedInverseReg,
)
from worlds import as_objects, bent, mixed, spanned

FIRST_MOMENT = [SIR, CUME, WIRE, LinearFCCov, OPG, MAVE, DirectionalRegression]
ANY_SPACE = [SIR, SAVE, DirectionalRegression, PHD, WIRE, LinearFCCov, OPG, MAVE]


def test_sir_is_that_of_statsmodels():
    X, y = bent()
    peer = SlicedInverseReg(y, X).fit(slice_n=24)
    ours = SIR(5, n_slices=10).fit(X, y)
    np.testing.assert_allclose(ours.eigenvalues_, peer.eigs, rtol=1e-8)
    assert spanned(ours.transform(X)[:, :2], X @ peer.params[:, :2]) > 1 - 1e-10


def test_save_is_that_of_statsmodels_but_for_degrees_of_freedom():
    X, y = bent(1200)
    peer = SlicedAverageVarianceEstimation(y, X).fit(slice_n=200)
    ours = SAVE(1, n_slices=6).fit(X, y)
    assert spanned(ours.transform(X), X @ peer.params[:, :1]) > 1 - 1e-4


def test_phd_is_that_of_statsmodels():
    X, y = bent()
    peer = PrincipalHessianDirections(y, X).fit(resid=True)
    ours = PHD(5).fit(X, y)
    np.testing.assert_allclose(np.sqrt(ours.eigenvalues_), np.abs(peer.eigs) / y.std(), rtol=0.01)
    assert spanned(ours.transform(X)[:, :1], X @ peer.params[:, :1]) > 1 - 1e-10


@pytest.mark.parametrize("method", FIRST_MOMENT, ids=lambda method: method.__name__)
def test_a_linear_signal_is_found(method):
    X, rng = mixed(400)
    signal = X @ np.array([1.0, -2.0, 0.5, 0.0, 1.0])
    y = signal + 0.2 * signal.std() * rng.normal(size=400)
    found = method(1).fit(X, y)
    assert spanned(found.transform(X), signal[:, None]) > 0.99
    assert found.components_.shape == (1, 5) and found.transform(X).std() == pytest.approx(1.0)


@pytest.mark.parametrize("method", [SAVE, DirectionalRegression, PHD, MAVE], ids=lambda method: method.__name__)
def test_a_symmetric_signal_is_found_by_second_moments(method):
    X, rng = mixed(600)
    y = X[:, 2] ** 2 + 0.1 * rng.normal(size=600)
    assert spanned(method(1).fit(X, y).transform(X), X[:, [2]]) > 0.95
    assert spanned(SIR(1).fit(X, y).transform(X), X[:, [2]]) < 0.9


@pytest.mark.parametrize("method", [OPG, MAVE], ids=lambda method: method.__name__)
def test_two_directions_of_a_curved_mean(method):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(400, 6))
    y = X[:, 0] * (X[:, 1] + 1.0) + 0.2 * rng.normal(size=400)
    assert spanned(method(2).fit(X, y).transform(X), X[:, :2]) > 0.97


@pytest.mark.parametrize("method", ANY_SPACE, ids=lambda method: method.__name__)
def test_objects_of_every_space(method):
    X, rng = mixed(150)
    signal = X[:, 1]
    for metric, objects in as_objects(signal + 0.05 * rng.normal(size=150), rng).items():
        found = method(1, metric=metric, random_state=0).fit(X, objects)
        quality = spanned(found.transform(X), signal[:, None])
        assert quality > (0.2 if method in (SAVE, PHD) else 0.95), metric


def test_functions_as_metrics():
    X, rng = mixed(60)
    y = X[:, 0] + 0.1 * rng.normal(size=60)
    own = LinearFCCov(1, metric=lambda a, b: abs(a - b)).fit(X, y)
    np.testing.assert_array_equal(own.transform(X), LinearFCCov(1).fit(X, y).transform(X))


@pytest.mark.parametrize("method", [*ANY_SPACE, CUME], ids=lambda method: method.__name__)
def test_components_do_not_depend_on_the_coordinates_of_x(method):
    X, y = bent(150)
    change = np.random.default_rng(2).normal(size=(5, 5))
    first = method(1).fit(X, y).transform(X)
    second = method(1).fit(X @ change + 3.0, y).transform(X @ change + 3.0)
    np.testing.assert_allclose(np.abs(first), np.abs(second), atol=1e-6)


@pytest.mark.parametrize("method", [*ANY_SPACE, CUME], ids=lambda method: method.__name__)
def test_collinear_and_constant_features(method):
    X, y = bent(100)
    wide = np.column_stack([X, X[:, :2].sum(axis=1), np.ones(100)])
    found = method(1).fit(wide, y)
    np.testing.assert_allclose(np.abs(found.transform(wide)), np.abs(method(1).fit(X, y).transform(X)), atol=1e-6)
    with pytest.raises(ValueError, match=r"n_components=6 must be at most 5"):
        method(6).fit(wide, y)


def test_eigenvalues_of_the_linear_method_are_covariances():
    X, y = bent(120)
    found = LinearFCCov(3).fit(X, y)
    matrix = frechet_cumulative_covariance(found.transform(X), Response.of(y).distances)
    np.testing.assert_allclose(matrix, np.diag(found.eigenvalues_), atol=1e-14)


def test_only_order_of_distances_counts_for_the_linear_method():
    X, y = bent(120)
    y[:12] *= 1e6  # outlying, but their mutual order is kept
    one, other = (LinearFCCov(1, metric=lambda a, b, power=power: abs(a - b) ** power) for power in (1.0, 0.3))
    np.testing.assert_array_equal(one.fit(X, y).components_, other.fit(X, y).components_)


def test_outliers_move_wire_and_not_the_linear_method():
    X, rng = mixed(300)
    y = X[:, 0] + 0.2 * rng.normal(size=300)
    y[:45] += 50.0 * rng.standard_cauchy(45)
    assert spanned(LinearFCCov(1).fit(X, y).transform(X), X[:, [0]]) > 0.98
    assert spanned(WIRE(1).fit(X, y).transform(X), X[:, [0]]) < 0.98


def test_cume_says_what_it_needs():
    X, rng = mixed(50)
    with pytest.raises(ValueError, match="single numbers"):
        CUME(1).fit(X, rng.normal(size=(50, 2)))


@pytest.mark.parametrize("n_slices", [2, 7, 10])
def test_slices(n_slices):
    rng = np.random.default_rng(3)
    random = np.random.RandomState(0)
    numbers = slice_labels(Response.of(rng.normal(size=100)), n_slices, random)
    assert np.bincount(numbers).min() >= 100 // n_slices and numbers.max() == n_slices - 1
    objects = slice_labels(Response.of(rng.normal(size=(100, 2))), n_slices, random)
    assert np.bincount(objects).min() >= 1 and objects.max() <= n_slices - 1
    outlying = Response.of(np.where(np.arange(100) < 90, 1.0, 1e6)[:, None] * rng.normal(size=(100, 2)))
    assert len(np.unique(slice_labels(outlying, n_slices, random)[:90])) > 1
    rare = Response.of(np.repeat(["a", "b"], [95, 5]), "discrete")
    assert slice_labels(rare, n_slices, random).max() == 1
    few = slice_labels(Response.of(np.repeat([3.0, 1.0, 2.0], 20)), n_slices, random)
    assert all(len(set(few[block : block + 20])) == 1 for block in (0, 20, 40)), "equal values stay together"
    assert slice_labels(Response.of(np.zeros((9, 2))), n_slices, random).max() == 0


def test_mistakes_are_named():
    X, y = bent(30)
    with pytest.raises(ValueError, match="all its rows are equal"):
        SIR().fit(np.ones((30, 2)), y)
    with pytest.raises(ValueError, match="responses that differ"):
        SIR().fit(X, np.zeros(30))
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        SIR().fit(X, y[:-1])
    with pytest.raises(ValueError, match="'metric' parameter of SIR"):
        SIR(metric="euclid").fit(X, y)
