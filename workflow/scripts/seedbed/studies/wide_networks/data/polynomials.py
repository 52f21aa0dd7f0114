"""Gaussian rows and functions of few of their directions: of one index, or of a quadratic form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .digits import bad_counts


@dataclass(frozen=True, kw_only=True)
class SingleIndex:
    r"""The function :math:`\mathrm{He}_2(z)/\sqrt 2 + z/2` of one index :math:`z = w^\top x`, scaled to variance one.

    Parameters
    ----------
    dimension, n_samples, n_test : int
    """

    dimension: int = 30
    n_samples: int = 512
    n_test: int = 1500

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = bad_counts(dimension=self.dimension, n_test=self.n_test)
        few = [f"n_samples must be at least 50, got {self.n_samples}"] if self.n_samples < 50 else []
        return messages + few

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            With ``direction``, the true w.
        """
        X = rng.standard_normal((self.n_samples + self.n_test, self.dimension))
        w = rng.standard_normal(self.dimension)
        w /= np.linalg.norm(w)
        z = X @ w
        return _replicate("features", X, (z * z - 1) / 2**0.5 + z / 2, self.n_samples, direction=w)


@dataclass(frozen=True, kw_only=True)
class HierarchicalPolynomial:
    r"""A quadratic function of a quadratic form, :math:`h = p + (p^2 - 1)/\sqrt 2` with :math:`p = x^\top A x`.

    A is symmetric and random, without trace and with :math:`2 |A|_F^2 = 1`, so that p has mean zero and variance one.
    There are :math:`c\, d^2` rows and no noise.

    Parameters
    ----------
    dimension : int
        d.
    rows_per_square : int
        c.
    n_test : int
    best_kernel : {"ntk", "poly4", "rbf"}
        The kernel that did best by mean in trial draws; the gain of layerwise training is measured against it.
    """

    dimension: int = 12
    rows_per_square: int = 8
    n_test: int = 800
    best_kernel: str = "poly4"

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = bad_counts(rows_per_square=self.rows_per_square, n_test=self.n_test)
        if self.dimension < 4:
            messages.append(f"dimension must be at least 4, got {self.dimension}")
        if self.best_kernel not in ("ntk", "poly4", "rbf"):
            messages.append(f"best_kernel must be one of 'ntk', 'poly4', 'rbf', got {self.best_kernel!r}")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            With ``quadratic_form``, the true A, ``inner_test``, p at the test rows, and ``best_kernel``.
        """
        d, n = self.dimension, self.rows_per_square * self.dimension**2
        A = rng.standard_normal((d, d))
        A = (A + A.T) / 2
        A -= np.eye(d) * np.trace(A) / d
        A /= np.sqrt(2 * (A**2).sum())
        X = rng.standard_normal((n + self.n_test, d))
        p = ((X @ A) * X).sum(axis=1)
        y = p + (p * p - 1) / np.sqrt(2)
        more = {"quadratic_form": A, "inner_test": p[n:], "best_kernel": self.best_kernel}
        return _replicate("hierarchy", X, y, n, **more)


def _replicate(task: str, X: np.ndarray, y: np.ndarray, n: int, **more: Any) -> dict[str, np.ndarray]:
    """Rows that train and rows that test; the response has mean zero and variance one on all rows."""
    y = (y - y.mean()) / y.std()
    found = {"task": task, "X": X[:n], "y": y[:n], "X_test": X[n:], "y_test": y[n:], **more}
    return {name: np.asarray(value) for name, value in found.items()}
