r"""Which of the three regimes a density value is in, from the largest terms of its sum.

The terms :math:`z_i` of a sum have a power law in their upper tail, :math:`P(z > u) \sim u^{-m}`. Above m = 2 the
central limit theorem holds for the sum; from 1 to 2 it has a stable law with heavy tails over data sets; below 1 a few
terms carry it.
"""

from __future__ import annotations

import numpy as np

N_TERMS = 20
EQUAL = 1e-6  # mean logarithm of the largest terms over the last of them: below it they differ by rounding alone
NORMAL, HEAVY, CONDENSED = "normal", "heavy-tailed", "condensed"
FIELDS = [
    ("log_density", np.float64), ("effective_points", np.float64), ("largest_share", np.float64),
    ("tail_index", np.float64), ("regime", "U12"), ("relative_std_error", np.float64),
]  # fmt: skip


class Diagnosis(np.recarray):
    """One record per query; ``str`` of it is one sentence.

    Fields
    ------
    log_density : float
    effective_points : float
        How many points carry the value, 1 over the sum of squared shares. Copies of a row are one point with the sum
        of their shares, as a row of that weight is.
    largest_share : float
        Of a single point.
    tail_index : float
        m, by Hill's estimator from the largest terms; noisy for one query, to be read over many.
    regime : str
        "normal" (m >= 2), "heavy-tailed" (1 <= m < 2) or "condensed" (m < 1).
    relative_std_error : float
        Of the density over data sets; NaN where m < 2, since there the variance of the estimate says nothing.
    """

    __module__ = "seedbed.density"
    n_points: int

    def __array_finalize__(self, array) -> None:
        super().__array_finalize__(array)
        self.n_points = getattr(array, "n_points", 0)

    def __str__(self) -> str:
        if self.ndim == 0 or not self.size or self.dtype.names is None:
            return super().__str__()
        effective = np.asarray(self.effective_points)
        known = effective[np.isfinite(effective)]
        if not known.size:
            return f"no query has a point of {self.n_points} within reach of the kernel: all densities are zero"
        condensed = float(np.mean(np.asarray(self.regime) == CONDENSED))
        said = (
            f"half of these densities are carried by fewer than {_number(np.median(known))} of {self.n_points} points"
        )
        nowhere = effective.size - known.size
        more = f"; {nowhere} of {effective.size} are zero" if nowhere else ""
        return f"{said}; {condensed:.0%} are condensed{more}"


def _number(value: float) -> str:
    return f"{value:.1f}" if value < 100.0 else f"{value:.0f}"


def tail_index(log_terms: np.ndarray) -> np.ndarray:
    """Hill's estimate of m from the logarithms of the k + 1 largest terms of every query, largest first.

    1 over the mean of log z_j - log z_{k+1}, j = 1, ..., k, without bias for exact power laws (k - 1 in place of k).
    NaN where fewer than three terms are positive, and infinite where they are equal up to 1e-6: that is rounding.
    """
    log_terms = np.atleast_2d(np.asarray(log_terms, np.float64))
    usable = np.isfinite(log_terms)
    count = usable.sum(axis=1) - 1
    last = np.take_along_axis(log_terms, np.maximum(count, 0)[:, None], axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        steps = np.where(usable, log_terms - last, 0.0).sum(axis=1)
        steps = np.where(steps < EQUAL * count, 0.0, steps)
        return np.where(count >= 2, (count - 1.0) / steps, np.nan)


def regime_of(index: np.ndarray) -> np.ndarray:
    """The regime of each tail index. Without one, a value rests on fewer than three points: condensed."""
    index = np.asarray(index, np.float64)
    return np.where(index >= 2.0, NORMAL, np.where(index >= 1.0, HEAVY, CONDENSED))


def diagnosis(
    log_densities: np.ndarray, participation: np.ndarray, largest: np.ndarray, log_total: np.ndarray, n_points: int,
    least: float,
) -> Diagnosis:  # fmt: skip
    """Put together what the sums say.

    Parameters
    ----------
    log_densities : ndarray (m,)
    participation : ndarray (m,)
        Sums of squared shares.
    largest : ndarray (m, k + 1)
        Logarithms of the largest terms.
    log_total : ndarray (m,)
        Logarithms of the sums.
    n_points : int
    least : float
        The sum of squared shares that even weights would have.
    """
    found = np.zeros(len(log_densities), FIELDS).view(Diagnosis)
    found.n_points = n_points
    with np.errstate(invalid="ignore", divide="ignore"):
        found["log_density"], found["effective_points"] = log_densities, 1.0 / participation
        found["largest_share"] = np.exp(largest[:, 0] - log_total)
        found["tail_index"] = tail_index(largest)
        found["regime"] = regime_of(found["tail_index"])
        spread = np.sqrt(np.maximum(participation - least, 0.0))
    found["relative_std_error"] = np.where(found["tail_index"] >= 2.0, spread, np.nan)
    return found
