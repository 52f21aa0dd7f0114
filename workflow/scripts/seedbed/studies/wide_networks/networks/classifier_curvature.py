"""A small tanh classifier by hand: its training, and products of Hessian and Gauss-Newton matrix with vectors."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh

from .copies import NetworkCopies, cross_entropy_slope
from .descent import Sgd

__all__ = ["Classifier", "trained_classifier"]

Curvature = Literal["hessian", "ggn"]


class Classifier:
    r"""Outputs :math:`\tanh(x W + b) V + c` with the mean cross-entropy, in double precision.

    Parameters
    ----------
    layers : tuple of ndarray
        W (d, h), b (h,), V (h, C) and c (C,).
    """

    def __init__(self, layers: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]) -> None:
        self.layers = layers
        self.n_parameters = sum(one.size for one in layers)

    def products(self, x: np.ndarray, y: np.ndarray, direction: np.ndarray, curvature: Curvature) -> np.ndarray:
        """Of every row's own matrix with a vector, (n, n_parameters); the mean is that of all rows."""
        a, ra, d, rd, re = self._derivatives(x, y, direction, curvature)
        first = x[:, :, None] * re[:, None, :]
        last = a[:, :, None] * rd[:, None, :]
        if curvature == "hessian":
            last += ra[:, :, None] * d[:, None, :]
        return np.hstack([first.reshape(len(x), -1), re, last.reshape(len(x), -1), rd])

    def operator(self, x: np.ndarray, y: np.ndarray, curvature: Curvature) -> LinearOperator:
        """The matrix of the mean over the rows: a product costs two backward passes."""

        def product(direction: np.ndarray) -> np.ndarray:
            a, ra, d, rd, re = self._derivatives(x, y, direction.ravel(), curvature)
            last = a.T @ rd + (ra.T @ d if curvature == "hessian" else 0.0)
            return np.concatenate([(x.T @ re).ravel(), re.sum(0), last.ravel(), rd.sum(0)]) / len(x)

        return LinearOperator((self.n_parameters,) * 2, matvec=product, dtype=float)  # pyright: ignore[reportCallIssue]

    def largest(
        self, x: np.ndarray, y: np.ndarray, curvature: Curvature, tol: float = 1e-4
    ) -> tuple[float, np.ndarray]:
        """The largest eigenvalue and its eigenvector, by Lanczos."""
        start = np.random.default_rng(0).standard_normal(self.n_parameters)
        values, vectors = eigsh(self.operator(x, y, curvature), k=1, which="LA", tol=tol, v0=start)
        return float(values[0]), vectors[:, 0]

    def smallest(self, x: np.ndarray, y: np.ndarray, curvature: Curvature, tol: float = 1e-3) -> float:
        """The smallest eigenvalue, by Lanczos."""
        start = np.random.default_rng(0).standard_normal(self.n_parameters)
        found = eigsh(self.operator(x, y, curvature), k=1, which="SA", tol=tol, v0=start, return_eigenvectors=False)
        return float(found[0])

    def _derivatives(self, x: np.ndarray, y: np.ndarray, direction: np.ndarray, curvature: Curvature):
        """Activations and slopes by outputs and by hidden units, each with its derivative along the direction."""
        W, b, V, c = self.layers
        ends = np.cumsum([one.size for one in self.layers])
        parts = zip(np.split(direction, ends[:-1]), self.layers, strict=True)
        dW, db, dV, dc = (part.reshape(one.shape) for part, one in parts)
        a = np.tanh(x @ W + b)
        bend = 1 - a * a
        ra = bend * (x @ dW + db)
        rz = ra @ V + a @ dV + dc
        d = cross_entropy_slope(a @ V + c, y)
        p = d + y
        rd = p * (rz - (p * rz).sum(axis=1, keepdims=True))
        e = d @ V.T
        re = (rd @ V.T) * bend
        if curvature == "hessian":
            re += (d @ dV.T) * bend - 2 * e * a * ra
        return a, ra, d, rd, re


def trained_classifier(x: np.ndarray, y: np.ndarray, width: int, n_steps: int, seed: int) -> Classifier:
    """After some steps of plain descent with batches of 64 and the rate 0.1, from torch's default initial weights."""
    rng = np.random.default_rng(seed)
    shapes = ((x.shape[1], width), (width, y.shape[1]))
    weights = [rng.uniform(-1, 1, shape) / shape[0] ** 0.5 for shape in shapes]
    biases = [rng.uniform(-1, 1, shape[1]) / shape[0] ** 0.5 for shape in shapes]
    network = NetworkCopies(weights, 1, "tanh", biases[0])
    method, last = Sgd(np.array([0.1]), [1.0, 1.0, 1.0]), biases[1]
    for _ in range(n_steps):
        rows = rng.integers(0, len(x), 64)
        outputs, gradients = network.gradients(x[rows], y[rows], lambda z, t, c=last: cross_entropy_slope(z + c, t))
        method.step(network.parameters, gradients)
        last = last - 0.1 * cross_entropy_slope(outputs[0] + last, y[rows]).mean(axis=0)
    W, V, b = (one[0].astype(float) for one in network.parameters)
    return Classifier((W, b[0], V, last))
