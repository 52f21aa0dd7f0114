"""Maximum-likelihood concentration of the von Mises-Fisher distribution, one or many at once."""

from __future__ import annotations

import importlib.util
from functools import cache

import numpy as np

from seedbed.directional.bessel.functions import real_array

BACKENDS = ("auto", "numba", "numpy")
# so few values are not worth loading numba for; the number alone decides, so that results repeat
FEW = 64


@cache
def _solver(backend: str):
    """A function (r, gap, p, out, steps) on contiguous arrays."""
    if backend not in BACKENDS:
        raise ValueError(f"backend must be one of {', '.join(map(repr, BACKENDS))}, got {backend!r}")
    installed = importlib.util.find_spec("numba") is not None
    if backend == "numba" and not installed:
        raise ValueError('backend="numba" needs the package numba, which is not installed')
    if installed and backend != "numpy":
        from .concentration_kernel import concentration_points

        return concentration_points
    from .concentration_rule import concentration_rule

    solve = concentration_rule(lambda function: function)

    def plain(r, gap, p, out, steps):
        for i, triple in enumerate(zip(r.tolist(), gap.tolist(), p.tolist(), strict=True)):
            out[i], steps[i] = solve(*triple)

    return plain


def concentration_mle(p, r_bar=None, *, one_minus_r=None, return_steps: bool = False, backend: str = "auto"):
    r"""Solve :math:`A_p(\kappa) = I_{p/2}(\kappa)/I_{p/2-1}(\kappa) = \bar R` for :math:`\kappa`.

    Parameters
    ----------
    p : array_like
        Dimension of the ambient space, at least 2; need not be whole.
    r_bar : array_like, optional
        Mean resultant length, in [0, 1]. May be left out if ``one_minus_r`` is given.
    one_minus_r : array_like, optional
        1 - R, for data so concentrated that R itself, as a double, has lost it: the condition number of
        kappa with respect to R is about 1/(1 - R).
    return_steps : bool, default False
        Return the number of Newton steps as well.
    backend : {"auto", "numba", "numpy"}
        "auto" takes the compiled loop if numba is installed and there are more than 64 values.

    Returns
    -------
    kappa : ndarray or float64 of the broadcast shape
        0 at R = 0 and inf at R = 1.
    steps : ndarray of int64, only if ``return_steps``

    Raises
    ------
    ValueError
        If R or 1 - R leaves [0, 1], p is below 2 or anything is NaN, the shapes do not broadcast, or
        neither ``r_bar`` nor ``one_minus_r`` is given.

    Notes
    -----
    At most four Newton steps, each with one evaluation of the Bessel ratio; constant time per value.
    Bounds of the start: K. Hornik and B. Grün (2014), Comput. Statist. 29, 945-957.
    """
    if r_bar is None and one_minus_r is None:
        raise ValueError("give r_bar or one_minus_r")
    if one_minus_r is not None:
        gap = real_array("one_minus_r", one_minus_r).astype(float)
    if r_bar is not None:
        r = real_array("r_bar", r_bar).astype(float)
    gap = 1.0 - r if one_minus_r is None else gap
    r = 1.0 - gap if r_bar is None else r
    p = real_array("p", p).astype(float)
    if not (np.all(p >= 2) and np.all(np.isfinite(p))):
        raise ValueError("the dimension p must be finite and at least 2")
    if not (np.all((r >= 0) & (r <= 1)) and np.all((gap >= 0) & (gap <= 1))):
        raise ValueError("mean resultant lengths must lie in [0, 1]")
    try:
        r, gap, p = np.broadcast_arrays(r, gap, p)
    except ValueError:
        raise ValueError("p, r_bar and one_minus_r do not broadcast") from None
    solve = _solver("numpy" if backend == "auto" and r.size <= FEW else backend)
    kappa, steps = np.empty(r.size), np.empty(r.size, np.int64)
    solve(*(np.ascontiguousarray(a).reshape(-1) for a in (r, gap, p)), kappa, steps)
    kappa, steps = kappa.reshape(r.shape)[()], steps.reshape(r.shape)[()]
    return (kappa, steps) if return_steps else kappa
