"""What a scenario with a probe consists of: rows that train, test and probe; stratified, by one random stream.

Generators of images return ``X``, ``y`` (training), ``X_test``, ``y_test``; ``X_probe``, ``y_probe``, classes or finer
labels that training did not see, with masks of rows: a linear probe learns from ``probe_few`` or ``probe_full``, and
is tested on the rows of ``probe_test`` that it has not seen. Images have the shape (n, channels, side, side), in
float32. ``training_seed`` is part of the data, so that all methods of a replicate start from the same network and see
the same batches.
"""

from __future__ import annotations

import numpy as np

__all__ = ["choose_per_class", "coarse_labels", "heldout_classes", "split_rows", "training_seed"]


def choose_per_class(rng: np.random.Generator, labels: np.ndarray, size: float | int) -> np.ndarray:
    """A mask of rows: of each class ``size`` rows, or that share of them; at least one, and not all.

    Parameters
    ----------
    rng : numpy.random.Generator
    labels : ndarray of shape (n,)
    size : int or float
        Rows of a class; below one, their share.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    chosen = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        number = round(size * len(rows)) if size < 1 else int(size)
        chosen[rng.permutation(rows)[: max(1, min(number, len(rows) - 1))]] = True
    return chosen


def training_seed(rng: np.random.Generator) -> np.ndarray:
    """The seed of filters, bases and batches."""
    return np.asarray(rng.integers(2**31 - 1))


def split_rows(X: np.ndarray, y: np.ndarray, train: np.ndarray) -> dict[str, np.ndarray]:
    """Training and test rows by a mask."""
    return {"X": X[train], "y": y[train], "X_test": X[~train], "y_test": y[~train]}


def heldout_classes(
    rng: np.random.Generator, X: np.ndarray, label: np.ndarray, n_classes: int, shots: int, within: np.ndarray
) -> dict[str, np.ndarray]:
    """The first classes to learn, the others to probe with.

    Parameters
    ----------
    rng : numpy.random.Generator
    X, label : ndarrays of length n
        ``label`` from 0.
    n_classes : int
        Labels below it are learned.
    shots : int
        Rows per class of the few-shot probe; the other learns from half of the rows.
    within : ndarray of shape (n,)
        Groups that are halved each (classes, or modes of classes).

    Returns
    -------
    dict of ndarray
        Without probe if there is no class to probe with.
    """
    known, half = label < n_classes, choose_per_class(rng, within, 0.5)
    data = split_rows(X[known], label[known], half[known])
    if not known.all():
        new = label[~known] - n_classes
        data |= {"X_probe": X[~known], "y_probe": new, "probe_test": np.ones(len(new), bool)}
        data |= {"probe_few": choose_per_class(rng, new, shots), "probe_full": half[~known]}
    return data | {"training_seed": training_seed(rng)}


def coarse_labels(
    rng: np.random.Generator, X: np.ndarray, fine: np.ndarray, coarse: np.ndarray, shots: int
) -> dict[str, np.ndarray]:
    """Coarse labels to learn, the fine ones within them to probe with; half of every fine class trains.

    Parameters
    ----------
    rng : numpy.random.Generator
    X, fine, coarse : ndarrays of length n
    shots : int
        Training rows per fine class of the few-shot probe; the other learns from all training rows.

    Returns
    -------
    dict of ndarray
    """
    train = choose_per_class(rng, fine, 0.5)
    few = np.zeros(len(fine), bool)
    few[np.flatnonzero(train)] = choose_per_class(rng, fine[train], shots)
    return {
        **split_rows(X, coarse, train),
        "X_probe": X,
        "y_probe": fine,
        "probe_few": few,
        "probe_full": train,
        "probe_test": ~train,
        "training_seed": training_seed(rng),
    }
