"""Maximum-likelihood von Mises-Fisher fits of many groups of rows at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from seedbed.directional.sphere.rows import COINCIDENT, unit_rows

from .concentration import concentration_mle

CLOSE = 0.1


@dataclass(frozen=True)
class GroupFits:
    """What `fit_groups` returns; row g belongs to ``labels[g]``."""

    labels: np.ndarray
    mean_directions: np.ndarray
    concentrations: np.ndarray
    resultant_lengths: np.ndarray
    resultant_gaps: np.ndarray
    weights: np.ndarray


def fit_groups(X, groups, sample_weight=None) -> GroupFits:
    r"""Fit one von Mises-Fisher distribution to each group of rows.

    Parameters
    ----------
    X : {array-like, sparse matrix} of shape (n, p), p >= 2
        Rows are scaled to unit length.
    groups : array-like of shape (n,)
        Group labels.
    sample_weight : array-like of shape (n,), optional
        Non-negative; every group needs a positive total.

    Returns
    -------
    GroupFits
        Labels in sorted order, mean directions (G, p), concentrations, R, 1 - R and total weights (G,).

    Raises
    ------
    ValueError
        If the lengths differ, a value is not finite, a row is zero, p < 2, or a group weighs nothing.

    Notes
    -----
    One sparse product for all sums, one compiled loop for all concentrations (millions a second): O(n p).
    """
    if not sparse.issparse(X):
        X = np.asarray(X, np.float64)
    if X.ndim != 2 or X.shape[1] < 2:
        raise ValueError("X must have two dimensions and at least two columns")
    if not np.all(np.isfinite(X.data if sparse.issparse(X) else X)):
        raise ValueError("X holds NaN or infinity")
    labels, member = np.unique(np.asarray(groups), return_inverse=True)
    n = X.shape[0]
    weights = np.ones(n) if sample_weight is None else np.asarray(sample_weight, np.float64)
    if member.shape != (n,) or weights.shape != (n,):
        raise ValueError(f"groups and sample_weight must have one entry for each of the {n} rows")
    if not (np.all(weights >= 0) and np.all(np.isfinite(weights))):
        raise ValueError("sample weights must be finite and non-negative")
    X = unit_rows(X)
    indicator = sparse.csr_array((weights, (member, np.arange(n))), shape=(labels.size, n))
    total = np.asarray(indicator.sum(axis=1)).ravel()
    if not np.all(total > 0):
        raise ValueError(f"group {labels[np.argmin(total)]!r} has no weight")
    sums = indicator @ X
    sums = (sums.toarray() if sparse.issparse(sums) else np.asarray(sums)) / total[:, None]
    lengths = np.linalg.norm(sums, axis=1)
    means = sums / np.where(lengths > 0, lengths, 1.0)[:, None]
    means[lengths == 0, 0] = 1.0
    gaps = 1.0 - np.minimum(lengths, 1.0)
    if not sparse.issparse(X):
        _sharpen(X, member, weights, total, means, gaps)
    kappa = concentration_mle(X.shape[1], np.minimum(lengths, 1.0), one_minus_r=gaps)
    return GroupFits(labels, means, np.atleast_1d(kappa), lengths, gaps, total)


def _sharpen(X, member, weights, total, means, gaps) -> None:
    """1 - R of the concentrated groups from squared distances, a block of rows at a time."""
    rows = np.flatnonzero((gaps < CLOSE)[member])
    sharp = np.zeros(total.size)
    step = max(1, (1 << 18) // X.shape[1])
    for start in range(0, rows.size, step):
        part = rows[start : start + step]
        difference = X[part] - means[member[part]]
        np.add.at(sharp, member[part], 0.5 * weights[part] * np.einsum("ij,ij->i", difference, difference))
    close = gaps < CLOSE
    sharp[close] /= total[close]
    gaps[close] = np.where(sharp[close] > COINCIDENT, sharp[close], 0.0)
