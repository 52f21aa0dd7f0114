"""Stability: limits of guidance, regions, and gains of modes. They depend on solvers alone, not on results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from seedbed.core.study import load_target
from seedbed.diffusion.noise_grids import karras_grid
from seedbed.diffusion.solvers.probability_flow import ProbabilityFlow
from seedbed.diffusion.stability.linear import stability_region
from seedbed.diffusion.stability.noise_grid import guidance_limit, mode_gain
from seedbed.studies.diffusion.methods import METHODS

from .axes import labelled, plain

if TYPE_CHECKING:
    from seedbed.core.figures.figure_tables import Tables

STEPS = (6, 8, 10, 15, 20, 30)
GUIDANCE, EVALUATIONS = 4.0, 10


def _solvers(tables: Tables) -> dict[str, ProbabilityFlow]:
    """The run's samplers that are fixed recurrences: tuned ones differ from scenario to scenario."""
    solvers = {}
    for name in dict.fromkeys(tables.scores["method"]):
        method = METHODS.get(name)
        if method is None or method.tune or load_target(method.target) is not ProbabilityFlow:
            continue
        solver = ProbabilityFlow(**method.params)
        if solver.solver not in ("heun", "rk4") and "variable" not in solver.solver:
            solvers[name] = solver
    return solvers


def guidance_limits(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """The largest stable c against evaluations, a line for each sampler.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``method, label, evaluations, limit``.
    None
        Without samplers.
    """
    solvers = _solvers(tables)
    if not solvers:
        return None
    rows = [(name, n, round(guidance_limit(solver, n), 3)) for name, solver in solvers.items() for n in STEPS]
    drawn = pd.DataFrame(rows, columns=["method", "evaluations", "limit"])
    drawn.insert(1, "label", labelled(tables, drawn["method"]))
    figure = Figure(figsize=(9, 4.6), layout="constrained")
    axes = figure.subplots()
    for method, group in drawn.groupby("method", sort=False):
        style = tables.styles[str(method)]
        axes.plot(group["evaluations"], group["limit"], color=style.colour, marker=style.marker, markersize=4,
                  linewidth=1.2, label=group["label"].iloc[0])  # fmt: skip
    axes.axhline(1, color="#888888", linewidth=0.8, linestyle=":")
    axes.set(xlabel="evaluations from 15 to 0.02", ylabel="largest stable c", yscale="log")
    axes.set_yticks([1, 2, 3, 5, 8], ["1", "2", "3", "5", "8"])
    axes.minorticks_off()
    plain(axes)
    figure.legend(loc="outside right upper", frameon=False, fontsize=8)
    return figure, drawn


def stability_regions(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """The region of each sampler in sigma, small multiples.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``method, label, real_interval``: how far the region reaches on the negative axis, on the figure's grid.
    None
        Without such samplers.
    """
    solvers = {name: one for name, one in _solvers(tables).items() if one.solver != "exponential"}
    if not solvers:
        return None
    x, upper = np.linspace(-2.6, 0.6, 65), np.linspace(0, 1.6, 33)
    y = np.concatenate([-upper[:0:-1], upper])
    columns = min(4, len(solvers))
    lines = -(-len(solvers) // columns)
    figure = Figure(figsize=(2.5 * columns, 2.3 * lines), layout="constrained")
    panels = figure.subplots(lines, columns, squeeze=False, sharex=True, sharey=True).ravel()
    rows = []
    for panel, (name, solver) in zip(panels, solvers.items(), strict=False):
        above = stability_region(solver, x[None, :] + 1j * upper[:, None])
        growth = np.concatenate([above[:0:-1], above])  # the same at the conjugate
        panel.contourf(x, y, growth <= 1 + 1e-9, levels=[0.5, 1.5], colors=[tables.styles[name].colour], alpha=0.5)
        panel.axhline(0, color="#888888", linewidth=0.5)
        panel.axvline(0, color="#888888", linewidth=0.5)
        panel.set_title(tables.labels.get(name, name), fontsize=8)
        plain(panel)
        stable = x[(growth[len(y) // 2] <= 1 + 1e-9) & (x <= 0)]
        rows.append((name, float(round(-stable.min(), 2)) if len(stable) else 0.0))
    for panel in panels[len(solvers) :]:
        panel.set_axis_off()
    drawn = pd.DataFrame(rows, columns=["method", "real_interval"])
    drawn.insert(1, "label", labelled(tables, drawn["method"]))
    return figure, drawn


def mode_gains(tables: Tables) -> tuple[Figure, pd.DataFrame] | None:
    """Standard deviation at the end of a run against that of the mode within its class; the flow's own in black.

    Returns
    -------
    figure : matplotlib.figure.Figure
    drawn : pandas.DataFrame
        ``method, label, sd, end``; the flow's own has no method.
    None
        Without samplers.
    """
    solvers = _solvers(tables)
    if not solvers:
        return None
    sd, grid = np.geomspace(0.02, 1.0, 25), karras_grid(EVALUATIONS)
    found = {name: mode_gain(solver, grid, sd, guidance=GUIDANCE) for name, solver in solvers.items()}
    ends = {"": next(iter(found.values())).exact, **{name: np.abs(one.gain) for name, one in found.items()}}
    rows = [
        (name, round(s, 4), float(f"{grid[0] * g:.4g}"))
        for name, gains in ends.items()
        for s, g in zip(sd, gains, strict=True)
    ]
    drawn = pd.DataFrame(rows, columns=["method", "sd", "end"])
    drawn.insert(1, "label", [tables.labels.get(name, name) if name else "the flow itself" for name in drawn["method"]])
    figure = Figure(figsize=(9, 4.6), layout="constrained")
    axes = figure.subplots()
    for method, group in drawn.groupby("method", sort=False):
        colour = tables.styles[str(method)].colour if method else "black"
        width = 1.2 if method else 2.4
        axes.plot(group["sd"], group["end"], color=colour, linewidth=width, label=group["label"].iloc[0])
    axes.set(xscale="log", yscale="log", xlabel="standard deviation within the class", ylabel="at the end of the run")
    axes.set_ylim(1e-4, 1e3)
    plain(axes)
    figure.legend(loc="outside right upper", frameon=False, fontsize=8)
    return figure, drawn
