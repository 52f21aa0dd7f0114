"""Figure: the responses along the first estimated component, so that it can be seen what was found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from seedbed.reduction.response_drawings import DRAWINGS, draw_scaled

_IMAGES = 12


def responses(tables: Any) -> tuple[Figure, pd.DataFrame] | None:
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
    if cell is None:
        return None
    data, fit = cell
    component, metric = fit["predictor_test"][:, 0], str(data["metric"])
    with_images = "image_shape" in data
    figure = Figure(figsize=(8, 4.2 + (1.3 if with_images else 0)), layout="constrained")
    above, below = figure.subfigures(2, 1, height_ratios=[4.2, 1.3]) if with_images else (figure, None)
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


def _best(tables: Any) -> str | None:
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
