"""The Peng-Wei program through cvxpy: the reference for the solver in :mod:`kmeans_sdp_admm`."""

from __future__ import annotations

import numpy as np

from seedbed.clustering.convex.cvxpy_program import import_cvxpy, solve_program
from seedbed.clustering.convex.fantope import FantopeProjection
from seedbed.clustering.convex.leading_eigenpairs import eigenvalue_sum

from .bounds import (
    KMeansSDPSolution,
    kmeans_sdp_gap,
    kmeans_sdp_upper_bound,
    repair_kmeans_membership,
    trivial_solution,
)


def certify_kmeans_pair(
    gram: np.ndarray, n_clusters: int, membership: np.ndarray, multiplier: np.ndarray, tol: float = 0.0
) -> KMeansSDPSolution:
    """Certified bounds from any solver's approximate primal and dual matrices.

    Parameters
    ----------
    gram : ndarray of shape (n, n)
    n_clusters : int
    membership : ndarray of shape (n, n)
        Projected onto the spectral constraints, then mixed to nonnegativity.
    multiplier : ndarray of shape (n, n)
        Of ``Z >= 0``; symmetrised, negative entries set to 0.
    tol : float
        For ``converged``.

    Returns
    -------
    KMeansSDPSolution
    """
    project = FantopeProjection(len(gram), 1, n_clusters - 1.0, centred=True)
    symmetric = 0.5 * (membership + membership.T)
    feasible = repair_kmeans_membership(project(symmetric[None])[0], n_clusters)
    lower = float(np.vdot(gram, feasible))
    upper = kmeans_sdp_upper_bound(gram, 0.5 * (multiplier + multiplier.T), n_clusters)
    gap = kmeans_sdp_gap(lower, upper)
    return KMeansSDPSolution(feasible, lower, upper, gap, 0, gap <= tol)


def conic_kmeans_pair(
    gram: np.ndarray, n_clusters: int, solver: str = "SCS", options: dict | None = None
) -> tuple[np.ndarray, np.ndarray, int]:
    """Primal matrix, multiplier of ``Z >= 0`` and iteration count, as the solver returns them.

    The solver sees the matrix divided by its norm: of the scalings we tried this is the best for SCS, which
    then needs a tenth to a third of the iterations.
    """
    cvxpy = import_cvxpy(solver)
    n = len(gram)
    scale = eigenvalue_sum(gram, 1)
    membership = cvxpy.Variable((n, n), PSD=True)
    nonnegative = membership >= 0
    constraints = [nonnegative, cvxpy.sum(membership, axis=1) == 1, cvxpy.trace(membership) == n_clusters]
    problem = cvxpy.Problem(cvxpy.Maximize(cvxpy.trace((gram / scale) @ membership)), constraints)
    solve_program(problem, solver, options)
    return membership.value, nonnegative.dual_value * scale, int(problem.solver_stats.num_iters or 0)


def solve_kmeans_sdp_conic(
    gram: np.ndarray, n_clusters: int, *, tol: float = 1e-4, cvxpy_solver: str = "SCS"
) -> KMeansSDPSolution:
    """Solve the Peng-Wei program with an installed conic solver at its default accuracy, and certify the result.

    Parameters
    ----------
    gram : ndarray of shape (n, n)
    n_clusters : int
    tol : float
        Certified relative gap that counts as converged.
    cvxpy_solver : str
        A name that ``cvxpy.installed_solvers()`` lists and that handles semidefinite programs.

    Returns
    -------
    KMeansSDPSolution

    Raises
    ------
    ImportError, ValueError, RuntimeError
        No cvxpy; unknown solver; the solver failed.
    """
    if n_clusters in (1, len(gram)) or not np.trace(gram) > 0:
        return trivial_solution(gram, n_clusters)
    membership, multiplier, n_iter = conic_kmeans_pair(gram, n_clusters, cvxpy_solver)
    solution = certify_kmeans_pair(gram, n_clusters, membership, multiplier, tol)
    solution.n_iter = n_iter
    return solution
