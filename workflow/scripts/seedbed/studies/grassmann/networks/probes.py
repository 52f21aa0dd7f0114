"""Linear probes of frozen features, as the paper's transfer experiments: a support vector machine on unit features."""

from __future__ import annotations

import warnings

import numpy as np

from seedbed.grassmann.classifiers.added_dimension import unit_rows

__all__ = ["linear_transfer"]

PENALTIES = (1.0, 10.0, 100.0, 1000.0)


def linear_transfer(train: np.ndarray, y_train: np.ndarray, test: np.ndarray, y_test: np.ndarray) -> float:
    """Accuracy of a linear support vector machine that learns new labels from frozen features.

    Features are scaled to length one; the penalty is chosen by three-fold cross-validation on the training rows.

    Parameters
    ----------
    train, test : ndarrays of shape (n, p) and (m, p)
    y_train, y_test : ndarrays of shape (n,) and (m,)

    Returns
    -------
    float
    """
    from sklearn import config_context
    from sklearn.exceptions import ConvergenceWarning

    train, folds = unit_rows(train), min(3, int(np.bincount(y_train).min()))
    # what GridSearchCV does, which checks types and signatures for as long as the machines are fitted
    with warnings.catch_warnings(), config_context(skip_parameter_validation=True):
        warnings.simplefilter("ignore", ConvergenceWarning)  # liblinear's last digits do not matter here
        penalty = _best_penalty(train, y_train, folds) if folds > 1 else PENALTIES[0]
        return _accuracy(penalty, train, y_train, unit_rows(test), y_test)


def _best_penalty(X: np.ndarray, y: np.ndarray, folds: int) -> float:
    """The smallest of those with the highest mean accuracy over the folds."""
    from sklearn.model_selection import StratifiedKFold

    parts = [(X[fit], y[fit], X[held], y[held]) for fit, held in StratifiedKFold(folds).split(X, y)]
    scores = np.array([[_accuracy(penalty, *part) for part in parts] for penalty in PENALTIES])
    return PENALTIES[scores.mean(axis=1).argmax()]


def _accuracy(penalty: float, X: np.ndarray, y: np.ndarray, test: np.ndarray, y_test: np.ndarray) -> float:
    from sklearn.svm import LinearSVC

    machine = LinearSVC(C=penalty, dual="auto", max_iter=2000, tol=1e-3, random_state=0).fit(X, y)
    return float(np.mean(machine.predict(test) == y_test))
