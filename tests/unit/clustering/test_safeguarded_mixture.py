"""EM with a covariance floor: it never falls, it agrees with scikit-learn where the floor is out of reach."""

from __future__ import annotations

import numpy as np
import pytest
from mixtures import draw_mixture, error_rate, same_partition
from scipy.stats import multivariate_normal
from seedbed.clustering.gaussian.safeguarded_mixture import SafeguardedGaussianMixture
from seedbed.clustering.gaussian.starts import start_labels
from sklearn.mixture import GaussianMixture


@pytest.mark.parametrize("kind", ["full", "common_sphere"])
@pytest.mark.parametrize("start", ["random", "random_points", "kmeans"])
def test_the_likelihood_never_falls_and_is_the_mixtures(kind: str, start: str) -> None:
    X, _, _ = draw_mixture(60, 3, 4, 4.0, condition=10.0)
    model = SafeguardedGaussianMixture(3, start=start, covariance_type=kind, tol=1e-9, random_state=0).fit(X)
    assert np.all(np.diff(model.objective_path_) >= -1e-8)
    laws = zip(model.weights_, model.means_, model.covariances_, strict=True)
    density = sum(weight * multivariate_normal(mean, cov).pdf(X) for weight, mean, cov in laws)
    assert model.objective_path_[-1] == pytest.approx(np.log(density).sum(), rel=1e-6)


def test_out_of_reach_of_the_floor_it_is_scikit_learns() -> None:
    X, truth, _ = draw_mixture(120, 3, 4, 6.0, condition=10.0)
    ours = SafeguardedGaussianMixture(3, start=truth, covariance_floor=1e-9, tol=1e-10).fit(X)
    means = np.stack([X[truth == k].mean(axis=0) for k in range(3)])
    theirs = GaussianMixture(3, means_init=means, reg_covar=0, tol=1e-10, max_iter=500).fit(X)
    assert ours.means_ == pytest.approx(theirs.means_, abs=1e-3)
    assert ours.objective_path_[-1] == pytest.approx(len(X) * theirs.score(X), rel=1e-6)


def test_a_common_sphere_is_common_and_in_the_units_of_the_data() -> None:
    X, truth, _ = draw_mixture(90, 3, 5, 9.0)
    model = SafeguardedGaussianMixture(3, covariance_type="common_sphere", random_state=0).fit(X)
    variance = np.mean([((X[truth == k] - X[truth == k].mean(0)) ** 2).mean() for k in range(3)])
    assert same_partition(model.labels_, truth)
    assert model.covariances_ == pytest.approx(np.stack([variance * np.eye(5)] * 3), rel=0.05, abs=1e-9)
    moved = SafeguardedGaussianMixture(3, covariance_type="common_sphere", random_state=0).fit(1e6 * X + 1e3)
    assert same_partition(moved.labels_, model.labels_)


@pytest.mark.slow
def test_the_best_of_many_starts_is_not_the_singular_one() -> None:
    """scikit-learn's likeliest start collapses on a few points and errs more for having more starts."""
    errors = {"ours": [], "theirs": []}
    for seed in range(6):
        X, truth, _ = draw_mixture(80, 4, 10, 4.0, seed=seed)
        ours = SafeguardedGaussianMixture(4, n_init=10, random_state=seed).fit(X)
        assert np.linalg.eigvalsh(ours.covariances_).min() > 0
        errors["ours"].append(error_rate(ours.labels_, truth))
        theirs = GaussianMixture(4, n_init=10, max_iter=500, random_state=seed).fit_predict(X)
        errors["theirs"].append(error_rate(theirs, truth))
    assert np.mean(errors["ours"]) < np.mean(errors["theirs"])


def test_units_of_columns_do_not_matter() -> None:
    X, _, _ = draw_mixture(60, 3, 4, 4.0, condition=10.0)
    labels = start_labels(X, 3, "random", np.random.RandomState(0))
    first, scaled = (
        SafeguardedGaussianMixture(3, start=labels).fit(points) for points in (X, X * np.array([1e-6, 1.0, 1e3, 5.0]))
    )
    assert same_partition(first.labels_, scaled.labels_)


def test_all_points_equal_and_too_few_of_them() -> None:
    assert len(SafeguardedGaussianMixture(2).fit(np.ones((6, 3))).labels_) == 6
    with pytest.raises(ValueError, match="n_samples=3 should be >= n_clusters=4"):
        SafeguardedGaussianMixture(4).fit(np.eye(3))
