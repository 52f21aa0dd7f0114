"""The estimator: invariances, integrals, leave-one-out by hand, what it can be asked, and data that are hard."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats
from scipy.special import logsumexp
from seedbed.density import HighDimensionalKDE, local_dimension, loo_bandwidth
from sklearn.base import clone
from sklearn.neighbors import KernelDensity

RNG = np.random.default_rng(0)
X = RNG.normal(size=(300, 4)) @ RNG.normal(size=(4, 4)) + 3.0
Q = RNG.normal(size=(40, 4)) * 2.0 + 3.0
SHAPES = ["isotropic", "diagonal", "full", "ml", "auto"]


def loo(model, rows=X, **more):
    """The mean log density of rows that are left out one by one, with the same kernel matrix."""
    S, h = model.covariance_, model.bandwidth_
    values = []
    for i in range(len(rows)):
        rest = HighDimensionalKDE(h, model.kernel, covariance=S, **more).fit(np.delete(rows, i, axis=0))
        values.append(rest.score_samples(rows[i : i + 1])[0])
    return float(np.mean(values))


def test_densities_are_those_of_peers_at_their_own_bandwidth():
    for kernel, peer in (("gaussian", "gaussian"), ("epanechnikov", "epanechnikov"), ("tophat", "tophat")):
        model = HighDimensionalKDE(2.5, kernel).fit(X)
        known = KernelDensity(bandwidth=2.5, kernel=peer, leaf_size=len(X), rtol=1e-12).fit(X).score_samples(Q)
        reached = np.isfinite(known)
        np.testing.assert_allclose(model.score_samples(Q)[reached], known[reached], rtol=1e-10, atol=1e-10)
        assert np.isneginf(model.score_samples(Q)[~reached]).all()
    scipy = stats.gaussian_kde(X.T)
    h = scipy.factor * (300 / 299) ** 0.5  # its covariance has the divisor n - 1
    ours = HighDimensionalKDE(h, covariance="full").fit(X)
    np.testing.assert_allclose(ours.score_samples(Q), scipy.logpdf(Q.T), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(ours.kernel_covariance_, scipy.covariance, rtol=1e-10)
    assert HighDimensionalKDE("scott", covariance="full").fit(X).bandwidth_ == pytest.approx(scipy.factor)
    t = HighDimensionalKDE(0.7, "student", df=3.0).fit(X[:1])
    known = stats.multivariate_t(X[0], 0.49 * np.eye(4), 3.0).logpdf(Q)
    np.testing.assert_allclose(t.score_samples(Q), known, rtol=1e-10)


@pytest.mark.parametrize("kernel", ["gaussian", "student", "laplace", "epanechnikov", "tophat"])
def test_densities_integrate_to_one(kernel):
    """In the plane by a sum over a grid, and by importance sampling from a wider estimate in five dimensions."""
    points = RNG.normal(size=(30, 2))
    model = HighDimensionalKDE(0.8, kernel, df=8.0).fit(points)
    axis = np.linspace(-14.0, 14.0, 561)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    assert np.exp(model.score_samples(grid)).sum() * 0.05**2 == pytest.approx(1.0, abs=4e-3)
    points = RNG.normal(size=(100, 5))
    model = HighDimensionalKDE(1.0, kernel, df=8.0).fit(points)
    wide = HighDimensionalKDE(1.4, "student", df=4.0).fit(points)
    drawn = wide.sample(40_000, random_state=0)
    ratio = np.exp(model.score_samples(drawn) - wide.score_samples(drawn))
    assert abs(ratio.mean() - 1.0) < 5.0 * ratio.std() / 200.0


@pytest.mark.parametrize("keep", [False, True])
def test_samples_have_the_moments_of_the_estimate(keep):
    model = HighDimensionalKDE(0.6, covariance="full", keep_covariance=keep).fit(X)
    known = np.cov(X.T, ddof=0) + (0.0 if keep else model.kernel_covariance_)
    drawn = model.sample(60_000, random_state=1)
    scale = np.sqrt(np.diag(known))
    np.testing.assert_allclose((drawn.mean(axis=0) - X.mean(axis=0)) / scale, 0.0, atol=0.02)
    np.testing.assert_allclose(np.cov(drawn.T) / np.outer(scale, scale), known / np.outer(scale, scale), atol=0.04)
    np.testing.assert_array_equal(drawn, model.sample(60_000, random_state=1))


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["isotropic", "diagonal", "full"])
def test_the_curve_is_leave_one_out_by_hand(shape):
    rows = X[:80]
    model = HighDimensionalKDE(covariance=shape).fit(rows)
    assert model.loo_score_ == pytest.approx(loo(model, rows), abs=2e-4)  # read off a spline
    h, value, error = model.loo_curve_
    assert (np.diff(h) > 0.0).all() and (error > 0.0).all() and h[0] < model.bandwidth_ < h[-1]
    for k in (0, 7, 15):
        model.bandwidth_ = h[k]
        assert value[k] == pytest.approx(loo(model, rows), abs=1e-9)
    assert model.loo_score_ >= value.max()


def test_the_bandwidth_does_not_hang_on_the_start():
    """A grid whose end is the best is moved: on data of a small dimension in a large space, and on other scales."""
    flat = RNG.normal(size=(400, 2)) @ RNG.normal(size=(2, 12)) + 1e-4 * RNG.normal(size=(400, 12))
    found = HighDimensionalKDE(covariance="isotropic").fit(flat)
    assert found.loo_curve_.h[0] < found.bandwidth_ < found.loo_curve_.h[-1]
    assert loo_bandwidth(flat) == pytest.approx(found.bandwidth_)
    assert loo_bandwidth(1e6 * flat) == pytest.approx(1e6 * found.bandwidth_, rel=1e-3)


@pytest.mark.parametrize("family", ["full", "diagonal", "isotropic"])
def test_expectation_maximisation_never_falls_and_ends_where_the_spline_does(family):
    from seedbed.density.bandwidths.kernel_matrix_em import em_kernel_matrix

    rows, weights = np.arange(300), np.full(300, 1 / 300)
    found = em_kernel_matrix(X, weights, rows, family, tol=1e-9, max_iter=150)
    assert (np.diff(found.values) > -1e-10).all() and len(found.values) > 3
    if family == "isotropic":
        assert found.matrix[0, 0] ** 0.5 == pytest.approx(loo_bandwidth(X), rel=2e-3)
        assert found.values[-1] == pytest.approx(HighDimensionalKDE(covariance="isotropic").fit(X).loo_score_, abs=1e-4)


def test_invariances():
    shift, order = np.array([10.0, -3.0, 0.5, 100.0]), RNG.permutation(300)
    A = RNG.normal(size=(4, 4)) + 2.0 * np.eye(4)
    rotation = np.linalg.qr(A)[0]
    plain = {shape: HighDimensionalKDE(covariance=shape).fit(X).score_samples(Q) for shape in SHAPES}
    for shape, known in plain.items():
        moved = HighDimensionalKDE(covariance=shape).fit(X[order] + shift)
        np.testing.assert_allclose(moved.score_samples(Q + shift), known, rtol=0, atol=1e-6)
    turned = HighDimensionalKDE(covariance="isotropic").fit(X @ rotation)
    np.testing.assert_allclose(turned.score_samples(Q @ rotation), plain["isotropic"], atol=1e-7)
    for keep in (False, True):
        known = HighDimensionalKDE(covariance="full", keep_covariance=keep).fit(X).score_samples(Q)
        mapped = HighDimensionalKDE(covariance="full", keep_covariance=keep).fit(X @ A)
        change = np.log(abs(np.linalg.det(A)))
        np.testing.assert_allclose(mapped.score_samples(Q @ A), known - change, atol=1e-6)
    scales = np.array([1e-3, 1.0, 50.0, 7.0])
    scaled = HighDimensionalKDE(covariance="diagonal").fit(X * scales).score_samples(Q * scales)
    np.testing.assert_allclose(scaled, plain["diagonal"] - np.log(scales).sum(), atol=1e-7)


@pytest.mark.filterwarnings("ignore:.*equal an earlier one")
@pytest.mark.parametrize("params", [{}, {"bandwidth": "nearest"}, {"bandwidth": "scott"}, {"keep_covariance": True}])
def test_a_weight_of_two_is_two_copies_of_the_row(params):
    weights = RNG.integers(0, 3, 300)
    weighted = HighDimensionalKDE(**params).fit(X, sample_weight=weights)
    copied = HighDimensionalKDE(**params).fit(np.repeat(X, weights, axis=0))
    assert weighted.bandwidth_ == pytest.approx(copied.bandwidth_, rel=1e-9)
    np.testing.assert_allclose(weighted.score_samples(Q), copied.score_samples(Q), rtol=1e-9)


def test_one_point_with_a_diagonal_kernel_is_a_product():
    S = np.diag([1.0, 4.0, 0.25, 9.0])
    model = HighDimensionalKDE(0.5, covariance=S).fit(X[:1])
    known = stats.norm.logpdf(Q, X[0], 0.5 * np.sqrt(np.diag(S))).sum(axis=1)
    np.testing.assert_allclose(model.score_samples(Q), known, rtol=1e-12)


MODELS = [
    HighDimensionalKDE(), HighDimensionalKDE(covariance="full", keep_covariance=True),
    HighDimensionalKDE(kernel="student", df=3.0), HighDimensionalKDE(1.1, "laplace"),
    HighDimensionalKDE(6.0, "epanechnikov"), HighDimensionalKDE(adaptive="auto", covariance="full"),
]  # fmt: skip


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{model.kernel}, {model.adaptive}")
def test_gradients_are_those_of_differences_and_mean_shift_climbs(model):
    model = clone(model).fit(X)
    gradient, step = model.gradient(Q), 1e-5
    for j in range(4):
        e = step * np.eye(4)[j]
        with np.errstate(invalid="ignore"):
            known = (model.score_samples(Q + e) - model.score_samples(Q - e)) / (2.0 * step)
        reached = np.isfinite(known)
        np.testing.assert_allclose(gradient[reached, j], known[reached], rtol=2e-6, atol=2e-6)
    if model.kernel in ("gaussian", "student"):
        before = model.score_samples(Q)
        assert (model.score_samples(model.mean_shift(Q)) >= before - 1e-12).all()
        modes = model.mean_shift(Q, n_steps=2000)
        np.testing.assert_allclose(model.gradient(modes), 0.0, atol=1e-4)


@pytest.mark.parametrize("params", [{"covariance": "full"}, {"adaptive": 5, "covariance": "full"}])
def test_conditional_times_marginal_is_the_joint_density(params):
    frame = pd.DataFrame(X, columns=["a", "b", "c", "d"])
    model = HighDimensionalKDE(**params).fit(frame)
    values = np.array([3.3, 2.0])
    rest, given = model.conditional(["d", "b"], values), model.marginal(["d", "b"])
    joint = model.score_samples(pd.DataFrame({"a": Q[:, 0], "b": 2.0, "c": Q[:, 2], "d": 3.3}))
    both = rest.score_samples(pd.DataFrame({"a": Q[:, 0], "c": Q[:, 2]}))
    whole = given.score_samples(pd.DataFrame({"d": [3.3], "b": [2.0]}))
    np.testing.assert_allclose(both + whole, joint, rtol=1e-9, atol=1e-9)
    near = model.sample(300_000, random_state=2)
    near = near[(np.abs(near[:, [3, 1]] - values) < 0.25).all(axis=1)][:, [0, 2]]
    drawn = rest.sample(20_000, random_state=3)
    assert len(near) > 300
    np.testing.assert_allclose(drawn.mean(axis=0), near.mean(axis=0), atol=0.35)
    with pytest.raises(ValueError, match="no 'e'; names are a, b, c, d"):
        model.conditional(["e"], [1.0])
    with pytest.raises(ValueError, match="at least one must be left"):
        model.conditional([0, 1, 2, 3], [1.0] * 4)


def test_marginals_of_students_kernel_and_what_has_none():
    model = HighDimensionalKDE(1.0, "student", df=4.0).fit(X)
    drawn = stats.t.logpdf(Q[:1, [1]] - X[:, 1], 4.0)
    found = model.marginal([1]).score_samples(Q[:1, [1]])
    np.testing.assert_allclose(found, logsumexp(drawn) - np.log(300), rtol=1e-10)
    for ask in (lambda m: m.marginal([0]), lambda m: m.conditional([0], [1.0])):
        with pytest.raises(ValueError, match="needs kernel='gaussian'"):
            ask(HighDimensionalKDE(1.0, "laplace").fit(X))


def test_contributions_and_diagnosis():
    model = HighDimensionalKDE(covariance="full").fit(X, sample_weight=np.r_[0.0, np.ones(299)])
    indices, shares = model.contributions(X[1:6], k=299)
    assert (indices[:, 0] == np.arange(1, 6)).all() and 0 not in indices
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, rtol=1e-12)
    found = model.diagnose(X[1:6])
    np.testing.assert_allclose(found.effective_points, 1.0 / (shares**2).sum(axis=1), rtol=1e-10)
    np.testing.assert_allclose(found.largest_share, shares[:, 0], rtol=1e-12)
    np.testing.assert_allclose(found.log_density, model.score_samples(X[1:6]))
    assert np.isnan(found.relative_std_error[found.tail_index < 2.0]).all()
    far = model.diagnose(np.full((1, 4), 1e4))
    assert far.largest_share[0] == pytest.approx(1.0) and far.regime[0] == "condensed"
    assert str(far).startswith("half of these densities are carried by fewer than 1.0 of 299 points")
    wide = HighDimensionalKDE(100.0).fit(X).diagnose(Q)
    assert (wide.regime == "normal").all() and wide.effective_points == pytest.approx(300, rel=0.05)
    none = HighDimensionalKDE(0.01, "tophat").fit(X).diagnose(Q)
    assert "no query has a point" in str(none) and (none.regime == "condensed").all()


@pytest.mark.parametrize(("index", "regime"), [(0.5, "condensed"), (1.5, "heavy-tailed"), (3.0, "normal")])
def test_regimes_of_terms_with_a_known_power_law(index, regime):
    from seedbed.density.regimes.regimes import regime_of, tail_index

    terms = -np.log(np.random.default_rng(0).random((400, 5000))) / index  # logarithms of Pareto numbers, unsorted
    largest = -np.sort(-terms, axis=1)[:, :21]
    found = tail_index(largest)
    assert np.mean(found) == pytest.approx(index, rel=0.05)
    assert np.mean(regime_of(found) == regime) > 0.8


@pytest.mark.slow
def test_the_standard_error_is_that_over_data_sets():
    rng, x = np.random.default_rng(3), np.zeros((1, 3))
    found = [HighDimensionalKDE(0.9).fit(rng.normal(size=(200, 3))) for _ in range(300)]
    values = np.exp([model.score_samples(x)[0] for model in found])
    said = np.mean([model.diagnose(x).relative_std_error[0] for model in found])
    assert said == pytest.approx(values.std() / values.mean(), rel=0.15)


def test_local_dimension_of_flats():
    for d, space in ((2, 6), (5, 15)):
        flat = np.random.default_rng(d).uniform(size=(4000, d)) @ np.random.default_rng(0).normal(size=(d, space))
        assert local_dimension(flat, random_state=0) == pytest.approx(d, rel=0.12)
    with pytest.raises(ValueError, match="at least 7 different rows"):
        local_dimension(X[:6])


def test_hard_data():
    wild = X.copy()
    wild[0] = 1e6
    model = HighDimensionalKDE(covariance="isotropic").fit(wild)
    assert np.isfinite(model.loo_score_) and np.isfinite(model.score_samples(Q)).all()
    copies = np.vstack([X, X[:150]])
    with pytest.warns(UserWarning, match="150 of 450 rows equal an earlier one"):
        model = HighDimensionalKDE(covariance="isotropic").fit(copies)
    assert model.n_duplicates_ == 150 and model.bandwidth_ == pytest.approx(loo_bandwidth(X), rel=0.3)
    constant = np.column_stack([X, np.full(300, 0.1)])
    for shape in ("diagonal", "full", "ml"):
        with pytest.raises(ValueError, match="column 4 is constant: leave constant columns out"):
            HighDimensionalKDE(covariance=shape).fit(constant)
    HighDimensionalKDE().fit(constant)  # as a sphere
    few = RNG.normal(size=(8, 20))
    with pytest.raises(ValueError, match=r"span 7 dimensions: take fewer columns .* use covariance='diagonal'"):
        HighDimensionalKDE(covariance="full").fit(few)
    with pytest.raises(ValueError, match="span 7 dimensions"):
        HighDimensionalKDE(keep_covariance=True).fit(few)
    HighDimensionalKDE().fit(few)
    for bad, message in ((np.nan, "NaN"), (1e200, "rescale the columns")):
        with pytest.raises(ValueError, match=message):
            HighDimensionalKDE().fit(np.where(X > 5.0, bad, X))


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"kernel": "tophat"}, "bandwidth='loo' does not go with kernel='tophat'"),
        ({"covariance": np.ones((4, 4))}, "positive definite"),
        ({"covariance": np.eye(3)}, "symmetric 4 x 4"),
        ({"keep_covariance": True, "kernel": "student"}, "needs the Gaussian kernel"),
        ({"keep_covariance": True, "covariance": "ml"}, "keep_covariance takes"),
        ({"covariance": "ml", "adaptive": 3}, "needs the Gaussian kernel"),
        ({"adaptive": 400}, "needs more than 400 different rows"),
        ({"adaptive": "auto", "bandwidth": 1.0}, "needs bandwidth='loo'"),
        ({"bandwidth": -1.0}, "bandwidth"),
    ],
)
def test_what_does_not_go_together(params, message):
    with pytest.raises(ValueError, match=message):
        HighDimensionalKDE(**params).fit(X)


def test_what_users_hold():
    model = HighDimensionalKDE(n_loo=100, random_state=0).fit(X)
    known = model.score_samples(Q)
    single, locked = X.astype(np.float32), X.copy()
    locked.setflags(write=False)
    for rows in (X.tolist(), locked, sparse.csr_matrix(X), np.asfortranarray(X)):
        np.testing.assert_allclose(clone(model).fit(rows).score_samples(Q), known, rtol=1e-12)
    np.testing.assert_allclose(clone(model).fit(single).score_samples(Q), known, rtol=1e-5, atol=1e-4)
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.score_samples(Q), known)
    quick = HighDimensionalKDE(model.bandwidth_, covariance=model.covariance_, dtype=np.float32, n_jobs=2).fit(X)
    np.testing.assert_allclose(quick.score_samples(Q), known, atol=5e-5)
    assert model.score(Q) == pytest.approx(known.mean())


@pytest.mark.slow
def test_keeping_the_covariance_contains_the_gaussian_fit():
    rows = np.random.default_rng(1).normal(size=(400, 8))
    kept = HighDimensionalKDE(10.0, covariance="full", keep_covariance=True).fit(rows)
    gaussian = stats.multivariate_normal(rows.mean(axis=0), np.cov(rows.T, ddof=0))
    np.testing.assert_allclose(kept.score_samples(rows[:9]), gaussian.logpdf(rows[:9]), rtol=1e-9)
    assert kept.thresholds_.h_g == pytest.approx(400 ** (-1 / 8), rel=1e-6)
    for shape in ("isotropic", "diagonal", "full", "auto"):
        model = HighDimensionalKDE(covariance=shape, keep_covariance=True).fit(X)
        spread = np.cov(model.components_.centres.T, ddof=0) + model.kernel_covariance_
        np.testing.assert_allclose(spread, np.cov(X.T, ddof=0), rtol=1e-8, atol=1e-9)
        others = np.mean([
            HighDimensionalKDE(covariance=model.kernel_covariance_, bandwidth=1.0)
            .fit(np.delete(model.components_.centres, i, axis=0))
            .score_samples(X[i : i + 1])[0]
            for i in range(300)
        ])  # fmt: skip
        assert model.loo_score_ == pytest.approx(others, abs=2e-3)
