"""Parameters of the measures: their ranges, the grid that is searched, and a scale that suits every graph.

On the natural scale a fixed grid misses large or dense graphs. The relative one counts in what decides how far a
measure reaches: for exponentials ``t`` times the gap between the two largest eigenvalues of the kernel, for Katz's
walks ``t`` times the spectral radius, for forests ``t`` times the smallest positive eigenvalue of L, for costs ``beta``
times the mean cost of an edge. PageRank's parameter and those of the sigmoids are relative already.
"""

from __future__ import annotations

from numbers import Real

import numpy as np

from .families import DISTANCES, FAMILIES, FIXED, MEASURES, SIGMOIDS
from .spectra import Spectra
from .stable_log import ordered_eigen

# relative values: the first and the last that are searched, and the one that is taken where nothing is to be chosen
_EXPONENTIAL = (0.1, 30.0, 3.0)
_FOREST = (0.02, 50.0, 1.0)
_ENDS = (0.02, 0.999, 0.9)  # of t rho, or of PageRank's a
_SIGMOID = (0.02, 25.0, 3.0)
_COST = (0.02, 25.0, 0.1)
_WEIGHT = (0.02, 0.98, 0.5)


def has_parameter(measure: str) -> bool:
    """Whether a measure depends on t."""
    return measure not in FIXED and measure != "shortest_path"


def check_measure(measure: str) -> str:
    """The name, if it is one.

    Raises
    ------
    ValueError
        With the names that there are.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}; got {measure!r}")
    return measure


def _ends(measure: str) -> tuple[float, float, float]:
    if measure in SIGMOIDS:
        return _SIGMOID
    if measure in DISTANCES:
        return _WEIGHT if measure == "shortest_path_commute_time" else _COST
    if measure == "forest":
        return _FOREST
    return _ENDS if FAMILIES[measure].kind == "inverse" else _EXPONENTIAL


def relative_grid(measure: str, n_values: int) -> np.ndarray:
    """Relative values from end to end: of ranges that end at 1 equally spaced in log(1 - t), else in log t."""
    if not has_parameter(measure):
        return np.array([np.nan])
    low, high, middle = _ends(measure)
    if n_values == 1:
        return np.array([middle])
    if high < 1.0 and measure != "shortest_path_commute_time":
        return 1.0 - np.geomspace(1.0 - low, 1.0 - high, n_values)
    return np.linspace(low, high, n_values) if high < 1.0 else np.geomspace(low, high, n_values)


def default_relative(measure: str) -> float:
    """The relative value where none is given and none can be chosen."""
    return _ends(measure)[2] if has_parameter(measure) else np.nan


def unit(measure: str, spectra: Spectra) -> float:
    """What one on the relative scale is on the natural one; of double factorials, the square of it."""
    if measure in ("randomised_shortest_path", "free_energy"):
        weights = spectra.graph.adjacency.data
        return float(1.0 / np.mean(1.0 / weights)) if len(weights) else 1.0
    if measure not in FAMILIES:
        return 1.0
    family = FAMILIES[measure]
    part = spectra.largest(family.even)
    values, _ = ordered_eigen(part, family)
    if len(values) < 2:
        return 1.0
    first, second = abs(values[0]), abs(values[1]) if family.even else values[1]
    if family.kind == "gaussian":
        return float(2.0 / max(first**2 - second**2, 1e-12))
    if family.kind == "exponential":
        gap = abs(first - second) if family.matrix != "L" else values[1]
        return float(1.0 / max(gap, 1e-9 * max(abs(float(values[-1])), first, 1e-300)))
    if measure == "forest":
        return float(1.0 / max(values[1], 1e-9 * float(values[-1])))
    return float(1.0 / first) if family.matrix == "A" else 1.0


def to_natural(measure: str, relative: float, spectra: Spectra) -> float:
    """A relative value on the natural scale."""
    if not has_parameter(measure):
        return np.nan
    value = relative * unit(measure, spectra)
    return float(np.sqrt(value)) if measure == "double_factorial" else float(value)


def as_number(t: object) -> float:
    """A parameter that is a number, also of a measure that has none.

    Raises
    ------
    ValueError
        For anything else.
    """
    if isinstance(t, bool) or not isinstance(t, Real):
        raise ValueError(f"t must be a number or 'auto', got {t!r}")
    return float(t)


def check_natural(measure: str, t: float, spectra: Spectra) -> float:
    """The value, if it lies in the measure's range.

    Raises
    ------
    ValueError
        With the range.
    """
    if not has_parameter(measure):
        return np.nan
    t = float(t)
    upper, closed = _upper(measure, spectra)
    if not t > 0 or t > upper or (t == upper and not closed):
        end = "]" if closed else ")"
        more = " (1 / the largest eigenvalue of the adjacency matrix)" if measure == "walk" else ""
        raise ValueError(f"t of the measure '{measure}' must lie in (0, {upper:g}{end}{more}, got {t:g}")
    return t


def _upper(measure: str, spectra: Spectra) -> tuple[float, bool]:
    if measure == "shortest_path_commute_time":
        return 1.0, True
    if measure not in FAMILIES:
        return np.inf, False
    family = FAMILIES[measure]
    if family.kind != "inverse" or family.matrix == "L":
        return np.inf, family.kind != "gaussian"
    if family.matrix == "S":
        return 1.0, True
    radius = max(float(part.eigen("A")[0][-1]) for part in spectra.parts)
    return (1.0 / radius, True) if radius > 0 else (np.inf, False)
