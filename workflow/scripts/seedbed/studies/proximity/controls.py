"""What no method can beat on average: every node classified by the true law and the true classes of all others."""

from __future__ import annotations

import numpy as np


class Genie:
    r"""The likeliest class of every node, given the classes of all others.

    .. math:: \hat z_i = \arg\max_a \log \pi_a + \sum_{j \ne i} A_{ij} \log p_{ij} + (1 - A_{ij}) \log (1 - p_{ij}),
              \quad p_{ij} = \theta_i \theta_j P_{a z_j}

    Parameters
    ----------
    known_labels : ndarray of shape (n,)
    known_probabilities : ndarray of shape (K, K), optional
        Where the law is not known, the densities of the true classes stand for it.
    known_popularity : ndarray of shape (n,), optional
    """

    def __init__(self, known_labels, known_probabilities=None, known_popularity=None):
        self.known_labels = known_labels
        self.known_probabilities = known_probabilities
        self.known_popularity = known_popularity

    def fit(self, X):
        """Classify the nodes of an adjacency matrix; weights count as edges."""
        A, z = (np.asarray(X) > 0).astype(float), np.asarray(self.known_labels)
        K = int(z.max()) + 1
        P = densities(A, z) if self.known_probabilities is None else np.asarray(self.known_probabilities)
        theta = np.ones(len(z)) if self.known_popularity is None else np.asarray(self.known_popularity)
        scores = np.empty((len(z), K))
        for a in range(K):
            p = np.clip(theta[:, None] * theta * P[a][z], 1e-12, 1.0 - 1e-12)
            terms = A * np.log(p) + (1.0 - A) * np.log1p(-p)
            np.fill_diagonal(terms, 0.0)
            scores[:, a] = terms.sum(axis=1) + np.log((z == a).mean())
        self.labels_ = scores.argmax(axis=1)
        return self


def densities(A: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Shares of the pairs of two classes that are edges."""
    members = (z[:, None] == np.arange(int(z.max()) + 1)).astype(float)
    sizes = members.sum(axis=0)
    pairs = np.outer(sizes, sizes) - np.diag(sizes)
    return members.T @ A @ members / np.maximum(pairs, 1.0)
