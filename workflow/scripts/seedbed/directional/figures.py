"""The directional study's own figures: kappa against the dimension, and speed by region of the plane."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

SMALLEST = 1e-17  # a logarithmic axis has no zero


def kappa_by_dimension(tables: Any) -> tuple[Figure, pd.DataFrame]:
    """Error of kappa against the exact maximum-likelihood estimate, over the scenarios with one law.

    Scenarios are ordered by dimension; an estimate that is wrong by more than a factor of two sits on the
    upper edge.

    Parameters
    ----------
    tables : object
        ``scores``, ``runs`` (data frames) of all scenarios, ``labels``, ``styles``, and ``cells(scenario, method)``,
        which yields the ``(data, fit)`` arrays of every replicate.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, label, kappa_error`` (median over replicates) and ``dimension``.
    """
    table = _medians(tables, "kappa_error")
    table["dimension"] = _of_scenarios(tables, table, lambda data: data["X"].shape[1])
    table = table.sort_values("dimension", kind="stable", ignore_index=True)
    figure, axes = _study_axes(table, tables, "kappa_error", lambda value: np.clip(value, SMALLEST, 1.0))
    known = table.drop_duplicates("scenario")
    names = [f"p = {p}\n{name}" for name, p in zip(known["scenario"], known["dimension"], strict=True)]
    axes.set_xticks(range(len(names)), names, rotation=0 if len(names) < 8 else 60, fontsize=8)
    axes.set_ylabel("relative error of kappa (median)")
    return figure, table


def speed_by_region(tables: Any) -> tuple[Figure, pd.DataFrame]:
    """Nanoseconds per evaluation, by region of the plane.

    Parameters
    ----------
    tables : object
        As for :func:`kappa_by_dimension`.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, label, nanoseconds`` (median over replicates).
    """
    table = _medians(tables, "scaled_error")[["scenario", "method", "label"]]
    usable = tables.runs[tables.runs["status"].isin(["ok", "not_converged"])]
    seconds = usable.groupby(["scenario", "method"], sort=False)["cpu_seconds"].median()
    points = _of_scenarios(tables, table, lambda data: data["v"].size)
    table["nanoseconds"] = 1e9 * table.join(seconds, on=["scenario", "method"])["cpu_seconds"] / points
    figure, axes = _study_axes(table, tables, "nanoseconds", lambda value: value)
    axes.set_ylabel("nanoseconds per evaluation, one thread (median)")
    return figure, table


def _of_scenarios(tables: Any, table: pd.DataFrame, size: Any) -> pd.Series:
    """A size of the data in the scenario of each row, from the first replicate that a method answered."""
    first = table.drop_duplicates("scenario")[["scenario", "method"]]
    sizes = {name: size(next(tables.cells(name, method))[0]) for name, method in first.itertuples(index=False)}
    return table["scenario"].map(sizes).astype(float if table.empty else int)


def _medians(tables: Any, metric: str) -> pd.DataFrame:
    scores = tables.scores[(tables.scores["metric"] == metric) & tables.scores["value"].notna()]
    table = scores.groupby(["scenario", "method"], sort=False)["value"].median().rename(metric).reset_index()
    table.insert(2, "label", [tables.labels.get(method, method) for method in table["method"]])
    return table


def _study_axes(table: pd.DataFrame, tables: Any, column: str, shown: Any) -> tuple[Figure, Axes]:
    """A line per method over the scenarios."""
    figure = Figure(figsize=(10, 5), layout="constrained")
    axes = figure.subplots()
    scenarios = list(dict.fromkeys(table["scenario"]))
    positions = {scenario: i for i, scenario in enumerate(scenarios)}
    for method, rows in table.groupby("method", sort=False):
        at = rows["scenario"].map(positions)
        axes.plot(
            at,
            shown(rows[column]),
            color=tables.styles[method].colour,
            marker=tables.styles[method].marker,
            linewidth=1,
            label=tables.labels.get(method, method),
        )
    if table.empty:
        axes.text(0.5, 0.5, "no results", transform=axes.transAxes, ha="center")
    else:
        axes.set_yscale("log")
        figure.legend(loc="outside upper center", ncols=4, frameon=False, fontsize=8)
    axes.set_xticks(range(len(scenarios)), scenarios, rotation=60, ha="right", fontsize=8)
    _plain(axes)
    return figure, axes


def _plain(axes: Axes) -> None:
    axes.grid(True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
