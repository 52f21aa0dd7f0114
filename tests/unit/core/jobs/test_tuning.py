"""Tuning one method without Snakemake."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from seedbed.core.blocks import load_arrays
from seedbed.core.job_records.cells import DrawJob
from seedbed.core.job_records.fits import FitJob, TuneJob
from seedbed.core.jobs.drawing import draw_block
from seedbed.core.jobs.fitting import fit_block, read_choice
from seedbed.core.jobs.scoring import tuning_table
from seedbed.core.jobs.tuning import tune_method
from seedbed.core.jobs.tuning_choice import at_the_edge, best_candidate

HERE = Path(__file__).stem


def make(rng, *, size=3):
    """A generator; its draws are what a fit sees."""
    return {"X": rng.normal(size=size)}


def adapter(estimator_class, params, data, seed):
    """Passes everything on."""
    return estimator_class(**params).fit(data, seed)


class Quadratic:
    """A method that is best at rate 2, fails at rate 9 and has no value at rate 8."""

    def __init__(self, rate=5.0, offset=0.0):
        self.rate, self.offset = rate, offset

    def fit(self, data, seed):
        if self.rate == 9:
            raise ValueError("too fast")
        value = np.nan if self.rate == 8 else (self.rate - 2.0) ** 2 + self.offset
        return {"loss": value, "rate": self.rate, "first": data["X"][0], "seed": seed}


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


CELL = {"seed": 1, "study": "s", "scenario": "c", "code": ""}
FITTED = {
    "method": "m", "adapter": f"{HERE}:adapter", "target": f"{HERE}:Quadratic", "params": {"offset": 1.0},
    "limits": {"seconds": 20, "memory_mb": 500},
}  # fmt: skip


def draw(replicates: int, **params: int) -> None:
    made = {"generator": f"{HERE}:make", "params": params, "replicates": tuple(range(replicates)), "files": ()}
    draw_block(DrawJob(**CELL, **made), "data.npz")


def tune(*rates: float, direction: str = "lower", metric: str = "loss") -> dict:
    data = {"generator": f"{HERE}:make", "scenario_params": {"size": 4}, "replicates": 2, "files": ()}
    aim = {"metric": f"{HERE}:{metric}", "direction": direction}
    candidates = tuple({"rate": rate} for rate in rates)
    tune_method(TuneJob(**CELL, **FITTED, **data, **aim, candidates=candidates), "tuned.json")
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
    table = tuning_table([("c", "m", ("m",))], ["tuned.json"])
    assert table["n_scored"].tolist() == [0, 0, 2] and table["chosen"].tolist() == [False, False, True]


def test_when_all_fail_the_first_is_chosen() -> None:
    assert tune(9)["chosen"] == {"rate": 9}


def test_data_are_drawn_for_tuning_alone_and_shared_by_the_candidates() -> None:
    record = tune(1, 2, metric="first_draw")
    first, second = (one["values"] for one in record["candidates"])
    assert first == second and first[0] != first[1]
    draw(2, size=4)
    drawn = {data["X"][0] for data in load_arrays("data.npz").values()}
    assert not drawn & set(first)


def test_the_fit_gets_the_choice_on_top_of_its_parameters() -> None:
    tune(1, 3)
    draw(1)
    fit_block(FitJob(**CELL, **FITTED), "data.npz", ["tuned.json"], "fit.npz", "fit.json")
    fit = load_arrays("fit.npz")[0]
    assert (fit["rate"], fit["loss"]) == (1, 2.0)


def record(*means: float | None, direction: str = "lower") -> dict:
    candidates = [
        {"params": {"rate": 10**i}, "mean": mean, "values": [mean], "cpu_seconds": 1.0} for i, mean in enumerate(means)
    ]
    return {"direction": direction, "candidates": candidates}


def test_methods_that_are_tuned_together_get_what_is_best_for_all() -> None:
    alone = record(1.0, 5.0, 2.0), record(9.0, 5.0, 6.0)
    assert [best_candidate([one])["rate"] for one in alone] == [1, 10]
    assert best_candidate(alone) == {"rate": 100}
    assert best_candidate([record(1.0, 5.0, 2.0, direction="higher"), record(9.0, 4.0, 6.0)]) == {"rate": 1}
    assert best_candidate([record(1.0, 5.0), record(None, 9.0)]) == {"rate": 10}, "what fails for one is not for all"
    with pytest.raises(ValueError, match="different parameters"):
        best_candidate([record(1.0, 2.0), record(1.0)])


def test_the_table_and_the_fits_agree_on_what_was_chosen_together() -> None:
    for name, rates in (("one", [4.0, 3.0, 1.0]), ("two", [1.0, 3.0, 9.0])):
        Path(f"{name}.json").write_text(json.dumps(record(*rates)))
    files = ["one.json", "two.json"]
    cells = [("c", name, ("one", "two")) for name in ("one", "two")]
    table = tuning_table(cells, files)
    chosen = table[table["chosen"]]
    assert [json.loads(text) for text in chosen["params"]] == [read_choice(files)] * 2 == [{"rate": 1}] * 2
    assert set(chosen["edge"]) == {"rate"} and set(table[~table["chosen"]]["edge"]) == {""}
    single = tuning_table([("c", "one", ("one",))], files[:1])
    assert single["chosen"].tolist() == [False, False, True]
    assert at_the_edge({"rate": 10, "kind": "a"}, record(1.0, 2.0, 3.0)["candidates"]) == []
