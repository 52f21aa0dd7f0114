"""The figures that every study gets: scores, paired comparisons, costs, and growth along a parameter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..core.statuses import USABLE
from ..core.summaries import summarise_costs
from .charts import Painter
from .styles import method_styles

COSTS = {"cpu_seconds": "CPU time", "peak_memory_mb": "memory"}
MOST_DOTS = 3000  # replicates in the views of one figure; with more, only the first view shows them all
_MEANS = ["method", "mean", "low", "high", "n_scored", "n_expected"]


@dataclass(frozen=True)
class ViewFigure:
    """One figure: its views by what a reader picks (a metric, a method), the first of them drawn on paper."""

    name: str
    kind: str
    scenario: str
    choice: str  # what the reader picks from
    views: dict[str, dict[str, Any]]
    numbers: pd.DataFrame
    beside: bool = False  # views stand side by side and are not picked from
    caption: str = ""
    sources: list[str] = field(default_factory=list)


def study_views(names: dict[str, Any], tables: dict[str, pd.DataFrame]) -> Iterator[ViewFigure]:
    """All generic figures of one study.

    Parameters
    ----------
    names : dict
        See ``StudyPlan.names``.
    tables : dict
        ``scores``, ``runs``, ``summary``, ``comparisons``.
    """
    labels = unlike({name: method["label"] for name, method in names["methods"].items()})
    roles = {name: method["role"] for name, method in names["methods"].items()}
    painter = Painter(labels, method_styles(dict(names["registered"]), roles), names["metrics"])
    costs = summarise_costs(tables["runs"])
    for scenario in names["scenarios"]:
        here = {key: table[table["scenario"] == scenario["name"]] for key, table in tables.items()}
        metrics = [name for name in scenario["metrics"] if _known(here["summary"], name)]
        if not metrics:
            continue
        yield _scores(painter, scenario["name"], metrics, here)
        yield from _comparisons(painter, scenario["name"], metrics[0], here["comparisons"])
        yield _costs(painter, scenario["name"], metrics[0], here["summary"], costs, roles)
    yield from _scaling(painter, names, tables)


def unlike(labels: dict[str, str]) -> dict[str, str]:
    """Labels that two methods share get the method's name: on an axis they would be one.

    >>> unlike({"a": "mine", "b": "mine", "c": "yours"})
    {'a': 'mine (a)', 'b': 'mine (b)', 'c': 'yours'}
    """
    shared = {label for label in labels.values() if [*labels.values()].count(label) > 1}
    return {name: f"{label} ({name})" if label in shared else label for name, label in labels.items()}


def _known(summary: pd.DataFrame, metric: str) -> bool:
    return bool((summary.loc[summary["metric"] == metric, "n_scored"] > 0).any())


def _scores(painter: Painter, scenario: str, metrics: list[str], here: dict[str, pd.DataFrame]) -> ViewFigure:
    scores = here["scores"][np.isfinite(here["scores"]["value"])]
    views, crowded = {}, len(scores) > MOST_DOTS
    for metric in metrics:
        means = here["summary"][(here["summary"]["metric"] == metric) & (here["summary"]["n_scored"] > 0)]
        dots = scores[(scores["metric"] == metric)] if metric == metrics[0] or not crowded else scores[:0]
        dots = dots[["method", "replicate", "value"]]
        views[painter.metrics[metric]["label"]] = painter.scores(means[_MEANS], dots, metric)
    means = here["summary"].rename(columns={"mean": "value"}).assign(kind="mean")
    numbers = pd.concat([means, scores.assign(kind="replicate")], ignore_index=True)
    columns = ["kind", "scenario", "method", "metric", "replicate", "value", "low", "high", "n_scored", "n_expected"]
    caption = "Mean with its interval, and every replicate; best on top."
    return ViewFigure(
        f"scores.{scenario}", "scores", scenario, "metric", views, numbers.reindex(columns=columns),
        caption=caption, sources=["summary.csv", "scores.parquet"],
    )  # fmt: skip


def _comparisons(painter: Painter, scenario: str, metric: str, rows: pd.DataFrame) -> Iterator[ViewFigure]:
    rows = rows[rows["metric"] == metric]
    columns = ["peer", "scale", "difference", "low", "high", "n", "p_holm"]
    views = {
        painter.labels[method]: painter.comparisons(part[columns], metric)
        for method, part in rows.groupby("method", sort=False)
    }
    if views:
        caption = "Paired by replicate: what lies clear of the dashed line is a difference."
        yield ViewFigure(
            f"comparisons.{scenario}", "comparisons", scenario, "method", views, rows,
            caption=caption, sources=["comparisons.csv"],
        )  # fmt: skip


def _costs(
    painter: Painter, scenario: str, metric: str, summary: pd.DataFrame, costs: pd.DataFrame, roles: dict[str, str]
) -> ViewFigure:
    means = summary[(summary["metric"] == metric) & (summary["n_scored"] > 0)].set_index("method")[_MEANS[1:4]]
    here = costs[costs["scenario"] == scenario].set_index("method")
    columns = [f"{cost}{end}" for cost in COSTS for end in ("", "_low", "_high")]
    rows = means.join(here[columns]).dropna(subset=list(COSTS)).reset_index()
    sign = 1.0 if painter.metrics[metric]["direction"] == "lower" else -1.0
    rows = rows.sort_values("mean", key=lambda mean: sign * mean, kind="stable", ignore_index=True)
    contestants = rows[rows["method"].map(roles).isin(["ours", "baseline"])]
    views = {}
    for cost, label in COSTS.items():
        front = trade_off_front(contestants[cost].to_numpy(), sign * contestants["mean"].to_numpy())
        on_front = rows["method"].isin(contestants["method"].to_numpy()[front])
        drawn = ["method", "mean", "low", "high", cost, f"{cost}_low", f"{cost}_high", f"on_front_of_{cost}"]
        rows[drawn[-1]] = on_front
        views[label] = painter.costs(rows[drawn].rename(columns={drawn[-1]: "on_front"}), metric, cost)
    caption = "Dashed: the methods that none beats in both score and cost (oracle and controls aside)."
    return ViewFigure(
        f"costs.{scenario}", "costs", scenario, "cost", views, rows.assign(scenario=scenario, metric=metric),
        beside=True, caption=caption, sources=["costs.csv", "summary.csv"],
    )  # fmt: skip


def trade_off_front(cost: np.ndarray, loss: np.ndarray) -> np.ndarray:
    """Which points no other point beats in one coordinate without being worse in the other.

    >>> trade_off_front(np.array([1.0, 2.0, 3.0]), np.array([5.0, 6.0, 4.0])).tolist()
    [True, False, True]
    """
    no_worse = (cost[:, None] <= cost) & (loss[:, None] <= loss)
    better = (cost[:, None] < cost) | (loss[:, None] < loss)
    return ~(no_worse & better).any(axis=0)


def _scaling(painter: Painter, names: dict[str, Any], tables: dict[str, pd.DataFrame]) -> Iterator[ViewFigure]:
    """One figure for each family of scenarios that differ in one number alone, three of them at least."""
    for family in families(names["scenarios"]):
        sizes = family["sizes"]
        metric = next((name for name in family["metrics"] if _known(tables["summary"], name)), None)
        runs = tables["runs"][tables["runs"]["scenario"].isin(sizes) & tables["runs"]["status"].isin(USABLE)]
        if metric is None or runs.empty:
            continue
        costs = summarise_costs(runs)
        parts = [
            costs.rename(columns={cost: "value", f"{cost}_low": "low", f"{cost}_high": "high"}).assign(quantity=cost)
            for cost in COSTS
        ]
        means = tables["summary"][tables["summary"]["metric"] == metric].rename(columns={"mean": "value"})
        rows = pd.concat([means.assign(quantity=metric), *parts], ignore_index=True)
        rows = rows[rows["scenario"].isin(sizes) & rows["value"].notna()]
        rows = rows.assign(size=rows["scenario"].map(sizes))
        rows = rows[["scenario", "method", "size", "quantity", "value", "low", "high"]]
        about, word = painter.metrics[metric], family["parameter"].replace("_", " ")
        quantities = {metric: (about["label"], about["log_floor"])}
        quantities |= {"cpu_seconds": ("CPU time of one fit (s)", 1e-4), "peak_memory_mb": ("peak memory (MiB)", 0.1)}
        views = {
            title: painter.scaling(rows.drop(columns="scenario"), word, quantity, title, floor)
            for quantity, (title, floor) in quantities.items()
        }
        yield ViewFigure(
            f"growth.{family['name']}", "scaling", "", "quantity", views, rows, beside=True,
            caption=f"Along {word}: means of the score and medians of the costs, with intervals.",
            sources=["summary.csv", "costs.csv"],
        )  # fmt: skip


def families(scenarios: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Scenarios of one generator whose parameters differ in one number alone, three values or more."""
    found = []
    varying = sorted({key for scenario in scenarios for key, value in scenario["params"].items() if _number(value)})
    for parameter in varying:
        groups: dict[str, list[dict[str, Any]]] = {}
        for scenario in scenarios:
            if _number(scenario["params"].get(parameter)):
                rest = {key: value for key, value in scenario["params"].items() if key != parameter}
                groups.setdefault(f"{scenario['generator']} {sorted(rest.items())}", []).append(scenario)
        for group in groups.values():
            sizes = {scenario["name"]: scenario["params"][parameter] for scenario in group}
            if len(set(sizes.values())) >= 3:
                name = f"{parameter}.{group[0]['name'].partition('~')[0]}"
                found.append({"name": name, "parameter": parameter, "sizes": sizes, "metrics": group[0]["metrics"]})
    return found


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
