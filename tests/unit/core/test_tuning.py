"""Tuning one method without Snakemake."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from seedbed.core.blocks import load_arrays
from seedbed.core.drawing import draw_block
from seedbed.core.fitting import fit_block
from seedbed.core.scoring import tuning_table
from seedbed.core.tuning import tune_method

HERE = Path(__file__).stem


def make(rng, *, size=3):
    """A generator; its draws are what a fit sees."""
    return {"X": rng.normal(size=size)}


def adapter(estimator_class, params, data, seed):
    """Passes everything on."""
    return estimator_class(data=data, seed=seed, **params)


def quadratic(data, seed, rate=5.0, offset=0.0):
    """A method that is best at rate 2, fails at rate 9 and has no value at rate 8."""
    if rate == 9:
        raise ValueError("too fast")
    value = np.nan if rate == 8 else (rate - 2.0) ** 2 + offset
    return {"loss": value, "rate": rate, "first": data["X"][0], "seed": seed}


def loss(data, fit):
    """The metric."""
    return float(fit["loss"])


def first_draw(data, fit):
    """A metric that tells which data a fit has seen."""
    return float(fit["first"])


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, HERE, sys.modules[__name__])
    monkeypatch.chdir(tmp_path)


CELL = {
    "seed": 1, "study": "s", "scenario": "c", "method": "m", "adapter": f"{HERE}:adapter",
    "target": f"{HERE}:quadratic", "params": {"offset": 1.0}, "limits": {"seconds": 20, "memory_mb": 500},
}  # fmt: skip


def tune(*rates: float, direction: str = "lower", metric: str = "loss") -> dict:
    spec = {"generator": f"{HERE}:make", "scenario_params": {"size": 4}, "replicates": 2, "direction": direction}
    candidates = [{"rate": rate} for rate in rates]
    tune_method({**CELL, **spec, "metric": f"{HERE}:{metric}", "candidates": candidates}, "tuned.json")
    return json.loads(Path("tuned.json").read_text())


@pytest.mark.parametrize(("direction", "best"), [("lower", 1), ("higher", 5)])
def test_the_best_mean_is_chosen(direction: str, best: int) -> None:
    record = tune(1, 5, 4, direction=direction)
    assert record["chosen"] == {"rate": best}
    assert [one["mean"] for one in record["candidates"]] == [2.0, 10.0, 5.0]


def test_a_tie_goes_to_the_earlier() -> None:
    assert tune(3, 1)["chosen"] == {"rate": 3}


def test_failures_lose_and_are_recorded() -> None:
    record = tune(9, 8, 7)
    assert record["chosen"] == {"rate": 7}
    failed, unknown, fine = record["candidates"]
    assert failed["statuses"] == ["error"] * 2 and "too fast" in failed["messages"][0]
    assert unknown["statuses"] == ["ok"] * 2 and unknown["values"] == [None, None] and unknown["mean"] is None
    assert fine["values"] == [26.0, 26.0]
    table = tuning_table([["c", "m"]], ["tuned.json"])
    assert table["n_scored"].tolist() == [0, 0, 2] and table["chosen"].tolist() == [False, False, True]


def test_when_all_fail_the_first_is_chosen() -> None:
    assert tune(9)["chosen"] == {"rate": 9}


def test_data_are_drawn_for_tuning_alone_and_shared_by_the_candidates() -> None:
    record = tune(1, 2, metric="first_draw")
    first, second = (one["values"] for one in record["candidates"])
    assert first == second and first[0] != first[1]
    spec = {**CELL, "generator": f"{HERE}:make", "params": {"size": 4}, "replicates": [0, 1]}
    draw_block(spec, "data.npz")
    drawn = {data["X"][0] for data in load_arrays("data.npz").values()}
    assert not drawn & set(first)


def test_the_fit_gets_the_choice_on_top_of_its_parameters() -> None:
    tune(1, 3)
    draw_block({**CELL, "generator": f"{HERE}:make", "params": {}, "replicates": [0]}, "data.npz")
    fit_block(CELL, "data.npz", ["tuned.json"], "fit.npz", "fit.json")
    fit = load_arrays("fit.npz")[0]
    assert (fit["rate"], fit["loss"]) == (1, 2.0)
