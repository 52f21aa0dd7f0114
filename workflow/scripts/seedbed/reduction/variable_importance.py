"""Which features a predictor depends on: by what it loses when a feature's values are shuffled between rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

SHUFFLES = 5
MOST_FEATURES = 300


def permutation_importance(transform: Callable[[np.ndarray], np.ndarray], X: np.ndarray, seed: int) -> np.ndarray:
    r"""The share of a predictor's variance that each feature has a part in.

    .. math:: I_j = \frac{\mathbb E \lVert f(X) - f(X^{(j)}) \rVert^2}{2 d}

    with :math:`f` brought to mean zero and covariance :math:`I_d`, and :math:`X^{(j)}` the rows with the values of
    feature j shuffled between them: 1 for a predictor of j alone, 0 for one that does not look at j. Of independent
    features it is the total Sobol index, by Jansen's estimator; of features that go together it can miss what each
    of them tells, since the others tell it too.

    Parameters
    ----------
    transform : callable
        Rows (n, p) to components (n, d).
    X : ndarray of shape (n, p)
    seed : int

    Returns
    -------
    ndarray of shape (p,)
        Means over five shuffles.

    Notes
    -----
    ``5 p`` calls of ``transform``. M. J. W. Jansen (1999). Analysis of variance designs for model output. Computer
    Physics Communications 117, 35-43.
    """
    rng, values = np.random.default_rng(seed), np.asarray(transform(X), float).reshape(len(X), -1)
    centred = values - values.mean(axis=0)
    spread, axes = np.linalg.eigh(centred.T @ centred / len(centred))
    kept = spread > 1e-10 * max(spread[-1], 1e-300)
    if not kept.any():
        return np.zeros(X.shape[1])
    whiten = axes[:, kept] / np.sqrt(spread[kept])
    result = np.zeros(X.shape[1])
    for feature in range(X.shape[1]):
        for _ in range(SHUFFLES):
            shuffled = X.copy()
            shuffled[:, feature] = X[rng.permutation(len(X)), feature]
            change = (np.asarray(transform(shuffled), float).reshape(len(X), -1) - values) @ whiten
            result[feature] += (change**2).sum(axis=1).mean() / (2 * kept.sum())
    return result / SHUFFLES


def loadings_of(directions: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Directions of a linear predictor, (d, p), as loadings of standardised features, (p, d), orthonormal columns."""
    scaled = directions.T * X.std(axis=0)[:, None]
    return np.linalg.qr(scaled)[0]
