r"""The kernel matrix with the largest leave-one-out likelihood, by expectation maximisation.

.. math:: H \leftarrow \frac{1}{n} \sum_{i} \sum_{j \neq i} w_{ij} (x_i - x_j)(x_i - x_j)^\top

with :math:`w_{ij}` the share of point j in the leave-one-out density at i. The likelihood never falls. A diagonal
matrix, or a multiple of the identity, keeps its form if the step keeps it; such steps are stretched, and taken back
where the likelihood would fall (adaptive overrelaxation, Salakhutdinov and Roweis 2003).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from scipy.linalg import cholesky, solve_triangular

from seedbed.density.kernels.radial_kernels import Gaussian
from seedbed.density.sums.kernel_sums import KernelSums, Shares

from .curve_search import mean_and_error
from .distinct_rows import log_others
from .principal_axes import floored
from .rules import scott_factor

Family = Literal["full", "diagonal", "isotropic"]
STEPS = 30
NARROWEST = 1e-20  # of a variance of the kernel, over the column's: of few values it would have none
STRETCH = 2.5  # of the logarithms of a step, where the matrix is diagonal


class KernelMatrix(NamedTuple):
    """The matrix, and the mean leave-one-out log density before every step: it never falls."""

    matrix: np.ndarray
    values: np.ndarray


def em_kernel_matrix(
    points: np.ndarray, weights: np.ndarray, rows: np.ndarray, family: Family = "full", tol: float = 1e-4,
    max_iter: int = STEPS, n_jobs: int | None = None,
) -> KernelMatrix:  # fmt: skip
    """Iterate until a step gains less than ``tol`` nats per row.

    Parameters
    ----------
    points : ndarray (n, d)
        Distinct ones.
    weights : ndarray (n,)
        Adding up to 1.
    rows : ndarray of int
        Those that the likelihood is averaged over.
    family : {"full", "diagonal", "isotropic"}
        The start is in the family, from Scott's rule: one outside of it would fall once.
    tol : float
    max_iter : int
    n_jobs : int or None

    Notes
    -----
    Each step is two passes over all pairs, one for up to a thousand points; five to ten steps suffice.
    """
    d, share = points.shape[1], weights[rows] / weights[rows].sum()
    centred = points - weights @ points
    covariance = (centred.T * weights) @ centred
    least = NARROWEST * np.diag(covariance)
    H = _in_family(floored(scott_factor(1.0 / float(weights @ weights), d) ** 2 * covariance), family)
    values: list[float] = []
    plain, stretch = H, 1.0
    for _ in range(max_iter):
        value, found = _evaluated(H, centred, weights, rows, share, n_jobs)
        if values and value < values[-1]:  # a stretched step went too far: the plain one does not
            H, stretch = plain, 1.0
            continue
        values.append(value)
        if len(values) > 1 and values[-1] - values[-2] < tol:
            break
        plain = _in_family(floored(_step(found, centred, rows, share), least), family)
        if family == "full":
            H = plain
        else:
            H, stretch = np.diag(np.diag(H) * (np.diag(plain) / np.diag(H)) ** stretch), min(1.4 * stretch, STRETCH)
    return KernelMatrix(H, np.array(values))


def _evaluated(
    H: np.ndarray, centred: np.ndarray, weights: np.ndarray, rows: np.ndarray, share: np.ndarray, n_jobs: int | None
) -> tuple[float, Shares]:
    """The mean leave-one-out log density, and the shares in it."""
    root = cholesky(H, lower=True)
    white = solve_triangular(root, centred.T, lower=True).T
    sums = KernelSums(white, Gaussian(len(H)), np.log(weights), n_jobs=n_jobs)
    found = sums.shares(white[rows], centred, rows, slopes=False, query_weights=share)
    totals = found.log_total - log_others(weights, rows)
    constant = Gaussian(len(H)).log_constant() - float(np.log(np.diag(root)).sum())
    return float(mean_and_error(totals[:, None], share)[0][0]) + constant, found


def _step(found: Shares, centred: np.ndarray, rows: np.ndarray, share: np.ndarray) -> np.ndarray:
    """The mean of squared differences: the query's square, the centres', and the product, each once."""
    x = centred[rows] * share[:, None]
    cross = x.T @ found.means
    H = x.T @ centred[rows] + (centred.T * found.columns) @ centred - cross - cross.T
    return 0.5 * (H + H.T)


def _in_family(H: np.ndarray, family: Family) -> np.ndarray:
    if family == "full":
        return H
    variances = np.diag(H)
    return np.diag(variances if family == "diagonal" else np.full(len(H), variances.mean()))
