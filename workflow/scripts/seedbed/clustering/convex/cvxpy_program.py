"""Hand a convex program to cvxpy, with messages that say what to do when that fails."""

from __future__ import annotations

import warnings


def import_cvxpy(solver: str):
    """cvxpy, after making sure that ``solver`` is there. The import takes seconds, hence not at module level.

    Raises
    ------
    ImportError
        If cvxpy is missing.
    ValueError
        If cvxpy does not know the solver.
    """
    try:
        import cvxpy
    except ImportError as error:
        raise ImportError(
            "solver='cvxpy' needs the package cvxpy: pip install \"seedbed[reference]\", or use solver='admm'"
        ) from error
    installed = cvxpy.installed_solvers()
    if solver.upper() not in installed:
        raise ValueError(f"cvxpy_solver={solver!r} is not installed; installed: {', '.join(sorted(installed))}")
    return cvxpy


def solve_program(problem, solver: str, options: dict | None = None) -> None:
    """Solve a cvxpy problem in place.

    Raises
    ------
    RuntimeError
        If the solver fails or returns no usable point.
    """
    import cvxpy

    try:
        with warnings.catch_warnings():
            # Whatever accuracy was reached is measured afterwards, by a certified gap.
            warnings.filterwarnings("ignore", message="Solution may be inaccurate")
            problem.solve(solver=solver.upper(), **(options or {}))
    except cvxpy.error.SolverError as error:
        raise RuntimeError(f"{solver} failed on this program: {error}") from error
    if problem.status not in (cvxpy.OPTIMAL, cvxpy.OPTIMAL_INACCURATE, cvxpy.USER_LIMIT) or problem.value is None:
        raise RuntimeError(f"{solver} ended with status {problem.status!r} and no usable point")
