"""Growth of score and costs along a parameter in which scenarios differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from seedbed.core.labels import ScenarioLabel, StudyLabels

from .charts import Painter
from .cost_chart import COSTS
from .placing import least_positive
from .rows import rows_of
from .seen import growth_seen
from .view_figure import ViewFigure


def growth_views(painter: Painter, names: StudyLabels, tables: dict[str, pd.DataFrame]) -> Iterator[ViewFigure]:
    """One figure for each family of scenarios that differ in one number alone, three of them at least."""
    scored = {*tables["summary"].loc[tables["summary"]["n_scored"] > 0, "metric"]}
    for family in families(names.scenarios):
        sizes = family["sizes"]
        metric = next((name for name in family["metrics"] if name in scored), None)
        costs = tables["costs"][tables["costs"]["scenario"].isin(sizes)]
        if metric is None or not costs["cpu_seconds"].notna().any():
            continue
        parts = [
            costs.rename(columns={cost: "value", f"{cost}_low": "low", f"{cost}_high": "high"}).assign(quantity=cost)
            for cost in COSTS
        ]
        means = tables["summary"][tables["summary"]["metric"] == metric].rename(columns={"mean": "value"})
        rows = pd.concat([means.assign(quantity=metric), *parts], ignore_index=True)
        rows = rows[rows["scenario"].isin(sizes) & rows["value"].notna()]
        rows = rows.assign(size=rows["scenario"].map(sizes))
        rows = rows[["scenario", "method", "size", "quantity", "value", "low", "high"]]
        drawn = {key: rows_of(part) for key, part in rows.drop(columns="scenario").groupby("quantity")}
        about, word = painter.metrics[metric], family["parameter"].replace("_", " ")
        quantities = {metric: (about.label, about.log_floor)}
        for cost, title in (("cpu_seconds", "CPU time of one fit (s)"), ("peak_memory_mb", "peak memory (MiB)")):
            quantities[cost] = title, least_positive(drawn.get(cost, []), ("value", "low", "high"))
        views = {
            title: painter.scaling(drawn[quantity], word, quantity, title, floor)
            for quantity, (title, floor) in quantities.items()
            if quantity in drawn
        }
        seen = growth_seen(rows[rows["quantity"] == "cpu_seconds"], painter.labels, word)
        yield ViewFigure(
            f"growth.{family['name']}", "scaling", "", "quantity", views, rows, beside=True,
            seen=dict.fromkeys(views, seen),
            caption=f"Along {word}: means of the score and medians of the costs, with intervals.",
            sources=["summary.csv", "costs.csv"],
        )  # fmt: skip


def families(scenarios: Sequence[ScenarioLabel]) -> list[dict[str, Any]]:
    """Scenarios of one generator whose parameters differ in one number alone, three values or more."""
    found = []
    varying = sorted({key for scenario in scenarios for key, value in scenario.params.items() if _number(value)})
    for parameter in varying:
        groups: dict[str, list[ScenarioLabel]] = {}
        for scenario in scenarios:
            if _number(scenario.params.get(parameter)):
                rest = {key: value for key, value in scenario.params.items() if key != parameter}
                groups.setdefault(f"{scenario.generator} {sorted(rest.items())}", []).append(scenario)
        for group in groups.values():
            sizes = {scenario.name: scenario.params[parameter] for scenario in group}
            if len(set(sizes.values())) >= 3:
                name = f"{parameter}.{group[0].name.partition('~')[0]}"
                found.append({"name": name, "parameter": parameter, "sizes": sizes, "metrics": group[0].metrics})
    return found


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
