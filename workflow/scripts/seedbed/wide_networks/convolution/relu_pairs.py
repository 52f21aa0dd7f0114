r"""One ReLU layer on pairs of inputs, in terms of half the squared distance.

Kernels of near inputs agree to many digits, and what tells them apart is lost in differences of kernels. Carried
along is therefore :math:`N = (q + q')/2 - K`, which is zero for equal inputs and passes through sums over windows as
K does. With :math:`\delta = 1 - \rho = (N - (\sqrt q - \sqrt{q'})^2 / 2) / \sqrt{q q'}` the layer is

.. math:: \delta' = \delta - (\sin t - t \cos t) / \pi, \qquad \kappa_0 = 1 - t / \pi, \qquad
    t = 2 \arcsin \sqrt{\delta / 2}.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

SMALL = 0.02  # of delta: an angle of 0.2, below which the series has all digits


class Layer(NamedTuple):
    """What a ReLU layer with weights of variance 2 makes of pairs; their squared lengths stay."""

    kernel: np.ndarray
    half_square_distance: np.ndarray
    slope_kernel: np.ndarray


def relu_layer(half_square_distance: np.ndarray, q: np.ndarray, q_other: np.ndarray) -> Layer:
    r"""Twice :math:`E \phi(u) \phi(v)`, half the squared distance of that, and twice :math:`E \phi'(u) \phi'(v)`.

    Parameters
    ----------
    half_square_distance : ndarray
    q, q_other : ndarray
        Squared lengths, such that they broadcast to the pairs. Inputs of length zero have the kernel zero.
    """
    root, other = np.sqrt(q), np.sqrt(q_other)
    lengths = root * other
    apart = 0.5 * np.square(root - other)
    defect = half_square_distance - apart
    defect /= np.where(lengths > 0.0, lengths, np.inf)
    np.clip(defect, 0.0, 2.0, out=defect)
    after, slope_kernel = relu_defect(defect)
    distance = lengths * after
    return Layer(lengths - distance, distance + apart, slope_kernel)


def relu_defect(defect: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    r""":math:`\delta'` and :math:`\kappa_0`, to full relative precision also for tiny angles."""
    t = np.sqrt(0.5 * defect)
    np.arcsin(t, out=t)
    t *= 2.0
    part = np.sqrt(defect * (2.0 - defect))
    part -= t * (1.0 - defect)  # sin t - t cos t
    near = defect < SMALL
    if near.any():
        part[near] = _series(t[near])
    part /= -np.pi
    part += defect
    t /= -np.pi
    t += 1.0
    return part, t


def _series(t: np.ndarray) -> np.ndarray:
    s = t * t
    return t * s / 3.0 * (1.0 - s / 10.0 * (1.0 - s / 28.0 * (1.0 - s / 54.0 * (1.0 - s / 88.0))))
