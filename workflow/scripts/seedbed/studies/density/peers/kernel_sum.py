"""One kernel sum over many data sets, at a bandwidth that is a multiple of the edge of condensation."""

from __future__ import annotations

import numpy as np

from seedbed.studies.density.data.laws import squared_distances


class KernelSum:
    r"""Logarithms of :math:`\sum_i e^{-|x - y_i|^2/(2h^2)}` and shares of squares, data set by data set.

    Parameters
    ----------
    factor : float
        c = h / h_G, with h_G the edge at the size of the data sets.
    """

    def __init__(self, factor=1.0):
        self.factor = factor

    def evaluate(self, data):
        """Over the data sets of one replicate.

        Returns
        -------
        dict of ndarray
            ``log_sums`` and ``participation`` (n_sets,), and ``factor``.
        """
        h2 = (self.factor * float(data["edge"])) ** 2
        sizes = (int(data[name]) for name in ("n_samples", "n_features", "n_sets", "data_seed"))
        log_sums, shares = [], []
        for squares in squared_distances(*sizes):
            terms = squares / (-2.0 * h2)
            top = terms.max()
            z = np.exp(terms - top)
            total = z.sum()
            log_sums.append(top + np.log(total))
            shares.append((z @ z) / total**2)
        return {
            "log_sums": np.array(log_sums), "participation": np.array(shares), "factor": np.array(float(self.factor))
        }  # fmt: skip
