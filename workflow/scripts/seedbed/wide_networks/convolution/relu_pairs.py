r"""One ReLU layer on pairs of inputs, in terms of what their product lacks of the product of their lengths.

Kernels of inputs in nearly one direction agree to many digits, and what tells them apart is lost in differences of
kernels. Carried along is therefore :math:`M = \sqrt{q q'} - K`, which is zero for parallel inputs. For sums over
children (a window, or a node of a tree) with lengths a and b, and A and B those of the sums,

.. math:: M = \sum_i M_i + \Big(A B - \sum_i a_i b_i\Big), \qquad
    A B - \sum_i a_i b_i = \frac{A B}{2} \sum_i \left(\frac{a_i}{A} - \frac{b_i}{B}\right)^2.

With :math:`\delta = 1 - \rho = M / \sqrt{q q'}` the layer is

.. math:: \delta' = \delta - (\sin t - t \cos t) / \pi, \qquad \kappa_0 = 1 - t / \pi, \qquad
    t = 2 \arcsin \sqrt{\delta / 2}.

Near :math:`t = \pi` digits of t are lost in turn, and its distance from there is taken from :math:`\sqrt{q q'} + K`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

SMALL = 0.02  # of delta: an angle of 0.2, below which the series has all digits


class Layer(NamedTuple):
    """What a ReLU layer with weights of variance 2 makes of pairs; their squared lengths stay."""

    kernel: np.ndarray
    missing: np.ndarray
    slope_kernel: np.ndarray


def half_square_distance(pairs: Iterable[tuple[np.ndarray, np.ndarray]], turn: float = 1.0) -> np.ndarray | float:
    """Of vectors whose coordinates broadcast to pairs, the second ones multiplied by ``turn``."""
    total: np.ndarray | float = 0.0
    for left, right in pairs:
        part = left - right if turn == 1.0 else left + right
        part *= part
        total = part if isinstance(total, float) else np.add(total, part, out=total)
    return 0.5 * total


def directions(coordinates: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Unit vectors, zeros where there is no length."""
    return coordinates / np.where(lengths > 0.0, lengths, 1.0)


def relu_layer(lengths: np.ndarray, missing: np.ndarray, to_opposite: np.ndarray | None = None) -> Layer:
    r"""Twice :math:`E \phi(u) \phi(v)`, what that lacks of the lengths, and twice :math:`E \phi'(u) \phi'(v)`.

    Parameters
    ----------
    lengths : ndarray
        Products of the lengths. Inputs of length zero have the kernel zero.
    missing : ndarray
        M.
    to_opposite : ndarray, optional
        :math:`\sqrt{q q'} + K`, where inputs may be nearly opposite: after a layer none are.
    """
    own = np.where(lengths > 0.0, lengths, np.inf)
    defect = np.clip(missing / own, 0.0, 2.0)
    if to_opposite is None:
        lost, t = _lost(defect)
        after, slope = defect - lost / np.pi, 1.0 - t / np.pi
    else:
        other = np.clip(to_opposite / own, 0.0, 2.0)
        far = other < defect
        lost, t = _lost(np.where(far, other, defect))
        lost /= np.pi
        t /= np.pi
        after, slope = np.where(far, 1.0 - lost, defect - lost), np.where(far, t, 1.0 - t)
    left = lengths * after
    return Layer(lengths - left, left, slope)


def _lost(defect: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    r""":math:`\sin t - t \cos t` and t, to full relative precision also for tiny angles."""
    t = np.sqrt(0.5 * defect)
    np.arcsin(t, out=t)
    t *= 2.0
    part = np.sqrt(defect * (2.0 - defect))
    part -= t * (1.0 - defect)
    near = defect < SMALL
    if near.any():
        part[near] = _series(t[near])
    return part, t


def _series(t: np.ndarray) -> np.ndarray:
    s = t * t
    return t * s / 3.0 * (1.0 - s / 10.0 * (1.0 - s / 28.0 * (1.0 - s / 54.0 * (1.0 - s / 88.0))))
