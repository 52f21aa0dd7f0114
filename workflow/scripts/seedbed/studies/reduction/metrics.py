"""Metrics of the reduction study: ``metric(data, fit) -> float``, NaN where it does not apply.

All but the subspace distance are computed on the test rows, which no method has seen and which hold no outliers, from
the estimated predictor brought to unit covariance, so that scale and rotation do not count.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.spatial import cKDTree
from scipy.stats import rankdata

from seedbed.reduction.numerics import distance_correlation as dcor
from seedbed.reduction.spaces.response import Response

Arrays = Mapping[str, np.ndarray]


def whitened_predictor(fit: Arrays) -> np.ndarray:
    """The predictor of the test rows with mean zero and covariance I; what does not vary stays at zero."""
    values = np.asarray(fit["predictor_test"], float)
    centred = values - values.mean(axis=0)
    spread, axes = np.linalg.eigh(centred.T @ centred / len(centred))
    kept = spread > 1e-10 * max(spread[-1], 1e-300)
    return centred @ axes[:, kept] / np.sqrt(spread[kept])


def distance_correlation(data: Arrays, fit: Arrays) -> float:
    """Distance correlation, in the square-root form, of the estimated with the true predictor."""
    if "Z_test" not in data:
        return np.nan
    return dcor.distance_correlation(whitened_predictor(fit), data["Z_test"])


def predictor_recovery(data: Arrays, fit: Arrays) -> float:
    r"""R² of the ranks of the true predictor, predicted by nearest neighbours in the estimated one.

    1 where the estimate determines the truth, whatever the function between them; about 0, or less, where it tells
    nothing of it. Half of the test rows predict the other half, each by the mean of its nearest neighbours.
    """
    if "Z_test" not in data:
        return np.nan
    estimate, truth = whitened_predictor(fit), rankdata(data["Z_test"], axis=0)
    known, asked = _halves(len(truth))
    predicted = truth[known][_neighbours(estimate[known], estimate[asked])].mean(axis=1)
    return float(1.0 - ((truth[asked] - predicted) ** 2).mean() / truth[asked].var(axis=0).mean())


def prediction_error(data: Arrays, fit: Arrays) -> float:
    r"""Error of a local Fréchet regression on the estimated predictor, over that without any predictor.

    :math:`\sum d^2(y, \hat y) / \sum d^2(y, \bar y)` where :math:`\hat y` is the Fréchet mean of the responses of the
    nearest neighbours and :math:`\bar y` that of all; half of the test rows predict the other half. In spaces where
    only distances are known, the mean is sought among the objects themselves.
    """
    responses = Response.of(data["y_test"], str(data["metric"]))
    space, objects = responses.space, responses.objects
    estimate = whitened_predictor(fit)
    known, asked = _halves(len(objects))
    neighbours = known[_neighbours(estimate[known], estimate[asked])]
    k = neighbours.shape[1]
    local = space.mean(objects[neighbours], np.full(neighbours.shape, 1.0 / k))
    whole = space.mean(objects[known][None], np.full((1, len(known)), 1.0 / len(known)))
    squares = [
        space.distances(objects[row : row + 1], mean[None])[0, 0] ** 2 for row, mean in zip(asked, local, strict=True)
    ]
    total = (space.distances(objects[asked], whole) ** 2).sum()
    return float(np.sum(squares) / total) if total > 0 else np.nan


def subspace_distance(data: Arrays, fit: Arrays) -> float:
    r"""Distance of linear directions from the true ones, :math:`\|P - \hat P\|_F / \sqrt{2 d}`, between 0 and 1.

    Of projections onto the spans, in the coordinates in which the training features are uncorrelated, where
    collinear features cannot blow it up.
    """
    if "directions" not in data or "directions" not in fit:
        return np.nan
    X = data["X"] - data["X"].mean(axis=0)
    root = np.linalg.qr(X)[1]
    spans = [np.linalg.qr(root @ directions)[0] for directions in (data["directions"], fit["directions"].T)]
    if spans[0].shape != spans[1].shape:
        return np.nan
    cosines = np.linalg.svd(spans[0].T @ spans[1])[1].clip(0.0, 1.0)
    return float(np.sqrt(np.mean(1.0 - cosines**2)))


def _halves(n: int) -> tuple[np.ndarray, np.ndarray]:
    rows = np.arange(n)
    return rows[: n // 2], rows[n // 2 :]


def _neighbours(known: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """The nearest known rows of each row asked for, (len(asked), k); 15 of 500."""
    k = min(len(known), max(3, round(np.sqrt(len(known)) * 2.0 / 3.0)))
    if known.shape[1] == 0:
        return np.tile(np.arange(len(known)), (len(asked), 1))
    return cKDTree(known).query(asked, k)[1].reshape(len(asked), k)
