"""Means with their uncertainty, and paired comparisons between methods."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from .statuses import STATUSES, USABLE


def mean_interval(values: np.ndarray, level: float = 0.95) -> tuple[float, float, float, float]:
    r"""Mean, standard error :math:`s/\sqrt n`, and Student's interval :math:`\bar x \pm t_{n-1} s/\sqrt n`.

    NaNs are left out. With fewer than two values the uncertainty is NaN: one number has none.
    """
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return (values[0] if len(values) else np.nan), np.nan, np.nan, np.nan
    mean, error = values.mean(), values.std(ddof=1) / np.sqrt(len(values))
    half = stats.t.ppf(0.5 + level / 2, len(values) - 1) * error
    return mean, error, mean - half, mean + half


def summarise_scores(scores: pd.DataFrame, runs: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """One row per scenario, method and metric; a cell that failed everywhere is there, with coverage 0.

    Columns: ``scenario, method, metric, mean, standard_error, low, high, n_scored, n_expected``.
    """
    values = {key: group.to_numpy() for key, group in scores.groupby(["scenario", "method", "metric"])["value"]}
    rows = []
    metrics = scores.groupby("scenario")["metric"].unique()
    for (scenario, method), expected in runs.groupby(["scenario", "method"], sort=False).size().items():
        for metric in metrics.get(scenario, []):
            cell = values.get((scenario, method, metric), np.empty(0))
            rows.append([scenario, method, metric, *mean_interval(cell, level), np.isfinite(cell).sum(), expected])
    names = [
        "scenario",
        "method",
        "metric",
        "mean",
        "standard_error",
        "low",
        "high",
        "n_scored",
        "n_expected",
    ]
    return pd.DataFrame(rows, columns=names)


def summarise_costs(runs: pd.DataFrame) -> pd.DataFrame:
    """Median times and memory of the fits that gave an answer, and how often each status occurred."""
    usable = runs[runs["status"].isin(USABLE)]
    cells = ["scenario", "method"]
    costs = usable.groupby(cells, sort=False)[["wall_seconds", "cpu_seconds", "peak_memory_mb"]].median()
    counts = runs.groupby([*cells, "status"], sort=False).size().unstack("status", fill_value=0)
    return counts.reindex(columns=list(STATUSES), fill_value=0).join(costs).reset_index()


def bootstrap_interval(
    differences: np.ndarray, level: float = 0.95, samples: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """Percentile bootstrap interval of the mean of paired differences; NaN below two of them."""
    if len(differences) < 2:
        return np.nan, np.nan
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(differences), (samples, len(differences)))
    low, high = np.quantile(differences[draws].mean(axis=1), [0.5 - level / 2, 0.5 + level / 2])
    return float(low), float(high)


def signed_rank_pvalue(differences: np.ndarray) -> float:
    r"""Two-sided Wilcoxon signed-rank p-value; 1 when all differences are zero, NaN without any.

    Zeros are dropped and ties share their mean rank. Up to 50 differences the distribution of the rank sum
    given the ranks is exact: the coefficients of :math:`\prod_i (1 + t^{2 r_i}) / 2^n`, in :math:`O(n^3)`.
    SciPy enumerates :math:`2^n` signs where there are ties, a second for n = 13; beyond 50 we take its normal
    approximation.
    """
    if len(differences) == 0:
        return np.nan
    nonzero = differences[differences != 0]
    if len(nonzero) == 0:
        return 1.0
    if len(nonzero) > 50:
        return float(stats.wilcoxon(nonzero, method="asymptotic").pvalue)
    doubled = np.rint(2 * stats.rankdata(np.abs(nonzero))).astype(int)  # mean ranks are multiples of one half
    probabilities = np.zeros(doubled.sum() + 1)
    probabilities[0] = 1.0
    for rank in doubled:
        shifted = np.concatenate([np.zeros(rank), probabilities[:-rank]])
        probabilities = (probabilities + shifted) / 2
    observed = doubled[nonzero > 0].sum()
    tails = probabilities[: observed + 1].sum(), probabilities[observed:].sum()
    return float(min(1.0, 2 * min(tails)))


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


def paired_values(scores: pd.DataFrame, first: str, second: str) -> np.ndarray:
    """Differences first - second over the replicates that both have; ``scores`` is replicate x method."""
    if first not in scores or second not in scores:
        return np.empty(0)
    differences = (scores[first] - scores[second]).to_numpy()
    return differences[np.isfinite(differences)]


def compare_methods(
    scores: pd.DataFrame, ours: list[str], methods: list[str], *, level: float = 0.95, samples: int = 2000
) -> pd.DataFrame:
    """Each of our methods against every other method, paired by replicate, per scenario and metric.

    Columns: ``scenario, metric, method, peer, difference`` (mean of method - peer), bootstrap ``low,
    high``, ``n`` common replicates, Wilcoxon ``p_value``, and ``p_holm``, adjusted over the peers of one
    method within the scenario and metric.
    """
    rows = []
    for (scenario, metric), group in scores.groupby(["scenario", "metric"], sort=False):
        table = group.pivot(index="replicate", columns="method", values="value")
        for method in ours:
            family = []
            for peer in (name for name in methods if name != method):
                differences = paired_values(table, method, peer)
                if len(differences):
                    interval = bootstrap_interval(differences, level, samples)
                    p_value = signed_rank_pvalue(differences)
                    family.append(
                        [
                            scenario,
                            metric,
                            method,
                            peer,
                            differences.mean(),
                            *interval,
                            len(differences),
                            p_value,
                        ]
                    )
            adjusted = holm_adjust(np.array([row[-1] for row in family]))
            rows += [[*row, p] for row, p in zip(family, adjusted, strict=True)]
    names = ["scenario", "metric", "method", "peer", "difference", "low", "high", "n", "p_value", "p_holm"]
    return pd.DataFrame(rows, columns=names)
