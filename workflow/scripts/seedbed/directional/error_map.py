"""Error maps over the (v, x) plane: ``python -m seedbed.directional.error_map --out maps.png``.

One panel for each way of computing log I or log K: the condition-scaled error at every point of a grid,
failures in red. The study's own figures see scores only, which have no place in the plane; this command
evaluates the methods itself (one to three minutes), and writes the values beside the picture as CSV.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap, LogNorm
from matplotlib.figure import Figure

from seedbed.core.errors import SkipFit
from seedbed.core.study import load_target
from seedbed.directional import truth
from seedbed.directional.plane import errors
from seedbed.directional.study import METHODS

LOWEST, HIGHEST = 1e-17, 1e-6


def evaluators() -> dict[str, Any]:
    """The study's methods that evaluate functions, by label."""
    found = {}
    for method in METHODS.values():
        target = load_target(method.target)
        if hasattr(target, "evaluate"):
            found[method.label] = target(**method.params)
    return found


def evaluate_grid(function: str, n: int, v_range: tuple, x_range: tuple) -> pd.DataFrame:
    """Errors of every method on an n x n grid, logarithmic in both directions.

    Returns
    -------
    DataFrame
        Columns ``v, x, label, error``; ``error`` is inf where the result is not finite.
    """
    axes = [np.geomspace(*limits, n) for limits in (v_range, x_range)]
    v, x = (a.ravel() for a in np.meshgrid(*axes, indexing="ij"))
    exact, ratio = truth.tabulate(function, v, x), truth.tabulate("ratio", v, x)[0]
    parts = []
    for label, evaluator in evaluators().items():
        if function not in evaluator.functions:
            continue
        try:
            value = evaluator.evaluate(function, v, x)
        except SkipFit as reason:
            print(f"{label} left out: {reason}")
            continue
        error = errors(function, v, x, np.asarray(value), exact, ratio)["scaled"]
        parts.append(pd.DataFrame({"v": v, "x": x, "label": label, "error": error}))
    return pd.concat(parts, ignore_index=True)


def draw(table: pd.DataFrame, title: str) -> Figure:
    """One panel per method."""
    labels = list(dict.fromkeys(table["label"]))
    columns = min(3, len(labels))
    rows = -(-len(labels) // columns)
    figure = Figure(figsize=(3.6 * columns + 1, 3.2 * rows + 0.6), layout="constrained")
    panels = np.atleast_1d(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)).ravel()
    for panel, label in zip(panels, labels, strict=False):
        grid = table[table["label"] == label].pivot(index="x", columns="v", values="error")
        shown = np.clip(grid.to_numpy(), LOWEST, HIGHEST)
        mesh = panel.pcolormesh(grid.columns, grid.index, shown, norm=LogNorm(LOWEST, HIGHEST), cmap="viridis")
        failed = np.where(np.isfinite(grid.to_numpy()), np.nan, 1.0)
        panel.pcolormesh(grid.columns, grid.index, failed, cmap=ListedColormap(["#D55E00"]))
        panel.set(xscale="log", yscale="log", xlabel="v", ylabel="x")
        panel.set_title(f"{label}\n{np.isnan(failed).mean():.0%} finite", fontsize=9)
    for panel in panels[len(labels) :]:
        panel.set_axis_off()
    figure.colorbar(mesh, ax=panels.tolist(), label="error over the condition; orange: not finite", extend="both")
    figure.suptitle(title)
    return figure


def main(arguments: list[str]) -> int:
    """Read the command line, evaluate, draw and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--function", choices=["iv", "kv"], default="iv")
    parser.add_argument("--points", type=int, default=40, help="along each axis")
    parser.add_argument("--out", type=Path, required=True, help="picture; the values go beside it as CSV")
    options = parser.parse_args(arguments)
    table = evaluate_grid(options.function, options.points, (1e-3, 1e6), (1e-3, 1e6))
    title = "log I" if options.function == "iv" else "log K"
    draw(table, f"Errors of {title} over the plane").savefig(options.out, dpi=130)
    table.to_csv(options.out.with_suffix(".csv"), index=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
