r"""The dimension of the data as the nearest neighbours see it.

If the number of points within distance r grows as :math:`r^D` about a point, the best bandwidth of a kernel estimate
has the tail index D/d there and its value is carried by :math:`1/(1 - D/d)` points, whatever the kernel and the law.
"""

from __future__ import annotations

import numpy as np
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_array

from seedbed.counts import whole_number
from seedbed.density.kernels.radial_kernels import Gaussian
from seedbed.density.scales import refuse_scales
from seedbed.density.sums.kernel_sums import KernelSums

N_NEIGHBORS, N_ROWS = 5, 2000


def local_dimension(X, n_neighbors: int = N_NEIGHBORS, n_rows: int | None = N_ROWS, random_state=None) -> float:
    r"""The slope of log(number of points) against log(distance) at the nearest neighbours, averaged over rows.

    With the distances :math:`r_1 \le \dots \le r_{k+1}` of a row to its neighbours, :math:`1/D` is the mean of
    :math:`\log(r_{k+1}/r_j)` over j = 1, ..., k and over rows: maximum likelihood where the power law holds.

    Parameters
    ----------
    X : array-like of shape (n, d)
        In the coordinates in which the kernel is a sphere. Copies of a row count once.
    n_neighbors : int, default=5
        k.
    n_rows : int or None, default=2000
        Rows that are averaged over, drawn at random; None: all.
    random_state : int, RandomState or None

    Returns
    -------
    float
        D, at most d or a little above it for data that fill the space.

    Raises
    ------
    ValueError
        For data that are no finite numbers, fewer than k + 2 different rows, or numbers that are not whole.

    Notes
    -----
    O(n_rows n d) time. Where the density falls off within the distance of the neighbours, in many dimensions, D is the
    slope of the number of points there, and below the dimension of the space.

    References
    ----------
    E. Levina and P. Bickel (2004), Maximum likelihood estimation of intrinsic dimension. D. MacKay and Z. Ghahramani
    (2005), Comments on it.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.density import local_dimension
    >>> plane = np.random.default_rng(0).normal(size=(2000, 2)) @ np.ones((2, 10)) + 0.0
    >>> f"{local_dimension(plane):.1f}"
    '1.0'
    """
    k = whole_number(n_neighbors, "n_neighbors", 2)
    if n_rows is not None:
        n_rows = whole_number(n_rows, "n_rows", 1)
    X = np.unique(check_array(X, dtype=np.float64), axis=0)
    refuse_scales(X)
    if len(X) < k + 2:
        raise ValueError(f"n_neighbors={k} needs at least {k + 2} different rows, got {len(X)}")
    rows = np.arange(len(X))
    if n_rows is not None and len(X) > n_rows:
        rows = np.sort(check_random_state(random_state).permutation(len(X))[:n_rows])
    squares, _ = KernelSums(X, Gaussian(X.shape[1])).nearest(X[rows], k + 1, rows)
    return dimension_of(squares)


def dimension_of(squares: np.ndarray) -> float:
    """D from the squared distances of every row to its k + 1 nearest neighbours, nearest first."""
    steps = 0.5 * np.log(squares[:, -1:] / np.maximum(squares[:, :-1], 1e-300))
    return float(1.0 / steps.mean())
