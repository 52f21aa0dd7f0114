"""How responses of each space are drawn: ``draw(figure, y, component, metric) -> coordinates of what is drawn``."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.patches import Circle, Ellipse

from seedbed.reduction.spaces.response import Response

_MAP = "cividis"  # read alike by every common kind of colour vision, and in print
_CURVES, _ELLIPSES = 25, 40


def figure_name(figure: Any) -> str:
    """What the colours and the horizontal axis stand for, which the figure's label says."""
    return figure.get_label() or "first estimated component"


def draw_numbers(figure: Any, y: np.ndarray, component: np.ndarray, metric: str) -> np.ndarray:
    """A number against the component; of vectors, two principal coordinates coloured by it."""
    if y.ndim > 1 and y.shape[1] > 1:
        return draw_scaled(figure, y, component, metric)
    axes = figure.subplots()
    axes.plot(component, y.reshape(-1), ".", color="#0072B2", alpha=0.6, markeredgewidth=0)
    axes.set_xlabel(figure_name(figure))
    axes.set_ylabel("response")
    return y.reshape(-1, 1)


def draw_labels(figure: Any, y: np.ndarray, component: np.ndarray, metric: str) -> np.ndarray:
    """The component by label, one row of points per label."""
    names, places = np.unique(y.reshape(-1), return_inverse=True)
    axes = figure.subplots()
    spread = 0.3 * np.sin(np.arange(len(places)) * 2.4)  # so that points do not hide one another
    axes.plot(component, places + spread, ".", color="#0072B2", alpha=0.6, markeredgewidth=0)
    axes.set_yticks(range(len(names)), names.astype(str))
    axes.set_xlabel(figure_name(figure))
    axes.set_ylabel("label")
    return places[:, None]


def draw_distributions(figure: Any, y: np.ndarray, component: np.ndarray, metric: str) -> np.ndarray:
    """Densities of distributions at even steps along the component, coloured by it."""
    from scipy.stats import gaussian_kde

    axes, mapping = figure.subplots(), _colours(component)
    y = np.sort(y, axis=1)
    rows = _along(component, _CURVES)
    low, high = y[rows].min(), y[rows].max()
    grid = np.linspace(low, high, 300)
    for row in rows:
        if np.ptp(y[row]) > 0:
            axes.plot(grid, gaussian_kde(y[row])(grid), color=mapping.to_rgba(component[row]), linewidth=1)
    axes.set_xlabel("response")
    axes.set_ylabel("density")
    figure.colorbar(mapping, ax=axes, label=figure_name(figure))
    return np.quantile(y, [0.1, 0.5, 0.9], axis=1).T


def draw_matrices(figure: Any, y: np.ndarray, component: np.ndarray, metric: str) -> np.ndarray:
    """Ellipses of matrices at even steps along the component; of larger ones, their leading 2 x 2 block."""
    axes, mapping = figure.subplots(), _colours(component)
    rows = _along(component, _ELLIPSES)
    values, vectors = np.linalg.eigh(y[rows][:, :2, :2])
    scale = 0.9 / np.sqrt(np.quantile(values[:, 1], 0.9))
    for place, (row, spread, ax) in enumerate(zip(rows, values, vectors, strict=True)):
        angle = np.degrees(np.arctan2(ax[1, 1], ax[0, 1]))
        width, height = (min(2.0 * scale * np.sqrt(value), 3.0) for value in spread[::-1])
        centre = (1.1 * (place % 10) * 2, -1.1 * (place // 10) * 2)
        axes.add_patch(Ellipse(centre, width, height, angle=angle, color=mapping.to_rgba(component[row]), alpha=0.8))
    axes.set_xlim(-1.8, 21.6)
    axes.set_ylim(-1.1 * 2 * ((len(rows) - 1) // 10) - 1.8, 1.8)
    axes.set_aspect("equal")
    axes.set_axis_off()
    figure.colorbar(mapping, ax=axes, label=figure_name(figure))
    lower = np.tril_indices(y.shape[1])
    return y[:, lower[0], lower[1]]


def draw_sphere(figure: Any, y: np.ndarray, component: np.ndarray, metric: str) -> np.ndarray:
    """Both faces of the sphere, or the circle, with points coloured by the component."""
    mapping = _colours(component)
    if y.shape[1] > 3:
        return draw_scaled(figure, y, component, metric)
    flat = y.shape[1] == 2
    panels = [figure.subplots()] if flat else list(figure.subplots(1, 2))
    seen = [np.ones(len(y), bool)] if flat else [y[:, 0] >= 0, y[:, 0] < 0]
    across = y[:, :2] if flat else y[:, 1:]
    for axes, rows, title in zip(panels, seen, ["", ""] if flat else ["front", "back"], strict=False):
        axes.add_patch(Circle((0, 0), 1.0, fill=False, color="#808080", linewidth=0.8))
        points = across[rows] * (np.array([-1.0, 1.0]) if title == "back" else 1.0)
        axes.scatter(*points.T, c=mapping.to_rgba(component[rows]), s=10)
        axes.set_xlim(-1.05, 1.05)
        axes.set_ylim(-1.05, 1.05)
        axes.set_aspect("equal")
        axes.set_axis_off()
        axes.set_title(title, fontsize=8)
    figure.colorbar(mapping, ax=panels, label=figure_name(figure))
    return y


def draw_compositions(figure: Any, y: np.ndarray, component: np.ndarray, metric: str) -> np.ndarray:
    """Shares as stacked bands, responses in the order of the component."""
    axes = figure.subplots()
    shares = y / y.sum(axis=1, keepdims=True)
    order = np.argsort(component, kind="stable")
    axes.stackplot(np.arange(len(order)), shares[order].T, baseline="zero")
    axes.set_xlabel(f"responses in the order of: {figure_name(figure)}")
    axes.set_ylabel("share")
    axes.set_ylim(0, 1)
    return shares


def draw_scaled(figure: Any, y: np.ndarray, component: np.ndarray, metric: str) -> np.ndarray:
    """The plane that keeps the distances best (classical scaling), coloured by the component."""
    squared = Response.of(y, metric).distances ** 2
    means = squared.mean(axis=0)
    inner = -0.5 * (squared - means[:, None] - means[None, :] + means.mean())
    values, vectors = np.linalg.eigh(inner)
    plane = vectors[:, :-3:-1] * np.sqrt(np.maximum(values[:-3:-1], 0.0))
    axes, mapping = figure.subplots(), _colours(component)
    axes.scatter(*plane.T, c=mapping.to_rgba(component), s=10)
    axes.set_xlabel("first coordinate of the distances")
    axes.set_ylabel("second coordinate")
    figure.colorbar(mapping, ax=axes, label=figure_name(figure))
    return plane


def _colours(component: np.ndarray) -> ScalarMappable:
    return ScalarMappable(Normalize(*np.quantile(component, [0.02, 0.98])), _MAP)


def _along(component: np.ndarray, most: int) -> np.ndarray:
    """Rows at even steps of the component's order."""
    order = np.argsort(component, kind="stable")
    return order[np.unique(np.linspace(0, len(order) - 1, min(most, len(order))).astype(int))]


DRAWINGS = {
    "euclidean": draw_numbers,
    "discrete": draw_labels,
    "wasserstein": draw_distributions,
    **dict.fromkeys(["frobenius", "log_euclidean", "log_cholesky", "affine_invariant"], draw_matrices),
    "geodesic": draw_sphere,
    "aitchison": draw_compositions,
    "fisher_rao": draw_compositions,
}
