"""How well distances tell pairs within a class from pairs between classes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class RejectCurve(NamedTuple):
    """Shares of pairs that lie below each distance.

    Parameters
    ----------
    fpr, tpr : ndarray
        Shares of the pairs between and within classes; both rise from 0 to 1.
    auc : float
        The chance that a pair within a class is nearer than one between, ties counted half.
    """

    fpr: np.ndarray
    tpr: np.ndarray
    auc: float


def reject_curve(distances, labels) -> RejectCurve:
    r"""Shares of pairs within and between classes that lie below each distance, and the area.

    .. math:: \mathrm{AUC} = P(d_\text{within} < d_\text{between}) + \tfrac12 P(d_\text{within} = d_\text{between})

    Parameters
    ----------
    distances : array-like of shape (n, n) or (n (n - 1) / 2,)
        Symmetric, or condensed as by :func:`scipy.spatial.distance.squareform`; infinite ones are the largest. Any
        rising function of distances gives the same curve.
    labels : array-like of shape (n,)

    Returns
    -------
    RejectCurve
        ``fpr, tpr, auc``; NaN where one kind of pair does not occur.

    Raises
    ------
    ValueError
        For shapes that do not fit, or NaN.

    Notes
    -----
    ``O(n^2 log n)``.

    Examples
    --------
    >>> fpr, tpr, auc = reject_curve([[0, 1, 4], [1, 0, 5], [4, 5, 0]], [0, 0, 1])
    >>> auc
    1.0
    """
    distances, labels = np.asarray(distances, float), np.asarray(labels)
    n = len(labels)
    if distances.shape not in ((n, n), (n * (n - 1) // 2,)):
        raise ValueError(f"distances have the shape {distances.shape}; there are {n} labels")
    rows, columns = np.triu_indices(n, 1)
    values = distances[rows, columns] if distances.ndim == 2 else distances
    if np.isnan(values).any():
        raise ValueError("distances hold NaN")
    within = labels[rows] == labels[columns]
    order = np.argsort(values, kind="stable")
    ends = np.flatnonzero(np.append(values[order][1:] != values[order][:-1], True)) if len(values) else []
    near = np.cumsum(within[order])[ends] if len(values) else np.empty(0)
    far = np.cumsum(~within[order])[ends] if len(values) else np.empty(0)
    if not len(near) or not near[-1] or not far[-1]:
        return RejectCurve(np.full(len(near) + 1, np.nan), np.full(len(near) + 1, np.nan), np.nan)
    fpr, tpr = np.append(0.0, far / far[-1]), np.append(0.0, near / near[-1])
    return RejectCurve(fpr, tpr, float(np.trapezoid(tpr, fpr)))
