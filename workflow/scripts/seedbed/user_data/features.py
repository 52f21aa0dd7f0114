"""Feature matrices of a user's own, for instance the last layer of a network: NPY or NPZ."""

from __future__ import annotations

import numpy as np

from .messages import LARGEST, missing_file, row_text, unreadable
from .npz import array_of

SUFFIXES = (".npy", ".npz")


def read_features(path: str) -> tuple[np.ndarray, np.ndarray | None]:
    """Features and, if the file has them, labels.

    Parameters
    ----------
    path : str
        ``.npz`` with ``X`` or ``features`` (n, ...) and perhaps ``labels`` or ``y`` (n,); or ``.npy`` with the
        features alone. Axes after the first are flattened. Nothing in a file is executed: no pickled objects.

    Returns
    -------
    features : ndarray of shape (n, p)
        In float64.
    labels : ndarray of shape (n,) or None
        Numbered from zero in the order of the sorted values.

    Raises
    ------
    ValueError
        For what :func:`check_features` reports.
    """
    features, labels = _load(path)
    features = np.asarray(features, np.float64).reshape(len(features), -1)
    return features, None if labels is None else np.unique(labels, return_inverse=True)[1]


def check_features(path: str, *, needs_labels: bool = False) -> list[str]:
    """What is wrong with a file, one message each."""
    if messages := missing_file(path, SUFFIXES):
        return messages
    try:
        features, labels = _load(path)
    except Exception as error:  # a broken file can fail in any way its reader knows
        return [unreadable(path, error)]
    if features.ndim < 2 or len(features) < 2 or features[0].size == 0:
        return [f"{path}: features have the shape {features.shape}; at least two rows and one column are needed"]
    messages = []
    if not (np.issubdtype(features.dtype, np.number) or features.dtype == bool) or np.iscomplexobj(features):
        messages.append(f"features are of the type {features.dtype}; real numbers are needed")
    else:
        sizes = np.abs(features.reshape(len(features), -1).astype(float)).max(axis=1)
        bad, large = np.flatnonzero(~np.isfinite(sizes)) + 1, np.flatnonzero(np.isfinite(sizes) & (sizes > LARGEST)) + 1
        messages += [f"{row_text(bad)}: not finite (NaN or infinite)"] if len(bad) else []
        messages += [f"{row_text(large)}: beyond {LARGEST:g}, whose square is infinite"] if len(large) else []
    if labels is not None and labels.shape != features.shape[:1]:
        messages.append(f"labels have the shape {labels.shape}; one per row of the {len(features)} is needed")
    elif labels is not None and np.issubdtype(labels.dtype, np.inexact) and not np.isfinite(labels).all():
        messages.append(f"labels, {row_text(np.flatnonzero(~np.isfinite(labels)) + 1)}: label missing")
    elif labels is None and needs_labels:
        messages.append("there are no labels; an array named 'labels' is needed, one entry per row")
    return [f"{path}: {message}" for message in messages]


def _load(path: str) -> tuple[np.ndarray, np.ndarray | None]:
    stored = np.load(path, allow_pickle=False)
    if isinstance(stored, np.ndarray):
        return stored, None
    with stored:
        name = next((name for name in ("X", "features") if name in stored.files), None)
        if name is None:
            raise ValueError(f"an array named X is needed (found: {', '.join(stored.files) or 'none'})")
        label = next((name for name in ("labels", "y") if name in stored.files), None)
        return array_of(stored, name), None if label is None else array_of(stored, label)
