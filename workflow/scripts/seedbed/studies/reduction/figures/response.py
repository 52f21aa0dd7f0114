"""Figure: the responses along the first estimated component, so that it can be seen what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .response_drawings import DRAWINGS, draw_scaled

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import ScenarioTables

_IMAGES = 12


def responses(tables: ScenarioTables) -> tuple[Figure, pd.DataFrame] | None:
    """Test responses of the first replicate, coloured or placed by the first component of our best method.

    Distributions are drawn as densities, 2 x 2 matrices as ellipses, points on the sphere on both its faces, numbers
    and labels against the component, compositions as shares; other objects in the plane that keeps their distances
    best. Where features are images, those along the component stand below.

    Parameters
    ----------
    tables : object
        ``scores``, ``runs`` (data frames), ``scenario`` (id), ``labels``, ``roles`` and
        ``cells(scenario, method)``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, method, row, component``, and the coordinates ``x0, x1, ...`` of what is drawn. None
        without a result of any method.
    """
    method = _best(tables)
    cell = next(tables.cells(tables.scenario, method), None) if method else None
    if method is None or cell is None:
        return None
    data, fit = cell
    component, metric = fit["predictor_test"][:, 0], str(data["metric"])
    with_images = "image_shape" in data
    figure = Figure(figsize=(8, 4.2 + (1.3 if with_images else 0)), layout="constrained")
    above, below = figure, None
    if with_images:
        above, below = figure.subfigures(2, 1, squeeze=False, height_ratios=[4.2, 1.3])[:, 0]
    draw = DRAWINGS.get(metric, draw_scaled)
    coordinates = np.asarray(draw(above, data["y_test"], component, metric), float)
    if below is not None:
        _draw_images(below, data["X_test"], component, tuple(int(size) for size in data["image_shape"]))
    label = tables.labels.get(method, method)
    figure.suptitle(f"first component of: {label}", fontsize=9)
    drawn = pd.DataFrame(coordinates, columns=[f"x{k}" for k in range(coordinates.shape[1])])
    names = {"scenario": tables.scenario, "method": method, "row": np.arange(len(component)), "component": component}
    for place, (name, values) in enumerate(names.items()):
        drawn.insert(place, name, values)
    return figure, drawn


def training_data(tables: ScenarioTables) -> tuple[Figure, pd.DataFrame] | None:
    """Training responses of the first replicate, outliers and all, by the true predictor.

    Where no truth is known, by the first principal component of the features. No estimate is shown.

    Parameters
    ----------
    tables : object
        ``runs`` (data frame), ``scenario`` (id), ``cells(scenario, method)``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        Columns ``scenario, row, along``, and the coordinates ``x0, x1, ...`` of what is drawn. None without a result.
    """
    methods = dict.fromkeys(tables.runs["method"])
    first = (next(tables.cells(tables.scenario, name), None) for name in methods)
    data = next((cell[0] for cell in first if cell is not None), None)
    if data is None:
        return None
    metric, known = str(data["metric"]), "Z" in data
    along = data["Z"][:, 0] if known else _first_axis(np.asarray(data["X"], float))
    figure = Figure(figsize=(8, 4.2), layout="constrained")
    figure.set_label("true predictor, first coordinate" if known else "first principal component of the features")
    drawn = pd.DataFrame(np.asarray(DRAWINGS.get(metric, draw_scaled)(figure, data["y"], along, metric), float))
    share = float(data["outliers"]) if "outliers" in data else 0.0
    figure.set_label(f"{len(along)} training responses" + (f", {share:.0%} of them outliers" if share else ""))
    drawn.columns = [f"x{k}" for k in drawn.columns]
    for place, (name, values) in enumerate(
        {"scenario": tables.scenario, "row": range(len(along)), "along": along}.items()
    ):
        drawn.insert(place, name, values)
    return figure, drawn


def _first_axis(X: np.ndarray) -> np.ndarray:
    flat = X.reshape(len(X), -1)
    centred = flat - flat.mean(axis=0)
    return centred @ np.linalg.svd(centred, full_matrices=False)[2][0]


def _best(tables: ScenarioTables) -> str | None:
    """Ours with the best mean of the scenario's main metric; any other method where there is none of ours."""
    for metric, sign in (("distance_correlation", -1.0), ("prediction_error", 1.0)):
        scores = tables.scores[tables.scores["metric"] == metric].dropna(subset=["value"])
        if scores.empty:
            continue
        means = (sign * scores.groupby("method", sort=False)["value"].mean()).sort_values(kind="stable")
        known = [method for method in means.index if tables.roles.get(method) not in ("oracle", "control")]
        ours = [method for method in known if tables.roles.get(method) == "ours"]
        return next(iter([*ours, *known]), None)
    return None


def _draw_images(figure: Any, X: np.ndarray, component: np.ndarray, shape: tuple[int, ...]) -> None:
    rows = np.argsort(component, kind="stable")[np.linspace(0, len(component) - 1, _IMAGES).astype(int)]
    low, high = X.min(), X.max()
    for axes, row in zip(figure.subplots(1, len(rows)), rows, strict=True):
        picture = (np.moveaxis(X[row].reshape(shape), 0, 2) - low) / max(high - low, 1e-12)
        axes.imshow(picture if shape[0] == 3 else picture[:, :, 0], cmap="gray_r", vmin=0, vmax=1)
        axes.set_axis_off()
        axes.set_title(f"{component[row]:.2g}", fontsize=7)
