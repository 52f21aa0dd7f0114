"""Claims and figures of the proximity study."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from asked_generators import drawn
from proximity_fits import DATA, PLANTED, STUDY, fitted
from seedbed.core.study import load_target
from seedbed.proximity import proximity
from seedbed.report.styles import method_styles
from seedbed.studies.proximity import adapter as methods
from seedbed.studies.proximity.peers.atlas_names import ATLAS_FAMILIES, ATLAS_TRANSFORMS

CLAIMS = yaml.safe_load((Path(methods.__file__).parent / "claims.yaml").read_text(encoding="utf-8"))


def test_claims_quote_no_figure_and_name_what_there_is():
    assert all(claim["paper_figure"] is None and claim["written"] == "after results" for claim in CLAIMS)
    for test in (claim["test"] for claim in CLAIMS if "test" in claim):
        named = {test.get(key) for key in ("ours", "peer", "clean_ours", "clean_peer")} - {None}
        assert test["kind"] == "speed" or named <= set(STUDY.methods)
        assert set(test.get("scenarios", [])) <= set(STUDY.scenarios)


def tables(scenario="one", data=DATA):
    names = ["log_communicability", "plain_communicability", "atlas", "auto_refined", "large_t_stable", "large_t_naive"]
    fits = {name: fitted(name, data, **({"n_values": 3} if "large" not in name else {})) for name in names}
    runs = pd.DataFrame(
        [("one", name, 0, "ok") for name in names], columns=["scenario", "method", "replicate", "status"]
    )
    return SimpleNamespace(
        scenario=scenario,
        scenarios={"one": "first"},
        first_data={"one": data}.get,
        cells=lambda _, method: iter([(data, fits[method])] * 2) if method in fits else iter(()),
        runs=runs,
        labels={},
        roles={},
        styles=method_styles({}, dict.fromkeys([*names, "genie"], "baseline")),
        scores=pd.DataFrame(columns=["scenario", "method", "replicate", "metric", "value"]),
    )


@pytest.mark.slow
def test_figures_draw_what_they_say(tmp_path):
    given = tables()
    for name in ("matrices", "parameters", "reject_curves", "large_t", "tree", "agreement"):
        figure, frame = load_target(STUDY.figures[name].function)(given)
        figure.savefig(tmp_path / f"{name}.png")
        assert len(frame), name
    _, curves = load_target(STUDY.figures["parameters"].function)(given)
    assert set(curves["family"]) == set(ATLAS_FAMILIES) and set(curves["transform"]) == set(ATLAS_TRANSFORMS)
    assert curves["replicates"].eq(2).all() and len(curves) == 6 * 3 * 3
    _, edges = load_target(STUDY.figures["matrices"].function)(given)
    assert len(edges) == DATA["X"].sum()
    _, pairs = load_target(STUDY.figures["agreement"].function)(given)
    assert len(pairs) == 36 and (pairs.query("first == second")["agreement"] == 1).all()
    nothing = SimpleNamespace(**{**vars(given), "cells": lambda *_: iter(()), "first_data": lambda _: None})
    for name in ("matrices", "parameters", "reject_curves", "large_t", "tree", "small_class", "agreement"):
        assert load_target(STUDY.figures[name].function)(nothing) is None, name


@pytest.mark.slow
def test_figures_need_no_scikit_learn():
    names = [figure.function.partition(":")[0] for figure in STUDY.figures.values()]
    code = f"import sys\nfor name in {names}: __import__(name)\nprint('sklearn' in sys.modules)"
    root = Path(methods.__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_small_classes_are_drawn_by_size(tmp_path):
    data = {
        name: drawn(PLANTED, np.random.default_rng(0), sizes=[size, 100 - size])
        for name, size in (("a", 10), ("b", 50))
    }
    rows = [
        (name, method, r, "adjusted_rand_index", r / 3) for name in data for method in ("genie",) for r in (0, 1, 2)
    ]
    scores = pd.DataFrame(rows, columns=["scenario", "method", "replicate", "metric", "value"])
    given = SimpleNamespace(
        scenarios=dict.fromkeys(data, ""), first_data=data.get, scores=scores, labels={}, styles=tables().styles
    )
    figure, frame = load_target(STUDY.figures["small_class"].function)(given)
    figure.savefig(tmp_path / "figure.png")
    assert frame["smallest"].tolist() == [10, 50] and np.allclose(frame["mean"], 1 / 3)


def test_distances_of_the_study_are_those_of_the_library():
    fit = fitted("log_forest", drawn(STUDY.generators["blocks_at_a_cutpoint"], np.random.default_rng(0), size=5), t=1.0)
    data = drawn(STUDY.generators["blocks_at_a_cutpoint"], np.random.default_rng(0), size=5)
    second = np.linalg.eigvalsh(np.diag(data["X"].sum(axis=0)) - data["X"].astype(float))[1]
    np.testing.assert_allclose(fit["distances"], proximity(data["X"], "forest", 1.0 / second), atol=1e-12)
