"""The two estimators: scikit-learn's contract, the lift's rule, subspaces of unequal dimension."""

import numpy as np
import pytest
from seedbed.grassmann import ClaficClassifier, GrassmannClassifier
from seedbed.grassmann.classifiers.added_dimension import lift_is_needed, unit_rows
from seedbed.grassmann.geometry import manifold
from seedbed.studies.grassmann.data.features import SubspaceMixture
from seedbed.studies.grassmann.networks.head_classifier import HeadClassifier
from sklearn.datasets import load_digits, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import parametrize_with_checks

ESTIMATORS = [GrassmannClassifier(), GrassmannClassifier(epochs=5, start="clafic"), ClaficClassifier()]

pytestmark = pytest.mark.filterwarnings("ignore:subspace_dim=.* is reduced:UserWarning")


@parametrize_with_checks(ESTIMATORS)
def test_scikit_learn_contract(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def mixture():
    return SubspaceMixture().draw(np.random.default_rng(0))


@pytest.mark.slow
def test_the_mixture_that_must_pass(mixture):
    """Zero-mean classes: subspaces tell them apart, linear rules cannot."""
    X, y, X_test, y_test = (mixture[key] for key in ("X", "y", "X_test", "y_test"))
    model = GrassmannClassifier(4, random_state=0).fit(X, y)
    assert model.lift_ is None
    assert model.score(X_test, y_test) >= 0.94
    assert GrassmannClassifier(1, random_state=0).fit(X, y).score(X_test, y_test) < 0.8
    assert ClaficClassifier(4).fit(X, y).score(X_test, y_test) >= 0.94
    linear = HeadClassifier("linear", epochs=60).fit(X, y)
    assert np.mean(linear.predict(X_test) == y_test) < 0.3
    assert LogisticRegression(max_iter=1000).fit(X, y).score(X_test, y_test) < 0.3


def test_signed_features_with_means_are_lifted():
    """Without the lift a class and its mirror image are one."""
    X, y = load_wine(return_X_y=True)
    X = (X - X.mean(0)) / X.std(0)
    lifted = GrassmannClassifier(4, random_state=0).fit(X[::2], y[::2])
    plain = GrassmannClassifier(4, lift=False, random_state=0).fit(X[::2], y[::2])
    assert lifted.lift_ == pytest.approx(13**0.5, rel=0.1) and plain.lift_ is None
    assert lifted.score(X[1::2], y[1::2]) > 0.94 > plain.score(X[1::2], y[1::2])
    np.testing.assert_allclose(plain.decision_function(-X), plain.decision_function(X), rtol=1e-12)


def test_rule_of_the_lift(mixture):
    rng = np.random.default_rng(0)
    assert not lift_is_needed(mixture["X"], mixture["y"])
    assert not lift_is_needed(abs(mixture["X"]), mixture["y"])
    assert lift_is_needed(mixture["X"] + rng.standard_normal((10, 64))[mixture["y"]], mixture["y"])
    assert lift_is_needed(abs(mixture["X"][:, :1]), mixture["y"])


def test_unequal_dimensions():
    X, y = load_digits(return_X_y=True)
    dims = [2, 4, 8, 4, 2, 4, 8, 4, 2, 4]
    for model in (GrassmannClassifier(dims, epochs=10, random_state=0), ClaficClassifier(dims)):
        model.fit(X[::2], y[::2])
        assert model.subspaces_.shape == (10, 8, 64) and model.subspace_dims_.tolist() == dims
        assert not model.subspaces_[0, 2:].any()
        assert manifold.orthonormality_defect(model.subspaces_) < 1e-14
        assert model.score(X[1::2], y[1::2]) > 0.9
    for wrong in ([1, 2], 2.5, [[1] * 10]):
        with pytest.raises(ValueError, match="subspace_dim"):
            ClaficClassifier(wrong).fit(X, y)


def test_clafic_gives_a_class_no_more_dimensions_than_rows():
    X, y = load_digits(return_X_y=True)
    rows = np.flatnonzero(y < 3)[:40]
    rows = np.append(rows[y[rows] < 2], np.flatnonzero(y == 2)[:3])
    for model in (ClaficClassifier(6), GrassmannClassifier(6, start="clafic", epochs=5, random_state=0)):
        with pytest.warns(UserWarning, match="reduced"):
            model.fit(X[rows], y[rows])
        assert model.subspace_dims_.tolist() == [6, 6, 3]


def test_clafic_is_the_principal_components_of_each_class(mixture):
    model = ClaficClassifier(4).fit(mixture["X"], mixture["y"])
    for c in range(10):
        rows = unit_rows(mixture["X"][mixture["y"] == c])
        values = np.linalg.eigvalsh(rows.T @ rows)
        captured = np.trace(model.subspaces_[c] @ rows.T @ rows @ model.subspaces_[c].T)
        assert captured == pytest.approx(values[-4:].sum())
    angles = manifold.principal_angles(model.subspaces_, mixture["subspaces"])
    assert np.degrees(angles).max() < 20


def test_probabilities_and_decisions_agree(mixture):
    X, y = mixture["X"][mixture["y"] < 2], mixture["y"][mixture["y"] < 2]
    model = GrassmannClassifier(3, epochs=5, random_state=0).fit(X, y)
    decision, proba = model.decision_function(X), model.predict_proba(X)
    np.testing.assert_allclose(proba[:, 1], 1 / (1 + np.exp(-decision)), rtol=1e-9)
    np.testing.assert_array_equal(model.predict(X), (decision > 0).astype(int))
    floor = 1 / (1 + np.exp(model.gamma_))
    assert proba.min() >= floor
    assert len(model.loss_curve_) == model.n_iter_ == 5 and model.loss_curve_[-1] < model.loss_curve_[0]


def test_one_class_is_refused():
    with pytest.raises(ValueError, match="one class"):
        ClaficClassifier().fit(np.eye(3), [1, 1, 1])


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_the_size_of_the_features_does_not_matter(scale):
    X, y = load_wine(return_X_y=True)
    X = (X - X.mean(0)) / X.std(0)
    expected = ClaficClassifier(4).fit(X, y)
    scaled = ClaficClassifier(4).fit(scale * X, y)
    np.testing.assert_allclose(scaled.decision_function(scale * X), expected.decision_function(X), rtol=1e-9)


def test_empty_images_have_no_direction_and_do_no_harm():
    X, y = load_digits(return_X_y=True)
    X[:5] = 0
    model = GrassmannClassifier(2, epochs=2, random_state=0).fit(X, y)
    assert np.isfinite(model.subspaces_).all() and (model.decision_function(X[:5]) == 0).all()
