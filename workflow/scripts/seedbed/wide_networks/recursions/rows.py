"""Rows of data as the first layer sees them: with constant inputs for the biases, as directions and norms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.utils.validation import check_array

from .network import Network, refuse_large, refuse_overflow

MOST_PAIRS = 20000**2


@dataclass(frozen=True, eq=False)
class Rows:
    """``units`` (n, d + 2): directions, of norm 1 (or 0); ``roots`` (n,): standard deviations of the first layer."""

    units: np.ndarray
    roots: np.ndarray

    def __len__(self) -> int:
        return len(self.roots)


def checked(X: Any, name: str = "X") -> np.ndarray:
    """X as a matrix of doubles.

    Raises
    ------
    ValueError
        For what is no matrix of finite numbers.
    """
    X = check_array(X, accept_sparse=("csr", "csc"), dtype=np.float64, input_name=name)
    X = X if isinstance(X, np.ndarray) else X.toarray()
    refuse_large(X, name)
    return X


def rows_of(X: np.ndarray, network: Network) -> Rows:
    """[sigma_w x / sqrt(d), sigma_w input_bias, sigma_b], whose products are the covariances of the first layer.

    A row of zeros without any bias has no direction: its kernel is that of variance 0.

    Raises
    ------
    ValueError
        Where variances of layers would overflow.
    """
    n, d = X.shape
    full = np.empty((n, d + 2))
    np.multiply(X, np.sqrt(network.weight_variance / d), out=full[:, :d])
    full[:, d] = np.sqrt(network.weight_variance) * network.input_bias
    full[:, d + 1] = np.sqrt(network.bias_variance)
    # by the largest entry first: squares of tiny numbers would be lost
    largest = np.abs(full).max(axis=1)
    full /= np.where(largest > 0.0, largest, 1.0)[:, None]
    norms = np.sqrt(np.einsum("ij,ij->i", full, full))
    full /= np.where(norms > 0.0, norms, 1.0)[:, None]
    roots = largest * norms
    refuse_overflow(network, roots)
    return Rows(full, roots)


def refuse_too_many(n: int, m: int) -> None:
    """Raise where a matrix would not fit, with the memory it would take."""
    if n * m > MOST_PAIRS:
        raise ValueError(
            f"a kernel matrix of {n} x {m} pairs takes {n * m * 8 / 1e9:.1f} GB of memory, and solving with it "
            f"several times that: more than {MOST_PAIRS**0.5:.0f} rows are refused; take a sample of the rows"
        )
