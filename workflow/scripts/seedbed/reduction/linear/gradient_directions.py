"""The matrix of OPG, which MAVE starts from."""

from __future__ import annotations

import numpy as np

from seedbed.reduction.spaces.response import Response
from seedbed.reduction.spaces.response_features import response_features

from .local_linear import bandwidths, local_linear, local_weights


def gradient_matrix(Z: np.ndarray, response: Response, n_components: int, n_steps: int) -> np.ndarray:
    """Mean outer product of the gradients (r, r), with neighbours by the leading directions from step two on."""
    features, basis = response_features(response), np.eye(Z.shape[1])
    for bandwidth in bandwidths(len(Z), Z.shape[1], n_components, n_steps):
        gradients = local_linear(local_weights(Z @ basis, bandwidth), Z, features).gradients
        matrix = np.einsum("jam,jbm->ab", gradients, gradients) / len(Z)
        basis = np.linalg.eigh(matrix)[1][:, -n_components:]
    return matrix
