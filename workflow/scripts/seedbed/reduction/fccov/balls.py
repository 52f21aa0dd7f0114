r"""The kernel of the Fréchet cumulative covariance.

.. math:: \kappa(y, y') = E_{\tilde V}\bigl[1 - F_{\tilde V}(\max\{d(y, \tilde V), d(y', \tilde V)\})\bigr],
          \qquad F_v(r) = P(d(Y, v) \le r),

is positive semidefinite, takes values in [0, 1], and depends on the order of distances alone. With it,
FCCov(f | Y) = E[f(X) f(X') kappa(Y, Y')] for centred f: the covariance no longer needs a sum over balls.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn.utils import check_random_state

from seedbed.reduction.numerics.centring import centre
from seedbed.reduction.spaces.response import Response

EXACT_UP_TO = 5000  # responses; beyond, a sample of the anchors stands for all
SAMPLED_ANCHORS = 1000
_BLOCK = 256  # anchors at a time: what the processor's cache holds
_EXACT_FLOAT32 = 2**24


def ball_kernel(response: Response, anchors: np.ndarray | None = None) -> np.ndarray:
    r"""Sample kernel :math:`K_{ii'} = m^{-1} \sum_j \min(G_{ij}, G_{i'j})` over m anchors.

    :math:`G_{ij} = n^{-1} \#\{k : d_{kj} > d_{ij}\}`, with all ties counted as ties.

    Parameters
    ----------
    response : Response
    anchors : ndarray of int, optional
        Responses to centre balls at; all of them by default. A random part of them leaves K unbiased over the
        draw of the centres.

    Returns
    -------
    ndarray of shape (n, n)
        Symmetric and positive semidefinite; exact but for one rounding of each entry.

    Notes
    -----
    ``m n^2 / 2`` minima, by vector instructions, and ``O(m n log n)`` for sorting. Beside K it holds a block of
    256 anchors at a time.
    """
    from .ball_loops import add_minima, mirror_scaled

    n = len(response)
    padded = -(-n // 4) * 4
    total = np.zeros((padded, padded))
    n_anchors = 0
    for counts in count_blocks(response, anchors, padded):
        add_minima(counts, total)
        n_anchors += counts.shape[1]
    mirror_scaled(total, 1.0 / (n * float(n_anchors)))
    return np.ascontiguousarray(total[:n, :n])


def ball_counts(response: Response, anchors: np.ndarray) -> np.ndarray:
    """G (n, m) in single precision, from which the kernel of any part of the sample is quickly made."""
    blocks = count_blocks(response, anchors, len(response))
    return np.hstack(list(blocks)) / np.float32(len(response))


def kernel_of_counts(counts: np.ndarray) -> np.ndarray:
    """The kernel of the responses whose rows of :func:`ball_counts` these are; single precision throughout."""
    from .ball_loops import add_minima, mirror_scaled

    n, m = counts.shape
    padded = np.zeros((-(-n // 4) * 4, m), np.float32)
    padded[:n] = counts
    total = np.zeros((len(padded), len(padded)))
    add_minima(padded, total)
    mirror_scaled(total, 1.0 / m)
    return np.ascontiguousarray(total[:n, :n])


def choose_anchors(n: int, random_state: int | np.random.RandomState | None) -> np.ndarray | None:
    """None, which means all, up to 5000 responses; beyond, 1000 of them at random."""
    if n <= EXACT_UP_TO:
        return None
    return np.sort(check_random_state(random_state).choice(n, SAMPLED_ANCHORS, replace=False))


def sorted_blocks(response: Response, anchors: np.ndarray | None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows of distances from the anchors and their orders, a block of anchors at a time."""
    anchors = np.arange(len(response)) if anchors is None else anchors
    block = max(1, min(_BLOCK, _EXACT_FLOAT32 // len(response)))
    for first in range(0, len(anchors), block):
        distances = np.ascontiguousarray(response.distances_from(anchors[first : first + block]))
        yield distances, np.argsort(distances, axis=1)


def count_blocks(response: Response, anchors: np.ndarray | None, rows: int) -> Iterator[np.ndarray]:
    """#{k : d_kj > d_ij} as (rows, block of anchors), padded with zeros to that many rows."""
    from .ball_loops import count_farther

    for distances, order in sorted_blocks(response, anchors):
        counts = np.zeros((rows, len(distances)), np.float32)
        count_farther(distances, order, counts)
        yield counts


def normalise(kernel: np.ndarray) -> np.ndarray:
    """H K H over its trace divided by n, so that its eigenvalues over n sum to one; zero where K is constant.

    For continuous distances the trace over n tends to 1/6 whatever the space and the law.
    """
    centred = centre(kernel)
    trace = np.trace(centred) / len(kernel)
    return centred / trace if trace > 1e-12 else np.zeros_like(centred)
