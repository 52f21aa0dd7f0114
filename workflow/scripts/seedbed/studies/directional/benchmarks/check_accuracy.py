"""The full accuracy check: ``python -m seedbed.studies.directional.benchmarks.check_accuracy --points 20000 --seed 1``.

Draws points of the whole plane, the zero curve and the switching zones oversampled, computes fifty-digit
values (about two minutes for 20,000 points) and prints the largest errors of both back ends. The exit
status is 1 if a bound is exceeded.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from seedbed.directional.bessel.functions import bessel_ratio, log_iv, log_kv
from seedbed.studies.directional.data import exact_values
from seedbed.studies.directional.data.order_and_argument import ZERO_SLOPE, draw_points, errors

BOUNDS = {"iv": (log_iv, 1e-15), "kv": (log_kv, 2e-15), "ratio": (bessel_ratio, 4e-15)}
ZERO_BOUND = 5e-15


def check(n_points: int, seed: int, backend: str) -> bool:
    """Print one line for each function; True if all bounds hold."""
    v, x = draw_points(np.random.default_rng(seed), n_points)
    near = (np.abs(x - ZERO_SLOPE * v) < 0.1 * ZERO_SLOPE * v) & (np.hypot(v, x) >= 25)
    ratio = exact_values.tabulate("ratio", v, x)
    good = True
    for name, (function, bound) in BOUNDS.items():
        exact = ratio if name == "ratio" else exact_values.tabulate(name, v, x)
        value = function(v, x, backend=backend)
        made = errors(name, v, x, value, exact, ratio[0])
        zero = 0.0 if name == "ratio" else float(made["relative"][near].max())
        line = (
            f"{backend} {name}: {v.size} points, {np.sum(~np.isfinite(value))} not finite; largest scaled "
            f"error {made['scaled'].max():.2e} (bound {bound:.0e}), relative median "
            f"{np.median(made['relative']):.1e}, 99 % {np.quantile(made['relative'], 0.99):.1e}, mixed "
            f"{made['mixed'].max():.1e}"
        )
        print(line + (f"; relative near the zero curve {zero:.2e} ({near.sum()} points)" if zero else ""))
        worst = int(np.argmax(made["scaled"]))
        print(f"    worst at v = {v[worst]!r}, x = {x[worst]!r}")
        good &= bool(np.all(np.isfinite(value)) and made["scaled"].max() <= bound and zero <= ZERO_BOUND)
    return good


def main(arguments: list[str]) -> int:
    """Read the command line, check, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__ and __doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--backend", choices=["numba", "numpy"], default="numba")
    options = parser.parse_args(arguments)
    return 0 if check(options.points, options.seed, options.backend) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
