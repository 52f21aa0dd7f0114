"""Which variables matter: loadings of linear methods, and what every predictor loses without a variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from seedbed.reduction.variable_importance import loadings_of

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import ScenarioTables

_MOST = 25  # variables
_COLUMNS = ["variable", "method", "label", "kind", "mean", "deviation", "low", "high", "n"]
_TITLES = {
    "loading": "loading on standardised variables\n(of several components: its length)",
    "importance": "importance: share of the predictor's variance\nthat is lost when the variable is shuffled",
}


def variables(tables: ScenarioTables) -> tuple[Figure, pd.DataFrame] | None:
    """A row per variable, the most important first; a mark per method, with the spread over replicates.

    Loadings are those of linear methods on standardised columns: of one component with its sign, turned so that
    replicates agree; of several, whose axes may be turned at will, the length of the variable's row in an orthonormal
    basis. Importance is there for every method.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        One row per variable, method and kind: mean, standard deviation and the 5 % and 95 % quantiles over replicates.
    None
        If the scenario is no table with names.
    """
    drawn = _drawn(tables)
    if drawn.empty:
        return None
    order = drawn[drawn["kind"] == "importance"].groupby("variable")["mean"].mean().sort_values(ascending=False)
    shown = [str(name) for name in order.index[:_MOST]]
    kinds = [kind for kind in _TITLES if (drawn["kind"] == kind).any()]
    methods = list(dict.fromkeys(drawn["method"]))
    figure = Figure(figsize=(2.0 + 4.3 * len(kinds), 1.6 + 0.34 * len(shown)), layout="constrained")
    panels = figure.subplots(1, len(kinds), sharey=True, squeeze=False)[0]
    offsets = (np.arange(len(methods)) + 0.5) / len(methods) * 0.7 - 0.35
    for axes, kind in zip(panels, kinds, strict=True):
        axes.axvline(0.0, color="#888888", linewidth=0.8)
        axes.grid(True, axis="x", color="#dddddd", linewidth=0.6)
        for offset, method in zip(offsets, methods, strict=True):
            part = drawn[(drawn["method"] == method) & (drawn["kind"] == kind) & drawn["variable"].isin(shown)]
            places = [shown.index(name) + offset for name in part["variable"]]
            style, spread = tables.styles[method], [part["mean"] - part["low"], part["high"] - part["mean"]]
            axes.errorbar(
                part["mean"], places, xerr=np.maximum(spread, 0.0), fmt=style.marker, color=style.colour, markersize=4,
                elinewidth=0.8, label=tables.labels.get(method, method) if kind == "importance" else None,
            )  # fmt: skip
        axes.set_xlabel(_TITLES[kind], fontsize=8)
    panels[0].set_yticks(range(len(shown)), [name[:30] for name in shown])
    panels[0].set_ylim(len(shown) - 0.5, -0.5)
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=8)
    return figure, drawn


def _drawn(tables: ScenarioTables) -> pd.DataFrame:
    rows = []
    for method in tables.labels:
        if tables.roles.get(method) in ("control", "oracle"):
            continue
        names, found = _of_replicates(tables, method)
        for kind, values in found.items():
            low, high = np.quantile(values, [0.05, 0.95], axis=0)
            spread = values.std(axis=0, ddof=1) if len(values) > 1 else np.full(values.shape[1], np.nan)
            about = [method, tables.labels.get(method, method), kind]
            cells = zip(names, values.mean(axis=0), spread, low, high, strict=True)
            rows += [[name, *about, *numbers, len(values)] for name, *numbers in cells]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _of_replicates(tables: ScenarioTables, method: str) -> tuple[list[str], dict[str, np.ndarray]]:
    """The names of the variables, and by kind the values (replicates, variables)."""
    names: list[str] = []
    loadings, importance = [], []
    for data, fit in tables.cells(tables.scenario, method):
        if "feature_names" not in data or "importance" not in fit:
            continue
        names = [str(name) for name in data["feature_names"]]
        importance.append(fit["importance"])
        if "directions" in fit:
            loadings.append(loadings_of(fit["directions"], data["X"]))
    found = {"importance": np.array(importance)} if importance else {}
    return names, {**({"loading": _alike(loadings)} if loadings else {}), **found}


def _alike(loadings: list[np.ndarray]) -> np.ndarray:
    """Of one component with the sign of the first replicate's, turned so that its largest is positive; else lengths."""
    if loadings[0].shape[1] > 1:
        return np.array([np.linalg.norm(part, axis=1) for part in loadings])
    first = loadings[0][:, 0]
    first = first * np.sign(first[np.abs(first).argmax()])
    return np.array([part[:, 0] * (1.0 if part[:, 0] @ first >= 0 else -1.0) for part in loadings])
