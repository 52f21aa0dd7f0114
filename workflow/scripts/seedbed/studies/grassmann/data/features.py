"""Generators of fixed features: a mixture of subspaces, and data that scikit-learn ships.

Each returns ``X``, ``y``, ``X_test``, ``y_test`` and ``training_seed``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from seedbed.grassmann.geometry.manifold import random_subspaces
from seedbed.user_data.recipe import centre_and_scale

from .splitting import choose_per_class, split_rows, training_seed

__all__ = ["ShippedFeatures", "SubspaceMixture"]

ShippedName = Literal["digits", "wine", "breast_cancer", "iris"]
RAREST = {"digits": 174, "wine": 48, "breast_cancer": 212, "iris": 50}  # rows of the rarest class


@dataclass(frozen=True, kw_only=True)
class SubspaceMixture:
    r"""Classes that differ in nothing but the subspace that their points lie near; all have the mean zero.

    .. math:: x = A_c^\top z + \sigma \sqrt{r}\, \varepsilon, \qquad z \sim N(0, I_r),\ \varepsilon \sim N(0, I_n)

    A point and its mirror image belong to the same class with the same probability, so that no linear rule with more
    than two classes can do much better than chance.

    Parameters
    ----------
    n_classes, n_features : int
    subspace_dim : int
        r.
    rows_per_class : int
        Half of them train, half test.
    noise : float
        :math:`\sigma`.
    """

    n_classes: int = 10
    n_features: int = 64
    subspace_dim: int = 4
    rows_per_class: int = 200
    noise: float = 0.1

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = [f"n_classes must be at least 2, got {self.n_classes}"] if self.n_classes < 2 else []
        if not 1 <= self.subspace_dim < self.n_features:
            messages.append(f"subspace_dim must lie between 1 and {self.n_features - 1}, got {self.subspace_dim}")
        if self.rows_per_class < 4:
            messages.append(f"rows_per_class must be at least 4, got {self.rows_per_class}")
        return [*messages, f"noise must not be negative, got {self.noise}"] if self.noise < 0 else messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            With ``subspaces``, the true ones, of shape (C, r, n).
        """
        A = random_subspaces(rng, self.subspace_dim, self.n_features, self.n_classes)
        z = rng.standard_normal((self.n_classes, self.rows_per_class, self.subspace_dim))
        X = (z @ A).reshape(-1, self.n_features)
        X += self.noise * self.subspace_dim**0.5 * rng.standard_normal(X.shape)
        y = np.repeat(np.arange(self.n_classes), self.rows_per_class)
        data = split_rows(X, y, choose_per_class(rng, y, 0.5))
        return {**data, "subspaces": A, "training_seed": training_seed(rng)}


@dataclass(frozen=True, kw_only=True)
class ShippedFeatures:
    """Rows of a data set that scikit-learn ships, split anew in every replicate.

    Parameters
    ----------
    name : {"digits", "wine", "breast_cancer", "iris"}
    standardise : bool
        Mean zero and variance one on the training rows. Without it, features are divided by their largest value
        over all columns: pixels then lie in [0, 1].
    train_share : float
        Share of each class that trains.
    """

    name: ShippedName
    standardise: bool = True
    train_share: float = 0.5

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        return check_share(self.train_share, RAREST[self.name])

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
        """
        from sklearn import datasets

        X, y = getattr(datasets, f"load_{self.name}")(return_X_y=True)
        return _prepared(rng, X.astype(float), y, self.standardise, self.train_share)


def _prepared(rng, X: np.ndarray, y: np.ndarray, standardise: bool, train_share: float) -> dict[str, np.ndarray]:
    data = split_rows(X, y, choose_per_class(rng, y, train_share))
    return {**scaled(data, standardise), "training_seed": training_seed(rng)}


def scaled(data: dict[str, np.ndarray], standardise: bool) -> dict[str, np.ndarray]:
    """Features standardised by the training rows, or divided by their largest value there."""
    train = data["X"]
    centre, scale = centre_and_scale(train) if standardise else (0.0, np.abs(train).max() or 1.0)
    return data | {key: (data[key] - centre) / scale for key in ("X", "X_test")}


def check_share(train_share: float, rarest: int) -> list[str]:
    """A message if of the rows of the rarest class none would train, or none test."""
    if 0 < train_share < 1 and 1 <= round(train_share * rarest) < rarest:
        return []
    return [f"train_share is {train_share}; of the {rarest} rows of the rarest class, some must train and some test"]
