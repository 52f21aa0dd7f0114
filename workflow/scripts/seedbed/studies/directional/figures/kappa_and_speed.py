"""The directional study's own figures: kappa against the dimension, and speed by region of the plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seedbed.core.figures.figure_parts import name_line_ends

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

SMALLEST = 1e-17  # a logarithmic axis has no zero


def kappa_by_dimension(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Error of kappa against the exact maximum-likelihood estimate, over the scenarios with one law.

    Laws that were drawn stand at their dimension, on a logarithmic axis; data of other origin apart from them. An
    estimate that is wrong by more than a factor of two sits on the upper edge.

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
    if table.empty:
        return None
    table["dimension"] = _of_scenarios(tables, table, lambda data: data["X"].shape[1])
    table = table.sort_values("dimension", kind="stable", ignore_index=True)
    drawn = _of_scenarios(tables, table, lambda data: "concentration" in data).astype(bool)
    others = list(dict.fromkeys(table.loc[~drawn, "scenario"]))
    figure = Figure(figsize=(9.5, 4.6), layout="constrained")
    widths = [0.35 + 0.75 * len(others), 6] if others else [6]
    panels = figure.subplots(1, len(widths), sharey=True, squeeze=False, width_ratios=widths)[0]
    for position, scenario in enumerate(others):
        _kappa_lines(panels[0], table[table["scenario"] == scenario].assign(at=position), tables)
    if others:
        panels[0].set_xticks(
            range(len(others)), [f"{name}\np = {p}" for name, p in _dimensions(table, others)], fontsize=8
        )
        panels[0].set_xlim(-0.5, len(others) - 0.5)
    main = panels[-1]
    _kappa_lines(main, table[drawn].assign(at=table["dimension"]), tables)
    known = sorted(set(table.loc[drawn, "dimension"]))
    main.set_xscale("log")
    main.set_xticks(known, [f"{p:,}" for p in known], fontsize=8)
    main.minorticks_off()
    main.set_xlabel("dimension p of the laws that were drawn")
    panels[0].set_ylabel("relative error of kappa (median over replicates)")
    main.set_ylim(SMALLEST / 3, 6.0)
    last = table[drawn].groupby("method", sort=False).last() if known else table.groupby("method", sort=False).last()
    ends = [(_shown(row.kappa_error), row.label, tables.styles[method].colour) for method, row in last.iterrows()]
    name_line_ends(main, ends)
    return figure, table


def _dimensions(table: pd.DataFrame, scenarios: list[str]) -> list[tuple[str, int]]:
    return [(name, int(table.loc[table["scenario"] == name, "dimension"].iloc[0])) for name in scenarios]


def _shown(error: float) -> float:
    """Where an error stands: a logarithmic axis has no zero, and beyond a factor of two one is as wrong as another."""
    return min(max(float(error), SMALLEST), 1.0)


def _kappa_lines(axes: Axes, rows: pd.DataFrame, tables: Tables) -> None:
    for method, part in rows.groupby("method", sort=False):
        style = tables.styles[str(method)]
        heights = [_shown(error) for error in part["kappa_error"]]
        axes.plot(part["at"], heights, color=style.colour, marker=style.marker, linewidth=1)
    axes.set_yscale("log")
    _plain(axes)


def speed_by_region(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Nanoseconds per evaluation, a row per region of the plane.

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
    if table.empty:
        return None
    usable = tables.runs[tables.runs["status"].isin(["ok", "not_converged"])]
    seconds = usable.groupby(["scenario", "method"], sort=False)["cpu_seconds"].median()
    points = _of_scenarios(tables, table, lambda data: data["v"].size)
    table["nanoseconds"] = 1e9 * table.join(seconds, on=["scenario", "method"])["cpu_seconds"] / points
    scenarios = list(dict.fromkeys(table["scenario"]))
    figure = Figure(figsize=(9, 1.8 + 0.36 * len(scenarios)), layout="constrained")
    axes = figure.subplots()
    for method, rows in table.groupby("method", sort=False):
        style = tables.styles[str(method)]
        look = {"color": style.colour, "marker": style.marker, "linestyle": "", "label": rows["label"].iloc[0]}
        axes.plot(rows["nanoseconds"], [scenarios.index(name) for name in rows["scenario"]], **look)
    axes.set_xscale("log")
    axes.set_xlabel("nanoseconds per evaluation, one thread (median over replicates)")
    axes.set_yticks(range(len(scenarios)), [name.replace("_", " ") for name in scenarios])
    axes.invert_yaxis()
    _plain(axes)
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=8)
    return figure, table


def _of_scenarios(tables: Tables, table: pd.DataFrame, size: Any) -> pd.Series:
    """A size of the data in the scenario of each row, from the first replicate that a method answered."""
    first = table.drop_duplicates("scenario")[["scenario", "method"]]
    sizes = {name: size(next(tables.cells(name, method))[0]) for name, method in first.itertuples(index=False)}
    return table["scenario"].map(sizes).astype(int)


def _medians(tables: Tables, metric: str) -> pd.DataFrame:
    scores = tables.scores[(tables.scores["metric"] == metric) & tables.scores["value"].notna()]
    table = scores.groupby(["scenario", "method"], sort=False)["value"].median().rename(metric).reset_index()
    table.insert(2, "label", [tables.labels.get(method, method) for method in table["method"]])
    return table


def _plain(axes: Axes) -> None:
    axes.grid(True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
