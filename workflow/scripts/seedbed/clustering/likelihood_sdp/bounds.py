"""Certificates for the likelihood-adjusted program: upper bounds from any dual point, feasible points from any Z."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from seedbed.clustering.convex.leading_eigenpairs import double_centre, eigenvalue_sum, largest_eigenpairs
from seedbed.clustering.partitions.memberships import uniform_memberships

if TYPE_CHECKING:
    from .splitting import WarmStart


@dataclass
class LikelihoodSDPSolution:
    """Feasible ``memberships`` with their ``objective``, and a valid ``upper`` bound on the optimum."""

    memberships: np.ndarray
    objective: float
    upper: float
    gap: float
    n_iter: int
    converged: bool


def likelihood_sdp_upper_bound(
    affinities: np.ndarray, multipliers: np.ndarray, row_dual: np.ndarray, trace: str = "each"
) -> float:
    r"""Upper bound on LA-SDP from any ``y`` and any entrywise nonnegative ``N_k``.

    With :math:`B_k = A_k + N_k - \tfrac12 (y1^\top + 1y^\top)`,

    .. math:: \sum_k \langle A_k, Z_k\rangle \le 1^\top y + \sum_k \lambda_{\max}(B_k)

    for ``trace="each"``; for ``"total"`` the sum is over the ``K`` largest eigenvalues of all blocks together.

    Parameters
    ----------
    affinities : ndarray of shape (K, n, n)
    multipliers : ndarray of shape (K, n, n)
        Negative entries are set to 0.
    row_dual : ndarray of shape (n,)
    trace : {"each", "total"}

    Returns
    -------
    float

    Notes
    -----
    ``<A_k, Z_k> <= <A_k + N_k, Z_k>`` as ``Z_k >= 0``; the row sums of ``sum_k Z_k`` are 1, so the ``y`` terms
    sum to zero; then Ky Fan, with ``Z_k <= I``. The minimum over ``(y, N)`` is the optimum. ``O(K n^3)``.
    """
    blocks, n, _ = affinities.shape
    half = 0.5 * row_dual
    shifted = affinities + np.maximum(multipliers, 0.0) - half[:, None] - half[None, :]
    if trace == "each":
        return float(row_dual.sum()) + sum(eigenvalue_sum(block, 1) for block in shifted)
    top = np.concatenate([largest_eigenpairs(block, min(blocks, n))[0] for block in shifted])
    return float(row_dual.sum() + np.sort(top)[-blocks:].sum())


def project_row_sums_and_traces(memberships: np.ndarray, trace: str = "each") -> np.ndarray:
    """Nearest matrices with ``(sum_k Z_k) 1 = 1`` and the traces of the program.

    Parameters
    ----------
    memberships : ndarray of shape (K, n, n)
        Symmetric.
    trace : {"each", "total"}

    Returns
    -------
    ndarray of shape (K, n, n)

    Notes
    -----
    The correction is ``(y 1' + 1 y') / 2 + t_k I``; eliminating ``y`` leaves one small linear system. ``O(K n^2)``.
    """
    blocks, n, _ = memberships.shape
    missing_rows = 1.0 - memberships.sum(axis=0).sum(axis=1)
    missing_traces = 1.0 - np.trace(memberships, axis1=1, axis2=2)
    if trace == "total":
        missing_traces = np.full(blocks, missing_traces.mean())
    # Rows: K (n y + (1'y) 1) / 2 + (sum_k t_k) 1 = missing rows;   traces: 1'y + n t_k = missing trace.
    row_total, trace_total = missing_rows.sum(), missing_traces.sum()
    # Summing the rows: K n (1'y) + n sum_k t_k = row total, and sum_k t_k = (trace total - K 1'y) / n.
    dual_total = (row_total - trace_total) / (blocks * (n - 1.0))
    shifts = (missing_traces - dual_total) / n
    dual = (2.0 / blocks * (missing_rows - shifts.sum()) - dual_total) / n
    corrected = memberships + 0.5 * (dual[:, None] + dual[None, :])
    corrected[:, np.arange(n), np.arange(n)] += shifts[:, None]
    return corrected


def repair_memberships(memberships: np.ndarray, trace: str = "each") -> np.ndarray:
    """Exactly feasible blocks near approximately feasible ones.

    Projects onto the row-sum and trace constraints, then mixes with :func:`uniform_memberships` just enough
    to make every block psd and nonnegative.

    Parameters
    ----------
    memberships : ndarray of shape (K, n, n)
    trace : {"each", "total"}

    Returns
    -------
    ndarray of shape (K, n, n)
    """
    blocks, n, _ = memberships.shape
    symmetric = 0.5 * (memberships + memberships.transpose(0, 2, 1))
    corrected = project_row_sums_and_traces(symmetric, trace)
    inner = uniform_memberships(n, blocks)
    lowest = min(-eigenvalue_sum(-block, 1) for block in corrected)
    share = 0.0
    for violation, room in [
        (-lowest, inner[0, 0, 0] - inner[0, 0, 1]),
        (-float(corrected.min()), inner[0, 0, 1]),
    ]:
        if violation > 0.0:
            share = max(share, violation / (violation + room))
    return np.maximum((1.0 - share) * corrected + share * inner, 0.0)


def improvement_gap(affinities: np.ndarray, lower: float, upper: float) -> float:
    """Certified gap relative to the bound's improvement over the uninformative membership.

    Adding one constant to all affinities (a change of units of the data does that) shifts both bounds, so
    neither of them can be the yardstick.
    """
    base = float(np.vdot(affinities, uniform_memberships(affinities.shape[1], len(affinities))))
    size = max(upper - base, 1e-12 * float(np.abs(affinities).max()), np.finfo(float).tiny)
    return max(upper - lower, 0.0) / size


def diagonal_solution(affinities: np.ndarray, trace: str) -> tuple[LikelihoodSDPSolution, WarmStart | None]:
    """One cluster has only ``11'/n``; as many clusters as points leave only diagonal blocks that sum to I."""
    blocks, n, _ = affinities.shape
    if blocks == 1:
        memberships = np.full((1, n, n), 1.0 / n)
    else:
        gain = np.diagonal(affinities, axis1=1, axis2=2)
        block = linear_sum_assignment(-gain.T)[1] if trace == "each" else np.argmax(gain, axis=0)
        memberships = np.zeros_like(affinities)
        memberships[block, np.arange(n), np.arange(n)] = 1.0
    value = float(np.vdot(affinities, memberships))
    return LikelihoodSDPSolution(memberships, value, value, 0.0, 0, True)


def affinity_scale(affinities: np.ndarray) -> float:
    """Largest spectral norm of a double-centred affinity, ``O(K n^3)``.

    Where all points are equal that is zero; then the differences between the blocks set the scale, or else 1.
    """
    centred = [double_centre(block) for block in affinities]
    scale = max(max(eigenvalue_sum(block, 1), eigenvalue_sum(-block, 1)) for block in centred)
    fallback = affinities.shape[1] * float(np.abs(affinities - affinities.mean()).max())
    return scale if scale > 1e-12 * fallback else fallback or 1.0
