"""Distance correlation."""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import cdist


def distance_correlation(x: np.ndarray, y: np.ndarray) -> float:
    r"""Distance correlation of two samples (Székely, Rizzo and Bakirov 2007), in its square-root form.

    .. math:: \mathrm{dCor} = \Bigl(\frac{\langle A, B \rangle}{\|A\| \|B\|}\Bigr)^{1/2}

    with doubly centred matrices of distances A and B; the biased (V-) statistic, as R's energy::dcor and Python's
    dcor.distance_correlation give it. Zero for a sample that does not vary.

    Parameters
    ----------
    x, y : ndarray of shape (n, p) and (n, q)

    Notes
    -----
    ``O(n^2 (p + q))``. Not invariant under monotone transforms, and lower for superfluous coordinates: to be
    compared among predictors of equal dimension.
    """
    a, b = (_centred(cdist(values, values)) for values in (x, y))
    scale = np.sqrt(np.vdot(a, a) * np.vdot(b, b))
    return float(np.sqrt(max(np.vdot(a, b) / scale, 0.0))) if scale > 0 else 0.0


def _centred(distances: np.ndarray) -> np.ndarray:
    means = distances.mean(axis=0)
    return distances - means[:, None] - means[None, :] + means.mean()
