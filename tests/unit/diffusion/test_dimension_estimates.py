"""Dimension estimates: known manifolds, invariances, an independent package, and scikit-learn's checks."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from seedbed.diffusion import (
    FLIPD,
    FlowDimension,
    GaugeField,
    JacobianDimension,
    KernelDimension,
    KineticOptimalPath,
    LevinaBickelMLE,
    NormalBundleDimension,
    SphereLaw,
    TraceDimension,
    TwoNN,
    energy_distance,
    sliced_wasserstein,
    wasserstein2,
)
from sklearn.datasets import make_swiss_roll
from sklearn.utils.estimator_checks import parametrize_with_checks

RNG = np.random.default_rng(0)
CUBE = RNG.uniform(size=(800, 3))
ESTIMATORS = [KernelDimension(), LevinaBickelMLE(), TwoNN()]
SPHERE = SphereLaw(np.linalg.qr(RNG.normal(size=(6, 6)))[0][:, :3])


@parametrize_with_checks(
    [KernelDimension(perplexity=3.0), LevinaBickelMLE(n_neighbors=3), TwoNN(), KineticOptimalPath(4, 8)]
)
def test_estimator_contract(estimator, check) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        check(estimator)


def test_the_kernel_dimension_is_its_definition() -> None:
    """With weights over all other points, and bisection of the perplexity."""
    for X in (CUBE[:150], CUBE[:25]):  # the second are as few as may be
        _is_as_defined(X)


def _is_as_defined(X: np.ndarray) -> None:
    squares = cdist(X, X, "sqeuclidean")
    fitted = KernelDimension(perplexity=12.0).fit(X)
    for i in (0, len(X) // 3, len(X) - 1):
        others = np.delete(squares[i], i)
        others = np.sort(others)[:120]
        low, high = 1e-6, 1e3
        for _ in range(200):
            sigma = np.sqrt(low * high)
            weights = np.exp(-(others - others.min()) / (2 * sigma**2))
            weights /= weights.sum()
            perplexity = np.exp(-(weights[weights > 0] * np.log(weights[weights > 0])).sum())
            low, high = (low, sigma) if perplexity > 12 else (sigma, high)
        assert fitted.dimension_pw_[i] == pytest.approx((weights * others).sum() / sigma**2, rel=1e-6)
        assert fitted.bandwidth_pw_[i] == pytest.approx(sigma, rel=1e-6)


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda one: type(one).__name__)
def test_known_dimensions_are_found(estimator) -> None:
    roll = make_swiss_roll(1000, random_state=1)[0]
    ball = RNG.normal(size=(1000, 6))
    for X, truth in ((CUBE, 3), (roll, 2), (ball / np.linalg.norm(ball, axis=1, keepdims=True), 5)):
        assert abs(estimator.fit(X).dimension_ - truth) < 0.15 * truth


@pytest.mark.parametrize("turned", [False, True])
def test_where_the_nearest_tie_the_kernel_dimension_is_infinite(turned: bool) -> None:
    grid = np.stack(np.meshgrid(np.arange(15.0), np.arange(15.0)), axis=-1).reshape(-1, 2)
    inner = ((grid > 0) & (grid < 14)).all(axis=1)
    if turned:
        grid = grid @ np.array([[0.6, 0.8], [-0.8, 0.6]]) / 7 + 0.3
    assert KernelDimension(2.0).fit(grid).dimension_ == np.inf
    four = KernelDimension(4.0).fit(grid)
    assert (np.isinf(four.dimension_pw_) == inner).all() and ((four.bandwidth_pw_ == 0) == inner).all()
    assert KernelDimension(5.0).fit(grid).dimension_ < 10
    assert KernelDimension().fit(np.eye(50)).dimension_ == np.inf


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("unit", [1e-300, 1e-160, 1e160, 1e300])
def test_units_change_nothing(estimator, unit: float) -> None:
    plain = estimator.fit(CUBE[:100]).dimension_
    assert estimator.fit(unit * CUBE[:100]).dimension_ == pytest.approx(plain, rel=1e-9)


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda one: type(one).__name__)
def test_turning_scaling_and_more_coordinates_change_nothing(estimator) -> None:
    turn = np.linalg.qr(RNG.normal(size=(8, 8)))[0][:3]
    plain = estimator.fit(CUBE).dimension_
    assert estimator.fit(1e-3 * CUBE @ turn + 5).dimension_ == pytest.approx(plain, rel=1e-6)
    order = RNG.permutation(len(CUBE))
    assert estimator.fit(CUBE[order]).dimension_ == pytest.approx(plain, rel=1e-9)


def test_local_estimates_scatter_around_the_global_one() -> None:
    for estimator in ESTIMATORS:
        fitted = estimator.fit(CUBE)
        assert fitted.dimension_pw_.shape == (800,)
        assert np.median(fitted.dimension_pw_) == pytest.approx(fitted.dimension_, rel=0.15)


def test_dimensions_of_products_add() -> None:
    law = SphereLaw(3, 1.0, 2)
    X = law.sample(3000, 0)
    one = KernelDimension().fit(X).dimension_
    assert KernelDimension().fit(np.hstack([X, law.sample(3000, 1)])).dimension_ == pytest.approx(2 * one, rel=0.12)


def test_against_scikit_dimension() -> None:
    skdim = pytest.importorskip("skdim")
    found = skdim.id.MLE().fit(CUBE, n_neighbors=20)
    # it divides by k - 1, as the first paper had it, where k - 2 is without bias
    assert LevinaBickelMLE(20).fit(CUBE).dimension_ == pytest.approx(found.dimension_ * 18 / 19, rel=0.01)
    assert TwoNN().fit(CUBE).dimension_ == pytest.approx(skdim.id.TwoNN().fit(CUBE).dimension_, rel=0.05)


def test_rows_that_repeat_count_once_and_are_said() -> None:
    for estimator in ESTIMATORS:
        alone = estimator.fit(CUBE).dimension_
        with pytest.warns(UserWarning, match="800 of 1600 rows repeat another"):
            assert estimator.fit(np.vstack([CUBE, CUBE])).dimension_ == pytest.approx(alone)
        with pytest.raises(ValueError, match="distinct rows are needed"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            estimator.fit(np.ones((50, 2)))


def test_scores_know_the_dimension() -> None:
    x = SPHERE.sample(12, 1)
    for estimator in (
        TraceDimension(SPHERE),
        FLIPD(SPHERE),
        NormalBundleDimension(SPHERE),
        JacobianDimension(SPHERE),
        JacobianDimension(SPHERE, symmetrised=True),
    ):
        np.testing.assert_allclose(estimator.fit(x).dimension_pw_, 2, atol=0.02)
    noise = 3 * np.random.default_rng(0).normal(size=(6, 6))
    for rule in ("slope", "gap"):
        assert FlowDimension(SPHERE, rule=rule).fit(noise).dimension_ == 2


def test_a_gauge_breaks_flipd_and_not_the_trace() -> None:
    gauge = GaugeField(SPHERE, 3.0, "fourier")
    at_data, at_noise = SPHERE.sample(30, 2), SPHERE.sample(20_000, 3, 0.05)
    assert np.abs(TraceDimension(gauge).fit(at_data).dimension_pw_ - 2).max() < 0.05
    noisy = TraceDimension(gauge).fit(at_noise).dimension_pw_
    assert abs(noisy.mean() - 2) < 5 * noisy.std() / np.sqrt(len(noisy)) + 0.01
    assert FLIPD(gauge).fit(at_noise).dimension_ > 20


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: KernelDimension(1.0).fit(CUBE), "perplexity must be above 1"),
        (lambda: LevinaBickelMLE(2).fit(CUBE), "n_neighbors must be a whole number, 3 or more"),
        (lambda: LevinaBickelMLE("a").fit(CUBE), "n_neighbors must be a whole number"),
        (lambda: KernelDimension("a").fit(CUBE), "perplexity must be above 1"),
        (lambda: KernelDimension().fit(CUBE[:40]), "41 distinct rows are needed, got 40"),
        (lambda: KernelDimension(19.6).fit(CUBE[:40]), "41 distinct rows are needed, got 40"),
        (lambda: TraceDimension().fit(CUBE), "for data alone use KernelDimension"),
        (lambda: TraceDimension(SPHERE).fit(CUBE), "X has 3 features, the law 6"),
        (lambda: FlowDimension(SPHERE, rule="steps").fit(np.zeros((2, 6))), "rule must be"),
        (lambda: FlowDimension(SPHERE, sigma=1.0).fit(np.zeros((2, 6))), "more than ten times"),
    ],
)
def test_what_cannot_be_estimated_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_distances_between_samples() -> None:
    X, Y = RNG.normal(size=(300, 3)), RNG.normal(size=(300, 3))
    exact = 2 * cdist(X, Y).mean() - sum(cdist(Z, Z).sum() / (300 * 299) for Z in (X, Y))
    assert energy_distance(X, Y) == pytest.approx(exact) and energy_distance(X, Y + 1) > 0.5
    assert wasserstein2(X, X[RNG.permutation(300)] + [3, 0, 4]) == pytest.approx(5.0)
    assert sliced_wasserstein(X, X[::-1]) == 0
    shifted = sliced_wasserstein(X, X + np.array([2, 0, 0]), 4000)
    assert shifted == pytest.approx(2 / np.sqrt(3), rel=0.05)
    assert sliced_wasserstein(X, np.repeat(X, 7, axis=0)) < 0.05
    for call, message in (
        (lambda: energy_distance(X, Y[:, :2]), "same columns"),
        (lambda: energy_distance(X, Y[:1]), "Y needs at least 2 rows"),
        (lambda: wasserstein2(X, Y[:10]), "two samples of one size"),
        (lambda: sliced_wasserstein(X, Y, 0), "n_projections"),
        (lambda: energy_distance(X, [[np.nan, 0, 0], [0, 0, 0]]), "Y has values that are not finite"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
