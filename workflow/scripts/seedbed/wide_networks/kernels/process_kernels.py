"""The kernels of wide networks as scikit-learn's kernels of Gaussian processes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.gaussian_process.kernels import Hyperparameter, Kernel

from seedbed.wide_networks.recursions.network import Network, network_of, warn_if_deep
from seedbed.wide_networks.recursions.rows import checked, rows_of

from .gradients import difference_gradients, variance_gradients
from .matrix import diagonals
from .ntk_kernel import matrices_between


class WideKernel(Kernel):
    """What both kernels share."""

    which = "ntk"

    def __init__(
        self,
        depth: int = 2,
        activation: Any = "relu",
        sigma_w: float | None = None,
        sigma_b: float = 0.0,
        input_bias: float = 0.0,
        fixed_layers: int = 0,
        sigma_w_bounds: Any = (0.1, 10.0),
        sigma_b_bounds: Any = (1e-3, 10.0),
    ):
        self.depth = depth
        self.activation = activation
        self.sigma_w = sigma_w
        self.sigma_b = sigma_b
        self.input_bias = input_bias
        self.fixed_layers = fixed_layers
        self.sigma_w_bounds = sigma_w_bounds
        self.sigma_b_bounds = sigma_b_bounds

    @property
    def hyperparameter_sigma_w(self) -> Hyperparameter:
        """Fixed where it is left to the activation."""
        return Hyperparameter("sigma_w", "numeric", "fixed" if self.sigma_w is None else self.sigma_w_bounds)

    @property
    def hyperparameter_sigma_b(self) -> Hyperparameter:
        """Fixed at zero, which has no logarithm."""
        return Hyperparameter("sigma_b", "numeric", "fixed" if self.sigma_b == 0.0 else self.sigma_b_bounds)

    def _network(self) -> Network:
        fixed = self.fixed_layers
        network = network_of(self.depth, self.activation, self.sigma_w, self.sigma_b, self.input_bias, fixed)
        return replace(network, left_out=np.inf)  # a search must pass through large variances

    def __call__(self, X: Any, Y: Any = None, eval_gradient: bool = False) -> Any:
        """The kernel matrix (n, m), and on demand its gradient in the logarithms of what is free, (n, n, p).

        Parameters
        ----------
        X, Y : {array-like, sparse matrix} of shape (n, d) and (m, d)
        eval_gradient : bool, default=False
            Without Y only.

        Returns
        -------
        ndarray, or a pair of them

        Raises
        ------
        ValueError
            As of :func:`ntk_kernel`, and for a gradient with Y.
        """
        X, network = _rows(X), self._network()
        warn_if_deep(network)
        matrix = self._matrix(X, None if Y is None else _rows(Y))
        if not eval_gradient:
            return matrix
        if Y is not None:
            raise ValueError("a gradient is there for the kernel of X with itself only: leave Y out")
        free = [not self.hyperparameter_sigma_b.fixed, not self.hyperparameter_sigma_w.fixed]
        if network.homogeneous:  # a power of sigma_w
            slopes = [0.0 * matrix, 2.0 * (network.depth + 1) * matrix]
        elif network.activation.family != "series":
            by_weight, by_bias = variance_gradients(network, checked(X), self.which)
            slopes = [2.0 * network.bias_variance * by_bias, 2.0 * network.weight_variance * by_weight]
        else:
            found = iter(difference_gradients(lambda theta: self.clone_with_theta(theta)._matrix(X), self.theta))
            slopes = [next(found) if wanted else matrix for wanted in free]
        kept = [slope for slope, wanted in zip(slopes, free, strict=True) if wanted]
        return matrix, np.stack(kept, axis=-1) if kept else np.empty((*matrix.shape, 0))

    def _matrix(self, X: Any, Y: Any = None) -> np.ndarray:
        return matrices_between(self._network(), X, Y, (self.which,), np.dtype(np.float64))[0]

    def diag(self, X: Any) -> np.ndarray:
        """The kernel of rows with themselves, (n,), in O(n d).

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n, d)

        Returns
        -------
        ndarray
        """
        network = self._network()
        warn_if_deep(network)
        return diagonals(network, rows_of(checked(_rows(X)), network), (self.which,))[0]

    def is_stationary(self) -> bool:
        """False: it depends on norms and angles."""
        return False

    def __repr__(self) -> str:
        given = {**self.get_params(), "sigma_w_bounds": None, "sigma_b_bounds": None}
        name = getattr(self.activation, "__name__", getattr(self.activation, "name", self.activation))
        words = [f"{key}={value:.3g}" for key, value in given.items() if isinstance(value, int | float) and value]
        return f"{type(self).__name__}({name}, {', '.join(words)})"


def _rows(X: Any) -> Any:
    """One row as a table of one, as scikit-learn's kernels have it."""
    return X if issparse(X) else np.atleast_2d(X)


class NTK(WideKernel):
    r"""Neural tangent kernel of an infinitely wide network, as a kernel of scikit-learn.

    For ``GaussianProcessRegressor``, for sums and products with other kernels, and for whatever takes a kernel:
    ``SVC(kernel=NTK())``, ``KernelRidge(kernel=NTK())``.

    Parameters
    ----------
    depth, activation, sigma_w, sigma_b, input_bias, fixed_layers
        See :func:`ntk_kernel`. ``sigma_w`` is tuned where a number is given, ``sigma_b`` where it is not zero.
    sigma_w_bounds, sigma_b_bounds : pair of floats or "fixed", default=(0.1, 10) and (0.001, 10)

    Notes
    -----
    Gradients are in closed form for ReLU, leaky ReLU, erf and GELU. Those of other activations are differences of
    values, four for each parameter, right to about 1e-9 of the largest.

    A search over the variances of tanh, SiLU or a callable may pass where a thousand terms of their Hermite series are
    not enough, and where :func:`ntk_kernel` refuses (variances of a layer beyond 12 for tanh, 60 for SiLU). Here terms
    beyond are left out: the diagonal stays exact and the matrix semi-definite, and what is between rows that nearly
    coincide (correlations above 0.99) is too small: NNGP by a share of up to 1e-3 at a variance of 500, NTK by more.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.gaussian_process import GaussianProcessRegressor
    >>> from seedbed.wide_networks import NTK
    >>> X = np.random.default_rng(0).normal(size=(50, 2))
    >>> model = GaussianProcessRegressor(NTK(sigma_w=1.0, sigma_b=0.3), alpha=0.01).fit(X, np.sin(X[:, 0]))
    >>> bool(model.log_marginal_likelihood_value_ > model.log_marginal_likelihood(np.log([0.3, 1.0])))
    True
    """

    __module__ = "seedbed.wide_networks"  # where pickles look for it, wherever this file moves


class NNGP(WideKernel):
    """Covariance of the outputs of an infinitely wide network at random weights, as a kernel of scikit-learn.

    Parameters
    ----------
    depth, activation, sigma_w, sigma_b, input_bias, fixed_layers, sigma_w_bounds, sigma_b_bounds
        See :class:`NTK`; ``fixed_layers`` makes no difference.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.wide_networks import NNGP
    >>> NNGP(depth=1)(np.eye(2)).round(4).tolist()
    [[1.0, 0.3183], [0.3183, 1.0]]
    """

    __module__ = "seedbed.wide_networks"  # where pickles look for it, wherever this file moves
    which = "nngp"
