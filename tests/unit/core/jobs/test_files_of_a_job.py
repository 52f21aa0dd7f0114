"""Drawing, fitting and scoring one block without Snakemake."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from seedbed.core import blocks
from seedbed.core.blocks import load_arrays
from seedbed.core.job_records.cells import DrawJob
from seedbed.core.job_records.fits import FitJob
from seedbed.core.job_records.scores import ScoreJob
from seedbed.core.jobs.drawing import FAILURE, draw_block
from seedbed.core.jobs.fitting import fit_block
from seedbed.core.jobs.scoring import score_scenario
from seedbed.core.judging.tables import read_table, write_table


def make(rng, *, size=4):
    """A generator."""
    return {"X": rng.normal(size=size)}


def fail(rng):
    """A generator that fails."""
    raise ValueError("no data today")


def adapter(estimator_class, params, data, seed):
    """Returns what the class makes of the data."""
    return estimator_class().fit(params, data, seed)


class Echo:
    """A method: the mean, its seed, and its own clock."""

    def fit(self, params, data, seed):
        return {"mean": data["X"].mean(), "seed": seed, "seconds": 12.5}


class Objects:
    """A method whose result would need pickle."""

    def fit(self, params, data, seed):
        return {"mean": np.array([object()])}


class Laps:
    """A method whose clock is no number."""

    def fit(self, params, data, seed):
        return {"mean": data["X"].mean(), "seconds": np.array([1.0, 2.0])}


class Words:
    """A method whose clock is a text."""

    def fit(self, params, data, seed):
        return {"mean": data["X"].mean(), "seconds": "12.5"}


class Nothing:
    """A method without a result."""

    def fit(self, params, data, seed):
        return {}


def mean(data, fit):
    """A metric."""
    return fit["mean"]


def broken(data, fit):
    """A metric that raises."""
    raise ZeroDivisionError


def of_another(data, fit):
    """A metric that needs what the adapter does not return."""
    return fit["labels"].mean()


def text(data, fit):
    """A metric whose value is no number."""
    return "much"


HERE = Path(__file__).stem


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, HERE, sys.modules[__name__])
    monkeypatch.chdir(tmp_path)


CELL = {"seed": 1, "study": "s", "scenario": "c", "code": ""}


def score_job(**metrics: str) -> ScoreJob:
    return ScoreJob(study="s", scenario="c", methods=("m",), metrics=metrics, code="")


def draw(generator: str = "make", **params: object) -> dict:
    job = DrawJob(**CELL, generator=f"{HERE}:{generator}", params=params, replicates=(0, 1), files=())
    draw_block(job, "data.npz")
    return load_arrays("data.npz")


def fit(target: str, *tunings: str) -> list[dict]:
    limits = {"seconds": 20, "memory_mb": 500}
    names = {"method": "m", "adapter": f"{HERE}:adapter", "target": f"{HERE}:{target}"}
    fit_block(FitJob(**CELL, **names, params={}, limits=limits), "data.npz", tunings, "fit.npz", "fit.json")
    return json.loads(Path("fit.json").read_text())


in_c = max  # which has no signature

RETURNED = {
    "None": (lambda: None, "TypeError: the generator returned NoneType None, and no dict of arrays"),
    "nothing": (dict, "TypeError: the generator returned dict {}, and no dict of arrays"),
    "frame": (lambda: {"X": pd.DataFrame({"a": [1, "x"]})}, "TypeError: 'X' is a DataFrame that holds objects"),
    "key": (lambda: {1: [None]}, "TypeError: '1' is a list that holds objects"),
    "exit": (lambda: sys.exit(3), "SystemExit: 3"),
}


def odd(rng, *, returned):
    """A generator that returns what no file can hold."""
    return RETURNED[returned][0]()


@pytest.mark.parametrize("returned", RETURNED)
def test_what_a_generator_returns_that_is_no_dict_of_arrays_is_an_error_of_every_fit(returned: str) -> None:
    draw("odd", returned=returned)
    rows = fit("Echo")
    assert [row["status"] for row in rows] == ["error", "error"]
    assert all(RETURNED[returned][1] in row["message"] for row in rows), rows


def test_draw_fit_score() -> None:
    data = draw(size=6)
    assert data[0]["X"].shape == (6,) and not np.array_equal(data[0]["X"], data[1]["X"])
    rows = fit("Echo")
    assert [row["status"] for row in rows] == ["ok", "ok"]
    assert [row["cpu_seconds"] for row in rows] == [12.5, 12.5]  # the method's own measure
    results = load_arrays("fit.npz")
    assert set(results[0]) == {"mean", "seed"} and results[0]["seed"] != results[1]["seed"]
    scores, runs = score_scenario(score_job(mean=f"{HERE}:mean"), ["data.npz"], ["fit.npz"], ["fit.json"])
    assert scores["value"].tolist() == [data[i]["X"].mean() for i in (0, 1)]
    assert len(runs) == 2
    for name in ("t.parquet", "t.csv"):
        write_table(scores, name)
        assert read_table(name).equals(scores)


@pytest.mark.parametrize(
    ("metric", "text"),
    [
        ("broken", "ZeroDivisionError"),
        ("of_another", "it needs the array 'labels'"),
        ("text", "ValueError"),
        ("in_c", "TypeError"),
    ],
)
def test_a_metric_that_raises_is_an_error_of_the_fit(metric: str, text: str) -> None:
    draw()
    fit("Echo")
    metrics = {"mean": f"{HERE}:mean", "other": f"{HERE}:{metric}"}
    scores, runs = score_scenario(score_job(**metrics), ["data.npz"], ["fit.npz"], ["fit.json"])
    assert scores.empty and runs["status"].tolist() == ["error"] * 2
    (message,) = set(runs["message"])
    assert message.startswith("the metric 'other' failed: ") and text in message and "damaged" not in message
    assert "the adapter returned mean float64 (), seed int64 ()" in message


def test_a_replicate_without_data_is_an_error() -> None:
    assert set(draw("fail")[0]) == {FAILURE}
    rows = fit("Echo")
    assert [row["status"] for row in rows] == ["error"] * 2 and "no data: ValueError: no data today" in rows[0][
        "message"
    ]
    scores, runs = score_scenario(score_job(mean=f"{HERE}:mean"), ["data.npz"], ["fit.npz"], ["fit.json"])
    assert scores.empty and len(runs) == 2


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("Objects", "Python objects"),
        ("Nothing", "dict of arrays"),
        ("Laps", "must be a single number"),
        ("Words", "must be a single number"),
    ],
)
def test_results_that_are_no_arrays(target: str, text: str) -> None:
    draw()
    assert all(row["status"] == "error" and text in row["message"] for row in fit(target))


def test_a_class_that_is_not_there() -> None:
    draw()
    assert all(row["status"] == "error" and "absent" in row["message"] for row in fit("absent"))


def test_a_daemon_that_a_job_leaves_behind_does_not_hold_it_up() -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(blocks.__file__).parents[2])}
    job = "import subprocess, seedbed.core.job_processes.job_log as m\nm._PATIENCE_SECONDS = 0.5\n"
    job += "with m.job_log('job.log'):\n    p = subprocess.Popen(['sleep', '60'], start_new_session=True)\nprint(p.pid)"
    done = subprocess.run([sys.executable, "-c", job], env=environment, stdout=subprocess.PIPE, text=True, timeout=30)
    os.kill(int(done.stdout), signal.SIGKILL)
    assert done.returncode == 0


JOB = """
import os
from seedbed.core.errors import UserError
from seedbed.core.job_processes.job_log import job_log

with job_log("logs/job.log"):
    print("from Python")
    os.system("echo from a child")
    raise {error}("from the job")
"""


@pytest.mark.parametrize(("error", "traceback"), [("RuntimeError", True), ("UserError", False)])
def test_log_and_terminal_hold_what_a_job_and_its_children_say(error: str, traceback: bool) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(blocks.__file__).parents[2])}
    command = [sys.executable, "-c", JOB.format(error=error)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    for text in ("from Python", "from a child", "from the job"):
        assert text in Path("logs/job.log").read_text() and text in done.stderr
    assert ("Traceback" in done.stderr) == traceback


@pytest.mark.parametrize("error", ["KeyboardInterrupt", "UserError('half a \\ud800 letter')", "SystemExit(1)"])
def test_no_traceback_of_what_is_no_defect(error: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(blocks.__file__).parents[2])}
    job = "from seedbed.core.errors import UserError\nfrom seedbed.core.job_processes.job_log import job_log\n"
    job += f"with job_log('job.log'):\n    print('a \\ud800')\n    raise {error}\n"
    done = subprocess.run([sys.executable, "-c", job], env=environment, stdout=subprocess.PIPE, text=True, timeout=60)
    text = Path("job.log").read_text()
    assert done.returncode == 1 and "Traceback" not in text and text.startswith("a \\ud800\n")
    assert (
        text.removeprefix("a \\ud800\n") == {"K": "Interrupted.\n", "U": "half a \\ud800 letter\n", "S": ""}[error[0]]
    )
