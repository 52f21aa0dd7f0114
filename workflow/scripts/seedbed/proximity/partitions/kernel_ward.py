"""Ward's method on precomputed distances or a kernel."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from sklearn.base import _fit_context
from sklearn.utils._param_validation import StrOptions

from .precomputed import PrecomputedClustering
from .ward import cut_tree, ward_tree


class KernelWard(PrecomputedClustering):
    r"""Ward's method where only distances or inner products are known, in :math:`O(n^2)`.

    scikit-learn's ``AgglomerativeClustering(linkage="ward")`` takes points alone.

    Parameters
    ----------
    n_clusters : int, default=2
    metric : {"precomputed", "distance", "squared_distance", "kernel"}, default="precomputed"
        What the matrix holds. ``precomputed`` tells distances from a kernel by the diagonal, which of distances is
        zero.
    ward_input : {"kernel", "distance"}, default="kernel"
        ``kernel``: squared distances are increased as by merging points, Ward's own method. ``distance``: D, half the
        squared distance, is taken for the distance itself, which is another method.

    Attributes
    ----------
    labels_ : ndarray of shape (n,)
    children_ : ndarray of shape (n - 1, 2)
        Merged nodes, as of ``AgglomerativeClustering``: below n they are samples.
    distances_ : ndarray of shape (n - 1,)
        Heights of the merges.
    metric_ : str
        What the matrix was taken for.
    n_features_in_ : int

    Raises
    ------
    ValueError
        For a matrix that is not square, not symmetric or not finite, or more clusters than rows.

    Notes
    -----
    For distances that are not Euclidean the formula runs as well; heights need not rise then.

    Examples
    --------
    >>> import numpy as np
    >>> points = np.array([0.0, 1.0, 10.0, 11.0])
    >>> KernelWard(2).fit_predict(np.abs(points[:, None] - points)).tolist()
    [0, 0, 1, 1]
    >>> KernelWard(2, metric="kernel").fit_predict(np.outer(points, points)).tolist()
    [0, 0, 1, 1]
    """

    __module__ = "seedbed.proximity"  # where pickles look for it, wherever this file moves

    _parameter_constraints: ClassVar[dict] = {
        **PrecomputedClustering._parameter_constraints,
        "ward_input": [StrOptions({"kernel", "distance"})],
    }

    def __init__(self, n_clusters=2, *, metric="precomputed", ward_input="kernel"):
        self.n_clusters = n_clusters
        self.metric = metric
        self.ward_input = ward_input

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Merge.

        Parameters
        ----------
        X : array-like of shape (n, n)
        y : Ignored

        Returns
        -------
        self
        """
        distances, unit = self._begin(X)
        tree = ward_tree(distances, self.ward_input)
        self.children_ = tree[:, :2].astype(np.int64)
        self.distances_ = self._in_units(tree[:, 2], unit, 1 if self.ward_input == "kernel" else 2)
        self.labels_ = cut_tree(tree, self.n_clusters)
        return self
