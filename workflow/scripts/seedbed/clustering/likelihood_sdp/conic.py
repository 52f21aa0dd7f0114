"""The likelihood-adjusted program through cvxpy: the reference for :mod:`likelihood_sdp_admm`."""

from __future__ import annotations

import numpy as np

from seedbed.clustering.convex.cvxpy_program import import_cvxpy, solve_program

from .bounds import (
    LikelihoodSDPSolution,
    affinity_scale,
    diagonal_solution,
    improvement_gap,
    likelihood_sdp_upper_bound,
    repair_memberships,
)


def certify_likelihood_triple(
    affinities: np.ndarray,
    memberships: np.ndarray,
    multipliers: np.ndarray,
    row_dual: np.ndarray,
    trace: str = "each",
    tol: float = 0.0,
) -> LikelihoodSDPSolution:
    """Certified bounds from any solver's approximate blocks, multipliers of ``Z_k >= 0`` and row dual.

    The sign convention of the row dual differs between modelling tools; the better of the two bounds counts,
    since both are valid. See :func:`repair_memberships` and :func:`likelihood_sdp_upper_bound`.
    """
    feasible = repair_memberships(memberships, trace)
    lower = float(np.vdot(affinities, feasible))
    symmetric = 0.5 * (multipliers + multipliers.transpose(0, 2, 1))
    upper = min(likelihood_sdp_upper_bound(affinities, symmetric, sign * row_dual, trace) for sign in (1.0, -1.0))
    gap = improvement_gap(affinities, lower, upper)
    return LikelihoodSDPSolution(feasible, lower, upper, gap, 0, gap <= tol)


def conic_likelihood_triple(
    affinities: np.ndarray, trace: str = "each", solver: str = "SCS", options: dict | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Blocks, multipliers of ``Z_k >= 0``, row dual and iteration count, as the solver returns them.

    The solver sees the matrices divided by the largest norm of a double-centred one, which suits SCS best.
    """
    cvxpy = import_cvxpy(solver)
    count, n, _ = affinities.shape
    scale = affinity_scale(affinities)
    blocks = [cvxpy.Variable((n, n), PSD=True) for _ in range(count)]
    rows = cvxpy.sum(sum(blocks), axis=1) == 1
    nonnegative = [block >= 0 for block in blocks]
    traces = [cvxpy.trace(block) for block in blocks]
    traces = [value == 1 for value in traces] if trace == "each" else [sum(traces) == count]
    gain = sum(cvxpy.trace((a / scale) @ block) for a, block in zip(affinities, blocks, strict=True))
    problem = cvxpy.Problem(cvxpy.Maximize(gain), [rows, *nonnegative, *traces])
    solve_program(problem, solver, options)
    return (
        np.stack([block.value for block in blocks]),
        scale * np.stack([constraint.dual_value for constraint in nonnegative]),
        scale * np.asarray(rows.dual_value),
        int(problem.solver_stats.num_iters or 0),
    )


def solve_likelihood_sdp_conic(
    affinities: np.ndarray, *, trace: str = "each", tol: float = 1e-4, cvxpy_solver: str = "SCS"
) -> LikelihoodSDPSolution:
    """Solve LA-SDP with an installed conic solver at its default accuracy, and certify the result.

    Parameters
    ----------
    affinities : ndarray of shape (K, n, n)
    trace : {"each", "total"}
    tol : float
        Certified gap that counts as converged.
    cvxpy_solver : str

    Returns
    -------
    LikelihoodSDPSolution

    Raises
    ------
    ImportError, ValueError, RuntimeError
        No cvxpy; unknown solver; the solver failed.
    """
    count, n, _ = affinities.shape
    if count in (1, n):
        return diagonal_solution(affinities, trace)
    memberships, multipliers, row_dual, n_iter = conic_likelihood_triple(affinities, trace, cvxpy_solver)
    solution = certify_likelihood_triple(affinities, memberships, multipliers, row_dual, trace, tol)
    solution.n_iter = n_iter
    return solution
