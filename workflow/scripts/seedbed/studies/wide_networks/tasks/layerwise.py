"""Layerwise learning of a function of a quadratic form: first the form, then a function of one variable."""

from __future__ import annotations

import numpy as np

from ..peers.ridge import TunedKernelRidge, smallest_gcv

DEGREE = 4


def hermite_products(X: np.ndarray) -> np.ndarray:
    r"""All Hermite polynomials of degree two, orthonormal under N(0, I): d(d + 1)/2 features.

    Parameters
    ----------
    X : ndarray of shape (n, d)
    """
    i, j = np.triu_indices(X.shape[1], 1)
    return np.hstack([(X * X - 1) / np.sqrt(2), X[:, i] * X[:, j]])


class Layerwise:
    r"""Two stages on two halves of the rows, then with the halves swapped, and averaged.

    Stage one finds a quadratic form: :math:`E[h(x) \mathrm{He}_2(x)]` is proportional to that of :math:`p` if
    :math:`E g'(p) \neq 0`. Stage two is a regression of y on a polynomial of degree four in it.

    Parameters
    ----------
    first : {"ridge", "one_step"}
        "ridge": ridge on all Hermite polynomials of degree two, its strength by generalised cross-validation (ours).
        "one_step": one gradient step from zero, the means of their products with y.

    Notes
    -----
    A singular value decomposition of n/2 rows and d(d + 1)/2 features a half.
    """

    task = "hierarchy"

    def __init__(self, first: str = "ridge") -> None:
        self.first = first

    def fit(self, X: np.ndarray, y: np.ndarray) -> Layerwise:
        """Learn from all rows, half of them in each stage.

        Parameters
        ----------
        X : ndarray of shape (n, d)
        y : ndarray of shape (n,)
        """
        F, half = hermite_products(X), len(y) // 2
        halves = (slice(0, half), slice(half, None))
        self._parts = [self._stages(F, y, a, b) for a, b in (halves, halves[::-1])]
        return self

    def _stages(self, F: np.ndarray, y: np.ndarray, a: slice, b: slice) -> tuple[np.ndarray, np.ndarray, tuple]:
        centred = y[a] - y[a].mean()
        form = F[a].T @ centred / len(centred) if self.first == "one_step" else _ridge(F[a], centred)
        p = F[b] @ form
        form, p = form / p.std(), p / p.std()
        outer = np.linalg.lstsq(np.polynomial.hermite_e.hermevander(p, DEGREE), y[b], rcond=None)[0]
        return form, outer, (p.min(), p.max())

    def inner(self, X: np.ndarray) -> np.ndarray:
        """The quadratic forms of both halves, averaged."""
        return np.mean([hermite_products(X) @ form for form, _, _ in self._parts], axis=0)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Predictions; a form beyond its range in the second stage counts as the end of that range."""
        F = hermite_products(X)
        every = [
            np.polynomial.hermite_e.hermevander(np.clip(F @ form, *ends), DEGREE) @ outer
            for form, outer, ends in self._parts
        ]
        return np.mean(every, axis=0)


class LayerwiseGain:
    """Layerwise learning beside the best tuned kernel of these sizes: two columns of predictions.

    Parameters
    ----------
    known_best_kernel : {"ntk", "poly4", "rbf"}
        Which kernel that is, by mean over trial draws; the replicate says it.
    """

    task = "hierarchy"

    def __init__(self, known_best_kernel: str | np.ndarray) -> None:
        self.known_best_kernel = known_best_kernel

    def fit(self, X: np.ndarray, y: np.ndarray) -> LayerwiseGain:
        """Fit both to the same rows."""
        name = str(self.known_best_kernel)
        self._both = [Layerwise().fit(X, y), TunedKernelRidge(name.removesuffix("4")).fit(X, y)]
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Predictions of both (m, 2)."""
        return np.column_stack([one.predict(X) for one in self._both])


def _ridge(F: np.ndarray, y: np.ndarray) -> np.ndarray:
    U, s, Vt = np.linalg.svd(F, full_matrices=False)
    c = U.T @ y
    alpha = smallest_gcv(s**2, c, float(y @ y - c @ c), len(y))
    return Vt.T @ (s * c / (s**2 + alpha))
