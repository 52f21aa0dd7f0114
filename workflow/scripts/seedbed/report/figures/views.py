"""The figures that every study gets: scores with paired differences, costs, and growth along a parameter."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from seedbed.core.labels import StudyLabels

from .charts import Painter
from .cost_chart import COSTS
from .growth import growth_views
from .rows import Row, grouped, in_order, rows_of
from .seen import front_seen, scores_seen
from .view_figure import ViewFigure, study_painter

MOST_DOTS = 3000  # replicates in the views of one figure; with more, only the first view shows them all


def study_views(names: StudyLabels, tables: dict[str, pd.DataFrame]) -> Iterator[ViewFigure]:
    """All generic figures of one study; none of them is empty.

    Parameters
    ----------
    names : StudyLabels
        What is drawn, and what it is called.
    tables : dict
        ``scores``, ``summary``, ``comparisons`` and ``costs``; without these ``runs``, of which they are summarised.
    """
    if "costs" not in tables:
        from seedbed.core.judging.summaries import summarise_costs  # a second, for what a run has on disk

        tables = tables | {"costs": summarise_costs(tables["runs"])}
    painter = study_painter(names)
    apart = {key: dict([*table.groupby("scenario", sort=False)]) for key, table in tables.items()}
    for scenario in names.scenarios:
        here = {key: found.get(scenario.name, tables[key].iloc[:0]) for key, found in apart.items()}
        means = grouped(_scored(here["summary"]), "metric")
        metrics = [name for name in scenario.metrics if name in means]
        if not metrics:
            continue
        yield _scores(painter, scenario.name, {name: means[name] for name in metrics}, here, names)
        if ranking := names.ranking_metric(metrics):  # else nobody is better than others, and there is no front
            yield from _costs(painter, scenario.name, ranking, means[ranking], here["costs"], names)
    yield from growth_views(painter, names, tables)


def _scores(
    painter: Painter, scenario: str, means: dict[str, list[Row]], here: dict[str, pd.DataFrame], names: StudyLabels
) -> ViewFigure:
    scores, metrics = here["scores"][np.isfinite(here["scores"]["value"])], [*means]
    compared = grouped(rows_of(here["comparisons"]), "metric")
    shown = scores if len(scores) <= MOST_DOTS else scores[scores["metric"] == metrics[0]]
    dots = grouped(rows_of(shown, ("metric", "method", "replicate", "value")), "metric")
    views, seen, differences = {}, {}, []
    for metric in metrics:
        about, rows = painter.metrics[metric], compared.get(metric, [])
        scores_alone = painter.scores(means[metric], dots.get(metric, []), metric)
        for place, method in enumerate(_under_test(rows, names)[: 1 if metric != metrics[0] else None] or [""]):
            title = about.label if place == 0 else f"{about.label}, beside {painter.labels[method]}"
            others = _from(rows, method)
            views[title] = painter.beside(scores_alone, means[metric], metric, others, method)
            rivals = [row for row in others if names.methods[row["method"]].is_contestant]
            seen[title] = scores_seen(about.label, painter.labels.get(method, ""), rivals, about.direction)
            differences += [{**row, "metric": metric, "kind": row["scale"]} for row in others]
    parts = [
        here["summary"].rename(columns={"mean": "value"}).assign(kind="mean"),
        scores.assign(kind="replicate"),
        pd.DataFrame(differences).rename(columns={"difference": "value", "n": "n_scored"}),
    ]
    numbers = pd.concat([part for part in parts if len(part)], ignore_index=True).assign(scenario=scenario)
    columns = ["kind", "scenario", "method", "metric", "replicate", "value", "low", "high", "n_scored", "n_expected",
               "under_test", "p_holm"]  # fmt: skip
    return ViewFigure(
        f"scores.{scenario}", "scores", scenario, "metric", views, numbers.reindex(columns=columns), seen=seen,
        caption=_SCORES if differences else _caption(names, metrics),
        sources=["summary.csv", "scores.parquet", "comparisons.csv"],
    )  # fmt: skip


def _scored(summary: pd.DataFrame) -> list[Row]:
    """The means of what has scores."""
    return rows_of(
        summary[summary["n_scored"] > 0], ("metric", "method", "mean", "low", "high", "n_scored", "n_expected")
    )


_SCORES = (
    "Mean with its interval, and every replicate; best on top. Right: paired by replicate, exploratory, each interval "
    "by itself; faint where it includes no difference."
)


def _caption(names: StudyLabels, metrics: list[str]) -> str:
    """Of scores without comparisons: nobody is best where no truth is known."""
    alone = _SCORES.partition(" Right")[0]
    return alone if names.ranking_metric(metrics) else alone.replace("best on top", "no truth: no ranking")


def _under_test(rows: list[Row], names: StudyLabels) -> list[str]:
    """Our methods that were compared with others here, what is given the truth last."""
    there = {row["method"] for row in rows}
    return sorted(
        (name for name in names.methods if name in there), key=lambda name: names.methods[name].given_the_truth
    )


def _from(rows: list[Row], method: str) -> list[Row]:
    """The differences of all others from one method: the table has them the other way round."""
    return [
        {
            "method": row["peer"],
            "under_test": method,
            "scale": row["scale"],
            "difference": -row["difference"],
            "low": -row["high"],
            "high": -row["low"],
            "n": row["n"],
            "p_holm": row["p_holm"],
        }
        for row in rows
        if row["method"] == method and not math.isnan(row["difference"])
    ]


def _costs(
    painter: Painter, scenario: str, metric: str, means: list[Row], table: pd.DataFrame, names: StudyLabels
) -> Iterator[ViewFigure]:
    costs, direction = {row["method"]: row for row in rows_of(table)}, painter.metrics[metric].direction
    columns = [f"{cost}{end}" for cost in COSTS for end in ("", "_low", "_high")]
    rows = [
        {name: row[name] for name in ("method", "mean", "low", "high")}
        | {name: costs[row["method"]][name] for name in columns}
        for row in means
        if row["method"] in costs
    ]
    known = [row for row in rows if not any(math.isnan(row[name]) for name in ("mean", *COSTS))]
    rows = in_order(known, direction)
    if not rows:
        return
    contestants = [row for row in rows if names.methods[row["method"]].is_contestant]
    losses = np.array([row["mean"] for row in contestants]) * (1.0 if direction == "lower" else -1.0)
    views, seen = {}, {}
    for cost, label in COSTS.items():
        front = trade_off_front(np.array([row[cost] for row in contestants]), losses)
        on_front = {row["method"] for row, best in zip(contestants, front, strict=True) if best}
        drawn = ["method", "mean", "low", "high", cost, f"{cost}_low", f"{cost}_high"]
        for row in rows:
            row[f"on_front_of_{cost}"] = row["method"] in on_front
        chosen = [{**{name: row[name] for name in drawn}, "on_front": row["method"] in on_front} for row in rows]
        views[label] = painter.costs(chosen, metric, cost)
        seen[label] = front_seen([painter.labels[row["method"]] for row in chosen if row["on_front"]], label)
    caption = "Dashed: the methods that none beats in both score and cost (references and truth-aided ones aside)."
    numbers = pd.DataFrame(rows).assign(scenario=scenario, metric=metric)
    yield ViewFigure(
        f"costs.{scenario}", "costs", scenario, "cost", views, numbers,
        seen=seen, caption=caption, sources=["costs.csv", "summary.csv"],
    )  # fmt: skip


def trade_off_front(cost: np.ndarray, loss: np.ndarray) -> np.ndarray:
    """Which points no other point beats in one coordinate without being worse in the other.

    >>> trade_off_front(np.array([1.0, 2.0, 3.0]), np.array([5.0, 6.0, 4.0])).tolist()
    [True, False, True]
    """
    no_worse = (cost[:, None] <= cost) & (loss[:, None] <= loss)
    better = (cost[:, None] < cost) | (loss[:, None] < loss)
    return np.logical_not((no_worse & better).any(axis=0))
