"""What the scenarios of a claim say one by one, and what a new one of their kind would say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from seedbed.core.records import Record

from .intervals import mean_interval


@dataclass(frozen=True, kw_only=True)
class PlaceEffect(Record):
    """The mean effect in one scenario (of times: of one case), Student's interval, and of how many; None: unknown."""

    place: str
    effect: float | None
    low: float | None
    high: float | None
    n: int


def effects_by_place(by_place: Mapping[str, pd.Series], level: float) -> tuple[PlaceEffect, ...]:
    """What every scenario says."""
    rows = []
    for name, values in by_place.items():
        mean, _, low, high = mean_interval(values.to_numpy(float), level)
        effect, low, high = (float(end) if np.isfinite(end) else None for end in (mean, low, high))
        rows.append(PlaceEffect(place=name, effect=effect, low=low, high=high, n=int(values.notna().sum())))
    return tuple(rows)


_ROUNDING = 1e-6  # of the largest error: less is no spread of replicates but of digits


def prediction_interval(by_place: Mapping[str, pd.Series], level: float) -> tuple[float, float]:
    r"""Where the effect of one more scenario of this kind would lie; NaN below three.

    .. math:: \hat\mu \pm t_{k-2} \sqrt{\hat\tau^2 + \mathrm{se}(\hat\mu)^2},

    with the variance :math:`\tau^2` between scenarios by DerSimonian and Laird (Higgins, Thompson and Spiegelhalter
    2009). Where the replicates of a scenario all agree its weight would be without bound, and all count the same; where
    nothing differs at all, nothing is known of another. It takes the scenarios for a sample, which those of a study are
    not; it says how little an average over them need hold elsewhere.
    """
    with np.errstate(over="ignore"):
        stats_of = [mean_interval(values.to_numpy(float), level)[:2] for values in by_place.values()]
    if len(stats_of) < 3:
        return np.nan, np.nan
    means, errors = (np.array(column, float) for column in zip(*stats_of, strict=True))
    if not (np.isfinite(means).all() and np.isfinite(errors).all()):
        return np.nan, np.nan
    errors[errors < _ROUNDING * errors.max()] = 0.0
    between = _variance_between(means, errors)
    variances = errors**2 + between
    if not variances.any():  # all say the same, without any spread: nothing is known of another
        return np.nan, np.nan
    weights = 1 / variances if variances.all() else np.ones(len(variances))
    mean, error = weights @ means / weights.sum(), np.sqrt(weights**2 @ variances) / weights.sum()
    half = special.stdtrit(len(means) - 2, 0.5 + level / 2) * np.sqrt(between + error**2)
    return float(mean - half), float(mean + half)


def _variance_between(means: np.ndarray, errors: np.ndarray) -> float:
    if (errors == 0).any():  # weights without bound: every scenario counts the same
        return float(max(0.0, means.var(ddof=1) - np.mean(errors**2)))
    weights = 1 / errors**2
    centre = weights @ means / weights.sum()
    excess = weights @ (means - centre) ** 2 - (len(means) - 1)
    return float(max(0.0, excess / (weights.sum() - (weights**2).sum() / weights.sum())))
