"""The figures that every study gets: scores with paired differences, costs, and growth along a parameter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from seedbed.core.labels import StudyLabels

from .charts import Painter
from .cost_chart import COSTS
from .growth import growth_views
from .seen import front_seen, scores_seen
from .view_figure import ViewFigure, has_scores, study_painter

MOST_DOTS = 3000  # replicates in the views of one figure; with more, only the first view shows them all
_MEANS = ["method", "mean", "low", "high", "n_scored", "n_expected"]


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
    for scenario in names.scenarios:
        here = {key: table[table["scenario"] == scenario.name] for key, table in tables.items()}
        metrics = [name for name in scenario.metrics if has_scores(here["summary"], name)]
        if not metrics:
            continue
        yield _scores(painter, scenario.name, metrics, here, names)
        if ranking := names.ranking_metric(metrics):  # else nobody is better than others, and there is no front
            yield from _costs(painter, scenario.name, ranking, here, names)
    yield from growth_views(painter, names, tables)


def _scores(
    painter: Painter, scenario: str, metrics: list[str], here: dict[str, pd.DataFrame], names: StudyLabels
) -> ViewFigure:
    scores = here["scores"][np.isfinite(here["scores"]["value"])]
    views, seen, compared, crowded = {}, {}, [], len(scores) > MOST_DOTS
    for metric in metrics:
        about = painter.metrics[metric]
        means = here["summary"][(here["summary"]["metric"] == metric) & (here["summary"]["n_scored"] > 0)][_MEANS]
        dots = scores[(scores["metric"] == metric)] if metric == metrics[0] or not crowded else scores[:0]
        dots = dots[["method", "replicate", "value"]]
        rows = here["comparisons"][here["comparisons"]["metric"] == metric]
        scores_alone = painter.scores(means, dots, metric)
        for place, method in enumerate(_under_test(rows, names)[: 1 if metric != metrics[0] else None] or [""]):
            title = about.label if place == 0 else f"{about.label}, beside {painter.labels[method]}"
            differences = _from(rows, method)
            views[title] = painter.beside(scores_alone, means, metric, differences, method)
            rivals = differences[np.array([names.methods[one].is_contestant for one in differences["method"]], bool)]
            seen[title] = scores_seen(about.label, painter.labels.get(method, ""), rivals, about.direction)
            compared.append(differences.assign(metric=metric))
    parts = [
        here["summary"].rename(columns={"mean": "value"}).assign(kind="mean"),
        scores.assign(kind="replicate"),
        *(
            rows.rename(columns={"difference": "value", "n": "n_scored"}).assign(kind=rows["scale"])
            for rows in compared
        ),
    ]
    numbers = pd.concat([part for part in parts if len(part)], ignore_index=True).assign(scenario=scenario)
    columns = ["kind", "scenario", "method", "metric", "replicate", "value", "low", "high", "n_scored", "n_expected",
               "under_test", "p_holm"]  # fmt: skip
    return ViewFigure(
        f"scores.{scenario}", "scores", scenario, "metric", views, numbers.reindex(columns=columns), seen=seen,
        caption=_SCORES if any(len(rows) for rows in compared) else _caption(names, metrics),
        sources=["summary.csv", "scores.parquet", "comparisons.csv"],
    )  # fmt: skip


_SCORES = (
    "Mean with its interval, and every replicate; best on top. Right: paired by replicate, exploratory, each interval "
    "by itself; faint where it holds no difference."
)


def _caption(names: StudyLabels, metrics: list[str]) -> str:
    """Of scores without comparisons: nobody is best where no truth is known."""
    alone = _SCORES.partition(" Right")[0]
    return alone if names.ranking_metric(metrics) else alone.replace("best on top", "no truth: no ranking")


def _under_test(rows: pd.DataFrame, names: StudyLabels) -> list[str]:
    """Our methods that were compared with others here, what is given the truth last."""
    there = {*rows["method"]}
    return sorted(
        (name for name in names.methods if name in there), key=lambda name: names.methods[name].given_the_truth
    )


def _from(rows: pd.DataFrame, method: str) -> pd.DataFrame:
    """The differences of all others from one method: the table has them the other way round."""
    rows = rows[(rows["method"] == method) & rows["difference"].notna()]
    turned = rows.assign(method=rows["peer"], under_test=method)
    for name, source in (("difference", "difference"), ("low", "high"), ("high", "low")):
        turned[name] = -rows[source]
    return turned[["method", "under_test", "scale", "difference", "low", "high", "n", "p_holm"]]


def _costs(
    painter: Painter, scenario: str, metric: str, tables: dict[str, pd.DataFrame], names: StudyLabels
) -> Iterator[ViewFigure]:
    summary, here = tables["summary"], tables["costs"].set_index("method")
    means = summary[(summary["metric"] == metric) & (summary["n_scored"] > 0)].set_index("method")[_MEANS[1:4]]
    columns = [f"{cost}{end}" for cost in COSTS for end in ("", "_low", "_high")]
    rows = means.join(here[columns]).dropna(subset=["mean", *COSTS]).reset_index()
    if rows.empty:
        return
    sign = 1.0 if painter.metrics[metric].direction == "lower" else -1.0
    rows = rows.sort_values("mean", key=lambda mean: sign * mean, kind="stable", ignore_index=True)
    contestants = rows[[names.methods[method].is_contestant for method in rows["method"]]]
    views, seen = {}, {}
    for cost, label in COSTS.items():
        front = trade_off_front(contestants[cost].to_numpy(), sign * contestants["mean"].to_numpy())
        on_front = rows["method"].isin(contestants["method"].to_numpy()[front])
        drawn = ["method", "mean", "low", "high", cost, f"{cost}_low", f"{cost}_high", f"on_front_of_{cost}"]
        rows[drawn[-1]] = on_front
        views[label] = painter.costs(rows[drawn].rename(columns={drawn[-1]: "on_front"}), metric, cost)
        seen[label] = front_seen([painter.labels[method] for method in rows.loc[on_front, "method"]], label)
    caption = "Dashed: the methods that none beats in both score and cost (references and truth-aided ones aside)."
    yield ViewFigure(
        f"costs.{scenario}", "costs", scenario, "cost", views, rows.assign(scenario=scenario, metric=metric),
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
