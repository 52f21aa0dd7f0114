"""Intervals and tests for a handful of replicates.

``scipy.stats`` takes half a second to import, and is left to those who test: a page of results needs none.
"""

from __future__ import annotations

import numpy as np
from scipy import special


def mean_interval(values: np.ndarray, level: float = 0.95, overlap: float = 0.0) -> tuple[float, float, float, float]:
    r"""Mean, standard error :math:`s/\sqrt n`, and Student's interval :math:`\bar x \pm t_{n-1} s/\sqrt n`.

    Where replicates share :math:`\rho` (``overlap``) of one data set, :math:`1/n` becomes :math:`1/n + \rho/(1 - \rho)`
    (Nadeau and Bengio 2003). NaNs are left out. With fewer than two values the uncertainty is NaN: one number has none,
    nor have many that are one data set's (an overlap of 1).
    """
    values = values[np.isfinite(values)]
    if len(values) < 2 or overlap >= 1:
        return (values.mean() if len(values) else np.nan), np.nan, np.nan, np.nan
    mean, error = values.mean(), values.std(ddof=1) * np.sqrt(1 / len(values) + overlap / (1 - overlap))
    half = special.stdtrit(len(values) - 1, 0.5 + level / 2) * error
    return mean, error, mean - half, mean + half


def median_interval(values: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """Distribution-free interval of the median: the innermost order statistics that cover it with ``level``.

    Below six values no two of them do, and it is their range. NaN without values.
    """
    from scipy import stats

    ordered = np.sort(values[np.isfinite(values)])
    size = len(ordered)
    if size == 0:
        return np.nan, np.nan
    rank = max(1, int(stats.binom.ppf((1 - level) / 2, size, 0.5)))
    return float(ordered[rank - 1]), float(ordered[size - rank])


def signed_rank_tails(differences: np.ndarray) -> tuple[float, float]:
    r"""One-sided Wilcoxon signed-rank p-values, for a location below and above zero; 1 for zeros alone.

    Zeros are dropped and ties share their mean rank. Up to 50 differences the distribution of the rank sum
    given the ranks is exact: the coefficients of :math:`\prod_i (1 + t^{2 r_i}) / 2^n`, in :math:`O(n^3)`.
    SciPy enumerates :math:`2^n` signs where there are ties, a second for n = 13; beyond 50 we take its normal
    approximation.
    """
    from scipy import stats

    nonzero = differences[differences != 0]
    if len(nonzero) == 0:
        return 1.0, 1.0
    if len(nonzero) > 50:
        below, above = (
            stats.wilcoxon(nonzero, method="asymptotic", alternative=side).pvalue for side in ("less", "greater")
        )
        return float(below), float(above)
    doubled = np.rint(2 * stats.rankdata(np.abs(nonzero))).astype(int)  # mean ranks are multiples of one half
    probabilities = np.zeros(doubled.sum() + 1)
    probabilities[0] = 1.0
    for rank in doubled:
        shifted = np.concatenate([np.zeros(rank), probabilities[:-rank]])
        probabilities = (probabilities + shifted) / 2
    observed = doubled[nonzero > 0].sum()
    return float(probabilities[: observed + 1].sum()), float(probabilities[observed:].sum())


def region_pvalue(values: np.ndarray, low: float, high: float) -> float:
    r"""Signed-rank evidence that the location lies in ``(low, high)``, or that it lies outside of it.

    Inside: the larger of the one-sided p-values against the finite bounds (two one-sided tests where there
    are two); outside: the smaller of those on the other sides. Twice the smaller of these, at most 1, so that
    for one bound it is the usual two-sided p-value.
    """
    tails = [signed_rank_tails(values - low)] if np.isfinite(low) else []
    tails += [signed_rank_tails(high - values)] if np.isfinite(high) else []
    inside, outside = max(above for _, above in tails), min(below for below, _ in tails)
    return min(1.0, 2 * inside, 2 * outside)


def share_interval(successes: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Clopper and Pearson's exact interval of a probability."""
    from scipy import stats

    found = stats.binomtest(successes, n).proportion_ci(level, method="exact")
    return float(found.low), float(found.high)


def holm_adjust(pvalues: np.ndarray) -> np.ndarray:
    r"""Holm's step-down adjustment: :math:`\tilde p_{(i)} = \max_{j \le i} \min(1, (m-j+1) p_{(j)})`.

    NaNs stay NaN and do not count among the :math:`m` tests.
    """
    adjusted = np.full(len(pvalues), np.nan)
    known = np.flatnonzero(np.isfinite(pvalues))
    order = known[np.argsort(pvalues[known], kind="stable")]
    factors = len(order) - np.arange(len(order))
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(factors * pvalues[order]))
    return adjusted
