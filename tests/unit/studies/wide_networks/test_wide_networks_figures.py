"""Figures of the wide_networks study, from small replicates: each is drawn where its task ran, and none without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from seedbed.core.figures.figure_tables import Style, Tables
from seedbed.core.study import load_target
from seedbed.studies.wide_networks import adapter as methods
from seedbed.studies.wide_networks.study import STUDY

SMALL: dict[str, dict[str, Any]] = {
    "ladder": {"widths": [8, 16], "n_steps": 6, "n_points": 20, "n_test": 10},
    "patches_4_dim_1_smooth": {"sizes": [20, 40, 60], "n_test": 20},
    "net_32_4": {"n_draws": 200},
    "trained_digits": {"n_samples": 150, "width": 4, "batch_sizes": [2, 4, 8]},
    "loss_map": {"n_steps": 5, "batch_sizes": [2, 8, 32]},
    "widths": {"n_steps": 5, "widths": [8, 16, 32]},
    "friedman1": {"n_train": 40, "n_test": 40},
}
METHODS = {
    "network_to_kernel": ("ladder", ["finite_networks"], {"method", "measure", "width", "mean"}),
    "learned_first": ("ladder", ["finite_networks"], {"component", "step", "share", "predicted"}),
    "learning_curves": ("patches_4_dim_1_smooth", ["cnn", "fc"], {"dimension", "size", "error", "predicted"}),
    "vertex_by_ratio": ("net_32_4", ["critical_relu", "critical_tanh"], {"ratio", "value"}),
    "loss_maps": ("loss_map", ["sgd", "adam"], {"batch_size", "rate", "loss"}),
    "batch_eigenvalues": ("trained_digits", ["batch_hessian", "batch_ggn"], {"largest", "smallest", "excess"}),
    "losses_by_width": ("widths", ["mup_sgd", "sp_adam"], {"width", "rate", "loss"}),
    "errors_and_times": ("friedman1", ["ntk_loo", "linear"], {"seconds", "error"}),
}


class Made(Tables):
    """Tables whose cells are in memory."""

    def cells(self, scenario: str, method: str) -> Iterator[tuple[dict, dict]]:
        return iter(FITS.get((scenario, method), []))


RUNS = [("ok", 0.25), ("not_converged", 0.75), ("error", 60.0)]
FITS: dict[tuple[str, str], list[tuple[dict, dict]]] = {}


def made(scenario: str, names: list[str]) -> Made:
    """Two replicates of each method."""
    entry, scores = STUDY.scenarios[scenario], []
    generator = load_target(STUDY.generators[entry.generator].function)(**{**entry.params, **SMALL[scenario]})
    for name in names:
        method = STUDY.methods[name]
        if (scenario, name) not in FITS:
            drawn = [generator.draw(np.random.default_rng(seed)) for seed in range(2)]
            FITS[scenario, name] = [
                (data, methods.fit(load_target(method.target), method.params, data, seed=1)) for data in drawn
            ]
        for key, metric in STUDY.metrics.items():
            if metric.task == method.task:
                function = load_target(metric.function)
                scores += [(scenario, name, key, function(*cell)) for cell in FITS[scenario, name]]
    table = pd.DataFrame(scores, columns=["scenario", "method", "metric", "value"])
    return Made(
        scores=table,
        runs=pd.DataFrame(
            [(scenario, name, *run) for name in names for run in RUNS],
            columns=["scenario", "method", "status", "cpu_seconds"],
        ),
        summary=table,
        scenario=None,
        labels={name: STUDY.methods[name].label for name in names},
        roles={name: STUDY.methods[name].role for name in names},
        styles={name: Style(f"C{i}", "o", "circle") for i, name in enumerate(names)},
        folder=Path(),
        scenarios={scenario: entry.label},
    )


@pytest.mark.parametrize("name", METHODS)
def test_a_figure_is_drawn_of_its_task_and_of_no_other(name: str) -> None:
    scenario, names, columns = METHODS[name]
    function = load_target(STUDY.figures[name].function)
    figure, drawn = function(made(scenario, names))
    figure.canvas.draw()
    assert columns <= set(drawn.columns) and len(drawn) >= 2
    others = "friedman1" if scenario != "friedman1" else "net_32_4"
    assert function(made(others, ["linear"] if others == "friedman1" else ["critical_relu"])) is None


def test_times_are_those_of_the_usable_runs() -> None:
    _, drawn = load_target(STUDY.figures["errors_and_times"].function)(made("friedman1", ["ntk_loo", "linear"]))
    assert drawn["seconds"].tolist() == [0.5, 0.5]


def test_profiles_start_at_one_and_deep_tangent_kernels_fall_to_a_quarter() -> None:
    figure, drawn = load_target(STUDY.figures["kernel_profiles"].function)(made("net_32_4", ["critical_relu"]))
    figure.canvas.draw()
    assert (drawn.loc[drawn["angle"] == 0, "value"] == 1).all()
    deep = drawn[(drawn["kernel"] == "ntk") & (drawn["depth"] == 50)]["value"]
    assert deep.iloc[-1] == pytest.approx(0.25, abs=0.05)
