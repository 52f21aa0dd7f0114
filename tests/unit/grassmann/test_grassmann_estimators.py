"""The two estimators: scikit-learn's contract, the lift's rule, subspaces of unequal dimension."""

from seedbed.grassmann import ClaficClassifier, GrassmannClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks

ESTIMATORS = [GrassmannClassifier(), GrassmannClassifier(epochs=5, start="clafic"), ClaficClassifier()]


@parametrize_with_checks(ESTIMATORS)
def test_scikit_learn_contract(estimator, check):
    check(estimator)
