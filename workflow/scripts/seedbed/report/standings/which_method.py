"""Which method when: the methods of each kind of scenario with score, range of ranks, time and answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from seedbed.core.labels import MetricLabel, ScenarioLabel, StudyLabels
from seedbed.report.notation import duration, notation, power
from seedbed.report.numbers import MISSING, known


@dataclass(frozen=True)
class Standing:
    """How one contestant does over some scenarios: its mean score with its interval, and the ranks it may have."""

    method: str
    score: float
    low: float
    high: float
    first: int  # one more than there are methods that are surely better; 0 of one that is not ranked
    last: int  # as many as there are, less those that are surely worse

    @property
    def rank(self) -> str:
        """``3`` or ``1–4``; an en dash of one that is not ranked."""
        if self.first == 0:
            return MISSING
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


def kinds_of_scenarios(
    names: StudyLabels, scores: pd.DataFrame, costs: pd.DataFrame, level: float = 0.95
) -> list[dict[str, Any]]:
    """One table for each kind: scenarios of one generator, with the same methods and the same main metric.

    Each has ``title``, ``scenarios`` (labels), ``metric`` (its :class:`MetricLabel`), ``n_methods``, the number of
    contestants with a score, and ``rows``: contestants by their score, then what is not ranked, each with ``standing``
    (None without scores, its numbers all ``written`` alike), the median CPU time of a fit (``cpu_seconds``,
    ``fastest`` and ``slowest`` over the scenarios; ``time`` in words), how many of the ``expected`` fits were
    ``answered``, and of how many the answer was ``not_reproducible``. ``best`` are the methods that may be first,
    ``quickest`` the one of them that takes the least CPU time, and ``scale`` says how logarithms are compared.
    """
    kinds: dict[tuple, list[ScenarioLabel]] = {}
    for scenario in names.scenarios:
        if metric := main_metric(names, scenario, scores):
            kinds.setdefault((scenario.generator, scenario.methods, metric), []).append(scenario)
    return [
        {
            "title": in_words(generator),
            "scenarios": [scenario.label for scenario in chosen],
            "metric": names.metrics[metric],
            **_table(names, chosen, metric, scores, costs, level),
        }
        for (generator, _, metric), chosen in kinds.items()
    ]


def in_words(target: str) -> str:
    """What a generator's dotted target calls it.

    >>> in_words("seedbed.studies.clustering.data.simulated:GaussianMixture"), in_words("own.py:two_moons")
    ('Gaussian mixture', 'two moons')
    """
    name = target.rpartition(":")[2].replace("_", " ")
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name).split()
    return " ".join([*words[:1], *(word if word.isupper() else word.lower() for word in words[1:])])


def rank_contestants(
    names: StudyLabels, scenarios: Sequence[ScenarioLabel], metric: str, scores: pd.DataFrame, level: float = 0.95
) -> list[Standing]:
    r"""The contestants of scenarios with the same methods, best mean first.

    One method is surely better than another if the interval of their mean paired difference, averaged over the
    scenarios, leaves out zero: Student's, with the replicates of all scenarios, on decimal logarithms where the metric
    is shown on them, for none of the other pairs adjusted. Between equal scores nothing is sure. A method that no
    other beats surely may be the first, and several such methods are tied.

    ``O(n m^2)`` for n replicates and m methods.
    """
    about = names.metrics[metric]
    contestants = [name for name in scenarios[0].methods if names.methods[name].is_contestant]
    tables = [_turned(scores, scenario.name, metric, contestants, about) for scenario in scenarios]
    overlaps = [scenario.overlap or 0.0 for scenario in scenarios]
    better = _surely_better(tables, overlaps, level)
    means, halves = _means(tables, overlaps, level)
    scored = np.isfinite(means)
    ranks = 1 + better[scored].sum(axis=0), scored.sum() - better[:, scored].sum(axis=1)
    found = [
        Standing(name, *_shown(means[i], halves[i], about), int(ranks[0][i]), int(ranks[1][i]))
        for i, name in enumerate(contestants)
        if scored[i]
    ]
    order = {name: -means[i] for i, name in enumerate(contestants)}
    return sorted(found, key=lambda standing: order[standing.method])


def main_metric(names: StudyLabels, scenario: ScenarioLabel, scores: pd.DataFrame) -> str:
    """The first of the scenario's metrics with values that may rank; empty if none has, as without a truth."""
    here = scores[(scores["scenario"] == scenario.name) & scores["value"].notna()]
    return names.ranking_metric(set(here["metric"])) or ""


def scale_text(names: StudyLabels, scenarios: Sequence[ScenarioLabel], metric: str, scores: pd.DataFrame) -> str:
    """How a metric that is shown on logarithms is compared; nothing of another one."""
    about = names.metrics[metric]
    if about.log_floor is None:
        return ""
    here = scores["scenario"].isin([scenario.name for scenario in scenarios]) & (scores["metric"] == metric)
    small = bool((scores.loc[here, "value"] < about.log_floor).any())
    floor = f"; what is below {power(about.log_floor, 1)} counts as that, and methods so good are tied" if small else ""
    return f"By {about.label}, of which logarithms are compared{floor}."


def _table(
    names: StudyLabels,
    scenarios: Sequence[ScenarioLabel],
    metric: str,
    scores: pd.DataFrame,
    costs: pd.DataFrame,
    level: float,
) -> dict[str, Any]:
    ranked = rank_contestants(names, scenarios, metric, scores, level)
    standings = {standing.method: standing for standing in ranked}
    others = [name for name in scenarios[0].methods if name not in standings]
    references = {one.method: one for one in _references(names, scenarios, metric, scores, level)}
    here = _costs(costs[costs["scenario"].isin([scenario.name for scenario in scenarios])])
    expected = names.replicates * len(scenarios)
    rows = [
        {
            "method": name,
            "standing": {**standings, **references}.get(name),
            "expected": expected,
            **(costs := here.get(name, _NO_COSTS)),
            "time": duration(costs["cpu_seconds"], costs["fastest"], costs["slowest"]),
        }
        for name in [*standings, *others]
    ]
    best = [standing.method for standing in ranked if standing.first == 1]
    times = {row["method"]: row["cpu_seconds"] for row in rows if known(row["cpu_seconds"])}
    quickest = min((name for name in best if name in times), key=lambda name: times[name], default="")
    ends = (end for one in (*ranked, *references.values()) for end in (one.score, one.low, one.high))
    return {
        "rows": rows,
        "best": best,
        "quickest": quickest,
        "n_methods": len(ranked),
        "written": notation(ends, logarithmic=names.metrics[metric].log_floor is not None),
        "scale": scale_text(names, scenarios, metric, scores),
    }


def _references(
    names: StudyLabels, scenarios: Sequence[ScenarioLabel], metric: str, scores: pd.DataFrame, level: float
) -> list[Standing]:
    """Mean scores of what is not ranked: oracles, controls, and what is given the truth."""
    others = [name for name in scenarios[0].methods if not names.methods[name].is_contestant]
    about = names.metrics[metric]
    tables = [_turned(scores, scenario.name, metric, others, about) for scenario in scenarios]
    means, halves = _means(tables, [scenario.overlap or 0.0 for scenario in scenarios], level)
    return [
        Standing(name, *_shown(means[i], halves[i], about), first=0, last=0)
        for i, name in enumerate(others)
        if np.isfinite(means[i])
    ]


_NO_COSTS = {**dict.fromkeys(("cpu_seconds", "fastest", "slowest"), np.nan), "answered": 0, "not_reproducible": 0}


def _costs(costs: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """By method, over the scenarios in the table."""
    times = {"cpu_seconds": "median", "fastest": "min", "slowest": "max"}
    counts = ("ok", "not_converged", "not_reproducible")
    found = costs.groupby("method").agg(
        **{name: ("cpu_seconds", how) for name, how in times.items()}, **{name: (name, "sum") for name in counts}
    )
    found["answered"] = found.pop("ok") + found.pop("not_converged")
    return found.to_dict("index")


def _turned(scores: pd.DataFrame, scenario: str, metric: str, methods: Sequence[str], about: MetricLabel) -> np.ndarray:
    """Replicates by methods, higher for better, on the scale that the metric is shown on; NaN where there is none."""
    here = scores[(scores["scenario"] == scenario) & (scores["metric"] == metric)]
    replicates, rows = np.unique(here["replicate"], return_inverse=True)
    columns = pd.Index(methods).get_indexer(here["method"])
    values, asked = np.full((len(replicates), len(methods)), np.nan), columns >= 0
    values[rows[asked], columns[asked]] = here["value"].to_numpy(float)[asked]
    if about.log_floor is not None:
        values = np.log10(np.maximum(values, about.log_floor))
    return values if about.direction == "higher" else -values


def _shown(mean: float, half: float, about: MetricLabel) -> tuple[float, float, float]:
    """Score and interval on the metric's own scale and within its bounds."""
    sign = 1.0 if about.direction == "higher" else -1.0
    ends = sorted((sign * mean - half + 0.0, sign * mean + half + 0.0))  # a zero without a sign
    if about.log_floor is not None:
        return float(10 ** (sign * mean)), float(10 ** ends[0]), float(10 ** ends[1])
    if about.bounds:
        ends = [float(np.clip(end, *about.bounds)) for end in ends]
    return float(sign * mean + 0.0), float(ends[0]), float(ends[1])


def _means(tables: Sequence[np.ndarray], overlaps: Sequence[float], level: float) -> tuple[np.ndarray, np.ndarray]:
    columns = [(table[:, :, None], overlap) for table, overlap in zip(tables, overlaps, strict=True)]
    means, halves = _averaged(columns, level)
    return means[:, 0], halves[:, 0]


def _surely_better(tables: Sequence[np.ndarray], overlaps: Sequence[float], level: float) -> np.ndarray:
    """``[i, j]``: whether method i is surely better than method j."""
    pairs = [(table[:, :, None] - table[:, None, :], overlap) for table, overlap in zip(tables, overlaps, strict=True)]
    means, halves = _averaged(pairs, level)
    return np.nan_to_num(means, nan=-np.inf) > np.nan_to_num(halves, nan=np.inf)


def _averaged(values: Sequence[tuple[np.ndarray, float]], level: float) -> tuple[np.ndarray, np.ndarray]:
    """Mean over scenarios of the means over replicates (the first axis), and half the width of its interval."""
    means, variances, freedom = map(np.array, zip(*(_moments(*one) for one in values), strict=True))
    known = np.isfinite(means)
    count = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, means, 0.0).sum(axis=0) / count
        error = np.sqrt(np.where(known, variances, 0.0).sum(axis=0)) / count
        reach = special.stdtrit(np.where(known, freedom, 0).sum(axis=0), (1 + level) / 2)
    return np.where(count > 0, mean, np.nan), reach * error


def _moments(values: np.ndarray, overlap: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    known = np.isfinite(values)
    n = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, values, 0.0).sum(axis=0) / n
        spread = np.where(known, (values - mean) ** 2, 0.0).sum(axis=0) / (n - 1)
        variance = spread * (1 / n + overlap / (1 - overlap)) if overlap < 1 else np.full(spread.shape, np.nan)
    return np.where(n > 1, mean, np.nan), np.where(n > 1, variance, 0.0), np.maximum(n - 1, 0)
