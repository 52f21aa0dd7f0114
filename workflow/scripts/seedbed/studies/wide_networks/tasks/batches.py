"""Extreme eigenvalues of batch Hessians and batch Gauss-Newton matrices, beside those of the whole data set."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..data.digits import network_inputs
from ..networks.classifier_curvature import Curvature, trained_classifier

Arrays = Mapping[str, np.ndarray]


class BatchCurvature:
    r"""A small classifier near the start of training; batches are drawn without replacement.

    Parameters
    ----------
    curvature : {"hessian", "ggn"}
        Of the Gauss-Newton matrix the largest eigenvalue alone: the smallest is zero.
    smallest_batch, largest_batch : int
        Of the data's batch sizes those from one to the other.

    Notes
    -----
    With :math:`v_1` the leading eigenvector and :math:`D` a row's own matrix less the mean, the mean excess of the
    largest eigenvalue is to second order

    .. math:: \left(\frac1B - \frac1N\right) \sum_{j > 1} \frac{E (v_j^\top D v_1)^2}{\lambda_1 - \lambda_j}

    and at least, up to higher orders, what :math:`\lambda_j = 0` makes of it, which needs one product a row.
    """

    task = "batches"

    def __init__(self, curvature: Curvature = "hessian", smallest_batch: int = 4, largest_batch: int = 128) -> None:
        self.curvature: Curvature = curvature
        self.smallest_batch, self.largest_batch = smallest_batch, largest_batch

    def measure(self, data: Arrays) -> dict[str, np.ndarray]:
        """Means over the batches of each size.

        Returns
        -------
        dict of ndarray
            ``sizes``, ``n``; ``largest`` and, of the Hessian, ``smallest``, of each size, and those of the whole data
            set, ``full_largest`` and ``full_smallest``; ``predicted``, the excess of the largest with all others zero.
        """
        x, y = (one.astype(float) for one in network_inputs(data))
        rng = np.random.default_rng(int(data["training_seed"]))
        model = trained_classifier(x, y, int(data["width"]), int(data["n_steps"]), int(data["training_seed"]))
        top, direction = model.largest(x, y, self.curvature, tol=1e-6)
        own = model.products(x, y, direction, self.curvature)
        own -= own.mean(axis=0)
        spread = (own**2).sum(axis=1).mean() - ((own @ direction) ** 2).mean()
        sizes = data["batch_sizes"]
        sizes = sizes[(sizes >= self.smallest_batch) & (sizes <= self.largest_batch)]
        largest, smallest = [], []
        for size in sizes:
            batches = [rng.choice(len(x), int(size), replace=False) for _ in range(int(data["repeats"]))]
            largest.append(np.mean([model.largest(x[rows], y[rows], self.curvature)[0] for rows in batches]))
            if self.curvature == "hessian":
                smallest.append(np.mean([model.smallest(x[rows], y[rows], "hessian") for rows in batches]))
        found = {"sizes": sizes, "n": len(x), "largest": largest, "full_largest": top,
                 "predicted": spread / top * (1 / sizes - 1 / len(x))}  # fmt: skip
        if smallest:
            found |= {"smallest": smallest, "full_smallest": model.smallest(x, y, "hessian")}
        return {name: np.asarray(value) for name, value in found.items()}
