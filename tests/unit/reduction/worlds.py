"""Small problems whose answer is known."""

from __future__ import annotations

import numpy as np


def mixed(n=300, p=5, seed=0):
    """Correlated Gaussian X, the matrix that made it, and a generator for what follows."""
    rng = np.random.default_rng(seed)
    mixing = np.linalg.qr(rng.normal(size=(p, p)))[0] * np.linspace(0.5, 2.0, p)
    return rng.normal(size=(n, p)) @ mixing, rng


def bent(n=240, seed=0):
    """Mixed X, and a response with a line in one coordinate and a parabola in another."""
    X, rng = mixed(n, 5, seed)
    return X, X[:, 0] + 0.5 * X[:, 1] ** 2 + 0.2 * rng.normal(size=n)


def spanned(first, second):
    """Cosine of the largest angle between the spaces of two sets of centred columns."""
    bases = [np.linalg.qr(values - values.mean(axis=0))[0] for values in (first, second)]
    return np.linalg.svd(bases[0].T @ bases[1])[1].min()


def as_objects(values, rng):
    """The same one-dimensional signal as a response of every space: ``{metric: objects}``."""
    scaled = np.tanh(values)
    angle = np.pi * scaled / 2
    matrices = np.stack([np.eye(2) + s * np.array([[0.0, 0.9], [0.9, 0.0]]) for s in scaled])
    shares = np.column_stack([np.exp(scaled), np.ones_like(scaled), np.exp(-scaled)])
    return {
        "euclidean": np.column_stack([values, np.tanh(values)]),
        "wasserstein": values[:, None] + 0.1 * rng.normal(size=(len(values), 20)),
        **dict.fromkeys(["frobenius", "log_euclidean", "log_cholesky", "affine_invariant"], matrices),
        "geodesic": np.column_stack([np.cos(angle), np.sin(angle)]),
        **dict.fromkeys(["aitchison", "fisher_rao"], shares / shares.sum(axis=1, keepdims=True)),
        "precomputed": np.abs(values[:, None] - values[None, :]),
    }
