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
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.model_selection import GridSearchCV
    from sklearn.svm import LinearSVC

    machine = LinearSVC(dual="auto", max_iter=2000, tol=1e-3, random_state=0)
    folds = min(3, int(np.bincount(y_train).min()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # liblinear's last digits do not matter here
        if folds > 1:
            machine = GridSearchCV(machine, {"C": PENALTIES}, cv=folds)
        machine.fit(unit_rows(train), y_train)
    return float(machine.score(unit_rows(test), y_test))
