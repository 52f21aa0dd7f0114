"""Kernel ridge of several kernels, all tuned alike: kernel and ridge by generalised cross-validation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["TunedKernelRidge", "smallest_gcv"]

ALPHAS = np.geomspace(1e-8, 10, 25)  # in units of the mean eigenvalue
Kernel = Callable[[np.ndarray, np.ndarray], np.ndarray]


def gcv(values: np.ndarray, c: np.ndarray, outside: float, n: int, alpha: float) -> float:
    r"""Generalised cross-validation, :math:`n |r|^2 / \mathrm{tr}^2`, of ridge with the strength ``alpha``.

    Parameters
    ----------
    values, c : ndarray of shape (k,)
        Eigenvalues of the kernel matrix and the response in its eigenvectors.
    outside : float
        The response's squared length outside of these.
    n : int

    Returns
    -------
    float
        Infinite where nothing is left of the trace: 0/0 otherwise.
    """
    left = alpha / (values + alpha)
    trace = left.sum() + n - len(values)
    return n * float(((left * c) ** 2).sum() + outside) / trace**2 if trace > 1e-6 * n else np.inf


def smallest_gcv(values: np.ndarray, c: np.ndarray, outside: float, n: int) -> float:
    """The strength with the smallest generalised cross-validation, of 25 from 1e-8 to 10 mean eigenvalues."""
    alphas = ALPHAS * values.sum() / n
    return float(alphas[np.argmin([gcv(values, c, outside, n, alpha) for alpha in alphas])])


class TunedKernelRidge:
    """Kernel ridge, its kernel and strength chosen by generalised cross-validation.

    Parameters
    ----------
    kernel : {"ntk", "poly", "rbf"}
    depths, input_biases : tuple
        Of "ntk": hidden layers, and biases of the first one.
    degree : int
        Of "poly", (1 + x.x'/d)^degree.
    widths : tuple of float
        Of "rbf", exp(-|x - x'|^2 / (2 width d)).

    Notes
    -----
    One eigendecomposition for each kernel, n^3.
    """

    def __init__(
        self,
        kernel: str = "rbf",
        depths: tuple[int, ...] = (1, 3),
        input_biases: tuple[float, ...] = (0.3, 1.0),
        degree: int = 4,
        widths: tuple[float, ...] = (2.0, 6.0),
    ) -> None:
        self.kernel, self.depths, self.input_biases = kernel, depths, input_biases
        self.degree, self.widths = degree, widths

    def fit(self, X: np.ndarray, y: np.ndarray) -> TunedKernelRidge:
        """Tune, and keep the best.

        Parameters
        ----------
        X : ndarray of shape (n, d)
        y : ndarray of shape (n,)
        """
        self._rows, self._mean, n = X, float(y.mean()), len(y)
        self.score_ = np.inf
        for kernel in self._kernels():
            values, U = np.linalg.eigh(kernel(X, X))
            values, c = np.maximum(values, 0), U.T @ (y - self._mean)
            alpha = smallest_gcv(values, c, 0.0, n)
            score = gcv(values, c, 0.0, n, alpha)
            if score < self.score_:
                self.score_, self.alpha_, self._best = score, alpha, kernel
                self._dual = U @ (c / (values + alpha))
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Predictions (m,)."""
        return self._mean + self._best(X, self._rows) @ self._dual

    def _kernels(self) -> list[Kernel]:
        if self.kernel == "poly":
            return [lambda x, z: (1 + x @ z.T / x.shape[1]) ** self.degree]
        if self.kernel == "rbf":
            return [lambda x, z, width=width: _gaussian(x, z, width * x.shape[1]) for width in self.widths]
        from seedbed.wide_networks.kernels.ntk_kernel import ntk_kernel

        pairs = [(depth, bias) for depth in self.depths for bias in self.input_biases]
        return [lambda x, z, L=L, b=b: ntk_kernel(x, z, depth=L, input_bias=b) for L, b in pairs]


def _gaussian(x: np.ndarray, z: np.ndarray, variance: float) -> np.ndarray:
    squares = (x * x).sum(axis=1)[:, None] + (z * z).sum(axis=1) - 2 * x @ z.T
    return np.exp(-np.maximum(squares, 0) / (2 * variance))
