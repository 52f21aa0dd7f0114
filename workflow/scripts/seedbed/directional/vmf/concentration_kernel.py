"""Many concentrations at once, compiled."""

from __future__ import annotations

from numba import njit

from seedbed.directional.bessel.kernels.compiled import FLAGS, entry, source_tag

from .concentration_rule import concentration_rule

solve = concentration_rule(njit(**FLAGS))
READ = "Array(f8, 1, 'C', readonly=True)"


def _entry(tag):
    @entry([f"void({READ}, {READ}, {READ}, f8[::1], i8[::1])"])
    def concentration_points(r, gap, p, out, steps):
        """out[:] = kappa, steps[:] = Newton steps."""
        if tag != 0:
            for i in range(r.size):
                out[i], steps[i] = solve(r[i], gap[i], p[i])

    return concentration_points


concentration_points = _entry(source_tag())
