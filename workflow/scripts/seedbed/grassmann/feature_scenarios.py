"""Generators of fixed features: a mixture of subspaces, data that scikit-learn ships, a user's own file.

Each returns ``X``, ``y``, ``X_test``, ``y_test`` and ``training_seed``.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from seedbed.user_data.features import check_features, read_features

from .manifold import random_subspaces
from .splitting import choose_per_class, split_rows, training_seed

__all__ = [
    "check_feature_classes",
    "check_shipped_features",
    "check_subspace_mixture",
    "feature_classes",
    "shipped_features",
    "subspace_mixture",
]

ShippedName = Literal["digits", "wine", "breast_cancer", "iris"]
RAREST = {"digits": 174, "wine": 48, "breast_cancer": 212, "iris": 50}  # rows of the rarest class


def subspace_mixture(
    rng: np.random.Generator,
    *,
    n_classes: int = 10,
    n_features: int = 64,
    subspace_dim: int = 4,
    rows_per_class: int = 200,
    noise: float = 0.1,
) -> dict[str, np.ndarray]:
    r"""Classes that differ in nothing but the subspace that their points lie near; all have the mean zero.

    .. math:: x = A_c^\top z + \sigma \sqrt{r}\, \varepsilon, \qquad z \sim N(0, I_r),\ \varepsilon \sim N(0, I_n)

    A point and its mirror image belong to the same class with the same probability, so that no linear rule with more
    than two classes can do much better than chance.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_classes, n_features : int
    subspace_dim : int
        r.
    rows_per_class : int
        Half of them train, half test.
    noise : float
        :math:`\sigma`.

    Returns
    -------
    dict of ndarray
        With ``subspaces``, the true ones, of shape (C, r, n).
    """
    A = random_subspaces(rng, subspace_dim, n_features, n_classes)
    z = rng.standard_normal((n_classes, rows_per_class, subspace_dim))
    X = (z @ A).reshape(-1, n_features)
    X += noise * subspace_dim**0.5 * rng.standard_normal(X.shape)
    y = np.repeat(np.arange(n_classes), rows_per_class)
    data = split_rows(X, y, choose_per_class(rng, y, 0.5))
    return {**data, "subspaces": A, "training_seed": training_seed(rng)}


def shipped_features(
    rng: np.random.Generator, *, name: ShippedName, standardise: bool = True, train_share: float = 0.5
) -> dict[str, np.ndarray]:
    """Rows of a data set that scikit-learn ships, split anew in every replicate.

    Parameters
    ----------
    rng : numpy.random.Generator
        Chooses the training rows, stratified.
    name : {"digits", "wine", "breast_cancer", "iris"}
    standardise : bool
        Mean zero and variance one on the training rows. Without it, features are divided by their largest value
        over all columns: pixels then lie in [0, 1].
    train_share : float
        Share of each class that trains.

    Returns
    -------
    dict of ndarray
    """
    from sklearn import datasets

    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    return _prepared(rng, X.astype(float), y, standardise, train_share)


def feature_classes(
    rng: np.random.Generator, *, path: str, standardise: bool = False, train_share: float = 0.5
) -> dict[str, np.ndarray]:
    """A user's own features and labels, for instance of a network's last layer, split anew in every replicate.

    Parameters
    ----------
    rng : numpy.random.Generator
        Chooses the training rows, stratified.
    path : str
        ``.npz`` with ``X`` (or ``features``) and ``labels`` (or ``y``).
    standardise : bool
        As in :func:`shipped_features`; off by default, since the direction of a network's features means something.
    train_share : float

    Returns
    -------
    dict of ndarray
    """
    X, y = read_features(path)
    return _prepared(rng, X, y, standardise, train_share)


def _prepared(rng, X: np.ndarray, y: np.ndarray, standardise: bool, train_share: float) -> dict[str, np.ndarray]:
    data = split_rows(X, y, choose_per_class(rng, y, train_share))
    train = data["X"]
    centre, scale = (train.mean(0), train.std(0)) if standardise else (0.0, np.abs(train).max())
    scale = np.where(scale > 1e-12 * np.abs(train).max(), scale, 1.0)
    data |= {key: (data[key] - centre) / scale for key in ("X", "X_test")}
    return {**data, "training_seed": training_seed(rng)}


def check_subspace_mixture(
    *, n_classes: int = 10, n_features: int = 64, subspace_dim: int = 4, rows_per_class: int = 200, noise: float = 0.1
) -> list[str]:
    """Messages for values that the generator cannot work with."""
    messages = [f"n_classes must be at least 2, got {n_classes}"] if n_classes < 2 else []
    if not 1 <= subspace_dim < n_features:
        messages.append(f"subspace_dim must lie between 1 and {n_features - 1}, got {subspace_dim}")
    if rows_per_class < 4:
        messages.append(f"rows_per_class must be at least 4, got {rows_per_class}")
    return [*messages, f"noise must not be negative, got {noise}"] if noise < 0 else messages


def check_shipped_features(*, name: str, standardise: bool = True, train_share: float = 0.5) -> list[str]:
    """Messages for values that the generator cannot work with."""
    return _check_share(train_share, RAREST[name])


def check_feature_classes(*, path: str, standardise: bool = False, train_share: float = 0.5) -> list[str]:
    """Messages for files that the generator cannot read, and values that they do not allow."""
    if messages := check_features(path, needs_labels=True):
        return messages
    sizes = np.bincount(read_features(path)[1])
    if len(sizes) < 2 or sizes.min() < 2:
        return [f"{path}: has {len(sizes)} classes, the rarest with {sizes.min()} rows; at least 2 of 2 are needed"]
    return _check_share(train_share, int(sizes.min()))


def _check_share(train_share: float, rarest: int) -> list[str]:
    if 0 < train_share < 1 and 1 <= round(train_share * rarest) < rarest:
        return []
    return [f"train_share is {train_share}; of the {rarest} rows of the rarest class, some must train and some test"]
