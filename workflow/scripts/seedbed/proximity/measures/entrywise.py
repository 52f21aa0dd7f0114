"""Kernels of which every entry is accurate, however small: sums in which nothing cancels.

An eigendecomposition has errors of the size of the largest entry, and pairs far apart drown in them. The exponential of
a nonnegative matrix and the inverse of an M-matrix can be had by additions alone.
"""

from __future__ import annotations

import numpy as np

from .block_inverse import inverse_m_matrix
from .families import Family
from .spectra import Part

_TERMS = 18  # of Taylor's series; the argument is scaled to rows of at most one
_LEAST = 1e-300
_LARGEST_LOG = 600.0


def exp_nonnegative(matrix: np.ndarray, diameter: int, log_unit: float = 0.0) -> np.ndarray:
    """``exp`` of a nonnegative matrix over ``exp(log_unit)``, with a small relative error in every entry.

    Parameters
    ----------
    matrix : ndarray of shape (n, n)
        Nonnegative.
    diameter : int
        Steps that the farthest pair needs: the scaled series must reach it before it is squared.
    log_unit : float
        Of entries that would overflow.

    Notes
    -----
    Taylor's series of ``B / 2^s`` and s squarings with ``2^s >= max(|B|_inf, diameter)``: only additions of nonnegative
    terms. ``O((18 + s) n^3)``.
    """
    size = max(float(matrix.sum(axis=1).max(initial=0.0)), float(diameter), 1.0)
    squarings = int(np.ceil(np.log2(size)))
    scaled = matrix * 2.0**-squarings
    total = np.eye(len(matrix))
    term = total
    for k in range(1, _TERMS + 1):
        term = term @ scaled / k
        total = total + term
    total = total * np.exp(-log_unit * 2.0**-squarings)
    for _ in range(squarings):
        total = total @ total
    return total


def cosh_nonnegative(matrix: np.ndarray, diameter: int, log_unit: float = 0.0) -> np.ndarray:
    """``cosh`` of a nonnegative matrix over ``exp(log_unit)``.

    Doubled by ``2 C^2 - I``, which subtracts on the diagonal only, harmlessly.
    """
    size = max(float(matrix.sum(axis=1).max(initial=0.0)), float(diameter), 1.0)
    doublings = int(np.ceil(np.log2(size)))
    square = (matrix * 2.0**-doublings) @ (matrix * 2.0**-doublings)
    identity = np.eye(len(matrix))
    total = term = identity
    for k in range(1, _TERMS // 2 + 2):
        term = term @ square / ((2 * k - 1) * (2 * k))
        total = total + term
    log_unit *= 2.0**-doublings
    total = total * np.exp(-log_unit)
    for _ in range(doublings):
        log_unit *= 2.0
        total = 2.0 * (total @ total) - np.exp(-log_unit) * identity
    return total


def double_factorial_sum(matrix: np.ndarray, diameter: int) -> np.ndarray:
    """``sum_k B^k / k!!`` of a nonnegative matrix, term by term, until one is infinite."""
    largest = float(matrix.sum(axis=1).max(initial=0.0))
    total = np.eye(len(matrix)) + matrix
    previous, term = np.eye(len(matrix)), matrix
    square = matrix @ matrix
    for k in range(2, int(diameter + 60 + 4 * largest**2)):
        with np.errstate(over="ignore", invalid="ignore"):
            previous, term = term, previous @ square / k
            total = total + term
        if not total.max() < np.inf:
            break
        if k > diameter + 2 and (term <= 1e-17 * total).all() and (previous <= 1e-17 * total).all():
            break
    return total


def entrywise_kernel(part: Part, family: Family, t: float) -> tuple[np.ndarray, float]:
    """The kernel of a part over ``exp(log_unit)``, without powers of degrees, accurate in every entry; ``log_unit``.

    Raises
    ------
    ValueError
        If an entry is above what a double can hold. What is below is zero.
    """
    steps, log_unit = part.kept("diameter", lambda: diameter(part)), 0.0
    match family.name:
        case "communicability":
            log_unit = _excess(part, t)
            kernel = exp_nonnegative(t * part.adjacency, steps, log_unit)
        case "even_communicability" if not part.is_side:
            log_unit = _excess(part, t)
            kernel = cosh_nonnegative(t * part.adjacency, steps, log_unit)
        case "even_communicability":
            kernel = _even_side(part, family, t)
        case "double_factorial":
            kernel = double_factorial_sum(t * part.adjacency, steps)
        case "heat":
            top = float(part.degrees.max())
            kernel = exp_nonnegative(t * (np.diag(top - part.degrees) + part.adjacency), steps, t * top)
        case "normalised_heat" | "heat_pagerank":
            kernel = exp_nonnegative(t * part.matrix("S"), steps, t)
        case "forest":
            kernel = inverse_m_matrix(_plus_identity(t * part.kept("L", lambda: part.matrix("L"))))
        case "even_pagerank":
            kernel = inverse_m_matrix(_plus_identity(-t * part.kept("SS", lambda: part.square("S"))))
        case _:  # walk and the forms of PageRank
            name = family.matrix
            kernel = inverse_m_matrix(_plus_identity(-t * part.kept(name, lambda: part.matrix(name))))
    if not np.isfinite(kernel).all():
        raise ValueError(
            f"at t={t:g} the proximities '{family.name}' of this graph differ by more than double precision can hold; "
            "take a smaller t"
        )
    return kernel if family.kind == "inverse" else 0.5 * (kernel + kernel.T), log_unit


def _excess(part: Part, t: float) -> float:
    """By how much the logarithm of the largest entry is above what a double can hold."""
    return max(t * float(part.eigen("A")[0][-1]) - _LARGEST_LOG, 0.0)


def checked_positive(kernel: np.ndarray, part: Part, family: Family, t: float) -> np.ndarray:
    """The kernel, if it has a logarithm.

    Raises
    ------
    ValueError
        If an entry is below what a double can hold; the message names t and the diameter.
    """
    if not kernel.min() > _LEAST:
        steps = part.kept("diameter", lambda: diameter(part))
        raise ValueError(
            f"at t={t:g} the proximity '{family.name}' of the farthest nodes ({steps} steps) is below any number "
            "of double precision; take a larger t, or measure='shortest_path', which is the limit for small t"
        )
    return kernel


def _plus_identity(matrix: np.ndarray) -> np.ndarray:
    """The matrix itself, changed."""
    matrix.flat[:: len(matrix) + 1] += 1.0
    return matrix


def _even_side(part: Part, family: Family, t: float) -> np.ndarray:
    """cosh(tA) on one side of a bipartite part: a series in the square alone."""
    square = t**2 * part.square("A")
    total = term = np.eye(len(part))
    limit = int(60 + diameter(part) + 4 * t * float(np.sqrt(part.square("A").sum(axis=1).max(initial=0.0))))
    for k in range(1, limit):
        term = term @ square / ((2 * k - 1) * (2 * k))
        total = total + term
        if k > diameter(part) and (term <= 1e-17 * total).all():
            break
    return total


def diameter(part: Part) -> int:
    """Most steps between two nodes of a part, from the node that is farthest from some node: at least half, doubled."""
    from scipy import sparse
    from scipy.sparse.csgraph import breadth_first_order

    pattern = sparse.csr_array(part.square("A") if part.is_side else part.adjacency)
    order, parents = breadth_first_order(pattern, 0, directed=False)
    steps = np.zeros(len(part), np.int64)
    for node in order[1:]:
        steps[node] = steps[parents[node]] + 1
    return int(min(2 * steps.max(initial=0), max(len(part) - 1, 0)))
