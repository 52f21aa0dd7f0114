"""Least-squares training of a network that is linear in its weights, in closed form."""

from __future__ import annotations

import numpy as np

from seedbed.counts import real_number
from seedbed.wide_networks.real_arrays import real_array, refuse_unequal_halves


def training_curve(
    K, y, times, *, K_test=None, start=None, start_test=None, learning_rate: float | None = None
) -> np.ndarray:
    r"""What a network with the tangent kernel K predicts after training for given times.

    Gradient descent on :math:`|f - y|^2 / (2n)`. With :math:`K = U S U^\top` and :math:`r = f_0 - y`

    .. math:: f_t(X) = y + U e^{-S t / n} U^\top r, \qquad
        f_t(x) = f_0(x) + k(x, X)\, U \frac{e^{-S t / n} - 1}{S} U^\top r.

    Parameters
    ----------
    K : array-like of shape (n, n) or (n C, n C)
        Kernel of the training inputs, positive semi-definite; with C outputs that share weights, ordered as
        ``empirical_ntk(..., outputs="all")`` has them.
    y : array-like of shape (n,) or (n, C)
    times : array-like
        One dimension; ``inf`` is allowed. Numbers of steps where ``learning_rate`` is given.
    K_test : array-like of shape (m, n) or (m C, n C), optional
        Kernel between other inputs and the training inputs: predictions there are returned.
    start, start_test : array-like, optional
        :math:`f_0` at the training and at the other inputs, zero by default.
    learning_rate : float, optional
        Of full-batch steps, :math:`(1 - \eta s / n)^t` in place of the exponential.

    Returns
    -------
    ndarray of shape (times, n), (times, n, C), (times, m) or (times, m, C)

    Raises
    ------
    ValueError
        For shapes that do not fit, values that are not finite, negative times, a kernel that is not symmetric or not
        semi-definite, or a learning rate with which training diverges.

    Notes
    -----
    One eigendecomposition, and :math:`n^2` a time and output.

    Examples
    --------
    >>> from seedbed.wide_networks import training_curve
    >>> training_curve([[2.0]], [1.0], [0.0, 1.0, float("inf")]).round(3).tolist()
    [[0.0], [0.865], [1.0]]
    """
    kernel, target = real_array(K, "K"), real_array(y, "y")
    times = np.atleast_1d(real_array(times, "times", finite=False))
    _check(kernel, target, times)
    coupled = target.ndim == 2 and len(kernel) == target.size != len(target)
    initial = np.zeros_like(target) if start is None else real_array(start, "start")
    if initial.shape != target.shape:
        raise ValueError(f"start must have the shape of y, {target.shape}; got {initial.shape}")
    n, residual = len(target), initial - target
    columns = (residual.reshape(-1, 1) if coupled else residual.reshape(n, -1)).astype(float)
    values, vectors = np.linalg.eigh(0.5 * kernel + 0.5 * kernel.T)
    if values[0] < -1e-6 * max(values[-1], 1e-300):
        raise ValueError(f"K has the eigenvalue {values[0]:.3g}: it must be positive semi-definite")
    values = np.where(values > len(values) * 1e-16 * values[-1], values, 0.0)
    decay = _log_decay(values, times, n, learning_rate)
    parts = vectors.T @ columns
    if K_test is None:
        if start_test is not None:
            raise ValueError("start_test belongs to the inputs of K_test: give both, or start for the training inputs")
        moved = np.einsum("ij,tj,jc->tic", vectors, np.exp(decay[0]) * decay[1], parts)
        return (target.reshape(columns.shape) + moved).reshape(len(times), *target.shape)
    cross = real_array(K_test, "K_test")
    if cross.ndim != 2 or cross.shape[1] != len(kernel):
        raise ValueError(f"K_test must have {len(kernel)} columns, got the shape {cross.shape}")
    change = np.where(decay[1] == 1.0, np.expm1(decay[0]), -1.0 - np.exp(decay[0]))
    learned = change * np.divide(1.0, values, out=np.zeros_like(values), where=values > 0.0)
    found = np.einsum("ij,tj,jc->tic", cross @ vectors, learned, parts)
    shape = (len(cross) // target.shape[1] if coupled else len(cross), *target.shape[1:])
    begin = np.zeros(shape) if start_test is None else real_array(start_test, "start_test")
    if begin.shape != shape:
        raise ValueError(f"start_test must have the shape {shape}, got {begin.shape}")
    return begin + found.reshape(len(times), *shape)


def _check(kernel: np.ndarray, target: np.ndarray, times: np.ndarray) -> None:
    if kernel.ndim != 2 or kernel.shape[0] != kernel.shape[1] or not len(kernel):
        raise ValueError(f"K must be a square matrix, got the shape {kernel.shape}")
    if target.ndim not in (1, 2) or len(kernel) not in (len(target), target.size):
        raise ValueError(f"y must have a row for each of {len(kernel)} rows of K, got the shape {target.shape}")
    refuse_unequal_halves(kernel, "K")
    if times.ndim != 1 or np.isnan(times).any() or (times < 0.0).any():
        raise ValueError("times must be zero or more, in one dimension")


def _log_decay(values: np.ndarray, times: np.ndarray, n: int, rate: float | None) -> tuple[np.ndarray, np.ndarray]:
    """Logarithm and sign of what is left of each component, (times, components)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        if rate is None:
            left = -times[:, None] * values / n
            sign = np.ones_like(left)
        else:
            rate = real_number(rate, "learning_rate", lambda x: 0.0 < x < np.inf, "positive and finite")
            if not rate * values[-1] < 2.0 * n:
                raise ValueError(
                    f"training diverges with learning_rate={rate!r}: it must be below"
                    f" 2 n / largest eigenvalue = {2.0 * n / values[-1]:.4g}"
                )
            step = rate * values / n
            # log |1 - step|, of which tiny steps lose no digit
            left = times[:, None] * np.log1p(-np.minimum(step, 2.0 - step))
            sign = np.where((step > 1.0) & (np.mod(times, 2.0) == 1.0)[:, None], -1.0, 1.0)
    return np.where((values > 0.0) & (times > 0.0)[:, None], left, 0.0), sign  # at time 0 nothing has moved
