r"""How the error of regression with a kernel falls with the number of rows, exactly, for Gaussian targets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.linalg import cho_factor
from scipy.linalg.blas import dtrsm

from seedbed.counts import is_number, real_number, whole_numbers
from seedbed.wide_networks.real_arrays import real_array, refuse_unequal_halves

_TILE = 128  # rows of a product of weights that is summed while it is near


def exact_learning_curve(
    K_student, K_target, sizes: Sequence[int], *, ridge: float = 1e-10, noise: float = 0.0
) -> np.ndarray:
    r"""Expected squared error of kernel regression on a Gaussian-process target, without drawing any.

    The student fits the first n points and predicts those after the largest size. With
    :math:`m(x) = (K_S + \lambda)^{-1} k_S(x)` the expected error at a point is

    .. math:: K_T(x, x) - 2\, m^\top K_T(X, x) + m^\top K_T(X, X)\, m + \sigma^2 |m|^2,

    and its mean over the test points is returned.

    Parameters
    ----------
    K_student : array-like of shape (N, N)
        Kernel between all points, training points first, in the order in which they come.
    K_target : array-like of shape (N, N) or (targets, N, N)
        Covariance of the target at the same points, or of several.
    sizes : sequence of int
        How many points are trained on; the largest must be below N.
    ridge : float, default=1e-10
        In units of the mean diagonal of ``K_student``.
    noise : float, default=0.0
        Variance :math:`\sigma^2` of independent noise on what is trained on; the error is against the target itself.

    Returns
    -------
    ndarray of shape (sizes,) or (targets, sizes)

    Raises
    ------
    ValueError
        For shapes or sizes out of range, values that are not finite, a matrix that is not symmetric, or a kernel that
        is singular with this ridge.

    Notes
    -----
    One Cholesky factor, :math:`N^3/3`, whose leading blocks are those of all smaller sizes, and one product of the
    weights m with themselves a size, whose entries are summed with those of every target's covariance: a target more
    costs :math:`N^2`. A student with the target's own kernel has the posterior variance of the Gaussian process, the
    least error there is.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.wide_networks import exact_learning_curve
    >>> x = np.linspace(0, 1, 60)[np.random.default_rng(0).permutation(60)]
    >>> K = np.exp(-np.abs(x[:, None] - x))
    >>> bool(np.all(np.diff(exact_learning_curve(K, K, [5, 10, 20, 40])) < 0))
    True
    """
    S, T = _checked(K_student, "K_student"), _checked(K_target, "K_target")
    if S.ndim != 2 or T.shape[-2:] != S.shape:
        raise ValueError(f"K_student must be square and K_target of the same size, got {S.shape} and {T.shape}")
    counts = whole_numbers(sizes, "sizes, with points left to test,", 1, len(S) - 1)
    ridge, noise = (
        real_number(value, name, lambda x: 0.0 <= x < np.inf, "zero or more and finite")
        for value, name in ((ridge, "ridge"), (noise, "noise"))
    )
    largest, targets = max(counts), T.reshape(-1, *S.shape)
    for each, name in ((S, "K_student"), *((target, "K_target") for target in targets)):
        refuse_unequal_halves(each, name)  # one half is read
    factor = _factor(S[:largest, :largest], ridge)
    whitened = dtrsm(1.0, factor, S[:largest, largest:], lower=1)
    curves = np.empty((len(targets), len(counts)))
    spread = np.trace(targets[:, largest:, largest:], axis1=1, axis2=2)
    for at, n in enumerate(counts):
        # transposed, so that rows are contiguous
        weights = dtrsm(1.0, np.asfortranarray(factor[:n, :n]), whitened[:n], lower=1, trans_a=1).T
        aligned = np.einsum("tij,ij->t", targets[:, largest:, :n], weights)
        squared = _sums_of_products(targets[:, :n, :n], weights)
        curves[:, at] = spread - 2.0 * aligned + squared + noise * np.sum(weights**2)
    curves /= len(S) - largest
    return curves[0] if T.ndim == 2 else curves


def predicted_exponent(
    target_smoothness: float, target_dimension: float, dimension: float, student_smoothness: float = 0.5
) -> float:
    r"""Exponent of the learning curve of a deep convolutional kernel, without ridge: the error falls as
    :math:`n^{-\beta}`.

    .. math:: \beta = \frac{2 \nu_t}{d_t} \cdot \frac{1 + 2 \nu_s / d}{1 + 2 \nu_s / d_t}, \qquad
        \beta \le 2 (1 + 2 \nu_s / d).

    What is spread over all dimensions acts as a floor of noise, above which the student learns the modes of the
    target's few; so the dimension of the target counts, and that of the input hardly.

    Parameters
    ----------
    target_smoothness : float
        :math:`\nu_t`: 1/2 for a target with the covariance of a ReLU network's tangent kernel, 3/2 for one that is
        itself a random network.
    target_dimension : float
        :math:`d_t`, of the patch that the target depends on (a circle has 1).
    dimension : float
        d, of the input; ``inf`` is allowed.
    student_smoothness : float, default=0.5
        :math:`\nu_s`, 1/2 for the tangent kernel.

    Returns
    -------
    float

    Notes
    -----
    Our own derivation, good to 0.15 in most cases for up to eight circles; smooth targets on one patch reach it later
    than at a thousand rows.

    Examples
    --------
    >>> from seedbed.wide_networks import predicted_exponent
    >>> [round(predicted_exponent(0.5, d, 4), 2) for d in (1, 2, 4)]
    [0.62, 0.42, 0.25]
    """
    numbers = [target_smoothness, target_dimension, dimension, student_smoothness]
    positive = all(is_number(x) and x > 0.0 for x in numbers)
    if not (positive and target_dimension <= dimension and target_dimension < np.inf):
        raise ValueError(
            "smoothness and dimensions must be positive numbers, and the target's dimension no larger than the input's;"
            f" got target_smoothness={target_smoothness!r},"
            f" target_dimension={target_dimension!r}, dimension={dimension!r},"
            f" student_smoothness={student_smoothness!r}"
        )
    input_rate = 1.0 + 2.0 * student_smoothness / dimension
    own = 2.0 * target_smoothness / target_dimension / (1.0 + 2.0 * student_smoothness / target_dimension)
    return float(min(own, 2.0) * input_rate)


def _checked(kernel, name: str) -> np.ndarray:
    K = real_array(kernel, name)
    if K.ndim not in (2, 3) or K.shape[-1] != K.shape[-2]:
        raise ValueError(f"{name} must be a square matrix, got an array of shape {K.shape}")
    return K


def _sums_of_products(covariances: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Traces of m T m' for weights m (points, n) and symmetric T (targets, n, n), of which half is read."""
    total = np.zeros(len(covariances))
    for start in range(0, weights.shape[1], _TILE):
        stop = min(start + _TILE, weights.shape[1])
        products = weights[:, start:stop].T @ weights[:, :stop]
        products[:, :start] *= 2.0  # for the other half
        total += np.vecdot(covariances[:, start:stop, :stop], products).sum(axis=1)
    return total


def _factor(K: np.ndarray, ridge: float) -> np.ndarray:
    """The Cholesky factor, in the lower triangle."""
    shifted = np.array(K)
    shifted.flat[:: len(K) + 1] += ridge * np.mean(np.diag(K))
    try:
        return cho_factor(shifted.T, lower=True, overwrite_a=True, check_finite=False)[0]
    except np.linalg.LinAlgError as error:
        raise ValueError(
            f"K_student is singular on the training points with ridge={ridge:g}: give a larger ridge, or remove points"
            " that are there twice"
        ) from error
